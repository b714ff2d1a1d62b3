package command

import (
	"strings"
	"testing"

	"selfhelp/app/config"
	"selfhelp/app/fault"
	"selfhelp/store/backup"
)

// What is wrong with a backup is told in words, not by the key of a sentence.
func TestABackupThatCannotBeReadIsToldInWords(t *testing.T) {
	broken := backup.Entry{Broken: fault.New(fault.Unavailable, "fault.backup.newer", "20261120T010000Z-full")}
	if said := reportOf(backup.Maker{}, broken).Wrong[0]; strings.Contains(said, "fault.") || !strings.Contains(said, "newer version") {
		t.Error(said)
	}
}

func TestTheLineOfARestore(t *testing.T) {
	got := restoreLine(config.Config{Data: "/srv/it's here", Backup: "/mnt/backups"})
	if want := `selfhelp restore --data '/srv/it'\''s here' --backup /mnt/backups`; got != want {
		t.Error(got)
	}
}

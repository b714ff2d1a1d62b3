package command

import (
	"testing"

	"selfhelp/app/config"
)

func TestTheLineOfARestore(t *testing.T) {
	got := restoreLine(config.Config{Data: "/srv/it's here", Backup: "/mnt/backups"})
	if want := `selfhelp restore --data '/srv/it'\''s here' --backup /mnt/backups`; got != want {
		t.Error(got)
	}
}

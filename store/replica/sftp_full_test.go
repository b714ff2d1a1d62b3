package replica_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"selfhelp/store/disktest"
	"selfhelp/store/replica"
)

// smallSFTP is a site that is copied over SFTP, to a disk of its own.
func smallSFTP(t *testing.T, size int) (s *site, root string) {
	t.Helper()
	s = newSite(t)
	s.replica = sftpTarget(t)
	root = regexp.MustCompile(`path: '([^']+)/\{DB\}`).FindStringSubmatch(s.replica)[1]
	if err := os.MkdirAll(root, 0o700); err != nil {
		t.Fatal(err)
	}
	disktest.Over(t, root, size)
	return s, root
}

// ballast takes all the room that is left on a disk.
func ballast(t *testing.T, root string) (name string) {
	t.Helper()
	name = filepath.Join(root, "something else")
	if err := os.WriteFile(name, make([]byte, 8<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	return name
}

// TestAnSFTPTargetThatIsFull: openssh says "failure" and no more; the room that is left
// there tells why. Of changes and of files, and at the start.
func TestAnSFTPTargetThatIsFull(t *testing.T) {
	s, root := smallSFTP(t, 4<<20)
	r := s.started(t)
	s.says(t, r, 1)
	full := ballast(t, root)
	place := replica.Place{Settings: s.settings(t), Epoch: s.epoch(t), Dir: s.data}
	if err := place.TryWriting(t.Context()); replica.ReasonOf(err) != replica.Full || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("on trial: %v", err)
	}
	run(t, s.dbs["content"], `INSERT INTO fact (said) VALUES (hex(randomblob(20000)))`)
	if said := fails(t, r); !strings.Contains(said, "no space left") || replica.ReasonOf(r.Status().Err) != replica.Full {
		t.Error(said)
	}
	if err := os.Remove(full); err != nil {
		t.Fatal(err)
	}
	recovers(t, r)
	s.comesBack(t, 2)
	s.closeAll(t, r)

	s, root = smallSFTP(t, 4<<20)
	full = ballast(t, root)
	r = s.started(t)
	if err := r.Status().Err; replica.ReasonOf(err) != replica.Full {
		t.Errorf("at the start: %v", err)
	}
	if err := os.Remove(full); err != nil {
		t.Fatal(err)
	}
	recovers(t, r)
	s.says(t, r, 1)
	s.comesBack(t, 1)
	s.closeAll(t, r)
}

// TestAnSFTPTargetThatIsReadOnly: openssh has no word of its own for it either.
func TestAnSFTPTargetThatIsReadOnly(t *testing.T) {
	s, root := smallSFTP(t, 8<<20)
	r := s.started(t)
	s.says(t, r, 1)
	disktest.Remount(t, root, 8<<20, true)
	run(t, s.dbs["content"], `INSERT INTO fact (said) VALUES ('meanwhile')`)
	if said := fails(t, r); !strings.Contains(said, "read-only file system") || replica.ReasonOf(r.Status().Err) != replica.ReadOnly {
		t.Error(said)
	}
	disktest.Remount(t, root, 8<<20, false)
	recovers(t, r)
	s.closeAll(t, r)
}

// TestAnSFTPTargetThatRefuses has room and may be written to, but not there: it is not said
// to be full.
func TestAnSFTPTargetThatRefuses(t *testing.T) {
	s, root := smallSFTP(t, 8<<20)
	r := s.started(t)
	s.says(t, r, 1)
	files := filepath.Join(root, "files")
	if err := os.WriteFile(files, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	r.NewFile(s.file(t, "picture"))
	run(t, s.dbs["content"], `INSERT INTO fact (said) VALUES ('meanwhile')`)
	if said := fails(t, r); replica.ReasonOf(r.Status().Err) == replica.Full {
		t.Error(said)
	}
	if err := os.Remove(files); err != nil {
		t.Fatal(err)
	}
	recovers(t, r)
	for _, db := range s.dbs {
		db.Close()
	}
	if err := r.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

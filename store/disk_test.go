package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"selfhelp/app/fault"
	"selfhelp/store/db"
	"selfhelp/store/disktest"
)

// thorough says that the machine must run every test, at full length: make test
// and CI set it.
func thorough() bool { return os.Getenv("SELFHELP_THOROUGH") != "" }

// answerMany has several people answer until the store refuses or each has
// given n answers. It returns how many turns each was told are kept, and the
// first refusal.
func answerMany(t *testing.T, s *Store, ids []string, n int) (kept []int64, refusal error) {
	t.Helper()
	kept = make([]int64, len(ids))
	errs := make([]error, len(ids))
	var wg sync.WaitGroup
	for i, id := range ids {
		wg.Go(func() {
			for k := range n {
				u, _, err := s.Activity.AppendTurn(t.Context(), Turn{
					Execution: id, Parent: 1, Input: fmt.Sprint("answer", k), Step: "next", State: bytes.Repeat([]byte{'s'}, 4000),
				})
				if err != nil {
					errs[i] = err
					return
				}
				kept[i] = u.Seq
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return kept, err
		}
	}
	return kept, nil
}

// holds checks that every turn that was acknowledged is there, and the
// database whole.
func holds(t *testing.T, s *Store, ids []string, kept []int64) {
	t.Helper()
	for i, id := range ids {
		turns := must[[]Turn](t)(s.Activity.Turns(t.Context(), id))
		if int64(len(turns)) < kept[i] {
			t.Errorf("%d turns of %d acknowledged", len(turns), kept[i])
		}
	}
	if v := must[string](t)(db.One(t.Context(), s.Activity.DB, db.ScanText, "PRAGMA integrity_check")); v != "ok" {
		t.Errorf("integrity: %s", v)
	}
}

func startMany(t *testing.T, s *Store, c *clock, n int) (ids []string) {
	t.Helper()
	for range n {
		ids = append(ids, startOne(t, s, c, NewID()))
	}
	return ids
}

// TestDiskFull fills a real disk: what was acknowledged stays, the rest
// is refused with a sentence, and when there is room again all goes on by
// itself.
func TestDiskFull(t *testing.T) {
	dir, c := disktest.Small(t, 2<<20), newClock()
	s := must[*Store](t)(Open(t.Context(), dir, Options{Now: c.now, Log: quiet()}))
	defer func() { check(t, s.Close()) }()
	ids := startMany(t, s, c, 8)
	kept, err := answerMany(t, s, ids, 1000)
	refused(t, err, fault.Unavailable, "fault.disk_full")
	if e, _ := errors.AsType[*fault.Error](err); e.Hint == "" {
		t.Error("the operator is told nothing")
	}
	holds(t, s, ids, kept)
	_, err = s.Files.Put(t.Context(), bytes.NewReader(make([]byte, 4<<20)), 8<<20)
	refused(t, err, fault.Unavailable, "fault.disk_full")
	if left := must[[]string](t)(filepath.Glob(filepath.Join(dir, "files", "tmp", "*"))); len(left) != 0 {
		t.Errorf("half a file is left: %v", left)
	}
	if h, err := s.Check(t.Context()); h.FreeBytes > 1<<20 {
		t.Errorf("%d bytes are said to be free (%v)", h.FreeBytes, err)
	}

	disktest.Remount(t, dir, 64<<20, false)
	more, err := answerMany(t, s, ids, 200)
	check(t, err)
	holds(t, s, ids, more)
	must[Health](t)(s.Check(t.Context()))
}

// TestReadOnlyDisk makes the disk read-only under the store, as a system does
// when the disk fails.
func TestReadOnlyDisk(t *testing.T) {
	dir, c := disktest.Small(t, 32<<20), newClock()
	s := must[*Store](t)(Open(t.Context(), dir, Options{Now: c.now, Log: quiet()}))
	id := startOne(t, s, c, NewID())
	check(t, s.Close())

	disktest.Remount(t, dir, 32<<20, true)
	_, err := Open(t.Context(), dir, Options{Now: c.now, Log: quiet()})
	refused(t, err, fault.Unavailable, "fault.read_only")

	disktest.Remount(t, dir, 32<<20, false)
	s = must[*Store](t)(Open(t.Context(), dir, Options{Now: c.now, Log: quiet()}))
	defer func() { check(t, s.Close()) }()
	must[Turn](t)(s.Activity.Turn(t.Context(), id, 1))
}

// TestWriteErrors lets the system refuse every write past a size, which SQLite
// sees as an error of the disk.
func TestWriteErrors(t *testing.T) {
	s, c := open(t)
	ids := startMany(t, s, c, 4)
	ignored := make(chan os.Signal, 1000)
	signal.Notify(ignored, syscall.SIGXFSZ)
	defer signal.Stop(ignored)
	var was syscall.Rlimit
	check(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was))
	check(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1 << 20, Max: was.Max}))
	kept, err := answerMany(t, s, ids, 1000)
	check(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was))
	refused(t, err, fault.Unavailable, "fault.disk")
	holds(t, s, ids, kept)
	more, err := answerMany(t, s, ids, 300)
	check(t, err)
	holds(t, s, ids, more)
}

// TestNoRoomInTheDatabase does without root what TestDiskFull does with it.
func TestNoRoomInTheDatabase(t *testing.T) {
	s, c := open(t)
	ids := startMany(t, s, c, 8)
	limit := func(pages int) {
		t.Helper()
		check(t, s.Activity.Write(t.Context(), "limit", func(tx *db.Tx) error {
			_, err := db.ListIn(tx, db.ScanNumber, fmt.Sprintf("PRAGMA max_page_count = %d", pages))
			return err
		}))
	}
	limit(300)
	kept, err := answerMany(t, s, ids, 1000)
	refused(t, err, fault.Unavailable, "fault.disk_full")
	holds(t, s, ids, kept)
	limit(1 << 30)
	more, err := answerMany(t, s, ids, 200)
	check(t, err)
	holds(t, s, ids, more)
}

// TestAReplacedDatabase puts another file in the place of the open one.
func TestAReplacedDatabase(t *testing.T) {
	s, _ := open(t)
	h := must[Health](t)(s.Check(t.Context()))
	if h.Content.Shape != int64(len(contentSchema.Steps)) || h.Content.Bytes == 0 || h.FreeBytes == 0 {
		t.Errorf("got %+v", h)
	}
	aside := s.Content.Path() + ".aside"
	check(t, os.Rename(s.Content.Path(), aside))
	_, err := s.Check(t.Context())
	refused(t, err, fault.Unavailable, "fault.store.replaced")
	_, err = s.Content.CreateProject(t.Context(), "sandbox", aProject("lost", 1), "test")
	refused(t, err, fault.Unavailable, "fault.store.replaced")
	check(t, os.WriteFile(s.Content.Path(), nil, 0o600))
	_, err = s.Check(t.Context())
	refused(t, err, fault.Unavailable, "fault.store.replaced")
	check(t, os.Rename(aside, s.Content.Path()))
	must[Health](t)(s.Check(t.Context()))
	must[Project](t)(s.Content.CreateProject(t.Context(), "sandbox", aProject("kept", 1), "test"))
}

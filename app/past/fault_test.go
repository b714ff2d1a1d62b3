package past_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"selfhelp/app/past"
	"selfhelp/store"
	"selfhelp/store/backup"
	"selfhelp/store/replica"
)

// fails opens a moment that cannot be had, and leaves nothing.
func (s *server) fails(at time.Time, key string) {
	s.t.Helper()
	m, err := s.Open(s.t.Context(), at, func(string) {})
	if err == nil {
		m.Close()
	}
	refused(s.t, err, key)
	s.nothingLeft()
}

func TestMomentsThatCannotBeHad(t *testing.T) {
	s := aServer(t)
	s.fails(time.Now(), "fault.past.unset")
	s.copied().backed()
	s.office()
	at := s.moment()
	s.fails(time.Now().Add(time.Hour), "fault.past.future")
	s.fails(time.Now().Add(-time.Hour), "fault.past.none")

	asked := ""
	s.Free = func(dir string) (int64, error) { asked = dir; return 1000, nil }
	s.fails(at, "fault.past.room")
	if s.Free = nil; asked != s.dir {
		t.Errorf("the room was asked of %s", asked)
	}
	// The target is a mount that went away: the backup has it, as far as it goes.
	s.uncopied()
	root := filepath.Dir(filepath.Dir(s.Place.Settings.Databases[0].Target.Path))
	check(t, os.Rename(root, root+".away"))
	s.fails(at, "fault.past.unreachable")
	s.backUp()
	if m := s.open(s.moment()); !m.Backup {
		t.Errorf("from %s", m.From)
	}
}

// TestAMomentBehindAGap: a target that answers and lacks what leads to a moment is not
// said to be silent.
func TestAMomentBehindAGap(t *testing.T) {
	s := aServer(t).copied()
	p := s.office()
	s.moment()
	s.change(p.ID, lamp, "Second")
	s.moment()
	s.change(p.ID, lamp, "Third")
	at := s.moment()
	s.uncopied()
	files, err := filepath.Glob(filepath.Join(filepath.Dir(filepath.Dir(s.Place.Settings.Databases[0].Target.Path)), "content", "*", "ltx", "0", "*.ltx"))
	check(t, err)
	if len(files) < 4 {
		t.Fatalf("only %d files are there", len(files))
	}
	check(t, os.Remove(files[len(files)-2]))
	s.fails(at, "fault.past.damaged")
}

func TestATargetThatSaysNothing(t *testing.T) {
	s := aServer(t).copied()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	defer l.Close()
	go func() {
		for {
			if _, err := l.Accept(); err != nil {
				return
			}
		}
	}()
	text := "dbs:\n"
	for _, name := range store.Databases() {
		text += fmt.Sprintf("  - path: %s/%s\n    replica: {url: 'webdav://%s/replica/%s/e0001-lyon'}\n", s.dir, name, l.Addr(), strings.TrimSuffix(name, ".db"))
	}
	file := filepath.Join(t.TempDir(), "litestream.yml")
	check(t, os.WriteFile(file, []byte(text), 0o600))
	s.Place.Settings = must[replica.Settings](t)(replica.Read(file, os.Getenv))
	s.Patient = 200 * time.Millisecond
	began := time.Now()
	s.fails(time.Now(), "fault.past.unreachable")
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestBackupsThatCannotBeUsed(t *testing.T) {
	key := must[*age.X25519Identity](t)(age.GenerateX25519Identity())
	recipients, identity := filepath.Join(t.TempDir(), "to"), filepath.Join(t.TempDir(), "key")
	check(t, errors.Join(os.WriteFile(recipients, []byte(key.Recipient().String()), 0o600), os.WriteFile(identity, []byte(key.String()), 0o600)))
	s := aServer(t).backed(recipients)
	s.office()
	s.backUp()
	at := s.moment()
	s.fails(at, "fault.past.sealed")
	s.By = must[backup.Identities](t)(backup.ReadIdentities(identity))
	if p := s.only(s.open(at)); p.Alias != "office" {
		t.Errorf("with the key: %+v", p)
	}

	s = aServer(t).backed()
	s.office()
	s.backUp()
	packed := must[[]string](t)(filepath.Glob(filepath.Join(s.Backups, "*-full", "content.db.*")))
	if len(packed) != 1 {
		t.Fatalf("the backup has %v", packed)
	}
	f := must[*os.File](t)(os.OpenFile(packed[0], os.O_RDWR, 0))
	_, err := f.WriteAt([]byte("damage"), 200)
	check(t, errors.Join(err, f.Close()))
	s.fails(s.moment(), "fault.past.damaged")
}

func TestAFileThatIsNowhere(t *testing.T) {
	s := aServer(t).copied()
	office := s.office()
	at := s.moment()
	m := s.open(at)
	s.uncopied()
	root := filepath.Dir(filepath.Dir(s.Place.Settings.Databases[0].Target.Path))
	check(t, errors.Join(os.RemoveAll(filepath.Join(root, "files")), os.RemoveAll(filepath.Join(s.dir, "files"))))
	_, err := m.Bring(t.Context(), s.store, past.Wish{Project: office.ID, Called: past.CalledOf(at)})
	refused(t, err, "fault.past.files")
	if all := must[[]store.Project](t)(s.store.Content.Projects(t.Context(), "sandbox")); len(all) != 1 {
		t.Errorf("projects: %+v", all)
	}
}

func TestADomainThatIsGone(t *testing.T) {
	s := aServer(t).copied()
	office := s.office()
	at := s.moment()
	m := s.open(at)
	db := must[*sql.DB](t)(sql.Open("sqlite", filepath.Join(s.dir, store.Databases()[0])))
	defer db.Close()
	_, err := db.Exec(`DELETE FROM project; DELETE FROM domain WHERE id = 'sandbox'`)
	check(t, err)
	_, err = m.Bring(t.Context(), s.store, past.Wish{Project: office.ID, Called: past.CalledOf(at)})
	refused(t, err, "fault.past.domain")
}

// older takes the last migration back.
const older = `ALTER TABLE wish DROP COLUMN taken; ALTER TABLE wish DROP COLUMN again; ALTER TABLE arrival DROP COLUMN taken; ALTER TABLE server DROP COLUMN wishes; ALTER TABLE server DROP COLUMN arrivals`

// TestAnOlderShape opens what a version of before kept: it is migrated in the scratch
// folder, and what is kept stays as it is.
func TestAnOlderShape(t *testing.T) {
	s := aServer(t)
	s.office()
	check(t, s.store.Close())
	s.store = nil
	file := filepath.Join(s.dir, store.Databases()[0])
	db := must[*sql.DB](t)(sql.Open("sqlite", file))
	var shape int
	check(t, db.QueryRow(`PRAGMA user_version`).Scan(&shape))
	_, err := db.Exec(older + fmt.Sprintf(`; PRAGMA user_version = %d`, shape-1))
	check(t, errors.Join(err, db.Close()))
	s.backed()
	s.backUp()
	at := s.moment()
	s.store = must[*store.Store](t)(open(t.Context(), s.dir)) // the server of now
	m := s.open(at)
	p := s.only(m)
	b := must[past.Brought](t)(m.Bring(t.Context(), s.store, past.Wish{Project: p.ID, Called: past.CalledOf(at)}))
	if b.Alias != "office-2" {
		t.Errorf("of an older shape: %+v", b)
	}
	check(t, m.Close())
	if wrong, err := (backup.Folder{Root: s.Backups}).List(); err != nil || len(wrong) != 1 || !wrong[0].Good() {
		t.Errorf("the backup: %+v %v", wrong, err)
	}
}

// TestWritersAreNotHeldUp writes while a state comes and a part of it is taken in.
func TestWritersAreNotHeldUp(t *testing.T) {
	s := aServer(t).copied()
	office := s.office()
	at := s.moment()
	ctx, over := context.WithCancel(t.Context())
	longest, writes, done := time.Duration(0), 0, make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			began := time.Now()
			if err := s.store.Content.Audit(t.Context(), "ann", "test.write", "x", nil); err != nil {
				t.Error(err)
			}
			longest = max(longest, time.Since(began))
			writes++
		}
	}()
	m := s.open(at)
	_, err := m.Bring(t.Context(), s.store, past.Wish{Project: office.ID, Called: past.CalledOf(at)})
	over()
	<-done
	check(t, err)
	if writes < 3 || longest > 3*time.Second {
		t.Errorf("%d writes, the longest took %v", writes, longest)
	}
	t.Logf("%d writes, the longest took %v", writes, longest)
}

func TestOneAtATime(t *testing.T) {
	s := aServer(t).copied()
	office := s.office()
	at := s.moment()
	s.change(office.ID, lamp, "Second")
	later := s.moment()
	p := past.New(s.Sources, s.store)
	defer func() { check(t, p.Close()) }()
	refused(t, p.Look(time.Now().Add(time.Hour), "bea"), "fault.past.future")
	check(t, p.Look(at, "bea"))
	refused(t, p.Look(later, "cid"), "fault.past.busy")
	st := p.Wait(t.Context(), 20*time.Second)
	if !st.Open || st.Going || st.Failed != nil || st.Until.IsZero() || st.Reached.After(at) {
		t.Fatalf("open: %+v", st)
	}
	check(t, p.Look(at, "cid")) // the same again: it is there
	if again := p.State(); again.ID != st.ID || again.Going {
		t.Errorf("the same moment: %+v", again)
	}
	wish := past.Wish{Project: office.ID, Procedure: lamp, Draft: true, By: "bea", Called: past.CalledOf(at)}
	refused(t, p.Bring("another", wish), "fault.past.over")
	check(t, p.Bring(st.ID, wish))
	if st = p.Wait(t.Context(), 20*time.Second); st.Failed != nil || st.Brought == nil || st.Brought.Procedure != lamp {
		t.Errorf("brought: %+v", st)
	}
	wish.Procedure = "none"
	check(t, p.Bring(st.ID, wish))
	if st = p.Wait(t.Context(), 20*time.Second); !st.Open {
		t.Errorf("after a refusal: %+v", st)
	}
	refused(t, st.Failed, "fault.past.procedure")
	// Another moment takes its place; who reads the first keeps it until then.
	check(t, p.Read(st.ID, func(m *past.Moment) error {
		check(t, p.Look(later, "cid"))
		s.only(m)
		return nil
	}))
	if now := p.Wait(t.Context(), 20*time.Second); !now.Open || now.ID == st.ID {
		t.Errorf("another moment: %+v", now)
	}
	refused(t, p.Read(st.ID, func(*past.Moment) error { return nil }), "fault.past.over")
	p.Forget(p.State().ID)
	s.nothingLeft()
}

func TestAStopWhileItComes(t *testing.T) {
	s := aServer(t).copied()
	s.office()
	at := s.moment()
	p := past.New(s.Sources, s.store)
	check(t, p.Look(at, "bea"))
	check(t, p.Close())
	s.nothingLeft()
	check(t, p.Close())
}

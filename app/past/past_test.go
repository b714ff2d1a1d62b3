package past_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"modernc.org/sqlite"

	"selfhelp/app/fault"
	"selfhelp/app/past"
	"selfhelp/app/procedure"
	"selfhelp/store"
	"selfhelp/store/backup"
	"selfhelp/store/replica"
	"selfhelp/store/storetest"
)

func TestMain(m *testing.M) {
	if _, err := sqlite.OFDLocking(true); err != nil {
		panic(err)
	}
	if line := os.Getenv(killed); line != "" {
		hang(line)
	}
	os.Exit(m.Run())
}

var quiet = slog.New(slog.DiscardHandler)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		check(t, err)
		return v
	}
}

func refused(t *testing.T, err error, key string) {
	t.Helper()
	if got, _ := fault.TextOf(err); got != key {
		t.Errorf("got %v, want %s", err, key)
	}
}

// server is a store that is open, and what keeps its states.
type server struct {
	past.Sources
	t     *testing.T
	dir   string
	store *store.Store
	copy  *replica.Replicator
	maker backup.Maker
}

func open(ctx context.Context, dir string) (*store.Store, error) {
	return store.Open(ctx, dir, store.Options{Log: quiet})
}

func aServer(t *testing.T) *server {
	t.Helper()
	s := &server{t: t}
	s.dir = storetest.Folder(t, func(dir string) (*store.Store, error) { return open(t.Context(), dir) })
	s.store = must[*store.Store](t)(open(t.Context(), s.dir))
	t.Cleanup(func() {
		if s.store != nil {
			s.store.Close()
		}
	})
	s.Sources = past.Sources{Place: replica.Place{Dir: s.dir}, Now: time.Now, Log: quiet}
	return s
}

// copied copies the server to a folder.
func (s *server) copied() *server {
	s.t.Helper()
	target := s.t.TempDir()
	check(s.t, replica.Prepare(target))
	text := "levels: [{interval: 30s}]\ndbs:\n"
	for _, name := range store.Databases() {
		text += fmt.Sprintf("  - path: %s/%s\n    monitor-interval: 20ms\n    replica:\n      path: %s/%s/${SELFHELP_EPOCH}\n      sync-interval: 20ms\n", s.dir, name, target, strings.TrimSuffix(name, ".db"))
	}
	file := filepath.Join(s.t.TempDir(), "litestream.yml")
	check(s.t, os.WriteFile(file, []byte(text), 0o600))
	var err error
	s.Place, err = replica.Of(file, s.dir, "lyon", func(string) (string, bool) { return "", false }, store.Databases()...)
	check(s.t, err)
	check(s.t, s.Place.Epoch.Keep(s.dir))
	s.copy, err = replica.Start(s.t.Context(), s.Place.Settings, replica.Options{Dir: s.Place.Dir, Epoch: s.Place.Epoch, Log: quiet, Now: time.Now, Replaced: func(replica.Replaced) {}, Healed: func(replica.Healed) {}})
	check(s.t, err)
	s.t.Cleanup(s.uncopied)
	s.Copied = true
	return s
}

// uncopied ends the copying; its target stays what is asked.
func (s *server) uncopied() {
	if s.copy != nil {
		check(s.t, s.copy.Close(context.Background()))
	}
	s.copy = nil
}

// backed makes the folder of its backups.
func (s *server) backed(to ...string) *server {
	s.t.Helper()
	s.Backups = s.t.TempDir()
	check(s.t, backup.Prepare(s.Backups))
	s.maker = backup.Maker{
		Folder: backup.Folder{Root: s.Backups}, Data: s.dir, Databases: store.Databases(), Keep: backup.Usual, Now: time.Now, Log: quiet,
		Copy: func(ctx context.Context, name, to string) error { return store.CopyDatabase(ctx, s.dir, name, to) },
		Look: func(context.Context, string) (any, []string, error) { return nil, nil, nil },
	}
	for _, file := range to {
		s.maker.Recipients = must[backup.Recipients](s.t)(backup.ReadRecipients(file))
	}
	return s
}

func (s *server) backUp() {
	s.t.Helper()
	_, err := s.maker.Make(s.t.Context(), backup.Full)
	check(s.t, err)
}

// moment returns one after everything until now and before everything from now on.
func (s *server) moment() time.Time {
	s.t.Helper()
	if s.copy != nil {
		check(s.t, s.copy.Barrier(s.t.Context()))
	}
	time.Sleep(30 * time.Millisecond)
	at := time.Now()
	time.Sleep(30 * time.Millisecond)
	return at
}

func (s *server) open(at time.Time) *past.Moment {
	s.t.Helper()
	m, err := s.Open(s.t.Context(), at, func(string) {})
	check(s.t, err)
	s.t.Cleanup(func() { m.Close() }) // a second time does nothing
	return m
}

// only is the one project that there was.
func (s *server) only(m *past.Moment) past.Project {
	s.t.Helper()
	all := must[[]past.Project](s.t)(m.Projects(s.t.Context(), s.store.Content))
	if len(all) != 1 {
		s.t.Fatalf("projects: %+v", all)
	}
	return all[0]
}

func (s *server) nothingLeft() {
	s.t.Helper()
	if left := must[[]string](s.t)(filepath.Glob(filepath.Join(s.dir, ".*restore-*"))); len(left) > 0 {
		s.t.Errorf("left behind: %v", left)
	}
}

const lamp, paper = "aaaaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbb"

func one(uid, alias, title string) *procedure.Procedure {
	return &procedure.Procedure{Schema: procedure.Schema, UID: uid, Alias: alias, Title: procedure.T(title, title), Audience: []string{"night"}, Steps: []procedure.Step{
		{ID: "start", Start: &procedure.Start{}, Next: "look"},
		{ID: "look", Title: procedure.T("Voir", "Look"), Text: procedure.T("[x](resource:plan)", "[x](resource:plan)"), Page: &procedure.Page{}, Next: "end"},
		{ID: "end", Title: procedure.T("Fin", "End"), End: &procedure.End{Outcome: procedure.Solved}},
	}}
}

// office makes a project with two procedures and a file.
func (s *server) office() store.Project {
	s.t.Helper()
	kept, err := s.store.Files.Put(s.t.Context(), strings.NewReader("the plan of the office"), 1000)
	check(s.t, err)
	if s.copy != nil {
		s.copy.NewFile(kept.Hash)
	}
	return must[store.Project](s.t)(s.store.Content.CreateProject(s.t.Context(), "sandbox", &procedure.Project{
		Schema: procedure.Schema, UID: "cccccccccccccccccccccccccc", Alias: "office", Name: procedure.T("Bureau", "Office"), Languages: []string{"fr", "en"},
		Resources:  []procedure.Resource{{ID: "plan", Kind: procedure.KindDownload, Files: map[string]procedure.File{"": {Name: "plan.txt", Type: "text/plain", Size: kept.Size, Hash: kept.Hash}}}},
		Procedures: []*procedure.Procedure{one(lamp, "lamp", "First"), one(paper, "paper", "Paper")},
	}, "ann"))
}

// change saves another title of a procedure.
func (s *server) change(project, uid, title string) {
	s.t.Helper()
	is := must[store.Procedure](s.t)(s.store.Content.Procedure(s.t.Context(), project, uid))
	data := *is.Data
	data.Title = procedure.T(title, title)
	_, err := s.store.Content.SaveRevision(s.t.Context(), store.Edit{Project: project, UID: uid, Version: is.Version, Data: &data, By: "ann"})
	check(s.t, err)
}

// audited finds what was told last of an action.
func (s *server) audited(action string) string {
	s.t.Helper()
	all := must[[]store.AuditEntry](s.t)(s.store.Content.AuditEntries(s.t.Context(), 0, 100))
	for _, e := range all {
		if e.Action == action {
			return e.Actor + " " + e.Object + " " + string(e.Detail)
		}
	}
	return ""
}

func TestAProcedureComesBack(t *testing.T) {
	for name, kept := range map[string]func(*server) *server{
		"from the replica": (*server).copied,
		"from a backup":    func(s *server) *server { return s.backed() },
	} {
		t.Run(name, func(t *testing.T) {
			s := kept(aServer(t))
			ctx, office := t.Context(), s.office()
			if s.Backups != "" {
				s.backUp()
			}
			at := s.moment()
			s.change(office.ID, lamp, "Second")
			m := s.open(at)
			p := s.only(m)
			if p.Now == nil || p.Now.ID != office.ID || p.Procedures != 2 {
				t.Fatalf("the project: %+v", p)
			}
			for _, one := range must[[]past.Procedure](t)(m.Procedures(ctx, s.store.Content, p)) {
				if want := map[string]past.Standing{lamp: past.Changed, paper: past.Same}[one.UID]; one.Standing != want {
					t.Errorf("%s is %s, want %s", one.Alias, one.Standing, want)
				}
			}

			// Beside what is there.
			wish := past.Wish{Project: p.ID, Procedure: lamp, By: "bea", Called: past.CalledOf(at)}
			b := must[past.Brought](t)(m.Bring(ctx, s.store, wish))
			beside := must[store.Procedure](t)(s.store.Content.Procedure(ctx, b.Project, b.Procedure))
			if b.Project != office.ID || b.Procedure == lamp || b.Alias != "lamp-2" || !strings.HasPrefix(beside.Data.Title.In["en"], "First (as on ") || b.Created || strings.Join(b.Groups, " ") != "night" {
				t.Errorf("beside: %+v %v", b, beside.Data.Title)
			}
			if is := must[store.Procedure](t)(s.store.Content.Procedure(ctx, office.ID, lamp)); is.Data.Title.In["en"] != "Second" {
				t.Errorf("the present one became %v", is.Data.Title)
			}
			if told := s.audited("procedure.bring"); !strings.Contains(told, "bea procedure:"+b.Procedure) || !strings.Contains(told, m.From) || !strings.Contains(told, at.UTC().Format("2006-01-02T15:04")) {
				t.Errorf("the audit tells %s", told)
			}

			// As a draft of what is there, whose state stays in the history.
			wish.Draft = true
			b = must[past.Brought](t)(m.Bring(ctx, s.store, wish))
			is := must[store.Procedure](t)(s.store.Content.Procedure(ctx, office.ID, lamp))
			if b.Procedure != lamp || is.Alias != "lamp" || is.Data.Title.In["en"] != "First" || is.Revision != 3 {
				t.Errorf("as a draft: %+v %v of revision %d", b, is.Data.Title, is.Revision)
			}
			if before := must[*procedure.Procedure](t)(s.store.Content.Revision(ctx, office.ID, lamp, 2)); before.Title.In["en"] != "Second" {
				t.Errorf("the history has %v", before.Title)
			}
			check(t, m.Close())
			s.nothingLeft()
		})
	}
}

func TestAProjectComesBack(t *testing.T) {
	s := aServer(t).copied()
	ctx, office := t.Context(), s.office()
	at := s.moment()
	m := s.open(at)
	wish := past.Wish{Project: office.ID, By: "bea", Called: past.CalledOf(at)}

	// Its name is taken: beside.
	b := must[past.Brought](t)(m.Bring(ctx, s.store, wish))
	if !b.Created || b.Project == office.ID || b.Alias != "office-2" || b.Procedures != 2 {
		t.Errorf("beside: %+v", b)
	}
	// It is gone for good, and its file, too: it comes back as it was.
	is := must[store.Project](t)(s.store.Content.Project(ctx, office.ID))
	check(t, s.store.Content.DeleteProject(ctx, is.ID, is.Version, "ann"))
	if p := s.only(m); p.Now != nil || !p.Binned {
		t.Errorf("in the bin: %+v", p)
	}
	b = must[past.Brought](t)(m.Bring(ctx, s.store, wish))
	if b.Alias != "office-3" {
		t.Errorf("beside the one in the bin: %+v", b)
	}
	is = must[store.Project](t)(s.store.Content.Project(ctx, office.ID))
	check(t, s.store.Content.RemoveProject(ctx, is.ID, is.Version, "ann"))
	hash := is.Data.Resources[0].Files[""].Hash
	check(t, os.Remove(filepath.Join(s.dir, "files", hash[:2], hash[2:4], hash)))
	b = must[past.Brought](t)(m.Bring(ctx, s.store, wish))
	if back := must[store.Project](t)(s.store.Content.Project(ctx, b.Project)); back.Alias != "office" || back.Data.UID != is.Data.UID || back.Data.Name.In["en"] != "Office" {
		t.Errorf("gone and come back: %+v", back)
	}
	r, _, err := s.store.Files.Open(hash)
	check(t, err)
	defer r.Close()
	if words := string(must[[]byte](t)(io.ReadAll(r))); words != "the plan of the office" {
		t.Errorf("its file says %q", words)
	}
	if told := s.audited("project.bring"); !strings.Contains(told, "bea project:"+b.Project) || !strings.Contains(told, "e0001-lyon") {
		t.Errorf("the audit tells %s", told)
	}
	// A procedure of a project that is gone comes in a project of its own.
	is = must[store.Project](t)(s.store.Content.Project(ctx, b.Project))
	check(t, s.store.Content.DeleteProject(ctx, is.ID, is.Version, "ann"))
	wish.Procedure = paper
	b = must[past.Brought](t)(m.Bring(ctx, s.store, wish))
	if lines := must[[]store.Procedure](t)(s.store.Content.Procedures(ctx, b.Project)); !b.Created || len(lines) != 1 {
		t.Errorf("alone: %+v %+v", b, lines)
	}
}

func TestNamesThatAreNotThere(t *testing.T) {
	s := aServer(t).copied()
	office := s.office()
	at := s.moment()
	check(t, s.store.Content.DeleteProject(t.Context(), office.ID, office.Version, "ann"))
	later := s.moment()
	m := s.open(at)
	for what, err := range map[string]error{
		"fault.past.project": func() error { _, err := m.Bring(t.Context(), s.store, past.Wish{Project: "nobody"}); return err }(),
		"fault.past.procedure": func() error {
			_, err := m.Bring(t.Context(), s.store, past.Wish{Project: office.ID, Procedure: "none"})
			return err
		}(),
	} {
		refused(t, err, what)
	}
	_, err := s.open(later).ProjectByAlias(t.Context(), s.store.Content, "sandbox", "office")
	refused(t, err, "fault.past.project")
	if all := must[[]past.Project](t)(s.open(later).Projects(t.Context(), s.store.Content)); len(all) != 0 {
		t.Errorf("after it went: %+v", all)
	}
	_, err = m.Bring(t.Context(), s.store, past.Wish{Project: office.ID, Procedure: lamp, Draft: true, Called: past.CalledOf(at)})
	check(t, err) // its project is in the bin: there is nothing that it could be a draft of
}

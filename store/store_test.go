package store

import (
	"os"
	"path/filepath"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// TestAStoreThatMustBeThere: what needs a store leaves a folder without one as
// it is.
func TestAStoreThatMustBeThere(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	check(t, os.WriteFile(file, nil, 0o600))
	for _, name := range []string{dir, filepath.Join(dir, "none"), file} {
		_, err := Open(t.Context(), name, Options{Log: quiet(), Existing: true})
		refused(t, err, fault.NotFound, "fault.store.none")
	}
	if left := must[[]os.DirEntry](t)(os.ReadDir(dir)); len(left) != 1 {
		t.Errorf("the folder holds %v", left)
	}
	s := must[*Store](t)(Open(t.Context(), dir, Options{Log: quiet()}))
	check(t, s.Close())
	s = must[*Store](t)(Open(t.Context(), dir, Options{Log: quiet(), Existing: true}))
	check(t, s.Close())
}

func TestANewStoreHasItsDomains(t *testing.T) {
	s, _ := open(t)
	domains := must[[]Domain](t)(s.Content.Domains(t.Context()))
	if len(domains) != 2 || domains[0].ID != "sandbox" || domains[1].ID != "production" {
		t.Fatalf("got %+v", domains)
	}
	if domains[0].Title.In["fr"] != "Bac à sable" || domains[0].Created.IsZero() {
		t.Errorf("got %+v", domains[0])
	}
}

func TestFirstSlice(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	u := must[User](t)(s.Content.CreateUser(ctx, User{Login: "Ada", Role: access.Writer, Active: true}, "test"))
	if got := must[User](t)(s.Content.UserByLogin(ctx, "ADA")); got.ID != u.ID || !got.Active {
		t.Errorf("got %+v", got)
	}
	p := must[Project](t)(s.Content.CreateProject(ctx, "sandbox", aProject("it", 3), u.ID))
	lines := must[[]Procedure](t)(s.Content.Procedures(ctx, p.ID))
	if len(lines) != 3 || lines[0].Data != nil {
		t.Fatalf("got %+v", lines)
	}
	one := must[Procedure](t)(s.Content.Procedure(ctx, p.ID, lines[0].UID))
	one.Data.Title = procedure.T("Autre", "Other")
	saved := must[Procedure](t)(s.Content.SaveRevision(ctx, Edit{Project: p.ID, UID: one.UID, Version: one.Version, Data: one.Data, By: u.ID}))
	if saved.Title.In["en"] != "Other" || saved.Revision != 2 || saved.Version != 2 {
		t.Errorf("got %+v", saved)
	}
	_, err := s.Content.SaveRevision(ctx, Edit{Project: p.ID, UID: one.UID, Version: one.Version, Data: one.Data, By: u.ID})
	refused(t, err, fault.Conflict, "fault.stale")
	whole := must[*procedure.Project](t)(s.Content.WholeProject(ctx, p.ID))
	if len(whole.Procedures) != 3 {
		t.Errorf("got %d procedures", len(whole.Procedures))
	}

	e := Execution{ID: NewID(), Project: p.ID, Procedure: one.UID, Alias: one.Alias, Version: "1.0", Started: one.Created}
	check(t, s.Activity.StartExecution(ctx, e, Turn{Step: "ask", At: one.Created, Input: "start", State: []byte("sealed")}))
	turn, again, err := s.Activity.AppendTurn(ctx, Turn{Execution: e.ID, Parent: 1, Input: "yes", Step: "end", At: one.Created, Ended: true, Outcome: procedure.Solved})
	if err != nil || again || turn.Seq != 2 {
		t.Fatalf("got %+v, %v, %v", turn, again, err)
	}
	turn, again, err = s.Activity.AppendTurn(ctx, Turn{Execution: e.ID, Parent: 1, Input: "yes", Step: "end", At: one.Created})
	if err != nil || !again || turn.Seq != 2 {
		t.Fatalf("the same answer again: got %+v, %v, %v", turn, again, err)
	}
	if got := must[Execution](t)(s.Activity.Execution(ctx, e.ID)); got.Outcome != procedure.Solved || got.Turns != 2 || got.Step != "end" {
		t.Errorf("got %+v", got)
	}
}

func TestASecondProcessIsRefused(t *testing.T) {
	s, c := open(t)
	_, err := Open(t.Context(), s.dir, Options{Now: c.now, Log: quiet()})
	refused(t, err, fault.Unavailable, "fault.store.locked")
}

func TestFilesArePrivate(t *testing.T) {
	s, _ := open(t)
	err := filepath.WalkDir(s.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %o", path, info.Mode().Perm())
		}
		return err
	})
	check(t, err)
}

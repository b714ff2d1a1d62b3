package store

import (
	"database/sql"
	"path/filepath"
	"slices"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// TestGroupsThatLookAlike refuses names that look like one that is there, or was.
func TestGroupsThatLookAlike(t *testing.T) {
	s, _ := open(t)
	ctx, by := t.Context(), "test"
	sales := must[Group](t)(s.Content.CreateGroup(ctx, Group{Domain: "production", Name: "Sales"}, by))
	other := must[Group](t)(s.Content.CreateGroup(ctx, Group{Domain: "production", Name: "Other"}, by))
	far := must[Group](t)(s.Content.CreateGroup(ctx, Group{Domain: "sandbox", Name: "ｓａｌｅｓ"}, by))
	names := func(what string, err error) {
		t.Helper()
		refused(t, err, fault.Conflict, "fault.group.taken")
		if _, args := fault.TextOf(err); len(args) != 1 || args[0] != "Sales" {
			t.Errorf("%s: it names %v", what, args)
		}
	}
	for _, name := range []string{"Sales", "sales", "SALES", "Ｓａｌｅｓ", " sales "} {
		_, err := s.Content.CreateGroup(ctx, Group{Domain: "production", Name: name}, by)
		names(name, err)
	}
	renamed := other
	renamed.Name = "SALES"
	_, err := s.Content.SaveGroup(ctx, renamed, by)
	names("renamed", err)
	names("attached", s.Content.AttachGroup(ctx, far.ID, "production", by))
	sales.Name = "sales" // its own, otherwise written
	sales = must[Group](t)(s.Content.SaveGroup(ctx, sales, by))
	if !slices.Equal(sales.Names(), []string{"sales", "Sales"}) {
		t.Errorf("it is called %v", sales.Names())
	}
}

// TestTitlesThatLookAlike refuses titles by which people would take a group for another
// one, names that are the title of one, and signs that nobody sees.
func TestTitlesThatLookAlike(t *testing.T) {
	s, _ := open(t)
	ctx, by := t.Context(), "test"
	sales := must[Group](t)(s.Content.CreateGroup(ctx, Group{Domain: "production", Name: "Sales"}, by))
	sales.Title = procedure.T("Ventes", "Sales") // its own name
	sales = must[Group](t)(s.Content.SaveGroup(ctx, sales, by))
	other := must[Group](t)(s.Content.CreateGroup(ctx, Group{Domain: "production", Name: "other"}, by))
	for _, c := range []struct {
		fr, en, field, want string
	}{
		{"ventes", "Others", "title_fr", "fault.group.taken"}, {"Autres", "SALES", "title_en", "fault.group.taken"}, {"Autres", "Ventes", "title_en", "fault.group.taken"},
		{"Autres\u200b", "Others", "title_fr", "fault.group.unseen"}, {"Autrеs", "Others", "title_fr", "fault.group.alphabets"}, // its е is Cyrillic
		{"Tout le monde", "Others", "title_fr", "fault.group.everyone"}, {"Autres", "everybody", "title_en", "fault.group.everyone"},
	} {
		titled := other
		titled.Title = procedure.T(c.fr, c.en)
		if _, err := s.Content.SaveGroup(ctx, titled, by); fault.FieldsOf(err)[c.field] != c.want || len(fault.FieldsOf(err)) != 1 {
			t.Errorf("%q and %q: %v", c.fr, c.en, err)
		}
	}
	_, err := s.Content.CreateGroup(ctx, Group{Domain: "production", Name: "ventes"}, by)
	refused(t, err, fault.Conflict, "fault.group.taken")
	far := must[Group](t)(s.Content.CreateGroup(ctx, Group{Domain: "sandbox", Name: "far"}, by))
	far.Title = procedure.T("Ventes", "Far")
	far = must[Group](t)(s.Content.SaveGroup(ctx, far, by))
	refused(t, s.Content.AttachGroup(ctx, far.ID, "production", by), fault.Conflict, "fault.group.taken")
	other.Title = procedure.T("Autres", "Others")
	must[Group](t)(s.Content.SaveGroup(ctx, other, by))
}

// TestAGoneNameLooksAlike deletes a group, and refuses names that look like its own
// while something is written for it.
func TestAGoneNameLooksAlike(t *testing.T) {
	s, _ := open(t)
	ctx, by := t.Context(), "test"
	g := must[Group](t)(s.Content.CreateGroup(ctx, Group{Domain: "production", Name: "R&D"}, by))
	must[Project](t)(s.Content.CreateProject(ctx, "production", goneProject(func(p *procedure.Project) { p.Audience = []string{"R&D"} }), by))
	check(t, s.Content.DeleteGroup(ctx, g.ID, g.Version, by))
	_, err := s.Content.CreateGroup(ctx, Group{Domain: "production", Name: "r&d"}, by)
	refused(t, err, fault.Conflict, "fault.group.gone")
}

// TestGroupsThatLookedAlikeBefore opens a database in which groups have names that
// look the same: the younger ones get numbers, and nothing is lost.
func TestGroupsThatLookedAlikeBefore(t *testing.T) {
	folder, c, ctx, by := t.TempDir(), newClock(), t.Context(), "test"
	s := must[*Store](t)(Open(ctx, folder, Options{Now: c.now, Log: quiet()}))
	made := map[string]Group{}
	for _, name := range []string{"Sales", "a", "b", "Sales (2)"} {
		made[name] = must[Group](t)(s.Content.CreateGroup(ctx, Group{Domain: "production", Name: name}, by))
	}
	far := must[Group](t)(s.Content.CreateGroup(ctx, Group{Domain: "sandbox", Name: "SALES"}, by))
	p := must[Project](t)(s.Content.CreateProject(ctx, "production", goneProject(func(p *procedure.Project) { p.Audience = []string{"sales"} }), by))
	check(t, s.Close())
	db := rawly(t, filepath.Join(folder, "content.db"), "")
	for id, name := range map[string]string{made["a"].ID: "sales", made["b"].ID: "sALES"} {
		must[sql.Result](t)(db.Exec("UPDATE user_group SET name = ? WHERE id = ?", name, id))
	}
	check(t, db.Close())
	for range 2 { // the second start finds nothing to do
		s = must[*Store](t)(Open(ctx, folder, Options{Now: c.now, Log: quiet()}))
		for id, want := range map[string][]string{
			made["Sales"].ID: {"Sales"}, made["a"].ID: {"sales (3)", "sales"}, made["b"].ID: {"sALES (4)", "sALES"}, made["Sales (2)"].ID: {"Sales (2)"}, far.ID: {"SALES"},
		} {
			if g := must[Group](t)(s.Content.Group(ctx, id)); !slices.Equal(g.Names(), want) {
				t.Errorf("%q, not %q", g.Names(), want)
			}
		}
		if s.Content.SetGrants(ctx, p.ID, []access.Grant{{Group: "sales", Right: access.Approval}}, by) != nil || len(must[[]Holding](t)(s.Content.GroupHoldings(ctx, made["a"].ID))) != 1 {
			t.Error("what it had is another's")
		}
		if kept := must[[]AuditEntry](t)(s.Content.AuditLike(ctx, AuditFilter{Who: []string{"names"}, Limit: 10})); len(kept) != 2 {
			t.Errorf("the audit has %d of it", len(kept))
		}
		g := must[Group](t)(s.Content.Group(ctx, made["a"].ID))
		g.Title = procedure.T("Ventes", "More sales")
		must[Group](t)(s.Content.SaveGroup(ctx, g, by)) // what it was called does not keep it from being saved
		check(t, s.Close())
	}
}

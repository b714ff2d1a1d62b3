package studio_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"selfhelp/app/procedure"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// add writes a procedure in the project.
func (s *shared) add(alias, title, folder string, change func(*procedure.Procedure)) store.Procedure {
	s.t.Helper()
	p := &procedure.Procedure{Schema: procedure.Schema, UID: uidOf(alias), Alias: alias, Folder: folder, Title: procedure.T(title, title), Entry: true, Steps: []procedure.Step{
		{ID: "start", Start: &procedure.Start{}, Next: "end"}, {ID: "end", Title: procedure.T("Fin", "End"), End: &procedure.End{Outcome: procedure.Solved}},
	}}
	if change != nil {
		change(p)
	}
	made, err := s.Content.CreateProcedure(s.t.Context(), s.id, p, "test")
	if err != nil {
		s.t.Fatal(err)
	}
	return made
}

// uidOf makes a UID of a name in small letters.
func uidOf(name string) string {
	letters := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return 'a' + r - '0'
		}
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, name)
	return letters + strings.Repeat("a", 26-len(letters))
}

// goLive makes the project as it is now the version that people get.
func (s *shared) goLive() {
	s.t.Helper()
	whole, err := s.Content.WholeProject(s.t.Context(), s.id)
	if err != nil {
		s.t.Fatal(err)
	}
	v, err := s.Content.FreezeVersion(s.t.Context(), store.Freeze{Project: s.id, Data: whole, By: "test"})
	if err == nil {
		_, err = s.Content.Publish(s.t.Context(), s.id, v.Number, "hash", "test", func(int64, []store.Publication) ([]byte, error) { return []byte("sealed"), nil })
	}
	if err != nil {
		s.t.Fatal(err)
	}
	time.Sleep(2 * time.Millisecond) // instants are kept in milliseconds
}

// TestProceduresAreFound narrows the list of a project by words, wherever they
// stand and whatever the accents, by state, and puts it in order.
func TestProceduresAreFound(t *testing.T) {
	s := newShared(t)
	s.add("eclair", "Éclairage du hall", "Bâtiment", func(p *procedure.Procedure) { p.Category = "light" })
	s.add("lift", "Ascenseur en panne", "Bâtiment", func(p *procedure.Procedure) { p.Tags = []string{"urgence"} })
	changed := s.add("badge", "Badge perdu", "", nil)
	s.goLive()
	data := *changed.Data
	data.Title = procedure.T("Badge oublié", "Badge forgotten")
	if _, err := s.Content.SaveRevision(t.Context(), store.Edit{Project: s.id, UID: changed.UID, Version: changed.Version, Data: &data, By: "test"}); err != nil {
		t.Fatal(err)
	}
	s.add("broken", "Porte bloquée", "", func(p *procedure.Procedure) { p.Steps[0].Next = "nowhere" })
	ada, base := s.as["ada"], "/studio/p/"+s.id
	all := []string{"Éclairage du hall", "Ascenseur en panne", "Badge oublié", "Porte bloquée"}
	for query, want := range map[string][]string{
		"":                              all,
		"?q=eclairage+HALL":             all[:1],
		"?q=lumiere":                    all[:1], // its category
		"?q=batiment":                   all[:2],
		"?q=urgence":                    all[1:2],
		"?q=badge&state=changed":        all[2:3],
		"?state=changed":                all[2:3],
		"?state=new":                    all[3:],
		"?state=problems&q=porte":       all[3:],
		"?state=published&q=eclair":     all[:1],
		"?q=zebra":                      nil,
		"?state=new&q=badge":            nil,
		"?sort=title&page=9&q=badge":    all[2:3],
		"?sort=changed&down=1&q=porte":  all[3:],
		"?sort=nothing&state=odd&q=x+y": nil,
	} {
		ada.Open(base+query, webtest.Header("Accept-Language", "fr"))
		for _, title := range all {
			has := strings.Contains(ada.Page, ">"+title+"</a>")
			if wanted := strings.Contains(strings.Join(want, "\n"), title); has != wanted {
				t.Errorf("%s: %s shows: %v", query, title, has)
			}
		}
		if len(want) == 0 {
			ada.Sees("Aucune procédure ne correspond", "Tout afficher")
		}
	}
	at := func(title string) int { return strings.Index(ada.Page, ">"+title+"</a>") }
	if ada.Open(base+"?sort=title", webtest.Header("Accept-Language", "fr")); !(at(all[1]) < at(all[2]) && at(all[2]) < at(all[0]) && at(all[0]) < at(all[3])) {
		t.Error("titles are not in order")
	}
	if ada.Open(base+"?sort=changed&down=1", webtest.Header("Accept-Language", "fr")); !(at(all[3]) < at(all[2]) && at(all[2]) < at(all[0])) {
		t.Error("the latest changed do not come first")
	}
}

// TestLargeProjects pages a project that is too large to be checked while
// somebody waits: what is known of it comes when it has been read.
func TestLargeProjects(t *testing.T) {
	s := newShared(t)
	for i := range 501 {
		s.add(fmt.Sprintf("one-%03d", i), fmt.Sprintf("Procedure %03d", i), "", func(p *procedure.Procedure) {
			if i == 7 {
				p.Steps[0].Next = "nowhere"
			}
		})
	}
	ada, base := s.as["ada"], "/studio/p/"+s.id
	ada.Open(base+"?q=procedure", webtest.Header("Accept-Language", "en")).Sees("501 procedures", "Procedure 049", "is being checked", "page=2").SeesNot("Procedure 050")
	ada.Open(base + "?q=procedure&page=11").Sees("Procedure 500")
	known := func() bool { return !strings.Contains(ada.Open(base).Page, "is being checked") }
	for until := time.Now().Add(30 * time.Second); !known() && time.Now().Before(until); {
		time.Sleep(10 * time.Millisecond)
	}
	ada.Open(base+"?state=problems").Sees("Procedure 007").SeesNot("Procedure 008", "is being checked")
}

// TestResourcesAreFound narrows the resources of a project.
func TestResourcesAreFound(t *testing.T) {
	s := newShared(t)
	_, err := s.Content.AmendProject(t.Context(), s.id, func(p *procedure.Project) bool {
		for i, name := range []string{"Écran noir", "Charte", "Câble"} {
			kind := procedure.KindImage
			if i == 1 {
				kind = procedure.KindPDF
			}
			p.Resources = append(p.Resources, procedure.Resource{ID: fmt.Sprint("r", i), Kind: kind, Name: procedure.T(name, name), Files: map[string]procedure.File{"": {Size: int64(100 * i)}}})
		}
		return true
	}, "test")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Content.AmendProject(t.Context(), s.id, func(p *procedure.Project) bool { p.Theme.Logo = "r0"; return true }, "test"); err != nil {
		t.Fatal(err)
	}
	s.add("shows", "Shows", "", func(p *procedure.Procedure) { p.Steps[1].Text = procedure.T("![x](resource:r2)", "![x](resource:r2)") })
	ada, base := s.as["ada"], "/studio/p/"+s.id+"/resources"
	for query, want := range map[string]string{
		"": "012", "?q=ecran": "0", "?kind=pdf": "1", "?use=none": "1", "?use=some": "02", "?use=none&kind=image": "", "?q=nowhere": "", "?sort=latest": "210", "?sort=size": "210", "?sort=name": "210",
	} {
		ada.Open(base+query, webtest.Header("Accept-Language", "en"))
		got := ""
		for _, part := range strings.Split(ada.Page, `id="resource-r`)[1:] {
			got += part[:1]
		}
		if got != want {
			t.Errorf("%s shows %q, want %q", query, got, want)
		}
		if want == "" {
			ada.Sees("No resource matches", "Show all")
		}
	}
	r := ada.Send("POST", base+"/r0/delete", webtest.Form(fmt.Sprint("version=", s.now().Version)))
	if r.StatusCode != 409 {
		t.Errorf("the logo of the project is deleted: %d", r.StatusCode)
	}
}

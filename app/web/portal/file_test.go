package portal_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
)

// pictured is the test project with a picture as its logo and one in each of two
// procedures, of which the second is for the staff; it gives their addresses.
func pictured(t *testing.T, s *frame.Site) (p *procedure.Project, logo, lamp, staff string) {
	t.Helper()
	p = webtest.Desk(t)
	add := func(id string) string {
		kept, err := s.Files.Put(t.Context(), strings.NewReader("<svg>"+id+"</svg>"), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		p.Resources = append(p.Resources, procedure.Resource{
			ID: id, Kind: procedure.KindImage, Alt: procedure.T("Un dessin", "A drawing"),
			Files: map[string]procedure.File{"": {Name: id + ".svg", Type: "image/svg+xml", Size: kept.Size, Hash: kept.Hash}},
		})
		return "/files/" + kept.Hash + "/" + id + ".svg"
	}
	logo, lamp, staff = add("logo"), add("bulb"), add("plan")
	p.Theme.Logo = "logo"
	for _, one := range p.Procedures {
		if id := map[string]string{"lamp": "bulb", "staff-only": "plan"}[one.Alias]; id != "" {
			one.Steps[0].Next = "shown"
			one.Steps = append(one.Steps, procedure.Step{
				ID: "shown", Title: procedure.T("Voici", "Here"), Text: procedure.T("![](resource:"+id+")", "![](resource:"+id+")"), Page: &procedure.Page{}, Next: one.Steps[1].ID,
			})
		}
	}
	return p, logo, lamp, staff
}

// TestFilesFollowWhatShowsThem asks for pictures as people who may run what shows
// them, and as others who may see the project all the same.
func TestFilesFollowWhatShowsThem(t *testing.T) {
	s := webtest.NewSite(t)
	p, logo, lamp, staff := pictured(t, s)
	p.Public = false
	webtest.Publish(t, s, webtest.Published{Domain: "production", Project: p, Number: webtest.FirstVersion})
	for _, name := range []string{"lea", "paul"} {
		webtest.AddUser(t, s, name, access.User, "production")
	}
	webtest.AddUser(t, s, "far", access.User, "sandbox")
	webtest.AddToGroup(t, s, "lea", "production", "Staff")
	for _, c := range []struct {
		as                string
		logo, lamp, staff int
	}{{"lea", 200, 200, 200}, {"paul", 200, 200, 404}, {"far", 404, 404, 404}, {"", 404, 404, 404}} {
		b := webtest.NewBrowser(t, s)
		if c.as != "" {
			b = webtest.SignedInAs(t, s, c.as)
		}
		for path, want := range map[string]int{logo: c.logo, lamp: c.lamp, staff: c.staff} {
			r := b.Send("GET", path)
			if r.StatusCode != want {
				t.Errorf("%q, %s: %d, want %d", c.as, path, r.StatusCode, want)
			}
			kept := r.Header.Get("Cache-Control")
			if want == 200 && !strings.HasPrefix(kept, "private, ") || want != 200 && kept != "no-store" {
				t.Errorf("%q, %s: others may keep it: %q", c.as, path, kept)
			}
		}
	}
	// The same for a version on trial: what only it shows is for its groups.
	webtest.AddToGroup(t, s, "paul", "production", "lyon")
	webtest.Publish(t, s,
		webtest.Published{Domain: "production", Project: webtest.Desk(t), Number: webtest.FirstVersion},
		webtest.Published{Domain: "production", Project: p, Number: publication.Number{Major: 2}, Trial: []string{"lyon"}})
	for name, want := range map[string]int{"lea": 404, "paul": 200} {
		for _, path := range []string{logo, lamp} {
			if r := webtest.SignedInAs(t, s, name).Send("GET", path); r.StatusCode != want {
				t.Errorf("%s, %s on trial: %d, want %d", name, path, r.StatusCode, want)
			}
		}
	}
}

// TestWhatOneLosesWithAGroup deletes a group while its member is signed in, with a
// page open and a program let in: the next request of each is refused, and the
// procedure that was begun goes on, with its pictures.
func TestWhatOneLosesWithAGroup(t *testing.T) {
	s := webtest.NewSite(t)
	p, _, _, staff := pictured(t, s)
	p.Public = false
	id, err := s.Content.CreateProject(t.Context(), "production", p, "")
	if err != nil {
		t.Fatal(err)
	}
	webtest.Publish(t, s, webtest.Published{Domain: "production", Project: p, Number: webtest.FirstVersion})
	webtest.AddUser(t, s, "lea", access.Writer, "production")
	webtest.AddToGroup(t, s, "lea", "production", "Staff")
	if err := s.Content.SetGrants(t.Context(), id.ID, []access.Grant{{Group: "Staff", Right: access.Modification}}, "test"); err != nil {
		t.Fatal(err)
	}
	b, idle := webtest.SignedInAs(t, s, "lea"), webtest.SignedInAs(t, s, "lea")
	run, studio := webtest.Bearer(webtest.Token(t, s, "lea", access.ScopeRun)), webtest.Bearer(webtest.Token(t, s, "lea", access.ScopeStudio, access.ScopeReports))
	desk := "/studio/p/" + id.ID
	statuses := func() (all []int) {
		for _, path := range []string{"/r/staff-only", desk, desk + "/executions", desk + "/settings"} {
			all = append(all, idle.Send("GET", path, webtest.Header("Sec-Purpose", "prefetch")).StatusCode) // begins nothing
		}
		all = append(all, webtest.Ask(s, "GET", "/api/v1/procedures/staff-only", run).StatusCode,
			webtest.Ask(s, "GET", "/api/v1/executions?project="+p.UID, studio).StatusCode,
			webtest.Ask(s, "GET", "/api/v1/projects/"+p.UID+"/versions", studio).StatusCode)
		return append(all, idle.Send("GET", staff).StatusCode)
	}
	b.Open("/r/staff-only", english)
	if got := statuses(); got[0] != 200 || got[1] != 200 || got[2] != 200 || got[3] != 200 || got[4] != 200 || got[5] != 200 || got[6] != 200 || got[7] != 200 {
		t.Fatalf("with the group: %v", got)
	}
	groups, err := s.Content.Groups(t.Context(), "production")
	if err != nil {
		t.Fatal(err)
	}
	webtest.AddUser(t, s, "ada", access.Administrator, "production")
	admin := webtest.SignedInAs(t, s, "ada")
	if r := admin.Send("POST", "/admin/groups/"+groups[0].ID+"/delete", webtest.Form(fmt.Sprintf("confirm=Staff&version=%d", groups[0].Version))); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("the group is not deleted: %d", r.StatusCode)
	}
	got := statuses()
	if got[0] != 404 || got[1] != 404 || got[2] == 200 || got[3] == 200 || got[4] != 404 || got[5] == 200 || got[6] == 200 {
		t.Errorf("without the group: %v", got)
	}
	if r := b.Send("GET", staff); r.StatusCode != http.StatusOK {
		t.Errorf("in the middle of the procedure its picture is gone: %d", r.StatusCode)
	}
	if b.Open(b.Path, english); b.Status != http.StatusOK {
		t.Errorf("what was begun cannot go on: %d", b.Status)
	}
	b.Answer("answer", "next").Sees("End")
	if r := b.Send("GET", staff); r.StatusCode != http.StatusNotFound {
		t.Errorf("once it has ended its picture is still given: %d", r.StatusCode)
	}
}

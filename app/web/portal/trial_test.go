package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/app/web/webtest"
)

// tried is the test project with its lamp renamed and a procedure more, as it is
// tried before everybody has it.
func tried(t *testing.T) *procedure.Project {
	t.Helper()
	p := webtest.Desk(t)
	for _, one := range p.Procedures {
		if one.Alias == "lamp" {
			one.Title = procedure.T("La lampe, autrement", "The lamp, another way")
			more := *one
			more.UID, more.Alias, more.Title = strings.Repeat("x", 26), "lantern", procedure.T("La lanterne", "The lamp that is a lantern")
			p.Procedures = append(p.Procedures, &more)
			break
		}
	}
	p.News = append(p.News, procedure.News{ID: "trial", Title: procedure.T("On essaie", "A trial of ours")})
	return p
}

// TestATrialShowsToItsGroupsOnly goes through every door of a public project of
// which a version is on trial: the home, a category, searches, suggestions, the
// address, the version asked for, the API. The project is public, and still no
// visitor meets the trial.
func TestATrialShowsToItsGroupsOnly(t *testing.T) {
	s := webtest.NewSite(t)
	one, two := publication.Number{Major: 1}, publication.Number{Major: 2}
	webtest.Publish(t, s,
		webtest.Published{Domain: "production", Project: webtest.Desk(t), Number: one},
		webtest.Published{Domain: "production", Project: tried(t), Number: two, Trial: []string{"lyon"}})
	webtest.AddUser(t, s, "lea", access.User, "production")
	webtest.AddToGroup(t, s, "lea", "production", "lyon")
	webtest.AddUser(t, s, "paul", access.User, "production")

	doors := []string{
		"/p/production/desk", "/p/production/desk/c/printers", "/p/production/desk/search?q=lamp", "/p/production/desk/suggest?q=lam",
		"/search?q=lamp", "/suggest?q=lam", "/api/v1/procedures", "/api/v1/procedures?query=lamp",
	}
	fresh, old := "another way", "is broken"
	bare := strings.NewReplacer("<mark>", "", "</mark>", "")
	for name, b := range map[string]*webtest.Browser{"lea": webtest.SignedInAs(t, s, "lea"), "paul": webtest.SignedInAs(t, s, "paul"), "visitor": webtest.NewBrowser(t, s)} {
		in := name == "lea"
		for _, door := range doors {
			page := bare.Replace(b.Open(door, english).Page)
			if strings.Contains(page, fresh) != in || strings.Contains(page, old) == in {
				t.Errorf("%s, %s: the trial shows %v, and the version for everybody %v", name, door, strings.Contains(page, fresh), strings.Contains(page, old))
			}
			if !in && (strings.Contains(page, "lantern") || strings.Contains(page, "A trial of ours") || strings.Contains(page, `"2.0"`)) {
				t.Errorf("%s, %s: tells of the trial", name, door)
			}
		}
		projects := b.Open("/api/v1/projects", english).Page
		if !strings.Contains(projects, `"1.0"`) || strings.Contains(projects, `"2.0"`) != in {
			t.Errorf("%s: %s", name, projects)
		}
	}
	if page := webtest.SignedInAs(t, s, "lea").Open("/p/production/desk", english).Page; !strings.Contains(page, "A trial of ours") || strings.Count(page, "another way") != 1 {
		t.Error("who is in the trial is not told its news, or sees a procedure twice")
	}
}

// TestAnAddressDoesNotOpenATrial asks for what is on trial by its address.
func TestAnAddressDoesNotOpenATrial(t *testing.T) {
	s := webtest.NewSite(t)
	one, two := publication.Number{Major: 1}, publication.Number{Major: 2}
	webtest.Publish(t, s,
		webtest.Published{Domain: "production", Project: webtest.Desk(t), Number: one},
		webtest.Published{Domain: "production", Project: tried(t), Number: two, Trial: []string{"lyon"}})
	webtest.AddUser(t, s, "lea", access.User, "production")
	webtest.AddToGroup(t, s, "lea", "production", "lyon")
	webtest.AddUser(t, s, "paul", access.User, "production")
	webtest.AddUser(t, s, "wim", access.Writer, "production")
	token := webtest.Bearer(webtest.Token(t, s, "wim", access.ScopeRun))
	for _, c := range []struct {
		as, path string
		want     int
	}{
		{"lea", "/r/lantern", http.StatusSeeOther}, {"lea", "/r/lamp?v=2.0", http.StatusSeeOther}, {"lea", "/r/lamp?v=1.0", http.StatusSeeOther},
		{"paul", "/r/lantern", http.StatusNotFound}, {"paul", "/r/lamp?v=2.0", http.StatusNotFound}, {"paul", "/r/lamp", http.StatusSeeOther},
		{"", "/r/lantern", http.StatusSeeOther}, {"", "/r/lamp?v=2.0", http.StatusSeeOther}, // to sign in
	} {
		b := webtest.NewBrowser(t, s)
		if c.as != "" {
			b = webtest.SignedInAs(t, s, c.as)
		}
		r := b.Send("GET", c.path, english)
		if r.StatusCode != c.want {
			t.Errorf("%s, %s: %d, want %d", c.as, c.path, r.StatusCode, c.want)
		}
		if begun := strings.HasPrefix(r.Header.Get("Location"), "/x/"); begun != (c.as == "lea" || c.path == "/r/lamp") {
			t.Errorf("%s, %s: goes to %s", c.as, c.path, r.Header.Get("Location"))
		}
	}
	for path, want := range map[string]int{"/api/v1/procedures/lamp": 200, "/api/v1/procedures/lantern": 404} {
		if r := webtest.Ask(s, "GET", path, token); r.StatusCode != want {
			t.Errorf("a program, %s: %d, want %d", path, r.StatusCode, want)
		}
	}
}

// TestWhatBeganInATrialEndsInIt begins a procedure in a trial, which is then
// withdrawn: it goes on as it began.
func TestWhatBeganInATrialEndsInIt(t *testing.T) {
	s := webtest.NewSite(t)
	webtest.AddUser(t, s, "lea", access.User, "production")
	webtest.AddToGroup(t, s, "lea", "production", "lyon")
	one, two := publication.Number{Major: 1}, publication.Number{Major: 2}
	put := func(gone bool, trial ...string) {
		webtest.Publish(t, s,
			webtest.Published{Domain: "production", Project: webtest.Desk(t), Number: one},
			webtest.Published{Domain: "production", Project: tried(t), Number: two, Trial: trial, Gone: gone})
	}
	put(false, "lyon")
	b := webtest.SignedInAs(t, s, "lea").Open("/r/lantern", english)
	b.Sees("What colour?")
	put(true, "lyon")
	b.Answer("answer", "green").Sees("Mended")
	if r := b.Send("GET", "/r/lantern", english); r.StatusCode != http.StatusNotFound {
		t.Errorf("what was withdrawn can be begun: %d", r.StatusCode)
	}

	put(false, "lyon")
	b.Open("/r/lantern", english)
	put(false, "paris") // Lyon is in no trial any more
	b.Answer("answer", "green").Sees("Mended")
	put(false) // for everybody
	webtest.NewBrowser(t, s).Open("/r/lantern", english).Sees("What colour?")
}

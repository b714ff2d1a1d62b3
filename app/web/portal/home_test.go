package portal_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// threeProjects is a site with a public project in each of two domains, and one
// that only people of the second may see.
func threeProjects(t *testing.T) *frame.Site {
	t.Helper()
	s := webtest.NewSite(t)
	project := func(letter, alias string, name procedure.Text, public bool) *procedure.Project {
		p := webtest.Desk(t)
		p.UID, p.Alias, p.Name, p.Public = strings.Repeat(letter, 26), alias, name, public
		for _, one := range p.Procedures {
			one.Alias = alias + "-" + one.Alias
		}
		return p
	}
	one := publication.Number{Major: 1}
	webtest.Publish(t, s,
		webtest.Published{Domain: "production", Project: project("b", "zebra", procedure.T("Zèbre", "Zebra"), true), Number: one},
		webtest.Published{Domain: "sandbox", Project: project("c", "apple", procedure.T("Pomme", "Apple"), true), Number: one},
		webtest.Published{Domain: "sandbox", Project: project("d", "secret", procedure.T("Secret", "Secret"), false), Number: one},
	)
	return s
}

var english = webtest.Header("Accept-Language", "en")

// TestSearchInAllProjects finds what the visitor may start, wherever it is, and
// nothing else.
func TestSearchInAllProjects(t *testing.T) {
	s := threeProjects(t)
	webtest.AddUser(t, s, "camille", access.User, "sandbox")
	b := webtest.NewBrowser(t, s).Open("/", english)
	b.Sees(`action="/search"`, `name="q"`, "Zebra", "Apple", "What to do.", "4 procedures").SeesNot("Secret")
	b.Open("/search?q=lamp", english).Sees("is broken", "/r/zebra-lamp?search=", "/r/apple-lamp?in=sandbox", "Zebra · ", "Apple · ", "/p/sandbox/apple/search?q=lamp", "All projects").
		SeesNot("secret-lamp", "Secret", "staff-only", "Staff <mark>")
	webtest.SignedInAs(t, s, "camille").Open("/search?q=lamp", english).Sees("/r/secret-lamp?in=sandbox", "Secret · ")
	b.Open("/search?q=xylophone", english).Sees("Nothing matches", "Check the spelling", "/p/production/zebra", "/p/sandbox/apple").SeesNot("Secret")
	if b.Open("/search", english); b.Status != 200 || strings.Contains(b.Page, "Nothing matches") {
		t.Errorf("a search of nothing: %d", b.Status)
	}
	b.Open("/suggest?q=lam", english).Sees(`role="option"`, "/r/zebra-lamp", "/r/apple-lamp?in=sandbox").SeesNot("secret-lamp")
	b.Open("/suggest?q=la", english).SeesNot(`role="option"`)
	kept, err := s.Activity.Searches(t.Context(), "", 0, 10)
	if err != nil || len(kept) != 3 || kept[0].Hits != 0 || kept[0].Project != "" || kept[2].Hits != 4 || kept[2].Project == "" {
		t.Errorf("kept %+v %v", kept, err)
	}
	link, _, _ := strings.Cut(b.Open("/search?q=lamp", english).Page[strings.Index(b.Page, `/r/apple-lamp?`):], `"`)
	b.Open(strings.ReplaceAll(link, "&amp;", "&")).Sees("What colour?")
}

// TestSearchOfTheOnlyProject is its own.
func TestSearchOfTheOnlyProject(t *testing.T) {
	b := webtest.NewBrowser(t, webtest.DeskSite(t)).Open("/search?q=lamp", english)
	if b.Path != deskHome+"/search" && !strings.HasPrefix(b.Path, deskHome+"/search?") {
		t.Errorf("it leads to %s", b.Path)
	}
	b.Sees("is broken")
}

// TestProjectsMostFollowedFirst: then the domain shown first, then by name.
func TestProjectsMostFollowedFirst(t *testing.T) {
	order := func(b *webtest.Browser) (names []string) {
		for _, name := range []string{"Zebra", "Apple"} {
			names = append(names, fmt.Sprintf("%08d %s", strings.Index(b.Page, ">"+name+"<"), name))
		}
		slices.Sort(names)
		return []string{names[0][9:], names[1][9:]}
	}
	if got := order(webtest.NewBrowser(t, threeProjects(t)).Open("/", english)); !slices.Equal(got, []string{"Zebra", "Apple"}) {
		t.Errorf("unused: %v", got)
	}
	s := threeProjects(t)
	e := store.Execution{ID: store.NewID(), Project: "sandbox/" + strings.Repeat("c", 26), Procedure: "u", Started: time.Now()}
	if err := s.Activity.StartExecution(t.Context(), e, store.Turn{Step: "start", At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	b := webtest.NewBrowser(t, s)
	for range 2 {
		if got := order(b.Open("/", english)); !slices.Equal(got, []string{"Apple", "Zebra"}) {
			t.Errorf("used: %v", got)
		}
	}
}

package portal_test

import (
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

const deskHome = "/p/production/desk"

func TestPortalHome(t *testing.T) {
	b := webtest.NewBrowser(t, webtest.DeskSite(t)).Open("/", webtest.Header("Accept-Language", "en"))
	if b.Path != deskHome {
		t.Errorf("with one project, home is %s", b.Path)
	}
	b.Sees("Help desk", "What to do.", "Hardware", "3 procedures", "The lamp is broken", "Order a lamp", "Outage over", "All is <strong>well</strong>").
		SeesNot("Staff lamp", "secret part", "<script>alert")
	b.Open(deskHome+"/c/hardware", webtest.Header("Accept-Language", "fr")).Sees("Matériel", "Imprimantes", "Commander une lampe").SeesNot("La lampe est en panne")
	b.Open(deskHome+"/c/printers").Sees("The lamp is broken", "Hardware")
	b.Open(deskHome + "/c/-").Sees("At once")
	for _, path := range []string{deskHome + "/c/nowhere", "/p/production/nowhere", "/p/sandbox/desk", "/p/production/desk/x"} {
		if b.Open(path); b.Status != 404 {
			t.Errorf("%s answers %d", path, b.Status)
		}
	}
}

// TestGroupsToLookThrough offers one's groups by their titles.
func TestGroupsToLookThrough(t *testing.T) {
	s := webtest.DeskSite(t)
	u := webtest.AddUser(t, s, "camille", access.User, "production")
	webtest.AddToGroup(t, s, "camille", "production", "Staff")
	g, err := s.Content.CreateGroup(t.Context(), store.Group{Domain: "production", Name: "hr", Title: procedure.T("Ressources humaines", "Human resources")}, "test")
	if err == nil {
		err = s.Content.EnterGroup(t.Context(), g.ID, u.ID, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	b := webtest.SignedInAs(t, s, "camille")
	for _, path := range []string{deskHome, deskHome + "/search?q=lamp"} {
		b.Open(path, webtest.Header("Accept-Language", "fr")).Sees("group=hr", ">Ressources humaines<", ">Staff<").SeesNot(">hr<")
	}
}

func TestPortalOfAGroup(t *testing.T) {
	s := webtest.DeskSite(t)
	webtest.AddUser(t, s, "camille", access.User, "production")
	webtest.AddToGroup(t, s, "camille", "production", "Staff")
	b := webtest.SignedInAs(t, s, "camille").Open(deskHome+"/search?q=lamp").Sees("Staff <mark>lamp", "is broken")
	b.Open("/r/lamp?lang=en").Sees("Staff", "Green").Answer("answer", "staff").Sees("Mended")
	b.Open(deskHome).Sees("Your latest procedures")
	webtest.AddUser(t, s, "elsewhere", access.User, "sandbox")
	webtest.AddToGroup(t, s, "elsewhere", "sandbox", "Staff")
	for name, other := range map[string]*webtest.Browser{"a stranger": webtest.NewBrowser(t, s), "a group of the same name elsewhere": webtest.SignedInAs(t, s, "elsewhere")} {
		for _, path := range []string{"/search?q=staff", "/suggest?q=staff", "/c/printers", ""} {
			if other.Open(deskHome + path); strings.Contains(other.Page, "Staff") {
				t.Errorf("%s sees it at %s", name, path)
			}
		}
		if other.Open("/r/staff-only"); other.Status == 200 && !strings.HasPrefix(other.Path, "/login") {
			t.Errorf("%s runs it: %s", name, other.Path)
		}
	}
}

func TestPrivateProject(t *testing.T) {
	s := webtest.NewSite(t)
	private := webtest.Desk(t)
	private.Public = false
	webtest.Publish(t, s, webtest.Published{Domain: "production", Project: private, Number: publication.Number{Major: 1}})
	webtest.AddUser(t, s, "camille", access.User, "production")
	webtest.AddUser(t, s, "elsewhere", access.User, "sandbox")
	for _, path := range []string{deskHome, deskHome + "/search?q=lamp", "/r/lamp"} {
		if b := webtest.NewBrowser(t, s).Open(path); !strings.HasPrefix(b.Path, "/login?next=") {
			t.Errorf("a stranger at %s is sent to %s", path, b.Path)
		}
		if b := webtest.SignedInAs(t, s, "elsewhere").Open(path); b.Status != 404 {
			t.Errorf("another domain's account at %s: %d", path, b.Status)
		}
		if b := webtest.SignedInAs(t, s, "camille").Open(path); b.Status != 200 {
			t.Errorf("an account of the domain at %s: %d", path, b.Status)
		}
	}
	webtest.NewBrowser(t, s).Open("/").Sees("Nothing is published here yet").SeesNot("Help desk")
}

func TestSearch(t *testing.T) {
	s := webtest.DeskSite(t)
	b := webtest.NewBrowser(t, s)
	for query, want := range map[string]string{
		"lamp": "is broken", "LAMP": "is broken", "bulb": "is broken", "lmap": "is broken", "lampe": "is broken", "xylophone": "Nothing matches",
		`"`: "Search", `NEAR(`: "Search", `*`: "Search", "-": "Search", "title:lamp": "Search", "a AND": "Search", "😀": "Search", "the of": "Search", "%_": "Search",
		"<script>alert(1)</script>": "&lt;script&gt;", strings.Repeat("lamp ", 2000): "Search", "\x00\x01": "Search", "\xff\xfe": "Search",
	} {
		if b.Open(deskHome+"/search?q="+webtest.Escape(query), webtest.Header("Accept-Language", "en")); b.Status != 200 || !strings.Contains(b.Page, want) {
			t.Errorf("%.30q: %d, without %q", query, b.Status, want)
		}
		b.SeesNot("<script>alert")
		if b.Open(deskHome + "/suggest?q=" + webtest.Escape(query)); b.Status != 200 {
			t.Errorf("suggest %.30q: %d", query, b.Status)
		}
	}
	b.Open(deskHome + "/search?q=lamp&category=printers").Sees("is broken").SeesNot("Order a")
	b.Open(deskHome+"/search?q=xylophone").Sees("Check the spelling", "Hardware", "Most useful")
	for query, some := range map[string]bool{"la": false, "lam": true} {
		if b.Open(deskHome + "/suggest?q=" + query); strings.Contains(b.Page, `role="option"`) != some {
			t.Errorf("suggestions for %q: %s", query, b.Page)
		}
	}
}

func TestSearchesAreKept(t *testing.T) {
	s := webtest.DeskSite(t)
	b := webtest.NewBrowser(t, s).Open(deskHome+"/search?q=lamp", webtest.Header("Accept-Language", "en"))
	at := strings.Index(b.Page, `href="/r/lamp`)
	link, _, _ := strings.Cut(b.Page[at+len(`href="`):], `"`)
	b.Open(strings.ReplaceAll(link, "&amp;", "&")).Sees("What colour?")
	b.Open("/r/lamp?search=1.forged")
	kept, err := s.Activity.Searches(t.Context(), "", 0, 10)
	if err != nil || len(kept) != 1 || kept[0].Query != "lamp" || kept[0].Hits < 2 || !strings.HasPrefix(kept[0].Clicked, "lamp") {
		t.Errorf("%+v %v", kept, err)
	}
}

func TestSeveralProjects(t *testing.T) {
	s := webtest.DeskSite(t)
	other := webtest.Desk(t)
	other.UID, other.Alias, other.Name = strings.Repeat("b", 26), "other", procedure.T("Autre", "Other")
	webtest.Publish(t, s, webtest.Published{Domain: "production", Project: webtest.Desk(t), Number: publication.Number{Major: 1}}, webtest.Published{Domain: "sandbox", Project: other, Number: publication.Number{Major: 1}})
	b := webtest.NewBrowser(t, s).Open("/", webtest.Header("Accept-Language", "en")).Sees("Help desk", "Other", deskHome, "/p/sandbox/other")
	b.Open("/p/sandbox/other/c/printers").Sees("/r/lamp?in=sandbox")
	b.Open("/r/lamp?in=sandbox&lang=en").Sees("What colour?", "/p/sandbox/other")
	b.Open("/r/lamp?lang=en").Sees("What colour?", deskHome)
}

// TestTheContentIsPickedApart reads a portal in a language of its content that
// the interface does not speak, and comes back.
func TestTheContentIsPickedApart(t *testing.T) {
	project := webtest.Desk(t)
	project.Languages = append(project.Languages, "de")
	project.Name.In["de"] = "Hilfe"
	s := webtest.NewSite(t)
	webtest.Publish(t, s, webtest.Published{Domain: "production", Project: project, Number: publication.Number{Major: 1}})
	b := webtest.NewBrowser(t, s).Open("/p/production/desk", webtest.Header("Accept-Language", "en")).Sees("<h1 dir=\"auto\">Help desk</h1>", `value="de"`, "Deutsch")
	b.Send("POST", "/preferences", webtest.Form("language=de&back=/"))
	b.Open("/p/production/desk", webtest.Header("Accept-Language", "en")).Sees("<h1 dir=\"auto\">Hilfe</h1>", "Search")
	b.Send("POST", "/preferences", webtest.Form("language=fr&back=/"))
	b.Open("/p/production/desk").Sees("<h1 dir=\"auto\">Assistance</h1>")
	for _, bad := range []string{"xx-", "'", "de_DE", strings.Repeat("a", 60)} {
		if r := b.Send("POST", "/preferences", webtest.Form("language="+webtest.Escape(bad)+"&back=/")); len(r.Cookies()) > 0 {
			t.Errorf("%q was kept", bad)
		}
	}
}

// TestTheLanguageChangesMidway goes on in another language in the middle of a
// journey: what is typed and what was answered stay.
func TestTheLanguageChangesMidway(t *testing.T) {
	b := webtest.NewBrowser(t, webtest.DeskSite(t)).Open("/r/lamp?lang=en")
	b.Sees(`form="turn"`, `formnovalidate`, `value="fr"`)
	b.Answer("answer", "red").Sees("Who are you?")
	b.Answer("language", "fr", "f.who", "L'Hôpital d'Évreux", "f.age", "7").Sees("Qui êtes-vous", `value="L&#39;Hôpital d&#39;Évreux"`, `<html lang="fr"`)
	if b.Status != 200 || !strings.HasSuffix(b.Path, "/name") {
		t.Errorf("the page in French: %d at %s", b.Status, b.Path)
	}
	b.Answer("f.who", "Zoé", "f.age", "7").Sees("Bonjour")
	b.Answer("do", "back").Sees(`value="Zoé"`).Answer("language", "xx")
	if b.Status != 422 {
		t.Errorf("a language that is none: %d", b.Status)
	}
}

// TestAJourneyOutlivesItsGroup: whoever leaves a group that a procedure is for ends
// what they began, with its report, and begins nothing new.
func TestAJourneyOutlivesItsGroup(t *testing.T) {
	s := webtest.DeskSite(t)
	u := webtest.AddUser(t, s, "camille", access.User, "production")
	webtest.AddToGroup(t, s, "camille", "production", "Staff")
	b := webtest.SignedInAs(t, s, "camille").Open("/r/staff-only?lang=en")
	if b.Status != 200 || !strings.HasPrefix(b.Path, "/x/") {
		t.Fatalf("%s: %d", b.Path, b.Status)
	}
	page := b.Path
	if err := s.Content.SetMemberships(t.Context(), u.ID, []string{"production"}, nil, "test"); err != nil {
		t.Fatal(err)
	}
	s.Sessions.Forget()
	b = webtest.SignedInAs(t, s, "camille")
	if b.Open("/r/staff-only?lang=en"); b.Status != 404 {
		t.Errorf("begun anew: %d", b.Status)
	}
	if b.Open(page); b.Status != 200 || b.Path != page {
		t.Errorf("gone on: %d at %s", b.Status, b.Path)
	}
}

package web

import (
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/store"
)

const deskHome = "/p/production/desk"

// addToGroup puts an account in a group of a domain.
func addToGroup(t *testing.T, s *Site, user, domain, group string) {
	t.Helper()
	g, err := s.content.CreateGroup(t.Context(), store.Group{Domain: domain, Name: group}, "test")
	if err == nil {
		u, findErr := s.content.UserByLogin(t.Context(), user)
		if findErr != nil {
			t.Fatal(findErr)
		}
		err = s.content.SetMemberships(t.Context(), u.ID, []string{domain}, []string{g.ID}, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestPortalHome(t *testing.T) {
	b := newBrowser(t, deskSite(t)).open("/", header("Accept-Language", "en"))
	if b.path != deskHome {
		t.Errorf("with one project, home is %s", b.path)
	}
	b.sees("Help desk", "What to do.", "Hardware", "3 procedures", "The lamp is broken", "Order a lamp", "Outage over", "All is <strong>well</strong>").
		seesNot("Staff lamp", "secret part", "<script>alert")
	b.open(deskHome+"/c/hardware", header("Accept-Language", "fr")).sees("Matériel", "Imprimantes", "Commander une lampe").seesNot("La lampe est en panne")
	b.open(deskHome+"/c/printers").sees("The lamp is broken", "Hardware")
	b.open(deskHome + "/c/-").sees("At once")
	for _, path := range []string{deskHome + "/c/nowhere", "/p/production/nowhere", "/p/sandbox/desk", "/p/production/desk/x"} {
		if b.open(path); b.status != 404 {
			t.Errorf("%s answers %d", path, b.status)
		}
	}
}

func TestPortalOfAGroup(t *testing.T) {
	s := deskSite(t)
	addUser(t, s, "camille", access.User, "production")
	addToGroup(t, s, "camille", "production", "Staff")
	b := signedInAs(t, s, "camille").open(deskHome+"/search?q=lamp").sees("Staff <mark>lamp", "is broken")
	b.open("/r/lamp?lang=en").sees("Staff", "Green").answer("answer", "staff").sees("Mended")
	b.open(deskHome).sees("Your latest procedures")
	addUser(t, s, "elsewhere", access.User, "sandbox")
	addToGroup(t, s, "elsewhere", "sandbox", "Staff")
	for name, other := range map[string]*browser{"a stranger": newBrowser(t, s), "a group of the same name elsewhere": signedInAs(t, s, "elsewhere")} {
		for _, path := range []string{"/search?q=staff", "/suggest?q=staff", "/c/printers", ""} {
			if other.open(deskHome + path); strings.Contains(other.page, "Staff") {
				t.Errorf("%s sees it at %s", name, path)
			}
		}
		if other.open("/r/staff-only"); other.status == 200 && !strings.HasPrefix(other.path, "/login") {
			t.Errorf("%s runs it: %s", name, other.path)
		}
	}
}

func TestPrivateProject(t *testing.T) {
	s := newSite(t)
	private := desk(t)
	private.Public = false
	publish(t, s, published{domain: "production", project: private, number: publication.Number{Major: 1}})
	addUser(t, s, "camille", access.User, "production")
	addUser(t, s, "elsewhere", access.User, "sandbox")
	for _, path := range []string{deskHome, deskHome + "/search?q=lamp", "/r/lamp"} {
		if b := newBrowser(t, s).open(path); !strings.HasPrefix(b.path, "/login?next=") {
			t.Errorf("a stranger at %s is sent to %s", path, b.path)
		}
		if b := signedInAs(t, s, "elsewhere").open(path); b.status != 404 {
			t.Errorf("another domain's account at %s: %d", path, b.status)
		}
		if b := signedInAs(t, s, "camille").open(path); b.status != 200 {
			t.Errorf("an account of the domain at %s: %d", path, b.status)
		}
	}
	newBrowser(t, s).open("/").sees("Nothing is published here yet").seesNot("Help desk")
}

func TestSearch(t *testing.T) {
	s := deskSite(t)
	b := newBrowser(t, s)
	for query, want := range map[string]string{
		"lamp": "is broken", "LAMP": "is broken", "bulb": "is broken", "lmap": "is broken", "lampe": "is broken", "xylophone": "Nothing matches",
		`"`: "Search", `NEAR(`: "Search", `*`: "Search", "-": "Search", "title:lamp": "Search", "a AND": "Search", "😀": "Search", "the of": "Search", "%_": "Search",
		"<script>alert(1)</script>": "&lt;script&gt;", strings.Repeat("lamp ", 2000): "Search", "\x00\x01": "Search", "\xff\xfe": "Search",
	} {
		if b.open(deskHome+"/search?q="+escape(query), header("Accept-Language", "en")); b.status != 200 || !strings.Contains(b.page, want) {
			t.Errorf("%.30q: %d, without %q", query, b.status, want)
		}
		b.seesNot("<script>alert")
		if b.open(deskHome + "/suggest?q=" + escape(query)); b.status != 200 {
			t.Errorf("suggest %.30q: %d", query, b.status)
		}
	}
	b.open(deskHome + "/search?q=lamp&category=printers").sees("is broken").seesNot("Order a")
	b.open(deskHome+"/search?q=xylophone").sees("Check the spelling", "Hardware", "Most useful")
	for query, some := range map[string]bool{"la": false, "lam": true} {
		if b.open(deskHome + "/suggest?q=" + query); strings.Contains(b.page, `role="option"`) != some {
			t.Errorf("suggestions for %q: %s", query, b.page)
		}
	}
}

func TestSearchesAreKept(t *testing.T) {
	s := deskSite(t)
	b := newBrowser(t, s).open(deskHome+"/search?q=lamp", header("Accept-Language", "en"))
	at := strings.Index(b.page, `href="/r/lamp`)
	link, _, _ := strings.Cut(b.page[at+len(`href="`):], `"`)
	b.open(strings.ReplaceAll(link, "&amp;", "&")).sees("What colour?")
	b.open("/r/lamp?search=1.forged")
	kept, err := s.activity.Searches(t.Context(), "", 0, 10)
	if err != nil || len(kept) != 1 || kept[0].Query != "lamp" || kept[0].Hits < 2 || !strings.HasPrefix(kept[0].Clicked, "lamp") {
		t.Errorf("%+v %v", kept, err)
	}
}

func TestSeveralProjects(t *testing.T) {
	s := deskSite(t)
	other := desk(t)
	other.UID, other.Alias, other.Name = strings.Repeat("b", 26), "other", procedure.T("Autre", "Other")
	publish(t, s, published{domain: "production", project: desk(t), number: publication.Number{Major: 1}}, published{domain: "sandbox", project: other, number: publication.Number{Major: 1}})
	b := newBrowser(t, s).open("/", header("Accept-Language", "en")).sees("Help desk", "Other", deskHome, "/p/sandbox/other")
	b.open("/p/sandbox/other/c/printers").sees("/r/lamp?in=sandbox")
	b.open("/r/lamp?in=sandbox&lang=en").sees("What colour?", "/p/sandbox/other")
	b.open("/r/lamp?lang=en").sees("What colour?", deskHome)
}

// TestTheContentIsPickedApart reads a portal in a language of its content that
// the interface does not speak, and comes back.
func TestTheContentIsPickedApart(t *testing.T) {
	project := desk(t)
	project.Languages = append(project.Languages, "de")
	project.Name.In["de"] = "Hilfe"
	s := newSite(t)
	publish(t, s, published{domain: "production", project: project, number: publication.Number{Major: 1}})
	b := newBrowser(t, s).open("/p/production/desk", header("Accept-Language", "en")).sees("<h1>Help desk</h1>", `value="de"`, "Deutsch")
	b.send("POST", "/preferences", form("language=de&back=/"))
	b.open("/p/production/desk", header("Accept-Language", "en")).sees("<h1>Hilfe</h1>", "Search")
	b.send("POST", "/preferences", form("language=fr&back=/"))
	b.open("/p/production/desk").sees("<h1>Assistance</h1>")
	for _, bad := range []string{"xx-", "'", "de_DE", strings.Repeat("a", 60)} {
		if r := b.send("POST", "/preferences", form("language="+escape(bad)+"&back=/")); len(r.Cookies()) > 0 {
			t.Errorf("%q was kept", bad)
		}
	}
}

// TestTheLanguageChangesMidway goes on in another language in the middle of a
// journey: what is typed and what was answered stay.
func TestTheLanguageChangesMidway(t *testing.T) {
	b := newBrowser(t, deskSite(t)).open("/r/lamp?lang=en")
	b.sees(`form="turn"`, `formnovalidate`, `value="fr"`)
	b.answer("answer", "red").sees("Who are you?")
	b.answer("language", "fr", "f.who", "L'Hôpital d'Évreux", "f.age", "7").sees("Qui êtes-vous", `value="L&#39;Hôpital d&#39;Évreux"`, `<html lang="fr"`)
	if b.status != 200 || !strings.HasSuffix(b.path, "/name") {
		t.Errorf("the page in French: %d at %s", b.status, b.path)
	}
	b.answer("f.who", "Zoé", "f.age", "7").sees("Bonjour")
	b.answer("do", "back").sees(`value="Zoé"`).answer("language", "xx")
	if b.status != 422 {
		t.Errorf("a language that is none: %d", b.status)
	}
}

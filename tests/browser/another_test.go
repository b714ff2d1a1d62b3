package browser

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/demo"
	"selfhelp/app/login"
	"selfhelp/app/web/frame"
	"selfhelp/store"
)

// TestAPageThatIsLeftOpen is a writer who types in the editor, and presses its buttons,
// when they are signed out, and when a colleague signs in in another tab: nothing is
// saved as the colleague's, what was typed stays in its fields, and is saved once the
// writer is back.
func TestAPageThatIsLeftOpen(t *testing.T) {
	chromium := browser(t)
	site, home := servedSite(t, "first-steps", nil)
	const password = "orage violet du matin 7"
	for _, name := range []string{"ada", "zoe"} {
		u := store.User{Login: name, Role: access.Administrator, Language: "en", Password: login.Hash(password), Active: true}
		if _, err := site.Content.CreateAccount(t.Context(), u, []string{"production"}, nil, "test"); err != nil {
			t.Fatal(err)
		}
	}
	project, err := site.Content.CreateProject(t.Context(), "production", projectOf(t, site.Store, "first-steps", nil), "test")
	if err != nil {
		t.Fatal(err)
	}
	lines, err := site.Content.Procedures(t.Context(), project.ID)
	if err != nil {
		t.Fatal(err)
	}
	at := "/studio/p/" + project.ID + "/d/" + lines[0].UID
	p := newPerson(t, chromium, home)
	p.open("/login?next=" + at)
	p.fill("Login", "ada")
	p.fill("Password", password)
	p.types("\r")
	p.arrives(at + "$")
	evaluate[int](t, p.ctx, `(() => { window.answers = []; const asks = window.fetch;
		window.fetch = async (...all) => { const reply = await asks(...all); answers.push(reply.status); return reply; }; return 1; })()`)
	p.refused = []int64{401, 409}
	beside := func(path string, fields map[string]string) {
		t.Helper()
		body, _ := json.Marshal(fields)
		evaluate[int](t, p.ctx, fmt.Sprintf(`(() => { window.done = false;
			fetch(%q, { method: "POST", body: new URLSearchParams(%s) }).then(() => (window.done = true)); return 1; })()`, path, body))
		p.until("window.done")
		evaluate[int](t, p.ctx, "answers.length = 0")
	}
	const addEntry, undo = ".inspector-form .add-entry button", ".editor-bar button[value=undo]"
	presses := func(button, status, why, help string) {
		t.Helper()
		evaluate[int](t, p.ctx, fmt.Sprintf(`(() => { answers.length = 0; document.querySelector("#toasts").replaceChildren(); document.querySelector(%q).click(); return 1; })()`, button))
		p.until("answers.includes(" + status + ")")
		p.sees(help)
		p.until(fmt.Sprintf(`document.querySelector(".saved")?.textContent === %q`, why))
		p.until(`!document.querySelector(".failure") && [...document.querySelectorAll(".inspector-form input")].some((field) => field.value === "Typed by Ada")`)
	}
	beside("/logout", nil)
	p.stays(".editor-page", "Title", "Typed by Ada")
	presses(addEntry, "401", "Not saved: signed out", "You are no longer signed in here")
	p.until(`answers.includes(401) && document.querySelector(".saved").textContent === "Not saved: signed out"`)
	p.fits("left-open")
	beside("/login", map[string]string{"login": "zoe", "password": password, "next": "/"})
	p.until(`answers.includes(409) && document.querySelector(".saved").textContent === "Not saved: other account"`)
	if words := evaluate[string](t, p.ctx, `document.querySelector("#toasts").textContent`); !strings.Contains(words, "Another account") || strings.Contains(words, "no longer signed in") {
		t.Errorf("of who is signed in it says %q", words)
	}
	presses(addEntry, "409", "Not saved: other account", "Another account is signed in")
	p.fits("left-open-other")
	if written(t, site, project.ID, lines[0].UID) {
		t.Error("it is saved as the colleague's")
	}
	beside("/logout", nil)
	beside("/login", map[string]string{"login": "ada", "password": password, "next": "/"})
	p.saved()
	if !written(t, site, project.ID, lines[0].UID) {
		t.Error("it is not saved though the writer is back")
	}
	beside("/logout", nil)
	presses(undo, "401", "Not saved: signed out", "You are no longer signed in here") // with nothing typed
	beside("/login", map[string]string{"login": "ada", "password": password, "next": "/"})
	evaluate[int](t, p.ctx, fmt.Sprintf("document.querySelector(%q).click(), 1", undo))
	p.saved()
	if written(t, site, project.ID, lines[0].UID) {
		t.Error("it is not undone though the writer is back")
	}
	const entries = `document.querySelectorAll(".inspector-form .entry").length`
	before := evaluate[int](t, p.ctx, entries)
	p.stays(".editor-page", "Title", "Typed by Ada again")
	evaluate[int](t, p.ctx, fmt.Sprintf("document.querySelector(%q).click(), 1", addEntry))
	p.until(fmt.Sprintf(`%s === %d && document.querySelector(".saved").textContent.startsWith("Saved at")`, entries, before+1))
	p.content()
}

// fits looks at the page of the editor on two screens: the line that says whether it
// is saved is read whole.
func (p *person) fits(name string) {
	p.t.Helper()
	for _, look := range []struct {
		mode  string
		width int64
	}{{"light", 1280}, {"dark", 390}} {
		p.lit(look.mode, look.width)
		photograph(p.t, p.ctx, name+"-"+look.mode)
		p.until("document.documentElement.scrollWidth <= innerWidth")
		p.until(`document.querySelector(".saved").scrollWidth <= document.querySelector(".saved").clientWidth + 1`)
	}
	p.lit("light", 1280)
}

// TestAnAnswerOfAnotherAccount is somebody who answers on a page that was opened before
// a colleague signed in in another tab: nothing is saved, what they typed is given back,
// and Back leads to the page with it.
func TestAnAnswerOfAnotherAccount(t *testing.T) {
	chromium := browser(t)
	site, home := servedSite(t, demo.HelpDesk, nil)
	const password = "orage violet du matin 7"
	for _, name := range []string{"ada", "zoe"} {
		u := store.User{Login: name, Role: access.User, Language: "en", Password: login.Hash(password), Active: true}
		if _, err := site.Content.CreateAccount(t.Context(), u, []string{"production"}, nil, "test"); err != nil {
			t.Fatal(err)
		}
	}
	p := newPerson(t, chromium, home)
	p.open("/login?next=/r/printer")
	p.fill("Login", "ada")
	p.fill("Password", password)
	p.types("\r")
	p.arrives("^/x/")
	p.refused = []int64{409}
	evaluate[int](t, p.ctx, `(() => { window.done = false; const send = (path, fields) => fetch(path, { method: "POST", body: new URLSearchParams(fields) });
		send("/logout", {}).then(() => send("/login", { login: "zoe", password: "`+password+`", next: "/" })).then(() => (window.done = true)); return 1; })()`)
	p.until("window.done")
	const area = `document.querySelector("textarea[name=postit]")`
	evaluate[int](t, p.ctx, `(() => { for (const d of document.querySelectorAll("details")) d.open = !!d.querySelector("[name=postit]"); `+area+`.value = "The lamp is not shown."; `+area+`.form.requestSubmit(`+area+`.form.querySelector("[value=postit]")); return 1; })()`)
	p.sees("This page belongs to another account", "the account ada", "the account zoe", "The lamp is not shown.")
	evaluate[int](t, p.ctx, "history.back(), 1")
	p.until(area + `?.value === "The lamp is not shown."`)
	p.content()
}

func written(t *testing.T, site *frame.Site, project, uid string) bool {
	t.Helper()
	p, err := site.Content.Procedure(t.Context(), project, uid)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(p.Data)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(b), "Typed by Ada")
}

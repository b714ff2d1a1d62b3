package browser

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// hands are how somebody works a page: by its keys, or by the mouse.
type hands struct {
	*person
	press func(name string)          // a link or a button
	tick  func(name string)          // a box
	write func(label, words string)  // into a field
	radio func(from, to string)      // one of several, from the one that is chosen
	pick  func(label, option string) // of a list
}

// TestKeyboardOfAdministration does what administrators do to a person with the keys
// alone: makes the account, puts it into a group, gives it a right, asks what it may do,
// suspends it, and ends a session.
func TestKeyboardOfAdministration(t *testing.T) {
	chromium := browser(t)
	home, _ := started(t, "demo")
	boss := newPerson(t, chromium, home)
	boss.signsInAt("/admin", "c.fontanel", "quai-tram-velours-midi")
	boss.speaks("/admin", "English")
	boss.reaches("Language and display")
	boss.types(kb.Enter)
	boss.until(`document.activeElement.closest("details").open`)
	boss.types(kb.Tab)
	boss.types(kb.Escape)
	boss.until(`document.activeElement.matches("summary") && !document.activeElement.closest("details").open`)
	administer(hands{
		person: boss,
		press:  func(name string) { boss.reaches(name); boss.types(kb.Enter) },
		tick:   func(name string) { boss.reaches(name); boss.types(" ") },
		write:  func(label, words string) { boss.reaches(label); boss.types(words) },
		radio: func(from, to string) {
			boss.reaches(from)
			for evaluate[bool](t, boss.ctx, fmt.Sprintf("!document.activeElement.labels[0].textContent.trim().startsWith(%q)", to)) {
				boss.types(kb.ArrowDown)
			}
		},
		pick: func(label, option string) { boss.reaches(label); boss.types(option) },
	}, newPerson(t, chromium, home))
	boss.content()
}

// TestAdministrationWithoutScript does the same by the mouse, in a browser without
// script.
func TestAdministrationWithoutScript(t *testing.T) {
	chromium := browser(t)
	home, _ := started(t, "demo")
	boss := newPerson(t, chromium, home)
	if _, err := chromedp.Call(boss.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	boss.signsInAt("/admin", "c.fontanel", "quai-tram-velours-midi")
	boss.speaks("/admin", "English")
	administer(hands{
		person: boss,
		press:  func(name string) { boss.click(":is(a, button)", name) },
		tick:   func(name string) { boss.click("input", name) },
		write:  func(label, words string) { boss.click("input", label); boss.types(words) },
		radio:  func(_, to string) { boss.click("input", to) },
		pick:   boss.chooses,
	}, newPerson(t, chromium, home))
	boss.content()
}

// administer is what an administrator does to an account, and to the session of a
// colleague.
func administer(boss hands, colleague *person) {
	boss.t.Helper()
	colleague.signsInAt("/me", "k.benali", "river-market-noon-velvet")
	boss.press("People")
	boss.arrives("^/admin/users$")
	boss.press("New account")
	boss.arrives("^/admin/users/new$")
	boss.write("Login", "n.lebrun")
	boss.write("First name", "Nora")
	boss.write("Last name", "Lebrun")
	boss.write("First password", "nuage vert sur le quai")
	boss.radio("User", "Writer")
	boss.tick("Production")
	boss.tick("IT")
	boss.press("Create the account")
	boss.arrives("^/admin/users/[a-z0-9]{20,}$")
	account := evaluate[string](boss.t, boss.ctx, "location.pathname")

	boss.open("/studio")
	boss.press("IT service desk")
	boss.arrives("^/studio/p/[a-z0-9]+$")
	boss.press("Settings")
	boss.arrives("/settings$")
	rights := evaluate[string](boss.t, boss.ctx, "location.pathname") + "#rights" // the page is long, and links lead to its parts
	boss.open(rights)
	boss.pick("Add someone", "Nora Lebrun")
	boss.press("Save the rights")
	boss.until(`document.readyState === "complete" && [...document.querySelectorAll("th")].some((th) => th.textContent.includes("Nora Lebrun"))`)
	boss.open(account)
	boss.open(rights)
	boss.tick("Nora Lebrun: Publish")
	boss.press("Save the rights")
	boss.until(`document.readyState === "complete" && document.querySelector("[aria-label='Nora Lebrun: Publish']").defaultChecked`)

	boss.open(account)
	boss.press("What Nora Lebrun may do, and why")
	boss.arrives("^/admin/explain$")
	boss.sees("Nora Lebrun")
	boss.open(account)
	boss.press("Suspend Nora Lebrun")
	boss.arrives("^" + account + "$")
	boss.sees("Give Nora Lebrun access again")

	boss.press("Sessions")
	boss.arrives("^/admin/sessions$")
	boss.tick("Choose Karim Benali")
	boss.press("End those chosen")
	boss.sees("End 1 session") // the question is another page
	boss.press("End 1 session")
	boss.sees("Sessions ended: 1.")
	colleague.open("/me")
	colleague.arrives("^/login$")
}

// reaches presses Tab until what is called so has the focus, seen on the screen: at
// most as often as there are things to reach.
func (p *person) reaches(name string) {
	p.t.Helper()
	p.until(`document.readyState === "complete"`)
	n, _ := json.Marshal(name)
	var passed []string
	for range 200 {
		p.types(kb.Tab)
		at := evaluate[string](p.t, p.ctx, fmt.Sprintf(`((name) => {
			const e = document.activeElement, plain = (text) => (text ?? "").replace(/\s+/g, " ").trim();
			const called = [e.ariaLabel, e.labels?.[0]?.innerText, e.innerText].map(plain).filter(Boolean);
			if (!called.some((c) => c === name || c.startsWith(name + " ") || c.startsWith(name + "("))) return called[0] ?? e.localName;
			const box = e.getBoundingClientRect();
			return box.bottom > 0 && box.top < innerHeight ? "" : "out of sight: " + name;
		})(%s)`, n))
		if at == "" {
			return
		}
		passed = append(passed, at)
	}
	p.stuck(fmt.Sprintf("Tab does not reach %q, only %s", name, strings.Join(passed, ", ")))
}

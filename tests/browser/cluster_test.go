package browser

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"selfhelp/tests/cluster"
)

// TestServersDieUnderThePerson has somebody sign in and go through procedures behind
// HAProxy, with script and without. Each time, after they have typed or chosen, one of
// the two servers is killed, and they send what they have: they go on at the other one,
// with their words, and stay signed in.
func TestServersDieUnderThePerson(t *testing.T) {
	ctx := browser(t)
	folder := t.TempDir()
	program := filepath.Join(folder, "selfhelp")
	if out, err := exec.Command("go", "build", "-o", program, "selfhelp").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	c, err := cluster.Start(cluster.Options{Binary: program, Folder: folder, Servers: 2, Log: "warn"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Stop)
	front, err := cluster.Place(0)
	if err == nil {
		err = c.Balance("../../packaging/balancing/haproxy.cfg", front)
	}
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(c.Accounts, func(a cluster.Account) bool { return a.Role == "user" })
	if at < 0 {
		t.Fatalf("nobody is a user: %+v", c.Accounts)
	}
	person := c.Accounts[at]
	first, _, _ := strings.Cut(person.Name, " ")
	open(t, ctx, c.Front+"/login", 1280)
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("[name=login]"), person.Login), chromedp.SendKeys(chromedp.CSS("[name=password]"), person.Password+"\r"))
	becomes(t, ctx, "!location.pathname.startsWith('/login') && document.body.textContent.includes("+quoted(first)+")")
	kills := 0
	for _, scripted := range []bool{true, false} {
		if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !scripted}); err != nil {
			t.Fatal(err)
		}
		for _, entry := range []string{"other-problem", "printer"} {
			open(t, ctx, c.Front+"/r/"+entry+"?lang=en", 1280)
			said := ""
			for range 6 {
				becomes(t, ctx, "document.readyState === 'complete' && !!document.querySelector('main h1')") // all of its form is there
				before := evaluate[string](t, ctx, "location.pathname + document.querySelector('main h1').textContent")
				field := evaluate[string](t, ctx, visibleField)
				if field != "" && said == "" {
					said = "The label printer of the workshop has stopped"
					do(t, ctx, chromedp.SendKeys(chromedp.CSS(`main [name="`+field+`"]`), said))
				}
				next := evaluate[string](t, ctx, "["+quoted(answer)+", "+quoted(goOn)+"].find(s => document.querySelector(s)) ?? ''")
				if next == "" {
					break // the end
				}
				dying := c.Servers[kills%2]
				dying.Kill()
				kills++
				do(t, ctx, chromedp.Click(chromedp.CSS(next)))
				becomes(t, ctx, "!!document.querySelector('main h1') && location.pathname + document.querySelector('main h1').textContent !== "+quoted(before))
				if page := evaluate[string](t, ctx, "location.pathname"); !strings.HasPrefix(page, "/x/") {
					t.Fatalf("%s, script %v: they are at %s after %s", entry, scripted, page, before)
				}
				if !evaluate[bool](t, ctx, "document.body.textContent.includes("+quoted(first)+")") {
					t.Fatalf("%s, script %v: they are not signed in any more", entry, scripted)
				}
				photograph(t, ctx, "after-a-kill")
				if err := c.Restart(dying); err != nil {
					t.Fatal(err)
				}
				if err := dying.Await(patience); err != nil {
					t.Fatal(err)
				}
				time.Sleep(1500 * time.Millisecond) // the balancer takes it up again
			}
		}
	}
	if kills < 12 {
		t.Errorf("only %d kills", kills)
	}
	t.Logf("%d servers killed after something was typed or chosen and before it was sent", kills)
}

// What a person answers by on a page: one of several answers, or the only one there is.
const (
	answer = `main .answer`
	goOn   = `#turn button.btn.primary:not([value=restart])`
)

// visibleField is the name of the first field that takes words, ” where there is none.
const visibleField = `[...document.querySelectorAll('main form[action^="/x/"] :is(textarea, input[type=text])')].find(f => f.name.startsWith('f.') && f.checkVisibility())?.name ?? ''`

// quoted is a text as a script has it.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

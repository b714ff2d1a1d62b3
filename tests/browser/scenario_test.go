package browser

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"selfhelp/app"
)

// TestScenarioOfATestRun keeps a test run as a scenario, plays it, changes the
// procedure under it, reads what differs, and brings it up to date. The command
// plays what the archive holds of it.
func TestScenarioOfATestRun(t *testing.T) {
	chromium := browser(t)
	home, setup := product(t)
	p := newPerson(t, chromium, home)
	signUp(p, setup)
	makeProject(p)
	p.click("a[data-step]", "Page")
	p.fill("Title", "Check the cable")
	p.saved()
	p.beside(func() { p.click(".editor-bar a", "Test") }, func(tab *person) {
		tab.sees("Check the cable")
		tab.click("button", "Next")
		tab.sees("Keep as a scenario", "Solved")
		tab.accessible("test-ended")
		tab.click("button", "Keep as a scenario")
		tab.arrives("/keep$")
		tab.sees("It ends with: Solved", "Check the cable")
		tab.accessible("keep")
		tab.fill("Name of the scenario", "The cable")
		tab.click("button", "Keep the scenario")
		tab.arrives("/scenarios/the_cable$")
		tab.sees("The scenario holds on what is written now.")
		tab.accessible("scenario")
	})
	p.open(evaluate[string](t, p.ctx, "location.pathname"))
	p.click("a[data-step]", "End")
	p.chooses("Outcome", "Passed to support")
	p.saved()
	p.click(".editor-bar a.scenarios", "1")
	p.arrives("/scenarios$")
	p.sees("Not played yet")
	p.click("a", "Play them all")
	p.sees("1 scenario no longer holds", "Outcome: expected “Solved”; got “Passed to support”.")
	p.accessible("scenarios-red")
	p.click("th a", "The cable")
	p.arrives("/scenarios/the_cable$")
	p.click("a", "Update to what happens now")
	p.arrives("/update$")
	p.sees("Outcome: “Solved” becomes “Passed to support”")
	p.accessible("scenario-update")
	p.click("button", "Save these changes")
	p.arrives("/scenarios/the_cable$")
	p.sees("The scenario holds on what is written now.")
	p.content()

	said := &strings.Builder{}
	code := app.Main(t.Context(), app.Terminal{Args: []string{"test", archiveOf(t, p)}, In: strings.NewReader(""), Out: said, Err: said})
	if code != 0 || !strings.Contains(said.String(), "ok    the_cable  The cable") {
		t.Errorf("the command ends with %d: %s", code, said)
	}
}

// archiveOf fetches the archive of the project that shows.
func archiveOf(t *testing.T, p *person) string {
	t.Helper()
	text, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](`(async () => {
		const reply = await fetch(location.pathname.split("/scenarios")[0] + "/archive.zip");
		return btoa(String.fromCharCode(...new Uint8Array(await reply.arrayBuffer())));
	})()`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "project.zip")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

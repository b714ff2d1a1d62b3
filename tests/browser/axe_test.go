package browser

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"selfhelp/views"
	"selfhelp/views/ui"
)

// axe reads the accessibility rules, which npm brings by lock file.
func axe(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("no accessibility rules, which `npm ci` in tests/browser brings: %v", err)
	}
	return string(b)
}

// ask runs the rules and tells what does not hold, one line a place.
const ask = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"]})
	.then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + " at " + n.target.join(" ") + ": " + n.failureSummary.replace(/\s+/g, " "))))`

// inaccessible tells which accessibility rules the page that shows breaks.
func inaccessible(t *testing.T, ctx context.Context, rules string) []string {
	t.Helper()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[int](rules+";0")); err != nil {
		t.Fatalf("load the accessibility rules: %v", err)
	}
	broken, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](ask, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("run the accessibility rules: %v", err)
	}
	misplaced, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](structure))
	if err != nil {
		t.Fatalf("look at how the page is built: %v", err)
	}
	return append(broken, misplaced...)
}

// TestAccessibility holds every sample against the rules of WCAG 2.2 AA, light
// and dark, on a phone and on a wide screen.
func TestAccessibility(t *testing.T) {
	ctx := browser(t)
	rules := axe(t)
	focused := emulation.SetFocusEmulationEnabledParams{Enabled: true} // or what has the focus is not shown so
	if _, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, focused); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gallery())
	defer server.Close()
	for i, s := range views.Samples(ui.Chrome{Words: ui.In("fr")}) {
		for _, look := range []struct {
			mode  string
			width int64
		}{{"light", 1280}, {"dark", 390}} {
			lang := []string{"fr", "en"}[i%2]
			open(t, ctx, fmt.Sprintf("%s/sample/%s/%s/%s", server.URL, lang, look.mode, s.Name), look.width)
			if broken := inaccessible(t, ctx, rules); len(broken) > 0 {
				t.Errorf("%s, %s, %d px:\n  %s", s.Name, look.mode, look.width, strings.Join(broken, "\n  "))
			}
		}
	}
}

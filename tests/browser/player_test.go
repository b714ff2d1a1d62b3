package browser

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"selfhelp/app/demo"
	"selfhelp/app/procedure"
)

// evaluate runs an expression in the page.
func evaluate[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("evaluate %s: %v", expression, err)
	}
	return value
}

// becomes waits until an expression holds in the page, or in the one it leads
// to.
func becomes(t *testing.T, ctx context.Context, expression string) {
	t.Helper()
	var err error
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(glance) {
		var holds bool
		if holds, err = chromedp.Run(ctx, chromedp.Evaluate[bool](expression)); err == nil && holds {
			return
		}
	}
	where, _ := chromedp.Run(ctx, chromedp.Evaluate[string]("location.href + ' ' + document.querySelector('main')?.textContent"))
	t.Fatalf("never came true: %s (%v) at %s", expression, err, where)
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// photograph keeps a picture of the page when LOOK_INTO says where.
func photograph(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	into := os.Getenv("LOOK_INTO")
	if into == "" {
		return
	}
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(into, name+".png"), picture, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestPlayerWithScript answers, goes back by the browser's own button and by
// the page's, and looks at what a person using a keyboard or a screen reader
// would meet.
func TestPlayerWithScript(t *testing.T) {
	ctx := browser(t)
	said := complaints(ctx)
	home := served(t, demo.HelpDesk, nil)
	open(t, ctx, home+"/r/printer?lang=en", 1280)
	photograph(t, ctx, "real-printer")
	first := evaluate[string](t, ctx, "location.pathname")
	do(t, ctx, chromedp.Click(chromedp.CSS(`.answer[value=jam]`)))
	becomes(t, ctx, "location.pathname.endsWith('/open_tray')")
	photograph(t, ctx, "real-open-tray")
	for what, want := range map[string]bool{
		"document.activeElement.tagName === 'H1'":                                                     true,
		"document.title.startsWith(document.querySelector('h1').textContent)":                         true,
		"document.getElementById('announcer').textContent === document.title":                         true,
		"performance.getEntriesByType('navigation').length === 1 && !!document.querySelector('main')": true,
	} {
		if evaluate[bool](t, ctx, what) != want {
			t.Errorf("%s is not %v", what, want)
		}
	}
	evaluate[int](t, ctx, "window.kept = 1")
	do(t, ctx, chromedp.NavigateBack())
	becomes(t, ctx, "location.pathname === '"+first+"' && !!document.querySelector('.answer[value=jam]')")
	if evaluate[int](t, ctx, "window.kept ?? 0") != 1 {
		t.Error("the browser's Back loaded the whole page anew")
	}
	do(t, ctx, chromedp.Click(chromedp.CSS(`.answer[value=toner]`)))
	becomes(t, ctx, "location.pathname.endsWith('/toner')")
	do(t, ctx, chromedp.Click(chromedp.CSS(`.back`)))
	becomes(t, ctx, "location.pathname === '"+first+"'")
	becomes(t, ctx, "!!document.querySelector('.answer.chosen[value=toner]')")
	for _, words := range said() {
		t.Error("the console says", words)
	}
}

// TestBackFromAside puts a journey aside and changes one's mind: Back leads to
// the page it was put aside on, with script and without, and forward again.
func TestBackFromAside(t *testing.T) {
	ctx := browser(t)
	home := served(t, demo.HelpDesk, nil)
	for _, scripted := range []bool{true, false} {
		if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !scripted}); err != nil {
			t.Fatal(err)
		}
		open(t, ctx, home+"/r/printer?lang=en", 1280)
		do(t, ctx, chromedp.Click(chromedp.CSS(`.answer[value=jam]`)))
		becomes(t, ctx, "location.pathname.endsWith('/open_tray')")
		do(t, ctx, chromedp.Click(chromedp.CSS(`[name=do][value=pause]`)))
		becomes(t, ctx, "!!document.querySelector('.ticket .number')")
		do(t, ctx, chromedp.NavigateBack())
		becomes(t, ctx, "location.pathname.endsWith('/open_tray') && !!document.querySelector('#turn') && !document.querySelector('.ticket .number')")
		if !scripted {
			continue
		}
		do(t, ctx, chromedp.NavigateForward())
		becomes(t, ctx, "!!document.querySelector('.ticket .number')")
		do(t, ctx, chromedp.Reload())
		becomes(t, ctx, "location.pathname.endsWith('/open_tray') && !!document.querySelector('#turn')")
	}
}

// TestSuggestions types as a person does.
func TestSuggestions(t *testing.T) {
	ctx := browser(t)
	home := served(t, demo.HelpDesk, nil)
	open(t, ctx, home+"/", 1280)
	photograph(t, ctx, "real-portal")
	do(t, ctx, chromedp.Click(chromedp.CSS("#q")), chromedp.SendKeys(chromedp.CSS("#q"), "pr"))
	if evaluate[bool](t, ctx, "!document.querySelector('[role=listbox]').hidden") {
		t.Error("suggestions come before the third character")
	}
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#q"), "i"))
	becomes(t, ctx, "document.querySelectorAll('[role=option]').length > 0")
	photograph(t, ctx, "real-suggestions")
	do(t, ctx, chromedp.KeyEvent(kb.ArrowDown))
	for what, want := range map[string]string{
		"document.getElementById('q').getAttribute('aria-expanded')":                                               "true",
		"document.querySelector('[aria-selected=true]').id":                                                        "q-list-0",
		"document.getElementById('q').getAttribute('aria-activedescendant')":                                       "q-list-0",
		"document.getElementById('q').getAttribute('role')":                                                        "combobox",
		"document.getElementById(document.getElementById('q').getAttribute('aria-controls')).getAttribute('role')": "listbox",
	} {
		if got := evaluate[string](t, ctx, what); got != want {
			t.Errorf("%s is %q, want %q", what, got, want)
		}
	}
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	becomes(t, ctx, "location.pathname.startsWith('/x/')")
}

// TestSearchPage looks for something, and for nothing.
func TestSearchPage(t *testing.T) {
	ctx := browser(t)
	home := served(t, demo.HelpDesk, nil)
	open(t, ctx, home+"/p/production/it-help-desk/search?q=mot+de+passe", 390)
	photograph(t, ctx, "real-search")
	open(t, ctx, home+"/p/production/it-help-desk/search?q=trombone", 390)
	photograph(t, ctx, "real-search-nothing")
	if !strings.Contains(evaluate[string](t, ctx, "document.querySelector('main').textContent"), "trombone") {
		t.Error("the page does not say what was looked for")
	}
}

// towns are more options than one looks through.
func towns() (options []procedure.Option) {
	for i, name := range strings.Fields("Paris Lyon Nice Lille Metz Brest Dijon Évry Pau Albi Laon Foix Gap Auch Dole") {
		options = append(options, procedure.Option{ID: fmt.Sprintf("t%d", i), Text: procedure.T(name, name)})
	}
	return options
}

// TestFieldsFollowOthers fills a form whose fields depend on each other.
func TestFieldsFollowOthers(t *testing.T) {
	ctx := browser(t)
	said := complaints(ctx)
	home := served(t, demo.FirstSteps, func(p *procedure.Project) {
		one := p.Procedures[0]
		one.Alias, one.Variables, one.Entry, one.Audience = "follow", nil, true, nil
		one.Steps = []procedure.Step{
			{ID: "start", Start: &procedure.Start{}, Next: "ask"},
			{ID: "ask", Title: procedure.T("Demande", "Request"), Next: "end", Form: &procedure.FormStep{Form: procedure.Form{Fields: []procedure.Field{
				{ID: "why", Type: procedure.FieldSelect, Label: procedure.T("Pourquoi", "Why"), Options: []procedure.Option{{ID: "new", Text: procedure.T("Neuf", "New")}, {ID: "other", Text: procedure.T("Autre", "Other")}}},
				{ID: "which", Type: procedure.FieldText, Label: procedure.T("Lequel", "Which"), Visible: `form.why == "other"`, Required: "true"},
				{ID: "town", Type: procedure.FieldLookup, Label: procedure.T("Ville", "Town"), Options: towns()},
				{ID: "sign", Type: procedure.FieldSignature, Label: procedure.T("Signature", "Signature")},
			}}}},
			{ID: "end", Title: procedure.T("Fini", "Over"), End: &procedure.End{Outcome: procedure.Informed}},
		}
		p.Procedures, p.Scenarios, p.News = p.Procedures[:1], nil, nil
	})
	open(t, ctx, home+"/r/follow?lang=fr", 1280)
	if !evaluate[bool](t, ctx, "document.querySelector('[data-field=which]').hidden") {
		t.Error("a field that is not wanted shows")
	}
	evaluate[bool](t, ctx, `(() => { const s = document.querySelector('select'); s.value = 'other'; return s.dispatchEvent(new Event('input', {bubbles: true})) })()`)
	becomes(t, ctx, "!document.querySelector('[data-field=which]').hidden && document.querySelector('[data-field=which] input').required")
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("[data-field=which] input"), "Le bleu"))
	evaluate[bool](t, ctx, `(() => { const c = document.querySelector('canvas'), b = c.getBoundingClientRect(); for (const [type, x] of [['pointerdown', 20], ['pointermove', 80], ['pointerup', 80]]) c.dispatchEvent(new PointerEvent(type, {pointerId: 1, clientX: b.left + x, clientY: b.top + 40, bubbles: true})); return true })()`)
	photograph(t, ctx, "real-form")
	becomes(t, ctx, "document.querySelector('signature-pad input').files.length === 1")
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("search-select input"), "evr"))
	becomes(t, ctx, "document.querySelectorAll('search-select [role=option]').length === 1")
	do(t, ctx, chromedp.Click(chromedp.CSS("search-select [role=option]")))
	becomes(t, ctx, "document.querySelector('search-select select').value === 't7'")
	do(t, ctx, chromedp.Click(chromedp.CSS(".ways .primary")))
	becomes(t, ctx, "location.pathname.endsWith('/end')")
	photograph(t, ctx, "real-end")
	for _, words := range said() {
		t.Error("the console says", words)
	}
}

// TestASlowConnectionIsTold answers while the connection hangs: the page says so after a
// moment, and what to do after a while; once the reply comes it goes on as ever.
func TestASlowConnectionIsTold(t *testing.T) {
	site, _ := servedSite(t, demo.HelpDesk, nil)
	release := make(chan struct{})
	var once sync.Once
	goOn := func() { once.Do(func() { close(release) }) }
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, "/x/") {
			<-release
		}
		site.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	t.Cleanup(goOn)
	ctx := browser(t)
	open(t, ctx, server.URL+"/r/printer?lang=en", 390)
	if evaluate[bool](t, ctx, "document.querySelector('.sending').checkVisibility()") {
		t.Error("before anything is sent it says that it is")
	}
	do(t, ctx, chromedp.Click(chromedp.CSS(`.answer[value=jam]`)))
	becomes(t, ctx, "document.querySelector('.sending').textContent.includes('Sending')")
	if !evaluate[bool](t, ctx, "(() => { const b = document.querySelector('.sending').getBoundingClientRect(); return b.height > 0 && b.top >= 0 && b.bottom <= innerHeight })()") {
		t.Error("it is not on the screen")
	}
	photograph(t, ctx, "real-sending")
	becomes(t, ctx, "document.querySelector('.sending').textContent.includes('Nothing is lost')")
	goOn()
	becomes(t, ctx, "location.pathname.endsWith('/open_tray') && !document.querySelector('.sending').checkVisibility()")
}

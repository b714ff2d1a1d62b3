package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// person is somebody in front of a browser of their own: they see, click where
// they see something, and type. Whatever their browser complains of is kept.
type person struct {
	t    *testing.T
	ctx  context.Context
	home string

	mu      sync.Mutex
	said    []string // by the browser: errors, warnings, requests that failed
	refused []int64  // statuses that are part of the story
}

// newPerson opens a browser of their own, signed in nowhere.
func newPerson(t *testing.T, browser context.Context, home string) *person {
	t.Helper()
	do(t, browser) // starts it
	ctx, stop := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(stop)
	p := &person{t: t, ctx: ctx, home: home}
	if err := chromedp.Listen(ctx, p.hear); err != nil {
		t.Fatalf("listen to the browser: %v", err)
	}
	do(t, ctx, chromedp.EmulateViewport(1280, 844))
	return p
}

// beside does what opens another page, looks at that one and closes it.
func (p *person) beside(opens func(), look func(tab *person)) {
	p.t.Helper()
	opened := chromedp.WaitNewTarget(p.ctx, func(i *target.Info) bool { return i.URL != "" })
	opens()
	select {
	case id := <-opened:
		ctx, closes := chromedp.NewContext(p.ctx, chromedp.WithTargetID(id))
		defer closes()
		tab := &person{t: p.t, ctx: ctx, home: p.home}
		if err := chromedp.Listen(ctx, tab.hear); err != nil {
			p.t.Fatalf("listen to the other page: %v", err)
		}
		tab.lit("light", 1280)
		look(tab)
		tab.content()
	case <-time.After(patience):
		p.stuck("no page opens beside this one")
	}
}

// hear keeps what the browser holds against the pages.
func (p *person) hear(event any) {
	complaint := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		words, _ := json.Marshal(e.ExceptionDetails)
		complaint = string(words)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			words, _ := json.Marshal(e.Args)
			complaint = string(words)
		}
	case *log.EventEntryAdded:
		if (e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning) && e.Entry.Source != log.EntrySourceNetwork { // those are heard below
			complaint = e.Entry.Text + " " + e.Entry.URL
		}
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 {
			complaint = p.unlessRefused(e.Response.Status, e.Response.URL)
		}
	case *network.EventLoadingFailed:
		if !e.Canceled {
			complaint = string(e.Type) + " not loaded: " + e.ErrorText
		}
	}
	if complaint != "" {
		p.mu.Lock()
		p.said = append(p.said, complaint)
		p.mu.Unlock()
	}
}

func (p *person) unlessRefused(status int64, url string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if slices.Contains(p.refused, status) {
		return ""
	}
	return fmt.Sprint(status, " from ", url)
}

// content fails the test if the browser complained.
func (p *person) content() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, words := range p.said {
		p.t.Error("the browser complains:", words)
	}
	p.said = nil
}

// open types an address.
func (p *person) open(address string) {
	p.t.Helper()
	if !strings.HasPrefix(address, "http") {
		address = p.home + address
	}
	do(p.t, p.ctx, chromedp.Navigate(address))
}

// finds is what a person sees under a name: the first of the elements matching
// a selector whose words are so, or else begin so, and where to click on it.
// What something else covers is not seen, nor what may move as it is saved.
const finds = `((selector, words) => {
	const plain = (text) => (text ?? "").replace(/\s+/g, " ").trim();
	const called = (e) => [e.ariaLabel, e.labels?.[0]?.firstChild?.textContent, e.labels?.[0]?.textContent, e.querySelector?.(":scope > title")?.textContent, e.innerText ?? e.textContent, e.placeholder, e.alt].map(plain).filter(Boolean);
	const all = [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest("[aria-hidden=true]"));
	const found = all.find((e) => !words || called(e).includes(words)) ?? all.find((e) => called(e).some((name) => name.startsWith(words)));
	if (!found || document.readyState !== "complete" || document.querySelector("[aria-busy=true], [inert], form[data-changed]") || /^(Saving|Not saved)/.test(document.querySelector(".saved")?.textContent)) return null;
	found.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
	const box = found.getBoundingClientRect();
	const at = { x: box.left + box.width / 2, y: box.top + box.height / 2 };
	const hit = document.elementFromPoint(at.x, at.y);
	return hit && (found.contains(hit) || hit.closest("label")?.control === found) ? at : null;
})(%s, %s)`

type point struct{ X, Y float64 }

// where waits until something shows under a name, and says where.
func (p *person) where(selector, words string) point {
	p.t.Helper()
	s, _ := json.Marshal(selector)
	w, _ := json.Marshal(words)
	var at *point
	var err error
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(glance) {
		at, err = chromedp.Run(p.ctx, chromedp.Evaluate[*point](fmt.Sprintf(finds, s, w)))
		if err == nil && at != nil {
			return *at
		}
	}
	p.stuck(fmt.Sprintf("%s %q does not show (%v)", selector, words, err))
	return point{}
}

// patience is how long a person waits for what must come, on a machine that does much
// else; glance is between two looks whether it came, which cost the browser time.
const (
	patience = time.Minute
	glance   = 20 * time.Millisecond
)

// stuck ends the test with what the person has before them.
func (p *person) stuck(why string) {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	shown, _ := chromedp.Run(ctx, chromedp.Evaluate[string]("location.href + '\\n' + document.body.innerText"))
	p.mu.Lock()
	defer p.mu.Unlock()
	p.t.Fatalf("%s at %s\nthe browser says %q", why, shown, p.said)
}

// click clicks on what matches a selector and is called so.
func (p *person) click(selector, words string) {
	p.t.Helper()
	at := p.where(selector, words)
	do(p.t, p.ctx, chromedp.MouseClickXY(at.X, at.Y))
}

// fill clicks into the field of a name and types over what it holds.
func (p *person) fill(label, words string) {
	p.t.Helper()
	p.fillIn("body", label, words)
}

// fillIn is fill, within a part of the page.
func (p *person) fillIn(part, label, words string) {
	p.t.Helper()
	p.stays(part, label, words)
	p.types(kb.Tab)
}

// stays is fillIn, staying in the field.
func (p *person) stays(part, label, words string) {
	p.t.Helper()
	p.click(part+" :is(input, textarea)", label)
	do(p.t, p.ctx, chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	p.types(words)
}

// types types into what has the focus.
func (p *person) types(words string) {
	p.t.Helper()
	do(p.t, p.ctx, chromedp.KeyEvent(words))
}

// pastes puts a long text into the field of a name, in place of what it holds.
func (p *person) pastes(label, text string) {
	p.t.Helper()
	p.stays("body", label, "")
	if _, err := chromedp.Call(p.ctx, input.InsertText, input.InsertTextParams{Text: text}); err != nil {
		p.t.Fatal(err)
	}
}

// shortcut presses a key where nothing is being written.
func (p *person) shortcut(key string) {
	p.t.Helper()
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
		if _, err := chromedp.Call(p.ctx, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: kind, Key: key}); err != nil {
			p.t.Fatal(err)
		}
	}
}

// chooses picks an option of the list of a name. Lists are drawn by the
// system, so this is what remains of the click.
func (p *person) chooses(label, option string) {
	p.t.Helper()
	p.choosesIn("body", label, option)
}

// choosesIn is chooses, within a part of the page.
func (p *person) choosesIn(part, label, option string) {
	p.t.Helper()
	p.where(part+" select", label)
	within, _ := json.Marshal(part + " select")
	l, _ := json.Marshal(label)
	o, _ := json.Marshal(option)
	becomes(p.t, p.ctx, fmt.Sprintf(`((lists, label, option) => {
		const list = [...document.querySelectorAll(lists)].find((s) => s.checkVisibility() && [s.ariaLabel, s.labels[0]?.firstChild.textContent.trim()].includes(label));
		const wanted = [...list.options].find((o) => o.text.trim().startsWith(option));
		if (!wanted) return false;
		list.focus();
		list.value = wanted.value;
		for (const name of ["input", "change"]) list.dispatchEvent(new Event(name, { bubbles: true }));
		return true;
	})(%s, %s, %s)`, within, l, o))
}

// sees waits until each text shows.
func (p *person) sees(texts ...string) {
	p.t.Helper()
	for _, text := range texts {
		w, _ := json.Marshal(text)
		p.until(fmt.Sprintf("document.body.innerText.includes(%s)", w))
	}
}

// until waits for something to hold in the page.
func (p *person) until(expression string) {
	p.t.Helper()
	var holds bool
	var err error
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(glance) {
		if holds, err = chromedp.Run(p.ctx, chromedp.Evaluate[bool](expression)); err == nil && holds {
			return
		}
	}
	p.stuck(fmt.Sprintf("never came true: %s (%v)", expression, err))
}

// arrives waits until the address is that.
func (p *person) arrives(pattern string) {
	p.t.Helper()
	w, _ := json.Marshal(pattern)
	p.until(fmt.Sprintf("new RegExp(%s).test(location.pathname) && document.readyState === 'complete'", w))
}

// accessible holds the page that shows to the accessibility rules, as it is on
// a wide screen by day, and on a phone by night.
func (p *person) accessible(name string) {
	p.t.Helper()
	rules := axe(p.t)
	for _, look := range []struct {
		mode  string
		width int64
	}{{"light", 1280}, {"dark", 390}} {
		p.lit(look.mode, look.width)
		photograph(p.t, p.ctx, "loop-"+name+"-"+look.mode)
		for _, broken := range inaccessible(p.t, p.ctx, rules) {
			p.t.Errorf("%s, %s, %d px: %s", name, look.mode, look.width, broken)
		}
	}
	p.lit("light", 1280)
}

// lit sets the light around the person, and the width of their screen.
func (p *person) lit(mode string, width int64) {
	p.t.Helper()
	light := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: mode}, {Name: "prefers-reduced-motion", Value: "reduce"}}}
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, light)
	if err == nil {
		err = chromedp.Do(p.ctx, chromedp.EmulateViewport(width, 844))
	}
	if err != nil {
		p.t.Fatalf("change the light: %v", err)
	}
}

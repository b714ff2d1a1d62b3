package browser

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"selfhelp/views"
	"selfhelp/views/ui"
)

// reachable numbers what a person may want to use on the page: of a group of
// radios one stands for all. What is folded away is reached by unfolding it.
const reachable = `(() => {
  const groups = new Set(); let n = 0;
  for (const e of document.querySelectorAll('main a[href], main button, main input, main select, main textarea, main summary')) {
    if (e.disabled || e.type === 'hidden' || e.tabIndex < 0 || !e.checkVisibility() || e.closest('details:not([open])') && e.tagName !== 'SUMMARY') continue;
    if (e.type === 'radio') { if (groups.has(e.name)) continue; groups.add(e.name); e.form.querySelectorAll('[name="' + e.name + '"]').forEach((r) => r.dataset.reach = n); }
    e.dataset.reach = n++;
  }
  document.body.tabIndex = -1; document.body.focus();
  return n;
})()`

// focused says what has the focus, whether one sees that it has, and whether it
// stands on the screen.
const focused = `(() => {
  const e = document.activeElement;
  if (!e?.dataset.reach) return '';
  const shown = e.type === 'radio' && getComputedStyle(e).opacity === '0' ? e.nextElementSibling : e;
  const box = shown.getBoundingClientRect(), style = getComputedStyle(shown), around = getComputedStyle(e.closest('.search, label') ?? e);
  const ring = [style, around].some((s) => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1);
  const off = box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth;
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 20));
  const covered = top && !shown.contains(top) && !top.contains(shown) && !e.closest('label')?.contains(top);
  if (covered) return [e.dataset.reach, 'covered', top.className, e.outerHTML.slice(0, 90)].join('|');
  return [e.dataset.reach, ring ? '' : 'no ring', off ? 'off the screen' : '', e.outerHTML.slice(0, 90)].join('|');
})()`

// TestEveryStepByKeyboardAt400Percent goes through the page of each kind of
// step with the Tab key, without script, on a screen of 1280 px at four times
// its size: everything is reached, seen to be reached, and never out of sight.
func TestEveryStepByKeyboardAt400Percent(t *testing.T) {
	server := httptest.NewServer(gallery())
	defer server.Close()
	ctx := browser(t)
	for _, s := range views.Samples(ui.Chrome{Words: ui.In("fr")}) {
		if !strings.HasPrefix(s.Name, "player-") {
			continue
		}
		open(t, ctx, server.URL+"/sample/fr/light/"+s.Name+"?scripts=none", 320)
		wanted := evaluate[int](t, ctx, reachable)
		var reached []string
		for range 3*wanted + 40 {
			do(t, ctx, chromedp.KeyEvent(kb.Tab))
			at := evaluate[string](t, ctx, focused)
			number, wrong, _ := strings.Cut(at, "|")
			if at == "" || slices.Contains(reached, number) {
				continue
			}
			reached = append(reached, number)
			if !strings.HasPrefix(wrong, "||") {
				t.Errorf("%s: %s", s.Name, wrong)
			}
			if len(reached) == wanted {
				break
			}
		}
		if len(reached) != wanted || wanted == 0 {
			t.Errorf("%s: the keyboard reaches %d of %d controls", s.Name, len(reached), wanted)
		}
	}
}

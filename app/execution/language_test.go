package execution

import "testing"

// TestFormulasReadTheLanguage follows the language of the pages, before and
// after a step changes it.
func TestFormulasReadTheLanguage(t *testing.T) {
	lib := steps(t, `
- {id: start, start: {}, next: before}
- {id: before, page: {}, title: {fr: "fr {{ env.language }}", en: "en {{ env.language }} {{ env.server }}"}, next: turn}
- {id: turn, locale: {language: '"fr"'}, next: after}
- {id: after, page: {}, title: {fr: "fr {{ env.language }}", en: "en {{ env.language }}"}, next: end}
- {id: end, end: {outcome: solved}, title: {fr: Fin, en: End}}
`)
	turn := start(t, lib, func(c *Context) { c.Env = map[string]any{"server": "s1"} })
	if turn.Page.Title != "en en s1" {
		t.Errorf("before: %q", turn.Page.Title)
	}
	if turn = give(t, lib, turn, "next"); turn.Page.Title != "fr fr" {
		t.Errorf("after: %q", turn.Page.Title)
	}
}

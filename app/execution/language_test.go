package execution

import (
	"testing"

	"selfhelp/app/fault"
)

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

// speak goes on in another language, with what is filled in.
func speak(t *testing.T, lib Library, turn Turn, lang string, pairs ...string) Turn {
	t.Helper()
	values := map[string][]string{NameSpeak: {lang}}
	for i := 0; i+1 < len(pairs); i += 2 {
		values[pairs[i]] = append(values[pairs[i]], pairs[i+1])
	}
	return advance(t, lib, turn, Input{Kind: DoSpeak, Values: values})
}

// TestAPersonSpeaksAnother changes the language in the middle of a journey:
// what is filled in stays, what was answered stays, Back and Restart do not
// bring the old one back, not even where a step had chosen it, and the journey
// replays.
func TestAPersonSpeaksAnother(t *testing.T) {
	lib := steps(t, `
- {id: start, start: {}, next: ask}
- {id: ask, title: {fr: Question, en: Query}, form: {fields: [{id: who, type: text, required: "true"}]}, next: turn}
- {id: turn, locale: {language: '"fr"'}, next: page}
- {id: page, title: {fr: Page fr, en: Page en}, page: {}, next: end}
- {id: end, end: {outcome: solved}, title: {fr: Fin, en: End}}
`)
	first := start(t, lib)
	log := first.Events
	keep := func(turn Turn) Turn { log = append(log, turn.Events...); return turn }
	spoken := keep(speak(t, lib, first, "fr", "f.who", "L'Hôpital d'Évreux"))
	if spoken.Page.Title != "Question" || spoken.Page.Fields[0].Values[0] != "L'Hôpital d'Évreux" {
		t.Fatalf("in French: %q, %v", spoken.Page.Title, spoken.Page.Fields[0].Values)
	}
	page := keep(post(t, lib, spoken, "f.who", "Ada"))
	page = keep(speak(t, lib, page, "en"))
	if page.Page.Title != "Page en" || page.Page.Trail[0].Title != "Query" {
		t.Fatalf("after a step chose French: %q, %q", page.Page.Title, page.Page.Trail[0].Title)
	}
	back := keep(advance(t, lib, page, Input{Kind: DoBack}))
	if back.Page.Title != "Query" || back.Page.Fields[0].Values[0] != "Ada" {
		t.Errorf("Back: %q, %v", back.Page.Title, back.Page.Fields[0].Values)
	}
	if again := keep(advance(t, lib, back, Input{Kind: DoRestart})); again.Page.Title != "Query" {
		t.Errorf("Restart: %q", again.Page.Title)
	}
	if r, err := Replay(lib, log); err != nil || !r.Same {
		t.Errorf("replay: %s %v", r.Where, err)
	}
	if same := speak(t, lib, first, "en", "f.who", "x"); len(same.Events) != 0 || same.Page.Title != "Query" {
		t.Errorf("the same language made events: %v", same.Events)
	}
	if _, err := Advance(lib, first.State, Input{Kind: DoSpeak, Values: map[string][]string{NameSpeak: {"xx"}}}, monday); !fault.Is(err, fault.Invalid) {
		t.Errorf("a language the project does not speak: %v", err)
	}
}

// TestAMissingTranslationFallsBack shows a page nobody translated in the
// project's language, and says which it is; translated ones say nothing.
func TestAMissingTranslationFallsBack(t *testing.T) {
	lib := steps(t, `
- {id: start, start: {}, next: both}
- {id: both, title: {fr: Deux, en: Two}, page: {}, next: one}
- {id: one, title: {fr: Seulement, en: Only}, text: {fr: "L'**hôpital**"}, page: {}, next: end}
- {id: end, end: {outcome: solved}, title: {fr: Fin}}
`)
	turn := start(t, lib)
	if turn.Page.Spoken != "" {
		t.Errorf("a translated page says it is in %q", turn.Page.Spoken)
	}
	turn = give(t, lib, turn, "next")
	if turn.Page.Spoken != "fr" || turn.Page.Title != "Only" || turn.Page.Body == "" {
		t.Errorf("a page without an English text: %q, %q in %q", turn.Page.Title, turn.Page.Body, turn.Page.Spoken)
	}
	if turn = give(t, lib, turn, "next"); turn.Page.Spoken != "fr" || turn.Page.Title != "Fin" {
		t.Errorf("the outcome: %q in %q", turn.Page.Title, turn.Page.Spoken)
	}
}

package editor_test

import (
	"regexp"
	"strings"
	"testing"

	"selfhelp/app/web/webtest"
)

var dataMark = regexp.MustCompile(`data-mark="(\w+)"`)

// TestOnlyWhatChangesIsDrawnAgain edits as the page does, which says what it
// shows of the drawing.
func TestOnlyWhatChangesIsDrawnAgain(t *testing.T) {
	w := newWorkshop(t)
	marks := func(page string) string {
		var all []string
		for _, m := range dataMark.FindAllStringSubmatch(page, -1) {
			all = append(all, m[1])
		}
		return strings.Join(all, " ")
	}
	page := webtest.Text(t, webtest.Ask(w.Site, "GET", w.url("?lang=fr&step=ask"), w.me))
	drawn := marks(page)
	if n := len(strings.Fields(drawn)); n != 4 {
		t.Fatalf("%d marks: the drawing and its three cards have one each", n)
	}
	swap := webtest.Header("Swap", "1")
	page = webtest.Text(t, webtest.Ask(w.Site, "GET", w.url("?lang=fr&step=done"), w.me, swap, webtest.Header("Drawn", drawn)))
	if strings.Contains(page, `id="editor-canvas"`) || strings.Contains(page, `id="card-start"`) || strings.Count(page, `id="card-`) != 2 {
		t.Error("choosing another card draws more than the two")
	}
	for _, c := range []struct {
		what   string
		fields map[string]string
		cards  []string
		whole  bool
	}{
		{"a title", map[string]string{"step": "ask", "quiet": "1", "t:title:fr": "Est-elle vraie ?"}, []string{"ask"}, false},
		{"what is not drawn", map[string]string{"step": "ask", "quiet": "1", "t:text:fr": "Regardez.", "t:text:en": "Look."}, nil, false},
		{"an answer", map[string]string{"step": "ask", "quiet": "1", "t:answers.yes.text:fr": "Tout à fait"}, []string{"start", "ask", "done"}, true},
		{"another card is chosen", map[string]string{"step": "done"}, []string{"ask", "done"}, false},
		{"another language", map[string]string{"step": "done", "lang": "en"}, []string{"start", "ask", "done"}, true},
		{"a step more", map[string]string{"do": "add|page", "after": "ask", "edge": "answer.no", "words": "Et après"}, []string{"start", "ask", "done"}, true},
	} {
		c.fields["drawn"] = drawn
		page = webtest.Text(t, w.post(t, w.me, c.fields, swap))
		if whole := strings.Contains(page, `id="editor-canvas"`); whole != c.whole {
			t.Errorf("%s: drawn as a whole: %t", c.what, whole)
		}
		for _, id := range []string{"start", "ask", "done"} {
			want := false
			for _, card := range c.cards {
				want = want || card == id
			}
			if strings.Contains(page, `id="card-`+id+`"`) != want {
				t.Errorf("%s: card %s is drawn: %t", c.what, id, !want)
			}
		}
		w.post(t, w.me, map[string]string{"do": "restore|1"})
		page = webtest.Text(t, webtest.Ask(w.Site, "GET", w.url("?lang=fr&step=ask"), w.me))
		if again := marks(page); again != drawn {
			t.Errorf("%s: the same drawing has other marks: %s, %s", c.what, drawn, again)
		}
	}
}

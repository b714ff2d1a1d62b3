package editor_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"selfhelp/app/web/webtest"
)

// TestWritingInAStepThatIsGone: what was typed in a step that somebody else
// deleted is given back, and goes into no other form.
func TestWritingInAStepThatIsGone(t *testing.T) {
	w := newWorkshop(t)
	old := fmt.Sprint(w.now(t).Revision)
	if got := w.post(t, w.me, map[string]string{"do": "delete", "step": "ask"}).StatusCode; got != http.StatusSeeOther {
		t.Fatal(got)
	}
	stands := w.now(t)
	r := w.post(t, w.me, map[string]string{"step": "ask", "revision": old, "quiet": "1", "t:title:fr": "Est-elle allumée ?", "t:text:fr": "Regardez derrière."}, webtest.Header("Swap", "1"))
	page := webtest.Text(t, r)
	if r.StatusCode != http.StatusConflict || !strings.Contains(page, "Regardez derrière.") {
		t.Errorf("%d: what was typed is gone", r.StatusCode)
	}
	if strings.Contains(page, `value="Est-elle allumée ?"`) {
		t.Error("the title of the step stands in the form of the procedure")
	}
	if !strings.Contains(page, "Someone else deleted this step") && !strings.Contains(page, "Quelqu’un d’autre a supprimé cette étape") {
		t.Error("the page does not say what happened")
	}
	if w.now(t).Revision != stands.Revision {
		t.Error("something was written")
	}
}

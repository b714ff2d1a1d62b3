package editor_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"selfhelp/app/web/webtest"
)

// open shows the page of the workshop's procedure at a query, in English.
func (w *workshop) open(t *testing.T, query string) string {
	t.Helper()
	r := webtest.Ask(w.Site, "GET", w.url(query), w.me, webtest.Header("Accept-Language", "en"))
	page, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d (%v)", query, r.StatusCode, err)
	}
	return string(page)
}

// TestStepsJustBegunAreCalm: what a new step lacks is to be filled in while one
// is at it, and wrong once one has left it.
func TestStepsJustBegunAreCalm(t *testing.T) {
	w := newWorkshop(t)
	w.post(t, w.me, map[string]string{"do": "add|set", "after": "ask", "edge": "answer.no", "words": "Compter"})
	at := w.open(t, "?lang=fr&step=compter")
	for _, words := range []string{"3 points to fill in", `class="mark-todo"`, `placeholder="To be filled in"`, "for example var.tries + 1", "Value 1"} {
		if !strings.Contains(at, words) {
			t.Errorf("at the step, there is no %q", words)
		}
	}
	for _, words := range []string{`class="mark-wrong"`, `class="error"`, `li class="wrong"`} {
		if strings.Contains(at, words) {
			t.Errorf("at the step, there is %q", words)
		}
	}
	left := w.open(t, "?lang=fr&step=ask")
	if !strings.Contains(left, `class="mark-wrong"`) || !strings.Contains(left, "3 errors") || strings.Contains(left, "to fill in") {
		t.Error("what is missing is not said once the step is left")
	}
	w.post(t, w.me, map[string]string{"step": "compter", "p:values.value.name": "tries", "p:values.value.value": "nothing + 1"})
	if wrong := w.open(t, "?lang=fr&step=compter"); !strings.Contains(wrong, `class="error"`) || !strings.Contains(wrong, "tries = nothing + 1") {
		t.Error("what is wrong is not said at the step, or its value has no name")
	}
}

// TestWaysSayWhereTheyLead when they have no target of their own.
func TestWaysSayWhereTheyLead(t *testing.T) {
	w := newWorkshop(t)
	if page := w.open(t, "?lang=en&step=ask"); !strings.Contains(page, ">Nowhere yet<") || strings.Contains(page, "As the step goes on") {
		t.Error("an answer that leads nowhere does not say so")
	}
	w.post(t, w.me, map[string]string{"step": "ask", "tab": "logic", "e:next": "done"})
	for _, tab := range []string{"content", "logic"} {
		if page := w.open(t, "?lang=en&step=ask&tab="+tab); !strings.Contains(page, "As the step goes on: Done") {
			t.Errorf("%s: an answer without a target does not say where it leads", tab)
		}
	}
	w.post(t, w.me, map[string]string{"do": "add|test", "after": "ask", "edge": "answer.no", "words": "Combien"})
	if page := w.open(t, "?lang=en&step=combien&tab=logic"); !strings.Contains(page, ">Otherwise<") {
		t.Error("the way of a test when no rule holds has no name")
	}
	if page := w.open(t, "?lang=en&step=combien"); !strings.Contains(page, "Rule 1") || !strings.Contains(page, "The first rule that holds wins.") {
		t.Error("a new rule has no name, or no example")
	}
}

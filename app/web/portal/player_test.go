package portal_test

import (
	"regexp"
	"strings"
	"testing"

	"selfhelp/app/web/webtest"
)

func TestJourney(t *testing.T) {
	b := webtest.NewBrowser(t, webtest.DeskSite(t))
	b.Open("/r/lamp?lang=en&ctx.room=12").Sees("What colour?", "Room 12.", "Red", "Green").SeesNot("Hidden", "Staff")
	b.Answer("answer", "red").Sees("Who are you?")
	b.Answer("do", "answer", "f.who", "", "f.age", "7").Sees(`id="problems"`, `aria-invalid="true"`)
	if b.Status != 422 {
		t.Errorf("a refused answer has status %d", b.Status)
	}
	b.Answer("do", "answer", "f.who", "Camille", "f.age", "7").Sees("Hello Camille", "<strong>Camille</strong>")
	b.Answer("do", "back").Sees("Who are you?", `value="Camille"`)
	b.Answer("do", "answer", "f.who", "Dominique", "f.age", "7").Sees("Hello Dominique")
	b.Answer("answer", "next").Sees("Mended", "Did this procedure help you?")
	b.Answer("do", "feedback", "score", "1", "comment", "Thanks").Sees("your opinion is recorded")
	b.Answer("do", "restart").Sees("What colour?")
}

// TestTypingSurvivesTheTools leaves words for the writer and goes back from a
// form that is half filled in: what was typed stands there again.
func TestTypingSurvivesTheTools(t *testing.T) {
	b := webtest.NewBrowser(t, webtest.DeskSite(t)).Open("/r/lamp?lang=en").Answer("answer", "red").Sees("Who are you?")
	b.Answer("do", "postit", "postit", "Too long", "f.who", "Zoé").Sees("Who are you?", `value="Zoé"`)
	b.Answer("do", "back", "f.who", "Zoé d'Arc").Sees("What colour?").Answer("answer", "red").Sees(`value="Zoé d&#39;Arc"`)
}

// TestEnterSendsTheAnswer: browsers press the first button of a form for the
// Enter key, wherever on the page that button stands.
func TestEnterSendsTheAnswer(t *testing.T) {
	b := webtest.NewBrowser(t, webtest.DeskSite(t)).Open("/r/lamp?lang=en").Answer("answer", "red")
	first := regexp.MustCompile(`<button[^>]*form="turn"[^>]*>`).FindString(b.Page)
	if !strings.Contains(first, `name="do" value="answer"`) {
		t.Errorf("the first button of the form is %q", first)
	}
}

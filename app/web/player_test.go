package web

import (
	"testing"
)

func TestJourney(t *testing.T) {
	b := newBrowser(t, deskSite(t))
	b.open("/r/lamp?lang=en&ctx.room=12").sees("What colour?", "Room 12.", "Red", "Green").seesNot("Hidden", "Staff")
	b.answer("answer", "red").sees("Who are you?")
	b.answer("do", "answer", "f.who", "", "f.age", "7").sees(`id="problems"`, `aria-invalid="true"`)
	if b.status != 422 {
		t.Errorf("a refused answer has status %d", b.status)
	}
	b.answer("do", "answer", "f.who", "Camille", "f.age", "7").sees("Hello Camille", "<strong>Camille</strong>")
	b.answer("do", "back").sees("Who are you?", `value="Camille"`)
	b.answer("do", "answer", "f.who", "Dominique", "f.age", "7").sees("Hello Dominique")
	b.answer("answer", "next").sees("Mended", "Did this procedure help you?")
	b.answer("do", "feedback", "score", "1", "comment", "Thanks").sees("your opinion is recorded")
	b.answer("do", "restart").sees("What colour?")
}

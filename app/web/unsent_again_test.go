package web_test

import (
	"net/http"
	"strings"
	"testing"

	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
)

// TestAFormOutlivesTwoSessions waits once, and can be sent, when the session has ended
// again before it was.
func TestAFormOutlivesTwoSessions(t *testing.T) {
	s := webtest.DeskSite(t)
	b, page, form := camille(t, s)
	sendLate(t, b, page, form)
	for range 2 {
		signInTo(b, "camille", "/login/unsent")
		target, got := unsentForm(t, b.Page)
		endSessions(t, s, "camille")
		sendLate(t, b, target, got)
	}
	signInTo(b, "camille", "/login/unsent").Sees("Green</dd>")
	if n := strings.Count(b.Page, "Send the form now"); n != 1 {
		t.Errorf("it waits %d times", n)
	}
	target, got := unsentForm(t, b.Page)
	leave(t, b)
	endSessions(t, s, "camille")
	sendLate(t, b, target, got) // one that was left, by Back
	signInTo(b, "camille", "/login/unsent").Sees("Green</dd>")
	target, got = unsentForm(t, b.Page)
	if b.Follow(b.Send("POST", target, webtest.Form(got.Encode())), page).Sees("Mended"); strings.Count(target, "unsent=") != 1 {
		t.Errorf("sent to %s", target)
	}
}

// TestAKeptFormWithAMistakeWaitsOn until it is sent without, and then no more.
func TestAKeptFormWithAMistakeWaitsOn(t *testing.T) {
	s := webtest.DeskSite(t)
	b, _, _ := camille(t, s)
	signInTo(b, "camille", "/")
	b.Open("/r/lamp?lang=en").Answer("answer", "red").Sees("Who are you?")
	page, form := b.Path, b.Fields()
	form.Set("f.who", "Camille")
	form.Set("f.age", "500")
	endSessions(t, s, "camille")
	sendLate(t, b, page, form)
	signInTo(b, "camille", "/login/unsent").Sees("500</dd>")
	target, got := unsentForm(t, b.Page)
	if b.Follow(b.Send("POST", target, webtest.Form(got.Encode())), target).Sees(`value="500"`); b.Status != http.StatusUnprocessableEntity {
		t.Fatalf("%d: %s", b.Status, webtest.MainOf(b.Page))
	}
	right := b.Fields()
	b.Open("/login/unsent").Sees("500</dd>", "Send the form now")
	right.Set("f.who", "Camille")
	right.Set("f.age", "50")
	b.Follow(b.Send("POST", page, webtest.Form(right.Encode())), page).Sees("Hello Camille")
	b.Open("/login/unsent").Sees("Your form was sent").SeesNot("Send the form now")
}

// TestTheLaterAnswerCounts: of two answers to one step that came too late, one waits.
func TestTheLaterAnswerCounts(t *testing.T) {
	s := webtest.DeskSite(t)
	b, page, form := camille(t, s)
	sendLate(t, b, page, form)
	form.Set("answer", "red")
	sendLate(t, b, page, form)
	signInTo(b, "camille", "/login/unsent").Sees("Red</dd>").SeesNot("Green</dd>")
}

// TestWhatIsLeftOutIsNamed: a secret and a file are not kept, and asked for again
// beside what is.
func TestWhatIsLeftOutIsNamed(t *testing.T) {
	s := webtest.NewSite(t)
	desk := webtest.Desk(t)
	for _, p := range desk.Procedures {
		if p.Alias == "lamp" {
			form := p.Step("name").Form
			form.Fields = append(form.Fields,
				procedure.Field{ID: "pin", Type: procedure.FieldSecret, Label: procedure.T("Code", "Pin code")},
				procedure.Field{ID: "bill", Type: procedure.FieldFile, Label: procedure.T("Facture", "Bill")},
				procedure.Field{ID: "other", Type: procedure.FieldSecret, Label: procedure.T("Autre", "Other secret")})
		}
	}
	webtest.Publish(t, s, webtest.Published{Domain: "production", Project: desk, Number: publication.Number{Major: 1}})
	b, _, _ := camille(t, s)
	signInTo(b, "camille", "/")
	b.Open("/r/lamp?lang=en").Answer("answer", "red").Sees("Pin code")
	page, form := b.Path, b.Fields()
	endSessions(t, s, "camille")
	parts := []string{frame.PageField, form.Get(frame.PageField)}
	form.Del(frame.PageField)
	for name, v := range form {
		parts = append(parts, name, v[0])
	}
	parts = append(parts, "f.who", "Camille", "f.pin", "1234", frame.UnkeptField, "f.pin", "f.other", "", frame.UnkeptField, "f.other")
	if to := b.Send("POST", page, webtest.Parts(parts...)).Header.Get("Location"); to != wayToUnsent {
		t.Fatalf("it leads to %q", to)
	}
	signInTo(b, "camille", "/login/unsent").Sees("Camille</dd>", ">Pin code</label>", "This was not kept", `type="password"`, `name="f.pin"`).SeesNot("1234", "Other secret")
}

// TestWhoSignsInIsToldOfTheirForm wherever they were going, and goes on there.
func TestWhoSignsInIsToldOfTheirForm(t *testing.T) {
	s := webtest.DeskSite(t)
	b, page, form := camille(t, s)
	sendLate(t, b, page, form)
	b.Open("/login").Sees("What you typed is kept")
	signInTo(b, "camille", "/me?a=b").Sees("Green</dd>", `href="/me?a=b"`)
	endSessions(t, s, "camille")
	signInTo(b, "camille", "/").Sees("Green</dd>")
	target, got := unsentForm(t, b.Page)
	b.Send("POST", target, webtest.Form(got.Encode()))
	endSessions(t, s, "camille")
	if signInTo(b, "camille", "/me"); b.Path != "/me" {
		t.Errorf("nothing waits, and it leads to %s", b.Path)
	}
}

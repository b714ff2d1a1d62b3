package web_test

import (
	"net/http"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
)

// TestAPageOfSomebodyElseSavesNothing: the script of a page that stayed open says whom
// it is for, and is refused while another is signed in in its browser.
func TestAPageOfSomebodyElseSavesNothing(t *testing.T) {
	s := webtest.DeskSite(t)
	webtest.AddUser(t, s, "zoë", access.Writer, "production")
	webtest.AddUser(t, s, "other", access.Writer, "production")
	b := webtest.SignedInAs(t, s, "zoë").Open("/studio")
	if !strings.Contains(b.Page, `data-person="zo%C3%AB"`) {
		t.Error("the page does not say whom it is for")
	}
	save := func(b *webtest.Browser, of string) int {
		r := b.Send("POST", "/studio/notes/none", webtest.Form("x=1"), webtest.Header(frame.SwapHeader, "1"), webtest.Header(frame.PersonHeader, of))
		return r.StatusCode
	}
	other := webtest.SignedInAs(t, s, "other")
	for of, want := range map[string]int{"zo%C3%AB": http.StatusConflict, "%zz": http.StatusConflict, "other": http.StatusNotFound, "": http.StatusNotFound} {
		if got := save(other, of); got != want {
			t.Errorf("of %q: %d, want %d", of, got, want)
		}
	}
}

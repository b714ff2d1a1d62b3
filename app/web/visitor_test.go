package web_test

import (
	"net/http"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/web/webtest"
)

// TestAGuestsJourneyIsNotOfWhoSignsInNext: what a guest began in a browser where
// somebody was signed in is read by neither another account that signs in there, nor
// after signing out. The same account goes on with it, and so does whoever signs in
// from its page or in a browser of their own.
func TestAGuestsJourneyIsNotOfWhoSignsInNext(t *testing.T) {
	s := webtest.DeskSite(t)
	webtest.AddUser(t, s, "other", access.User, "production")
	owner, _, _ := camille(t, s)
	english := webtest.Header("Accept-Language", "en")
	begin := func(b *webtest.Browser) string {
		t.Helper()
		return b.Open("/r/lamp?lang=en", english).Path
	}
	for what, c := range map[string]struct {
		b     *webtest.Browser
		login string
		from  bool // its page
		want  int
	}{
		"another account":        {owner, "other", false, http.StatusNotFound},
		"the same account":       {owner, "camille", false, http.StatusOK},
		"another, from its page": {owner, "other", true, http.StatusOK},
		"the first of a browser": {webtest.NewBrowser(t, s), "other", false, http.StatusOK},
		"the first, from a page": {webtest.NewBrowser(t, s), "other", true, http.StatusOK},
	} {
		if c.b == owner {
			signInTo(owner, "camille", "/")
			endSessions(t, s, "camille")
		}
		page, next := begin(c.b), "/"
		if c.from {
			next = page
		}
		signInTo(c.b, c.login, next)
		if c.b.Open(page); c.b.Status != c.want {
			t.Errorf("%s: %d, want %d", what, c.b.Status, c.want)
		}
		c.b.Send("POST", "/logout")
		if c.b.Open(page); c.b.Status == http.StatusOK {
			t.Errorf("%s: it is read after signing out", what)
		}
	}
}

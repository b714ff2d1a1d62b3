package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
)

var pathValue = regexp.MustCompile(`\{[^}]*\}`)

// TestWhosePageComesBeforeTheRight sends every form of the table from a page of
// somebody else: each says so, whatever who is there may do or may not.
func TestWhosePageComesBeforeTheRight(t *testing.T) {
	s := webtest.NewSite(t, func(c *frame.Config) { c.Limits.Signs = frame.Rate{PerSecond: -1} })
	webtest.AddUser(t, s, "zoe", access.User, "production")
	webtest.AddUser(t, s, "other", access.User, "production")
	mark := markOf(t, webtest.SignedInAs(t, s, "zoe").Open("/me"))
	b, asked := webtest.SignedInAs(t, s, "other"), 0
	for _, rt := range s.Table() {
		method, path, _ := strings.Cut(rt.Pattern, " ")
		if method != http.MethodPost || rt.Needs == access.Public || strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/scim/") {
			continue
		}
		asked++
		to := pathValue.ReplaceAllString(path, "none")
		for what, form := range map[string]func(*http.Request){
			"a form":          webtest.Form(url.Values{frame.PageField: {mark}, "x": {"1"}}.Encode()),
			"a form in parts": webtest.Parts(frame.PageField, mark, "x", "1"),
			"a large form":    webtest.Form(url.Values{frame.PageField: {mark}, "x": {strings.Repeat("1", 10<<10)}}.Encode()),
		} {
			if r := b.Send("POST", to, form); r.StatusCode != http.StatusConflict {
				t.Errorf("%s to %s: %d", what, rt.Pattern, r.StatusCode)
			}
		}
	}
	if asked < 80 {
		t.Errorf("only %d routes were asked", asked)
	}
}

package web_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/watch"
	"selfhelp/app/watch/measure"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
)

// TestWhatPeopleDoIsCounted signs in, well and not, and runs a procedure.
func TestWhatPeopleDoIsCounted(t *testing.T) {
	var m *measure.Measures
	s := webtest.DeskSite(t, func(c *frame.Config) {
		c.Watch = watch.New(watch.Sources{Store: c.Store, GoodFor: 1})
		m = measure.New(c.Watch, c.Store, "test")
		c.Measure = m
	})
	webtest.AddUser(t, s, "ada", access.User, "production")
	webtest.TryToSignIn(s, "ada", webtest.GoodPassword)
	webtest.TryToSignIn(s, "ada", "something else")
	b := webtest.NewBrowser(t, s).Open("/r/lamp")
	b.Answer("answer", "green")
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	page := w.Body.String()
	for _, want := range []string{
		`selfhelp_sign_ins_total{method="password",result="in"} 1`, `selfhelp_sign_ins_total{method="password",result="refused"} 1`,
		`selfhelp_sessions 1`, `selfhelp_executions_begun_total 1`, `selfhelp_answers_total 1`, `selfhelp_executions_ended_total{outcome="solved"} `,
		`selfhelp_http_requests_total{method="POST",route="/login",status="3xx"} 1`, `selfhelp_http_requests_total{method="POST",route="/login",status="4xx"} 1`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
	if t.Failed() {
		for line := range strings.Lines(page) {
			if strings.HasPrefix(line, "selfhelp_") && !strings.Contains(line, "bucket") {
				t.Log(line)
			}
		}
		t.Log(webtest.MainOf(b.Page))
	}
}

package web_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store/audit"
)

// BenchmarkRefused is an attempt to sign in of an address that makes too many.
func BenchmarkRefused(b *testing.B) {
	s := webtest.NewSite(b, func(c *frame.Config) { c.Limits.Signs = frame.Rate{PerSecond: 1e-9, Burst: 1} })
	body := "login=somebody&password=a+wrong+password"
	ask := func() int {
		r := httptest.NewRequest("POST", "/login", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w.Code
	}
	ask()
	b.ReportAllocs()
	for b.Loop() {
		if got := ask(); got != http.StatusTooManyRequests {
			b.Fatalf("answered %d", got)
		}
	}
}

// TestAFloodShutsNobodyOut: while an address makes too many attempts, those
// attempts cost a page that is ready, and whoever else is behind that address
// works on and comes in from a browser that is known.
func TestAFloodShutsNobodyOut(t *testing.T) {
	now := time.Now() // which stands still: no time is earned
	var log webtest.SafeBuffer
	s := webtest.NewSite(t, func(c *frame.Config) {
		c.Now, c.Log = func() time.Time { return now }, webtest.TextLog(&log)
		c.Limits.All = frame.Rate{PerSecond: 1, Burst: 200}
	})
	webtest.AddUser(t, s, "camille", access.User, "production")
	known, other := webtest.SignedIn(t, s, "camille"), webtest.SignedIn(t, s, "camille")
	before := len(entries(t, s))
	var last *http.Response
	for i := range 1000 {
		last = webtest.TryToSignIn(s, "somebody"+strconv.Itoa(i%7), "guess", webtest.Header("Accept-Language", "fr"))
	}
	if body := webtest.Text(t, last); last.StatusCode != 429 || last.Header.Get("Retry-After") == "" || !strings.Contains(body, "Patientez") || !strings.Contains(body, `href="/login"`) || !strings.HasPrefix(last.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("the last of a thousand attempts is answered %d %v %s", last.StatusCode, last.Header, body)
	}
	if last.ContentLength > 3000 {
		t.Errorf("a refusal is %d bytes, more than goes out at once with its header", last.ContentLength)
	}
	if lines := strings.Count(log.String(), "\n"); lines > 150 {
		t.Errorf("a thousand attempts left %d lines in the log", lines)
	}
	if n := len(entries(t, s)) - before; n > 10 {
		t.Errorf("a thousand attempts left %d entries in the audit", n)
	}
	for path, as := range map[string]func(*http.Request){"/me": known, "/login": webtest.Header("Accept", "text/html")} {
		if got := webtest.Ask(s, "GET", path, as).StatusCode; got != 200 {
			t.Errorf("%s from the same address: %d", path, got)
		}
	}
	if got := webtest.TryToSignIn(s, "camille", webtest.GoodPassword, known).StatusCode; got != 303 {
		t.Errorf("the known browser behind the same address signs in: %d", got)
	}
	if got := webtest.TryToSignIn(s, "camille", webtest.GoodPassword, webtest.FromAddress(3)).StatusCode; got != 303 {
		t.Errorf("from another address: %d", got)
	}
	for range 300 { // now everything is flooded
		last = webtest.Ask(s, "GET", "/login")
	}
	asset, mine := webtest.Ask(s, "GET", "/assets/x"), webtest.Ask(s, "GET", "/me", other)
	if last.StatusCode != 429 || asset.StatusCode != 429 || mine.StatusCode != 200 {
		t.Errorf("an address that asks too often gets %d and %d, and the known browser behind it %d", last.StatusCode, asset.StatusCode, mine.StatusCode)
	}
}

func entries(t *testing.T, s *frame.Site) []audit.Entry {
	t.Helper()
	all, err := s.Content.AuditEntries(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

package frame_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
)

func TestEveryAnswerHasItsHeaders(t *testing.T) {
	s := webtest.NewSite(t)
	for _, path := range []string{"/healthz", "/nowhere", "/gallery", "/api/v1/nowhere"} {
		h := webtest.Ask(s, "GET", path).Header
		for name, want := range frame.EveryHeader {
			if h.Get(name) != want[0] {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
	}
	h := webtest.Ask(s, "GET", "/login").Header
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store",
	} {
		if h.Get(name) != want {
			t.Errorf("%s is %q", name, h.Get(name))
		}
	}
	for _, part := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"} {
		if !strings.Contains(h.Get("Content-Security-Policy"), part) {
			t.Errorf("the policy of pages has no %s", part)
		}
	}
	for _, word := range []string{"'unsafe-inline'", "'unsafe-eval'", "*"} {
		if strings.Contains(frame.PagePolicy, word) {
			t.Errorf("the policy of pages has %s", word)
		}
	}
}

func TestFailures(t *testing.T) {
	s := webtest.NewSite(t)
	for _, c := range []struct {
		method, path string
		change       []func(*http.Request)
		status       int
		says         string
	}{
		{"GET", "/nowhere", nil, 404, "This page does not exist"},
		{"GET", "/nowhere", []func(*http.Request){webtest.Header("Accept-Language", "fr-FR,fr;q=0.9,en;q=0.8")}, 404, "Cette page n’existe pas"},
		{"POST", "/healthz", nil, 405, "not used that way"},
		{"POST", "/preferences", []func(*http.Request){webtest.Header("Sec-Fetch-Site", "cross-site")}, 403, "was sent by a page of another site"},
		{"POST", "/preferences", []func(*http.Request){webtest.Header("Origin", "null")}, 403, "was sent by a page of another site"},
		{"POST", "/preferences", []func(*http.Request){webtest.Header("Origin", "https://evil.example")}, 403, "was sent by a page of another site"},
		{"GET", "/api/v1/nowhere", nil, 404, `"type":"urn:selfhelp:not-found"`},
		{"GET", "/api/v1/nowhere", nil, 404, "/api/v1 lists"},
		{"DELETE", "/api/nowhere", nil, 404, "/api/v1 lists"},
		{"GET", "/api/", nil, 308, "/api"},
		{"GET", "/api/v1/projects/?domain=x", nil, 308, "/api/v1/projects?domain=x"},
		{"GET", "/studio/", nil, 308, "/studio"},
		{"GET", "/nowhere/", nil, 404, "does not exist"},
		{"GET", "/%2fstudio/", nil, 404, "does not exist"},
		{"GET", "/%2fevil.example/", nil, 404, "does not exist"},
		{"POST", "/studio/new/", nil, 404, "does not exist"},
		{"GET", "/%2e%2e/%2e%2e/etc/passwd", nil, 404, "does not exist"},
		{"GET", "/a;b=1/../c", nil, 307, ""},
		{"TRACE", "/", nil, 405, ""},
	} {
		r := webtest.Ask(s, c.method, c.path, c.change...)
		if body := webtest.Text(t, r); r.StatusCode != c.status || !strings.Contains(body, c.says) {
			t.Errorf("%s %s: %d, want %d %q", c.method, c.path, r.StatusCode, c.status, c.says)
		}
	}
}

func TestForeignOriginsAreNotReflected(t *testing.T) {
	s := webtest.NewSite(t)
	for _, origin := range []string{"null", "https://evil.example"} {
		h := webtest.Ask(s, "GET", "/healthz", webtest.Header("Origin", origin)).Header
		if got := h.Get("Access-Control-Allow-Origin") + h.Get("Access-Control-Allow-Credentials"); got != "" {
			t.Errorf("%s is allowed: %s", origin, got)
		}
	}
}

func TestLimiter(t *testing.T) {
	s := webtest.NewSite(t, func(c *frame.Config) { c.Limits.All = frame.Rate{PerSecond: 0.001, Burst: 3} })
	for i, want := range []int{200, 200, 200, 429} {
		r := webtest.Ask(s, "GET", "/healthz")
		if r.StatusCode != want {
			t.Errorf("request %d: %d, want %d", i, r.StatusCode, want)
		}
		if want == 429 && r.Header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	if r := webtest.Ask(s, "GET", "/healthz", func(r *http.Request) { r.RemoteAddr = "203.0.113.5:9" }); r.StatusCode != 200 {
		t.Errorf("another address: %d", r.StatusCode)
	}
}

func TestPreferences(t *testing.T) {
	s := webtest.NewSite(t)
	r := webtest.Ask(s, "POST", "/preferences", webtest.Form("language=fr&mode=dark&back=/p/production/it%3Fx%3D1"))
	if r.StatusCode != 303 || r.Header.Get("Location") != "/p/production/it?x=1" {
		t.Fatalf("%d %q", r.StatusCode, r.Header.Get("Location"))
	}
	body := webtest.Text(t, webtest.Ask(s, "GET", "/nowhere", webtest.Cookies(r)))
	if !strings.Contains(body, `lang="fr"`) || !strings.Contains(body, `data-theme="dark"`) {
		t.Error("the choice was not kept")
	}
	for _, evil := range []string{"https://evil.example", "//evil.example", `/\evil.example`, "javascript:alert(1)", "/x\r\nSet-Cookie:a=b"} {
		r := webtest.Ask(s, "POST", "/preferences", webtest.Form("mode=light&back="+webtest.Escape(evil)))
		if r.Header.Get("Location") != "/" {
			t.Errorf("%q leads to %q", evil, r.Header.Get("Location"))
		}
	}
}

func TestFlash(t *testing.T) {
	s := webtest.NewSite(t)
	w := httptest.NewRecorder()
	s.Say(w, "ok", "copied")
	v := &frame.Visit{Request: httptest.NewRequest("GET", "/", nil), Words: webtest.WordsIn("fr")}
	webtest.Cookies(w.Result())(v.Request)
	shown := httptest.NewRecorder()
	if f := s.Said(shown, v); f == nil || f.Text != "Copié" {
		t.Errorf("got %+v", f)
	}
	if left := shown.Result().Cookies(); len(left) != 1 || left[0].Name != frame.FlashCookie || left[0].MaxAge >= 0 {
		t.Errorf("it is shown again on the next page: %v", left)
	}
	v = &frame.Visit{Request: httptest.NewRequest("GET", "/", nil), Words: webtest.WordsIn("fr")}
	v.AddCookie(&http.Cookie{Name: frame.FlashCookie, Value: "eyJrIjoiY29waWVkIn0.AAAAAAAAAAAAAAAAAAAAAA"})
	if f := s.Said(httptest.NewRecorder(), v); f != nil {
		t.Errorf("a forged flash was shown: %+v", f)
	}
}

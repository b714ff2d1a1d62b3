package web

import (
	"crypto/ed25519"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"selfhelp/app/execution"
	"selfhelp/app/publication"
	"selfhelp/store"
)

// signing is the key that signs the bundles of the tests.
var signing = ed25519.NewKeyFromSeed([]byte(strings.Repeat("p", 32)))

func newSite(t testing.TB, change ...func(*Config)) *Site {
	t.Helper()
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	data := t.TempDir()
	st, err := store.Open(t.Context(), data, store.Options{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	folder := t.TempDir()
	shelf, err := publication.OpenShelf(folder, []ed25519.PublicKey{signing.Public().(ed25519.PublicKey)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shelf.Close() })
	c := Config{
		Role: Both, Log: log, Now: time.Now, Store: st,
		Keys: Keys{Visitors: []byte(strings.Repeat("k", 32)), States: []execution.SealKey{{ID: "1", Secret: []byte(strings.Repeat("s", 32))}}}, Demo: true,
		Shelf: shelf,
	}
	for _, f := range change {
		f(&c)
	}
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	folders.Store(s, folder)
	dataFolders.Store(s, data)
	return s
}

// ask sends one request through the whole site.
func ask(s *Site, method, path string, change ...func(*http.Request)) *http.Response {
	r := httptest.NewRequest(method, path, nil)
	for _, f := range change {
		f(r)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Result()
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestEveryAnswerHasItsHeaders(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/healthz", "/nowhere", "/gallery", "/api/v1/nowhere"} {
		h := ask(s, "GET", path).Header
		for name, want := range everyHeader {
			if h.Get(name) != want[0] {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
	}
	for _, word := range []string{"'unsafe-inline'", "'unsafe-eval'", "*"} {
		if strings.Contains(pagePolicy, word) {
			t.Errorf("the policy of pages has %s", word)
		}
	}
}

func TestFailures(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct {
		method, path string
		change       []func(*http.Request)
		status       int
		says         string
	}{
		{"GET", "/nowhere", nil, 404, "This page does not exist"},
		{"GET", "/nowhere", []func(*http.Request){header("Accept-Language", "fr-FR,fr;q=0.9,en;q=0.8")}, 404, "Cette page n’existe pas"},
		{"POST", "/healthz", nil, 405, "not used that way"},
		{"POST", "/preferences", []func(*http.Request){header("Sec-Fetch-Site", "cross-site")}, 403, "came from another site"},
		{"POST", "/preferences", []func(*http.Request){header("Origin", "null")}, 403, "came from another site"},
		{"POST", "/preferences", []func(*http.Request){header("Origin", "https://evil.example")}, 403, "came from another site"},
		{"GET", "/api/v1/nowhere", nil, 404, `"type":"urn:selfhelp:not-found"`},
		{"GET", "/%2e%2e/%2e%2e/etc/passwd", nil, 404, "does not exist"},
		{"GET", "/a;b=1/../c", nil, 307, ""},
		{"TRACE", "/", nil, 405, ""},
	} {
		r := ask(s, c.method, c.path, c.change...)
		if body := text(t, r); r.StatusCode != c.status || !strings.Contains(body, c.says) {
			t.Errorf("%s %s: %d, want %d %q", c.method, c.path, r.StatusCode, c.status, c.says)
		}
	}
}

func TestForeignOriginsAreNotReflected(t *testing.T) {
	s := newSite(t)
	for _, origin := range []string{"null", "https://evil.example"} {
		h := ask(s, "GET", "/healthz", header("Origin", origin)).Header
		if got := h.Get("Access-Control-Allow-Origin") + h.Get("Access-Control-Allow-Credentials"); got != "" {
			t.Errorf("%s is allowed: %s", origin, got)
		}
	}
}

func TestAddressIsBelievedFromProxiesOnly(t *testing.T) {
	own, err := parseProxies([]string{"10.0.0.0/8", "192.0.2.1/32"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		peer, forwarded, proto string
		want                   string
		secure                 bool
	}{
		{"203.0.113.9:1", "198.51.100.7", "https", "203.0.113.9", false},
		{"10.0.0.2:1", "198.51.100.7", "https", "198.51.100.7", true},
		{"10.0.0.2:1", "1.2.3.4, 198.51.100.7, 192.0.2.1", "http", "198.51.100.7", false},
		{"10.0.0.2:1", "nonsense", "", "10.0.0.2", false},
		{"10.0.0.2:1", "", "", "10.0.0.2", false},
		{"[::ffff:203.0.113.9]:1", "", "", "203.0.113.9", false},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		r.Header.Set("X-Forwarded-For", c.forwarded)
		r.Header.Set("X-Forwarded-Proto", c.proto)
		r.Header.Set("X-Forwarded-User", "admin")
		addr, secure := own.client(r)
		if addr.String() != c.want || secure != c.secure {
			t.Errorf("%+v: got %s %v", c, addr, secure)
		}
	}
	if _, err := parseProxies([]string{"everyone"}); err == nil {
		t.Error("a network that is none was taken")
	}
}

func TestLimiter(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Limits.All = Rate{PerSecond: 0.001, Burst: 3} })
	for i, want := range []int{200, 200, 200, 429} {
		r := ask(s, "GET", "/healthz")
		if r.StatusCode != want {
			t.Errorf("request %d: %d, want %d", i, r.StatusCode, want)
		}
		if want == 429 && r.Header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	if r := ask(s, "GET", "/healthz", func(r *http.Request) { r.RemoteAddr = "203.0.113.5:9" }); r.StatusCode != 200 {
		t.Errorf("another address: %d", r.StatusCode)
	}
}

func TestLimiterForgets(t *testing.T) {
	l := newLimiter(Rate{1, 1})
	addr := func(i int) [4]byte { return [4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)} }
	for i := range 3 * limiterAddresses {
		l.allow(netipFrom(addr(i)), time.Unix(0, 0))
	}
	if n := len(l.young) + len(l.old); n > 2*limiterAddresses {
		t.Errorf("%d addresses are kept", n)
	}
}

func TestPreferences(t *testing.T) {
	s := newSite(t)
	r := ask(s, "POST", "/preferences", form("language=fr&mode=dark&back=/p/production/it%3Fx%3D1"))
	if r.StatusCode != 303 || r.Header.Get("Location") != "/p/production/it?x=1" {
		t.Fatalf("%d %q", r.StatusCode, r.Header.Get("Location"))
	}
	body := text(t, ask(s, "GET", "/nowhere", cookies(r)))
	if !strings.Contains(body, `lang="fr"`) || !strings.Contains(body, `data-theme="dark"`) {
		t.Error("the choice was not kept")
	}
	for _, evil := range []string{"https://evil.example", "//evil.example", `/\evil.example`, "javascript:alert(1)", "/x\r\nSet-Cookie:a=b"} {
		r := ask(s, "POST", "/preferences", form("mode=light&back="+escape(evil)))
		if r.Header.Get("Location") != "/" {
			t.Errorf("%q leads to %q", evil, r.Header.Get("Location"))
		}
	}
}

func TestFlash(t *testing.T) {
	s := newSite(t)
	w := httptest.NewRecorder()
	s.say(w, "ok", "copied")
	v := &visit{Request: httptest.NewRequest("GET", "/", nil), words: wordsIn("fr")}
	cookies(w.Result())(v.Request)
	if f := s.said(httptest.NewRecorder(), v); f == nil || f.Text != "Copié" {
		t.Errorf("got %+v", f)
	}
	v = &visit{Request: httptest.NewRequest("GET", "/", nil), words: wordsIn("fr")}
	v.AddCookie(&http.Cookie{Name: flashCookie, Value: "eyJrIjoiY29waWVkIn0.AAAAAAAAAAAAAAAAAAAAAA"})
	if f := s.said(httptest.NewRecorder(), v); f != nil {
		t.Errorf("a forged flash was shown: %+v", f)
	}
}

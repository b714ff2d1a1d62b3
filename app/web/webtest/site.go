package webtest

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
	"selfhelp/app/web"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/seal"
	"selfhelp/store"
	"selfhelp/store/storetest"
)

// signing is the key that signs the bundles of the tests.
var signing = ed25519.NewKeyFromSeed([]byte(strings.Repeat("p", 32)))

// emptyStore is the data folder of a server with nothing in it.
func emptyStore(t testing.TB) string {
	return storetest.Folder(t, func(dir string) (*store.Store, error) {
		return store.Open(t.Context(), dir, store.Options{Log: slog.New(slog.DiscardHandler)})
	})
}

// NewSite is a site with nothing in it.
func NewSite(t testing.TB, change ...func(*frame.Config)) *frame.Site {
	t.Helper()
	return siteAt(t, emptyStore(t), change...)
}

// siteAt is a site on a data folder.
func siteAt(t testing.TB, data string, change ...func(*frame.Config)) *frame.Site {
	t.Helper()
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	clock := time.Now // of the store too: sessions are kept by one and judged by the other
	st, err := store.Open(t.Context(), data, store.Options{Log: log, Now: func() time.Time { return clock() }})
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
	c := frame.Config{
		Role: frame.Both, Log: log, Now: time.Now, Store: st,
		Keys: seal.Keys{Visitors: [][]byte{[]byte(strings.Repeat("k", 32))}, States: []execution.SealKey{{ID: "1", Secret: []byte(strings.Repeat("s", 32))}}}, Demo: true,
		Shelf: shelf,
	}
	for _, f := range change {
		f(&c)
	}
	clock = c.Now
	s, err := web.New(c)
	if err != nil {
		t.Fatal(err)
	}
	folders.Store(s, folder)
	DataFolders.Store(s, data)
	return s
}

// Ask sends one request through the whole site.
func Ask(s *frame.Site, method, path string, change ...func(*http.Request)) *http.Response {
	r := httptest.NewRequest(method, path, nil)
	for _, f := range change {
		f(r)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Result()
}

// Header sets a header of a request.
func Header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// Text is the body of an answer.
func Text(t *testing.T, r *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%!"} {
		if i := strings.Index(string(body), verb); i >= 0 && strings.Contains(r.Header.Get("Content-Type"), "html") {
			t.Errorf("a sentence lacks its values: …%s…", body[max(0, i-80):min(len(body), i+40)])
		}
	}
	return string(body)
}

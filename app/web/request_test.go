package web

import (
	"log/slog"
	"sync"

	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"selfhelp/store"
	"selfhelp/views/ui"
)

// form makes a request the post of a form.
func form(body string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Body = io.NopCloser(strings.NewReader(body))
		r.ContentLength = int64(len(body))
	}
}

// cookies gives a request the cookies that an answer set.
func cookies(from *http.Response) func(*http.Request) {
	return func(r *http.Request) {
		for _, c := range from.Cookies() {
			if c.MaxAge >= 0 {
				r.AddCookie(c)
			}
		}
	}
}

func escape(s string) string { return url.QueryEscape(s) }

func netipFrom(b [4]byte) netip.Addr { return netip.AddrFrom4(b) }

func wordsIn(lang string) *ui.Words { return ui.In(lang) }

// postitsOf asks for the post-its of the execution a browser is on.
func postitsOf(b *browser) store.PostitFilter {
	return store.PostitFilter{Execution: strings.Split(b.path, "/")[2]}
}

// safeBuffer is written by several goroutines.
type safeBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func textLog(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

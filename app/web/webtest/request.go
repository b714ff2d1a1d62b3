package webtest

import (
	"bytes"
	"log/slog"
	"mime/multipart"
	"sync"

	"io"
	"net/http"
	"net/url"
	"strings"

	"selfhelp/store"
	"selfhelp/views/ui"
)

// Form makes a request the post of a form.
func Form(body string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Body = io.NopCloser(strings.NewReader(body))
		r.ContentLength = int64(len(body))
	}
}

// Cookies gives a request the cookies that an answer set.
func Cookies(from *http.Response) func(*http.Request) {
	return func(r *http.Request) {
		for _, c := range from.Cookies() {
			if c.MaxAge >= 0 {
				r.AddCookie(c)
			}
		}
	}
}

// Escape writes a value for an address.
func Escape(s string) string { return url.QueryEscape(s) }

// WordsIn are the words of the interface in a language.
func WordsIn(lang string) *ui.Words { return ui.In(lang) }

// PostitsOf asks for the post-its of the execution a browser is on.
func PostitsOf(b *Browser) store.PostitFilter {
	return store.PostitFilter{Execution: strings.Split(b.Path, "/")[2]}
}

// SafeBuffer is written by several goroutines.
type SafeBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

// Write adds what is written.
func (s *SafeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

// String is what was written.
func (s *SafeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// TextLog is a log in lines of text.
func TextLog(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

// Parts makes a request the post of a form in parts, given as name, value, ….
func Parts(pairs ...string) func(*http.Request) {
	return func(r *http.Request) {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		for i := 0; i < len(pairs); i += 2 {
			w.WriteField(pairs[i], pairs[i+1])
		}
		w.Close()
		r.Header.Set("Content-Type", w.FormDataContentType())
		r.Body, r.ContentLength = io.NopCloser(&body), int64(body.Len())
	}
}

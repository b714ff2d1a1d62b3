package frame

import (
	"bytes"
	"net/http"
	"net/url"
)

// reading takes a page that is read by us, not by a browser.
type reading struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *reading) Header() http.Header { return r.header }

func (r *reading) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

func (r *reading) Write(b []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(b)
}

// Reread returns a page of ours as the person of a visit would be shown it now,
// through the guards of its route; nil where they would be shown no page. Nothing of
// it reaches their browser.
func (s *Site) Reread(v *Visit, address string) *bytes.Buffer {
	at, err := url.ParseRequestURI(address)
	if err != nil {
		return nil
	}
	r := v.Request.Clone(v.Context())
	r.Method, r.URL, r.RequestURI, r.Body, r.ContentLength, r.Form, r.PostForm = http.MethodGet, at, address, http.NoBody, 0, nil, nil
	r.Header.Del(SwapHeader)
	inner := &Visit{Request: r, ID: v.ID, reread: true, writes: v.writes}
	s.prepare(inner)
	defer func() {
		if inner.shelf != nil {
			inner.shelf.Release()
		}
	}()
	page := &reading{header: http.Header{}}
	s.mux.ServeHTTP(&recorder{ResponseWriter: page, visit: inner}, r)
	if page.status != http.StatusOK {
		return nil
	}
	return &page.body
}

package frame

import (
	"io"
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"

	"selfhelp/app/admission"
	"selfhelp/store"
)

// TestTokensOfSessionsAreChance: each token is another one, and has letters enough
// for 128 bits of chance; so has the one that a session is moved to.
func TestTokensOfSessionsAreChance(t *testing.T) {
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	st, err := store.Open(t.Context(), t.TempDir(), store.Options{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	s := newSessions(st, admission.NewDesk(st, time.Now, log), time.Now, "session", false)
	seen := map[string]bool{}
	take := func(w *httptest.ResponseRecorder, letters int) string {
		t.Helper()
		token := w.Result().Cookies()[0].Value
		if seen[token] || len(token) < letters {
			t.Errorf("a token of %d letters, seen before: %t", len(token), seen[token])
		}
		seen[token] = true
		return token
	}
	for range 20 {
		w := httptest.NewRecorder()
		if err := s.Begin(t.Context(), w, "", store.Session{User: "ada", Began: time.Now()}, admission.Entry{Method: "internal"}); err != nil {
			t.Fatal(err)
		}
		before := take(w, 43) // base64 of 32 bytes
		if w = httptest.NewRecorder(); s.Rotate(t.Context(), w, before) != nil {
			t.Fatal("it does not move")
		}
		take(w, 26) // base32 of 128 bits and more
	}
}

package web_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/watch"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
	"selfhelp/store/clocktest"
	"selfhelp/store/disktest"
)

// When the disk is full, whoever is signed in goes on reading, above all what the page of
// the status says of the disk. What would be kept is refused with its sentence, and so is
// signing in.
func TestTheSignedInReadOnWhileTheDiskIsFull(t *testing.T) {
	dir, clock := disktest.Small(t, 16<<20), clocktest.At(time.Now())
	st, err := store.Open(t.Context(), dir, store.Options{Log: slog.New(slog.DiscardHandler), Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	s := webtest.NewSite(t, func(c *frame.Config) { c.Store, c.Now = st, clock.Now })
	s.Watch = watch.New(watch.Sources{Store: st, GoodFor: time.Nanosecond})
	ada := webtest.AddUser(t, s, "ada", access.Administrator, "production")
	ada.Everywhere = true
	if _, err := s.Content.SaveUser(t.Context(), ada, "test"); err != nil {
		t.Fatal(err)
	}
	in := webtest.SignedIn(t, s, "ada")
	secret := webtest.Token(t, s, "ada", access.ScopeRun)
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, bytes.Repeat([]byte{1}, 32<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk is not full: %v", err)
	}
	for name, write := range map[string]func() error{
		"activity": func() error {
			_, err := st.Activity.AddSearch(t.Context(), store.Search{Query: strings.Repeat("word ", 30)})
			return err
		},
		"content": func() error {
			return st.Content.Audit(t.Context(), "test", "test.full", "", strings.Repeat("word ", 30))
		},
	} {
		for err = nil; err == nil; err = write() { // the log of changes has room of its own
		}
		if key, _ := fault.TextOf(err); key != "fault.disk_full" {
			t.Fatalf("%s is not full: %v", name, err)
		}
	}
	for range 3 {
		clock.Pass(time.Minute) // the session is read again
		for _, path := range []string{"/", "/studio", "/admin", "/admin/status", "/me"} {
			if r := webtest.Ask(s, "GET", path, in); r.StatusCode != 200 {
				t.Errorf("GET %s: %d %.300s", path, r.StatusCode, webtest.Text(t, r))
			}
		}
		if r := webtest.Ask(s, "HEAD", "/studio", in); r.StatusCode != 200 {
			t.Errorf("HEAD: %d", r.StatusCode)
		}
	}
	if r := webtest.Ask(s, "GET", "/api/v1/procedures", webtest.Bearer(secret)); r.StatusCode != 200 {
		t.Errorf("a program that reads is answered %d %.300s", r.StatusCode, webtest.Text(t, r))
	}
	refused := func(what string, r *http.Response) {
		if text := webtest.Text(t, r); r.StatusCode != 503 || !strings.Contains(text, "There is no room left on the server") {
			t.Errorf("%s: %d %.300s", what, r.StatusCode, text)
		}
	}
	refused("who saves", webtest.Ask(s, "POST", "/admin/domains", in, webtest.Form("id=north&title_fr=Nord&title_en=North")))
	refused("who signs in", webtest.TryToSignIn(s, "ada", webtest.GoodPassword))
}

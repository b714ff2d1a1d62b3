package frame_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selfhelp/app/watch"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
)

// watched is a site whose facts are good for a moment only.
func watched(t *testing.T) *frame.Site {
	t.Helper()
	return webtest.NewSite(t, func(c *frame.Config) {
		c.Watch = watch.New(watch.Sources{Store: c.Store, Log: c.Log, GoodFor: time.Nanosecond})
	})
}

// told is what is said of a server's health.
type told struct {
	Status  string
	Failing []struct{ Check, What, Hint string }
}

func ask(t *testing.T, s *frame.Site, path, language string) (int, string, told) {
	t.Helper()
	r := webtest.Ask(s, "GET", path, webtest.Header("Accept-Language", language))
	text := webtest.Text(t, r)
	var said told
	if err := json.Unmarshal([]byte(text), &said); err != nil {
		t.Fatalf("%s: %v: %s", path, err, text)
	}
	return r.StatusCode, text, said
}

// TestReadinessSaysWhatIsWrong exchanges a database under the server: nobody
// should be sent there, but a restart is no help by itself.
func TestReadinessSaysWhatIsWrong(t *testing.T) {
	s := watched(t)
	if status, text, _ := ask(t, s, "/readyz", "en"); status != 200 || text != `{"status":"ok"}`+"\n" {
		t.Fatalf("%d %q", status, text)
	}
	data, _ := webtest.DataFolders.Load(s)
	file := filepath.Join(data.(string), "activity.db")
	if err := os.Rename(file, file+".aside"); err != nil {
		t.Fatal(err)
	}
	for language, want := range map[string]string{"en": "exchanged", "fr": "échangé"} {
		status, text, said := ask(t, s, "/readyz", language)
		if status != 503 || said.Status != "unavailable" || len(said.Failing) != 1 || said.Failing[0].Check != "activity" ||
			!strings.Contains(said.Failing[0].What, want) || said.Failing[0].Hint == "" {
			t.Errorf("%s: %d %s", language, status, text)
		}
		for _, secret := range []string{data.(string), "/", s.Build, "sqlite"} {
			if secret != "" && strings.Contains(text, secret) {
				t.Errorf("%s: strangers read %q: %s", language, secret, text)
			}
		}
	}
	if status, text, _ := ask(t, s, "/livez", "en"); status != 200 {
		t.Errorf("a restart does not mend that: %d %s", status, text)
	}
	if err := os.Rename(file+".aside", file); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/readyz", "/healthz"} {
		if status, text, _ := ask(t, s, path, "en"); status != 200 {
			t.Errorf("%s: when the file is back: %d %s", path, status, text)
		}
	}
}

// TestDrainingIsNotReady: whoever sends people here learns it before the end.
func TestDrainingIsNotReady(t *testing.T) {
	s := watched(t)
	s.Watch.Drain()
	status, text, said := ask(t, s, "/readyz", "fr")
	if status != 503 || len(said.Failing) != 1 || said.Failing[0].Check != "draining" {
		t.Errorf("%d %s", status, text)
	}
	if status, _, _ := ask(t, s, "/livez", "fr"); status != 200 {
		t.Errorf("draining is no reason to restart: %d", status)
	}
	if r := webtest.Ask(s, "GET", "/login"); r.StatusCode != 200 {
		t.Errorf("requests still succeed: %d", r.StatusCode)
	}
}

// TestTakeoverIsNotReady names no other server.
func TestTakeoverIsNotReady(t *testing.T) {
	s := watched(t)
	s.Store.Fence("e0002-metz")
	status, text, said := ask(t, s, "/readyz", "en")
	if status != 503 || len(said.Failing) != 1 || said.Failing[0].Check != "takeover" || strings.Contains(text, "metz") {
		t.Errorf("%d %s", status, text)
	}
}

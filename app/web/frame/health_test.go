package frame_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"selfhelp/app/web/webtest"
)

// TestHealthSaysWhatIsWrong exchanges a database under the server.
func TestHealthSaysWhatIsWrong(t *testing.T) {
	s := webtest.NewSite(t)
	look := func(language string) (int, string) {
		s.ForgetHealth()
		r := webtest.Ask(s, "GET", "/healthz", webtest.Header("Accept-Language", language))
		return r.StatusCode, webtest.Text(t, r)
	}
	if status, words := look("en"); status != 200 || words != "ok\n" {
		t.Fatalf("%d %q", status, words)
	}
	data, _ := webtest.DataFolders.Load(s)
	file := filepath.Join(data.(string), "activity.db")
	if err := os.Rename(file, file+".aside"); err != nil {
		t.Fatal(err)
	}
	for language, want := range map[string]string{"en": "exchanged", "fr": "échangé"} {
		if status, words := look(language); status != 503 || !strings.Contains(words, want) || strings.Contains(words, data.(string)) {
			t.Errorf("%s: %d %q", language, status, words)
		}
	}
	if err := os.Rename(file+".aside", file); err != nil {
		t.Fatal(err)
	}
	if status, _ := look("en"); status != 200 {
		t.Errorf("when the file is back: %d", status)
	}
}

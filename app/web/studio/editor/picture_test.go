package editor_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"selfhelp/app/web/webtest"
)

// TestRefusedPicturesAreSaid puts files into a step, and among the resources,
// that may not be there: both say why in a sentence.
func TestRefusedPicturesAreSaid(t *testing.T) {
	w := newWorkshop(t)
	for content, want := range map[string]map[string]string{
		`<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>`: {"fr": "Le dessin SVG contient «\u202fscript\u202f»", "en": "The SVG drawing holds “script”"},
		"<html><body>": {"fr": "Le fichier est un programme ou une page", "en": "The file is a program or a page"},
		`<svg xmlns="http://www.w3.org/2000/svg">` + strings.Repeat(" ", 600<<10) + "</svg>": {"fr": "Le dessin SVG dépasse", "en": "The SVG drawing is over"},
	} {
		for lang, words := range want {
			for _, at := range []string{w.url("/operations"), "/studio/p/" + w.project.ID + "/resources"} {
				r := webtest.Ask(w.Site, "POST", at, w.me, webtest.Header("Accept-Language", lang), w.picture(t, content))
				if page := webtest.Text(t, r); !strings.Contains(page, words) {
					t.Errorf("%s, %.20q in %s: %d %s", at, content, lang, r.StatusCode, webtest.MainOf(page))
				}
			}
		}
	}
}

// picture makes a request the post of a form with a picture for the step "ask".
func (w *workshop) picture(t *testing.T, content string) func(*http.Request) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range map[string]string{"step": "ask", "lang": "fr", "do": "picture|t:text:fr", "revision": fmt.Sprint(w.now(t).Revision)} {
		form.WriteField(name, value)
	}
	part, err := form.CreateFormFile("file", "a.svg")
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(part, content)
	form.Close()
	return func(r *http.Request) {
		r.Header.Set("Content-Type", form.FormDataContentType())
		r.Body, r.ContentLength = io.NopCloser(&body), int64(body.Len())
	}
}

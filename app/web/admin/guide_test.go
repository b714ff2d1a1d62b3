package admin_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"selfhelp/app/web/webtest"
	"selfhelp/assets"
)

var hereLink = regexp.MustCompile(`<a href="([^"#]+)"`)

// TestGuide reads every chapter of the operator's guide in both languages, and follows
// each of its links that stay here.
func TestGuide(t *testing.T) {
	b := webtest.SignedInAs(t, withStaff(t).Site, "chief")
	if r := b.Send("GET", "/admin/guide"); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/admin/guide/start" {
		t.Errorf("it begins at %d %s", r.StatusCode, r.Header.Get("Location"))
	}
	followed := 0
	for _, lang := range []string{"en", "fr"} {
		for _, c := range assets.Guide(lang) {
			r := b.Send("GET", "/admin/guide/"+c.Name, webtest.Header("Accept-Language", lang))
			page := webtest.Text(t, r)
			if r.StatusCode != http.StatusOK || !strings.Contains(page, c.Title) || strings.Contains(page, "[!") {
				t.Errorf("%s %s: %d", lang, c.Name, r.StatusCode)
			}
			_, prose, _ := strings.Cut(page, `class="prose"`)
			for _, m := range hereLink.FindAllStringSubmatch(prose, -1) {
				to := m[1]
				if strings.HasPrefix(to, "https://") {
					continue
				}
				followed++
				if r := b.Send("GET", to); r.StatusCode != http.StatusOK {
					t.Errorf("%s %s leads to %s: %d", lang, c.Name, to, r.StatusCode)
				}
			}
		}
	}
	if followed < 20 {
		t.Errorf("only %d links were followed", followed)
	}
	if r := b.Send("GET", "/admin/guide/nowhere"); r.StatusCode != http.StatusNotFound {
		t.Errorf("no chapter: %d", r.StatusCode)
	}
}

package web_test

import (
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/web/webtest"
)

// Whoever saves something at a server that was replaced is told which one is written to,
// and not that a minute's patience helps.
func TestAServerThatWasReplacedSaysWhereToGo(t *testing.T) {
	s := webtest.NewSite(t)
	webtest.AddUser(t, s, "ada", access.Administrator)
	in := webtest.SignedIn(t, s, "ada")
	s.Store.Fence("e0002-metz")
	for language, want := range map[string]string{"en": "The service goes on at another server", "fr": "Le service continue sur un autre serveur"} {
		r := webtest.Ask(s, "POST", "/admin/domains", in, webtest.Header("Accept-Language", language), webtest.Form("id=north&title_fr=Nord&title_en=North"))
		text := webtest.Text(t, r)
		if r.StatusCode != 503 || !strings.Contains(text, want) || !strings.Contains(text, "e0002-metz") || strings.Contains(text, "in a minute") || strings.Contains(text, "dans une minute") {
			t.Errorf("%s: %d %s", language, r.StatusCode, text)
		}
	}
}

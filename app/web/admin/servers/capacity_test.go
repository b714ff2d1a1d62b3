package servers_test

import (
	"net/http"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/web/webtest"
)

// TestCapacity asks how many servers it takes, as people of both languages type it.
func TestCapacity(t *testing.T) {
	s := webtest.NewSite(t)
	u := webtest.AddUser(t, s, "chief", access.Administrator)
	u.Everywhere = true
	if _, err := s.Content.SaveUser(t.Context(), u, "test"); err != nil {
		t.Fatal(err)
	}
	webtest.AddUser(t, s, "zoe", access.User, "production")
	chief := webtest.SignedInAs(t, s, "chief")
	for _, c := range []struct {
		lang, query string
		status      int
		holds       []string
		lacks       string
	}{
		{"en", "", 200, []string{"How many servers?", `value="10000"`, "selfhelp loadtest --address", "checked"}, "The arithmetic"},
		{"en", "people=1,000,000&share=25&journeys=1.5&pages=12&rate=400&full=50&spare=yes", 200, []string{
			"8 presentation servers", "1,000,000 × 1.5 × 12", "18,000,000", "18,000,000 × 25", "4,500,000 ÷ 3,600", "1,250", "400 × 50", "1,250 ÷ 200", "6.25, rounded up", "7 + 1", "They need 7 servers",
		}, ""},
		{"en", "people=1000000&share=25&journeys=1.5&pages=12&rate=400&full=50", 200, []string{"7 presentation servers", "None is to spare"}, "7 + 1"},
		{"fr", "people=10 000&share=20&journeys=1&pages=9&rate=250,5&full=50&spare=yes", 200, []string{
			"2 serveurs de présentation", "10\u202f000 × 1 × 9", "90\u202f000", "250,5 × 50\u202f%", "125,2", "0,039", "Il en faut 1",
		}, ""},
		{"fr", "people=10000&share=20&journeys=1&pages=9&rate=250&full=50", 200, []string{"Un seul serveur"}, "de présentation."},
		{"en", "people=1000001&share=3&journeys=&pages=many&rate=0&full=91&spare=yes", 422, []string{
			"between 1 and 1,000,000.", "between 5 and 100.", "between 0.1 and 100.", "between 1 and 500.", "between 1 and 100,000.", "between 10 and 90.", `value="many"`, `value="1000001"`,
		}, "The arithmetic"},
		{"en", "people=10", 422, []string{"between 1 and 100,000."}, "between 1 and 1,000,000."},
		{"en", "people=NaN&share=Inf&journeys=1e1&pages=0x9&rate=%00&full=-50", 422, []string{"between 10 and 90."}, "The arithmetic"},
	} {
		r := chief.Send("GET", "/admin/capacity?"+strings.ReplaceAll(c.query, " ", "%20"), webtest.Header("Accept-Language", c.lang))
		page := webtest.Text(t, r)
		if r.StatusCode != c.status || c.lacks != "" && strings.Contains(page, c.lacks) {
			t.Errorf("%q: %d, or %q is there", c.query, r.StatusCode, c.lacks)
		}
		for _, words := range c.holds {
			if !strings.Contains(page, words) {
				t.Errorf("%q: no %q", c.query, words)
			}
		}
	}
	if r := webtest.SignedInAs(t, s, "zoe").Send("GET", "/admin/capacity"); r.StatusCode == http.StatusOK {
		t.Error("a user sees it")
	}
}

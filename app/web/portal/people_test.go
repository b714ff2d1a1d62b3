package portal_test

import (
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// TestPeopleAreSuggested suggests accounts, groups or both, as the field asks,
// to those who have an account in the domain.
func TestPeopleAreSuggested(t *testing.T) {
	s := webtest.DeskSite(t)
	webtest.AddUser(t, s, "inforosa", access.User, "production")
	for domain, title := range map[string]string{"production": "Informatique", "sandbox": "Information secrète"} {
		if _, err := s.Content.CreateGroup(t.Context(), store.Group{Domain: domain, Name: "it", Title: procedure.T(title, title)}, "test"); err != nil {
			t.Fatal(err)
		}
	}
	b := webtest.SignedInAs(t, s, "inforosa").Open("/r/lamp?lang=fr")
	find := b.Path[:strings.LastIndex(b.Path, "/")] + "/find-people"
	for query, want := range map[string]string{
		"?q=info": "inforosa", "?among=groups&q=INFO": "it", "?among=both&q=info": "it inforosa", "?among=groups&q=in": "", "?among=both&q=zebra": "", "?among=odd&q=info": "inforosa",
	} {
		b.Open(find + query)
		var got []string
		for _, value := range []string{"it", "inforosa"} {
			if strings.Contains(b.Page, `"`+value+`"`) {
				got = append(got, value)
			}
		}
		if strings.Join(got, " ") != want || strings.Contains(b.Page, "secrète") {
			t.Errorf("%s suggests %v: %s", query, got, b.Page)
		}
	}
}

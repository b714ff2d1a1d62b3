package admin_test

import (
	"net/http"
	"net/url"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/web/webtest"
	"selfhelp/store/db"
)

// TestLoginsThatLookAlike refuses a login that looks like that of another account, by
// hand and from a list, and names on the overview those that were there before: to
// whoever may know of them.
func TestLoginsThatLookAlike(t *testing.T) {
	s := withStaff(t)
	webtest.AddUser(t, s.Site, "k.benali", access.User, "production")
	before := webtest.AddUser(t, s.Site, "before", access.User, "sandbox")
	form := url.Values{"login": {"k.benalı"}, "last_name": {"B"}, "role": {"user"}, "domain": {"production"}, "password": {"river-market-noon-velvet"}}
	if r := s.post("chief", "/admin/users", form); r.StatusCode != http.StatusConflict && r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("made: %d", r.StatusCode)
	} else {
		says(t, webtest.MainOf(webtest.Text(t, r)), "looks the same as that of another account", `value="k.benalı"`)
	}
	page, _ := s.bring(t, "chief", "login,domains\nk.benalı,production\nnew.сос,production\nсос,production\ncoc,production\n")
	says(t, page, "looks the same as that of another account", "looks the same as the one on line 4")
	chief, local := webtest.SignedInAs(t, s.Site, "chief"), webtest.SignedInAs(t, s.Site, "local")
	chief.Open("/admin").SeesNot("look the same")
	err := s.Content.Write(t.Context(), "make a login of before", func(tx *db.Tx) error {
		return tx.Touch(`UPDATE user SET login = 'k.benalı', login_key = 'k.benalı', login_look = 'k.benali' WHERE id = ?`, before.ID)
	})
	if err != nil {
		t.Fatal(err)
	}
	chief.Open("/admin").Sees("The logins k.benali, k.benalı look the same.", "/admin/users/"+before.ID)
	local.Open("/admin").SeesNot("look the same")
	if err := s.Content.SetMemberships(t.Context(), before.ID, []string{"production"}, nil, "test"); err != nil {
		t.Fatal(err)
	}
	local.Open("/admin").Sees("The logins k.benali, k.benalı look the same.")
	if u, err := s.Content.UserByLogin(t.Context(), "k.benalı"); err != nil || u.ID != before.ID {
		t.Errorf("it finds %v (%v)", u.ID, err)
	}
}

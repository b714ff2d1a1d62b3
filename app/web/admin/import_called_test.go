package admin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
	"selfhelp/store/db"
)

// titled makes a group that people call otherwise than audiences do: maybe as another
// one, which could be before titles were compared.
func (s staff) titled(t *testing.T, domain, name string, titles map[string]string) store.Group {
	t.Helper()
	g, err := s.Content.CreateGroup(t.Context(), store.Group{Domain: domain, Name: "as " + name}, "test")
	if err == nil {
		err = s.Content.Write(t.Context(), "title a group", func(tx *db.Tx) error {
			return tx.Touch(`UPDATE user_group SET name = ?, title = ? WHERE id = ?`, name, db.JSON(procedure.Text{In: titles}), g.ID)
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// TestListsCallGroupsByTitle takes the title that every page shows of a group for
// the group, in any language; a name is never taken for the title of another.
func TestListsCallGroupsByTitle(t *testing.T) {
	s := withStaff(t)
	g := s.titled(t, "production", "it", map[string]string{"fr": "Informatique", "en": "Computing"})
	s.titled(t, "sandbox", "lab", map[string]string{"fr": "Accueil", "en": "Front desk"})
	s.titled(t, "production", "desk", map[string]string{"fr": "Accueil", "en": "Front desk"})
	s.titled(t, "production", "computing", nil)
	s.group(t, "production", "Night")
	s.titled(t, "production", "other", map[string]string{"en": "Night"})
	page, agree := s.bring(t, "chief", "login,domains,groups\nada,production,INFORMATIQUE\nbob,production,production/informatique\ncid,,Production/Informatique\ndan,production, NIGHT\n")
	says(t, page, "Import 4 accounts")
	if r := s.post("chief", "/admin/users/import", agree); r.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", r.StatusCode, webtest.MainOf(webtest.Text(t, r)))
	}
	if n := s.members(t, g); n != 3 {
		t.Errorf("%d are in the group, want 3", n)
	}
	page, _ = s.bring(t, "chief", "login,domains,groups\neve,production,Front desk\nfay,production,Computing\n")
	says(t, page, "Several groups are called “Front desk”", "Groups: computing")
	page, _ = s.bring(t, "chief", "login,domains,groups\ngil,production,ｎｉｇｈｔ\nhal,production,n\u0456ght\n") // what only looks like a name brings nobody in
	says(t, page, "There is no group “ｎｉｇｈｔ”", "There is no group “n\u0456ght”")
}

// TestListsGatherWhatIsWrong says once what is wrong with many lines.
func TestListsGatherWhatIsWrong(t *testing.T) {
	s := withStaff(t)
	list := "login,domains,groups,role\n"
	for i := range 50 {
		list += fmt.Sprintf("person%d,production,Nowhere,\n", i)
	}
	page, _ := s.bring(t, "local", list+"alone,production,,king\n")
	says(t, page, "50 lines", "2–51", "alone")
	if n := strings.Count(page, "There is no group “Nowhere”"); n != 1 {
		t.Errorf("it is said %d times", n)
	}
	if strings.Contains(page, "person7") {
		t.Error("lines of which all is said stand in the list")
	}
}

// TestAnotherListBeginsWithTheOneBefore gives back what was pasted, to be
// corrected.
func TestAnotherListBeginsWithTheOneBefore(t *testing.T) {
	s := withStaff(t)
	for _, list := range []string{"login,domains\nada,production\n", "login,domains\nada,nowhere\n"} {
		page, agree := s.bring(t, "local", list, "domain", "production")
		says(t, page, "Choose another list")
		agree.Set("do", "other")
		page = webtest.MainOf(webtest.Text(t, s.post("local", "/admin/users/import", agree)))
		says(t, page, list+"</textarea>", `value="production" selected`)
	}
}

// TestWorkbooksAreToldApart says what to do to whoever sends a workbook.
func TestWorkbooksAreToldApart(t *testing.T) {
	s := withStaff(t)
	for _, begins := range []string{"PK\x03\x04\x14\x00", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"} {
		page, _ := s.bring(t, "local", begins+"some of it")
		says(t, page, "This is a workbook", "Save as")
	}
}

// TestListsSayWhichGroupTheyMean takes a group by its title, and one of a domain that
// the line does not name: the list says so before it is brought in.
func TestListsSayWhichGroupTheyMean(t *testing.T) {
	s := withStaff(t)
	s.titled(t, "production", "it", map[string]string{"en": "Computing"})
	s.group(t, "sandbox", "Lab")
	list := "login,domains,groups\nada,production,computing\nbob,production,lab\ncid,production,sandbox/lab\ndan,production,it\neve,production|sandbox,lab\n"
	noted := []string{"“computing” is a title: the group is named “it”", "“lab” is a group of Sandbox, none of the domains of this line"}
	page, agree := s.bring(t, "chief", list)
	says(t, page, noted...)
	for _, once := range noted {
		if n := strings.Count(page, once); n != 1 {
			t.Errorf("%s: said %d times", once, n)
		}
	}
	r := s.post("chief", "/admin/users/import", agree)
	done := webtest.MainOf(webtest.Text(t, r))
	says(t, done, append(noted, "Accounts imported: 5")...) // once it is done, too
	if r.StatusCode != http.StatusOK || strings.Contains(done, "dan") {
		t.Errorf("%d %s", r.StatusCode, done)
	}
	page, _ = s.bring(t, "chief", strings.ReplaceAll(list, "eve", "fay"))
	says(t, page, "4 lines", "Import 1 account") // what is so already is not said again
	if strings.Contains(page, noted[0]) {
		t.Error("it is said of a line that changes nothing")
	}
}

// TestListsSayWhereGroupsLead takes somebody out of a domain to which groups still lead
// them, by hand and by a rule.
func TestListsSayWhereGroupsLead(t *testing.T) {
	s := withStaff(t)
	it := s.group(t, "production", "IT")
	ruled := s.group(t, "production", "Lyon")
	ruled.Rule = &access.Rule{Conditions: []access.Condition{{Attribute: "location", Is: "equals", Value: "Lyon"}}}
	if _, err := s.Content.SaveGroup(t.Context(), ruled, "test"); err != nil {
		t.Fatal(err)
	}
	both := store.User{Login: "both", Role: access.User, Active: true, Attributes: map[string]string{"location": "Lyon"}}
	if _, err := s.Content.CreateAccount(t.Context(), both, []string{"production", "sandbox"}, []string{it.ID}, "test"); err != nil {
		t.Fatal(err)
	}
	page, _ := s.bring(t, "chief", "login,domains\nboth,sandbox\n")
	says(t, page, "Groups let them into Production, too: IT, Lyon")
	page, _ = s.bring(t, "chief", "login,domains,location\nnew,sandbox,Lyon\nfar,sandbox,Metz\n")
	says(t, page, "Groups let them into Production, too: Lyon")
	if strings.Count(page, "Groups let them") != 1 {
		t.Error("it is said of one whom no group leads there")
	}
}

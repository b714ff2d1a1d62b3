package admin_test

import (
	"bytes"
	"html"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/login"
	"selfhelp/app/transfer/roster"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
	"selfhelp/views/ui"
)

var seenOf = regexp.MustCompile(`name="seen" value="([^"]+)"`)

// bring sends a list, and returns its plan and what agreeing to it sends.
func (s staff) bring(t *testing.T, who, list string, more ...string) (page string, agree url.Values) {
	t.Helper()
	values := url.Values{"text": {list}}
	for i := 0; i < len(more); i += 2 {
		values.Set(more[i], more[i+1])
	}
	page = webtest.MainOf(webtest.Text(t, s.post(who, "/admin/users/import", values)))
	agree = url.Values{}
	if found := seenOf.FindStringSubmatch(page); found != nil {
		agree.Set("seen", html.UnescapeString(found[1]))
	}
	return page, agree
}

func says(t *testing.T, page string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q: %s", want, page)
		}
	}
}

// TestWordsOfListsAndForms holds passwords that administrators give to the words of
// the organisation.
func TestWordsOfListsAndForms(t *testing.T) {
	s := withStaff(t)
	webtest.ForbidWords(t, s.Site, "Rhône Électro")
	page, _ := s.bring(t, "local", "login,last_name,domains,password\nada,Lovelace,production,velours rhone-electro quai\n")
	says(t, page, "a name of the organisation")
	r := s.post("local", "/admin/users", url.Values{"login": {"bob"}, "last_name": {"Okoye"}, "role": {"user"}, "domain": {"production"}, "password": {"velours rhone-electro quai"}})
	says(t, webtest.MainOf(webtest.Text(t, r)), "a name of the organisation")
}

// TestListsAreTriedThenTakenIn plans a list, which writes nothing, and takes it
// in.
func TestListsAreTriedThenTakenIn(t *testing.T) {
	s := withStaff(t)
	g := s.group(t, "production", "Night shift")
	list := "login,last_name,domains,groups,password,service\n" +
		"ada,Lovelace,production,production/night shift,a first good one,Ventes\n" +
		"bob,Okoye,production,,,\n" +
		"writer,Moreau,,,,Achats\n" +
		"user,,,,,\n"
	page, agree := s.bring(t, "local", list)
	says(t, page, "2 lines", "Last name: Lovelace", "attribute service: Achats", "Groups: Night shift", "a first password", "Import 3 accounts", "Nothing has been changed yet")
	if n, err := s.Content.CountUsers(t.Context()); err != nil || n != 4 {
		t.Fatalf("a plan made %d accounts, %v", n, err)
	}
	if r := s.post("local", "/admin/users/import", agree); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d %s", r.StatusCode, webtest.MainOf(webtest.Text(t, r)))
	}
	ada, err := s.Content.UserByLogin(t.Context(), "ada")
	if ok, _, _ := login.Verify(t.Context(), login.First, ada.Password, "a first good one"); err != nil || !ok || !ada.MustChange || !ada.Active || ada.Attributes["service"] != "Ventes" || ada.Role != access.User {
		t.Errorf("ada is %+v, %v", ada, err)
	}
	bob, err := s.Content.UserByLogin(t.Context(), "bob")
	if err != nil || bob.Password != "" || bob.MustChange {
		t.Errorf("bob is %+v, %v", bob, err)
	}
	if w, _ := s.Content.User(t.Context(), s.writer.ID); w.LastName != "Moreau" || w.Role != access.Writer || w.Version != 2 {
		t.Errorf("the writer is %+v", w)
	}
	if s.members(t, g) != 1 {
		t.Errorf("%d members", s.members(t, g))
	}
	again, _ := s.bring(t, "local", strings.ReplaceAll(list, "a first good one", ""))
	says(t, again, "4 lines", "There is nothing to import")
	says(t, s.page(t, "chief", "/admin/audit"), "Accounts imported", "accounts: 3")
}

// TestListsComeAsFiles sends a file as a browser does; what is kept of it until
// its plan is agreed to cannot be read without the page.
func TestListsComeAsFiles(t *testing.T) {
	s := withStaff(t)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("file", "people.csv")
	if err != nil {
		t.Fatal(err)
	}
	file.Write([]byte("identifiant;pr\xe9nom;mot de passe;domaines\r\nzoe;Zo\xe9;plain words to hide;production\r\n"))
	form.Close()
	r := webtest.Ask(s.Site, "POST", "/admin/users/import", s.as["local"], func(r *http.Request) {
		webtest.Form(body.String())(r)
		r.Header.Set("Content-Type", form.FormDataContentType())
	})
	page := webtest.MainOf(webtest.Text(t, r))
	says(t, page, "people.csv", "First name: Zoé")
	folder, _ := webtest.DataFolders.Load(s.Site)
	kept := 0
	err = fs.WalkDir(os.DirFS(folder.(string)), "files", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(os.DirFS(folder.(string)), name)
		if kept++; bytes.Contains(content, []byte("plain words")) {
			t.Errorf("%s holds a password", name)
		}
		return err
	})
	if err != nil || kept == 0 {
		t.Errorf("%d files are kept, %v", kept, err)
	}
}

// TestListsStayInTheDomain sends what reaches further than who brings it.
func TestListsStayInTheDomain(t *testing.T) {
	s := withStaff(t)
	far := webtest.AddUser(t, s.Site, "far", access.User, "sandbox")
	far.Mail = "far@example.org"
	if _, err := s.Content.SaveUser(t.Context(), far, "test"); err != nil {
		t.Fatal(err)
	}
	webtest.AddUser(t, s.Site, "both", access.User, "sandbox", "production")
	s.group(t, "sandbox", "Elsewhere")
	if err := s.Content.EnterGroup(t.Context(), s.group(t, "production", "Day").ID, s.local.ID, "test"); err != nil {
		t.Fatal(err)
	}
	s.ruled(t, "sandbox", "Sales", "Ventes")
	for line, want := range map[string]string{
		"far,,,,,":                 "This login is taken",
		"far,,,,,far@example.org":  "This login is taken",
		"chief,,,,,x@example.org":  "This login is taken",
		"both,,,,,x@example.org":   "also belongs to domains you do not administer",
		"local,,,no,,":             "cannot change your own access",
		"local,-,,,,":              "domains: You cannot change your own access",
		"new,*,,,,":                "Only an administrator of the server",
		"new,sandbox,,,,":          "There is no domain “sandbox”",
		"new,,Elsewhere,,,":        "There is no group “Elsewhere”",
		"new,production,,,ventes,": "a rule would put this account",
		"writer,,,,Ventes,":        "a rule would put this account",
	} {
		page, _ := s.bring(t, "local", "login,domains,groups,active,entity,mail\n"+line)
		says(t, page, want, "There is nothing to import")
		if strings.Contains(page, "Import 1 account") || strings.Contains(page, "far@example.org") {
			t.Errorf("%s: %s", line, page)
		}
	}
	if _, agree := s.bring(t, "local", "login,role,domains\nnew,administrator,production"); s.post("local", "/admin/users/import", agree).StatusCode != 303 {
		t.Error("an administrator of the domain is not made")
	}
	page, agree := s.bring(t, "chief", "login,domains,groups\nnew2,*,elsewhere\nfar,production|sandbox,")
	says(t, page, "All domains", "Elsewhere", "Sandbox → Production, Sandbox")
	if r := s.post("local", "/admin/users/import", agree); r.StatusCode != http.StatusForbidden {
		t.Errorf("someone else agrees: %d", r.StatusCode)
	}
	if r := s.post("chief", "/admin/users/import", url.Values{"seen": {agree.Get("seen") + "x"}}); r.StatusCode != http.StatusForbidden {
		t.Errorf("a forged plan: %d", r.StatusCode)
	}
	if r := s.post("local", "/admin/users/import", url.Values{"text": {"login\nx"}, "domain": {"sandbox"}}); r.StatusCode != 422 {
		t.Errorf("another's domain for all lines: %d", r.StatusCode)
	}
}

// TestWrongLinesAreLeftOutWhenAsked: all or nothing, unless somebody says so.
func TestWrongLinesAreLeftOutWhenAsked(t *testing.T) {
	s := withStaff(t)
	list := "login,mail\nada,ada@example.org\nbob,not an address\n"
	page, agree := s.bring(t, "local", list, "domain", "production")
	says(t, page, "Leave the wrong line out", "mail: This is not a whole e-mail address", "Import 1 account")
	r := s.post("local", "/admin/users/import", agree)
	if body := webtest.Text(t, r); r.StatusCode != 422 || !strings.Contains(body, "Say that the wrong lines are left out") {
		t.Errorf("%d", r.StatusCode)
	}
	if _, err := s.Content.UserByLogin(t.Context(), "ada"); err == nil {
		t.Fatal("half a list is taken in unasked")
	}
	agree.Set("skip", "yes")
	if r := s.post("local", "/admin/users/import", agree); r.StatusCode != 303 {
		t.Errorf("%d", r.StatusCode)
	}
	if u, err := s.Content.UserByLogin(t.Context(), "ada"); err != nil || u.Mail != "ada@example.org" {
		t.Errorf("%+v, %v", u, err)
	}
	if r := s.post("local", "/admin/users/import", url.Values{}); r.StatusCode != 422 {
		t.Errorf("nothing sent: %d", r.StatusCode)
	}
}

// TestPlansAreOvertaken agrees to a plan that is no longer what would happen.
func TestPlansAreOvertaken(t *testing.T) {
	s := withStaff(t)
	_, agree := s.bring(t, "local", "login,last_name\nwriter,Moreau")
	u := s.writer
	u.LastName = "Moreau-Diallo"
	if _, err := s.Content.SaveUser(t.Context(), u, "test"); err != nil {
		t.Fatal(err)
	}
	r := s.post("local", "/admin/users/import", agree)
	body := webtest.MainOf(webtest.Text(t, r))
	if r.StatusCode != http.StatusConflict {
		t.Errorf("%d", r.StatusCode)
	}
	says(t, body, "Moreau-Diallo → Moreau", "Accounts changed while you were looking")
	alone, _ := s.bring(t, "chief", "login,role\nchief,writer")
	says(t, alone, "cannot change your own access")
}

// TestExportsComeBack gives the list of accounts out and brings it in again, in
// both languages: nothing would change.
func TestExportsComeBack(t *testing.T) {
	s := withStaff(t)
	g := s.group(t, "production", "Nuit/jour")
	s.ruled(t, "production", "Sales", "Ventes")
	for i, name := range []string{`=HYPERLINK("x")`, "+cmd", "-", "-1+1", "@SUM(A1)", "＝1", "'=quoted", "''", "a\"b;c,d", "'plain"} {
		u := store.User{Login: string(rune('a'+i)) + "login", Title: name, FirstName: name, Language: "fr", Role: access.Writer, Active: i%2 == 0, Attributes: map[string]string{"entity": "Ventes", "note": name}}
		if _, err := s.Content.CreateAccount(t.Context(), u, []string{"production"}, []string{g.ID}, "test"); err != nil {
			t.Fatal(err)
		}
	}
	for _, lang := range []string{"en", "fr"} {
		table := webtest.Text(t, webtest.Ask(s.Site, "GET", "/admin/users.csv", s.as["chief"], webtest.Header("Accept-Language", lang)))
		sheet, err := roster.Read([]byte(table))
		if err != nil {
			t.Fatalf("%s: %v", lang, err)
		}
		for _, c := range sheet.Columns {
			if c.Field == roster.Attribute && c.Name != "entity" && c.Name != "note" {
				t.Errorf("%s: %s is taken for an attribute", lang, c.Head)
			}
		}
		page, _ := s.bring(t, "chief", table)
		says(t, page, "14 lines", "There is nothing to import")
	}
}

// TestSamplesCanBeImported takes the samples in as they are.
func TestSamplesCanBeImported(t *testing.T) {
	s := withStaff(t)
	for _, l := range ui.Languages() {
		for _, name := range []string{"users.csv", "users-with-passwords.csv"} {
			sample := webtest.Text(t, webtest.Ask(s.Site, "GET", "/admin/users/import/"+name, s.as["local"], webtest.Header("Accept-Language", l.Tag)))
			page, _ := s.bring(t, "local", sample)
			says(t, page, "Import 2 accounts")
			if strings.Contains(page, "Wrong") || strings.Contains(page, "ignored") {
				t.Errorf("%s in %s: %s", name, l.Tag, page)
			}
		}
	}
	if r := webtest.Ask(s.Site, "GET", "/admin/users/import/other.csv", s.as["local"]); r.StatusCode != 404 {
		t.Errorf("another sample: %d", r.StatusCode)
	}
}

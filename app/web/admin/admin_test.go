package admin_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// staff are the people of the tests of the administration.
type staff struct {
	*frame.Site
	chief, local, writer store.User
	as                   map[string]func(*http.Request)
}

func withStaff(t *testing.T) staff {
	t.Helper()
	s := staff{Site: webtest.NewSite(t), as: map[string]func(*http.Request){"nobody": func(*http.Request) {}}}
	s.chief = webtest.AddUser(t, s.Site, "chief", access.Administrator)
	s.chief.Everywhere = true
	var err error
	if s.chief, err = s.Content.SaveUser(t.Context(), s.chief, "test"); err != nil {
		t.Fatal(err)
	}
	s.local = webtest.AddUser(t, s.Site, "local", access.Administrator, "production")
	s.writer = webtest.AddUser(t, s.Site, "writer", access.Writer, "production")
	webtest.AddUser(t, s.Site, "user", access.User, "production")
	for _, name := range []string{"chief", "local", "writer", "user"} {
		s.as[name] = webtest.SignedIn(t, s.Site, name)
	}
	return s
}

// userValues are a form that makes an account.
func userValues(login string, change ...string) url.Values {
	q := url.Values{"login": {login}, "role": {"user"}, "domain": {"production"}, "password": {webtest.GoodPassword}}
	for i := 0; i < len(change); i += 2 {
		q.Set(change[i], change[i+1])
	}
	return q
}

func (s staff) post(who, path string, values url.Values) *http.Response {
	return webtest.Ask(s.Site, "POST", path, webtest.Form(values.Encode()), s.as[who])
}

// TestAdministrationByRole asks for every page as everyone.
func TestAdministrationByRole(t *testing.T) {
	s := withStaff(t)
	far := webtest.AddUser(t, s.Site, "far", access.User, "sandbox")
	both := webtest.AddUser(t, s.Site, "both", access.User, "sandbox", "production")
	group, err := s.Content.CreateGroup(t.Context(), store.Group{Domain: "sandbox", Name: "elsewhere"}, "test")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path                               string
		nobody, user, writer, local, chief int
	}{
		{"/admin", 303, 403, 403, 200, 200},
		{"/admin/users", 303, 403, 403, 200, 200},
		{"/admin/users.csv", 303, 403, 403, 200, 200},
		{"/admin/users/import", 303, 403, 403, 200, 200},
		{"/admin/users/import/users.csv", 303, 403, 403, 200, 200},
		{"/admin/groups/" + group.ID + "/rule", 303, 403, 403, 404, 200},
		{"/admin/users/new", 303, 403, 403, 200, 200},
		{"/admin/users/" + s.writer.ID, 303, 403, 403, 200, 200},
		{"/admin/users/" + both.ID, 303, 403, 403, 200, 200},
		{"/admin/users/" + far.ID, 303, 403, 403, 404, 200},
		{"/admin/users/" + s.chief.ID, 303, 403, 403, 404, 200},
		{"/admin/users/none", 303, 403, 403, 404, 404},
		{"/admin/domains", 303, 403, 403, 200, 200},
		{"/admin/domains/production", 303, 403, 403, 200, 200},
		{"/admin/domains/sandbox", 303, 403, 403, 403, 200},
		{"/admin/domains/none", 303, 403, 403, 403, 404},
		{"/admin/groups/" + group.ID, 303, 403, 403, 404, 200},
		{"/admin/users.xlsx", 303, 403, 403, 200, 200},
		{"/admin/groups", 303, 403, 403, 200, 200},
		{"/admin/groups.csv", 303, 403, 403, 200, 200},
		{"/admin/domains.xlsx", 303, 403, 403, 200, 200},
		{"/admin/sessions", 303, 403, 403, 200, 200},
		{"/admin/sessions.xlsx", 303, 403, 403, 200, 200},
		{"/admin/settings", 303, 403, 403, 403, 200},
		{"/admin/audit", 303, 403, 403, 403, 200},
		{"/admin/audit.xlsx", 303, 403, 403, 403, 200},
		{"/admin/audit.csv", 303, 403, 403, 403, 200},
	} {
		for who, want := range map[string]int{"nobody": c.nobody, "user": c.user, "writer": c.writer, "local": c.local, "chief": c.chief} {
			if got := webtest.Ask(s.Site, "GET", c.path, s.as[who]).StatusCode; got != want {
				t.Errorf("%s as %s: %d, want %d", c.path, who, got, want)
			}
		}
	}
	page := webtest.Text(t, webtest.Ask(s.Site, "GET", "/admin/users", s.as["local"]))
	for _, hidden := range []string{">far<", ">chief<"} {
		if strings.Contains(page, hidden) {
			t.Errorf("a domain's administrator sees %s", hidden)
		}
	}
}

// TestDomainAdministratorsStayInTheirDomain sends what reaches further: the
// answer refuses it, and nothing has changed.
func TestDomainAdministratorsStayInTheirDomain(t *testing.T) {
	s := withStaff(t)
	both := webtest.AddUser(t, s.Site, "both", access.User, "sandbox", "production")
	far := webtest.AddUser(t, s.Site, "far", access.User, "sandbox")
	mine, err := s.Content.CreateGroup(t.Context(), store.Group{Domain: "production", Name: "mine"}, "test")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path   string
		values url.Values
		status int
	}{
		{"/admin/users", userValues("a", "everywhere", "yes"), 422},
		{"/admin/users", userValues("b", "domain", "sandbox"), 422},
		{"/admin/users", userValues("c", "group", "none"), 422},
		{"/admin/users", userValues("d", "role", "root"), 422},
		{"/admin/users/" + both.ID, userValues("both", "version", "1", "role", "administrator"), 403},
		{"/admin/users/" + both.ID + "/password", url.Values{"password": {"another good password"}}, 403},
		{"/admin/users/" + both.ID + "/state", url.Values{"version": {"1"}}, 403},
		{"/admin/users/" + far.ID + "/password", url.Values{"password": {"another good password"}}, 404},
		{"/admin/users/" + s.chief.ID + "/sessions", nil, 404},
		{"/admin/groups/" + mine.ID + "/members", url.Values{"login": {"far"}}, 422},
		{"/admin/domains", url.Values{"id": {"new"}, "title_en": {"New"}}, 403},
		{"/admin/domains/production", url.Values{"version": {"1"}, "title_en": {"Mine"}}, 403},
		{"/admin/domains/sandbox/groups", url.Values{"name": {"theirs"}}, 403},
	} {
		if got := s.post("local", c.path, c.values).StatusCode; got != c.status {
			t.Errorf("%s %v: %d, want %d", c.path, c.values, got, c.status)
		}
	}
	if n, err := s.Content.CountUsers(t.Context()); err != nil || n != 6 {
		t.Errorf("%d accounts, %v", n, err)
	}
	if members, err := s.Content.GroupMembers(t.Context(), mine.ID); err != nil || len(members) > 0 {
		t.Errorf("members %v, %v", members, err)
	}
}

// TestAccountsAreMadeFromNamedFields sends every name of the record.
func TestAccountsAreMadeFromNamedFields(t *testing.T) {
	s := withStaff(t)
	values := userValues("new", "id", "chosen", "ID", "chosen", "active", "0", "must_change", "0", "Everywhere", "true", "attributes", `{"x":"y"}`,
		"version", "77", "created", "1", "Password", "x", "user", s.chief.ID)
	if r := s.post("local", "/admin/users", values); r.StatusCode != 303 {
		t.Fatalf("%d %s", r.StatusCode, webtest.Text(t, r))
	}
	u, err := s.Content.UserByLogin(t.Context(), "new")
	if err != nil || u.ID == "chosen" || !u.Active || !u.MustChange || u.Everywhere || len(u.Attributes) > 0 || u.Version != 1 || u.Role != access.User {
		t.Errorf("got %+v, %v", u, err)
	}
}

// TestDemotedAdministratorsAreRefusedAtOnce holds a tab open.
func TestDemotedAdministratorsAreRefusedAtOnce(t *testing.T) {
	for name, change := range map[string]url.Values{
		"demoted": userValues("local", "version", "1", "role", "user"),
		"moved":   userValues("local", "version", "1", "role", "administrator", "domain", "sandbox"),
	} {
		s := withStaff(t)
		if got := webtest.Ask(s.Site, "GET", "/admin/users/"+s.writer.ID, s.as["local"]).StatusCode; got != 200 {
			t.Fatalf("%s: %d before", name, got)
		}
		if r := s.post("chief", "/admin/users/"+s.local.ID, change); r.StatusCode != 303 {
			t.Fatalf("%s: %d %s", name, r.StatusCode, webtest.Text(t, r))
		}
		if got := webtest.Ask(s.Site, "GET", "/admin/users/"+s.writer.ID, s.as["local"]).StatusCode; got == 200 {
			t.Errorf("%s: the page still opens", name)
		}
		late := userValues("late") // of the domain they administered
		s.post("local", "/admin/users", late)
		if _, err := s.Content.UserByLogin(t.Context(), "late"); err == nil {
			t.Errorf("%s: the form is still taken", name)
		}
	}
	s := withStaff(t)
	if r := s.post("chief", "/admin/users/"+s.local.ID+"/state", url.Values{"state": {"suspended"}, "version": {"1"}}); r.StatusCode != 303 {
		t.Fatalf("suspend: %d", r.StatusCode)
	}
	if r := webtest.Ask(s.Site, "GET", "/admin", s.as["local"]); r.StatusCode != 303 || !strings.HasPrefix(r.Header.Get("Location"), "/login") {
		t.Errorf("a suspended account: %d", r.StatusCode)
	}
}

// TestConflictsKeepWhatWasTyped saves the same account twice from two tabs.
func TestConflictsKeepWhatWasTyped(t *testing.T) {
	s := withStaff(t)
	path := "/admin/users/" + s.writer.ID
	first := userValues("writer", "version", "1", "role", "writer", "last_name", "First")
	second := userValues("writer", "version", "1", "role", "writer", "last_name", "Second")
	if r := s.post("chief", path, first); r.StatusCode != 303 {
		t.Fatalf("%d", r.StatusCode)
	}
	r := s.post("local", path, second)
	page := webtest.Text(t, r)
	if r.StatusCode != 409 || !strings.Contains(page, `value="Second"`) || !strings.Contains(page, "is now “First”") || !strings.Contains(page, `name="version" value="2"`) {
		t.Errorf("%d: %s", r.StatusCode, page)
	}
	if u, _ := s.Content.User(t.Context(), s.writer.ID); u.LastName != "First" {
		t.Errorf("overwritten: %s", u.LastName)
	}
	second.Set("version", "2")
	if r := s.post("local", path, second); r.StatusCode != 303 {
		t.Errorf("saving again: %d", r.StatusCode)
	}
}

// TestConflictsShowMemberships saves an account that a colleague has put into a
// group meanwhile: saving again would take it out unseen.
func TestConflictsShowMemberships(t *testing.T) {
	s := withStaff(t)
	g, err := s.Content.CreateGroup(t.Context(), store.Group{Domain: "production", Name: "Night shift"}, "test")
	if err == nil {
		err = s.Content.EnterGroup(t.Context(), g.ID, s.writer.ID, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	r := s.post("chief", "/admin/users/"+s.writer.ID, userValues("writer", "version", "1", "role", "writer", "domain", "sandbox"))
	page := webtest.Text(t, r)
	if r.StatusCode != 409 || !strings.Contains(page, "Groups is now “Night shift”") || !strings.Contains(page, "Domains is now “Production”") {
		t.Errorf("%d: %s", r.StatusCode, webtest.MainOf(page))
	}
	if m, _ := s.Content.Memberships(t.Context(), s.writer.ID); len(m.Groups) != 1 {
		t.Errorf("the group is gone: %+v", m)
	}
}

// TestNobodyIsLockedOut tries to leave the server without an administrator.
func TestNobodyIsLockedOut(t *testing.T) {
	s := withStaff(t)
	own := "/admin/users/" + s.chief.ID
	for path, values := range map[string]url.Values{
		own:               userValues("chief", "version", "2", "role", "user"),
		own + "/state":    {"state": {"suspended"}, "version": {"2"}},
		own + "/delete":   {"confirm": {"chief"}, "version": {"2"}},
		own + "/password": {"password": {"another good password"}},
	} {
		if got := s.post("chief", path, values).StatusCode; got != 403 && got != 422 {
			t.Errorf("%s: %d", path, got)
		}
	}
	s.chief.Active = false
	if _, err := s.Content.SaveUser(t.Context(), s.chief, "test"); err == nil {
		t.Error("the last administrator was suspended")
	}
}

// TestGivenPasswordsAreChangedFirst signs in with a password that was given.
func TestGivenPasswordsAreChangedFirst(t *testing.T) {
	s := withStaff(t)
	if r := s.post("local", "/admin/users/"+s.writer.ID+"/password", url.Values{"password": {"given by the chief"}}); r.StatusCode != 303 {
		t.Fatalf("%d", r.StatusCode)
	}
	if got := webtest.Ask(s.Site, "GET", "/me", s.as["writer"]).StatusCode; got != 303 {
		t.Errorf("a session from before: %d", got)
	}
	r := webtest.TryToSignIn(s.Site, "writer", "given by the chief")
	if r.Header.Get("Location") != "/me" {
		t.Fatalf("leads to %q", r.Header.Get("Location"))
	}
	s.as["writer"] = webtest.Cookies(r)
	if r := webtest.Ask(s.Site, "GET", "/me/executions", s.as["writer"]); r.StatusCode != 303 || r.Header.Get("Location") != "/me" {
		t.Errorf("another page: %d %s", r.StatusCode, r.Header.Get("Location"))
	}
	r = s.post("writer", "/me/password", url.Values{"present": {"given by the chief"}, "password": {"my own long password"}})
	if r.StatusCode != 303 {
		t.Fatalf("change: %d", r.StatusCode)
	}
	if got := webtest.Ask(s.Site, "GET", "/me/executions", webtest.Cookies(r)).StatusCode; got != 200 {
		t.Errorf("afterwards: %d", got)
	}
}

// TestDeleting suspends first, and asks for the login.
func TestDeleting(t *testing.T) {
	s := withStaff(t)
	path := "/admin/users/" + s.writer.ID
	for _, c := range []struct {
		act    string
		values url.Values
		status int
	}{
		{"/delete", url.Values{"confirm": {"writer"}, "version": {"1"}}, 409},
		{"/state", url.Values{"state": {"suspended"}, "version": {"9"}}, 409},
		{"/state", url.Values{"state": {"suspended"}, "version": {"1"}}, 303},
		{"/delete", url.Values{"confirm": {"Writer!"}, "version": {"2"}}, 422},
		{"/delete", url.Values{"confirm": {"writer"}, "version": {"2"}}, 303},
		{"/delete", url.Values{"confirm": {"writer"}, "version": {"2"}}, 404},
	} {
		if got := s.post("local", path+c.act, c.values).StatusCode; got != c.status {
			t.Errorf("%s %v: %d, want %d", c.act, c.values, got, c.status)
		}
	}
}

// TestExportsAreTame exports names that spreadsheets would run.
func TestExportsAreTame(t *testing.T) {
	s := withStaff(t)
	for i, name := range []string{`=HYPERLINK("http://evil","x")`, "+cmd", "-1+1", "@SUM(A1)", "＝1", `a"b,c`} {
		u := store.User{Login: string(rune('a'+i)) + "login", FirstName: name, Role: access.User, Active: true}
		if _, err := s.Content.CreateAccount(t.Context(), u, []string{"production"}, nil, "test"); err != nil {
			t.Fatal(err)
		}
	}
	r := webtest.Ask(s.Site, "GET", "/admin/users.csv", s.as["chief"])
	body := webtest.Text(t, r)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 11 || !strings.HasPrefix(body, "\ufeff") || !strings.Contains(r.Header.Get("Content-Disposition"), "attachment") {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if strings.IndexAny(cell, "=+-@＝") == 0 {
				t.Errorf("%q would be run", cell)
			}
		}
	}
}

// TestUsersList filters and pages.
func TestUsersList(t *testing.T) {
	s := withStaff(t)
	for i := range 120 {
		u := store.User{Login: "many" + string(rune('a'+i/26)) + string(rune('a'+i%26)), LastName: "Many", Role: access.User, Active: i%2 == 0}
		if _, err := s.Content.CreateAccount(t.Context(), u, []string{"sandbox"}, nil, "test"); err != nil {
			t.Fatal(err)
		}
	}
	seen, pages := map[string]bool{}, 0
	for next := "/admin/users?q=MANY"; next != "" && pages < 10; pages++ {
		body := webtest.Text(t, webtest.Ask(s.Site, "GET", next, s.as["chief"]))
		if !strings.Contains(body, "120 accounts") {
			t.Fatalf("%s: the count is wrong", next)
		}
		for _, part := range strings.Split(body, `data-of="Login">many`)[1:] {
			seen[part[:2]] = true
		}
		next = ""
		if at := strings.Index(body, `rel="next"`); at > 0 {
			href := body[strings.LastIndex(body[:at], `href="`)+6:]
			next = strings.ReplaceAll(href[:strings.IndexByte(href, '"')], "&amp;", "&")
		}
	}
	if pages != 3 || len(seen) != 120 {
		t.Errorf("%d pages, %d accounts", pages, len(seen))
	}
	for query, want := range map[string]string{
		"q=many&state=suspended": "60 accounts", "role=administrator": "2 accounts", "domain=production": "4 accounts",
		"q=%25": "No account to show", "q=_any": "No account to show", "role=root&state=x&domain=none&q=chief": "1 account",
	} {
		if body := webtest.Text(t, webtest.Ask(s.Site, "GET", "/admin/users?"+query, s.as["chief"])); !strings.Contains(body, want) {
			t.Errorf("%s does not say %q", query, want)
		}
	}
}

// TestGroupsAndDomains makes, fills, renames and removes them.
func TestGroupsAndDomains(t *testing.T) {
	s := withStaff(t)
	for _, c := range []struct {
		who, path string
		values    url.Values
		status    int
	}{
		{"chief", "/admin/domains", url.Values{"id": {"Bad Id"}, "title_en": {"x"}}, 422},
		{"chief", "/admin/domains", url.Values{"id": {"branch"}}, 422},
		{"chief", "/admin/domains", url.Values{"id": {"branch"}, "title_fr": {"Filiale"}}, 303},
		{"chief", "/admin/domains", url.Values{"id": {"branch"}, "title_fr": {"Filiale"}}, 422},
		{"chief", "/admin/domains/branch", url.Values{"version": {"1"}, "title_en": {"Branch"}}, 303},
		{"chief", "/admin/domains/branch", url.Values{"version": {"1"}, "title_en": {"Other"}}, 409},
		{"local", "/admin/domains/production/groups", url.Values{"name": {"Support"}}, 303},
		{"local", "/admin/domains/production/groups", url.Values{"name": {"Support"}}, 422},
		{"local", "/admin/domains/production/groups", url.Values{"name": {" \t "}}, 422},
		{"local", "/admin/domains/production/groups", url.Values{"name": {"Sup\u200bport"}}, 422},
	} {
		if got := s.post(c.who, c.path, c.values).StatusCode; got != c.status {
			t.Errorf("%s %s %v: %d, want %d", c.who, c.path, c.values, got, c.status)
		}
	}
	groups, err := s.Content.Groups(t.Context(), "production")
	if err != nil || len(groups) != 1 {
		t.Fatalf("%v %v", groups, err)
	}
	if list := webtest.Text(t, webtest.Ask(s.Site, "GET", "/admin/groups", s.as["local"])); !strings.Contains(list, `<option value="production">`) || strings.Contains(list, `<option value="branch">`) {
		t.Error("the list of groups does not offer to make one in one's own domains")
	}
	path := "/admin/groups/" + groups[0].ID
	for _, c := range []struct {
		act    string
		values url.Values
		status int
	}{
		{"/members", url.Values{"login": {"WRITER"}}, 303},
		{"/members", url.Values{"login": {"writer"}}, 303},
		{"/members", url.Values{"login": {"nobody-here"}}, 422},
		{"/leave", url.Values{"user": {"none"}}, 303},
		{"", url.Values{"version": {"1"}, "name": {"Help desk"}}, 303},
		{"", url.Values{"version": {"1"}, "name": {"Late"}, "title_en": {"Too late"}}, 409},
		{"", url.Values{"version": {"2"}, "name": {"Help desk"}, "title_en": {"People who help"}, "title_fr": {""}}, 303},
		{"", url.Values{"version": {"3"}, "name": {"Help desk"}}, 303}, // a form without titles takes none away
		{"/delete", url.Values{"version": {"4"}, "confirm": {"Support"}}, 422},
	} {
		if got := s.post("local", path+c.act, c.values).StatusCode; got != c.status {
			t.Errorf("%s %v: %d, want %d", c.act, c.values, got, c.status)
		}
	}
	for _, page := range []string{"/admin/groups?q=people", "/admin/domains/production", "/admin/users", "/admin/users/" + s.writer.ID, "/admin/audit"} {
		if body := webtest.Text(t, webtest.Ask(s.Site, "GET", page, s.as["chief"])); !strings.Contains(body, "People who help") {
			t.Errorf("%s does not show the title of the group", page)
		}
	}
	if body := webtest.Text(t, webtest.Ask(s.Site, "GET", path, s.as["local"])); !strings.Contains(body, "Remove writer from the group") || !strings.Contains(body, "Help desk") {
		t.Error("the page does not show the member")
	}
	if got := s.post("local", path+"/leave", url.Values{"user": {s.writer.ID}}).StatusCode; got != 303 {
		t.Errorf("leave: %d", got)
	}
	if got := s.post("local", path+"/delete", url.Values{"version": {"4"}, "confirm": {"Help desk"}}).StatusCode; got != 303 {
		t.Errorf("delete: %d", got)
	}
}

// TestAuditIsShown finds what was done, by whom and to whom.
func TestAuditIsShown(t *testing.T) {
	s := withStaff(t)
	s.post("local", "/admin/users", userValues("watched"))
	for query, want := range map[string]string{"": "Account created", "?who=watched": "Account created", "?q=user.create": "Account created", "?q=%25%25": "No entry matches", "?who=local": "Account created", "?before=x": "Account created"} {
		if body := webtest.Text(t, webtest.Ask(s.Site, "GET", "/admin/audit"+query, s.as["chief"])); !strings.Contains(body, want) {
			t.Errorf("%q does not say %q", query, want)
		}
	}
	body := webtest.Text(t, webtest.Ask(s.Site, "GET", "/admin/audit.csv", s.as["chief"]))
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) < 5 || rows[len(rows)-1][0] != "1" {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

// TestHomeSaysTheFacts reads the first page.
func TestHomeSaysTheFacts(t *testing.T) {
	s := withStaff(t)
	s.Build = "9.9.9-test"
	chief, local := webtest.Text(t, webtest.Ask(s.Site, "GET", "/admin", s.as["chief"])), webtest.Text(t, webtest.Ask(s.Site, "GET", "/admin", s.as["local"]))
	for _, want := range []string{"Active accounts", "Working", "9.9.9-test", "A single account administers the server"} {
		if !strings.Contains(chief, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(local, "9.9.9-test") || strings.Contains(local, "/admin/audit") {
		t.Error("a domain's administrator sees the server")
	}
}

// TestAuditIsReadable shows what an entry tells as names and values, and not as
// the data it is kept as.
func TestAuditIsReadable(t *testing.T) {
	s := withStaff(t)
	if err := s.Content.Audit(t.Context(), s.chief.ID, "version.freeze", "project:p", map[string]any{"version": "<b>2.0", "user": s.writer.ID, "domains": []string{"production"}, "active": true, "bundle": "f00"}); err != nil {
		t.Fatal(err)
	}
	grants := []access.Grant{{User: s.writer.ID, Right: access.Modification}, {Group: "Lyon", Right: access.Execution}, {User: s.writer.ID, Right: access.Publication}}
	if err := s.Content.Audit(t.Context(), s.chief.ID, "project.grants", "project:p", grants); err != nil {
		t.Fatal(err)
	}
	if page := s.page(t, "chief", "/admin/audit?action=project.grants"); !strings.Contains(page, "writer: Modify, Publish ; Lyon: Test") {
		t.Error(webtest.MainOf(page))
	}
	body := webtest.Text(t, webtest.Ask(s.Site, "GET", "/admin/audit?q=version.freeze", s.as["chief"], webtest.Header("Accept-Language", "en")))
	for _, want := range []string{"Version frozen", "active: yes, domains: Production, person: writer, version: &lt;b&gt;2.0", "Project: no longer there", "<code>project:p</code>"} {
		if !strings.Contains(body, want) {
			t.Errorf("the list does not show %q", want)
		}
	}
}

// TestNobodyEndsTheirOwnAdministration takes one of two domains from the own account
// of who administers them.
func TestNobodyEndsTheirOwnAdministration(t *testing.T) {
	s := withStaff(t)
	two := webtest.AddUser(t, s.Site, "two", access.Administrator, "production", "sandbox")
	s.as["two"] = webtest.SignedIn(t, s.Site, "two")
	own := url.Values{"login": {"two"}, "role": {"administrator"}, "version": {s.version(t, two.ID)}, "domain": {"production"}}
	if r := s.post("two", "/admin/users/"+two.ID, own); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("%d", r.StatusCode)
	} else {
		says(t, webtest.MainOf(webtest.Text(t, r)), "You cannot change your own access")
	}
	own.Add("domain", "sandbox")
	if r := s.post("two", "/admin/users/"+two.ID, own); r.StatusCode != http.StatusSeeOther {
		t.Errorf("with both: %d", r.StatusCode)
	}
}

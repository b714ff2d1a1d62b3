package admin_test

import (
	"maps"
	"net/url"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// ruled makes a group that those of an entity are in.
func (s staff) ruled(t *testing.T, domain, name, entity string) store.Group {
	t.Helper()
	g := s.group(t, domain, name)
	g.Rule = &access.Rule{Conditions: []access.Condition{{Attribute: "entity", Is: access.Equals, Value: entity}}}
	g, err := s.Content.SaveGroup(t.Context(), g, "test")
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// rows are attributes as the form sends them.
func rows(values url.Values, pairs ...string) url.Values {
	for i := 0; i < len(pairs); i += 2 {
		values.Add("attribute", pairs[i])
		values.Add("attribute_value", pairs[i+1])
	}
	return values
}

// TestAttributesOfAccounts are written, changed and taken away by the form.
func TestAttributesOfAccounts(t *testing.T) {
	s := withStaff(t)
	path := "/admin/users/" + s.writer.ID
	edit := func(version string) url.Values {
		return userValues("writer", "version", version, "role", "writer", "title", "Dr")
	}
	if r := s.post("local", path, rows(edit("1"), " Entity ", "Ventes", "skill", "3", "", "")); r.StatusCode != 303 {
		t.Fatalf("%d: %s", r.StatusCode, webtest.Text(t, r))
	}
	u, err := s.Content.User(t.Context(), s.writer.ID)
	if want := map[string]string{"entity": "Ventes", "skill": "3"}; err != nil || u.Title != "Dr" || !maps.Equal(u.Attributes, want) {
		t.Errorf("kept %+v, %v", u, err)
	}
	page := s.page(t, "local", path)
	for _, want := range []string{`value="entity"`, `value="Ventes"`, `value="Dr"`, `<option value="location">`} {
		if !strings.Contains(page, want) {
			t.Errorf("the form lacks %s", want)
		}
	}
	for name, c := range map[string]struct{ name, value, want string }{
		"a name":  {"Entité", "x", "lower-case letters"},
		"twice":   {"skill", "4", "on two lines"},
		"a value": {"x", strings.Repeat("x", 501), "500 bytes"},
	} {
		r := s.post("local", path, rows(edit("2"), "skill", "3", c.name, c.value))
		if body := webtest.Text(t, r); r.StatusCode != 422 || !strings.Contains(body, c.want) {
			t.Errorf("%s: %d %s", name, r.StatusCode, webtest.MainOf(body))
		}
	}
	stale := s.post("chief", path, rows(edit("1"), "skill", "4", "entity", "Ventes"))
	if body := webtest.Text(t, stale); stale.StatusCode != 409 || !strings.Contains(body, "skill is now “3”") || strings.Contains(body, "entity is now") {
		t.Errorf("%d: %s", stale.StatusCode, webtest.MainOf(body))
	}
	if r := s.post("local", path, rows(edit("2"), "skill", "", "entity", "Ventes")); r.StatusCode != 303 {
		t.Fatalf("%d", r.StatusCode)
	}
	if u, _ := s.Content.User(t.Context(), s.writer.ID); len(u.Attributes) != 1 {
		t.Errorf("kept %v", u.Attributes)
	}
	list := s.page(t, "local", "/admin/users?attribute=entity&value=vent")
	if !strings.Contains(list, "1 account") || !strings.Contains(list, "entity: Ventes") {
		t.Error(webtest.MainOf(list))
	}
	if table := s.page(t, "local", "/admin/users.csv"); !strings.Contains(table, "attribute.entity") || !strings.Contains(table, "Ventes") {
		t.Error(table)
	}
}

// TestRulesAreKeptByForms saves an account that is in a group by a rule: it stays
// so, and is not in it by hand.
func TestRulesAreKeptByForms(t *testing.T) {
	s := withStaff(t)
	g := s.ruled(t, "production", "Sales", "Ventes")
	path := "/admin/users/" + s.writer.ID
	if r := s.post("local", path, rows(userValues("writer", "version", "1", "role", "writer"), "entity", "Ventes")); r.StatusCode != 303 {
		t.Fatalf("%d: %s", r.StatusCode, webtest.Text(t, r))
	}
	page := s.page(t, "local", path)
	if !strings.Contains(page, "(by rule)") || strings.Contains(page, `name="group" value="`+g.ID) {
		t.Error(webtest.MainOf(page))
	}
	bare := userValues("writer", "version", "2", "role", "writer")
	bare.Del("domain")
	if r := s.post("chief", path, bare); r.StatusCode != 303 {
		t.Fatalf("in by rule only: %d %s", r.StatusCode, webtest.Text(t, r))
	}
	m, err := s.Content.Memberships(t.Context(), s.writer.ID)
	if err != nil || len(m.Groups) != 1 || len(m.ByHandOnly()) != 0 {
		t.Errorf("%+v, %v", m, err)
	}
}

// TestRulesAreNoWayOut tries to reach other domains by what a rule makes of an
// account.
func TestRulesAreNoWayOut(t *testing.T) {
	s := withStaff(t)
	s.ruled(t, "sandbox", "Sales", "Ventes")
	for path, values := range map[string]url.Values{
		"/admin/users/" + s.local.ID:  userValues("local", "version", "1", "role", "administrator"),
		"/admin/users/" + s.writer.ID: userValues("writer", "version", "1", "role", "writer"),
		"/admin/users":                userValues("new"),
	} {
		r := s.post("local", path, rows(values, "entity", "ventes"))
		if body := webtest.Text(t, r); r.StatusCode != 422 || !strings.Contains(body, "a rule would put this account") {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	if r := s.post("chief", "/admin/users/"+s.writer.ID, rows(userValues("writer", "version", "1", "role", "writer"), "entity", "ventes")); r.StatusCode != 303 {
		t.Errorf("the server's: %d", r.StatusCode)
	}
}

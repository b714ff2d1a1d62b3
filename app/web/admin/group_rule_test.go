package admin_test

import (
	"net/url"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// condition are a rule as its form sends it.
func condition(do, version string, parts ...string) url.Values {
	values := url.Values{"do": {do}, "version": {version}, "any": {"all"}}
	for i := 0; i+2 < len(parts); i += 3 {
		values.Add("attribute", parts[i])
		values.Add("is", parts[i+1])
		values.Add("value", parts[i+2])
	}
	return values
}

// with gives an account attributes.
func (s staff) with(t *testing.T, u store.User, attributes map[string]string) {
	t.Helper()
	u, err := s.Content.User(t.Context(), u.ID)
	if err == nil {
		u.Attributes = attributes
		_, err = s.Content.SaveUser(t.Context(), u, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (s staff) members(t *testing.T, g store.Group) int {
	t.Helper()
	all, err := s.Content.GroupMembers(t.Context(), g.ID)
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// TestRulesAreTriedThenGiven previews a rule, gives it, changes it and takes it
// away: the preview says what happens, and changes nothing.
func TestRulesAreTriedThenGiven(t *testing.T) {
	s := withStaff(t)
	g := s.group(t, "production", "Sales")
	path := "/admin/groups/" + g.ID
	s.with(t, s.writer, map[string]string{"entity": "Ventes", "skill": "3"})
	s.with(t, s.local, map[string]string{"entity": "ventes", "skill": "1"})
	tried := webtest.Text(t, s.post("chief", path+"/rule", condition("preview", "1", "Entity", "equals", "VENTES", "skill", "at_least", "2", "", "equals", "")))
	for _, want := range []string{"1 person would be in", "1 enters", ">writer</a>", "entity: Ventes, skill: 3", `value="VENTES"`} {
		if !strings.Contains(tried, want) {
			t.Errorf("the preview lacks %q: %s", want, webtest.MainOf(tried))
		}
	}
	if s.members(t, g) != 0 {
		t.Error("a preview changed something")
	}
	if r := s.post("chief", path+"/rule", condition("save", "1", "entity", "equals", "Ventes")); r.StatusCode != 303 || s.members(t, g) != 2 {
		t.Fatalf("%d, %d members", r.StatusCode, s.members(t, g))
	}
	if err := s.Content.EnterGroup(t.Context(), g.ID, s.writer.ID, "test"); err != nil {
		t.Fatal(err)
	}
	page := s.page(t, "chief", path)
	for _, want := range []string{"entity is “Ventes”", "Change the rule", "by hand, by rule"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q: %s", want, webtest.MainOf(page))
		}
	}
	if n := strings.Count(page, `name="user"`); n != 1 {
		t.Errorf("%d members can be removed by hand", n)
	}
	leaving := webtest.Text(t, s.post("chief", path+"/rule", condition("preview", "2", "entity", "equals", "Achats")))
	if !strings.Contains(leaving, "Nobody would be in by this rule") || !strings.Contains(leaving, "1 leaves") || !strings.Contains(leaving, ">local</a>") {
		t.Error(webtest.MainOf(leaving))
	}
	stale := s.post("chief", path+"/rule", condition("save", "1", "skill", "present", ""))
	if body := webtest.Text(t, stale); stale.StatusCode != 409 || !strings.Contains(body, "is now “entity is “Ventes””") {
		t.Errorf("%d %s", stale.StatusCode, webtest.MainOf(body))
	}
	if r := s.post("chief", path+"/leave", url.Values{"user": {s.writer.ID}}); r.StatusCode != 303 || s.members(t, g) != 2 {
		t.Errorf("left by hand: %d, %d members", r.StatusCode, s.members(t, g))
	}
	if list := s.page(t, "chief", "/admin/groups"); !strings.Contains(list, ">rule<") {
		t.Error("the list does not say which group has a rule")
	}
	g, _ = s.Content.Group(t.Context(), g.ID)
	if r := s.post("chief", path+"/rule", url.Values{"do": {"remove"}, "version": {"2"}}); r.StatusCode != 303 || s.members(t, g) != 0 {
		t.Errorf("removed: %d, %d members", r.StatusCode, s.members(t, g))
	}
}

func TestRulesThatCannotBe(t *testing.T) {
	s := withStaff(t)
	g := s.group(t, "production", "Sales")
	for name, c := range map[string]struct {
		parts []string
		want  string
	}{
		"none":    {nil, "at least one condition"},
		"name":    {[]string{"É", "equals", "x"}, "Name an attribute"},
		"compare": {[]string{"a", "like", "x"}, "Choose a comparison"},
		"value":   {[]string{"a", "equals", ""}, "something to compare with"},
		"number":  {[]string{"a", "at_least", "much"}, "needs a number"},
	} {
		r := s.post("chief", "/admin/groups/"+g.ID+"/rule", condition("save", "1", c.parts...))
		if body := webtest.Text(t, r); r.StatusCode != 422 || !strings.Contains(body, c.want) {
			t.Errorf("%s: %d %s", name, r.StatusCode, webtest.MainOf(body))
		}
	}
}

// TestARuleLeftToPeopleIsConfirmed gives a group a rule on the language, which
// people choose themselves: it is said, and kept only once it is confirmed.
func TestARuleLeftToPeopleIsConfirmed(t *testing.T) {
	s := withStaff(t)
	g := s.group(t, "production", "English speakers")
	path := "/admin/groups/" + g.ID + "/rule"
	tried := s.post("chief", path, condition("preview", "1", "language", "equals", "en"))
	if body := webtest.Text(t, tried); tried.StatusCode != 200 || !strings.Contains(body, "by themselves") || !strings.Contains(body, `name="own"`) {
		t.Errorf("trying it: %d %s", tried.StatusCode, webtest.MainOf(body))
	}
	save := condition("save", "1", "language", "equals", "en")
	refused := s.post("chief", path, save)
	if body := webtest.Text(t, refused); refused.StatusCode != 422 || !strings.Contains(body, "which everyone chooses") || !strings.Contains(body, `name="own"`) {
		t.Errorf("without a word: %d %s", refused.StatusCode, webtest.MainOf(body))
	}
	if now, err := s.Content.Group(t.Context(), g.ID); err != nil || now.Rule != nil {
		t.Fatalf("the rule is %+v, %v", now.Rule, err)
	}
	save.Set("own", "yes")
	if r := s.post("chief", path, save); r.StatusCode != 303 {
		t.Errorf("confirmed: %d", r.StatusCode)
	}
	// Attributes are others' to set: nothing is asked.
	s.with(t, s.writer, map[string]string{"entity": "Sales"})
	if r := s.post("chief", path, condition("save", "2", "entity", "equals", "Sales")); r.StatusCode != 303 {
		t.Errorf("an attribute: %d", r.StatusCode)
	}
}

// TestAnAccountMadeForARuleElsewhere makes an account whose language or role a
// rule of another domain reads, as who administers one domain only.
func TestAnAccountMadeForARuleElsewhere(t *testing.T) {
	s := withStaff(t)
	for name, c := range map[string]access.Condition{
		"French": {Attribute: "language", Is: access.Equals, Value: "fr"}, "Writers": {Attribute: "role", Is: access.Equals, Value: "writer"},
	} {
		g := s.group(t, "sandbox", name)
		g.Rule = &access.Rule{Conditions: []access.Condition{c}}
		if _, err := s.Content.SaveGroup(t.Context(), g, "test"); err != nil {
			t.Fatal(err)
		}
	}
	for name, values := range map[string]url.Values{
		"language": userValues("made", "role", "user", "language", "fr"), "role": userValues("made", "role", "writer", "language", "en"),
	} {
		r := s.post("local", "/admin/users", values)
		if body := webtest.Text(t, r); r.StatusCode != 422 || !strings.Contains(body, "a rule would put this account") {
			t.Errorf("%s: %d %s", name, r.StatusCode, webtest.MainOf(body))
		}
		if _, err := s.Content.UserByLogin(t.Context(), "made"); err == nil {
			t.Errorf("%s: the account was made", name)
		}
	}
	if r := s.post("local", "/admin/users", userValues("made", "role", "user", "language", "en")); r.StatusCode != 303 {
		t.Errorf("what no rule reads: %d", r.StatusCode)
	}
}

// TestRulesAreTheServers: who administers a domain sees the rule of its groups,
// and cannot give one.
func TestRulesAreTheServers(t *testing.T) {
	s := withStaff(t)
	g := s.ruled(t, "production", "Sales", "Ventes")
	page := s.page(t, "local", "/admin/groups/"+g.ID)
	if !strings.Contains(page, "entity is “Ventes”") || strings.Contains(page, "Change the rule") || !strings.Contains(page, "only its administrators") {
		t.Error(webtest.MainOf(page))
	}
	far := s.group(t, "sandbox", "Far")
	for path, want := range map[string]int{"/admin/groups/" + g.ID + "/rule": 403, "/admin/groups/" + far.ID + "/rule": 404} {
		for _, values := range []url.Values{condition("preview", "2", "entity", "present", ""), condition("save", "2", "entity", "present", "")} {
			if got := s.post("local", path, values).StatusCode; got != want {
				t.Errorf("%s: %d, want %d", path, got, want)
			}
		}
	}
	if r := s.post("local", "/admin/groups/"+g.ID, url.Values{"name": {"Sellers"}, "version": {"2"}}); r.StatusCode != 303 {
		t.Errorf("renaming: %d", r.StatusCode)
	}
	if now, err := s.Content.Group(t.Context(), g.ID); err != nil || now.Rule == nil || now.Rule.Conditions[0].Is != access.Equals {
		t.Errorf("the rule is %+v, %v", now.Rule, err)
	}
}

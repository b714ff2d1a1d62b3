package admin_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// TestDoubtfulRulesAreAskedAbout saves a rule that takes in most people, or looks
// at what nobody has, only when that was said and is still the same rule.
func TestDoubtfulRulesAreAskedAbout(t *testing.T) {
	s := withStaff(t)
	for i := range 8 {
		if _, err := s.Content.CreateAccount(t.Context(), store.User{Login: fmt.Sprintf("many%d", i), Role: access.User, Active: true}, []string{"production"}, nil, "test"); err != nil {
			t.Fatal(err)
		}
	}
	g := s.group(t, "production", "Night")
	path := "/admin/groups/" + g.ID + "/rule"
	form := func(do, attribute, is, value string, more ...string) url.Values {
		q := url.Values{"version": {"1"}, "do": {do}, "attribute": {attribute}, "is": {is}, "value": {value}}
		for i := 0; i < len(more); i += 2 {
			q.Set(more[i], more[i+1])
		}
		return q
	}
	says(t, webtest.Text(t, s.post("chief", path, form("preview", "skil", "equals", "3"))), "No account has the attribute “skil”", "Save the rule all the same")
	r := s.post("chief", path, form("save", "skil", "equals", "3"))
	if says(t, webtest.Text(t, r), "No account has the attribute"); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("%d", r.StatusCode)
	}
	page := webtest.Text(t, s.post("chief", path, form("save", "title", "absent", "")))
	says(t, page, "It takes in 12 of the 12 accounts.")
	_, after, _ := strings.Cut(page, `name="doubted" value="`)
	before, _, _ := strings.Cut(after, `"`)
	sign := html.UnescapeString(before)
	if now, err := s.Content.Group(t.Context(), g.ID); err != nil || now.Rule != nil || sign == "" {
		t.Fatalf("%+v, %v, %q", now, err, sign)
	}
	if r := s.post("chief", path, form("save", "title", "differs", "x", "doubted", sign)); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("another rule than the one agreed to: %d", r.StatusCode)
	}
	if r := s.post("chief", path, form("save", "title", "absent", "", "doubted", sign)); r.StatusCode != http.StatusSeeOther || s.members(t, g) != 12 {
		t.Errorf("%d, %d members", r.StatusCode, s.members(t, g))
	}
}

// TestARuleThatStrandsIsAskedAbout changes a rule by which alone somebody comes in.
func TestARuleThatStrandsIsAskedAbout(t *testing.T) {
	s := withStaff(t)
	g := s.group(t, "production", "Night")
	rule := &access.Rule{Conditions: []access.Condition{{Attribute: "entity", Is: "equals", Value: "sales"}}}
	g.Rule = rule
	if _, err := s.Content.SaveGroup(t.Context(), g, "test"); err != nil {
		t.Fatal(err)
	}
	alone := store.User{Login: "alone", Role: access.User, Active: true, Attributes: map[string]string{"entity": "sales"}}
	if _, err := s.Content.CreateAccount(t.Context(), alone, nil, nil, "test"); err != nil {
		t.Fatal(err)
	}
	r := s.post("chief", "/admin/groups/"+g.ID+"/rule", url.Values{"version": {"2"}, "do": {"save"}, "attribute": {"entity"}, "is": {"equals"}, "value": {"support"}, "own": {"yes"}})
	page := webtest.Text(t, r)
	says(t, page, "1 person who would leave the group would belong to no domain", `name="doubted"`)
	if r.StatusCode != http.StatusUnprocessableEntity || s.members(t, g) != 1 {
		t.Errorf("%d, %d members", r.StatusCode, s.members(t, g))
	}
	remove := url.Values{"version": {"2"}, "do": {"remove"}}
	says(t, webtest.Text(t, s.post("chief", "/admin/groups/"+g.ID+"/rule", remove)), "1 person would belong to no domain any more", "alone", `name="do" value="remove"`, `name="version" value="2"`)
	if s.members(t, g) != 1 {
		t.Error("the rule is removed unasked")
	}
	remove.Set("sure", "yes")
	if r := s.post("chief", "/admin/groups/"+g.ID+"/rule", remove); r.StatusCode != http.StatusSeeOther || s.members(t, g) != 0 {
		t.Errorf("%d, %d members", r.StatusCode, s.members(t, g))
	}
}

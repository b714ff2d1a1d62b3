package admin_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// within makes accounts that belong nowhere but by a group.
func (s staff) within(t *testing.T, g store.Group, logins ...string) (ids []string) {
	t.Helper()
	for _, login := range logins {
		u := webtest.AddUser(t, s.Site, login, access.User)
		if err := s.Content.SetMemberships(t.Context(), u.ID, nil, []string{g.ID}, "test"); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, u.ID)
	}
	return ids
}

func mustHold(t *testing.T, page string, has bool, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(page, text) != has {
			t.Errorf("%q is there: %v\n%s", text, !has, webtest.MainOf(page))
		}
	}
}

// TestNobodyIsStrandedUnsaid says who would lose their last entry before a group is
// deleted, before several are, and before people leave one.
func TestNobodyIsStrandedUnsaid(t *testing.T) {
	s := withStaff(t)
	night, day := s.group(t, "production", "Night"), s.group(t, "production", "Day")
	ids := s.within(t, night, "owl", "bat", "fox", "gone", "all")
	owl, bat, fox := ids[0], ids[1], ids[2]
	for _, move := range []error{
		s.Content.EnterGroup(t.Context(), day.ID, bat, "test"),
		s.Content.SetMemberships(t.Context(), fox, []string{"sandbox"}, []string{night.ID}, "test"),
	} {
		if move != nil {
			t.Fatal(move)
		}
	}
	if _, err := s.Content.SetActive(t.Context(), ids[3:4], false, "test"); err != nil {
		t.Fatal(err)
	}
	all, err := s.Content.User(t.Context(), ids[4])
	if all.Everywhere = true; err == nil {
		_, err = s.Content.SaveUser(t.Context(), all, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	const one, two = "1 person would belong to no domain any more", "2 people would belong to no domain any more"
	link := func(id string) string { return `href="/admin/users/` + id + `"` }
	note := func(page string) string {
		_, after, _ := strings.Cut(page, "no domain any more")
		inside, _, _ := strings.Cut(after, "</ul>")
		return inside
	}
	page := s.page(t, "chief", "/admin/groups/"+night.ID)
	mustHold(t, page, true, one)
	mustHold(t, note(page), true, link(owl))
	mustHold(t, note(page), false, link(bat), link(fox), link(ids[3]), link(ids[4]))
	mustHold(t, s.page(t, "chief", "/admin/groups/"+day.ID), false, "no domain any more")

	choose := func(path string, form url.Values) string {
		return webtest.Text(t, s.post("chief", path, form))
	}
	mustHold(t, choose("/admin/groups/choose", url.Values{"do": {"delete"}, "pick": {night.ID}}), true, one, link(owl))
	both := choose("/admin/groups/choose", url.Values{"do": {"delete"}, "pick": {night.ID, day.ID}})
	mustHold(t, both, true, two, link(owl), link(bat))
	mustHold(t, choose("/admin/groups/choose", url.Values{"do": {"delete"}, "pick": {day.ID}}), false, "no domain any more")
	leave := choose("/admin/users/choose", url.Values{"do": {"leave"}, "to": {night.ID}, "pick": ids})
	mustHold(t, leave, true, one, link(owl))
	crew := s.titled(t, "production", "crew", map[string]string{"fr": "Équipe de nuit", "en": "Night crew"})
	mustHold(t, choose("/admin/users/choose", url.Values{"do": {"enter"}, "to": {crew.ID}, "pick": ids[:1]}), true, "Night crew") // as people read it

	out := url.Values{"user": {owl}}
	asked := choose("/admin/groups/"+night.ID+"/leave", out)
	mustHold(t, asked, true, one, link(owl), `name="sure" value="yes"`)
	if s.members(t, night) != 5 {
		t.Error("somebody left who was asked about")
	}
	s.post("chief", "/admin/groups/"+night.ID+"/leave", url.Values{"user": {bat}}) // still in another
	out.Set("sure", "yes")
	if r := s.post("chief", "/admin/groups/"+night.ID+"/leave", out); r.StatusCode != http.StatusSeeOther || s.members(t, night) != 3 {
		t.Errorf("%d, %d members", r.StatusCode, s.members(t, night))
	}
}

// TestLeavingADomainIsSaid says what groups open in a domain that they are taken out
// of, who belongs there by them only, and which of them stay.
func TestLeavingADomainIsSaid(t *testing.T) {
	s := withStaff(t)
	night, own, away := s.group(t, "sandbox", "Night"), s.group(t, "production", "Own"), s.group(t, "sandbox", "Away")
	s.within(t, night, "owl")
	if err := s.Content.AttachGroup(t.Context(), night.ID, "production", "test"); err != nil {
		t.Fatal(err)
	}
	data := webtest.Desk(t)
	data.Audience, data.Public = []string{"Night"}, false
	p, err := s.Content.CreateProject(t.Context(), "production", data, "test")
	if err == nil {
		err = s.Content.SetGrants(t.Context(), p.ID, []access.Grant{{Group: "Night", Right: access.Publication}}, "test")
	}
	if err == nil {
		elsewhere := webtest.Desk(t)
		elsewhere.Audience, elsewhere.Alias, elsewhere.Name = []string{"Night"}, "elsewhere", procedure.T("Ailleurs", "Elsewhere")
		_, err = s.Content.CreateProject(t.Context(), "sandbox", elsewhere, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"do": {"detach"}, "to": {"production"}, "pick": {night.ID, own.ID, away.ID}}
	page := webtest.Text(t, s.post("chief", "/admin/groups/choose", form))
	mustHold(t, page, true, "Take 1 group out of the domain", "1 thing names this group", "What the group may do in 1 project ends",
		"1 person belongs to “Production” by this only", "Own: it was made in this domain", "Away: it does not count in this domain")
	single := url.Values{"to": {"production"}}
	page = webtest.Text(t, s.post("chief", "/admin/groups/"+night.ID+"/detach", single))
	mustHold(t, page, true, "1 thing names this group", "1 person belongs to “Production” by this only", `name="sure" value="yes"`)
	in := func() []string {
		g, err := s.Content.Group(t.Context(), night.ID)
		if err != nil {
			t.Fatal(err)
		}
		return g.In()
	}
	if len(in()) != 2 {
		t.Error("it left before that was said")
	}
	r := s.post("chief", "/admin/groups/apply", form)
	flash := webtest.Text(t, webtest.Ask(s.Site, "GET", "/admin/groups", s.as["chief"], webtest.Cookies(r)))
	mustHold(t, flash, true, "Groups changed: "+strconv.Itoa(1))
	if len(in()) != 1 {
		t.Error("it did not leave")
	}
}

// TestAccountsAreNotStrandedUnsaid changes, by the form and by a list, that by which
// alone a rule lets somebody in.
func TestAccountsAreNotStrandedUnsaid(t *testing.T) {
	s := withStaff(t)
	g := s.ruled(t, "production", "Sales", "Ventes")
	alone, err := s.Content.CreateAccount(t.Context(), store.User{Login: "alone", Role: access.User, Active: true, Attributes: map[string]string{"entity": "Ventes"}}, nil, nil, "test")
	if err != nil {
		t.Fatal(err)
	}
	form := func(entity string) url.Values {
		q := rows(userValues("alone", "version", "1"), "entity", entity)
		q.Del("domain")
		return q
	}
	path := "/admin/users/" + alone.ID
	r := s.post("local", path, form("Achats"))
	mustHold(t, webtest.Text(t, r), true, "no rule puts this person in a group any more", `name="stranded" value="yes"`)
	if r.StatusCode != http.StatusUnprocessableEntity || s.members(t, g) != 1 {
		t.Errorf("%d, %d members", r.StatusCode, s.members(t, g))
	}
	const noted = "No rule would let this person in any more"
	page, _ := s.bring(t, "local", "login,entity,domains\nalone,Achats,production\nwriter,Achats,\n")
	mustHold(t, page, false, noted)
	page, _ = s.bring(t, "local", "login,entity\nalone,Achats\n")
	mustHold(t, page, true, noted, "Import 1 account")
	agreed := form("Achats")
	agreed.Set("stranded", "yes")
	if r := s.post("local", path, agreed); r.StatusCode != http.StatusSeeOther || s.members(t, g) != 0 {
		t.Errorf("%d, %d members", r.StatusCode, s.members(t, g))
	}
}

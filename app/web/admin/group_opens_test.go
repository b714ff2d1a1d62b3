package admin_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// TestWhatAGroupOpens looks at the page of a group for what names it, deletes it, and
// tries to give its name to another.
func TestWhatAGroupOpens(t *testing.T) {
	s := withStaff(t)
	g := s.group(t, "production", "Field team")
	other := s.group(t, "production", "Others")
	data := webtest.Desk(t)
	data.Audience, data.Public = []string{"Field team"}, false
	p, err := s.Content.CreateProject(t.Context(), "production", data, "test")
	if err == nil {
		err = s.Content.SetGrants(t.Context(), p.ID, []access.Grant{{Group: "Field team", Right: access.Publication}}, "test")
	}
	if err == nil {
		_, err = s.Content.FreezeVersion(t.Context(), store.Freeze{Project: p.ID, Data: data, Audience: []string{"Field team"}, By: "test"})
	}
	if err == nil {
		_, err = s.Content.Publish(t.Context(), p.ID, store.Number{Major: 1}, "none", "test", func(int64, []store.Publication) ([]byte, error) { return []byte("-"), nil })
	}
	if err != nil {
		t.Fatal(err)
	}
	b := webtest.SignedInAs(t, s.Site, "chief")
	b.Open("/admin/groups/"+g.ID).Sees("What it opens", "2 things that people run", "version 1.0", "/studio/p/"+p.ID+"/versions", "Rights in projects", "Publish",
		"2 things name this group and will no longer be opened by it", "1 of them is a version on trial")
	b.Open("/admin/groups/"+other.ID).SeesNot("things that people run", "Rights in projects", "no longer be opened")

	chosen := s.post("chief", "/admin/groups/choose", url.Values{"pick": {g.ID}, "do": {"delete"}, "filter": {""}})
	if page := webtest.Text(t, chosen); !strings.Contains(page, "2 things name this group") || !strings.Contains(page, "What the group may do in 1 project ends.") {
		t.Errorf("the page that asks says nothing: %s", webtest.MainOf(page))
	}
	both := webtest.Text(t, s.post("chief", "/admin/groups/choose", url.Values{"pick": {g.ID, other.ID}, "do": {"delete"}, "filter": {""}}))
	if strings.Count(both, "2 things name this group") != 1 || !strings.Contains(both, "Others") || strings.Count(both, "What the group may do in 1 project ends.") != 1 {
		t.Errorf("of two groups, not each has its own: %s", webtest.MainOf(both))
	}
	if r := s.post("chief", "/admin/groups/"+g.ID+"/delete", url.Values{"confirm": {g.Name}, "version": {strconv.FormatInt(g.Version, 10)}}); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", r.StatusCode)
	}
	for path, form := range map[string]url.Values{
		"/admin/domains/production/groups": {"name": {"Field team"}},
		"/admin/groups":                    {"name": {"Field team"}, "to": {"production"}},
		"/admin/groups/" + other.ID:        {"name": {"Field team"}, "version": {strconv.FormatInt(other.Version, 10)}},
	} {
		r := s.post("chief", path, form)
		page := webtest.Text(t, r)
		if r.StatusCode < 400 || strings.Count(page, "is gone, and what was written for it would open to this one") != 1 {
			t.Errorf("%s: %d %s", path, r.StatusCode, webtest.MainOf(page))
		}
		told, _, _ := strings.Cut(page[strings.Index(page, "is gone, and"):], "</ul>")
		mustHold(t, told, true, `href="/studio/p/`+p.ID+`/settings"`, ">"+p.Data.Name.In["en"]+"<")
		mustHold(t, told, false, ">"+p.Alias+"<")
	}
}

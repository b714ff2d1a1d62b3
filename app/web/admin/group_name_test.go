package admin_test

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"

	"selfhelp/app/web/webtest"
)

// TestNoGroupIsCalledEveryone makes and renames groups by the words that pages have for
// all; one that was called so before may be saved with its name.
func TestNoGroupIsCalledEveryone(t *testing.T) {
	s := withStaff(t)
	before, other := s.group(t, "production", "Everyone"), s.group(t, "production", "Others")
	for path, form := range map[string]url.Values{
		"/admin/domains/production/groups": {"name": {"tout le  monde"}},
		"/admin/groups":                    {"name": {"Everybody"}, "to": {"production"}},
		"/admin/groups/" + other.ID:        {"name": {"everybody"}, "version": {strconv.FormatInt(other.Version, 10)}},
		"/admin/groups/" + before.ID:       {"name": {"EVERYONE"}, "version": {strconv.FormatInt(before.Version, 10)}},
	} {
		r := s.post("chief", path, form)
		page := webtest.Text(t, r)
		if r.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
		mustHold(t, page, true, "would be taken for all")
	}
	kept := url.Values{"name": {"Everyone"}, "title_en": {"All of Lyon"}, "title_fr": {"Tout Lyon"}, "version": {strconv.FormatInt(before.Version, 10)}}
	if r := s.post("chief", "/admin/groups/"+before.ID, kept); r.StatusCode != http.StatusSeeOther {
		t.Errorf("a group that was called so before: %d", r.StatusCode)
	}
}

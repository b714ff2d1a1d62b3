package studio_test

import (
	"net/http"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
	"selfhelp/app/web/webtest"
)

// TestEachRightAlone gives somebody one right of a project, by their account and
// by a group, and knocks at a door of every kind. Approval opens no door of its
// own yet: what it lets read and try is all of it.
func TestEachRightAlone(t *testing.T) {
	p := newPress(t, func(o *procedure.Project) { o.Public = false })
	p.publish()
	now, err := p.Content.Project(t.Context(), p.project)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := p.Content.WholeProject(t.Context(), p.project)
	if err != nil {
		t.Fatal(err)
	}
	base, one := "/studio/p/"+p.project, whole.Procedures[0].UID
	doors := map[string][2]string{
		"read": {"GET", base}, "try": {"GET", base + "/d/" + one + "/test"}, "modify": {"POST", base + "/d/" + one + "/copy"}, "design": {"POST", base + "/settings/look"},
		"duplicate": {"GET", base + "/archive.zip"}, "publish": {"GET", base + "/publish"}, "reports": {"GET", base + "/executions"}, "administer": {"POST", base + "/settings/reach"},
	}
	opened := map[access.Right]string{
		access.Administration: "read try modify design duplicate publish reports administer",
		access.Modification:   "read try modify design reports", access.Duplication: "read duplicate", access.Execution: "read try",
		access.Publication: "read try publish", access.Approval: "read try reports",
	}
	webtest.AddUser(t, p.Site, "one", access.Writer, "production")
	webtest.AddUser(t, p.Site, "many", access.Writer, "production")
	webtest.AddToGroup(t, p.Site, "many", "production", "team")
	user, err := p.Content.UserByLogin(t.Context(), "one")
	if err != nil {
		t.Fatal(err)
	}
	for right, want := range opened {
		for login, grant := range map[string]access.Grant{"one": {User: user.ID, Right: right}, "many": {Group: "team", Right: right}} {
			if err := p.Content.SetGrants(t.Context(), now.ID, []access.Grant{grant}, "test"); err != nil {
				t.Fatal(err)
			}
			b := webtest.SignedInAs(t, p.Site, login)
			for name, door := range doors {
				r := b.Send(door[0], door[1], webtest.Form("version=0"))
				open := r.StatusCode != http.StatusForbidden && r.StatusCode != http.StatusNotFound
				if open != strings.Contains(" "+want+" ", " "+name+" ") {
					t.Errorf("%s of %s: %s is %d", right, login, name, r.StatusCode)
				}
			}
		}
	}
	if len(opened) != len(access.Rights()) {
		t.Errorf("%d rights are tried of %d", len(opened), len(access.Rights()))
	}
}

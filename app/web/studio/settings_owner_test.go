package studio_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// TestOwnProject: who makes a project owns it, gives it away, and has nothing of
// it then.
func TestOwnProject(t *testing.T) {
	s := newShared(t)
	s.as["ada"].Send("POST", "/studio/new", webtest.Form("name=Mine&domain=production&language=en"))
	p, err := s.Content.ProjectByAlias(t.Context(), "production", "mine")
	if err != nil || p.Owner != s.writers["ada"].ID {
		t.Fatalf("%+v %v", p, err)
	}
	s.id = p.ID
	webtest.AddUser(t, s.Site, "reader", access.User, "production")
	webtest.AddUser(t, s.Site, "expert", access.Expert, "production")
	webtest.AddUser(t, s.Site, "stranger", access.Writer, "sandbox")
	s.as["ada"].Open("/studio/p/"+s.id+"/settings", english).Sees("Project owner", "(bob)").SeesNot("stranger", ">reader")
	give := func(who, to string) int {
		u, err := s.Content.UserByLogin(t.Context(), to)
		if err != nil {
			t.Fatal(err)
		}
		status, _ := s.post(who, "/owner", s.now().Version, url.Values{"owner": {u.ID}})
		return status
	}
	for _, to := range []string{"reader", "expert", "stranger"} {
		if status := give("ada", to); status != http.StatusUnprocessableEntity {
			t.Errorf("given to %s: %d", to, status)
		}
	}
	if status := give("bob", "bob"); status != http.StatusNotFound {
		t.Errorf("taken: %d", status)
	}
	if status := give("ada", "bob"); status != http.StatusSeeOther {
		t.Fatalf("given to bob: %d", status)
	}
	if r := s.as["ada"].Send("GET", "/studio/p/"+s.id); r.StatusCode != http.StatusNotFound {
		t.Errorf("given away, and it answers %d", r.StatusCode)
	}
	s.as["bob"].Open("/studio/p/" + s.id).Sees("Mine")
	if kept, err := s.Content.AuditLike(t.Context(), store.AuditFilter{Action: "project.owner", Limit: 10}); err != nil || len(kept) != 1 || kept[0].Actor != s.writers["ada"].ID {
		t.Errorf("%+v %v", kept, err)
	}
	if r := s.as["bob"].Send("POST", "/studio/p/"+s.id+"/settings/owner", webtest.Form("version=x&owner=")); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("no version: %d", r.StatusCode)
	}
}

// TestPeopleBeyondTheList names somebody by login where not everybody is offered, and
// says so.
func TestPeopleBeyondTheList(t *testing.T) {
	s := newShared(t)
	s.as["ada"].Send("POST", "/studio/new", webtest.Form("name=Mine&domain=production&language=en"))
	p, err := s.Content.ProjectByAlias(t.Context(), "production", "mine")
	if err != nil {
		t.Fatal(err)
	}
	s.id = p.ID
	for i := range 501 {
		login := fmt.Sprintf("writer-%03d", i)
		u, err := s.Content.CreateUser(t.Context(), store.User{Login: login, LastName: login, Role: access.Writer, Active: true}, "test")
		if err == nil {
			err = s.Content.SetMemberships(t.Context(), u.ID, []string{"production"}, nil, "test")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	webtest.AddUser(t, s.Site, "reader", access.User, "production")
	webtest.AddUser(t, s.Site, "stranger", access.Writer, "sandbox")
	s.as["ada"].Open("/studio/p/"+s.id+"/settings", english).Sees(`name="add_login"`, `name="owner_login"`, "Not everybody is in the list above.")
	for _, of := range [][2]string{{"/rights", "add_login"}, {"/owner", "owner_login"}} {
		form, field := of[0], of[1]
		for _, login := range []string{"nobody", "reader", "stranger"} {
			status, text := s.post("ada", form, s.now().Version, url.Values{field: {login}})
			if status != http.StatusUnprocessableEntity || !strings.Contains(text, field+"-error") || !strings.Contains(text, `value="`+login+`"`) {
				t.Errorf("%s to %s: %d", form, login, status)
			}
		}
		if status, _ := s.post("ada", form, s.now().Version, url.Values{field: {" WRITER-500"}}); status != http.StatusSeeOther {
			t.Fatalf("%s to the last: %d", form, status)
		}
	}
	last, err := s.Content.UserByLogin(t.Context(), "writer-500")
	if err != nil {
		t.Fatal(err)
	}
	grants, err := s.Content.Grants(t.Context(), s.id)
	if err != nil || !slices.Contains(grants, access.Grant{User: last.ID, Right: access.Execution}) || s.now().Owner != last.ID {
		t.Errorf("%v, of %s: %v", grants, s.now().Owner, err)
	}
}

// TestSettingsByRole: each part of the settings needs a permission of its own.
func TestSettingsByRole(t *testing.T) {
	s := newShared(t)
	for name, role := range map[string]access.Role{"designer": access.Designer, "manager": access.Manager, "expert": access.Expert, "editor": access.Writer} {
		u := webtest.AddUser(t, s.Site, name, role, "production")
		s.writers[name], s.as[name] = u, webtest.SignedInAs(t, s.Site, name)
	}
	grants := []access.Grant{{User: s.writers["editor"].ID, Right: access.Modification}, {User: s.writers["expert"].ID, Right: access.Modification}}
	if err := s.Content.SetGrants(t.Context(), s.id, grants, "test"); err != nil {
		t.Fatal(err)
	}
	forms := map[string]url.Values{"": general(), "/look": {"hue": {"30"}, "radius": {"round"}}, "/reach": {"audience": {"it"}}, "/rights": {}, "/owner": {}}
	may := map[string]string{"designer": "/look", "editor": " /look", "manager": "none", "expert": "none"}
	for who, allowed := range may {
		for form, values := range forms {
			status, _ := s.post(who, form, s.now().Version, values)
			if want := form == "" && strings.HasPrefix(allowed, " ") || form != "" && strings.Contains(allowed, form); (status == http.StatusSeeOther) != want {
				t.Errorf("%s saves %q: %d", who, form, status)
			}
		}
	}
	if got := s.now().Data.Theme; got.Hue != 30 || got.Radius != "round" {
		t.Errorf("look %+v", got)
	}
	for field, value := range map[string]string{"radius": "star", "logo": "nothing", "hue": "400"} {
		if status, _ := s.post("designer", "/look", s.now().Version, url.Values{field: {value}}); status != http.StatusUnprocessableEntity {
			t.Errorf("%s %s: %d", field, value, status)
		}
	}
	page := s.as["designer"].Open("/studio/p/"+s.id+"/settings", english).Sees("Save the look").Page
	if strings.Contains(page, "Save who may open it") || strings.Contains(page, "Save the categories") {
		t.Error("a designer is offered more")
	}
	if r := s.as["manager"].Send("GET", "/studio/p/"+s.id+"/statistics"); r.StatusCode != http.StatusOK {
		t.Errorf("a manager's statistics: %d", r.StatusCode)
	}
	for _, who := range []string{"expert", "manager", "designer"} {
		if r := s.as[who].Send("GET", "/studio/new"); r.StatusCode != http.StatusForbidden {
			t.Errorf("%s makes projects: %d", who, r.StatusCode)
		}
	}
}

// TestOwnerIsGone: a project outlives its owner.
func TestOwnerIsGone(t *testing.T) {
	s := newShared(t)
	u := webtest.AddUser(t, s.Site, "gone", access.Writer, "production")
	if err := s.Content.GiveProject(t.Context(), s.id, s.now().Version, u.ID, "test"); err != nil {
		t.Fatal(err)
	}
	u.Active = false
	u, err := s.Content.SaveUser(t.Context(), u, "test")
	if err == nil {
		err = s.Content.DeleteUser(t.Context(), u.ID, u.Version, store.Heir{}, "test")
	}
	if err != nil || s.now().Owner != "" {
		t.Fatalf("%v, owned by %q", err, s.now().Owner)
	}
	s.as["ada"].Open("/studio/p/"+s.id+"/settings", english).Sees("This project has no owner")
}

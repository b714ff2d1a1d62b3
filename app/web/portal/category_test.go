package portal_test

import (
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/publication"
	"selfhelp/app/web/webtest"
)

// TestCategoryOfAGroup: what is below a category that is for a group shows to
// nobody else, by no way.
func TestCategoryOfAGroup(t *testing.T) {
	s := webtest.NewSite(t)
	project := webtest.Desk(t)
	for i := range project.Categories {
		if project.Categories[i].ID == "hardware" {
			project.Categories[i].Audience = []string{"Staff"}
		}
	}
	webtest.Publish(t, s, webtest.Published{Domain: "production", Project: project, Number: publication.Number{Major: 1}})
	webtest.AddUser(t, s, "camille", access.User, "production")
	webtest.AddToGroup(t, s, "camille", "production", "Staff")
	webtest.AddUser(t, s, "karim", access.User, "production")
	webtest.AddUser(t, s, "boss", access.Administrator, "production")
	webtest.AddUser(t, s, "elsewhere", access.User, "sandbox")
	webtest.AddToGroup(t, s, "elsewhere", "sandbox", "Staff")
	addresses := []string{
		"", "/search?q=lamp", "/suggest?q=lamp", "/c/hardware", "/c/printers", "/search?q=lamp&category=printers", "/search?q=lampe&group=Staff",
	}
	for who, b := range map[string]*webtest.Browser{
		"a stranger": webtest.NewBrowser(t, s), "a colleague": webtest.SignedInAs(t, s, "karim"), "an administrator": webtest.SignedInAs(t, s, "boss"),
		"a namesake's member": webtest.SignedInAs(t, s, "elsewhere"),
	} {
		for _, path := range addresses {
			if b.Open(deskHome+path, english); strings.Contains(b.Page, "is broken") || strings.Contains(b.Page, "Hardware") || strings.Contains(b.Page, "/r/lamp") {
				t.Errorf("%s sees it at %s", who, path)
			}
			if strings.HasPrefix(path, "/c/") && b.Status != 404 {
				t.Errorf("%s at %s: %d", who, path, b.Status)
			}
		}
		for _, path := range []string{"/r/lamp", "/r/lamp?v=1.0", "/r/lamp?in=production"} {
			if b.Open(path); b.Status != 404 && !strings.HasPrefix(b.Path, "/login") {
				t.Errorf("%s at %s: %d", who, path, b.Status)
			}
		}
		if page := webtest.Text(t, b.Send("GET", "/api/v1/procedures?query=lamp")); strings.Contains(page, `"lamp"`) {
			t.Errorf("%s finds it by the API", who)
		}
		if r := b.Send("GET", "/api/v1/procedures/lamp"); r.StatusCode != 404 && r.StatusCode != 401 {
			t.Errorf("%s reads it by the API: %d", who, r.StatusCode)
		}
	}
	b := webtest.SignedInAs(t, s, "camille")
	b.Open(deskHome+"/c/printers", english).Sees("The lamp is broken")
	b.Open(deskHome+"/search?q=lamp", english).Sees("/r/lamp")
	if b.Open("/r/lamp"); b.Status != 200 || strings.HasPrefix(b.Path, "/login") {
		t.Errorf("a member: %d %s", b.Status, b.Path)
	}
}

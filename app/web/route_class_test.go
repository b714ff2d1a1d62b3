package web_test

import (
	"net/http"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
)

// allowed is what a permission takes, at the least, in the tests' production
// domain and its public project.
func allowed(p access.Permission, who string) bool {
	switch p {
	case access.Public, access.SeeProject, access.RunProcedure:
		return true
	case access.ContinueExecution, access.ReadExecution:
		return false // the address names someone else's
	case access.Provision:
		return false // people do not come there: programs do, with tokens
	case access.SignedIn:
		return who != "anonymous"
	case access.EnterStudio, access.CreateProject:
		return who == "writer" || who == "administrator"
	case access.ReadProject, access.TestProject, access.ModifyProject, access.DuplicateProject, access.ApproveProject, access.PublishProject, access.ReadReports, access.AdministerProject:
		return who == "administrator" // the writer has no right on it
	}
	return who == "administrator"
}

// TestEveryRouteForEveryone asks for every address as each kind of person:
// those who may not are refused, hidden from or asked to sign in; those who
// may are not, whatever else the address then says.
func TestEveryRouteForEveryone(t *testing.T) {
	s := webtest.DeskSite(t, func(c *frame.Config) {
		c.Limits = frame.Limits{All: frame.Rate{PerSecond: -1}, Starts: frame.Rate{PerSecond: -1}, Search: frame.Rate{PerSecond: -1}, Signs: frame.Rate{PerSecond: -1}}
	})
	webtest.AddUser(t, s, "user", access.User, "production")
	webtest.AddUser(t, s, "writer", access.Writer, "production")
	boss := webtest.AddUser(t, s, "administrator", access.Administrator)
	boss.Everywhere = true
	if _, err := s.Content.SaveUser(t.Context(), boss, "test"); err != nil {
		t.Fatal(err)
	}
	project, err := s.Content.CreateProject(t.Context(), "production", webtest.Desk(t), boss.ID)
	if err != nil {
		t.Fatal(err)
	}
	fill := strings.NewReplacer("{$}", "", "{domain}", "production", "{project}", "desk", "{alias}", "lamp", "{category}", "hardware",
		"{execution}", "aaaaaaaaaaaaaaaaaaaaaaaaaa", "{step}", "colour", "{id}", project.ID, "{uid}", "lampaaaaaaaaaaaaaaaaaaaaaa", "{sample}", "gallery")
	people := map[string]*webtest.Browser{}
	for _, rt := range s.Table() {
		method, path, _ := strings.Cut(rt.Pattern, " ")
		if path == "" {
			method, path = "GET", "/nowhere"
		}
		if strings.HasPrefix(path, "/studio/{project}") { // there, a project is named by its id
			path = strings.Replace(path, "{project}", project.ID, 1)
		}
		for _, who := range []string{"anonymous", "user", "writer", "administrator"} {
			b := people[who]
			if b == nil {
				b = webtest.NewBrowser(t, s)
				if who != "anonymous" {
					b = webtest.SignedInAs(t, s, who)
				}
				people[who] = b
			}
			if strings.HasSuffix(path, "/logout") {
				people[who] = nil // the next address is for someone signed in again
			}
			r := b.Send(method, fill.Replace(path), webtest.Form("domain=production"))
			refused := isRefusal(r)
			if allowed(rt.Needs, who) == refused && !(allowed(rt.Needs, who) && r.StatusCode == http.StatusNotFound) {
				t.Errorf("%s as %s: %d %s", rt.Pattern, who, r.StatusCode, r.Header.Get("Location"))
			}
			if r.StatusCode >= 500 {
				t.Errorf("%s as %s: %d", rt.Pattern, who, r.StatusCode)
			}
		}
	}
}

// isRefusal reports whether an answer is that of a guard.
func isRefusal(r *http.Response) bool {
	switch r.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
		return true
	}
	return strings.HasPrefix(r.Header.Get("Location"), "/login")
}

package web_test

import (
	"slices"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
)

// TestRoutesAreWhole holds the table to what every row must say.
func TestRoutesAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, rt := range webtest.NewSite(t).Table() {
		method, path, found := strings.Cut(rt.Pattern, " ")
		if !found && rt.Pattern != "/" {
			t.Errorf("%s has no method", rt.Pattern)
		}
		if !slices.Contains(access.Permissions(), rt.Needs) {
			t.Errorf("%s: %q is no permission", rt.Pattern, rt.Needs)
		}
		if rt.Role&frame.Both == 0 || rt.Do == nil {
			t.Errorf("%s has no role or no handler", rt.Pattern)
		}
		if needsSubject(rt.Needs) && rt.Subject == nil {
			t.Errorf("%s asks %s of nothing", rt.Pattern, rt.Needs)
		}
		if room := strings.HasPrefix(path, "/studio") || strings.HasPrefix(path, "/admin"); room && (rt.Needs == access.Public || rt.Role != frame.Edition) {
			t.Errorf("%s: the Studio and the administration are neither public nor on presentation servers", rt.Pattern)
		}
		if changes := method != "GET" && method != "HEAD"; !changes && strings.HasSuffix(path, "/delete") {
			t.Errorf("%s changes something by GET", rt.Pattern)
		}
		if seen[rt.Pattern] {
			t.Errorf("%s stands twice", rt.Pattern)
		}
		seen[rt.Pattern] = true
	}
}

// needsSubject are the permissions that mean nothing without a thing.
func needsSubject(p access.Permission) bool {
	return !slices.Contains([]access.Permission{
		access.Public, access.SignedIn, access.EnterStudio, access.AdministerServer, access.Provision,
	}, p)
}

// TestPresentationServersAreSmaller asks a presentation server for what only
// edition servers have.
func TestPresentationServersAreSmaller(t *testing.T) {
	s := webtest.NewSite(t, func(c *frame.Config) { c.Role = frame.Presentation })
	for _, rt := range s.Table() {
		if rt.Role&frame.Presentation != 0 {
			continue
		}
		method, path, _ := strings.Cut(rt.Pattern, " ")
		if got := webtest.Ask(s, method, strings.NewReplacer("{", "", "}", "", "...", "", "$", "").Replace(path)).StatusCode; got != 404 && got != 405 {
			t.Errorf("%s answers %d on a presentation server", rt.Pattern, got)
		}
	}
}

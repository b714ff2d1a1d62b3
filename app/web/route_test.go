package web

import (
	"slices"
	"strings"
	"testing"

	"selfhelp/app/access"
)

// TestRoutesAreWhole holds the table to what every row must say.
func TestRoutesAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, rt := range newSite(t).routes() {
		method, path, found := strings.Cut(rt.pattern, " ")
		if !found && rt.pattern != "/" {
			t.Errorf("%s has no method", rt.pattern)
		}
		if !slices.Contains(access.Permissions(), rt.needs) {
			t.Errorf("%s: %q is no permission", rt.pattern, rt.needs)
		}
		if rt.role&Both == 0 || rt.do == nil {
			t.Errorf("%s has no role or no handler", rt.pattern)
		}
		if needsSubject(rt.needs) && rt.subject == nil {
			t.Errorf("%s asks %s of nothing", rt.pattern, rt.needs)
		}
		if room := strings.HasPrefix(path, "/studio") || strings.HasPrefix(path, "/admin"); room && (rt.needs == access.Public || rt.role != Edition) {
			t.Errorf("%s: the Studio and the administration are neither public nor on presentation servers", rt.pattern)
		}
		if changes := method != "GET" && method != "HEAD"; !changes && strings.HasSuffix(path, "/delete") {
			t.Errorf("%s changes something by GET", rt.pattern)
		}
		if seen[rt.pattern] {
			t.Errorf("%s stands twice", rt.pattern)
		}
		seen[rt.pattern] = true
	}
}

// needsSubject are the permissions that mean nothing without a thing.
func needsSubject(p access.Permission) bool {
	return !slices.Contains([]access.Permission{
		access.Public, access.SignedIn, access.EnterStudio, access.AdministerServer,
	}, p)
}

// TestPresentationServersAreSmaller asks a presentation server for what only
// edition servers have.
func TestPresentationServersAreSmaller(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Role = Presentation })
	for _, rt := range s.routes() {
		if rt.role&Presentation != 0 {
			continue
		}
		method, path, _ := strings.Cut(rt.pattern, " ")
		if got := ask(s, method, strings.NewReplacer("{", "", "}", "", "...", "", "$", "").Replace(path)).StatusCode; got != 404 && got != 405 {
			t.Errorf("%s answers %d on a presentation server", rt.pattern, got)
		}
	}
}

package web_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/edition"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

var update = flag.Bool("update", false, "write the matrix of routes and roles again")

const matrixFile = "../../tests/hostile/routes.md"

// castOf are those who ask for every route, from the outside inwards. The last
// ones may do more with each row.
var castOf = []string{
	"visitor", "suspended", "nowhere", "user", "stranger", "writer", "expert", "designer", "manager", "owner", "foreign", "local", "chief",
}

// castWords say who they are.
var castWords = map[string]string{
	"visitor": "nobody signed in", "suspended": "an administrator whose account was suspended while signed in", "nowhere": "an account that lost its last domain while signed in",
	"user": "a user of the project's domain, who began the execution of the addresses", "stranger": "a user of another domain", "writer": "a writer of the domain, without a right on the project",
	"expert": "an expert to whom the project grants approval", "designer": "a designer of the domain", "manager": "a knowledge manager of the domain", "owner": "the writer who owns the project",
	"foreign": "an administrator of another domain", "local": "an administrator of the domain", "chief": "an administrator of the server",
}

// world is a seeded site, in which everyone of the cast is signed in.
type world struct {
	*frame.Site
	t      *testing.T
	people map[string]*webtest.Browser
	fill   *strings.Replacer
	id     string // of the project
}

func newWorld(t *testing.T) *world {
	t.Helper()
	free := frame.Rate{PerSecond: -1}
	w := &world{t: t, people: map[string]*webtest.Browser{}, Site: webtest.DeskSite(t, func(c *frame.Config) {
		e, err := edition.Open(t.Context(), c.Store, t.TempDir(), c.Log)
		must(t, err)
		t.Cleanup(func() { e.Close() })
		c.Edition = e
		c.Limits = frame.Limits{All: free, Starts: free, Search: free, Signs: free, Sent: free}
	})}
	roles := map[string]access.Role{
		"suspended": access.Administrator, "writer": access.Writer, "owner": access.Writer, "expert": access.Expert, "designer": access.Designer,
		"manager": access.Manager, "foreign": access.Administrator, "local": access.Administrator, "chief": access.Administrator,
	}
	users := map[string]store.User{}
	for _, name := range append(slices.Clone(castOf[1:]), "subject") {
		domain := "production"
		if name == "stranger" || name == "foreign" {
			domain = "sandbox"
		}
		role := roles[name]
		if role == "" {
			role = access.User
		}
		users[name] = webtest.AddUser(t, w.Site, name, role, domain)
	}
	chief := users["chief"]
	chief.Everywhere = true
	_, err := w.Content.SaveUser(t.Context(), chief, "test")
	must(t, err)
	p, err := w.Content.CreateProject(t.Context(), "production", webtest.Desk(t), users["owner"].ID)
	must(t, err)
	must(t, w.Content.SetGrants(t.Context(), p.ID, []access.Grant{{User: users["expert"].ID, Right: access.Approval}}, "test"))
	group, err := w.Content.CreateGroup(t.Context(), store.Group{Domain: "production", Name: "support"}, "test")
	must(t, err)
	w.id = p.ID
	for _, name := range castOf {
		w.signIn(name)
	}
	execution := strings.Split(w.people["user"].Open("/r/lamp").Path, "/")[2]
	admin := users["suspended"]
	admin.Active = false
	_, err = w.Content.SaveUser(t.Context(), admin, "test")
	must(t, err)
	must(t, w.Content.SetMemberships(t.Context(), users["nowhere"].ID, nil, nil, "test"))
	w.Sessions.Forget()
	w.fill = strings.NewReplacer("{$}", "", "{domain}", "production", "{project}", "desk", "{alias}", "lamp", "{category}", "printers", "{execution}", execution,
		"{step}", "colour", "{id}", p.ID, "{procedure}", "lampaaaaaaaaaaaaaaaaaaaaaa", "{sample}", "gallery", "{user}", users["subject"].ID, "{group}", group.ID,
		"{resource}", "box", "{number}", "1.0", "{scenario}", "none", "{hash}", strings.Repeat("0", 64), "{name}", "x", "{code}", "AAAA", "{do}", "withdraw")
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) signIn(name string) {
	b := webtest.NewBrowser(w.t, w.Site)
	if name != "visitor" {
		b = webtest.SignedInAs(w.t, w.Site, name)
	}
	w.people[name] = b
}

// address is where a route of the world is asked for.
func (w *world) address(rt frame.Route) (method, path string) {
	method, path, _ = strings.Cut(rt.Pattern, " ")
	if path == "" {
		return "GET", "/nowhere"
	}
	if strings.HasPrefix(path, "/studio/p/{project}") {
		path = strings.Replace(path, "{project}", w.id, 1) // there, a project is named by its id
	}
	if strings.HasPrefix(path, "/api/") {
		path = strings.Replace(path, "{project}", strings.Repeat("a", 26), 1) // and here by its UID
	}
	if path == "/api/v1/executions" {
		path += "?project=" + strings.Repeat("a", 26)
	}
	return method, w.fill.Replace(path)
}

// ask returns what a route answers to somebody: a status, or "in" where they are
// asked to sign in.
func (w *world) ask(name string, rt frame.Route) string {
	method, path := w.address(rt)
	r := w.people[name].Send(method, path, webtest.Form("domain=production"))
	if method == "POST" && (strings.HasPrefix(path, "/log") || strings.HasPrefix(path, "/me")) && name != "suspended" && name != "nowhere" {
		w.signIn(name) // the next address is for someone signed in again
	}
	if strings.HasPrefix(r.Header.Get("Location"), "/login") {
		return "in"
	}
	return strconv.Itoa(r.StatusCode)
}

// TestMatrixOfRoutes asks for every route as everyone, holds the answers to the
// rules, and compares them with what is written down: a change of who may do what
// is seen in review.
func TestMatrixOfRoutes(t *testing.T) {
	w := newWorld(t)
	var b strings.Builder
	b.WriteString("# Who is answered what\n\nWritten by `go test ./app/web -run TestMatrixOfRoutes -update`: every route, the permission it needs, and the status that each person of a seeded site gets. “in” is the way to the sign-in page.\n\n")
	for _, name := range castOf {
		fmt.Fprintf(&b, "- **%s**: %s\n", name, castWords[name])
	}
	fmt.Fprintf(&b, "\n| route | needs | %s |\n|---|---|%s\n", strings.Join(castOf, " | "), strings.Repeat("---|", len(castOf)))
	for _, rt := range w.Table() {
		if rt.Needs == "" {
			t.Errorf("%s has no permission", rt.Pattern)
		}
		answers := make([]string, len(castOf))
		for i, name := range castOf {
			answers[i] = w.ask(name, rt)
			if wrong := w.breaks(rt, name, answers[i]); wrong != "" {
				t.Errorf("%s as %s: %s: %s", rt.Pattern, name, answers[i], wrong)
			}
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", rt.Pattern, rt.Needs, strings.Join(answers, " | "))
	}
	if *update {
		must(t, os.WriteFile(matrixFile, []byte(b.String()), 0o644))
	}
	kept, err := os.ReadFile(matrixFile)
	must(t, err)
	was, is := strings.Split(string(kept), "\n"), strings.Split(b.String(), "\n")
	for i := range max(len(was), len(is)) {
		if i >= len(was) || i >= len(is) || was[i] != is[i] {
			t.Fatalf("%s line %d is otherwise now; look at it, then run with -update:\n%s\n%s", matrixFile, i+1, at(was, i), at(is, i))
		}
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(nothing)"
}

// hidden are the permissions whose refusal does not tell that the thing exists.
var hidden = []access.Permission{access.SeeProject, access.RunProcedure, access.ContinueExecution, access.ReadExecution, access.ReadProject}

// breaks says which rule an answer breaks, if any.
func (w *world) breaks(rt frame.Route, name, answer string) string {
	_, path, _ := strings.Cut(rt.Pattern, " ")
	out := name == "visitor" || name == "suspended" || name == "nowhere"
	room := strings.HasPrefix(path, "/admin") || strings.HasPrefix(path, "/studio")
	rules := name == "foreign" || name == "local" || name == "chief"
	refused := slices.Contains([]string{"in", "401", "403", "404"}, answer)
	switch {
	case strings.HasPrefix(answer, "5"):
		return "it fails"
	case out && room && answer != "in" && answer != "401":
		return "it is not asked to sign in"
	case strings.HasPrefix(path, "/admin") && !rules && !refused:
		return "only administrators come in"
	case rt.Needs == access.AdministerServer && name != "chief" && !refused:
		return "only administrators of the server come in"
	case strings.HasPrefix(path, "/studio") && (name == "user" || name == "stranger") && answer != "403" && answer != "404":
		return "users do not enter the Studio"
	case strings.HasPrefix(path, "/studio/p/") && name == "foreign" && !refused:
		return "it is of another domain"
	case strings.HasPrefix(path, "/studio/p/") && (name == "writer" || name == "foreign") && answer != "404":
		return "it tells that the project exists"
	case slices.Contains(hidden, rt.Needs) && !strings.HasPrefix(path, "/api/") && answer == strconv.Itoa(http.StatusForbidden):
		return "it tells that the thing exists"
	}
	return ""
}

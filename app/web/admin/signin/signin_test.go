package signin_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/login/ldap/ldaptest"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
)

// visitor is a browser whose answers are looked at one by one.
type visitor struct {
	t *testing.T
	b *webtest.Browser
}

type answer struct {
	t          *testing.T
	what, page string
	r          *http.Response
}

func (v visitor) Get(path string) answer {
	v.t.Helper()
	return v.look("GET "+path, v.b.Send("GET", path))
}

func (v visitor) Post(path string, form url.Values) answer {
	v.t.Helper()
	return v.look("POST "+path, v.b.Send("POST", path, webtest.Form(form.Encode())))
}

func (v visitor) look(what string, r *http.Response) answer {
	v.t.Helper()
	return answer{v.t, what, html.UnescapeString(webtest.Text(v.t, r)), r}
}

func (a answer) Location() string { return a.r.Header.Get("Location") }

func (a answer) Status(want int) answer {
	a.t.Helper()
	if a.r.StatusCode != want {
		a.t.Fatalf("%s: %d, want %d: %s", a.what, a.r.StatusCode, want, webtest.MainOf(a.page))
	}
	return a
}

func (a answer) Contains(texts ...string) answer {
	a.t.Helper()
	for _, text := range texts {
		if !strings.Contains(a.page, text) {
			a.t.Errorf("%s does not show %q: %s", a.what, text, webtest.MainOf(a.page))
		}
	}
	return a
}

func (a answer) Lacks(texts ...string) answer {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(a.page, text) {
			a.t.Errorf("%s shows %q", a.what, text)
		}
	}
	return a
}

func fields(s *ldaptest.Slapd, change map[string]string) url.Values {
	d := s.Server()
	form := url.Values{
		"kind": {"ldap"}, "name": {"Lyon"}, "urls": {strings.Join(d.URLs, " ")}, "roots": {d.Roots}, "bind_as": {d.BindAs}, "password": {d.Password},
		"base": {d.Base}, "filter": {d.Filter}, "login": {d.Login}, "id": {d.ID}, "names": {"first_name = givenName\nlast_name = sn\nmail = mail\nentity = departmentNumber"},
		"group_base": {d.GroupBase}, "group_filter": {d.GroupFilter}, "group_name": {d.GroupName}, "member": {d.Member},
		"minutes": {"60"}, "suspend": {"yes"}, "create": {"yes"}, "take": {"unclaimed"}, "role": {"user"}, "domain": {"production"}, "version": {"0"},
	}
	for name, value := range change {
		form.Set(name, value)
	}
	return form
}

// TestADirectoryIsSetUp goes the way of an administrator: add a directory, try
// it, turn it on, and somebody comes in by it.
func TestADirectoryIsSetUp(t *testing.T) {
	slapd := ldaptest.Start(t, ldaptest.Person("ada", "Ada", "Lovelace", "Sales")+ldaptest.Person("zoe", "Zoé", "Lefèvre", "Support")+ldaptest.Group("lyon", "uid=ada,ou=people"))
	s := webtest.DeskSite(t, func(c *frame.Config) { c.Limits.Signs.PerSecond = -1 })
	boss := webtest.AddUser(t, s, "boss", access.Administrator)
	boss.Everywhere = true
	if _, err := s.Content.SaveUser(t.Context(), boss, "test"); err != nil {
		t.Fatal(err)
	}
	b := visitor{t, webtest.SignedInAs(t, s, "boss")}

	b.Post("/admin/sign-in", fields(slapd, map[string]string{"urls": "http://x"})).Status(422).Contains("ldaps://", `value="http://x"`).Lacks(ldaptest.SearcherPassword)
	b.Get("/admin/sign-in").Contains(`<details class="card stack measure" id="away"><summary>`) // no directory, nothing to say
	made := b.Post("/admin/sign-in", fields(slapd, nil)).Status(303)
	path, _, _ := strings.Cut(made.Location(), "#")
	b.Get(path).Status(200).Contains("It was not synchronised yet", "Lyon", "Off", "departmentNumber").Lacks(ldaptest.SearcherPassword)
	b.Get("/admin/sign-in").Status(200).Contains("Lyon")

	b.Post(path+"/test", url.Values{"trial_login": {"ada"}, "trial_password": {ldaptest.Password}}).Status(200).
		Contains("They would come in", "Lovelace", "lyon", "An account “ada” would be made", "ldaps://").Lacks(ldaptest.Password, ldaptest.SearcherPassword)
	b.Post(path+"/test", url.Values{"trial_login": {"ada"}, "trial_password": {"wrong"}}).Status(200).Contains("Invalid Credentials").Lacks("They would come in")
	for lang, words := range map[string][]string{
		"en": {"Connect to ldaps://", "Bind as " + ldaptest.Searcher + ", with a password", "Search below "},
		"fr": {"Se connecter à ldaps://", "S’identifier (bind) comme " + ldaptest.Searcher + ", avec un mot de passe", "Chercher sous "},
	} {
		b.Post("/preferences", url.Values{"language": {lang}}).Status(303)
		b.Post(path+"/test", url.Values{"trial_login": {"ada"}, "trial_password": {ldaptest.Password}}).Contains(words...).Lacks("trace.", "bytes", "octets")
	}
	b.Post("/preferences", url.Values{"language": {"en"}}).Status(303)
	other := visitor{t, webtest.NewBrowser(t, s)}
	other.Post("/login", url.Values{"login": {"ada"}, "password": {ldaptest.Password}}).Status(422) // it is still off

	b.Post(path+"/place", url.Values{"version": {"1"}, "on": {"yes"}}).Status(303)
	b.Post(path+"/place", url.Values{"version": {"1"}, "on": {"no"}}).Status(409) // someone saved meanwhile
	other.Post("/login", url.Values{"login": {"ada"}, "password": {ldaptest.Password}}).Status(303)
	other.Get("/me").Status(200).Contains("Ada Lovelace")

	b.Post(path+"/sync", url.Values{"do": {"try"}}).Status(200).Contains("Nothing was changed", "Zoé Lefèvre", "New account")
	b.Post(path+"/sync", url.Values{"do": {"now"}}).Status(200).Contains("Zoé Lefèvre")
	b.Post(path+"/sync", url.Values{"do": {"try"}}).Status(200).Contains("Nothing to change")
	b.Get(path).Contains("2 people are known by it", "Came in", "Connect to ldaps://")
	b.Post("/preferences", url.Values{"language": {"fr"}}).Status(303)
	b.Get(path).Contains("Se connecter à ldaps://") // what was kept, too
	b.Post("/preferences", url.Values{"language": {"en"}}).Status(303)

	b.Post(path, fields(slapd, map[string]string{"version": "2", "password": "", "name": "Lyon centre"})).Status(303)
	b.Post(path+"/test", url.Values{"trial_login": {"zoe"}, "trial_password": {ldaptest.Password}}).Contains("They would come in") // the secret was kept

	b.Post("/admin/sign-in/away", url.Values{"version": {"3"}, "who": {"groups"}}).Status(422).Contains("Tick a group")
	b.Post("/admin/sign-in/away", url.Values{"version": {"3"}, "who": {"administrators"}, "run": {"yes"}}).Status(303)
	b.Post("/admin/sign-in/internal/place", url.Values{"version": {"4"}, "on": {"no"}}).Status(422).Contains("Nobody who administers the server")
	ada, err := s.Content.UserByLogin(t.Context(), "ada")
	if err != nil {
		t.Fatal(err)
	}
	ada.Role, ada.Everywhere = access.Administrator, true
	if _, err := s.Content.SaveUser(t.Context(), ada, "test"); err != nil {
		t.Fatal(err)
	}
	kept := visitor{t, webtest.SignedInAs(t, s, webtest.AddUser(t, s, "kept", access.User, "production").Login)}
	kept.Get("/me").Status(200)
	b.Post("/admin/sign-in/internal/place", url.Values{"version": {"4"}, "on": {"no"}}).Status(303)
	kept.Get("/me").Status(303) // what was begun by a password ended with passwords
	b.Post(path+"/place", url.Values{"version": {"5"}, "on": {"no"}}).Status(422).Contains("One way in must stay on")
	b.Get("/admin/audit").Contains("Signed in", "Sign-in tried", "Accounts synchronised")

	b.Post(path+"/remove", url.Values{"version": {"5"}}).Status(422) // the last that is on
	b.Post("/admin/sign-in/internal/place", url.Values{"version": {"5"}, "on": {"yes"}}).Status(303)
	b.Post(path+"/remove", url.Values{"version": {"6"}}).Status(303)
	b.Get(path).Status(404)
	visitor{t, webtest.NewBrowser(t, s)}.Post("/login", url.Values{"login": {"ada"}, "password": {ldaptest.Password}}).Status(422)
}

// TestMetadataThatCannotBeRead stay in their field, with what is wrong with them.
func TestMetadataThatCannotBeRead(t *testing.T) {
	s := webtest.DeskSite(t)
	boss := webtest.AddUser(t, s, "boss", access.Administrator)
	boss.Everywhere = true
	if _, err := s.Content.SaveUser(t.Context(), boss, "test"); err != nil {
		t.Fatal(err)
	}
	b := visitor{t, webtest.SignedInAs(t, s, "boss")}
	b.Post("/admin/sign-in", url.Values{"kind": {"saml"}, "name": {"Company"}, "metadata": {"<Pasted/>"}, "entity_id": {"kept"}}).Status(422).
		Contains("not a complete SAML 2.0 description", "<Pasted/>", `value="kept"`).Lacks("Give the provider's identifier")
}

// TestAddressesForAProviderAreKnownFirst shows where people come back before the
// provider has given us a name, and keeps to it.
func TestAddressesForAProviderAreKnownFirst(t *testing.T) {
	s := webtest.DeskSite(t)
	boss := webtest.AddUser(t, s, "boss", access.Administrator)
	boss.Everywhere = true
	if _, err := s.Content.SaveUser(t.Context(), boss, "test"); err != nil {
		t.Fatal(err)
	}
	b := visitor{t, webtest.SignedInAs(t, s, "boss")}
	page := b.Get("/admin/sign-in/new?kind=oidc").Status(200).page
	id := regexp.MustCompile(`/login/oidc/([a-z0-9]{8})/back`).FindStringSubmatch(page)
	if id == nil {
		t.Fatalf("no address to come back to: %s", webtest.MainOf(page))
	}
	form := url.Values{"kind": {"oidc"}, "promised": {id[1]}, "name": {"Company"}, "issuer": {"https://id.example.org"}, "login": {"sub"}, "take": {"unclaimed"}, "role": {"user"}, "version": {"0"}}
	b.Post("/admin/sign-in", form).Status(422).Contains("/login/oidc/"+id[1]+"/back", `name="promised" value="`+id[1]+`"`)
	form.Set("client_id", "selfhelp")
	if to := b.Post("/admin/sign-in", form).Status(303).Location(); to != "/admin/sign-in/"+id[1]+"#ours" {
		t.Errorf("added as %s", to)
	}
	form.Set("version", "1")
	b.Post("/admin/sign-in", form).Status(409)
}

// TestSessionsWithoutADirectory end when it is back, and open no more than the
// rule says.
func TestSessionsWithoutADirectory(t *testing.T) {
	people := ldaptest.Person("ada", "Ada", "Lovelace", "Sales")
	slapd := ldaptest.Start(t, people)
	s := webtest.DeskSite(t, func(c *frame.Config) { c.Limits.Signs.PerSecond = -1 })
	webtest.AddUser(t, s, "ada", access.Writer, "production")
	boss := webtest.AddUser(t, s, "boss", access.Administrator)
	boss.Everywhere = true
	if _, err := s.Content.SaveUser(t.Context(), boss, "test"); err != nil {
		t.Fatal(err)
	}
	b := visitor{t, webtest.SignedInAs(t, s, "boss")}
	made := b.Post("/admin/sign-in", fields(slapd, map[string]string{"take": "any"})).Status(303)
	path, _, _ := strings.Cut(made.Location(), "#")
	b.Post(path+"/place", url.Values{"version": {"1"}, "on": {"yes"}}).Status(303)
	b.Post("/admin/sign-in/away", url.Values{"version": {"2"}, "who": {"everyone"}, "run": {"yes"}}).Status(303)

	other := visitor{t, webtest.NewBrowser(t, s)}
	other.Post("/login", url.Values{"login": {"ada"}, "password": {ldaptest.Password}}).Status(303)
	other.Get("/studio").Status(200)
	visitor{t, webtest.NewBrowser(t, s)}.Post("/login", url.Values{"login": {"ada"}, "password": {webtest.GoodPassword}}).Status(422)

	slapd.Stop()
	cut := visitor{t, webtest.NewBrowser(t, s)}
	cut.Post("/login", url.Values{"login": {"ada"}, "password": {ldaptest.Password}}).Status(503).Contains("does not answer")
	cut.Post("/login", url.Values{"login": {"ada"}, "password": {webtest.GoodPassword}}).Status(303)
	cut.Get("/me").Status(200)
	cut.Get("/studio").Status(403).Contains("The directory that knows you does not answer").Contains("ends when the directory answers again")
	cut.Get("/me").Contains("Only runs procedures")
	cut.Post("/login", url.Values{"login": {"nobody"}, "password": {"wrong"}}).Status(503).Contains("If you have a password on this very server")
	b.Get("/admin").Contains("The directory Lyon does not answer")

	again := ldaptest.Start(t, people)
	b.Post(path, fields(again, map[string]string{"version": "3", "take": "any"})).Status(303)
	s.Desk.Probe(t.Context())
	s.Sessions.Forget()
	cut.Get("/me").Status(303)
	b.Get("/admin").Lacks("does not answer")
}

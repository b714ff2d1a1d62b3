package browser

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"selfhelp/app/login/saml/phptest"
)

// TestSAML signs people in by SimpleSAMLphp, which an administrator sets up by
// clicks: they begin here and there, sign out here and there, with requests that it
// verifies, and through a roll-over of its key; and the administrator reads why an
// answer was refused.
//
// SimpleSAMLphp cannot be made to lie. Answers that somebody forged, signatures of
// other algorithms or over something else, replayed answers, the POST binding to
// sign in and out, and assertions encrypted by AES-GCM stay with samltest: for the
// keys of others SimpleSAMLphp 1.19 has nothing but AES-128-CBC.
func TestSAML(t *testing.T) {
	chromium := browser(t)
	idp := phptest.Start(t)
	home, setup := product(t)
	boss := newPerson(t, chromium, home)
	signUp(boss, setup)
	way := addProvider(boss, idp)
	tryProvider(boss, idp, way)
	turnOn(boss, "Company account")

	t.Run("in and out here", func(t *testing.T) { inHere(t, newPerson(t, chromium, home), boss) })
	t.Run("in and out there", func(t *testing.T) { inThere(t, newPerson(t, chromium, home), idp, boss, way) })
	t.Run("encrypted by CBC", func(t *testing.T) { encrypted(t, newPerson(t, chromium, home), idp, boss, way) })
	t.Run("refused", func(t *testing.T) { refusedThere(t, newPerson(t, chromium, home), idp, boss, way) })
	t.Run("new key", func(t *testing.T) { newKey(t, newPerson(t, chromium, home), idp, boss, way) })
	boss.t = t
	boss.content()
}

// addProvider goes the way of an administrator who has the provider's metadata,
// and gives it ours; it returns the address of the way in.
func addProvider(boss *person, idp *phptest.Provider) (way string) {
	boss.open("/admin/domains/production")
	makeGroup(boss, "Night shift")
	boss.open("/admin/sign-in")
	boss.chooses("Kind of sign-in", "Identity provider (SAML 2.0)")
	boss.click("button", "Add")
	boss.arrives("^/admin/sign-in/new$")
	boss.accessible("saml-new")
	boss.fill("Name", "Company account")
	boss.pastes("Its metadata (XML)", "<EntityDescriptor/>")
	boss.refused = []int64{422}
	boss.click("button", "Add, without turning it on")
	boss.sees("This file is not a complete SAML 2.0 description of an identity provider.")
	boss.pastes("Its metadata (XML)", idp.Metadata(boss.t))
	boss.fill("Attribute that never changes", "uid")
	boss.fill("Attribute of the login", "uid")
	boss.fill("Attribute of the groups", "memberOf")
	boss.fillIn("#groups", "Group there, row 1", "support")
	boss.choosesIn("#groups", "Becomes here, row 1", "Night shift")
	boss.fillIn("#roles", "Group there, row 1", "support")
	boss.choosesIn("#roles", "Becomes here, row 1", "Writer")
	boss.click("#domain input", "Production")
	boss.click("button", "Add, without turning it on")
	boss.sees("It is added, and still off.")
	boss.until(`document.querySelector("[name=sso]").value.endsWith("/saml2/idp/SSOService.php")`)
	way = evaluate[string](boss.t, boss.ctx, "location.pathname")
	idp.Trust(boss.t, "selfhelp", ourMetadata(boss))
	return way
}

// ourMetadata are those that the page of a way in offers.
func ourMetadata(boss *person) string {
	address := evaluate[string](boss.t, boss.ctx, `[...document.querySelectorAll("a")].find((a) => a.innerText.trim() === "Our metadata").href`)
	answer, err := http.Get(address)
	if err != nil {
		boss.t.Fatal(err)
	}
	defer answer.Body.Close()
	ours, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		boss.t.Fatalf("our metadata: %d %v", answer.StatusCode, err)
	}
	return string(ours)
}

func makeGroup(boss *person, name string) {
	boss.fill("New group", name)
	boss.types(kb.Enter)
	boss.sees(name)
}

// turnOn lets people in by a way.
func turnOn(boss *person, name string) {
	boss.click("button", "Turn on")
	boss.sees("The change is saved.", name)
}

// typedThere is the page of SimpleSAMLphp that asks for a password.
const typedThere = "/module.php/core/loginuserpass.php$"

// signsInThere types at SimpleSAMLphp's page.
func signsInThere(p *person, password string) {
	p.t.Helper()
	p.arrives(typedThere)
	p.fill("Username", phptest.Login)
	p.stays("body", "Password", password+kb.Enter)
}

func tryProvider(boss *person, idp *phptest.Provider, way string) {
	boss.open(way)
	boss.click("a", "Try it")
	signsInThere(boss, "a wrong password")
	boss.sees("Incorrect username or password")
	signsInThere(boss, phptest.Password)
	boss.arrives("^" + way + "$")
	boss.sees("A try: they would come in", "The account that would be made", "c.moreau", "paris, support")
	boss.accessible("saml-tried")
}

// signsOut uses the menu of the account, wherever the person is.
func signsOut(p *person, name string) {
	p.t.Helper()
	p.click(".person-name", name)
	p.click("button", "Sign out")
}

// inHere begins and ends here: the account is made just in time, the audit log says
// so, and the session there ends with the one here.
func inHere(t *testing.T, p *person, boss *person) {
	p.t, boss.t = t, t
	p.open("/login?next=/me")
	p.accessible("login-saml")
	p.click("a", "Sign in with Company account")
	signsInThere(p, phptest.Password)
	p.arrives("^/me$")
	p.sees("Camille Moreau", "camille@example.org")
	boss.open("/admin/users")
	boss.sees("Camille Moreau", "camille@example.org", "Writer", "Night shift")
	boss.open("/admin/audit")
	boss.sees("Camille Moreau", "Signed in", "Account created")

	signsOut(p, "Camille Moreau")
	p.sees("You are signed out, here and at Company account.")
	p.open("/me")
	p.arrives("^/login$")
	p.click("a", "Sign in with Company account")
	p.arrives(typedThere) // for the session there has ended too
	p.content()
}

// inThere begins and ends at the provider, which the administrator has to allow.
func inThere(t *testing.T, p *person, idp *phptest.Provider, boss *person, way string) {
	p.t, boss.t = t, t
	p.refused = []int64{http.StatusUnauthorized}
	here := evaluate[string](t, boss.ctx, `location.origin`)
	begin := idp.Base + "saml2/idp/SSOService.php?spentityid=" + url.QueryEscape(entityOf(here, way))
	p.open(begin)
	signsInThere(p, phptest.Password)
	p.sees("Company account could not confirm who you are.")

	boss.open(way)
	boss.click("input", "It may send people who did not ask")
	boss.click("button", "Save")
	boss.sees("The change is saved.")
	p.open(begin)
	p.arrives("^/$")
	p.open("/me")
	p.sees("Camille Moreau")
	p.open(idp.Base + "saml2/idp/SingleLogoutService.php?ReturnTo=" + url.QueryEscape(here+"/"))
	p.arrives("^/$")
	p.open("/me")
	p.arrives("^/login$")
	p.content()
}

// entityOf is how we call ourselves to the provider of a way in.
func entityOf(here, way string) string {
	return here + "/login/saml/" + way[strings.LastIndexByte(way, '/')+1:] + "/metadata"
}

// encrypted takes the one method that this provider has, CBC, in an answer that is
// signed; in another it is refused, and says what to change there.
func encrypted(t *testing.T, p *person, idp *phptest.Provider, boss *person, way string) {
	p.t, boss.t = t, t
	p.refused = []int64{http.StatusUnauthorized}
	idp.Set(t, phptest.Settings{Encrypt: true, Bare: true})
	p.open("/login?next=/me")
	p.click("a", "Sign in with Company account")
	signsInThere(p, phptest.Password)
	p.sees("Company account could not confirm who you are.")
	lastAttempt(boss, way)
	boss.sees("aes128-cbc", "have the provider sign the Response too")

	idp.Set(t, phptest.Settings{Encrypt: true})
	p.open("/login?next=/me")
	p.click("a", "Sign in with Company account") // who they are is known there
	p.arrives("^/me$")
	p.sees("Camille Moreau")
	signsOut(p, "Camille Moreau")
	idp.Set(t, phptest.Settings{})
	p.content()
}

// lastAttempt unfolds what was sent and answered at the last sign-in.
func lastAttempt(boss *person, way string) {
	boss.t.Helper()
	boss.open(way)
	boss.click("#attempts summary", "")
}

// refusedThere has a clock that is wrong, and an assertion for somebody else.
func refusedThere(t *testing.T, p *person, idp *phptest.Provider, boss *person, way string) {
	p.t, boss.t = t, t
	p.refused = []int64{http.StatusUnauthorized}
	here := evaluate[string](t, boss.ctx, `location.origin`)
	idp.Set(t, phptest.Settings{Clock: 3600})
	p.open("/login?next=/me")
	p.click("a", "Sign in with Company account")
	signsInThere(p, phptest.Password)
	p.sees("Company account could not confirm who you are.")
	lastAttempt(boss, way)
	boss.sees("which is still to come", "compare the two clocks")
	idp.Set(t, phptest.Settings{Clock: -3600})
	p.click("a", "Sign in with Company account")
	p.sees("Company account could not confirm who you are.")
	lastAttempt(boss, way)
	boss.sees("compare the two clocks")

	idp.Set(t, phptest.Settings{})
	idp.Trust(t, "other", strings.Replace(ourMetadata(boss), `entityID="`, `entityID="other-`, 1))
	p.open(idp.Base + "saml2/idp/SSOService.php?spentityid=" + url.QueryEscape("other-"+entityOf(here, way)))
	p.sees("Company account could not confirm who you are.")
	lastAttempt(boss, way)
	boss.sees("the assertion is for the audience other-")
	p.open("/me")
	p.arrives("^/login$")
	p.content()
}

// newKey follows the provider from one key to the next by its metadata.
func newKey(t *testing.T, p *person, idp *phptest.Provider, boss *person, way string) {
	p.t, boss.t = t, t
	p.refused = []int64{http.StatusUnauthorized}
	enter := func() {
		p.open("/login?next=/me")
		p.click("a", "Sign in with Company account")
		signsInThere(p, phptest.Password)
		p.arrives("^/me$")
		signsOut(p, "Camille Moreau")
		p.sees("You are signed out, here and at Company account.")
	}
	idp.Set(t, phptest.Settings{Key: "both"})
	boss.open(way)
	boss.pastes("Its metadata (XML)", idp.Metadata(t))
	boss.click("button", "Save")
	boss.sees("The change is saved.")
	enter()
	idp.Set(t, phptest.Settings{Key: "next"})
	enter()
	p.content()
}

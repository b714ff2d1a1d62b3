package browser

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"selfhelp/app/login/saml/samltest"
)

// shown is a page of identity and rights as it is served, and how one of its forms
// is refused.
type shown struct {
	name, at string
	form     string            // selector of the form that is refused; empty: none
	typed    map[string]string // into it; what is not named is emptied
}

// TestRightsAreAccessible holds the pages of administration, of one's account and of
// signing in, as the demonstration serves them, to the rules of accessibility: each
// on a wide screen by day and on a phone by night, and again when a form of it was
// refused. Half of them are in French, half in English.
func TestRightsAreAccessible(t *testing.T) {
	chromium := browser(t)
	home, _ := started(t, "demo")
	boss, visitor := newPerson(t, chromium, home), newPerson(t, chromium, home)
	boss.refused, visitor.refused = []int64{403, 404, 422}, []int64{403, 404, 422}
	visitor.speaks("/login", "Français")
	visitor.look([]shown{
		{"login", "/login", "form[action='/login']", map[string]string{"login": "nobody", "password": "nothing"}},
		{"forgotten", "/forgotten", "", nil},
		{"reset-spent", "/reset?token=spent", "", nil},
	})
	boss.signsInAt("/admin", "c.fontanel", "quai-tram-velours-midi")
	boss.speaks("/admin", "Français")
	wide := strings.Repeat("Exploitation", 7)[:80]
	boss.open("/admin/groups")
	boss.sends("main form[method=post][action='/admin/groups']", map[string]string{"name": wide, "to": "production"})
	boss.sees(wide)
	user := boss.first("/admin/users?q=benali", "/admin/users/")
	group, domain := boss.first("/admin/groups", "/admin/groups/"), boss.first("/admin/domains", "/admin/domains/")
	boss.look([]shown{
		{"admin", "/admin", "", nil},
		{"users", "/admin/users", "", nil},
		{"user-new", "/admin/users/new", "form.stack[action='/admin/users']", nil},
		{"user", user, "form.stack[action='" + user + "']", map[string]string{"login": "c.fontanel", "mail": "nowhere"}},
		{"user-password", user, "form[action$='/password']", map[string]string{"password": "azerty"}},
		{"groups", "/admin/groups", "form[method=post][action='/admin/groups']", map[string]string{"to": "production"}},
		{"group", group, "form[action='" + group + "']", nil},
		{"rule", group + "/rule", "form[action$='/rule']", map[string]string{"attribute": "skill", "is": "at_least", "value": "many"}},
		{"domain", domain, "form[action='" + domain + "']", nil},
		{"domains", "/admin/domains", "form[method=post][action='/admin/domains']", map[string]string{"id": "Not an id"}},
		{"explain", "/admin/explain", "main form[action='/admin/explain']", nil},
		{"explained", "/admin/explain?person=k.benali&ask=", "", nil},
		{"explain-nobody", "/admin/explain?person=nobody+of+" + wide + "&ask=", "", nil},
		{"import", "/admin/users/import", "form[action='/admin/users/import']", map[string]string{"list": ""}},
	})
	boss.open("/admin/users")
	boss.until(`(({scrollWidth, clientWidth}) => scrollWidth <= clientWidth)(document.querySelector(".table-frame"))`)
	boss.speaks("/admin", "English")
	boss.look([]shown{
		{"sessions", "/admin/sessions", "", nil},
		{"audit", "/admin/audit", "", nil},
		{"tokens-all", "/admin/tokens", "", nil},
		{"settings", "/admin/settings", "form[action='/admin/settings']", nil},
		{"mail", "/admin/mail", "form[action='/admin/mail']", map[string]string{"host": "mail.example.org", "port": "0", "from": "nowhere"}},
		{"ways", "/admin/sign-in", "form[action='/admin/sign-in/sessions']", nil},
		{"passwords", "/admin/sign-in/internal", "form[action='/admin/sign-in/internal']", map[string]string{"shortest": "3", "words": "ab"}},
		{"ldap-new", "/admin/sign-in/new?kind=ldap", "form[action='/admin/sign-in']", map[string]string{"kind": "ldap"}},
		{"saml-new", "/admin/sign-in/new?kind=saml", "form[action='/admin/sign-in']", map[string]string{"kind": "saml", "metadata": "<no>"}},
		{"oidc-new", "/admin/sign-in/new?kind=oidc", "form[action='/admin/sign-in']", map[string]string{"kind": "oidc", "issuer": "http://plain"}},
		{"scim-new", "/admin/sign-in/new?kind=scim", "form[action='/admin/sign-in']", map[string]string{"kind": "scim"}},
		{"trusted-new", "/admin/sign-in/new?kind=trusted", "form[action='/admin/sign-in']", map[string]string{"kind": "trusted", "keys": "no key"}},
		{"me", "/me", "form[action='/me/password']", map[string]string{"present": "wrong", "password": "azerty"}},
		{"factors", "/me/factors", "", nil},
		{"app", "/me/factors?add=app", "form[action='/me/factors/app']", map[string]string{"password": "wrong"}},
		{"tokens", "/me/tokens", "form[action='/me/tokens']", nil},
	})
	for _, way := range ways(t) {
		boss.look([]shown{{name: "way-" + way.name, at: boss.addsWay(way)}})
		if way.name == "ldap" {
			boss.sends("#test", map[string]string{"trial_login": "ada", "trial_password": "any"})
			boss.arrives("/test$")
			boss.accessible("rights-way-tried")
		}
	}
	boss.content()
	visitor.content()
}

// look opens pages, and refuses their forms.
func (p *person) look(pages []shown) {
	p.t.Helper()
	for _, page := range pages {
		p.open(page.at)
		p.accessible("rights-" + page.name)
		if page.form != "" {
			p.sends(page.form, page.typed)
			p.until(`document.querySelector("#problems, main .error") !== null`)
			p.accessible("rights-" + page.name + "-refused")
		}
	}
}

// sends fills a form in, whatever its fields would let one type, and sends it.
func (p *person) sends(form string, typed map[string]string) {
	p.t.Helper()
	f, _ := json.Marshal(form)
	w, _ := json.Marshal(typed)
	p.until(fmt.Sprintf(`((form, typed) => {
		if (!form || document.readyState !== "complete") return false;
		for (const e of form.querySelectorAll("input:not([type=checkbox], [type=radio], [type=hidden], [type=file]), textarea")) e.value = typed?.[e.name] ?? "";
		for (const e of form.querySelectorAll("select")) if (typed?.[e.name] !== undefined) e.value = typed[e.name];
		form.noValidate = true;
		form.requestSubmit(form.querySelector("button.primary") ?? form.querySelector("button:not([type=button])"));
		return true;
	})(document.querySelector(%s), %s)`, f, w))
}

// speaks chooses a language from the menu of a page.
func (p *person) speaks(at, language string) {
	p.t.Helper()
	p.open(at)
	evaluate[int](p.t, p.ctx, "window.before = 1")
	p.click("header details:not(.person) > summary", "")
	p.click(".menu :is(a, button, label)", language)
	p.until(fmt.Sprintf(`!window.before && document.documentElement.lang === %q && document.readyState === "complete"`, strings.ToLower(language[:2])))
}

// signsInAt signs in on the way to a page.
func (p *person) signsInAt(path, login, password string) {
	p.t.Helper()
	p.open("/login?next=" + path)
	p.click("#login", "")
	p.types(login)
	p.click("#password", "")
	p.types(password + kb.Enter)
	p.arrives("^" + path + "$")
}

// first is where the first link of a page leads that begins so.
func (p *person) first(at, begins string) string {
	p.t.Helper()
	p.open(at)
	found := fmt.Sprintf(`[...document.querySelectorAll("main td a, main th a")].map((a) => a.getAttribute("href")).find((h) => h.startsWith(%q))`, begins)
	p.until(found + " !== undefined")
	return evaluate[string](p.t, p.ctx, found+`.split("?")[0]`)
}

// ways are ways in that lead nowhere.
func ways(t *testing.T) []shown {
	t.Helper()
	public, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	key := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	return []shown{
		{name: "ldap", typed: map[string]string{"name": "Annuaire de Lyon", "urls": "ldaps://127.0.0.1:9", "base": "ou=people,dc=example", "filter": "(uid={login})", "login": "uid", "id": "entryUUID", "minutes": "60", "names": "mail = mail"}},
		{name: "oidc", typed: map[string]string{"name": "Entrée", "issuer": "https://127.0.0.1:9", "client_id": "selfhelp", "client_secret": "s", "login": "preferred_username"}},
		{name: "saml", typed: map[string]string{"name": "Fédération", "metadata": string(samltest.New("https://idp.example/", 2048, time.Now()).Metadata()), "login": "uid"}},
		{name: "scim", typed: map[string]string{"name": "Ressources humaines"}},
		{name: "trusted", typed: map[string]string{"name": "Intranet", "issuer": "intranet", "keys": key, "origins": "https://intranet.example"}},
	}
}

// addsWay adds a way in, and returns where its page is.
func (p *person) addsWay(way shown) string {
	p.t.Helper()
	p.open("/admin/sign-in/new?kind=" + way.name)
	p.sends("form[action='/admin/sign-in']", way.typed)
	p.arrives("^/admin/sign-in/[a-z0-9]{8}$")
	return evaluate[string](p.t, p.ctx, "location.pathname")
}

package browser

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"html/template"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/demo"
	"selfhelp/app/login"
	"selfhelp/app/login/trusted"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/store/people"
)

// hostProduct is an application in which people are signed in already. Its pages
// stand at a name of another site than ours, so that our cookies stay behind when
// they send a form.
type hostProduct struct {
	t    *testing.T
	home string // of ours
	URL  string
	key  ed25519.PrivateKey

	mu   sync.Mutex
	last string // assertion
}

// hostName is where Chromium finds the product, and the site of somebody else.
const (
	hostName  = "desk.example.com"
	otherName = "evil.example.net"
)

// hostPage is what the product shows: it says for whom it vouches, and leads to a
// procedure of ours.
var hostPage = template.Must(template.New("").Parse(`<!doctype html><html lang="en"><title>The desk</title>
<form method="post" action="{{.To}}/login/trusted"><input type="hidden" name="assertion" value="{{.Assertion}}"><input type="hidden" name="next" value="/r/printer">
<button>Mend the printer</button></form>`))

// newHost starts the product, which our site trusts.
func newHost(t *testing.T, site *frame.Site, home string) *hostProduct {
	t.Helper()
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	h := &hostProduct{t: t, home: home, key: key}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	h.URL = "http://" + net.JoinHostPort(hostName, port)
	settings, version, err := site.Desk.Settings(t.Context())
	if err == nil {
		err = site.Desk.Save(t.Context(), settings.Put(admission.Method{
			ID: "host", Kind: admission.Trusted, Name: "Service Engine",
			Trusted:  &admission.Vouching{Host: trusted.Host{Issuer: "the-desk", Keys: string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), Origins: []string{h.URL}}},
			Accounts: admission.Accounts{Create: true, Take: people.TakeAny, Domains: []string{"production"}},
		}), version, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// ServeHTTP shows the page of who=login&name=…; with old=1, it vouches by the
// assertion of the page before.
func (h *hostProduct) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if r.FormValue("old") == "" {
		h.last = h.vouch(r.FormValue("who"), r.FormValue("name"))
	}
	if err := hostPage.Execute(w, map[string]string{"To": h.home, "Assertion": h.last}); err != nil {
		h.t.Error(err)
	}
}

func (h *hostProduct) vouch(who, name string) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.EdDSA, Key: h.key}, nil)
	if err != nil {
		h.t.Error(err)
		return ""
	}
	now := time.Now()
	text, err := jwt.Signed(signer).Claims(map[string]any{
		"iss": "the-desk", "aud": h.home, "sub": who, "name": name, "language": "en", "jti": rand.Text(), "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
	}).Serialize()
	if err != nil {
		h.t.Error(err)
	}
	return text
}

// TestTrustedProduct follows people from a product on another site to a procedure
// of ours: somebody nobody knew, who runs it and does nothing else; somebody who
// brings what was used; somebody at a computer where another one is signed in; and
// somebody whom a third site sends here.
func TestTrustedProduct(t *testing.T) {
	chromium := browser(t, chromedp.Flag("host-resolver-rules", "MAP "+hostName+" 127.0.0.1, MAP "+otherName+" 127.0.0.1"))
	site, home := servedSite(t, demo.HelpDesk, func(p *procedure.Project) { p.Public = false })
	h := newHost(t, site, home)
	u, err := site.Content.CreateUser(t.Context(), store.User{Login: "zoe", FirstName: "Zoé", LastName: "Lambert", Language: "en", Role: access.Writer, Active: true, Password: login.Hash("correct horse battery 9")}, "test")
	if err == nil {
		err = site.Content.SetMemberships(t.Context(), u.ID, []string{"production"}, nil, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Run("unknown", func(t *testing.T) { unknownComes(newPerson(t, chromium, home), h) })
	t.Run("somebody else is there", func(t *testing.T) { somebodyElseIsThere(newPerson(t, chromium, home), h) })
	t.Run("the same person", func(t *testing.T) { sameComes(newPerson(t, chromium, home), h) })
	t.Run("from another site", func(t *testing.T) { sentFromElsewhere(newPerson(t, chromium, home), h) })
	t.Run("without script", func(t *testing.T) { withoutScript(newPerson(t, chromium, home), h) })
}

// unknownComes lands on the procedure with an account made for them, signs out, and
// brings the assertion again.
func unknownComes(p *person, h *hostProduct) {
	p.refused = []int64{http.StatusUnauthorized, http.StatusForbidden}
	p.open("/r/printer")
	p.arrives("^/login$")
	p.open(h.URL + "/?who=ada&name=Ada+Lovelace")
	p.click("button", "Mend the printer")
	p.arrives("^/x/.*/panel$")
	p.click(".answer", "Toner empty")
	p.arrives("^/x/.*/toner$")
	p.open("/me")
	p.sees("Ada Lovelace", "this session only runs procedures")
	p.until(`document.querySelector("main form") === null`)
	p.accessible("profile-run-only")
	p.open("/studio")
	p.until(`!location.pathname.startsWith("/login") && document.querySelector("h1") !== null`)

	signsOut(p, "Ada Lovelace")
	p.arrives("^/(login)?$")
	p.open(h.URL + "/?old=1")
	p.click("button", "Mend the printer")
	p.arrives("^/login/trusted$")
	p.sees("The application you came from could not introduce you here. Go back to it and follow its link again.")
	p.accessible("trusted-refused")
	p.open("/me")
	p.arrives("^/login$")
	p.content()
}

// signsInAsZoe types Zoé's password.
func signsInAsZoe(p *person) {
	p.t.Helper()
	p.open("/login?next=/studio")
	p.fill("Login", "zoe")
	p.stays("body", "Password", "correct horse battery 9"+kb.Enter)
	p.arrives("^/studio$")
}

// somebodyElseIsThere chooses as whom they go on.
func somebodyElseIsThere(p *person, h *hostProduct) {
	signsInAsZoe(p)
	p.open(h.URL + "/?who=ada&name=Ada+Lovelace")
	p.click("button", "Mend the printer")
	p.arrives("^/login/ticket$")
	p.sees("Continue as Ada Lovelace?", "Service Engine says that you are Ada Lovelace (ada).", "You are signed in as Zoé Lambert.")
	p.accessible("introduced-other")
	p.click("button", "Stay signed in as Zoé Lambert")
	p.arrives("^/x/.*/panel$")
	p.open("/studio")
	p.arrives("^/studio$")
	p.open(h.URL + "/?who=ada&name=Ada+Lovelace")
	p.click("button", "Mend the printer")
	p.click("button", "Continue as Ada Lovelace")
	p.arrives("^/x/.*/panel$")
	p.open("/me")
	p.sees("Ada Lovelace", "this session only runs procedures")
	p.content()
}

// sameComes keeps the session that they began by their password.
func sameComes(p *person, h *hostProduct) {
	signsInAsZoe(p)
	p.open(h.URL + "/?who=zoe&name=Zo%C3%A9+Lambert")
	p.click("button", "Mend the printer")
	p.arrives("^/x/.*/panel$")
	p.open("/studio")
	p.arrives("^/studio$")
	p.content()
}

// sentFromElsewhere is asked, for the page that sends them is none of the product.
func sentFromElsewhere(p *person, h *hostProduct) {
	_, port, err := net.SplitHostPort(h.URL[len("http://"):])
	if err != nil {
		p.t.Fatal(err)
	}
	p.open("http://" + net.JoinHostPort(otherName, port) + "/?who=mallory&name=M.+Allory")
	p.click("button", "Mend the printer")
	p.arrives("^/login/ticket$")
	p.sees("Service Engine says that you are M. Allory (mallory).", "close this page")
	p.accessible("introduced")
	p.open("/me")
	p.arrives("^/login$")
	p.content()
}

// withoutScript presses the button of our page.
func withoutScript(p *person, h *hostProduct) {
	if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		p.t.Fatal(err)
	}
	p.open(h.URL + "/?who=bea&name=Bea+Moreau")
	p.click("button", "Mend the printer")
	p.click("button", "Continue")
	p.arrives("^/x/.*/panel$")
	p.open("/me")
	p.sees("Bea Moreau")
	p.content()
}

package web_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/login/trusted"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store/clocktest"
	"selfhelp/store/people"
)

// hostOrigin is where the product has its pages.
const hostOrigin = "https://desk.example.com"

// hostProduct is a site that trusts one product.
type hostProduct struct {
	t   *testing.T
	s   *frame.Site
	key ed25519.PrivateKey
}

func newHostProduct(t *testing.T, bound *trusted.Bound, change ...func(*frame.Config)) hostProduct {
	t.Helper()
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	s := webtest.DeskSite(t, append(change, func(c *frame.Config) {
		c.Origin, c.Limits.Signs.PerSecond, c.Proxies = publicAddress, -1, []string{"192.0.2.0/24"}
	})...)
	host := trusted.Host{Issuer: "service-engine", Origins: []string{hostOrigin}, Keys: string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))}
	addMethod(t, s, admission.Method{
		ID: "host", Kind: admission.Trusted, Name: "Service Engine", Trusted: &admission.Vouching{Host: host, Bound: bound},
		Accounts: admission.Accounts{Create: true, Take: people.TakeAny, Domains: []string{"production"}},
	})
	return hostProduct{t, s, key}
}

// assertion vouches for somebody, once.
func (h hostProduct) assertion(login, name string) string {
	h.t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.EdDSA, Key: h.key}, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	now := time.Now()
	text, err := jwt.Signed(signer).Claims(map[string]any{
		"iss": "service-engine", "aud": publicAddress, "sub": login, "name": name, "mail": login + "@host.example", "jti": rand.Text(),
		"iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
	}).Serialize()
	if err != nil {
		h.t.Fatal(err)
	}
	return text
}

// posts sends an assertion as a page of the product does, or one of another site.
func (h hostProduct) posts(b *webtest.Browser, origin, assertion, next string) *http.Response {
	return b.Send("POST", "/login/trusted", webtest.Form(url.Values{"assertion": {assertion}, "next": {next}}.Encode()), foreign, webtest.Header("Origin", origin))
}

// brings posts an assertion from the product, and goes on as our page does.
func (h hostProduct) brings(b *webtest.Browser, assertion, next string) *http.Response {
	return goesOn(h.t, b, h.posts(b, hostOrigin, assertion, next))
}

var loginShown = regexp.MustCompile(`<dt>(?:Login|Identifiant)</dt>\s*<dd>([^<]*)</dd>`)

var ticketField = regexp.MustCompile(`<input type="hidden" name="(ticket|next)" value="([^"]*)"`)

// goesOn sends the form of a page about a ticket, with more values; what is no such
// page is returned.
func goesOn(t *testing.T, b *webtest.Browser, r *http.Response, more ...string) *http.Response {
	t.Helper()
	page := webtest.Text(t, r)
	if r.StatusCode != http.StatusOK || !strings.Contains(page, `action="/login/ticket"`) {
		r.Body = io.NopCloser(strings.NewReader(page))
		return r
	}
	for _, c := range r.Cookies() {
		if !strings.HasSuffix(c.Name, "asked") {
			t.Errorf("a session begins before the browser brings its own cookies: %v", c)
		}
	}
	values := url.Values{}
	for _, found := range ticketField.FindAllStringSubmatch(page, -1) {
		values.Set(found[1], html.UnescapeString(found[2]))
	}
	for i := 0; i < len(more); i += 2 {
		values.Set(more[i], more[i+1])
	}
	return b.Send("POST", "/login/ticket", webtest.Form(values.Encode()), https)
}

// TestATrustedProductVouches holds its people to running procedures, also those
// whose account may do more, and each assertion to one use.
func TestATrustedProductVouches(t *testing.T) {
	h := newHostProduct(t, nil)
	webtest.AddUser(t, h.s, "writer", access.Writer, "production")
	b := webtest.NewBrowser(t, h.s)
	once := h.assertion("ada", "Ada Lovelace")
	if r := h.brings(b, once, "/me"); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/me" {
		t.Fatalf("%d %s: %s", r.StatusCode, r.Header.Get("Location"), webtest.MainOf(webtest.Text(t, r)))
	}
	if page := webtest.Text(t, b.Send("GET", "/me", https)); !strings.Contains(page, "Ada Lovelace") {
		t.Errorf("Ada's profile: %s", webtest.MainOf(page))
	}
	if u, err := h.s.Content.UserByLogin(t.Context(), "ada"); err != nil || u.Role != access.User || u.Mail != "ada@host.example" {
		t.Errorf("%+v %v", u, err)
	}
	for what, assertion := range map[string]string{"a second time": once, "nothing": "", "somebody else's words": strings.Repeat("x.", 20)} {
		other := webtest.NewBrowser(t, h.s)
		r := h.brings(other, assertion, "/")
		if page := webtest.Text(t, r); r.StatusCode != http.StatusUnauthorized || !strings.Contains(page, "Go back to it and follow its link again.") {
			t.Errorf("%s: %d %s", what, r.StatusCode, webtest.MainOf(page))
		}
	}
	w := webtest.NewBrowser(t, h.s)
	h.brings(w, h.assertion("writer", "A Writer"), "https://evil.example/")
	r := w.Send("GET", "/studio", https, webtest.Header("Accept-Language", "en"))
	if r.StatusCode != http.StatusForbidden {
		t.Errorf("who came by the product enters the Studio: %d", r.StatusCode)
	}
	if page := webtest.Text(t, r); !strings.Contains(page, "You came in from Service Engine: this session only runs procedures") || !strings.Contains(page, `href="/login?next=%2Fstudio"`) {
		t.Errorf("the writer is told: %s", webtest.MainOf(page))
	}
	if page := webtest.Text(t, b.Send("GET", "/studio", https, webtest.Header("Accept-Language", "en"))); strings.Contains(page, "only runs procedures") || strings.Contains(page, `href="/login`) {
		t.Errorf("who would enter the Studio by no way is told otherwise: %s", webtest.MainOf(page))
	}
	if page := webtest.Text(t, w.Send("GET", "/me", https, webtest.Header("Accept-Language", "en"))); !strings.Contains(page, "<dd>Only runs procedures</dd>") || !strings.Contains(page, `href="/login?next=%2Fme"`) || strings.Contains(webtest.MainOf(page), "action=") {
		t.Errorf("the writer's profile: %s", webtest.MainOf(page))
	}
	if page := webtest.Text(t, w.Send("GET", "/login?next=%2Fstudio", https, webtest.Header("Accept-Language", "en"))); !strings.Contains(page, "Your session only runs procedures") {
		t.Errorf("the way to the rest: %s", webtest.MainOf(page))
	}
	// A new password for the writer must not be sent where the product says.
	if u, err := h.s.Content.UserByLogin(t.Context(), "writer"); err != nil || u.Mail == "writer@host.example" || u.Name() == "A Writer" {
		t.Errorf("the product changed an account that does more: %+v %v", u, err)
	}
	for _, path := range []string{"/me", "/me/sessions", "/me/password", "/me/factors/app", "/me/factors/recovery", "/me/factors/remove", "/me/factors/passkey/options", "/me/factors/passkey"} {
		if r := w.Send("POST", path, webtest.Form("present="+url.QueryEscape(webtest.GoodPassword)), https); r.StatusCode != http.StatusForbidden {
			t.Errorf("who came by the product changes how they sign in at %s: %d", path, r.StatusCode)
		}
	}
	if r := w.Send("POST", "/login", webtest.Form(url.Values{"login": {"writer"}, "password": {webtest.GoodPassword}, "next": {"/studio"}}.Encode()), https); r.Header.Get("Location") != "/studio" {
		t.Errorf("the writer cannot sign in in full: %d", r.StatusCode)
	}
	if r := w.Send("GET", "/studio", https); r.StatusCode != http.StatusOK {
		t.Errorf("the writer has not the rest: %d", r.StatusCode)
	}
}

// TestAKeyAndItsCertificate goes the older way: an address for one person, once.
func TestAKeyAndItsCertificate(t *testing.T) {
	mine, _, err := trusted.Issue("Service Engine", 24*time.Hour, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	others, _, err := trusted.Issue("Somebody", 24*time.Hour, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	key, hash := trusted.NewKey()
	h := newHostProduct(t, &trusted.Bound{Key: hash, Fingerprint: trusted.Fingerprint(certificateOf(t, mine))})
	ask := func(key, certificate string, from string) *http.Response {
		return webtest.NewBrowser(t, h.s).Send("POST", "/login/trusted/tickets", webtest.Form("login=ada&name=Ada+Lovelace"), func(r *http.Request) {
			r.Header.Set("Authorization", "Bearer "+key)
			r.Header.Set("Client-Cert", ":"+base64.StdEncoding.EncodeToString(certificateOf(t, certificate).Raw)+":")
			r.RemoteAddr = from
		})
	}
	const proxy = "192.0.2.1:4711"
	for what, r := range map[string]*http.Response{
		"another key":               ask("shk_other", mine, proxy),
		"another certificate":       ask(key, others, proxy),
		"a header that anybody set": ask(key, mine, "198.51.100.7:4711"),
	} {
		if r.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %d", what, r.StatusCode)
		}
	}
	var told struct{ URL string }
	r := ask(key, mine, proxy)
	if err := json.NewDecoder(r.Body).Decode(&told); err != nil || r.StatusCode != 200 || !strings.HasPrefix(told.URL, publicAddress+"/login/ticket?ticket=") {
		t.Fatalf("%d %+v %v", r.StatusCode, told, err)
	}
	address, err := url.Parse(told.URL)
	if err != nil {
		t.Fatal(err)
	}
	take := func() *http.Response {
		b := webtest.NewBrowser(t, h.s)
		return goesOn(t, b, b.Send("GET", address.RequestURI()+"&next=/me", webtest.Header("Referer", hostOrigin+"/")))
	}
	for range 2 { // looking at it spends nothing
		if r := webtest.NewBrowser(t, h.s).Send("GET", address.RequestURI(), https); r.StatusCode != 200 || len(r.Cookies()) > 0 {
			t.Errorf("looking at the address: %d, %v", r.StatusCode, r.Cookies())
		}
	}
	b := webtest.NewBrowser(t, h.s)
	if r := b.Send("POST", "/login/ticket", webtest.Form(url.Values{"ticket": {address.Query().Get("ticket")}}.Encode()), https); r.StatusCode == http.StatusSeeOther {
		t.Error("an address lets somebody in who was shown no page")
	}
	if r := take(); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/me" {
		t.Fatalf("%d %s", r.StatusCode, r.Header.Get("Location"))
	}
	if r := take(); r.StatusCode == http.StatusSeeOther {
		t.Error("a ticket lets somebody in twice")
	}
}

// whoIsIn is the login of whoever is signed in to a browser.
func whoIsIn(t *testing.T, b *webtest.Browser) string {
	t.Helper()
	r := b.Send("GET", "/me", https)
	if r.StatusCode != http.StatusOK {
		return ""
	}
	found := loginShown.FindStringSubmatch(webtest.Text(t, r))
	if found == nil {
		t.Fatal("the profile shows no login")
	}
	return found[1]
}

// TestAnAssertionSwapsNobody holds that no site signs somebody else in behind the
// back of whoever is there: not over a session, nor where there is none (OWASP
// ASVS 5, 7.6.2).
func TestAnAssertionSwapsNobody(t *testing.T) {
	h := newHostProduct(t, nil)
	webtest.AddUser(t, h.s, "writer", access.Writer, "production")
	for _, origin := range []string{hostOrigin, "https://evil.example", "null"} {
		b := webtest.SignedInAs(t, h.s, "writer")
		r := goesOn(t, b, h.posts(b, origin, h.assertion("mallory", "M. Allory"), "/me"))
		page := html.UnescapeString(webtest.Text(t, r))
		if who := whoIsIn(t, b); who != "writer" || r.StatusCode != http.StatusOK {
			t.Fatalf("from %s: %s is signed in, after %d", origin, who, r.StatusCode)
		}
		for _, words := range []string{"You are signed in as writer", "M. Allory (mallory)", "Stay signed in as writer", "Continue as M. Allory"} {
			if !strings.Contains(page, words) {
				t.Errorf("from %s: the question does not say %q: %s", origin, words, webtest.MainOf(page))
			}
		}
	}
	b := webtest.NewBrowser(t, h.s)
	r := goesOn(t, b, h.posts(b, "https://evil.example", h.assertion("mallory", "M. Allory"), "/me"))
	if page := webtest.Text(t, r); whoIsIn(t, b) != "" || !strings.Contains(html.UnescapeString(page), "Service Engine says that you are M. Allory (mallory)") {
		t.Errorf("a stranger's page signs somebody in: %d %s", r.StatusCode, webtest.MainOf(page))
	}
}

// TestTheQuestionOfTheProduct lets the person choose, once.
func TestTheQuestionOfTheProduct(t *testing.T) {
	h := newHostProduct(t, nil)
	webtest.AddUser(t, h.s, "writer", access.Writer, "production")
	asked := func(as string) *webtest.Browser {
		b := webtest.SignedInAs(t, h.s, "writer")
		question := h.brings(b, h.assertion("ada", "Ada Lovelace"), "/me?from=host")
		page := webtest.Text(t, question)
		for i := range 2 { // a second click lands where the first did
			question.Body = io.NopCloser(strings.NewReader(page))
			r := goesOn(t, b, question, "as", as)
			if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/me?from=host" || i == 1 && len(r.Cookies()) > 0 {
				t.Errorf("as %s, %d times before: %d %s %v", as, i, r.StatusCode, r.Header.Get("Location"), r.Cookies())
			}
		}
		question.Body = io.NopCloser(strings.NewReader(page))
		if other := webtest.NewBrowser(t, h.s); goesOn(t, other, question, "as", "theirs").StatusCode != http.StatusUnauthorized || whoIsIn(t, other) != "" {
			t.Error("another browser brings the ticket again")
		}
		return b
	}
	if who := whoIsIn(t, asked("mine")); who != "writer" {
		t.Errorf("who stays is %q", who)
	}
	gone := webtest.SignedInAs(t, h.s, "writer")
	question := h.brings(gone, h.assertion("ada", "Ada Lovelace"), "/me")
	endSessions(t, h.s, "writer") // before they answer that they stay
	if r := goesOn(t, gone, question, "as", "mine"); r.StatusCode != http.StatusOK || whoIsIn(t, gone) != "" {
		t.Errorf("whose session ended before they chose to stay: %d, %q is in", r.StatusCode, whoIsIn(t, gone))
	}
	b := asked("theirs")
	if who := whoIsIn(t, b); who != "ada" {
		t.Errorf("who goes on is %q", who)
	}
	if r := b.Send("GET", "/studio", https); r.StatusCode != http.StatusForbidden {
		t.Errorf("the session of before is still there: %d", r.StatusCode)
	}
}

// TestWhoMustChangeAPassword goes where they were going when the product vouches for
// them: they may not even know the password kept here.
func TestWhoMustChangeAPassword(t *testing.T) {
	h := newHostProduct(t, nil)
	u := webtest.AddUser(t, h.s, "writer", access.Writer, "production")
	u.MustChange = true
	if _, err := h.s.Content.SaveUser(t.Context(), u, "test"); err != nil {
		t.Fatal(err)
	}
	b := webtest.NewBrowser(t, h.s)
	if r := h.brings(b, h.assertion("writer", "A Writer"), "/p/desk"); r.Header.Get("Location") != "/p/desk" {
		t.Errorf("%d %s", r.StatusCode, r.Header.Get("Location"))
	}
}

// TestTheSamePersonKeepsTheirSession holds that the product asks nothing of whoever
// it names and who is there already, and takes nothing from them.
func TestTheSamePersonKeepsTheirSession(t *testing.T) {
	h := newHostProduct(t, nil)
	webtest.AddUser(t, h.s, "writer", access.Writer, "production")
	for _, origin := range []string{hostOrigin, "https://evil.example"} {
		b := webtest.SignedInAs(t, h.s, "writer")
		r := goesOn(t, b, h.posts(b, origin, h.assertion("writer", "A Writer"), "/studio"))
		if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/studio" || len(r.Cookies()) > 0 {
			t.Errorf("from %s: %d %s %v", origin, r.StatusCode, r.Header.Get("Location"), r.Cookies())
		}
		if r := b.Send("GET", "/studio", https); r.StatusCode != http.StatusOK {
			t.Errorf("from %s: the writer's own session is gone: %d", origin, r.StatusCode)
		}
	}
}

// TestATicketBroughtTwice by who came in by it lands where the first did, and begins
// no second session; another browser is refused.
func TestATicketBroughtTwice(t *testing.T) {
	h := newHostProduct(t, nil)
	b := webtest.NewBrowser(t, h.s)
	brought := h.posts(b, hostOrigin, h.assertion("ada", "Ada Lovelace"), "/me")
	page := webtest.Text(t, brought)
	for i := range 3 {
		brought.Body = io.NopCloser(strings.NewReader(page))
		r := goesOn(t, b, brought)
		if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/me" || (len(r.Cookies()) > 0) != (i == 0) {
			t.Errorf("%d: %d %s %v", i, r.StatusCode, r.Header.Get("Location"), r.Cookies())
		}
	}
	u, err := h.s.Content.UserByLogin(t.Context(), "ada")
	if err != nil {
		t.Fatal(err)
	}
	if all, err := h.s.Activity.SessionsOf(t.Context(), u.ID, 10); err != nil || len(all) != 1 {
		t.Errorf("%d sessions, %v", len(all), err)
	}
	brought.Body = io.NopCloser(strings.NewReader(page))
	if r := goesOn(t, webtest.NewBrowser(t, h.s), brought); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("another browser: %d", r.StatusCode)
	}
}

// TestTheQuestionComesAgain by a second click, before the session of the first has
// come, and by Back, also when the ticket's time is over: who answered goes on as they
// are, and nobody is asked to sign in.
func TestTheQuestionComesAgain(t *testing.T) {
	for _, as := range []string{"theirs", "mine"} {
		clock := clocktest.At(time.Now())
		h := newHostProduct(t, nil, func(c *frame.Config) { c.Now = clock.Now })
		webtest.AddUser(t, h.s, "writer", access.Writer, "production")
		first := webtest.NewBrowser(t, h.s)
		if as == "mine" {
			first = webtest.SignedInAs(t, h.s, "writer")
		}
		question := goesOn(t, first, h.posts(first, "https://evil.example", h.assertion("ada", "Ada Lovelace"), "/me"))
		page := webtest.Text(t, question)
		again := func(b *webtest.Browser, more ...string) *http.Response {
			question.Body = io.NopCloser(strings.NewReader(page))
			return goesOn(t, b, question, more...)
		}
		second := webtest.NewBrowser(t, h.s)
		second.Keep(question)
		if r := again(first, "as", as); r.Header.Get("Location") != "/me" {
			t.Fatalf("as %s: %d", as, r.StatusCode)
		}
		if r := again(second, "as", "theirs"); r.Header.Get("Location") != "/me" || whoIsIn(t, second) != "" {
			t.Errorf("as %s, a second click: %d, %q is in", as, r.StatusCode, whoIsIn(t, second))
		}
		who := whoIsIn(t, first)
		clock.Pass(11 * time.Minute)
		for _, more := range [][]string{{"as", as}, nil} {
			if r := again(first, more...); r.Header.Get("Location") != "/me" || whoIsIn(t, first) != who {
				t.Errorf("as %s, by Back with %v: %d", as, more, r.StatusCode)
			}
		}
	}
}

// TestATicketFromElsewhere asks whoever follows an address that did not stand on a
// page of the product: somebody may have sent them theirs.
func TestATicketFromElsewhere(t *testing.T) {
	mine, _, err := trusted.Issue("Service Engine", 24*time.Hour, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	key, hash := trusted.NewKey()
	h := newHostProduct(t, &trusted.Bound{Key: hash, Fingerprint: trusted.Fingerprint(certificateOf(t, mine))})
	for from, want := range map[string]string{hostOrigin + "/desk?a=b": "ada", "": "", "https://evil.example/": ""} {
		var told struct{ URL string }
		r := webtest.NewBrowser(t, h.s).Send("POST", "/login/trusted/tickets", webtest.Form("login=ada&name=Ada+Lovelace"), func(r *http.Request) {
			r.Header.Set("Authorization", "Bearer "+key)
			r.Header.Set("Client-Cert", ":"+base64.StdEncoding.EncodeToString(certificateOf(t, mine).Raw)+":")
			r.RemoteAddr = "192.0.2.1:4711"
		})
		if err := json.NewDecoder(r.Body).Decode(&told); err != nil {
			t.Fatal(err)
		}
		b := webtest.NewBrowser(t, h.s)
		r = goesOn(t, b, b.Send("GET", strings.TrimPrefix(told.URL, publicAddress), webtest.Header("Referer", from)))
		if who := whoIsIn(t, b); who != want {
			t.Errorf("from %q: %q is in", from, who)
		}
		if want == "" {
			if goesOn(t, b, r, "as", "theirs"); whoIsIn(t, b) != "ada" {
				t.Errorf("from %q: who says yes is not in", from)
			}
		}
	}
}

func certificateOf(t *testing.T, text string) *x509.Certificate {
	t.Helper()
	block, _ := pem.Decode([]byte(text))
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

package web_test

import (
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"selfhelp/app/admission"
	"selfhelp/app/login"
	"selfhelp/app/login/trusted"
	"selfhelp/app/login/trusted/haproxytest"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store/people"
)

// atHAProxy is a site behind HAProxy, with a product that has a key and a
// certificate that we issued.
type atHAProxy struct {
	t     *testing.T
	s     *frame.Site
	own   string // address of the site itself
	proxy *haproxytest.Proxy
	key   string
}

// newPair issues a certificate as the built-in tool does.
func newPair(t *testing.T, at time.Time) *tls.Certificate {
	t.Helper()
	certificate, key, err := trusted.Issue("Service Engine", time.Hour, at)
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.X509KeyPair([]byte(certificate), []byte(key))
	if err != nil {
		t.Fatal(err)
	}
	return &pair
}

func newAtHAProxy(t *testing.T) *atHAProxy {
	t.Helper()
	haproxytest.Need(t)
	s := webtest.DeskSite(t, func(c *frame.Config) {
		c.Origin, c.Limits.Signs.PerSecond, c.Proxies = publicAddress, -1, []string{haproxytest.From + "/32"}
	})
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	// Its ca-file has a certificate of the same name: who is let in is for us to say.
	named, _, err := trusted.Issue("Service Engine", time.Hour, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return &atHAProxy{t: t, s: s, own: server.URL, proxy: haproxytest.Start(t, server.Listener.Addr().String(), named)}
}

// bind gives the product a new key, which goes with a certificate.
func (h *atHAProxy) bind(pair *tls.Certificate) {
	h.t.Helper()
	key, hash := trusted.NewKey()
	h.key = key
	addMethod(h.t, h.s, admission.Method{
		ID: "host", Kind: admission.Trusted, Name: "Service Engine",
		Trusted:  &admission.Vouching{Host: trusted.Host{Issuer: "se", Origins: []string{hostOrigin}}, Bound: &trusted.Bound{Key: hash, Fingerprint: trusted.Fingerprint(pair.Leaf)}},
		Accounts: admission.Accounts{Create: true, Take: people.TakeUnclaimed, Domains: []string{"production"}},
	})
}

// asks for an address for Ada, and returns it with the status.
func (h *atHAProxy) asks(client *http.Client, server, key string, headers ...string) (address string, status int) {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, server+"/login/trusted/tickets", strings.NewReader("login=ada&name=Ada+Lovelace"))
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Bearer "+key)
	for _, value := range headers {
		r.Header.Add("Client-Cert", value)
	}
	answer, err := client.Do(r)
	if err != nil {
		h.t.Fatalf("ask %s: %v", server, err)
	}
	defer answer.Body.Close()
	var told struct{ URL string }
	if answer.StatusCode == http.StatusOK {
		if err := json.NewDecoder(answer.Body).Decode(&told); err != nil {
			h.t.Fatal(err)
		}
	}
	return told.URL, answer.StatusCode
}

// logged is what the log of the way says of the last attempt.
func (h *atHAProxy) logged() (all string) {
	h.t.Helper()
	h.s.Desk.Settle()
	attempts, err := h.s.Activity.Attempts(h.t.Context(), "host", 1)
	if err != nil || len(attempts) != 1 {
		h.t.Fatalf("%d attempts: %v", len(attempts), err)
	}
	var lines []login.TraceLine
	if err := json.Unmarshal(attempts[0].Trace, &lines); err != nil {
		h.t.Fatal(err)
	}
	for _, line := range lines {
		all += line.Sent.String() + " → " + line.Answer.String() + "\n"
	}
	return all
}

func told(pair *tls.Certificate) string {
	return ":" + base64.StdEncoding.EncodeToString(pair.Leaf.Raw) + ":"
}

// TestBehindHAProxy sends the product through HAProxy, told what we advise to tell
// it: with its key and its certificate it gets an address that lets somebody in;
// with anything else it gets nothing, and the log of the way says why.
func TestBehindHAProxy(t *testing.T) {
	h := newAtHAProxy(t)
	mine, others, expired := newPair(t, time.Now()), newPair(t, time.Now()), newPair(t, time.Now().Add(-2*time.Hour))
	h.bind(mine)
	client := h.proxy.Client(mine)
	for range 2 { // the second time, the TLS session of the first is taken up again
		address, status := h.asks(client, h.proxy.URL, h.key)
		if status != http.StatusOK {
			t.Fatalf("with its key and certificate: %d\n%s", status, h.logged())
		}
		h.enters(address)
	}
	for _, c := range []struct {
		what    string
		client  *http.Client
		server  string
		key     string
		headers []string
		logged  string
	}{
		{"another key", client, h.proxy.URL, h.key + "x", nil, "the key is not the one"},
		{"another certificate", h.proxy.Client(others), h.proxy.URL, h.key, nil, "SHA-256 " + trusted.Fingerprint(others.Leaf)},
		{"no certificate", h.proxy.Client(nil), h.proxy.URL, h.key, nil, "no client certificate"},
		{"a header from outside", h.proxy.Client(nil), h.proxy.URL, h.key, []string{told(mine)}, "no client certificate"},
		{"headers from outside", h.proxy.Client(nil), h.proxy.URL, h.key, []string{told(mine), told(mine)}, "no client certificate"},
		{"a header beside another certificate", h.proxy.Client(others), h.proxy.URL, h.key, []string{told(mine)}, "SHA-256 " + trusted.Fingerprint(others.Leaf)},
		{"past the proxy", http.DefaultClient, h.own, h.key, []string{told(mine)}, "the request came from no proxy of --behind-proxy"},
	} {
		if _, status := h.asks(c.client, c.server, c.key, c.headers...); status != http.StatusUnauthorized {
			t.Errorf("%s: %d", c.what, status)
		}
		if lines := h.logged(); !strings.Contains(lines, c.logged) {
			t.Errorf("%s is logged as\n%s", c.what, lines)
		}
	}
	h.bind(expired)
	if _, status := h.asks(h.proxy.Client(expired), h.proxy.URL, h.key); status != http.StatusUnauthorized || !strings.Contains(h.logged(), "the certificate is good from") {
		t.Errorf("an expired certificate: %d\n%s", status, h.logged())
	}
}

// enters goes where an address leads, as a browser behind the proxy that comes
// from the product.
func (h *atHAProxy) enters(address string) {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	client := h.proxy.Client(nil)
	client.Jar = jar
	send := func(method, path, body string) *http.Response {
		h.t.Helper()
		r, err := http.NewRequestWithContext(h.t.Context(), method, h.proxy.URL+path, strings.NewReader(body))
		if err != nil {
			h.t.Fatal(err)
		}
		r.Header.Set("Referer", hostOrigin+"/")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := client.Do(r)
		if err != nil {
			h.t.Fatal(err)
		}
		h.t.Cleanup(func() { answer.Body.Close() })
		return answer
	}
	page, err := io.ReadAll(send("GET", strings.TrimPrefix(address, publicAddress)+"&next=/me", "").Body)
	if err != nil {
		h.t.Fatal(err)
	}
	values := url.Values{}
	for _, found := range ticketField.FindAllStringSubmatch(string(page), -1) {
		values.Set(found[1], html.UnescapeString(found[2]))
	}
	if r := send("POST", "/login/ticket", values.Encode()); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/me" {
		h.t.Fatalf("with a ticket: %d %s", r.StatusCode, r.Header.Get("Location"))
	}
	if page, err = io.ReadAll(send("GET", "/me", "").Body); err != nil || !strings.Contains(string(page), "Ada Lovelace") {
		h.t.Errorf("nobody is in: %v %s", err, webtest.MainOf(string(page)))
	}
}

package oidc

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"selfhelp/app/fault"
	"selfhelp/app/login"
)

const back = "https://selfhelp.example/back"

// issuer is a provider that does what a test wants.
type issuer struct {
	*httptest.Server
	key       *ecdsa.PrivateKey
	kid       string
	says      map[string]any                  // beside the usual, of itself
	claims    map[string]any                  // beside the usual, in tokens
	token     func(claims map[string]any) any // instead of a signed one
	info      any                             // what UserInfo answers
	answers   map[string]http.HandlerFunc     // instead of ours
	described atomic.Int32
	codes     map[string]bool
	nonce     string
}

func newIssuer(t *testing.T) *issuer {
	i := &issuer{key: newKey(t), kid: "first", codes: map[string]bool{"good": true}, answers: map[string]http.HandlerFunc{}}
	i.Server = httptest.NewServer(http.HandlerFunc(i.serve))
	t.Cleanup(i.Server.Close)
	return i
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (i *issuer) serve(w http.ResponseWriter, r *http.Request) {
	if answer := i.answers[r.URL.Path]; answer != nil {
		answer(w, r)
		return
	}
	var said any
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		i.described.Add(1)
		all := map[string]any{
			"issuer": i.URL, "authorization_endpoint": i.URL + "/authorize", "token_endpoint": i.URL + "/token", "jwks_uri": i.URL + "/keys",
			"userinfo_endpoint": i.URL + "/userinfo", "id_token_signing_alg_values_supported": []string{"ES256", "HS256", "none"},
		}
		maps.Copy(all, i.says)
		said = all
	case "/keys":
		said = jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: i.key.Public(), KeyID: i.kid, Algorithm: "ES256", Use: "sig"}}}
	case "/userinfo":
		said = i.info
	case "/token":
		if !i.codes[r.FormValue("code")] || r.FormValue("code_verifier") == "" {
			w.WriteHeader(http.StatusBadRequest)
			said = map[string]string{"error": "invalid_grant"}
			break
		}
		delete(i.codes, r.FormValue("code"))
		said = map[string]any{"access_token": "access", "token_type": "Bearer", "id_token": i.idToken()}
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(said)
}

func (i *issuer) idToken() any {
	now := time.Now().Unix()
	claims := map[string]any{"iss": i.URL, "sub": "42", "aud": "us", "iat": now, "exp": now + 60, "nonce": i.nonce, "preferred_username": "camille", "name": "Camille Moreau"}
	maps.Copy(claims, i.claims)
	maps.DeleteFunc(claims, func(_ string, value any) bool { return value == nil })
	if i.token != nil {
		return i.token(claims)
	}
	return signed(jose.ES256, jose.JSONWebKey{Key: i.key, KeyID: i.kid}, claims)
}

func signed(alg jose.SignatureAlgorithm, key any, claims map[string]any) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, nil)
	if err != nil {
		panic(err)
	}
	text, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		panic(err)
	}
	return text
}

func (i *issuer) provider() Provider {
	return Provider{Issuer: i.URL, ClientID: "us", ClientSecret: "the secret of the client, long enough", Login: "preferred_username", Names: map[string]string{"name": "name"}}
}

// signIn goes from start to finish; change spoils what the person brings back.
func (i *issuer) signIn(t *testing.T, party *Party, change func(url.Values, *Kept)) (login.Identity, error) {
	t.Helper()
	address, kept, err := party.Start(t.Context(), false, nil)
	if err != nil {
		return login.Identity{}, err
	}
	u, _ := url.Parse(address)
	q := u.Query()
	if q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "" || q.Get("state") != kept.State || q.Get("nonce") != kept.Nonce || q.Get("redirect_uri") != back || q.Get("scope") != "openid profile email" {
		t.Errorf("asks %v", q)
	}
	if i.nonce == "" {
		i.nonce = kept.Nonce
	}
	values := url.Values{"state": {kept.State}, "code": {"good"}}
	if change != nil {
		change(values, &kept)
	}
	who, _, err := party.Finish(t.Context(), values, kept, nil)
	return who, err
}

func TestIssuer(t *testing.T) {
	i := newIssuer(t)
	i.claims = map[string]any{"aud": []string{"us", "others"}, "azp": "us"}
	who, err := i.signIn(t, New(i.provider(), back, i.Client()), func(back url.Values, _ *Kept) { back.Set("iss", i.URL) })
	if err != nil || who.Subject != "42" || who.Login != "camille" || who.Fields["name"] != "Camille Moreau" {
		t.Errorf("%+v, %v", who, err)
	}
}

func TestHostileAnswers(t *testing.T) {
	for name, change := range map[string]func(url.Values, *Kept){
		"mixed-up state":       func(back url.Values, _ *Kept) { back.Set("state", "another") },
		"no state":             func(back url.Values, _ *Kept) { back.Del("state") },
		"nothing kept":         func(back url.Values, kept *Kept) { *kept = Kept{}; back.Set("state", "") },
		"two states":           func(back url.Values, _ *Kept) { back.Add("state", "another") },
		"two codes":            func(back url.Values, _ *Kept) { back.Add("code", "another") },
		"no code":              func(back url.Values, _ *Kept) { back.Del("code") },
		"unknown code":         func(back url.Values, _ *Kept) { back.Set("code", "bad") },
		"other provider":       func(back url.Values, _ *Kept) { back.Set("iss", "https://attacker.example") },
		"an error with a code": func(back url.Values, _ *Kept) { back.Set("error", "access_denied") },
		"begun long ago":       func(_ url.Values, kept *Kept) { kept.Begun = kept.Begun.Add(-time.Hour) },
		"begun in the future":  func(_ url.Values, kept *Kept) { kept.Begun = kept.Begun.Add(time.Hour) },
		"other nonce kept":     func(_ url.Values, kept *Kept) { kept.Nonce = "another" },
		"no nonce kept":        func(_ url.Values, kept *Kept) { kept.Nonce = "" },
		"no verifier kept":     func(_ url.Values, kept *Kept) { kept.Verifier = "" },
	} {
		i := newIssuer(t)
		if who, err := i.signIn(t, New(i.provider(), back, i.Client()), change); !refuses(err) || who.Subject != "" {
			t.Errorf("%s: %+v, %v", name, who, err)
		}
	}
	i := newIssuer(t)
	_, err := i.signIn(t, New(i.provider(), back, i.Client()), func(back url.Values, _ *Kept) { back.Set("error", "temporarily_unavailable") })
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("a provider that has no time: %v", err)
	}
	i.says = map[string]any{"authorization_response_iss_parameter_supported": true}
	if _, err := i.signIn(t, New(i.provider(), back, i.Client()), nil); !refuses(err) {
		t.Errorf("an answer that names no provider: %v", err)
	}
}

func TestHostileTokens(t *testing.T) {
	now := time.Now().Unix()
	for name, spoil := range map[string]func(*issuer){
		"wrong nonce":        func(i *issuer) { i.claims = map[string]any{"nonce": "another"} },
		"no nonce":           func(i *issuer) { i.claims = map[string]any{"nonce": nil} },
		"wrong aud":          func(i *issuer) { i.claims = map[string]any{"aud": "others"} },
		"several aud, alone": func(i *issuer) { i.claims = map[string]any{"aud": []string{"us", "others"}} },
		"made for others":    func(i *issuer) { i.claims = map[string]any{"azp": "others"} },
		"other issuer":       func(i *issuer) { i.claims = map[string]any{"iss": "https://attacker.example"} },
		"expired":            func(i *issuer) { i.claims = map[string]any{"exp": now - 1} },
		"no expiry":          func(i *issuer) { i.claims = map[string]any{"exp": nil} },
		"from the future":    func(i *issuer) { i.claims = map[string]any{"iat": now + 3600, "exp": now + 7200} },
		"not before":         func(i *issuer) { i.claims = map[string]any{"nbf": now + 3600} },
		"nobody":             func(i *issuer) { i.claims = map[string]any{"sub": ""} },
		"long name":          func(i *issuer) { i.claims = map[string]any{"sub": strings.Repeat("x", 256)} },
		"no login":           func(i *issuer) { i.claims = map[string]any{"preferred_username": ""} },
		"other access token": func(i *issuer) { i.claims = map[string]any{"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"} },
		"no token":           func(i *issuer) { i.token = func(map[string]any) any { return nil } },
		"token of rubbish":   func(i *issuer) { i.token = func(map[string]any) any { return "a.b.c" } },
		"alg none": func(i *issuer) {
			i.token = func(claims map[string]any) any {
				payload, _ := json.Marshal(claims)
				return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + base64.RawURLEncoding.EncodeToString(payload) + "."
			}
		},
		"HS256 with the client's secret": func(i *issuer) {
			i.token = func(claims map[string]any) any {
				return signed(jose.HS256, []byte(i.provider().ClientSecret), claims)
			}
		},
		"key of somebody else": func(i *issuer) {
			i.token = func(claims map[string]any) any {
				return signed(jose.ES256, jose.JSONWebKey{Key: newKey(t), KeyID: i.kid}, claims)
			}
		},
		"key in the token": func(i *issuer) {
			i.token = func(claims map[string]any) any {
				signer, _ := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: newKey(t)}, &jose.SignerOptions{EmbedJWK: true})
				text, _ := jwt.Signed(signer).Claims(claims).Serialize()
				return text
			}
		},
		"told of somebody else": func(i *issuer) {
			i.claims, i.info = map[string]any{"name": nil}, map[string]any{"sub": "43", "name": "Sacha Lenoir"}
		},
		"told of nobody": func(i *issuer) {
			i.claims, i.info = map[string]any{"name": nil}, map[string]any{"name": "Sacha Lenoir"}
		},
		"told rubbish": func(i *issuer) { i.claims, i.info = map[string]any{"name": nil}, []string{"x"} },
		"token redirects": func(i *issuer) {
			i.answers["/token"] = http.RedirectHandler(i.URL+"/elsewhere", http.StatusTemporaryRedirect).ServeHTTP
			i.answers["/elsewhere"] = func(http.ResponseWriter, *http.Request) { t.Error("a redirect of the token endpoint is followed") }
		},
	} {
		i := newIssuer(t)
		spoil(i)
		if who, err := i.signIn(t, New(i.provider(), back, i.Client()), nil); !refuses(err) || who.Subject != "" {
			t.Errorf("%s: %+v, %v", name, who, err)
		}
	}
}

func TestReplayedTokenOfAnotherSignIn(t *testing.T) {
	i := newIssuer(t)
	party := New(i.provider(), back, i.Client())
	if _, err := i.signIn(t, party, nil); err != nil {
		t.Fatal(err)
	}
	i.codes["good"] = true // the issuer remembers the first nonce
	if _, err := i.signIn(t, party, nil); !refuses(err) {
		t.Errorf("%v", err)
	}
}

func TestProvidersThatAreAway(t *testing.T) {
	endless := func(w http.ResponseWriter, r *http.Request) {
		for line := strings.Repeat(" ", 1<<16); ; {
			if _, err := fmt.Fprint(w, line); err != nil {
				return
			}
		}
	}
	over := make(chan struct{})
	hanging := func(_ http.ResponseWriter, r *http.Request) { <-over }
	broken := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }
	for name, answer := range map[string]http.HandlerFunc{"endless": endless, "hanging": hanging, "broken": broken} {
		for _, path := range []string{"/.well-known/openid-configuration", "/token", "/keys", "/userinfo"} {
			i := newIssuer(t)
			i.claims = map[string]any{"name": nil}
			i.answers[path] = answer
			party := New(i.provider(), back, i.Client())
			began := time.Now()
			err := i.within(t, party, 300*time.Millisecond)
			key, _ := fault.TextOf(err)
			if !fault.Is(err, fault.Unavailable) || key != "fault.oidc.unreachable" || time.Since(began) > 3*time.Second {
				t.Errorf("%s %s: %v after %v", name, path, err, time.Since(began))
			}
		}
	}
	t.Cleanup(func() { close(over) }) // runs before the issuers, which wait for it, are closed
	gone := newIssuer(t)
	party := New(gone.provider(), back, gone.Client())
	gone.Close()
	if err := party.Probe(t.Context(), nil); !fault.Is(err, fault.Unavailable) {
		t.Errorf("nobody there: %v", err)
	}
}

// within signs in by somebody who waits a while only.
func (i *issuer) within(t *testing.T, party *Party, most time.Duration) error {
	ctx, cancel := context.WithTimeout(t.Context(), most)
	defer cancel()
	_, kept, err := party.Start(ctx, false, nil)
	if err != nil {
		return err
	}
	i.nonce = kept.Nonce
	_, _, err = party.Finish(ctx, url.Values{"state": {kept.State}, "code": {"good"}}, kept, nil)
	return err
}

func TestHostileDescriptions(t *testing.T) {
	for name, says := range map[string]map[string]any{
		"other issuer":          {"issuer": "https://attacker.example"},
		"people sent elsewhere": {"authorization_endpoint": "javascript:alert(1)"},
		"secret in the clear":   {"token_endpoint": "http://login.example.org/token"},
		"keys in the clear":     {"jwks_uri": "http://login.example.org/keys"},
		"logout of a script":    {"end_session_endpoint": "javascript:alert(1)"},
		"no token endpoint":     {"token_endpoint": ""},
		"no way for a secret":   {"token_endpoint_auth_methods_supported": []string{"private_key_jwt"}},
		"of another kind":       {"end_session_endpoint": 7},
	} {
		i := newIssuer(t)
		i.says = says
		if _, _, err := New(i.provider(), back, i.Client()).Start(t.Context(), false, nil); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKeysRollOver(t *testing.T) {
	i := newIssuer(t)
	party := New(i.provider(), back, i.Client())
	for _, kid := range []string{"first", "second", "third"} {
		i.key, i.kid, i.nonce, i.codes["good"] = newKey(t), kid, "", true
		if _, err := i.signIn(t, party, nil); err != nil {
			t.Errorf("%s: %v", kid, err)
		}
	}
	if n := i.described.Load(); n != 1 {
		t.Errorf("the description is read %d times", n)
	}
	party.known.read = time.Now().Add(-2 * doubted)
	if _, err := i.signIn(t, party, func(back url.Values, _ *Kept) { back.Set("code", "bad") }); err == nil || party.known != nil {
		t.Errorf("a failure leaves the description in place: %v", err)
	}
}

func TestCheck(t *testing.T) {
	good := Provider{Issuer: "https://login.example.org/realm", ClientID: "us", Login: "email", Names: map[string]string{"mail": "email"}}
	for name, c := range map[string]struct {
		change func(*Provider)
		field  string
		key    string
	}{
		"good":            {func(*Provider) {}, "", ""},
		"this machine":    {func(p *Provider) { p.Issuer = "http://127.0.0.1:8080" }, "", ""},
		"in the clear":    {func(p *Provider) { p.Issuer = "http://login.example.org" }, "issuer", "fault.oidc.https"},
		"looks like here": {func(p *Provider) { p.Issuer = "http://localhost.example.org" }, "issuer", "fault.oidc.https"},
		"no address":      {func(p *Provider) { p.Issuer = "login" }, "issuer", "fault.oidc.issuer"},
		"with a query":    {func(p *Provider) { p.Issuer += "?x=1" }, "issuer", "fault.oidc.issuer"},
		"with a password": {func(p *Provider) { p.Issuer = "https://a:b@login.example.org" }, "issuer", "fault.oidc.issuer"},
		"no client":       {func(p *Provider) { p.ClientID = "" }, "client_id", "fault.oidc.client"},
		"two scopes":      {func(p *Provider) { p.Scopes = []string{"a b"} }, "scopes", "fault.oidc.scopes"},
		"no login":        {func(p *Provider) { p.Login = "" }, "login", "fault.oidc.claim"},
		"odd groups":      {func(p *Provider) { p.Groups = "é" }, "groups", "fault.oidc.claim"},
		"empty claim":     {func(p *Provider) { p.Names = map[string]string{"mail": ""} }, "names", "fault.oidc.claim"},
	} {
		p := good
		c.change(&p)
		wrong := p.Check()
		if len(wrong) > 1 || wrong[c.field] != c.key || (c.key == "") != (len(wrong) == 0) {
			t.Errorf("%s: %v", name, wrong)
		}
	}
}

// TestProvedAgain: a provider may be asked to have somebody sign in anew, and when
// they did is what its token says, never what we suppose.
func TestProvedAgain(t *testing.T) {
	i := newIssuer(t)
	address, _, err := New(i.provider(), back, i.Client()).Start(t.Context(), true, nil)
	u, _ := url.Parse(address)
	if q := u.Query(); err != nil || q.Get("prompt") != "login" || q.Get("max_age") != "600" {
		t.Errorf("asks %v, %v", u, err)
	}
	for said, want := range map[string]int64{`"auth_time":1795856400`: 1795856400, `"x":1`: 0, `"auth_time":"now"`: 0, `"auth_time":-5`: 0, `"auth_time":1e300`: 0} {
		c := &claims{subject: "42", all: map[string]any{}}
		if err := json.Unmarshal([]byte(`{"login":"a",`+said+`}`), &c.all); err != nil {
			t.Fatal(err)
		}
		who, err := Provider{Login: "login"}.identity(c)
		if got := who.Proved; err != nil || got.IsZero() != (want == 0) || want != 0 && got.Unix() != want {
			t.Errorf("%s: %v, %v", said, got, err)
		}
	}
}

func TestClaims(t *testing.T) {
	c := &claims{subject: "42", all: map[string]any{}}
	text := `{"sub":"42","https://x.org/login":"a","n":12345678901,"yes":true,"many":["x","y"],"deep":{"er":{"roles":["b","a","b"]}},"odd":{"x":1},"long":"` + strings.Repeat("x", 2000) + `","email":"a@b.c","email_verified":"false"}`
	if err := json.Unmarshal([]byte(text), &c.all); err != nil {
		t.Fatal(err)
	}
	p := Provider{Login: "https://x.org/login", Groups: "deep.er.roles", Names: map[string]string{"n": "n", "yes": "yes", "many": "many", "odd": "odd", "long": "long", "mail": "email", "none": "deep.none.at.all"}}
	who, err := p.identity(c)
	if want := (login.Identity{Subject: "42", Login: "a", Fields: map[string]string{"n": "12345678901", "yes": "true", "many": "x"}, Groups: []string{"a", "b"}}); err != nil || fmt.Sprint(who) != fmt.Sprint(want) {
		t.Errorf("%+v, %v", who, err)
	}
}

func refuses(err error) bool {
	key, _ := fault.TextOf(err)
	return fault.Is(err, fault.Unauthenticated) && key == "fault.oidc.refused"
}

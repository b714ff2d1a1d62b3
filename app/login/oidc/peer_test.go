package oidc_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/login/oidc"
	"selfhelp/app/login/oidc/oidctest"
)

func TestSignInAtARealProvider(t *testing.T) {
	ctx, issuer := t.Context(), oidctest.Start(t)
	for _, c := range []struct{ name, client, account, login, mail, city string }{
		{"with a secret", "selfhelp", "camille", "c.moreau", "camille@example.org", "Paris"},
		{"without a secret", "public", "camille", "c.moreau", "camille@example.org", "Paris"},
		{"address not verified", "selfhelp", "sacha", "s.lenoir", "", ""},
	} {
		provider := oidctest.Provider(issuer)
		if provider.ClientID = c.client; c.client == "public" {
			provider.ClientSecret = ""
		}
		party, trace := oidc.New(provider, oidctest.Back, http.DefaultClient), &login.Trace{}
		address, kept := start(t, party)
		back := oidctest.SignIn(t, address, c.account)
		who, hint, err := party.Finish(ctx, back, kept, trace)
		if err != nil {
			t.Fatalf("%s: %v\n%v", c.name, err, trace.Lines)
		}
		if who.Subject != c.account || who.Login != c.login || who.Fields["mail"] != c.mail || who.Fields["city"] != c.city || hint == "" {
			t.Errorf("%s: %+v", c.name, who)
		}
		if c.account == "camille" && (!slices.Equal(who.Groups, []string{"paris", "support"}) || who.Fields["last_name"] != "Moreau") {
			t.Errorf("%s: %+v", c.name, who)
		}
		keepsQuiet(t, trace, provider.ClientSecret, kept.Verifier, kept.Nonce, back.Get("code"), hint)
		if _, _, err := party.Finish(ctx, back, kept, nil); !refuses(err) {
			t.Errorf("%s: a code is taken twice: %v", c.name, err)
		}
		where, err := party.Logout(ctx, hint, oidctest.LoggedOut, "s")
		if u, _ := url.Parse(where); err != nil || u.Path != "/session/end" || u.Query().Get("id_token_hint") != hint || u.Query().Get("client_id") != c.client {
			t.Errorf("%s: logout at %s, %v", c.name, where, err)
		}
	}
}

func TestWhoGivesUpAtARealProvider(t *testing.T) {
	party := oidc.New(oidctest.Provider(oidctest.Start(t)), oidctest.Back, http.DefaultClient)
	address, kept := start(t, party)
	back := oidctest.SignIn(t, address, "")
	if _, _, err := party.Finish(t.Context(), back, kept, nil); !refuses(err) || !strings.Contains(err.Error(), "access_denied") {
		t.Errorf("%v from %v", err, back)
	}
}

func TestWrongSecretAtARealProvider(t *testing.T) {
	provider := oidctest.Provider(oidctest.Start(t))
	provider.ClientSecret = "not this one"
	party, trace := oidc.New(provider, oidctest.Back, http.DefaultClient), &login.Trace{}
	address, kept := start(t, party)
	_, _, err := party.Finish(t.Context(), oidctest.SignIn(t, address, "camille"), kept, trace)
	if !refuses(err) || !strings.Contains(err.Error(), "invalid_client") {
		t.Errorf("%v", err)
	}
	keepsQuiet(t, trace, provider.ClientSecret)
}

func start(t *testing.T, party *oidc.Party) (string, oidc.Kept) {
	t.Helper()
	address, kept, err := party.Start(t.Context(), false, nil)
	if err != nil {
		t.Fatal(err)
	}
	return address, kept
}

func refuses(err error) bool {
	key, _ := fault.TextOf(err)
	return fault.Is(err, fault.Unauthenticated) && key == "fault.oidc.refused"
}

// keepsQuiet fails where a trace tells a secret.
func keepsQuiet(t *testing.T, trace *login.Trace, secrets ...string) {
	t.Helper()
	told, _ := json.Marshal(trace.Lines)
	for _, secret := range secrets {
		if secret != "" && (strings.Contains(string(told), secret) || strings.Contains(string(told), url.QueryEscape(secret))) {
			t.Errorf("the trace tells %q:\n%s", secret, told)
		}
	}
	if len(trace.Lines) < 3 {
		t.Errorf("the trace says little: %s", told)
	}
}

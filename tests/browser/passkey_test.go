package browser

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestPasskeys makes a passkey with an authenticator of Chromium's, and signs in
// by it: alone, and after the password.
func TestPasskeys(t *testing.T) {
	chromium := browser(t)
	home, setup := product(t)
	atHome := func(address string) string { return strings.Replace(address, "127.0.0.1", "localhost", 1) } // passkeys belong to names
	p := newPerson(t, chromium, atHome(home))
	if err := addAuthenticator(p.ctx); err != nil {
		t.Fatal(err)
	}
	signUp(p, atHome(setup))
	p.open("/me/factors")
	p.accessible("factors")
	p.fillIn("#passkeys", "Name", "My phone")
	p.fillIn("#passkeys", "Present password", "correct horse battery 9")
	p.click("button", "Add a passkey")
	p.sees("The passkey is added.", "My phone")
	p.accessible("factors-passkey")

	signOut := func() {
		p.open("/me")
		evaluate[int](t, p.ctx, `document.querySelector("form[action='/logout']").submit(), 1`)
		p.arrives("^/$")
	}
	signOut()
	p.open("/login?next=/studio")
	p.accessible("login-passkey")
	p.click("button", "Sign in with a passkey")
	p.arrives("^/studio$")

	signOut()
	p.open("/login?next=/studio")
	p.fill("Login", "ada")
	p.fill("Password", "correct horse battery 9")
	p.types(kb.Enter)
	p.arrives("^/login/second$")
	p.accessible("second")
	p.click("button", "Use a passkey")
	p.arrives("^/studio$")
	p.content()
}

// addAuthenticator gives the browser an authenticator that always agrees.
func addAuthenticator(ctx context.Context) error {
	if _, err := chromedp.Call(ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		return err
	}
	_, err := chromedp.Call(ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
		HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
	}})
	return err
}

package signin_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"net/url"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/web/webtest"
)

// TestAProductVouchesForUsersOnly offers no role to people of a host product,
// takes none that is sent all the same, and never leaves it as the only way in.
func TestAProductVouchesForUsersOnly(t *testing.T) {
	s := webtest.DeskSite(t)
	boss := webtest.AddUser(t, s, "boss", access.Administrator)
	boss.Everywhere = true
	if _, err := s.Content.SaveUser(t.Context(), boss, "test"); err != nil {
		t.Fatal(err)
	}
	b := visitor{t, webtest.SignedInAs(t, s, "boss")}
	public, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	form := func(more url.Values) url.Values {
		sent := url.Values{"kind": {"trusted"}, "name": {"Service Engine"}, "issuer": {"se"}, "create": {"yes"}, "take": {"unclaimed"}, "version": {"0"},
			"keys": {string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))}}
		for name, values := range more {
			sent[name] = values
		}
		return sent
	}

	b.Get("/admin/sign-in/new?kind=trusted").Status(200).Contains("Service Engine", `name="take"`, `name="groups.ours"`).Lacks(`name="role"`, `name="roles.ours"`)
	b.Get("/admin/sign-in/new?kind=scim").Status(200).Contains(`name="role"`, `value="writer"`).Lacks(`value="administrator"`)
	b.Post("/admin/sign-in", form(url.Values{"role": {"administrator"}})).Status(422)
	b.Post("/admin/sign-in", form(url.Values{"roles.theirs": {"chiefs"}, "roles.ours": {"administrator"}})).Status(422)
	for _, wrong := range []string{"desk.example.com", "https://desk.example.com/", "https://desk.example.com/app", "ftp://desk.example.com", "null", "https://a:b@desk.example.com"} {
		b.Post("/admin/sign-in", form(url.Values{"origins": {"https://help.example.com " + wrong}})).Status(422).Contains(`id="origins"`, "addresses without a path", wrong)
	}
	made := b.Post("/admin/sign-in", form(url.Values{"origins": {"https://desk.example.com  http://127.0.0.1:8080"}})).Status(303)
	path, _, _ := strings.Cut(made.Location(), "#")
	b.Get(path).Status(200).Contains(`value="https://desk.example.com http://127.0.0.1:8080"`)
	b.Post(path+"/place", url.Values{"version": {"1"}, "on": {"yes"}}).Status(303)
	// Nobody it vouches for could turn passwords on again.
	b.Post("/admin/sign-in/internal/place", url.Values{"version": {"2"}, "on": {"no"}}).Status(422).Contains("One way in must stay on")
}

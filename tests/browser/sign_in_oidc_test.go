package browser

import (
	"testing"

	"github.com/chromedp/chromedp/kb"

	"selfhelp/app/login/oidc/oidctest"
)

// TestOIDC signs somebody in by oidc-provider, at its own pages. An administrator
// who reads French set it up by clicks, and had the address to register there
// before anything else. Answers that were tampered with stay with the tests of
// app/login/oidc.
func TestOIDC(t *testing.T) {
	chromium := browser(t)
	home, setup := product(t)
	boss := newPerson(t, chromium, home)
	signUp(boss, setup)
	boss.click("summary", "Language and display")
	boss.click(`.menu :is(a, button, label)`, "Français")
	boss.until(`document.documentElement.lang === "fr" && document.readyState === "complete"`)
	boss.open("/admin/sign-in")
	boss.chooses("Type de connexion", "Fournisseur d’identité (OpenID Connect)")
	boss.click("button", "Ajouter")
	boss.arrives("^/admin/sign-in/new$")
	boss.accessible("oidc-new")
	back := evaluate[string](t, boss.ctx, `[...document.querySelectorAll("#ours code")].map((c) => c.innerText).find((a) => a.endsWith("/back"))`)
	issuer := oidctest.Start(t, back)
	p := oidctest.Provider(issuer)
	boss.fill("Nom", "Compte de l’entreprise")
	boss.fill("Comment il se nomme", issuer)
	boss.fill("Notre nom chez lui", p.ClientID)
	boss.fill("Notre secret chez lui", p.ClientSecret)
	boss.click("#domain input", "Production")
	boss.click("button", "Ajouter sans activer")
	boss.sees("encore désactivée")
	way := evaluate[string](t, boss.ctx, "location.pathname")
	boss.click("a", "Essayer")
	signsInAtOIDC(boss)
	boss.arrives("^" + way + "$")
	boss.sees("Essai : la personne entrerait", "c.moreau", "Camille")
	boss.accessible("oidc-tried")
	boss.click("button", "Activer")
	boss.sees("La modification est enregistrée.")
	boss.open("/admin/sign-in")

	camille := newPerson(t, chromium, home)
	camille.open("/login?next=/me")
	camille.click("a", "Sign in with Compte de l’entreprise")
	signsInAtOIDC(camille)
	camille.arrives("^/me$")
	camille.sees("Camille Moreau", "camille@example.org") // whose pages are in French from now on
	camille.click(".person-name", "Camille Moreau")
	camille.click("button", "Se déconnecter")
	camille.click("button", "Yes, sign me out")
	camille.arrives("^/login$")
	camille.open("/me")
	camille.arrives("^/login$")
	boss.open("/admin/audit")
	boss.sees("Camille Moreau")
}

// signsInAtOIDC types at the pages of oidc-provider, and consents.
func signsInAtOIDC(p *person) {
	p.t.Helper()
	p.arrives("^/interaction/")
	p.click(`input[name="login"]`, "")
	p.types("camille")
	p.click(`input[name="password"]`, "")
	p.types("any" + kb.Enter)
	p.click("button", "Continue")
}

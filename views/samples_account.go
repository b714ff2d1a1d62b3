package views

import (
	"net/url"
	"strings"
	"time"

	"selfhelp/views/ui"
)

func accountSamples(base ui.Chrome) []Sample {
	signIn := titled(base, ui.Portal, base.T("sign_in"))
	signIn.Person, signIn.Quiet = nil, true
	setup := titled(signIn, ui.Portal, base.T("setup.title"))
	profile := Profile{
		Chrome: titled(base, ui.Portal, base.T("menu.profile")), Name: "Camille Moreau", Login: "camille.moreau", Mail: "camille.moreau@example.org",
		Role: "writer", Domains: []string{"production", "sandbox"}, Groups: []string{"Support", "Atelier"}, HasPassword: true, Shortest: 10, Sessions: sampleSessions(base),
		Details: ProfileDetails{Named: true, FirstName: "Camille", LastName: "Moreau", Language: "fr", Version: 3},
	}
	profile.Tokens = &ProfileTokens{Count: 2, Soon: 1}
	changed, refused := profile, profile
	changed.Flash = &ui.Flash{Tone: ui.OK, Text: base.T("profile.password.changed")}
	refused.Wrong = map[string]string{"present": base.T("fault.password.present"), "password": base.T("fault.password.short")}
	misnamed, stale, outside := profile, profile, profile
	misnamed.Details.FirstName, misnamed.Details.Wrong = strings.Repeat("Camille ", 14), map[string]string{"first_name": base.T("fault.user.name")}
	stale.Details.Stale, stale.Details.FirstName = true, "Camila"
	stale.Details.Theirs = []Difference{{Name: base.T("field.first_name"), Theirs: "Camille-Anne"}}
	outside.Tokens, outside.HasPassword, outside.Details.Named, outside.Details.Language = nil, false, false, ""
	narrowed := profile
	narrowed.RunsOnly = &RunsOnly{Why: base.T("run_only.by", "Service Engine"), Do: base.T("run_only.by.do"), SignIn: "/login?next=%2Fme"}
	away, edition := profile, "https://edition.example.org"
	away.Elsewhere, away.Several, away.MustChange = &edition, true, true
	profile.Others, changed.Others = OtherSessions{Ask: "/me?sessions=all#sessions"}, OtherSessions{Away: []string{"Lyon 2"}}
	reader := away
	reader.PasswordHere = true
	return append(resetSamples(signIn), []Sample{
		{"profile-runs-only", narrowed},
		{"profile-elsewhere", away},
		{"profile-elsewhere-password", reader},
		{"sign-in", SignIn{Chrome: signIn, Next: "/", Typed: true, Providers: []Option{{"/login/saml/lyon?next=%2F", "Compte de l’entreprise"}}}},
		{"second", Second{Chrome: titled(signIn, ui.Portal, base.T("second.title")), Code: true, Passkey: true, Wrong: base.T("fault.factor.wrong")}},
		{"factors", sampleFactors(base, false)},
		{"factors-new", sampleFactors(base, true)},
		{"factors-again", sampleFactorsAgain(base)},
		{"sign-in-ended", SignIn{Chrome: signIn, Next: "/me", Typed: true, Elsewhere: true, Ended: true, Login: "camille.moreau"}},
		{"sign-in-whole", SignIn{Chrome: signIn, Next: "/studio", Typed: true, Whole: true}},
		{"sign-in-unsent", SignIn{Chrome: signIn, Next: "/login/unsent", Typed: true, Unsent: true}},
		{"sign-in-lost", SignIn{Chrome: signIn, Next: "/login/unsent", Typed: true, Lost: true}},
		{"unsent", sampleUnsent(base)},
		{"unsent-gone", Unsent{Chrome: titled(base, ui.Portal, base.T("unsent.title")), Forms: []UnsentForm{{ID: "a", Page: ui.Place{Name: base.T("unsent.at.studio")}, Gone: true, Lines: [][2]string{{"", "La procédure « Imprimante » est à relire.\nCamille"}}}}}},
		{"unsent-lost", Unsent{Chrome: titled(base, ui.Portal, base.T("unsent.title")), Lost: []UnsentForm{{ID: "c", Page: ui.Place{Name: "Domaines", URL: "/admin/domains"}, Of: "Créer le domaine"}, {ID: "d", Page: ui.Place{Name: base.T("unsent.at.me"), URL: "/me"}}}, Next: "/studio"}},
		{"unsent-sent", Unsent{Chrome: titled(base, ui.Portal, base.T("unsent.sent.title")), Sent: []ui.Place{{Name: base.T("unsent.at.journey"), URL: "/x/sample"}}}},
		{"unsent-none", Unsent{Chrome: titled(base, ui.Portal, base.T("unsent.none.title"))}},
		{"sign-in-again", SignIn{Chrome: signIn, Next: "/me/factors", Typed: true, Again: true, Login: "camille.moreau"}},
		{"recovery-codes", RecoveryCodes{Chrome: titled(base, ui.Portal, base.T("recovery.title")), Codes: []string{"0123 4567 8901 2345", "1123 4567 8901 2345"}}},
		{"sign-in-elsewhere", SignIn{Chrome: signIn, Next: "/", Providers: []Option{{"/login/saml/lyon?next=%2F", "Compte de l’entreprise"}}}},
		{"onward", Onward{Still: true, Chrome: titled(signIn, ui.Portal, base.T("onward.back")), Action: "/login/saml/lyon/finish", Post: true, Fields: [][2]string{{"SAMLResponse", "PHNhbWw+"}}}},
		{"introduced", Introduced{Chrome: titled(signIn, ui.Portal, base.T("introduced.title", "Camille Moreau")), Product: "Service Engine", Name: "Camille Moreau", Login: "camille.moreau", Ticket: "sample", Next: "/"}},
		{"introduced-other", Introduced{Chrome: titled(signIn, ui.Portal, base.T("introduced.title", "Camille Moreau")), Product: "Service Engine", Name: "Camille Moreau", Login: "camille.moreau", Mine: "Zoé Lambert", Ticket: "sample", Next: "/"}},
		{"sign-in-wrong", SignIn{Chrome: signIn, Next: "/", Typed: true, Forgotten: true, Login: "camille", Wrong: base.T("fault.sign_in.wrong")}},
		{"setup", Setup{Chrome: setup, Token: "sample", Shortest: 10}},
		{"setup-spent", Setup{Chrome: setup, Token: "sample", Shortest: 10, Spent: base.T("fault.setup.spent")}},
		{"sign-in-first", SignIn{Chrome: signIn, Next: "/", Typed: true, First: base.T("setup.where")}},
		{"setup-wrong", Setup{Chrome: setup, Token: "sample", Shortest: 10, Login: "camille", Wrong: map[string]string{"password": base.T("fault.password.easy")}}},
		{"profile", profile},
		{"profile-changed", changed},
		{"profile-wrong", refused},
		{"profile-details-wrong", misnamed},
		{"profile-stale", stale},
		{"profile-outside", outside},
	}...)
}

// sampleUnsent is what two tabs did not get to send, and what a third one lost.
func sampleUnsent(base ui.Chrome) Unsent {
	return Unsent{
		Chrome: titled(base, ui.Portal, base.T("unsent.title")),
		Forms: []UnsentForm{
			{ID: "a", Page: ui.Place{Name: "Vos coordonnées"}, Of: "Imprimante bloquée", Target: "/x/sample/form?unsent=a", Fields: url.Values{"f.name": {"Camille"}, "state": {"sealed"}}, Lines: [][2]string{{"Votre nom", "Camille"}, {"Ce qui s’est passé", "Un bourrage.\nPuis plus rien."}}, Parts: true, Left: []UnsentLeft{{"f.code", "Code de l’imprimante", false, false}, {"f.photo", "Une photo", true, true}}},
			{ID: "b", Page: ui.Place{Name: "Notes"}, Of: "Le bouton n’est pas là.", Target: "/studio/p/sample/notes/answer?unsent=b", Fields: url.Values{"answer": {"C’est corrigé."}}, Lines: [][2]string{{"Votre réponse", "C’est corrigé."}}},
		},
		Lost: []UnsentForm{{ID: "c", Page: ui.Place{Name: base.T("unsent.at.admin"), URL: "/admin/domains"}}},
	}
}

// sampleFactorsAgain is what somebody sees who signed in some time ago.
func sampleFactorsAgain(base ui.Chrome) Factors {
	p := sampleFactors(base, false)
	p.Again = "/login?again=yes&next=%2Fme%2Ffactors"
	return p
}

func sampleFactors(base ui.Chrome, isNew bool) Factors {
	day := time.Date(2026, 11, 3, 9, 12, 0, 0, time.UTC)
	p := Factors{Chrome: titled(base, ui.Portal, base.T("factors.title")), Login: "zoe", Keys: true, Others: true}
	if isNew {
		p.Must, p.Keys, p.Wrong = true, false, map[string]string{"code": base.T("fault.factor.code")}
		p.New = &NewApp{Sealed: "sealed", Secret: "ABCD EFGH", Size: 21, Path: "M0 0h7v7h-7z"}
		return p
	}
	p.App, p.Recovery = &FactorRow{ID: "f1", Created: day}, &FactorRow{ID: "f2", Created: day, Left: 7}
	p.Passkeys = []FactorRow{{ID: "f3", Name: "Téléphone", Created: day}, {ID: "f4", Created: day}}
	return p
}

package views

import (
	"strings"

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
	changed, refused := profile, profile
	changed.Flash = &ui.Flash{Tone: ui.OK, Text: base.T("profile.password.changed")}
	refused.Wrong = map[string]string{"present": base.T("fault.password.present"), "password": base.T("fault.password.short")}
	misnamed, stale, outside := profile, profile, profile
	misnamed.Details.FirstName, misnamed.Details.Wrong = strings.Repeat("Camille ", 14), map[string]string{"first_name": base.T("fault.user.name")}
	stale.Details.Stale, stale.Details.FirstName = true, "Camila"
	stale.Details.Theirs = []Difference{{Name: base.T("field.first_name"), Theirs: "Camille-Anne"}}
	outside.HasPassword, outside.Details.Named, outside.Details.Language = false, false, ""
	return append(resetSamples(signIn), []Sample{
		{"sign-in", SignIn{Chrome: signIn, Next: "/", Typed: true, Providers: []Option{{"/login/saml/lyon?next=%2F", "Compte de l’entreprise"}}}},
		{"sign-in-elsewhere", SignIn{Chrome: signIn, Next: "/", Providers: []Option{{"/login/saml/lyon?next=%2F", "Compte de l’entreprise"}}}},
		{"onward", Onward{Chrome: titled(signIn, ui.Portal, base.T("onward.back")), Action: "/login/saml/lyon/finish", Post: true, Fields: [][2]string{{"SAMLResponse", "PHNhbWw+"}}}},
		{"sign-in-wrong", SignIn{Chrome: signIn, Next: "/", Typed: true, Forgotten: true, Login: "camille", Wrong: base.T("fault.sign_in.wrong")}},
		{"setup", Setup{Chrome: setup, Token: "sample", Shortest: 10}},
		{"setup-wrong", Setup{Chrome: setup, Token: "sample", Shortest: 10, Login: "camille", Wrong: map[string]string{"password": base.T("fault.password.easy")}}},
		{"profile", profile},
		{"profile-changed", changed},
		{"profile-wrong", refused},
		{"profile-details-wrong", misnamed},
		{"profile-stale", stale},
		{"profile-outside", outside},
	}...)
}

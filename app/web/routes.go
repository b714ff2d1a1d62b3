package web

import (
	"slices"

	"selfhelp/app/access"
	"selfhelp/app/web/admin"
	"selfhelp/app/web/admin/backups"
	"selfhelp/app/web/admin/certificates"
	"selfhelp/app/web/admin/explain"
	"selfhelp/app/web/admin/intake"
	"selfhelp/app/web/admin/past"
	"selfhelp/app/web/admin/recovery"
	"selfhelp/app/web/admin/servers"
	"selfhelp/app/web/admin/signin"
	"selfhelp/app/web/api"
	"selfhelp/app/web/drive"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/portal"
	"selfhelp/app/web/scim"
	"selfhelp/app/web/studio"
	"selfhelp/app/web/studio/editor"
	"selfhelp/app/web/studio/scenario"
)

// hall is what stands in front of the rooms.
type hall struct{ *frame.Site }

// New builds the site: the frame, and the rooms in it.
func New(c frame.Config) (*frame.Site, error) {
	s, err := frame.New(c)
	if err != nil {
		return nil, err
	}
	s.Open(routes(s))
	return s, nil
}

// routes is the one table: every address the product answers, what it takes to
// be answered, and on which servers it stands.
func routes(s *frame.Site) []frame.Route {
	hall, driver, desk, office := &hall{s}, drive.New(s), studio.New(s), admin.New(s)
	return slices.Concat(
		hall.routes(), portal.New(driver).Routes(), desk.Routes(), editor.New(desk).Routes(), scenario.New(desk).Routes(),
		office.Routes(), signin.New(office).Routes(), intake.New(office).Routes(), explain.New(office).Routes(), recovery.New(office).Routes(), backups.New(office).Routes(), past.New(office).Routes(), servers.New(office).Routes(), certificates.New(office).Routes(), api.New(driver).Routes(), scim.New(s).Routes(),
	)
}

// routes are those that belong to no room.
func (s *hall) routes() []frame.Route {
	return []frame.Route{
		// Everywhere.
		{Pattern: "/", Needs: access.Public, Role: frame.Both, Do: s.NotFound},
		{Pattern: "GET /livez", Needs: access.Public, Role: frame.Both, Do: s.Live},
		{Pattern: "GET /readyz", Needs: access.Public, Role: frame.Both, Do: s.Ready},
		{Pattern: "GET /healthz", Needs: access.Public, Role: frame.Both, Do: s.Ready}, // for those who know no other name
		{Pattern: "POST /preferences", Needs: access.Public, Role: frame.Both, Do: s.setPreferences},
		{Pattern: "GET /files/{hash}/{name}", Needs: access.Public, Role: frame.Both, Do: s.ResourceFile},

		// Who one is.
		{Pattern: "GET /login", Needs: access.Public, Role: frame.Both, Do: s.signInPage},
		{Pattern: "POST /login", Needs: access.Public, Role: frame.Both, Do: s.signIn, Body: frame.FormBody, TooLong: frame.PasswordTooLong, Rate: s.Limits.Signs},
		{Pattern: "GET /login/second", Needs: access.Public, Role: frame.Both, Do: s.secondPage},
		{Pattern: "POST /login/second", Needs: access.Public, Role: frame.Both, Do: s.takeSecond, Body: frame.PlainBody, Rate: s.Limits.Signs},
		{Pattern: "POST /login/second/passkey", Needs: access.Public, Role: frame.Both, Do: s.askSecondKey, Rate: s.Limits.Signs},
		{Pattern: "POST /login/passkey/options", Needs: access.Public, Role: frame.Both, Do: s.askKey, Rate: s.Limits.Signs},
		{Pattern: "POST /login/passkey", Needs: access.Public, Role: frame.Both, Do: s.counting(s.takeKey), Body: frame.PlainBody, Rate: s.Limits.Signs},
		{Pattern: "GET /login/saml/{method}", Needs: access.Public, Role: frame.Both, Do: s.samlStart, Rate: s.Limits.Signs},
		{Pattern: "GET /login/saml/{method}/metadata", Needs: access.Public, Role: frame.Both, Do: s.samlMetadata},
		{Pattern: "POST /login/saml/{method}/acs", Needs: access.Public, Role: frame.Both, Do: s.counting(s.samlAnswer), Body: frame.PlainBody, Rate: s.Limits.Signs, Foreign: true},
		{Pattern: "POST /login/saml/{method}/finish", Needs: access.Public, Role: frame.Both, Do: s.counting(s.samlFinish), Body: frame.PlainBody, Rate: s.Limits.Signs},
		{Pattern: "GET /login/saml/{method}/logout", Needs: access.Public, Role: frame.Both, Do: s.samlLogout, Rate: s.Limits.Signs},
		{Pattern: "POST /login/saml/{method}/logout", Needs: access.Public, Role: frame.Both, Do: s.samlLogout, Body: frame.PlainBody, Rate: s.Limits.Signs, Foreign: true},
		{Pattern: "GET /login/oidc/{method}", Needs: access.Public, Role: frame.Both, Do: s.oidcStart, Rate: s.Limits.Signs},
		{Pattern: "GET /login/oidc/{method}/back", Needs: access.Public, Role: frame.Both, Do: s.counting(s.oidcBack), Rate: s.Limits.Signs},
		{Pattern: "POST /login/trusted", Needs: access.Public, Role: frame.Both, Do: s.counting(s.vouched), Body: frame.FormBody, Rate: s.Limits.Signs, Foreign: true},
		{Pattern: "POST /login/trusted/tickets", Needs: access.Public, Role: frame.Both, Do: s.vouch, Body: frame.FormBody, Foreign: true},
		{Pattern: "GET /login/ticket", Needs: access.Public, Role: frame.Both, Do: s.ticketPage, Rate: s.Limits.Signs},
		{Pattern: "POST /login/ticket", Needs: access.Public, Role: frame.Both, Do: s.counting(s.takeTicket), Body: frame.FormBody, Rate: s.Limits.Signs},
		{Pattern: "GET /login/unsent", Needs: access.SignedIn, Role: frame.Both, Do: s.unsentPage},
		{Pattern: "POST /login/unsent", Needs: access.SignedIn, Role: frame.Both, Do: s.dropUnsent},
		{Pattern: "POST /logout", Needs: access.Public, Role: frame.Both, Do: s.signOut},
		{Pattern: "GET /setup", Needs: access.Public, Role: frame.Edition, Do: s.setupPage},
		{Pattern: "POST /setup", Needs: access.Public, Role: frame.Edition, Do: s.setup, Body: frame.FormBody, TooLong: frame.PasswordTooLong, Rate: s.Limits.Signs},
		{Pattern: "GET /forgotten", Needs: access.Public, Role: frame.Edition, Do: s.forgottenPage},
		{Pattern: "POST /forgotten", Needs: access.Public, Role: frame.Edition, Do: s.forgotten, Body: frame.FormBody, Rate: s.Limits.Signs},
		{Pattern: "GET /reset", Needs: access.Public, Role: frame.Edition, Do: s.reset, Rate: s.Limits.Signs},
		{Pattern: "GET /reset/password", Needs: access.Public, Role: frame.Edition, Do: s.resetPage, Rate: s.Limits.Signs},
		{Pattern: "POST /reset/password", Needs: access.Public, Role: frame.Edition, Do: s.chooseReset, Body: frame.FormBody, TooLong: frame.PasswordTooLong, Rate: s.Limits.Signs},
		{Pattern: "GET /me", Needs: access.SignedIn, Role: frame.Both, Do: s.profile, Renewing: true},
		{Pattern: "POST /me", Needs: access.SignedIn, Whole: true, Role: frame.Edition, Do: s.saveProfile, Body: frame.FormBody},
		{Pattern: "POST /me/sessions", Needs: access.SignedIn, Whole: true, Role: frame.Both, Do: s.endSessions, Renewing: true, Body: frame.FormBody},
		{Pattern: "POST /me/password", Needs: access.SignedIn, Whole: true, Role: frame.Both, Do: s.changePassword, Renewing: true, Body: frame.FormBody, TooLong: frame.PasswordTooLong, Rate: s.Limits.Signs},
		{Pattern: "GET /me/tokens", Needs: access.EnterStudio, Role: frame.Edition, Do: s.tokens},
		{Pattern: "POST /me/tokens", Needs: access.EnterStudio, Role: frame.Edition, Do: s.createToken, Body: frame.FormBody},
		{Pattern: "POST /me/tokens/revoke", Needs: access.EnterStudio, Role: frame.Edition, Do: s.revokeToken, Body: frame.FormBody},

		{Pattern: "GET /me/factors", Needs: access.SignedIn, Role: frame.Edition, Do: s.factors, Adding: true},
		{Pattern: "POST /me/factors/app", Needs: access.SignedIn, Whole: true, Role: frame.Edition, Do: s.addApp, Adding: true, Body: frame.FormBody, Rate: s.Limits.Signs},
		{Pattern: "POST /me/factors/recovery", Needs: access.SignedIn, Whole: true, Role: frame.Edition, Do: s.newRecovery, Body: frame.FormBody, Rate: s.Limits.Signs},
		{Pattern: "POST /me/factors/remove", Needs: access.SignedIn, Whole: true, Role: frame.Edition, Do: s.removeFactor, Body: frame.FormBody, Rate: s.Limits.Signs},
		{Pattern: "POST /me/factors/passkey/options", Needs: access.SignedIn, Whole: true, Role: frame.Edition, Do: s.askNewKey, Adding: true, Rate: s.Limits.Signs},
		{Pattern: "POST /me/factors/passkey", Needs: access.SignedIn, Whole: true, Role: frame.Edition, Do: s.addKey, Adding: true, Body: frame.PlainBody, Rate: s.Limits.Signs},

		// The gallery of pages, in demonstrations.
		{Pattern: "GET /gallery", Needs: access.AdministerServer, Role: frame.Edition, Do: s.gallery},
		{Pattern: "GET /gallery/{sample}", Needs: access.AdministerServer, Role: frame.Edition, Do: s.gallerySample},
	}
}

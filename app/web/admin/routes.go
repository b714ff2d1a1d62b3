package admin

import (
	"selfhelp/app/access"
	"selfhelp/app/web/frame"
)

// Routes are those of the administration.
func (s *Admin) Routes() []frame.Route {
	domain, server := access.AdministerDomain, access.AdministerServer
	return []frame.Route{
		{Pattern: "GET /admin", Needs: domain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.home},
		{Pattern: "GET /admin/users", Needs: domain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.users},
		{Pattern: "GET /admin/users.csv", Needs: domain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.usersTable, Slow: true},
		{Pattern: "GET /admin/users.xlsx", Needs: domain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.usersTable, Slow: true},
		{Pattern: "POST /admin/users/choose", Needs: domain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.chooseUsers, Body: frame.PlainBody},
		{Pattern: "POST /admin/users/apply", Needs: domain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.applyUsers, Body: frame.PlainBody},
		{Pattern: "GET /admin/users/new", Needs: domain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.newUser},
		{Pattern: "POST /admin/users", Needs: domain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.createUser, Body: frame.PlainBody},
		{Pattern: "GET /admin/users/{user}", Needs: domain, Role: frame.Edition, Subject: s.administeredUser, Do: s.user},
		{Pattern: "POST /admin/users/{user}", Needs: domain, Role: frame.Edition, Subject: s.administeredUser, Do: s.saveUser, Body: frame.PlainBody},
		{Pattern: "POST /admin/users/{user}/password", Needs: domain, Role: frame.Edition, Subject: s.administeredUser, Do: s.password, Body: frame.FormBody, TooLong: frame.PasswordTooLong},
		{Pattern: "POST /admin/users/{user}/factors", Needs: domain, Role: frame.Edition, Subject: s.administeredUser, Do: s.endFactors, Body: frame.FormBody},
		{Pattern: "POST /admin/users/{user}/sessions", Needs: domain, Role: frame.Edition, Subject: s.administeredUser, Do: s.endSessions, Body: frame.FormBody},
		{Pattern: "POST /admin/users/{user}/state", Needs: domain, Role: frame.Edition, Subject: s.administeredUser, Do: s.userState, Body: frame.FormBody},
		{Pattern: "POST /admin/users/{user}/delete", Needs: domain, Role: frame.Edition, Subject: s.administeredUser, Do: s.deleteUser, Body: frame.FormBody, Slow: true},
		{Pattern: "POST /admin/users/{user}/erase", Needs: domain, Role: frame.Edition, Subject: s.administeredUser, Do: s.eraseUser, Body: frame.FormBody, Slow: true},

		{Pattern: "GET /admin/domains", Needs: domain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.domains},
		{Pattern: "POST /admin/domains", Needs: server, Role: frame.Edition, Do: s.createDomain, Body: frame.FormBody},
		{Pattern: "GET /admin/domains.csv", Needs: domain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.domainsTable, Slow: true},
		{Pattern: "GET /admin/domains.xlsx", Needs: domain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.domainsTable, Slow: true},
		{Pattern: "GET /admin/domains/{domain}", Needs: domain, Role: frame.Edition, Subject: s.addressedDomain, Do: s.domain},
		{Pattern: "POST /admin/domains/{domain}", Needs: server, Role: frame.Edition, Do: s.saveDomain, Body: frame.FormBody},
		{Pattern: "POST /admin/domains/{domain}/groups", Needs: domain, Role: frame.Edition, Subject: s.addressedDomain, Do: s.createGroup, Body: frame.FormBody},
		{Pattern: "GET /admin/groups", Needs: domain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.groups},
		{Pattern: "POST /admin/groups", Needs: domain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.createGroup, Body: frame.FormBody},
		{Pattern: "GET /admin/groups.csv", Needs: domain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.groupsTable, Slow: true},
		{Pattern: "GET /admin/groups.xlsx", Needs: domain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.groupsTable, Slow: true},
		{Pattern: "POST /admin/groups/choose", Needs: domain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.chooseGroups, Body: frame.PlainBody},
		{Pattern: "POST /admin/groups/apply", Needs: domain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.applyGroups, Body: frame.PlainBody},
		{Pattern: "GET /admin/groups/{group}", Needs: domain, Role: frame.Edition, Subject: s.administeredGroup, Do: s.group},
		{Pattern: "POST /admin/groups/{group}", Needs: domain, Role: frame.Edition, Subject: s.ownGroup, Do: s.saveGroup, Body: frame.FormBody},
		{Pattern: "GET /admin/groups/{group}/rule", Needs: server, Role: frame.Edition, Subject: s.administeredGroup, Do: s.groupRule},
		{Pattern: "POST /admin/groups/{group}/rule", Needs: server, Role: frame.Edition, Subject: s.administeredGroup, Do: s.saveRule, Body: frame.PlainBody},
		{Pattern: "POST /admin/groups/{group}/members", Needs: domain, Role: frame.Edition, Subject: s.ownGroup, Do: s.enterGroup, Body: frame.FormBody},
		{Pattern: "POST /admin/groups/{group}/leave", Needs: domain, Role: frame.Edition, Subject: s.ownGroup, Do: s.leaveGroup, Body: frame.FormBody},
		{Pattern: "POST /admin/groups/{group}/attach", Needs: domain, Role: frame.Edition, Subject: s.ownGroup, Do: s.attachGroup, Body: frame.FormBody},
		{Pattern: "POST /admin/groups/{group}/detach", Needs: domain, Role: frame.Edition, Subject: s.ownGroup, Do: s.detachGroup, Body: frame.FormBody},
		{Pattern: "POST /admin/groups/{group}/delete", Needs: domain, Role: frame.Edition, Subject: s.ownGroup, Do: s.deleteGroup, Body: frame.FormBody},

		{Pattern: "GET /admin/audit", Needs: server, Role: frame.Edition, Do: s.audit},
		{Pattern: "POST /admin/audit/verify", Needs: server, Role: frame.Edition, Do: s.verifyAudit, Body: frame.FormBody, Slow: true},
		{Pattern: "GET /admin/audit.csv", Needs: server, Role: frame.Edition, Do: s.auditTable, Slow: true},
		{Pattern: "GET /admin/audit.xlsx", Needs: server, Role: frame.Edition, Do: s.auditTable, Slow: true},

		{Pattern: "GET /admin/sessions", Needs: domain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.sessions},
		{Pattern: "GET /admin/sessions.csv", Needs: domain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.sessionsTable, Slow: true},
		{Pattern: "GET /admin/sessions.xlsx", Needs: domain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.sessionsTable, Slow: true},
		{Pattern: "POST /admin/sessions/choose", Needs: domain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.chooseSessions, Body: frame.PlainBody},
		{Pattern: "POST /admin/sessions/apply", Needs: domain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.applySessions, Body: frame.PlainBody},
		{Pattern: "GET /admin/tokens", Needs: server, Role: frame.Edition, Do: s.tokens},
		{Pattern: "GET /admin/tokens.csv", Needs: server, Role: frame.Edition, Do: s.tokensTable, Slow: true},
		{Pattern: "GET /admin/tokens.xlsx", Needs: server, Role: frame.Edition, Do: s.tokensTable, Slow: true},
		{Pattern: "POST /admin/tokens/choose", Needs: server, Role: frame.Edition, Do: s.chooseTokens, Body: frame.PlainBody},
		{Pattern: "POST /admin/tokens/apply", Needs: server, Role: frame.Edition, Do: s.applyTokens, Body: frame.PlainBody},
		{Pattern: "GET /admin/guide", Needs: server, Role: frame.Edition, Do: s.guideStart},
		{Pattern: "GET /admin/guide/{chapter}", Needs: server, Role: frame.Edition, Do: s.guide},
		{Pattern: "GET /admin/status", Needs: server, Role: frame.Edition, Do: s.status},
		{Pattern: "GET /admin/mail", Needs: server, Role: frame.Edition, Do: s.mail},
		{Pattern: "POST /admin/mail", Needs: server, Role: frame.Edition, Do: s.saveMail, Body: frame.PlainBody},
		{Pattern: "POST /admin/mail/remove", Needs: server, Role: frame.Edition, Do: s.removeMail, Body: frame.FormBody},
		{Pattern: "POST /admin/mail/test", Needs: server, Role: frame.Edition, Do: s.testMail, Body: frame.FormBody, Rate: s.Limits.Signs, Slow: true},
		{Pattern: "POST /admin/mail/letters/{letter}", Needs: server, Role: frame.Edition, Do: s.settleLetter, Body: frame.FormBody},
		{Pattern: "GET /admin/settings", Needs: server, Role: frame.Edition, Do: s.settings},
		{Pattern: "POST /admin/settings", Needs: server, Role: frame.Edition, Do: s.saveSettings, Body: frame.FormBody},
	}
}

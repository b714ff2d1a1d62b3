package admin

import (
	"selfhelp/app/access"
	"selfhelp/app/web/frame"
)

// Routes are those of the administration.
func (s *Admin) Routes() []frame.Route {
	domain, server := access.AdministerDomain, access.AdministerServer
	return []frame.Route{
		{Pattern: "GET /admin", Needs: domain, Role: frame.Edition, Subject: s.ownAdministration, Do: s.adminHome},
		{Pattern: "GET /admin/users", Needs: domain, Role: frame.Edition, Subject: s.ownAdministration, Do: s.adminUsers},
		{Pattern: "GET /admin/users.csv", Needs: domain, Role: frame.Edition, Subject: s.ownAdministration, Do: s.adminUsersCSV, Slow: true},
		{Pattern: "GET /admin/users/new", Needs: domain, Role: frame.Edition, Subject: s.ownAdministration, Do: s.adminNewUser},
		{Pattern: "POST /admin/users", Needs: domain, Role: frame.Edition, Subject: s.ownAdministration, Do: s.adminCreateUser, Body: frame.FormBody},
		{Pattern: "GET /admin/users/{user}", Needs: domain, Role: frame.Edition, Subject: s.administeredUser, Do: s.adminUser},
		{Pattern: "POST /admin/users/{user}", Needs: domain, Role: frame.Edition, Subject: s.administeredUser, Do: s.adminSaveUser, Body: frame.FormBody},
		{Pattern: "POST /admin/users/{user}/password", Needs: domain, Role: frame.Edition, Subject: s.administeredUser, Do: s.adminPassword, Body: frame.FormBody},
		{Pattern: "POST /admin/users/{user}/sessions", Needs: domain, Role: frame.Edition, Subject: s.administeredUser, Do: s.adminEndSessions, Body: frame.FormBody},
		{Pattern: "POST /admin/users/{user}/state", Needs: domain, Role: frame.Edition, Subject: s.administeredUser, Do: s.adminUserState, Body: frame.FormBody},
		{Pattern: "POST /admin/users/{user}/delete", Needs: domain, Role: frame.Edition, Subject: s.administeredUser, Do: s.adminDeleteUser, Body: frame.FormBody},

		{Pattern: "GET /admin/domains", Needs: domain, Role: frame.Edition, Subject: s.ownAdministration, Do: s.adminDomains},
		{Pattern: "POST /admin/domains", Needs: server, Role: frame.Edition, Do: s.adminCreateDomain, Body: frame.FormBody},
		{Pattern: "GET /admin/domains/{domain}", Needs: domain, Role: frame.Edition, Subject: s.addressedDomain, Do: s.adminDomain},
		{Pattern: "POST /admin/domains/{domain}", Needs: server, Role: frame.Edition, Do: s.adminSaveDomain, Body: frame.FormBody},
		{Pattern: "POST /admin/domains/{domain}/groups", Needs: domain, Role: frame.Edition, Subject: s.addressedDomain, Do: s.adminCreateGroup, Body: frame.FormBody},
		{Pattern: "GET /admin/groups/{group}", Needs: domain, Role: frame.Edition, Subject: s.administeredGroup, Do: s.adminGroup},
		{Pattern: "POST /admin/groups/{group}", Needs: domain, Role: frame.Edition, Subject: s.administeredGroup, Do: s.adminSaveGroup, Body: frame.FormBody},
		{Pattern: "POST /admin/groups/{group}/members", Needs: domain, Role: frame.Edition, Subject: s.administeredGroup, Do: s.adminEnterGroup, Body: frame.FormBody},
		{Pattern: "POST /admin/groups/{group}/leave", Needs: domain, Role: frame.Edition, Subject: s.administeredGroup, Do: s.adminLeaveGroup, Body: frame.FormBody},
		{Pattern: "POST /admin/groups/{group}/delete", Needs: domain, Role: frame.Edition, Subject: s.administeredGroup, Do: s.adminDeleteGroup, Body: frame.FormBody},

		{Pattern: "GET /admin/audit", Needs: server, Role: frame.Edition, Do: s.adminAudit},
		{Pattern: "GET /admin/audit.csv", Needs: server, Role: frame.Edition, Do: s.adminAuditCSV, Slow: true},
	}
}

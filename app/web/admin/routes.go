package admin

import (
	"selfhelp/app/access"
	"selfhelp/app/web/frame"
)

// Routes are those of the administration.
func (s *Admin) Routes() []frame.Route {
	domain, server := access.AdministerDomain, access.AdministerServer
	return []frame.Route{
		{Pattern: "GET /admin", Needs: domain, Role: frame.Edition, Subject: s.ownAdministration, Do: s.home},
		{Pattern: "GET /admin/users", Needs: domain, Role: frame.Edition, Subject: s.ownAdministration, Do: s.users},
		{Pattern: "GET /admin/users.csv", Needs: domain, Role: frame.Edition, Subject: s.ownAdministration, Do: s.usersCSV, Slow: true},
		{Pattern: "GET /admin/users/new", Needs: domain, Role: frame.Edition, Subject: s.ownAdministration, Do: s.newUser},
		{Pattern: "POST /admin/users", Needs: domain, Role: frame.Edition, Subject: s.ownAdministration, Do: s.createUser, Body: frame.FormBody},
		{Pattern: "GET /admin/users/{user}", Needs: domain, Role: frame.Edition, Subject: s.administeredUser, Do: s.user},
		{Pattern: "POST /admin/users/{user}", Needs: domain, Role: frame.Edition, Subject: s.administeredUser, Do: s.saveUser, Body: frame.FormBody},
		{Pattern: "POST /admin/users/{user}/password", Needs: domain, Role: frame.Edition, Subject: s.administeredUser, Do: s.password, Body: frame.FormBody},
		{Pattern: "POST /admin/users/{user}/sessions", Needs: domain, Role: frame.Edition, Subject: s.administeredUser, Do: s.endSessions, Body: frame.FormBody},
		{Pattern: "POST /admin/users/{user}/state", Needs: domain, Role: frame.Edition, Subject: s.administeredUser, Do: s.userState, Body: frame.FormBody},
		{Pattern: "POST /admin/users/{user}/delete", Needs: domain, Role: frame.Edition, Subject: s.administeredUser, Do: s.deleteUser, Body: frame.FormBody},

		{Pattern: "GET /admin/domains", Needs: domain, Role: frame.Edition, Subject: s.ownAdministration, Do: s.domains},
		{Pattern: "POST /admin/domains", Needs: server, Role: frame.Edition, Do: s.createDomain, Body: frame.FormBody},
		{Pattern: "GET /admin/domains/{domain}", Needs: domain, Role: frame.Edition, Subject: s.addressedDomain, Do: s.domain},
		{Pattern: "POST /admin/domains/{domain}", Needs: server, Role: frame.Edition, Do: s.saveDomain, Body: frame.FormBody},
		{Pattern: "POST /admin/domains/{domain}/groups", Needs: domain, Role: frame.Edition, Subject: s.addressedDomain, Do: s.createGroup, Body: frame.FormBody},
		{Pattern: "GET /admin/groups/{group}", Needs: domain, Role: frame.Edition, Subject: s.administeredGroup, Do: s.group},
		{Pattern: "POST /admin/groups/{group}", Needs: domain, Role: frame.Edition, Subject: s.administeredGroup, Do: s.saveGroup, Body: frame.FormBody},
		{Pattern: "POST /admin/groups/{group}/members", Needs: domain, Role: frame.Edition, Subject: s.administeredGroup, Do: s.enterGroup, Body: frame.FormBody},
		{Pattern: "POST /admin/groups/{group}/leave", Needs: domain, Role: frame.Edition, Subject: s.administeredGroup, Do: s.leaveGroup, Body: frame.FormBody},
		{Pattern: "POST /admin/groups/{group}/delete", Needs: domain, Role: frame.Edition, Subject: s.administeredGroup, Do: s.deleteGroup, Body: frame.FormBody},

		{Pattern: "GET /admin/audit", Needs: server, Role: frame.Edition, Do: s.audit},
		{Pattern: "GET /admin/audit.csv", Needs: server, Role: frame.Edition, Do: s.auditCSV, Slow: true},
	}
}

package web

import "selfhelp/app/access"

// administrationRoutes are those of the administration.
func (s *Site) administrationRoutes() []route {
	domain, server := access.AdministerDomain, access.AdministerServer
	return []route{
		{pattern: "GET /admin", needs: domain, role: Edition, subject: ownAdministration, do: s.adminHome},
		{pattern: "GET /admin/users", needs: domain, role: Edition, subject: ownAdministration, do: s.adminUsers},
		{pattern: "GET /admin/users.csv", needs: domain, role: Edition, subject: ownAdministration, do: s.adminUsersCSV, slow: true},
		{pattern: "GET /admin/users/new", needs: domain, role: Edition, subject: ownAdministration, do: s.adminNewUser},
		{pattern: "POST /admin/users", needs: domain, role: Edition, subject: ownAdministration, do: s.adminCreateUser, body: formBody},
		{pattern: "GET /admin/users/{user}", needs: domain, role: Edition, subject: administeredUser, do: s.adminUser},
		{pattern: "POST /admin/users/{user}", needs: domain, role: Edition, subject: administeredUser, do: s.adminSaveUser, body: formBody},
		{pattern: "POST /admin/users/{user}/password", needs: domain, role: Edition, subject: administeredUser, do: s.adminPassword, body: formBody},
		{pattern: "POST /admin/users/{user}/sessions", needs: domain, role: Edition, subject: administeredUser, do: s.adminEndSessions, body: formBody},
		{pattern: "POST /admin/users/{user}/state", needs: domain, role: Edition, subject: administeredUser, do: s.adminUserState, body: formBody},
		{pattern: "POST /admin/users/{user}/delete", needs: domain, role: Edition, subject: administeredUser, do: s.adminDeleteUser, body: formBody},

		{pattern: "GET /admin/domains", needs: domain, role: Edition, subject: ownAdministration, do: s.adminDomains},
		{pattern: "POST /admin/domains", needs: server, role: Edition, do: s.adminCreateDomain, body: formBody},
		{pattern: "GET /admin/domains/{domain}", needs: domain, role: Edition, subject: addressedDomain, do: s.adminDomain},
		{pattern: "POST /admin/domains/{domain}", needs: server, role: Edition, do: s.adminSaveDomain, body: formBody},
		{pattern: "POST /admin/domains/{domain}/groups", needs: domain, role: Edition, subject: addressedDomain, do: s.adminCreateGroup, body: formBody},
		{pattern: "GET /admin/groups/{group}", needs: domain, role: Edition, subject: administeredGroup, do: s.adminGroup},
		{pattern: "POST /admin/groups/{group}", needs: domain, role: Edition, subject: administeredGroup, do: s.adminSaveGroup, body: formBody},
		{pattern: "POST /admin/groups/{group}/members", needs: domain, role: Edition, subject: administeredGroup, do: s.adminEnterGroup, body: formBody},
		{pattern: "POST /admin/groups/{group}/leave", needs: domain, role: Edition, subject: administeredGroup, do: s.adminLeaveGroup, body: formBody},
		{pattern: "POST /admin/groups/{group}/delete", needs: domain, role: Edition, subject: administeredGroup, do: s.adminDeleteGroup, body: formBody},

		{pattern: "GET /admin/audit", needs: server, role: Edition, do: s.adminAudit},
		{pattern: "GET /admin/audit.csv", needs: server, role: Edition, do: s.adminAuditCSV, slow: true},
	}
}

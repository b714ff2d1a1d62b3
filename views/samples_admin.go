package views

import (
	"slices"
	"time"

	"selfhelp/views/ui"
)

func adminSamples(base ui.Chrome) []Sample {
	office := func(where, title string) Office {
		return Office{Chrome: titled(base, ui.Admin, title), Where: where, Server: true}
	}
	return slices.Concat(adminHomeSamples(base, office), adminUserSamples(base, office), adminDomainSamples(base, office), adminAuditSamples(base, office))
}

type officeOf func(where, title string) Office

func adminHomeSamples(base ui.Chrome, office officeOf) []Sample {
	well := AdminHome{
		Office: office("home", base.T("admin.title")), Users: 1284, Suspended: 12, Domains: 2, Projects: 9, InForce: 11,
		Executions: 20417, Content: 48_300_000, Activity: 1_240_000_000, Free: 84_000_000_000, Healthy: true, Build: "0.1.0",
	}
	ill := well
	ill.Healthy, ill.Free = false, 312_000_000
	ill.Alerts = []Alert{
		{ui.Wrong, base.T("admin.alert.store", base.T("fault.disk")), base.T("admin.alert.store.do"), ""},
		{ui.Warn, base.T("admin.alert.full", base.Words.Size(ill.Free)), base.T("admin.alert.full.do"), ""},
		{ui.Info, base.T("admin.alert.alone"), base.T("admin.alert.alone.do"), "/admin/users/new"},
	}
	narrow := well
	narrow.Server, narrow.Domains, narrow.InForce, narrow.Suspended = false, 1, 0, 0
	return []Sample{{"admin-home", well}, {"admin-home-ill", ill}, {"admin-home-domain", narrow}}
}

func sampleUsers() []UserRow {
	return []UserRow{
		{ID: "u1", Name: "Camille Moreau", Login: "camille.moreau", Mail: "camille.moreau@example.org", Role: "administrator", Everywhere: true, Active: true, Self: true},
		{ID: "u2", Name: "Zoé Lefèvre", Login: "zoe", Mail: "zoe.lefevre@example.org", Role: "writer", Domains: []string{"Production", "Sandbox"}, Active: true},
		{ID: "u3", Name: "amadou.diallo", Login: "amadou.diallo", Role: "user", Domains: []string{"Production"}},
	}
}

func adminUserSamples(base ui.Chrome, office officeOf) []Sample {
	day := time.Date(2026, 11, 3, 9, 12, 0, 0, time.UTC)
	list := AdminUsers{
		Office: office("users", base.T("admin.users")), Choices: []Option{{"production", "Production"}, {"sandbox", "Sandbox"}},
		Users: sampleUsers(), Count: 1284, First: "/admin/users", Next: "/admin/users?after=u3", CSV: "/admin/users.csv",
	}
	nobody := list
	nobody.Query, nobody.Users, nobody.Count, nobody.Next = "xyz", nil, 0, ""
	domains := []DomainTick{
		{Option{"production", "Production"}, true, []GroupTick{{Option{"g1", "Support"}, true}, {Option{"g2", "Atelier de Lyon"}, false}}},
		{Option{"sandbox", "Sandbox"}, false, nil},
	}
	user := AdminUser{
		Office: office("users", "Zoé Lefèvre"), ID: "u2", Version: 4, Login: "zoe", FirstName: "Zoé", LastName: "Lefèvre",
		Mail: "zoe.lefevre@example.org", Language: "fr", Role: "writer", Active: true, HasPassword: true, Domains: domains, Created: day, Changed: day,
	}
	fresh := AdminUser{Office: office("users", base.T("admin.user.new")), Role: "user", Active: true, Domains: domains}
	refused := fresh
	refused.Login, refused.Wrong = "zoe", map[string]string{"login": base.T("fault.user.taken"), "domain": base.T("fault.user.nowhere"), "password": base.T("fault.password.short")}
	suspended, conflict, own, wider := user, user, user, user
	suspended.Active, suspended.MustChange = false, true
	suspended.Wrong = map[string]string{"confirm": base.T("fault.user.confirm")}
	conflict.Stale, conflict.Theirs = true, []Difference{{base.T("field.last_name"), "Lefèvre-Martin"}}
	own.Self, own.Everywhere = true, true
	wider.ReadOnly = true
	return []Sample{
		{"admin-users", list}, {"admin-users-none", nobody}, {"admin-user", user}, {"admin-user-new", fresh}, {"admin-user-refused", refused},
		{"admin-user-suspended", suspended}, {"admin-user-conflict", conflict}, {"admin-user-own", own}, {"admin-user-wider", wider},
	}
}

func adminDomainSamples(base ui.Chrome, office officeOf) []Sample {
	list := AdminDomains{Office: office("domains", base.T("admin.domains")), Domains: []DomainRow{
		{"sandbox", "Sandbox", 0, 3, 14}, {"production", "Production", 6, 6, 1270},
	}}
	refused := list
	refused.NewID, refused.Wrong = "Ma Filiale", map[string]string{"id": base.T("fault.domain.id")}
	domain := AdminDomain{
		Office: office("domains", "Production"), ID: "production", Version: 1, Titles: list.titles(),
		Groups: []GroupRow{{"g1", "Support", 14}, {"g2", "Atelier de Lyon", 220}},
	}
	bare, conflict := domain, domain
	bare.Groups = nil
	conflict.Stale, conflict.Theirs = true, []Difference{{base.T("admin.name"), "Production Europe"}}
	group := AdminGroup{
		Office: office("domains", "Support"), ID: "g1", Name: "Support", Domain: "production", DomainName: "Production", Version: 2,
		Members: sampleUsers(), Count: 14,
	}
	empty, unknown := group, group
	empty.Members, empty.Count = nil, 0
	unknown.NewMember, unknown.Wrong = "personne", map[string]string{"login": base.T("fault.group.nobody")}
	return []Sample{
		{"admin-domains", list}, {"admin-domains-refused", refused}, {"admin-domain", domain}, {"admin-domain-bare", bare}, {"admin-domain-conflict", conflict},
		{"admin-group", group}, {"admin-group-empty", empty}, {"admin-group-unknown", unknown},
	}
}

func adminAuditSamples(base ui.Chrome, office officeOf) []Sample {
	day := time.Date(2026, 11, 23, 9, 12, 0, 0, time.UTC)
	list := AdminAudit{Office: office("audit", base.T("admin.audit")), First: "/admin/audit", Next: "/admin/audit?before=811", CSV: "/admin/audit.csv", Entries: []AuditRow{
		{813, day, "Camille Moreau", "u1", base.T("audit.user.save"), "user:u2", `{"active":true,"everywhere":false,"role":"writer"}`, "Zoé Lefèvre", "/admin/users/u2"},
		{812, day, "", "demo", base.T("audit.version.publish"), "project:p1", `{"version":"2.0"}`, "", ""},
		{811, day, "Camille Moreau", "u1", base.T("audit.domain.create"), "domain:filiale", "", "filiale", "/admin/domains/filiale"},
	}}
	none := list
	none.Entries, none.Query = nil, "xyz"
	return []Sample{{"admin-audit", list}, {"admin-audit-none", none}}
}

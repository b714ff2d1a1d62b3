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
	return slices.Concat(adminHomeSamples(base, office), statusSamples(base, office), adminUserSamples(base, office), adminImportSamples(base, office), adminRuleSamples(base, office), adminDomainSamples(base, office), adminAuditSamples(base, office), adminSignInSamples(base, office), adminExplainSamples(base, office), adminMailSamples(base, office), adminRecoverySamples(base, office), backupSamples(base, office), adminPastSamples(base, office), adminServersSamples(base, office), adminCapacitySamples(base, office), adminCertificatesSamples(base, office))
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
	mirrored := well
	mirrored.Copy = &CopyFact{Target: "https://metz.example.org:443/replica", Epoch: "e0003-lyon", Well: true}
	last := base.Words.Ago(time.Date(2026, 11, 3, 9, 0, 2, 0, time.UTC), time.Date(2026, 11, 3, 9, 12, 0, 0, time.UTC))
	mirrored.Backup = &BackupFact{Folder: "/mnt/backups/selfhelp", Last: last, Verified: last, Restored: true, Well: true}
	mirrored.Delivery = &DeliveryFact{To: "sftp://copies@files.example.org:22/selfhelp", Last: last}
	late := mirrored
	late.Delivery = &DeliveryFact{To: mirrored.Delivery.To, Last: last, Failed: true}
	late.Copy = &CopyFact{Target: "https://metz.example.org:443/replica", Epoch: "e0003-lyon"}
	late.Backup = &BackupFact{Folder: "/mnt/backups/selfhelp", Last: last, Verified: last}
	late.Alerts = []Alert{
		{ui.Wrong, base.T("admin.alert.copy.never", late.Copy.Target), base.T("admin.alert.copy.do"), ""},
		{ui.Wrong, base.T("admin.alert.backup", base.T("fault.backup.full", late.Backup.Folder)), base.T("admin.alert.backup.do"), ""},
		{ui.Wrong, base.T("admin.alert.delivery", base.T("fault.delivery.full", late.Delivery.To)), base.T("admin.alert.delivery.do"), ""},
	}
	narrow := well
	narrow.Server, narrow.Domains, narrow.InForce, narrow.Suspended = false, 1, 0, 0
	return []Sample{{"admin-home", well}, {"admin-home-ill", ill}, {"admin-home-domain", narrow}, {"admin-home-copied", mirrored}, {"admin-home-late", late}}
}

// statusSamples are the page of a server that is well, of one in trouble, and of one
// that was just put up.
func statusSamples(base ui.Chrome, office officeOf) []Sample {
	at := time.Date(2026, 11, 27, 14, 5, 12, 0, time.UTC)
	then := at.Add(-26 * time.Hour)
	row := func(name string, tone ui.Tone, figure string, details ...string) StatusRow {
		states := map[ui.Tone]string{ui.OK: "status.state.well", ui.Warn: "status.state.warning", ui.Wrong: "status.state.wrong", "": "status.state.none"}
		return StatusRow{Name: base.T("status.row." + name), State: base.T(states[tone]), Tone: tone, Figure: figure, Details: details, Since: then}
	}
	mended := func(r StatusRow, mend, url string) StatusRow { r.Mend, r.URL = base.T(mend), url; return r }
	size := func(bytes int64) string { return base.Words.Size(bytes) }
	where := base.T("admin.fact.copy.where", "https://metz.example.org:443/replica", "e0003-lyon")
	databases := []StatusRow{
		row("content", ui.OK, size(48_300_000), base.T("status.log", size(4_100_000)), base.T("status.checked", base.T("ago.now"))),
		row("activity", ui.OK, size(1_240_000_000), base.T("status.log", size(12_800_000)), base.T("status.checked", base.T("ago.now"))),
	}
	well := append(slices.Clone(databases),
		row("disk", ui.OK, base.T("status.free", size(84_000_000_000))), row("keys", ui.OK, base.N("status.keys", 6), base.T("status.keys.copy")),
		row("replica", ui.OK, base.T("status.lag", base.Words.Duration(3*time.Second)), where), row("moments", ui.OK, base.T("status.moments", base.N("ago.minutes", 4))),
		row("backup", ui.OK, base.T("status.backup", base.N("ago.hours", 11))),
		row("restore", ui.OK, base.T("status.verified", base.N("ago.hours", 11))),
		row("certificate", ui.OK, base.N("status.certificate", 61)), row("outbox", ui.OK, base.N("status.waiting", 0)), row("mail", ui.OK, base.T("status.mail")),
	)
	ill := slices.Clone(well)
	ill[2] = mended(row("disk", ui.Wrong, base.T("status.free", size(612_000_000))), "admin.alert.full.do", "")
	ill[3] = mended(row("keys", ui.Wrong, base.T("status.keys.none")), "status.keys.none.do", "")
	ill[4] = mended(row("replica", ui.Wrong, base.T("status.lag", base.Words.Duration(47*time.Minute)), where, base.N("status.behind", 1280), base.N("status.errors", 188)), "admin.alert.copy.do", "")
	ill[5] = mended(row("moments", ui.Warn, base.N("status.moments.lacks", 1), base.T("status.moments.between", "content.db", base.Words.DateTime(then), base.Words.DateTime(then.Add(7*time.Minute))), base.T("status.moments.file", "0000000000000a51-0000000000000a51.ltx of level 0")), "status.moments.do", "")
	ill[8] = mended(row("certificate", ui.Warn, base.N("status.certificate", 12)), "status.certificate.do", "")
	ill[9] = mended(row("outbox", ui.Wrong, base.N("status.waiting", 31), base.N("admin.mail.lost", 2)), "admin.alert.mail.do", "/admin/mail#waiting")
	bare := append(slices.Clone(databases), row("disk", ui.OK, base.T("status.free", size(84_000_000_000))), row("keys", ui.OK, base.N("status.keys", 6), base.T("status.keys.copy")),
		mended(row("replica", "", ""), "admin.fact.copy.none.do", ""), mended(row("backup", "", ""), "status.backup.none.do", ""),
		mended(row("restore", "", ""), "status.backup.none.do", ""), row("outbox", ui.OK, base.N("status.waiting", 0)),
		mended(row("mail", "", ""), "status.mail.none.do", "/admin/mail"),
	)
	page := func(rows []StatusRow) AdminStatus {
		return AdminStatus{Office: office("status", base.T("admin.status")), At: at, Rows: rows}
	}
	return []Sample{{"admin-status", page(well)}, {"admin-status-ill", page(ill)}, {"admin-status-bare", page(bare)}}
}

func sampleUsers() []UserRow {
	day := time.Date(2026, 11, 3, 9, 12, 0, 0, time.UTC)
	return []UserRow{
		{ID: "u1", Name: "Camille Moreau", Login: "camille.moreau", Mail: "camille.moreau@example.org", Role: "administrator", Everywhere: true, Active: true, Self: true, Created: day},
		{ID: "u2", Name: "Zoé Lefèvre", Login: "zoe", Mail: "zoe.lefevre@example.org", Role: "writer", Domains: []string{"Production", "Sandbox"}, Active: true, Created: day, Courtesy: "Mme", Attributes: []AttributeRow{{"entity", "Ventes"}, {"skill", "3"}}},
		{ID: "u3", Name: "amadou.diallo", Login: "amadou.diallo", Role: "user", Domains: []string{"Production"}, Created: day},
	}
}

func adminUserSamples(base ui.Chrome, office officeOf) []Sample {
	day := time.Date(2026, 11, 3, 9, 12, 0, 0, time.UTC)
	list := AdminUsers{
		Office: office("users", base.T("admin.users")), Choices: []Option{{"production", "Production"}, {"sandbox", "Sandbox"}},
		Users: sampleUsers(), Groups: []Option{{"g1", "Support (Production)"}},
		AttributeNames: []string{"entity", "location", "skill"},
		List:           List{Path: "/admin/users", Count: 1284, First: "/admin/users", Next: "/admin/users?after=u3", Sort: "login", Down: true},
	}
	nobody := list
	nobody.Users, nobody.List = nil, List{Path: "/admin/users", Kept: [][2]string{{"q", "xyz"}}}
	domains := []DomainTick{
		{Option{"production", "Production"}, true, []GroupTick{
			{Option{"g1", "Support"}, true, []string{base.T("admin.member.by_rule")}}, {Option{"g2", "Atelier de Lyon"}, false, nil},
			{Option{"g3", "Direction"}, false, []string{base.T("admin.member.by_rule"), base.T("admin.member.from", "annuaire")}},
		}},
		{Option{"sandbox", "Sandbox"}, false, nil},
	}
	user := AdminUser{
		Shortest: 10,
		Office:   office("users", "Zoé Lefèvre"), ID: "u2", Version: 4, Login: "zoe", FirstName: "Zoé", LastName: "Lefèvre",
		Mail: "zoe.lefevre@example.org", Language: "fr", Role: "writer", Active: true, HasPassword: true, Domains: domains, Created: day, Changed: day,
		Courtesy: "Mme", Attributes: []AttributeRow{{"entity", "Ventes"}, {"skill", "3"}}, AttributeNames: []string{"entity", "location", "skill"},
		Holds: UserHolds{
			Owned:  []ui.Place{{Name: "Service desk", URL: "/studio/p/p1/settings#owner-title"}},
			Rights: []GroupRights{{"p2", "Building", []string{base.T("right.approval")}}}, Tokens: []string{base.T("holds.token.never", "CI")},
		},
		Heirs: Heirs{1, []Option{{"u1", "Camille Moreau (camille.moreau)"}}, true},
	}
	fresh := AdminUser{Office: office("users", base.T("admin.user.new")), Shortest: 10, Role: "user", Active: true, Domains: domains}
	refused := fresh
	refused.Login, refused.Wrong = "zoe", map[string]string{"login": base.T("fault.user.taken"), "domain": base.T("fault.user.nowhere"), "password": base.T("fault.password.short")}
	suspended, conflict, own, wider, disowned, stranded := user, user, user, user, user, user
	refused.Attributes = []AttributeRow{{"Entité", "Ventes"}}
	refused.Wrong[AttributeField(0)], refused.Wrong["attributes"] = base.T("fault.attribute.name"), base.T("fault.user.ruled")
	suspended.Active, suspended.MustChange = false, true
	suspended.Wrong = map[string]string{"confirm": base.T("fault.user.confirm")}
	conflict.Stale, conflict.Theirs = true, []Difference{{base.T("field.last_name"), "Lefèvre-Martin"}}
	own.Self, own.Everywhere = true, true
	disowned.Lost, disowned.Wrong = &Disowned{[]string{"production"}, user.Heirs}, map[string]string{"heir": base.T("fault.user.owns")}
	stranded.Domains, stranded.Wrong = []DomainTick{domains[1]}, map[string]string{"stranded": base.T("fault.user.stranded")}
	wider.ReadOnly, wider.Holds.Elsewhere = true, true
	return []Sample{
		{"admin-users", list}, {"admin-users-none", nobody}, {"admin-user", user}, {"admin-user-new", fresh}, {"admin-user-refused", refused},
		{"admin-user-suspended", suspended}, {"admin-user-conflict", conflict}, {"admin-user-own", own}, {"admin-user-wider", wider}, {"admin-user-disowned", disowned},
		{"admin-user-stranded", stranded},
	}
}

func adminDomainSamples(base ui.Chrome, office officeOf) []Sample {
	list := AdminDomains{Office: office("domains", base.T("admin.domains")), List: List{Path: "/admin/domains"}, Domains: []DomainRow{
		{"sandbox", "Sandbox", 0, 3, 14}, {"production", "Production", 6, 6, 1270},
	}}
	refused := list
	refused.NewID, refused.Wrong = "Ma Filiale", map[string]string{"id": base.T("fault.domain.id")}
	domain := AdminDomain{
		Office: office("domains", "Production"), ID: "production", Version: 1, Titles: list.titles(),
		Groups: []GroupRow{{ID: "g1", Name: "support", Title: "Support", Members: 14, Shared: true}, {ID: "g2", Name: "Atelier de Lyon", Title: "Atelier de Lyon", Members: 220}},
	}
	bare, conflict := domain, domain
	bare.Groups = nil
	conflict.Stale, conflict.Theirs = true, []Difference{{base.T("admin.name"), "Production Europe"}}
	group := AdminGroup{
		Office: office("groups", "Support"), ID: "g1", Name: "support", Domain: "production", DomainName: "Production", Version: 2,
		Titles:  []ui.Input{{Name: "title_fr", Label: base.T("admin.title.in", "Français"), Value: "Support", Max: 100}, {Name: "title_en", Label: base.T("admin.title.in", "English"), Value: "Support", Max: 100}},
		Members: sampleUsers(), Count: 14, Mine: true, Also: []Option{{"sandbox", "Sandbox"}}, Others: []Option{{"filiale", "Filiale"}},
		Rule: &RuleWords{Conditions: []string{base.T("admin.rule.condition.value", base.T("admin.rule.condition", "entity", base.T("compare.equals")), "Ventes"), base.T("admin.rule.condition", "location", base.T("compare.present"))}},
		Opens: GroupOpens{
			Domains: []Option{{"production", "Production"}}, Trials: 1,
			Published: []OpenedLine{{base.T("opens.procedure"), base.T("explain.procedure", "VPN", "Service desk"), "production", "/studio/p/p1/d/a"}, {base.T("opens.trial"), base.T("explain.in_version", "Service desk", "4.0"), "production", "/studio/p/p1/versions"}},
			Written:   []OpenedLine{{base.T("opens.category"), base.T("explain.procedure", "Wi-Fi", "Service desk"), "production", "/studio/p/p1/settings#categories"}},
			Rights:    []GroupRights{{"p1", "Service desk", []string{base.T("right.modification"), base.T("right.publication")}}},
		},
	}
	group.Members[0].Hand, group.Members[1].Told, group.Members[2].Hand = true, []string{base.T("admin.member.by_rule")}, true
	group.Members[2].Told = []string{base.T("admin.member.from", "annuaire")}
	groups := AdminGroups{
		Office: office("groups", base.T("admin.groups")), List: List{Path: "/admin/groups", Count: 2, Sort: "name"}, Choices: []Option{{"production", "Production"}},
		Groups: []GroupRow{{ID: "g1", Name: "support", Title: "Support", Ruled: true, Members: 14, Domains: []string{"Production", "Sandbox"}}, {ID: "g2", Name: "Atelier de Lyon", Title: "Atelier de Lyon", Members: 220, Domains: []string{"Production"}}},
	}
	chosen := AdminChosen{
		Office: office("groups", base.N("admin.groups.delete.ask", 2)), Ask: base.N("admin.groups.delete.ask", 2), Action: "/admin/groups/apply", Do: "delete", Danger: true,
		Button: base.N("admin.groups.delete", 2), IDs: []string{"g1", "g2"}, Names: []string{"Support", "Atelier de Lyon"}, More: 3,
		LeftOut: []string{base.T("admin.chosen.why", "Direction", base.T("admin.group.wider"))}, Back: "/admin/groups",
		Stranded: &Stranded{base.N("stranded.entry", 12), []ui.Place{{Name: "Zoé Lefèvre (zoe)", URL: "/admin/users/u2"}, {Name: "amadou.diallo", URL: "/admin/users/u3"}}, 10, base.N("stranded.entry.do", 12)},
	}
	inherited := groups
	inherited.NewName, inherited.Wrong = "R&D", map[string]string{"name": base.T("gone.field")}
	inherited.Inherited = &Inherited{"R&D", []ui.Place{{Name: base.T("explain.procedure", "VPN", "Service desk"), URL: "/studio/p/p1/d/a"}}, true, base.T("gone.do")}
	group.Stranded, chosen.Heirs = chosen.Stranded, Heirs{Owned: 2}
	empty, unknown, wider := group, group, group
	wider.Mine, wider.Server, wider.Rule = false, false, nil
	empty.Members, empty.Count = nil, 0
	unknown.NewMember, unknown.Wrong = "personne", map[string]string{"login": base.T("fault.group.nobody")}
	return []Sample{
		{"admin-domains", list}, {"admin-domains-refused", refused}, {"admin-domain", domain}, {"admin-domain-bare", bare}, {"admin-domain-conflict", conflict},
		{"admin-group", group}, {"admin-group-empty", empty}, {"admin-group-unknown", unknown},
		{"admin-group-wider", wider}, {"admin-groups", groups}, {"admin-groups-inherited", inherited}, {"admin-groups-none", AdminGroups{Office: groups.Office, List: List{Path: "/admin/groups"}}}, {"admin-chosen", chosen},
	}
}

func adminRuleSamples(base ui.Chrome, office officeOf) []Sample {
	rule := AdminRule{
		Own:    true,
		Office: office("groups", base.T("admin.rule.of", "Support")), ID: "g1", Group: "Support", Version: 2, Has: true,
		Conditions:  []ConditionRow{{"entity", "equals", "Ventes"}, {"skill", "at_least", "2"}},
		Comparisons: []Option{{"equals", base.T("compare.equals")}, {"at_least", base.T("compare.at_least")}}, AttributeNames: []string{"entity", "location", "skill"},
	}
	why := []string{base.T("admin.chosen.why", "entity", "Ventes"), base.T("admin.chosen.why", "skill", "3")}
	tried, refused, conflict := rule, rule, rule
	tried.Preview = &RulePreview{
		In:    RuledList{112, []RuledRow{{"u1", "Camille Moreau", "camille.moreau", why}, {"u2", "Zoé Lefèvre", "zoe", why}}},
		Enter: RuledList{1, []RuledRow{{"u2", "Zoé Lefèvre", "zoe", why}}},
		Leave: RuledList{1, []RuledRow{{"u3", "amadou.diallo", "amadou.diallo", []string{base.T("admin.chosen.why", "skill", "1")}}}},
	}
	refused.Conditions = []ConditionRow{{"skill", "at_least", "beaucoup"}}
	refused.Wrong = map[string]string{ConditionField(0): base.T("fault.rule.number")}
	conflict.Stale, conflict.Theirs = true, []Difference{{base.T("admin.rule"), base.T("admin.rule.none")}}
	nobody := tried
	nobody.Preview, nobody.Has, nobody.Any = &RulePreview{}, false, true
	return []Sample{
		{"admin-rule", AdminRule{Office: rule.Office, ID: "g1", Group: "Support", Comparisons: rule.Comparisons}}, {"admin-rule-tried", tried},
		{"admin-rule-nobody", nobody}, {"admin-rule-refused", refused}, {"admin-rule-conflict", conflict},
	}
}

func adminExplainSamples(base ui.Chrome, office officeOf) []Sample {
	empty := AdminExplain{
		Office: office("explain", base.T("explain.title")), Known: []Option{{"zoe", "Zoé Lefèvre"}, {"hugo", "Hugo Lefèvre"}}, On: "project:p1",
		Things: []OptionGroup{
			{base.T("explain.whole"), []Option{{"server", base.T("explain.server")}, {"domain:production", base.T("explain.domain", "Production")}}},
			{base.T("explain.projects", "Production"), []Option{{"project:p1", "Service desk"}}},
		},
		Procedures: []Option{{"aa", "VPN"}},
	}
	told, refused, several, nobody := empty, empty, empty, empty
	told.Person, told.Who, told.WhoURL, told.Thing = "zoe", "Zoé Lefèvre", "/admin/users/u2", "Service desk"
	told.Main = &ExplainRow{What: base.T("permission.modify_project"), Verdict: ExplainOnce, Answer: base.T("explain.once.factor"), Chain: []ExplainLink{
		{Text: base.T("explain.active.yes"), Holds: true}, {Text: base.T("explain.of_domain.yes", "Production"), Holds: true, More: []string{base.T("explain.in.by_rule", "Support", base.T("explain.rule.equals", "entity", "Sales"))}},
		{Text: base.T("explain.owns_project.no")}, {Text: base.T("explain.granted.group", "Support", base.T("right.modification")), Holds: true, More: []string{base.T("explain.in.by_hand", "Support")}, Groups: []ui.Place{{Name: "Support", URL: "/admin/groups/g1"}}},
		{Text: base.T("explain.owes.factor")},
	}, Notes: []string{base.T("explain.by_way.entry", "Intranet")}, Next: []ExplainStep{{base.T("explain.next.away", "Siège"), "/admin/sign-in/d1"}}}
	told.Rows = []ExplainRow{
		{What: base.T("permission.publish_project"), URL: "/admin/explain?do=publish_project", Verdict: ExplainNo, Answer: base.T("explain.no"), Chain: []ExplainLink{{Text: base.T("explain.granted.no", base.T("right.publication"))}}},
		{What: base.T("permission.signed_in"), URL: "/admin/explain?do=signed_in", Verdict: ExplainYes, Answer: base.T("explain.yes"), Chain: []ExplainLink{{Text: base.T("explain.placed.yes"), Holds: true}}},
	}
	refused.Person, refused.Who, refused.WhoURL, refused.Thing = "hugo", "Hugo Lefèvre", "/admin/users/u3", base.T("explain.procedure", "VPN", "Service desk")
	refused.Main = &ExplainRow{What: base.T("permission.run_procedure"), Verdict: ExplainNo, Answer: base.T("explain.no"), Chain: []ExplainLink{
		{Text: base.T("explain.of_domain.yes", "Production"), Holds: true}, {Text: base.T("explain.for_procedure.no", "Support"), Groups: []ui.Place{{Name: "Support", URL: "/admin/groups/g1"}}},
	}, Next: []ExplainStep{{base.T("explain.next.group", "Hugo Lefèvre", "Support"), "/admin/groups/g1?login=hugo"}, {base.T("explain.next.gone", "sales"), ""}}}
	empty.Examples = []ui.Place{{Name: base.T("explain.example.start", "Hugo Lefèvre", "VPN"), URL: "/admin/explain?person=hugo"}, {Name: base.T("explain.example.change", "Zoé Lefèvre", "Service desk"), URL: "/admin/explain?person=zoe"}}
	several.Person, several.Matches = "lefèvre", []ui.Place{{Name: "Zoé Lefèvre (zoe)", URL: "/admin/explain?person=zoe"}, {Name: "Hugo Lefèvre (hugo)", URL: "/admin/explain?person=hugo"}}
	nobody.Person, nobody.Wrong = "xyz", base.T("explain.nobody", "xyz")
	return []Sample{{"admin-explain", told}, {"admin-explain-refused", refused}, {"admin-explain-empty", empty}, {"admin-explain-several", several}, {"admin-explain-nobody", nobody}}
}

func adminAuditSamples(base ui.Chrome, office officeOf) []Sample {
	day := time.Date(2026, 11, 23, 9, 12, 0, 0, time.UTC)
	list := AdminAudit{Office: office("audit", base.T("admin.audit")), List: List{Path: "/admin/audit", First: "/admin/audit", Next: "/admin/audit?after=811"}, Entries: []AuditRow{
		{Seq: 813, At: day, Actor: "Camille Moreau", ActorID: "u1", Action: base.T("audit.user.save"), Kind: base.T("audit.kind.user"), Object: "user:u2", ObjectName: "Zoé Lefèvre", URL: "/admin/users/u2", Detail: base.T("audit.of.role", base.T("role.writer")), Raw: `{"active":true,"everywhere":false,"role":"writer"}`},
		{Seq: 814, At: day, Actor: "Camille Moreau (camille.moreau)", ActorID: "u1", Program: "Entra ID", Action: base.T("audit.user.suspend"), Kind: base.T("audit.kind.user"), Object: "user:u2", ObjectName: "Zoé Lefèvre (zoe)", URL: "/admin/users/u2", Raw: `{"program":{"token":"t1","name":"Entra ID"}}`},
		{Seq: 812, At: day, ActorID: "retention", By: base.T("audit.actor.retention"), Action: base.T("audit.retention.run"), Detail: base.T("audit.of.executions", "12"), Raw: `{"executions":12}`},
		{Seq: 811, At: day, ActorID: "u9", Action: base.T("audit.project.remove"), Kind: base.T("audit.kind.project"), Object: "project:p7"},
	}}
	none := list
	none.Entries, none.List = nil, List{Path: "/admin/audit", Kept: [][2]string{{"q", "xyz"}}}
	sessions := AdminSessions{Office: office("sessions", base.T("admin.sessions")), List: List{Path: "/admin/sessions", Count: 2}, Sessions: sampleSessions(base), Most: 1000, Away: []string{"Lyon 2"}}
	settings := AdminSettings{Office: office("settings", base.T("admin.settings")), Months: "13", Names: "30", Idle: "7"}
	refused, conflict := settings, settings
	refused.Months, refused.Wrong = "0", map[string]string{"months": base.T("fault.retention.months")}
	conflict.Stale, conflict.Theirs = true, []Difference{{base.T("admin.settings.months"), "24"}}
	return []Sample{
		{"admin-audit", list}, {"admin-audit-none", none}, {"admin-sessions", sessions}, {"admin-sessions-none", AdminSessions{Office: sessions.Office, List: List{Path: "/admin/sessions"}}},
		{"admin-settings", settings}, {"admin-settings-refused", refused}, {"admin-settings-conflict", conflict},
	}
}

func sampleSessions(base ui.Chrome) []SessionRow {
	day := time.Date(2026, 11, 23, 9, 12, 0, 0, time.UTC)
	return []SessionRow{
		{ID: "s1", User: "u1", Name: "Camille Moreau", Browser: base.T("session.browser_on", "Firefox", "Linux"), Place: base.T("session.place_here"), Address: "127.0.0.1", Began: day, Seen: day, Ago: base.T("ago.now"), Now: true},
		{ID: "s2", User: "u1", Name: "Camille Moreau", Browser: base.T("session.browser_on", "Safari", "iPhone"), Place: "198.51.100.7", Address: "198.51.100.7", Began: day, Seen: day, Ago: base.N("ago.hours", 3), Server: "Lyon 1"},
	}
}

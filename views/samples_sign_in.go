package views

import (
	"time"

	"selfhelp/views/ui"
)

func adminSignInSamples(base ui.Chrome, office officeOf) []Sample {
	list := AdminSignIn{
		Office: office("sign_in", base.T("admin.sign_in")), Version: 3, Kinds: []Option{{"ldap", base.T("method.ldap")}},
		Methods: []MethodCard{
			{ID: "lyon", Name: "Annuaire de Lyon", Kind: base.T("method.ldap.is"), Tone: ui.OK, State: base.T("admin.method.on"), Facts: []string{base.Words.N("admin.sync.known", 1284)}, First: true, On: true},
			{ID: "paris", Name: "Annuaire de Paris", Kind: base.T("method.ldap.is"), Tone: ui.Wrong, State: base.T("admin.method.away", "14:02"), On: true},
			{ID: "internal", Name: base.T("method.internal"), Kind: base.T("method.internal.is"), Tone: ui.OK, State: base.T("admin.method.on"), Last: true, On: true},
		},
		Away: AwayForm{
			Directories: true, Who: "groups", Run: true, Kinds: []Option{{"", base.T("admin.away.who.nobody")}, {"groups", base.T("admin.away.who.groups")}},
			Groups: []GroupTick{{Option: Option{"g1", "Support (Production)"}, On: true}},
		},
		Second: SecondForm{Who: "staff", Whose: []Option{{"", base.T("admin.second.nobody")}, {"staff", base.T("admin.second.staff")}, {"all", base.T("admin.second.all")}}},
		Limits: LimitsForm{
			Version: 2, Idle: "120", Longest: "720", Most: "20",
			Idles: []Option{{"30", base.Words.N("admin.limits.minutes", 30)}, {"120", base.Words.N("admin.limits.hours", 2)}}, Longs: []Option{{"720", base.Words.N("admin.limits.hours", 12)}, {"10080", base.Words.N("admin.limits.days", 7)}},
		},
	}
	alone := list
	alone.Methods, alone.Away = list.Methods[2:], AwayForm{Kinds: list.Away.Kinds}
	alone.Wrong = map[string]string{"methods": base.T("fault.method.none"), "idle": base.T("fault.limits.order"), "most": base.T("fault.limits.most")}
	return []Sample{{"admin-sign-in", list}, {"admin-sign-in-alone", alone}, {"admin-method", sampleMethod(base, office)}, {"admin-method-saml", sampleSAML(base, office)}, {"admin-method-key", AdminMethodKey{Office: office("sign_in", base.T("admin.key.made", "Service Engine")), ID: "host", Key: "shk_ABCDEFGH", Certificate: "-----BEGIN CERTIFICATE-----\n…", Private: "-----BEGIN PRIVATE KEY-----\n…", Until: "3 novembre 2027", Proxy: "frontend selfhelp\n    bind :443 ssl verify optional\n"}}, {"admin-method-host", sampleHost(base, office)}, {"admin-method-new", sampleNewMethod(base, office)}, {"admin-method-test", sampleTest(base, office)}, {"admin-sync", sampleSync(base, office)}, {"admin-sync-refused", sampleSyncRefused(base, office)}}
}

func sampleField(base ui.Chrome, name, value string) FormField {
	return FormField{Input: ui.Input{Name: name, Label: base.T("method.field." + name), Value: value, Max: 500}}
}

func sampleSections(base ui.Chrome) []FormSection {
	names, tick, pairs, domains, take := sampleField(base, "names", "first_name = givenName\nentity = departmentNumber\n"), sampleField(base, "start_tls", ""), sampleField(base, "groups", ""), sampleField(base, "domain", ""), sampleField(base, "take", "unclaimed")
	names.Rows, names.Help = 4, base.T("method.field.names.help")
	tick.Tick, tick.On = true, true
	pairs.Pairs, pairs.Ours = []FormPair{{"france", "g1"}, {}}, []Option{{"g1", "Support (Production)"}}
	domains.Several = []DomainTick{{Option: Option{"production", "Production"}, On: true}}
	take.Choices = []Option{{"", base.T("admin.take.none")}, {"unclaimed", base.T("admin.take.unclaimed")}}
	return []FormSection{
		{base.T("method.section.server"), "", []FormField{sampleField(base, "name", "Annuaire de Lyon"), sampleField(base, "urls", "ldaps://annuaire.example.org"), tick}},
		{base.T("method.section.people"), "", []FormField{sampleField(base, "base", "ou=people,dc=example,dc=org"), sampleField(base, "login", "uid"), names}},
		{base.T("method.section.accounts"), "", []FormField{take, domains, pairs}},
	}
}

func sampleTrace(base ui.Chrome) []TraceRow {
	told := func(after, answer string, failed bool, key string, args ...any) TraceRow {
		return TraceRow{After: after, Sent: base.T(key, args...), Worded: true, Answer: answer, Failed: failed}
	}
	return []TraceRow{
		told("0 ms", "", false, "trace.ldap.connect", "ldaps://annuaire.example.org"),
		told("12 ms", "", false, "trace.ldap.bind", "cn=reader,dc=example,dc=org"),
		told("15 ms", "uid=zoe,ou=people,dc=example,dc=org", false, "trace.ldap.search", "ou=people,dc=example,dc=org", "(&(objectClass=inetOrgPerson)(uid=zoe))"),
		told("17 ms", "LDAP Result Code 49 \"Invalid Credentials\"", true, "trace.ldap.bind", "uid=zoe,ou=people,dc=example,dc=org"),
	}
}

func sampleMethod(base ui.Chrome, office officeOf) AdminMethod {
	at := time.Date(2026, 11, 3, 9, 12, 0, 0, time.UTC)
	return AdminMethod{
		Office: office("sign_in", "Annuaire de Lyon"), ID: "lyon", Kind: "ldap", KindName: base.T("method.ldap"), Version: 3, On: true, Tone: ui.OK, State: base.T("admin.method.on"),
		Sections: sampleSections(base), Testing: true, Syncing: true, Known: 1284,
		Last:     &SyncFacts{At: at, Ago: base.Words.Ago(at, at.Add(time.Hour)), Words: base.T("admin.sync.part.listed", "1284")},
		Attempts: []AttemptRow{{at, "zoe", ui.Warn, base.T("fault.sign_in.wrong"), sampleTrace(base)}, {at, "amadou", ui.OK, base.T("admin.attempt.in"), sampleTrace(base)[:3]}},
	}
}

func sampleSAML(base ui.Chrome, office officeOf) AdminMethod {
	m := sampleMethod(base, office)
	m.Kind, m.Testing, m.Syncing, m.Last, m.Tried = "saml", false, false, nil, true
	m.Ours = &OurSide{
		ID: "sso", Lead: base.T("method.ours.lead.saml"), Metadata: "https://help.example.org/login/saml/sso/metadata", Try: "/login/saml/sso?try=yes", Pairs: 1,
		Facts:    [][2]string{{base.T("method.ours.entity"), "https://help.example.org/login/saml/sso/metadata"}, {base.T("method.ours.acs"), "https://help.example.org/login/saml/sso/acs"}},
		Expiries: []string{base.T("method.expiry.theirs", "idp.example.org", "3 novembre 2026")},
	}
	return m
}

func sampleHost(base ui.Chrome, office officeOf) AdminMethod {
	m := sampleSAML(base, office)
	m.Kind = "trusted"
	m.Ours = &OurSide{ID: "host", Lead: base.T("method.ours.lead.trusted"), Keyed: true, Key: true, Proxy: "frontend selfhelp\n    bind :443 ssl verify optional\n", Facts: [][2]string{{base.T("method.ours.audience"), "https://help.example.org"}}}
	return m
}

func sampleNewMethod(base ui.Chrome, office officeOf) AdminMethod {
	m := AdminMethod{
		Office: office("sign_in", base.T("admin.method.new.ldap")), Kind: "ldap", KindName: base.T("method.ldap"), Sections: sampleSections(base),
		Likes: []Option{{"ad", "Active Directory"}}, Wrong: map[string]string{"urls": base.T("fault.ldap.plain")},
	}
	m.Sections[0].Fields[1].Wrong = base.T("fault.ldap.plain")
	return m
}

func sampleTest(base ui.Chrome, office officeOf) AdminMethodTest {
	return AdminMethodTest{
		Office: office("sign_in", base.T("admin.method.test.of", "Annuaire de Lyon")), ID: "lyon", Login: "zoe", Tone: ui.OK, Outcome: base.T("admin.method.test.in"),
		Facts: [][2]string{{base.T("admin.told.subject"), "1f0c2b1e-6f3c-1040-8d3e-2b1f0c2b1e6f"}, {base.T("field.login"), "zoe"}, {base.T("admin.told.groups"), "europe, france"}},
		Would: []string{base.T("admin.would.create", "zoe", base.T("role.user"))}, Trace: sampleTrace(base),
	}
}

func sampleSync(base ui.Chrome, office officeOf) AdminSync {
	return AdminSync{
		Office: office("sign_in", base.T("admin.sync.would", "Annuaire de Lyon")), ID: "lyon", Dry: true, More: 12, Trace: sampleTrace(base)[:2],
		Counts: []SyncCount{{base.T("admin.sync.count.listed"), 1284}, {base.T("admin.sync.count.created"), 3}, {base.T("admin.sync.count.suspended"), 1}},
		Lines: []SyncLine{
			{ui.OK, base.T("admin.sync.act.create"), "", "zoe", "Zoé Lefèvre", nil},
			{ui.Info, base.T("admin.sync.act.change"), "u2", "amadou", "Amadou Diallo", []string{base.T("admin.change", "entity", "Sales", "Board"), base.T("admin.change.enters", "Support")}},
			{ui.Warn, base.T("admin.sync.act.suspend"), "u3", "camille", "Camille Moreau", nil},
		},
	}
}

func sampleSyncRefused(base ui.Chrome, office officeOf) AdminSync {
	return AdminSync{
		Office: office("sign_in", base.T("admin.sync.done", "Annuaire de Lyon")), ID: "lyon", Failed: base.T("fault.sync.too_many", "40", "50"), Advice: base.T("fault.sync.too_many.do"),
		Counts: []SyncCount{{base.T("admin.sync.count.listed"), 10}},
	}
}

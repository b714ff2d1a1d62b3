package views

import (
	"time"

	"selfhelp/views/ui"
)

func adminServersSamples(base ui.Chrome, office officeOf) []Sample {
	at := time.Date(2026, 11, 29, 15, 4, 0, 0, time.UTC)
	T := base.T
	fact := func(key, value string) Fact { return Fact{Name: T("servers.fact." + key), Value: value} }
	own := ServerCard{
		Own: true, Name: T("servers.own"), Address: "https://help.example.org", Tone: ui.OK, State: T("servers.state.here"), Detail: T("servers.own.all"), Percent: -1, Brief: T("servers.brief.own", "41"),
		Facts: []Fact{fact("version", "1.4.0"), fact("sequence", "41")},
	}
	everybody := ServerTarget{
		ID: "production", Title: "Production", Way: "together", All: true, Wanted: 41, Version: 1,
		Domains: []TargetDomain{{Option{"production", "Production"}, true}, {Option{"sandbox", "Sandbox"}, false}},
	}
	first := AdminServers{Office: office("servers", T("servers.title")), At: at, Own: own, Single: true, Targets: []ServerTarget{everybody}, Flows: []Flow{
		{T("servers.flow.people"), "https://help.example.org", "443 TCP", T("servers.flow.for.all"), true},
	}}
	refused := first
	refused.Add = ServerForm{Name: "Lyon 1", Address: "http://10.2.0.5:8080", Target: "production"}
	refused.Wrong = map[string]string{"address": T("fault.peer.plain", "http://10.2.0.5:8080"), "code": T("fault.peer.code")}

	facts := func(sequence string) []Fact {
		return []Fact{
			fact("seen", base.Words.Ago(at.Add(-time.Second), at)), fact("version", "1.4.0"), fact("sequence", sequence), fact("bundles", "12"),
			fact("sessions", "318"), fact("memory", base.Words.Size(61_800_000)), fact("free", base.Words.Size(38_200_000_000)), fact("certificate", base.Words.Date(at.AddDate(0, 2, 0))),
		}
	}
	brief := func(sequence string, ago time.Duration) string {
		return T("servers.brief", sequence, "318", base.Words.Ago(at.Add(-ago), at))
	}
	well := ServerCard{ID: "a", Name: "Lyon 1", Address: "https://lyon1.help.example.org", Tone: ui.OK, State: T("servers.state.well"), Percent: -1, Brief: brief("41", time.Second), Facts: facts("41")}
	knocked := fact("refused", "67")
	knocked.What = T("servers.fact.refused.what", "203.0.113.7", base.Words.Ago(at.Add(-time.Hour), at))
	well.Facts = append(well.Facts, knocked)
	busy := ServerCard{ID: "b", Name: "Lyon 2", Address: "https://lyon2.help.example.org", Tone: ui.Info, State: T("servers.state.behind"), Percent: 64, Brief: brief("40", time.Second), Facts: facts("40")}
	away := ServerCard{ID: "c", Name: "Brest", Address: "https://brest.help.example.org", Tone: ui.Wrong, State: T("servers.state.away"), Do: T("servers.away.do"), Percent: -1, Brief: brief("40", time.Hour), Facts: facts("40")}
	newer := ServerCard{ID: "d", Name: "Essais", Address: "https://essais.help.example.org", Tone: ui.Warn, State: T("servers.state.newer"), Detail: T("servers.newer", "43", "41"), Percent: -1, Newer: 43, Brief: brief("43", time.Second), Facts: facts("43")}
	asked := well
	asked.Asking = true
	gone := away
	gone.Asking, gone.Anyway = true, true

	own.Detail = T("servers.own.edition")
	several := first
	several.Single, several.Own = false, own
	everybody.Servers, everybody.Done, everybody.Serving, everybody.Waits, everybody.Force = []ServerCard{well, busy, away}, 1, 1, T("servers.waits.together", "Brest"), true
	trials := everybody
	trials.ID, trials.Title, trials.Way, trials.Minutes, trials.Servers, trials.Held, trials.Waits, trials.Done, trials.Newer = "trials", "Essais", "canary", 30, []ServerCard{newer}, true, "", 0, 1
	several.Targets = []ServerTarget{everybody, trials}
	several.Portal = PortalForm{Version: "0", Differ: T("servers.portal.differ", "Lyon 1", "Brest")}
	several.Flows = []Flow{
		{T("servers.flow.writers"), "https://help.example.org", "443 TCP", T("servers.flow.for.write"), true},
		{T("servers.flow.people"), well.Address, "443 TCP", T("servers.flow.for.run"), true},
		{T("servers.flow.edition"), well.Address, "443 TCP", T("servers.flow.for.publish"), true},
		{T("servers.flow.both"), "ldaps://directory.example.org", "636 TCP", T("servers.flow.for.directory"), false},
		{T("servers.flow.both"), "smtp.example.org", "587 TCP", T("servers.flow.for.mail"), false},
	}
	changing := several
	changing.Change = ServerForm{ID: "c", Version: "1", Name: "Brest", Address: "https://lyon1.help.example.org", Target: "production"}
	changing.Wrong = map[string]string{"address": T("fault.peer.another", "https://lyon1.help.example.org")}
	asking := several
	everybody.Servers = []ServerCard{asked, busy, gone}
	asking.Targets = []ServerTarget{everybody, trials}
	return []Sample{{"admin-servers", several}, {"admin-servers-first", first}, {"admin-servers-refused", refused}, {"admin-servers-asking", asking}, {"admin-servers-changing", changing}}
}

func adminCapacitySamples(base ui.Chrome, office officeOf) []Sample {
	T := base.T
	field := func(name, value string) ui.Input {
		return ui.Input{Name: name, Label: T("capacity." + name), Help: T("capacity." + name + ".help"), Value: value, Required: true, Max: 12}
	}
	first := AdminCapacity{Office: office("servers", T("capacity.title")), Spare: true, Fields: []ui.Input{
		field("people", "10000"), field("share", "20"), field("journeys", "1"), field("pages", "10"), field("rate", ""), field("full", "50"),
	}}
	refused := first
	refused.Fields = append([]ui.Input{}, first.Fields...)
	refused.Wrong = map[string]string{"people": T("capacity.wrong", T("capacity.people"), 1, 1_000_000), "rate": T("capacity.wrong", T("capacity.rate"), 1, 100_000)}
	refused.Fields[0].Value, refused.Fields[0].Wrong, refused.Fields[4].Wrong = "2 000 000", refused.Wrong["people"], refused.Wrong["rate"]

	told := first
	told.Fields = append([]ui.Input{}, first.Fields...)
	n, percent := func(n int) string { return base.Words.Show(n) }, func(n string) string { return T("capacity.percent", n) }
	told.Fields[0].Value, told.Fields[4].Value = n(1_000_000), "400"
	line := func(key, how, figure string) CapacityLine {
		return CapacityLine{T("capacity.line." + key), how, figure}
	}
	load := base.Words.Decimal(2.8)
	told.Sum = &CapacitySum{
		Result: T("capacity.result", 4), Means: []string{base.N("capacity.for", 1_000_000), base.N("capacity.needed", 3), T("capacity.beside")},
		Lines: []CapacityLine{
			line("day", n(1_000_000)+" × 1 × 10", n(10_000_000)), line("hour", n(10_000_000)+" × "+percent("20"), n(2_000_000)), line("second", n(2_000_000)+" ÷ "+n(3600), base.Words.Decimal(555.6)),
			line("server", "400 × "+percent("50"), "200"), line("load", base.Words.Decimal(555.6)+" ÷ 200", load), line("needed", T("capacity.up", load), "3"), line("spare", "3 + 1", "4"),
		},
		Others: []CapacityOther{{n(1000), "2"}, {n(10_000), "2"}, {n(100_000), "2"}, {n(1_000_000), "4"}},
	}
	single := first
	single.Spare, single.Sum = false, &CapacitySum{Result: T("capacity.result.single"), Means: []string{base.N("capacity.for", 10_000), T("capacity.single")}, Lines: told.Sum.Lines[:6], Others: told.Sum.Others[:1]}
	return []Sample{{"admin-capacity", told}, {"admin-capacity-first", first}, {"admin-capacity-refused", refused}, {"admin-capacity-single", single}}
}

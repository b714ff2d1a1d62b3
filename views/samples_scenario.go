package views

import "selfhelp/views/ui"

// sampleDiffers are things that are not as expected.
func sampleDiffers(base ui.Chrome) []string {
	page := base.T("differs.page", "Quel message voyez-vous ?")
	return []string{
		base.T("differs.line", base.T("differs.at.move.of", 2, base.T("differs.gone", "redemarrer")), base.T("differs.page", base.T("differs.gone", "redemarrer")), page),
		base.T("differs.line", base.T("differs.at.outcome"), base.T("differs.outcome", base.T("outcome.escalated")), base.T("differs.unended", page)),
	}
}

func sampleScenarios(base ui.Chrome) []ScenarioLine {
	return []ScenarioLine{
		{ID: "s1", Name: "Bourrage papier", Procedure: "Mon imprimante n’imprime pas", URL: "/studio/p/helpdesk/d/printer", Language: "fr", Ran: true, Green: true},
		{ID: "s2", Name: "Escalade", Procedure: "Le VPN ne se connecte pas", URL: "/studio/p/helpdesk/d/vpn", Language: "fr", Ran: true, Differs: sampleDiffers(base)},
		{ID: "s3", Name: "Sans réseau", Procedure: "Le VPN ne se connecte pas", URL: "/studio/p/helpdesk/d/vpn", Language: "en"},
	}
}

func scenarioSamples(base ui.Chrome) []Sample {
	list := StudioScenarios{
		Desk: sampleDesk(base, "scenarios", base.T("desk.scenarios")), Scenarios: sampleScenarios(base), Required: true,
		Procedures: []ui.Place{{Name: "Mon imprimante n’imprime pas", URL: "printer"}, {Name: "Le VPN ne se connecte pas", URL: "vpn"}},
	}
	none, noneOf := list, list
	none.Scenarios, none.Required = nil, false
	noneOf.Scenarios, noneOf.Of, noneOf.OfName = nil, "vpn", "Le VPN ne se connecte pas"
	green, red := sampleScenario(base), sampleScenario(base)
	red.Green, red.Differs = false, sampleDiffers(base)
	red.Moves[1].State, red.Moves[1].Gone, red.Moves[1].Title, red.Moves[2].State = "failed", true, base.T("differs.gone", "redemarrer"), "unreached"
	red.Moves[0].Lost = "Mot de passe refusé"
	red.Stale, red.Theirs = true, []string{base.T("scenario.change.changed", base.T("scenario.name"), "Escalade", "Escalade du VPN")}
	wrong, reader := sampleScenario(base), sampleScenario(base)
	wrong.Name, wrong.Wrong = "", map[string]string{"name": base.T("fault.scenario.name"), "texts": base.T("fault.scenario.texts")}
	reader.Rights = DeskRights{}
	update := UpdateScenario{
		Desk: sampleDesk(base, "scenarios", base.T("scenario.update.title")), ID: "s2", Name: "Escalade", Version: 3, Seen: "4f2c9a", Cut: 2,
		Changes: []string{base.T("scenario.change.changed", base.T("differs.at.outcome"), base.T("outcome.escalated"), base.T("outcome.solved"))},
	}
	nothing, anew := update, update
	nothing.Changes, nothing.Cut, anew.Anew = nil, 0, true
	return append([]Sample{
		{"studio-scenarios", list}, {"studio-scenarios-empty", none}, {"studio-scenarios-none-of", noneOf},
		{"studio-scenario", green}, {"studio-scenario-red", red}, {"studio-scenario-wrong", wrong}, {"studio-scenario-reader", reader},
		{"studio-scenario-update", update}, {"studio-scenario-update-nothing", nothing}, {"studio-scenario-update-anew", anew},
	}, keepSamples(base)...)
}

func sampleScenario(base ui.Chrome) StudioScenario {
	d := sampleDesk(base, "scenarios", "Escalade")
	return StudioScenario{
		Desk: d, ID: "s2", Version: 3, Name: "Escalade", Green: true, Procedure: ui.Place{Name: "Le VPN ne se connecte pas", URL: "/studio/p/helpdesk/d/vpn"},
		Context: [][2]string{{base.T("scenario.language"), "Français"}, {base.T("scenario.at"), base.Words.DateTime(sampleNow)}, {base.T("scenario.user"), "mail = lea.bernard@example.org"}},
		Mocked:  []string{"Créer la demande"},
		Moves: []ScenarioMove{
			{N: 1, Title: "Quel message voyez-vous ?", State: "made", Options: []Option{{"password", "Mot de passe refusé"}, {"network", "Réseau injoignable"}}, Chosen: "network"},
			{N: 2, Title: "Redémarrez le poste", Words: "Suivant", State: "made"},
			{N: 3, Title: "Vos coordonnées", Words: "etage = 3 · poste = P-1042", State: "made"},
			{N: 4, Do: "back", Words: base.T("scenario.do.back"), State: "made"},
			{N: 5, Title: "Vos coordonnées", Words: "etage = étage", Refused: true, State: "made"},
		},
		Outcomes: []Option{{"solved", base.T("outcome.solved")}, {"escalated", base.T("outcome.escalated")}}, Outcome: "escalated",
		Pages: []Option{{"ask", "Quel message voyez-vous ?"}, {"end", "Demande transmise"}}, Texts: "Votre demande est transmise",
		Steps:       []ScenarioStep{{ID: "start", Title: base.T("step.start")}, {ID: "ask", Title: "Quel message voyez-vous ?"}, {ID: "redemarrer", Title: base.T("differs.gone", "redemarrer"), Gone: true}},
		ChecksSteps: true, ChecksEffects: true,
		Effects:   []ScenarioStep{{ID: "ticket", Title: "Créer la demande", Holds: []string{"urgence = 2"}}},
		Variables: []ScenarioVariable{{"etage", "3", true}, {"session.site", "Lyon", false}},
	}
}

func keepSamples(base ui.Chrome) []Sample {
	keep := KeepScenario{
		Desk: sampleDesk(base, "scenarios", base.T("keep.title")), Procedure: "/studio/p/helpdesk/d/vpn", Journal: "sealed", Pass: "run",
		Name: base.T("keep.name_of", "Le VPN ne se connecte pas", base.T("outcome.escalated")), End: base.T("outcome.escalated"), Ended: true, WantsEnd: true, WantsSteps: true, WantsEffects: true,
		Moves: []KeptMove{
			{Title: "Quel message voyez-vous ?", Words: "Réseau injoignable"}, {Title: "Vos coordonnées", Words: "mail = lea.bernard@example.org", Personal: true},
			{Title: "Votre code", Stands: []StandIn{{Name: "stand.2.pin", Field: "pin"}}}, {Title: base.T("scenario.do.back")},
		},
		Context: [][2]string{{base.T("scenario.language"), "Français"}, {base.T("scenario.at"), base.Words.DateTime(sampleNow)}},
		Steps:   []string{base.T("step.start"), "Quel message voyez-vous ?", "Vos coordonnées", "Demande transmise"}, Effects: []string{"Créer la demande"},
		Variables: []ScenarioVariable{{"etage", "3", true}, {"message", "network", true}}, Sends: true, OfPerson: true,
	}
	plain, refused, middle := keep, keep, keep
	plain.Moves, plain.Sends, plain.Effects, plain.Ended, plain.End = keep.Moves[:1], false, nil, false, "Vos coordonnées"
	refused.Name, refused.Differs, refused.Refused = "", sampleDiffers(base), base.T("fault.scenario.red")
	refused.Wrong = map[string]string{"name": base.T("fault.scenario.name"), "stand.2.pin": base.T("fault.scenario.secret")}
	middle.FromMiddle = true
	return []Sample{{"studio-keep", keep}, {"studio-keep-plain", plain}, {"studio-keep-refused", refused}, {"studio-keep-middle", middle}}
}

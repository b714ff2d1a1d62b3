package views

import (
	"slices"
	"time"

	"selfhelp/assets"
	"selfhelp/views/ui"
)

// sampleNow is the instant samples are shown at.
var sampleNow = time.Date(2026, 11, 23, 14, 5, 0, 0, time.UTC)

// sampleDesk is what stands around the pages of an invented project.
func sampleDesk(base ui.Chrome, at, title string) Desk {
	c := titled(base, ui.Studio, title)
	c.Home = ui.Place{Name: base.T("studio.title"), URL: "/studio"}
	return Desk{
		Chrome: c, Project: "helpdesk", Name: "Centre de services", Domain: "Production", At: at, Errors: 1, Warnings: 2, Live: "2.0", Portal: "/p/production/help", Changed: true,
		Rights: DeskRights{Modify: true, Design: true, Give: true, Publish: true, Reports: true, Administer: true, Export: true},
	}
}

func sampleProblems(base ui.Chrome) []ProblemLine {
	return []ProblemLine{
		{Wrong: true, Text: base.T("fault.required"), Where: "Imprimante · choix", URL: "/studio/p/helpdesk/d/printer?step=ask"},
		{Text: base.T("resources.unused"), Where: "Imprimante"},
	}
}

func deskSamples(base ui.Chrome) []Sample {
	home := StudioHome{Chrome: titled(base, ui.Studio, base.T("studio.title")), Now: sampleNow}
	empty := home
	empty.Domains, empty.MayCreate = []StudioDomain{{ID: "sandbox", Title: "Sandbox"}}, true
	home.MayCreate = true
	home.Recent = []RecentProcedure{
		{Project: "helpdesk", UID: "printer", Title: "Mon imprimante n’imprime pas", In: "Centre de services", Changed: sampleNow.Add(-time.Hour), By: "Camille Moreau", Steps: 11},
		{Project: "helpdesk", UID: "vpn", Title: "Le VPN ne se connecte pas", In: "Centre de services", Changed: sampleNow.Add(-26 * time.Hour), By: "Hugo Lefèvre", Steps: 9},
	}
	home.Domains = []StudioDomain{
		{ID: "production", Title: "Production", Projects: []ProjectCard{
			{ID: "helpdesk", Name: "Centre de services", About: "Pannes, accès, matériel : les réponses du support.", Languages: []string{"fr", "en"}, Procedures: 16, Live: "2.0", Changed: sampleNow.Add(-time.Hour), By: "Camille Moreau"},
			{ID: "hr", Name: "Accueil des nouveaux", Languages: []string{"fr", "en"}, Procedures: 12, Changed: sampleNow.Add(-50 * time.Hour), By: "Hugo Lefèvre"},
		}},
		{ID: "sandbox", Title: "Sandbox"},
	}
	domains := []ui.Place{{Name: "Production", URL: "production"}, {Name: "Sandbox", URL: "sandbox"}}
	newProject := NewProject{Chrome: titled(base, ui.Studio, base.T("project.new")), Domains: domains, Language: "fr", Second: "en"}
	refused := newProject
	refused.Name, refused.Alias, refused.Wrong = "Support", "Pas bon !", map[string]string{"alias": base.T("fault.alias")}
	imports := ImportArchive{Chrome: titled(base, ui.Studio, base.T("import.title")), Domains: domains, Most: 256_000_000}
	importRefused := imports
	importRefused.Refused = []Refused{{"project.yaml:4", base.T("fault.required")}, {"", base.T("fault.import.none")}}
	importPlanned, importNothing := imports, imports
	importPlanned.Plan = sampleImport()
	importNothing.Plan = &ImportPlan{File: "postes.zip", Bytes: 4200, Project: "Postes de travail", Domain: "Production", Nothing: true, Counts: []ImportCount{{What: "procedure", Same: 12}}}
	return append([]Sample{
		{"studio-home", home}, {"studio-home-empty", empty}, {"studio-new", newProject}, {"studio-new-refused", refused},
		{"studio-import", imports}, {"studio-import-refused", importRefused},
		{"studio-import-plan", importPlanned}, {"studio-import-nothing", importNothing},
	}, append(listSamples(base), projectSamples(base)...)...)
}

func projectSamples(base ui.Chrome) []Sample {
	notes := StudioNotes{
		Desk: sampleDesk(base, "notes", base.T("desk.notes")), Filter: NoteFilter{State: "open"}, Query: "state=open", Older: "/studio/p/helpdesk/notes?after=1",
		Procedures: []ui.Place{{Name: "Mon imprimante n’imprime pas", URL: "printer"}},
		Notes: []NoteLine{
			{Key: "postit-4", Kind: "postit", Text: "Le bouton dont vous parlez n’existe plus sur la nouvelle imprimante.", Procedure: "Mon imprimante n’imprime pas", Step: "Éteindre", URL: "/studio/p/helpdesk/d/printer?step=off", Version: "2.0", Report: "/studio/p/helpdesk/executions/x", At: sampleNow, Ago: base.N("ago.hours", 2)},
			{Key: "opinion-x-end", Kind: "opinion", Score: base.T("notes.score", 2, 5), Text: "Trop long.", Procedure: "Mon imprimante n’imprime pas", Step: base.T("notes.at_the_end"), Version: "1.0", Report: "/studio/p/helpdesk/executions/x", At: sampleNow, Ago: base.N("ago.days", 2), Done: true, Answer: "La version 2 a trois étapes de moins.", AnsweredBy: "Camille Moreau", Answered: sampleNow},
		},
	}
	notes.Desk.Notes = 1
	noNotes, refusedNote := notes, notes
	noNotes.Notes, noNotes.Older = nil, ""
	refusedNote.Refused, refusedNote.Wrong = "postit-4", base.T("fault.note.answer")
	executions := StudioExecutions{Desk: sampleDesk(base, "executions", base.T("desk.executions")), Now: sampleNow, Period: 30, List: List{Path: "/studio/p/helpdesk/executions", Sort: "started", Down: true}}
	noExecutions, noneSuch := executions, executions
	noneSuch.List.Kept = [][2]string{{"outcome", "unsolved"}}
	executions.Counts = []OutcomeCount{{"solved", 248, 62}, {"informed", 41, 10}, {"escalated", 58, 14}, {"unsolved", 22, 5}, {"abandoned", 30, 7}, {"", 4, 1}}
	executions.Procedures = []ui.Place{{Name: "Mon imprimante n’imprime pas", URL: "printer"}}
	executions.List.Next = "/studio/p/helpdesk/executions?after=x"
	executions.Executions = []ExecutionLine{
		{ID: "e1", Procedure: "Mon imprimante n’imprime pas", Version: "2.0", Who: base.T("executions.visitor"), Outcome: "solved", Started: sampleNow.Add(-40 * time.Minute), Took: 3*time.Minute + 12*time.Second, Turns: 6},
		{ID: "e2", Procedure: "Le VPN ne se connecte pas", Version: "2.0", Who: "Léa Bernard", Outcome: "escalated", Started: sampleNow.Add(-2 * time.Hour), Took: 8 * time.Minute, Turns: 9},
		{ID: "e3", Procedure: "Le VPN ne se connecte pas", Version: "1.0", Who: base.T("executions.visitor"), Started: sampleNow.Add(-5 * time.Minute), Took: time.Minute, Turns: 2},
	}
	settings := StudioSettings{
		Desk: sampleDesk(base, "settings", base.T("desk.settings")), Version: 3, Languages: []string{"fr", "en"}, Chosen: []string{"fr", "en"}, Retention: "0", Hue: "255", Contrasts: assets.LeastContrasts(),
		NameIn: map[string]string{"fr": "Centre de services", "en": "Service desk"}, Alias: "it-help-desk", Public: true, Icons: []string{"folder", "network"},
		Audience: "it\nformer", Groups: []Option{{"it", "Informatique"}, {"hr", "Ressources humaines"}},
		Connectors: []ConnectorRow{{ID: "outil_de_tickets", Kind: "ticket", NameIn: map[string]string{"fr": "Outil de tickets", "en": "Ticketing tool"}}, {}},
		Categories: []CategoryRow{{ID: "network", Audience: []string{"it"}, Icon: "network", NameIn: map[string]string{"fr": "Réseau", "en": "Network"}}, {Icon: "folder"}},
		News:       []NewsRow{{ID: "n1", On: "2026-11-20", TitleIn: map[string]string{"fr": "Nouveau VPN", "en": "New VPN"}}, {}},
		Grants:     []GrantRow{{Who: "user:u1", Name: "Camille Moreau", Rights: map[string]bool{"administration": true}}},
		RightNames: []string{"administration", "modification", "publication"}, People: []ui.Place{{Name: "Hugo Lefèvre", URL: "user:u2"}},
		Owner: "Camille Moreau", OwnerID: "u1", Heirs: []Option{{"u1", "Camille Moreau (camille.moreau)"}, {"u2", "Hugo Lefèvre (hugo)"}}, Logos: []Option{{"logo", "Logo"}},
	}
	settings.PeopleCut = true
	staleSettings := settings
	staleSettings.Refused, staleSettings.Stale, staleSettings.Theirs = SettingsGeneral, true, []Difference{{Name: base.T("settings.name", ui.NameOf("en")), Theirs: "Help desk"}}
	report := StudioReport{
		Desk: sampleDesk(base, "executions", base.T("report.title")), Name: "Le VPN ne se connecte pas", ID: "e2", Outcome: "escalated", Open: "/studio/p/helpdesk/d/vpn",
		Facts: [][2]string{{base.T("report.version"), "2.0"}, {base.T("report.language"), "fr"}},
		Steps: []WriterStep{
			{Order: 1, Title: "Début", Kind: base.T("step.start"), At: "14:01", By: "next", URL: "/studio/p/helpdesk/d/vpn?step=start"},
			{Order: 2, Title: "Quel message voyez-vous ?", Kind: base.T("step.question"), At: "14:01", Took: "42 s", Answer: "Mot de passe refusé", By: "answer.password", URL: "/studio/p/helpdesk/d/vpn?step=ask", OffPath: true},
			{Order: 3, Title: "Créer la demande", Kind: base.T("step.ticket"), Depth: 1, At: "14:03", Calls: []string{"Ticket : réponse reçue"}, Changed: [][2]string{{"var.ticket", "I261123_0001"}}, URL: "/studio/p/helpdesk/d/vpn?step=ticket"},
			{Order: 4, Title: "Calcul", Kind: base.T("step.set"), At: "14:03", Error: base.T("fault.internal"), Note: "division by zero", URL: "/studio/p/helpdesk/d/vpn?step=sum"},
		},
		Comments: []ReportComment{{Where: "Quel message voyez-vous ?", Text: "Le mien n’est pas dans la liste."}},
	}
	return append([]Sample{
		{"studio-report", report},
		{"studio-notes", notes}, {"studio-notes-none", noNotes}, {"studio-notes-refused", refusedNote}, {"studio-executions", executions}, {"studio-executions-empty", noExecutions}, {"studio-executions-none", noneSuch}, {"studio-settings", settings}, {"studio-settings-stale", staleSettings},
	}, slices.Concat(statisticsSamples(base), publishSamples(base), scenarioSamples(base))...)
}

func publishSamples(base ui.Chrome) []Sample {
	scenarios := sampleScenarios(base)
	ready := PublishPage{Desk: sampleDesk(base, "publish", base.T("desk.publish")), Next: "3.0", Fixes: []string{"2.0"}, Scenarios: scenarios, Changes: []ChangeLine{
		{Kind: "changed", Title: "Mon imprimante n’imprime pas", URL: "/studio/p/helpdesk/d/printer", Parts: []string{"Titre", "Réponse « Oui »"}},
		{Kind: "added", Title: "Le micro ne marche pas", URL: "/studio/p/helpdesk/d/mic"}, {Kind: "removed", Title: "Fax"},
		{Kind: "settings", Title: base.T("publish.settings"), URL: "/studio/p/helpdesk/settings", Parts: []string{base.T("change.words.changed", base.T("settings.languages"), "Français", "Français, English")}},
	}, Reach: Reach{Text: base.T("reach.public"), Apart: base.N("reach.apart", 2), Shut: base.N("reach.unreached", 1), Unreached: []ui.Place{{Name: "VPN", URL: "/studio/p/p1/d/vpn"}}}}
	first := PublishPage{Desk: sampleDesk(base, "publish", base.T("desk.publish")), Next: "1.0", First: true, Empty: true, Blocked: true, Reach: Reach{Text: base.T("reach.groups", "Support"), Warning: base.T("reach.nobody")}}
	blocked := ready
	blocked.Blocked, blocked.Required, blocked.Problems, blocked.Base = true, true, sampleProblems(base), "2.0"
	blocked.Edited = []ProcedureChoice{{UID: "printer", Title: "Mon imprimante n’imprime pas", Taken: true}}
	versions := StudioVersions{Desk: sampleDesk(base, "versions", base.T("desk.versions")), Now: sampleNow}
	never := versions
	never.Live = ""
	groups := []Option{{Value: "lyon", Name: "Équipe de Lyon"}, {Value: "support", Name: "Support"}}
	ready.Groups, ready.Trial, ready.Tries = groups, []string{"lyon"}, true
	blocked.Groups, blocked.Trial, blocked.Tries = groups, []string{"lyon"}, true
	first.Groups, first.Tries, first.Wrong = groups, true, base.T("fault.version.trial")
	trials := versions
	trials.Closed = true
	trials.Versions = []VersionLine{
		{Number: "3.0", Active: true, At: sampleNow.Add(-2 * time.Hour), By: "Camille Moreau", Hash: "77e10c", Trial: []string{"lyon"}, Groups: groups, People: 12, Wrong: base.T("fault.version.trial")},
		{Number: "2.0", At: sampleNow.Add(-48 * time.Hour), By: "Camille Moreau", Hash: "4f2c9a", Trial: []string{"support"}, Groups: groups},
	}
	versions.Versions = []VersionLine{
		{Number: "3.0", Active: true, At: sampleNow.Add(-2 * time.Hour), By: "Camille Moreau", Notes: "Essai du nouveau parcours d’impression.", Hash: "77e10c", Trial: []string{"lyon"}, Groups: groups, People: 12},
		{Number: "2.0", Active: true, Starts: true, Groups: groups, People: 240, Public: true, At: sampleNow.Add(-48 * time.Hour), By: "Camille Moreau", Notes: "Nouvelle procédure VPN.", Hash: "4f2c9a"},
		{Number: "1.1", Active: true, Under: true, Groups: groups, At: sampleNow.Add(-240 * time.Hour), By: "Hugo Lefèvre", Hash: "0b1d77"},
		{Number: "1.0", At: sampleNow.Add(-480 * time.Hour), By: "Camille Moreau", Hash: "91aa02"},
	}
	spread := versions
	spread.Held, spread.Reach, spread.Servers, spread.Unsecured = []string{base.T("versions.held", "Essais", "41")}, base.T("versions.reach", "1", "2"), true, true
	return []Sample{
		{"studio-publish", ready}, {"studio-publish-blocked", blocked}, {"studio-publish-first", first}, {"studio-versions", versions}, {"studio-versions-trial", trials}, {"studio-versions-never", never}, {"studio-versions-servers", spread},
	}
}

func sampleImport() *ImportPlan {
	return &ImportPlan{
		File: "postes-de-travail.zip", Bytes: 1_480_000, Project: "Postes de travail", Domain: "Production", Settings: true, Overtaken: true, Seen: "seen",
		Counts: []ImportCount{{"procedure", 2, 1, 1, 31}, {"scenario", 0, 0, 0, 4}, {"resource", 1, 0, 0, 12}},
		Lines: []ImportLine{
			{What: "procedure", Kind: "added", Title: "L’imprimante ne répond plus", Taken: "printer", Alias: "printer-2", Owner: "accueil"},
			{What: "procedure", Kind: "added", Title: "Prêter un ordinateur portable"},
			{What: "procedure", Kind: "changed", Title: "L’écran reste noir"},
			{What: "procedure", Kind: "removed", Title: "fax"},
			{What: "resource", Kind: "added", Title: "cartouche"},
		},
	}
}

package views

import (
	"time"

	"selfhelp/views/ui"
)

// listSamples are the lists of an invented project.
func listSamples(base ui.Chrome) []Sample {
	project := StudioProject{Desk: sampleDesk(base, "procedures", base.T("desk.procedures")), Now: sampleNow}
	none := project
	none.Errors, none.Warnings = 0, 0
	project.Problems = sampleProblems(base)
	project.Folders = []ProcedureFolder{
		{Procedures: []ProcedureLine{
			{UID: "printer", Title: "Mon imprimante n’imprime pas", Alias: "imprimante", Entry: true, Steps: 11, Errors: 1, Changed: sampleNow.Add(-time.Hour), By: "Camille Moreau", Version: 4},
			{UID: "vpn", Title: "Le VPN ne se connecte pas", Alias: "vpn", Entry: true, Steps: 9, Changed: sampleNow.Add(-3 * time.Hour), By: "Hugo Lefèvre", Version: 2},
		}},
		{Path: "Communs", Procedures: []ProcedureLine{{UID: "device", Title: "Identifier le poste", Alias: "poste", Steps: 5, Warnings: 2, Changed: sampleNow.Add(-70 * time.Hour), By: "Camille Moreau", Version: 1}}},
	}
	project.Total, project.Published, project.List = 3, true, List{Path: "/studio/p/p1", Count: 3}
	project.Folders[0].Procedures[1].State = StateChanged
	noMatch, large := project, project
	noMatch.List, noMatch.Folders = List{Path: "/studio/p/p1", Kept: [][2]string{{"q", "zèbre"}, {"state", StateChanged}}}, nil
	large.List = List{Path: "/studio/p/p1", Count: 10000, Sort: "changed", Down: true, Further: true, First: "/studio/p/p1", Next: "/studio/p/p1?page=3"}
	large.Total, large.Checking, large.Folders = 10000, true, []ProcedureFolder{{Procedures: []ProcedureLine{{UID: "vpn", Title: "Le VPN ne se connecte pas", Alias: "vpn", Folder: "Réseau/VPN", Entry: true, Steps: 9, State: StateNew, Changed: sampleNow.Add(-time.Hour), By: "Hugo Lefèvre", Version: 2}}}}
	project.Bin = []ProcedureLine{{UID: "old", Title: "Ancienne procédure", Changed: sampleNow.Add(-9 * time.Hour), By: "Hugo Lefèvre", Version: 3}}

	resources := StudioResources{Desk: sampleDesk(base, "resources", base.T("desk.resources")), Languages: []string{"fr", "en"}, Version: 3}
	noResources := resources
	resources.Resources = []ResourceCard{
		{ID: "router", Kind: "image", Name: "Voyants de la box", Size: 8400, Alt: map[string]string{"fr": "Quatre voyants verts"}, UsedBy: []ui.Place{{Name: "Le Wi-Fi ne marche pas", URL: "/studio/p/helpdesk/d/wifi"}}},
		{ID: "charter", Kind: "pdf", Name: "Charte informatique", Size: 182000},
	}
	resources.Chosen = &resources.Resources[0]
	resources.Total, resources.Kinds, resources.List = 2, []string{"image", "pdf"}, List{Path: "/studio/p/p1/resources", Count: 2}
	noResource := resources
	noResource.Chosen, noResource.Resources, noResource.List = nil, nil, List{Path: "/studio/p/p1/resources", Kept: [][2]string{{"use", UseNone}}}
	return append(translationSamples(base), []Sample{
		{"studio-project", project},
		{"studio-project-empty", none},
		{"studio-project-no-match", noMatch},
		{"studio-project-large", large},
		{"studio-resources-no-match", noResource},
		{"studio-resources", resources},
		{"studio-resources-empty", noResources},
	}...)
}

// translationSamples are the texts of a procedure in two languages.
func translationSamples(base ui.Chrome) []Sample {
	translation := StudioTranslation{
		Desk: sampleDesk(base, "procedures", base.T("translate.title", "Le VPN ne se connecte pas")), List: List{Path: "/studio/p/p1/d/vpn/translate", Kept: [][2]string{{"to", "en"}}, Count: 3},
		UID: "vpn", Heading: "Le VPN ne se connecte pas", From: "fr", To: "en", Others: []string{"en", "de"}, Revision: 12, Total: 3, Missing: 1, Changed: 1,
		Passages: []PassageLine{
			{Name: "w::title", Where: base.T("editor.procedure"), What: base.T("prop.title"), From: "Le VPN ne se connecte pas", To: "The VPN does not connect"},
			{Name: "w:ask:title", Step: "ask", Where: "De quelle couleur est le bouclier ?", What: base.T("prop.title"), From: "De quelle couleur est le bouclier ?", Missing: true},
			{Name: "w:ask:text", Step: "ask", Where: "De quelle couleur est le bouclier ?", What: base.T("prop.text"), From: "Regardez le **grand bouclier** près de l’horloge.\n\n- vert : tout va bien\n- gris : pas de réseau", To: "Look at the shield near the clock.",
				Since: []TextPiece{{Words: "Regardez le "}, {Words: "bouclier ", Removed: true}, {Words: "**grand bouclier** ", Added: true}, {Words: "près de l’horloge."}}},
		},
	}
	translated, oneLanguage, overtaken := translation, translation, translation
	translated.Passages, translated.Missing, translated.List = nil, 0, List{Path: "/studio/p/p1/d/vpn/translate", Kept: [][2]string{{"to", "en"}, {"show", PassagesMissing}}}
	oneLanguage.To = ""
	overtaken.Passages = append([]PassageLine{}, translation.Passages[:1]...)
	overtaken.Passages[0].Conflict, overtaken.Passages[0].Theirs = true, "The VPN fails"
	return []Sample{{"studio-translation", translation}, {"studio-translation-done", translated}, {"studio-translation-one", oneLanguage}, {"studio-translation-conflict", overtaken}}
}

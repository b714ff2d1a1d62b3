package views

import "selfhelp/views/ui"

// adminImportSamples are the import of a list of people.
func adminImportSamples(base ui.Chrome, office officeOf) []Sample {
	form := AdminImport{Office: office("users", base.T("roster.title")), Choices: []Option{{"production", "Production"}, {"sandbox", "Sandbox"}}, Most: 10_000_000, MostLines: 20_000, MostPasswords: 500}
	refused := form
	refused.Refused, refused.Text, refused.Domain = base.T("fault.roster.login", "prénom, nom"), "prénom;nom\nZoé;Lefèvre", "production"
	plan := RosterPlan{
		File: "comptes.csv", Seen: "signed",
		Columns: []Difference{{"Identifiant", base.T("field.login")}, {"Service", base.T("roster.attribute", "service")}},
		Parts: []RosterPart{
			{"wrong", 52, []RosterProblem{{base.T("admin.chosen.why", "Groupes", base.T("fault.roster.group", "Informatique")), 50, "10–59"}}, 2, []RosterLine{{4, "zoe", []string{base.T("admin.chosen.why", "Courriel", base.T("fault.user.mail"))}, nil}, {9, "zoe", []string{base.T("admin.chosen.why", "Identifiant", base.T("fault.roster.repeated", 4))}, nil}}},
			{"create", 1204, nil, 1204, []RosterLine{{2, "camille.moreau", []string{base.T("admin.chosen.why", base.T("profile.domains"), "Production"), base.T("admin.chosen.why", base.T("roster.attribute", "service"), "Ventes")}, []string{base.T("roster.note.title", "Informatique", "it"), base.T("roster.note.elsewhere", "atelier", "Bac à sable")}}}},
			{"update", 1, nil, 1, []RosterLine{{3, "amadou.diallo", []string{base.T("roster.diff", base.T("field.last_name"), "Diallo", "Diallo-Faye"), base.T("roster.diff.password")}, nil}}},
			{"keep", 12, nil, 0, nil},
		},
	}
	planned, unsaid, overtaken, nothing := form, form, form, form
	well, late, none, asked := plan, plan, plan, plan
	well.Parts = plan.Parts[1:]
	asked.Skip = base.T("fault.roster.skip")
	late.Overtaken, late.Done = true, 200
	none.File, none.Parts = "", plan.Parts[3:]
	planned.Plan, unsaid.Plan, overtaken.Plan, nothing.Plan = &well, &asked, &late, &none
	done := form
	done.Said = base.T("roster.done", 1205, 52)
	done.Noted = RosterPart{"noted", 1, nil, 1, []RosterLine{{2, "camille.moreau", nil, plan.Parts[1].Lines[0].Notes}}}
	overtaken.Noted = done.Noted
	return []Sample{
		{"admin-import", form}, {"admin-import-refused", refused}, {"admin-import-plan", planned}, {"admin-import-wrong", unsaid},
		{"admin-import-overtaken", overtaken}, {"admin-import-nothing", nothing}, {"admin-import-done", done},
	}
}

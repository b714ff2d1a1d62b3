package views

import "selfhelp/views/ui"

// sampleEditor is the page of a small procedure with one step chosen.
func sampleEditor(base ui.Chrome) Editor {
	d := sampleDesk(base, "procedures", "Mon imprimante n’imprime pas")
	p := Editor{
		Desk: d, UID: "printer", Alias: "printer", Heading: "Mon imprimante n’imprime pas", Entry: true, Revision: 12,
		Saved: base.T("editor.saved", "14:05"), CanUndo: true, Languages: []string{"fr", "en"}, Lang: "fr", Tab: "content", Layout: "map", Step: "ask",
	}
	p.Folders = []TreeFolder{
		{Here: "/studio/p/helpdesk/d/printer", Procedures: []ui.Place{{Name: "Mon imprimante n’imprime pas", URL: "/studio/p/helpdesk/d/printer"}}},
		{Path: "Accès", Procedures: []ui.Place{{Name: "Le VPN ne se connecte pas", URL: "/studio/p/helpdesk/d/vpn"}}},
	}
	p.Canvas = Canvas{Width: 580, Height: 420, Cards: []StepCard{
		{ID: "start", Kind: "flow", Title: base.T("step.start"), Detail: base.T("step.start"), Icon: "play", X: 174, Y: 40, W: 232, H: 84},
		{ID: "ask", Kind: "interactive", Title: "Le voyant est-il allumé ?", Detail: base.T("step.question"), Icon: "step-question", X: 174, Y: 200, W: 232, H: 84, Chosen: true, Errors: 1},
	}, Lines: []Line{
		{From: "start", Edge: "next", To: "ask", Path: "M290 124V200", X: 290, Y: 180, PlusX: 290, PlusY: 144},
		{From: "ask", Edge: "answer.yes", Label: "Oui", Path: "M251 284V295", X: 251, Y: 328, Room: 82, PlusX: 251, PlusY: 304, Free: true},
		{From: "ask", Edge: "answer.no", Label: "Non", Path: "M328 284V295", X: 328, Y: 328, Room: 82, PlusX: 328, PlusY: 304, Free: true},
	}}
	p.Problems = []EditorProblem{{Wrong: true, Text: base.T("fault.required"), Where: "Le voyant est-il allumé ?", URL: "/studio/p/helpdesk/d/printer?step=ask", Step: "ask", Path: "answers.yes.to"}}
	p.Inspector = Inspector{
		Mode: "step", Kind: "question", Icon: "step-question", Title: base.T("step.question"), Help: base.T("step.question.help"),
		Fields: []Prop{
			{Name: "t:title:fr", Path: "title", Label: base.T("prop.title"), Control: "line", Value: "Le voyant est-il allumé ?", Lang: "fr"},
			{Name: "t:text:fr", Path: "text", Label: base.T("prop.text"), Control: "markdown", Value: "Regardez **à l’avant**.", Lang: "fr"},
			{Name: "p:answers", Path: "answers", Label: base.T("prop.answers"), Control: "list", Add: base.T("append.answers"), Entries: []PropEntry{
				{Name: "yes", Title: "Oui", First: true, Open: true, Fields: []Prop{{Name: "t:answers.yes.text:fr", Path: "answers.yes.text", Label: base.T("prop.text"), Control: "line", Value: "Oui", Lang: "fr"}}},
				{Name: "no", Title: "Non", Last: true},
			}},
			{Name: "p:no_back", Path: "no_back", Label: base.T("prop.no_back"), Help: base.T("prophelp.no_back"), Control: "flag"},
			{Name: "p:when", Path: "when", Label: base.T("prop.when"), Control: "formula", Value: "var.age >= 18", Wrong: base.T("fault.required")},
			{Control: "group", Label: base.T("group.look"), Fields: []Prop{{Name: "p:colour", Path: "colour", Label: base.T("prop.colour"), Control: "select", Options: []ui.Place{{Name: "—"}, {Name: base.T("word.blue"), URL: "blue"}}}}},
		},
		Scope: []ScopeName{{"var.age", ""}}, Where: []ui.Place{{Name: base.T("step.start"), URL: "/studio/p/helpdesk/d/printer?step=start"}},
	}
	return p
}

func editorSamples(base ui.Chrome) []Sample {
	step := sampleEditor(base)
	add, outline, history, conflict, quiet := step, step, step, step, step
	add.Inspector = Inspector{Mode: "add", Title: base.T("editor.add_title", "Début"), After: "start", Edge: "next", Types: []TypeGroup{
		{base.T("family.interactive"), []TypeChoice{{"page", base.T("step.page"), base.T("step.page.help"), "step-page"}, {"form", base.T("step.form"), base.T("step.form.help"), "step-form"}}},
	}, Edges: []EdgeLine{{"next", base.T("edge.next"), "ask", base.T("editor.nowhere"), []ui.Place{{Name: "Le voyant est-il allumé ?", URL: "ask"}}}}}
	outline.Layout = "outline"
	outline.Outline = []OutlineLine{
		{ID: "start", Title: base.T("step.start"), Icon: "play", Kind: base.T("step.start")},
		{ID: "ask", Title: "Le voyant est-il allumé ?", Icon: "step-question", Kind: base.T("step.question"), Errors: 1, Chosen: true},
		{ID: "done", Title: "C’est réparé", Icon: "flag", Kind: base.T("step.end"), By: "Oui", Depth: 1},
	}
	history.Inspector = Inspector{Mode: "history", History: []HistoryLine{
		{12, base.T("operation.set_text", "Le voyant est-il allumé ?"), "Camille Moreau", base.T("ago.now"), true},
		{11, base.T("operation.add_after", "Début"), "Hugo Lefèvre", base.N("ago.hours", 2), false},
	}}
	conflict.Strangers = base.N("editor.strangers", 1, "Support")
	conflict.Conflict = []ConflictLine{{"t:title:fr", base.T("prop.title"), "Le voyant vert est-il allumé ?", "Voyez-vous un voyant ?"}}
	quiet.Tab, quiet.Inspector.Edges = "logic", add.Inspector.Edges
	return []Sample{{"studio-editor", step}, {"studio-editor-add", add}, {"studio-editor-outline", outline}, {"studio-editor-history", history}, {"studio-editor-conflict", conflict}, {"studio-editor-logic", quiet}}
}

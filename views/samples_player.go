package views

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"selfhelp/app/execution"
	"selfhelp/app/procedure"
	"selfhelp/views/ui"
)

// said picks the words of a sample: French first, English second.
func said(base ui.Chrome, fr, en string) string {
	if base.Words.Lang() == "fr" {
		return strings.NewReplacer(" ?", "\u202f?", " :", "\u202f:", " !", "\u202f!", "'", "’").Replace(fr)
	}
	return en
}

// playing is a page of an invented execution.
func playing(base ui.Chrome, page execution.Page) Player {
	say := func(fr, en string) string { return said(base, fr, en) }
	page.Execution, page.Language, page.Name = "x", base.Words.Lang(), execution.NameAnswer
	page.Heading = say("L'imprimante n'imprime plus", "The printer does not print")
	page.CanBack, page.CanRestart = true, true
	if page.Step == "" {
		page.Step = "sample"
	}
	page.Address = page.Step
	page.Trail = []execution.Crumb{
		{Step: "lamp", Address: "lamp", Title: say("Le voyant", "The light"), Place: 1},
		{Step: "paper", Address: "paper", Title: say("Le bac à papier", "The paper tray"), Place: 2},
		{Step: "sample", Title: page.Title, Place: 3, Current: true},
	}
	c := titled(base, ui.Portal, page.Title)
	c.Scripts = []string{"player"}
	c.Home = ui.Place{Name: say("Assistance informatique", "IT help desk"), URL: "/p/production/it"}
	return Player{
		Chrome: c, Page: &page, Token: strings.Repeat("c2VhbGVk", 40), Pass: "sample", Turn: 3, Address: "/x/sample",
		Portal: ui.Place{Name: say("Toutes les procédures", "All procedures"), URL: "/p/production/it"},
	}
}

func playerSamples(base ui.Chrome) []Sample {
	say := func(fr, en string) string { return said(base, fr, en) }
	next := []execution.Button{{ID: "", Text: base.T("player.continue")}}
	body := "<p>" + say("Regardez le voyant à gauche de l'écran de l'imprimante. S'il clignote, comptez les éclats avant la pause.",
		"Look at the light to the left of the printer's screen. If it flashes, count the flashes before the pause.") + "</p>" +
		`<aside class="callout callout-tip" role="note"><p class="callout-title">` + say("Astuce", "Tip") + "</p><p>" +
		say("Sur les modèles récents, le voyant est sous le capot.", "On recent models the light is under the cover.") + "</p></aside>"
	answers := []execution.Answer{
		{Key: "steady", Text: say("Il est allumé sans clignoter", "It is on, not flashing"), Chosen: true},
		{Key: "flash", Text: say("Il clignote", "It flashes"), Hint: say("Même lentement", "Even slowly")},
		{Key: "off", Text: say("Il est éteint", "It is off")},
		{Key: "unsure", Text: say("Je ne sais pas", "I do not know")},
	}
	question := execution.Page{Kind: execution.PageQuestion, Title: say("De quelle couleur est le voyant ?", "What colour is the light?"), Body: body, Answers: answers,
		Progress: &execution.Progress{Place: 2, Of: 5}}
	tiles, radio, list := question, question, question
	tiles.As, radio.As, list.As = procedure.AsTiles, procedure.AsRadio, procedure.AsList
	radio.Buttons, radio.Problem = next, say("Choisissez une réponse.", "Choose an answer.")
	text := execution.Page{Kind: execution.PageText, Title: say("Remettez du papier", "Put paper in"), Body: body,
		Buttons: []execution.Button{{ID: "done", Text: say("C'est fait", "Done")}, {ID: "help", Text: say("Je n'y arrive pas", "I cannot")}}}
	choices := execution.Page{Kind: execution.PageChoices, Title: say("Qu'avez-vous déjà essayé ?", "What have you tried already?"), Answers: answers, Min: 1, Max: 3, Buttons: next}
	confirm := execution.Page{Kind: execution.PageConfirm, Title: say("La page de test est-elle sortie ?", "Did the test page come out?"),
		Buttons: []execution.Button{{ID: "yes", Text: say("Oui, elle est correcte", "Yes, it is fine")}, {ID: "no", Text: say("Non", "No")}}}
	link := execution.Page{Kind: execution.PageLink, Title: say("Consultez l'état du service", "See the state of the service"), Buttons: next,
		Link: &execution.LinkView{URL: "https://status.example.org/", Text: say("Ouvrir la page d'état", "Open the status page"), Visit: true}}
	wait := execution.Page{Kind: execution.PageWait, Title: say("L'imprimante redémarre", "The printer is restarting"), Wait: &execution.WaitView{Until: time.Date(2026, 11, 23, 9, 31, 0, 0, time.UTC)}}
	problem := execution.Page{Kind: execution.PageProblem, Title: say("La procédure a rencontré un problème", "The procedure met a problem"), Problem: say("À l'étape « Créer la demande ».", "At the step “Create the request”."),
		Body: "<p>" + say("Un service dont elle a besoin n'a pas répondu.", "A service it needs did not answer.") + "</p>"}
	stop := execution.Page{Kind: execution.PageBreakpoint, Title: "Breakpoint", Test: true, Buttons: next, Watch: []execution.Watched{{Name: "var.colour", Value: "orange"}, {Name: "var.password", Value: execution.Mask}}}
	handover := execution.Page{Kind: execution.PageHandover, Title: say("Voulez-vous parler à un collègue ?", "Would you like to talk to a colleague?"),
		Buttons: []execution.Button{{ID: "accept", Text: say("Oui, me mettre en relation", "Yes, put me through")}, {ID: "refuse", Text: say("Non merci", "No, thank you")}}}
	noted := playing(base, text)
	noted.Postit, noted.Note = say("Écrivez un mot d'abord.", "Write a note first."), ""
	return append([]Sample{
		{"player-question", playing(base, question)},
		{"player-tiles", playing(base, tiles)},
		{"player-list", playing(base, list)},
		{"player-radio-wrong", playing(base, radio)},
		{"player-text", playing(base, text)},
		{"player-postit-wrong", noted},
		{"player-choices", playing(base, choices)},
		{"player-confirm", playing(base, confirm)},
		{"player-link", playing(base, link)},
		{"player-wait", playing(base, wait)},
		{"player-problem", playing(base, problem)},
		{"player-breakpoint", playing(base, stop)},
		{"player-handover", playing(base, handover)},
	}, slices.Concat(layoutSamples(base, text), playerFormSamples(base, next), playerEndSamples(base, body, next))...)
}

// layoutSamples are a page that shows a picture, in each layout.
func layoutSamples(base ui.Chrome, text execution.Page) (samples []Sample) {
	const picture = `data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 640 360'%3E%3Crect width='640' height='360' fill='%23dfe6ee'/%3E%3Crect x='120' y='80' width='400' height='200' rx='16' fill='%23516a85'/%3E%3Ccircle cx='180' cy='130' r='18' fill='%23f2a33c'/%3E%3C/svg%3E`
	text.Body = `<figure class="resource resource-image"><img src="` + picture + `" alt="` + said(base, "Le voyant, en haut à gauche", "The light, at the top left") + `"></figure>` +
		text.Body + text.Body
	for _, layout := range []procedure.PageLayout{procedure.LayoutText, procedure.LayoutMediaFirst, procedure.LayoutBeside, procedure.LayoutWide} {
		text.Layout = layout
		samples = append(samples, Sample{"player-layout-" + cmp.Or(strings.ReplaceAll(string(layout), "_", "-"), "text"), playing(base, text)})
	}
	return samples
}

func playerEndSamples(base ui.Chrome, body string, next []execution.Button) []Sample {
	say := func(fr, en string) string { return said(base, fr, en) }
	solved := execution.Page{Kind: execution.PageEnd, Title: say("L'imprimante est réparée", "The printer is mended"), Body: body,
		Ending: &execution.Ending{Outcome: procedure.Solved}, Feedback: &execution.FeedbackView{Highest: 1, Comment: true}}
	escalated := execution.Page{Kind: execution.PageEnd, Title: say("Un technicien prend la suite", "A technician takes over"),
		Body:     "<p>" + say("Il vous appellera dans l'heure.", "They will call you within the hour.") + "</p>",
		Ending:   &execution.Ending{Outcome: procedure.Escalated, Redirect: "https://intranet.example.org/", Ticket: &execution.TicketLink{Number: "I261123_0042", URL: "https://tickets.example.org/42"}},
		Feedback: &execution.FeedbackView{Highest: 1, Given: true}}
	feedback := execution.Page{Kind: execution.PageFeedback, Title: say("Votre avis", "Your opinion"), Buttons: next,
		Feedback: &execution.FeedbackView{Scale: procedure.ScaleFive, Lowest: 1, Highest: 5, Comment: true}}
	ten := feedback
	ten.Feedback = &execution.FeedbackView{Scale: procedure.ScaleTen, Lowest: 0, Highest: 10, Required: true}
	return []Sample{
		{"player-solved", playing(base, solved)},
		{"player-escalated", playing(base, escalated)},
		{"player-feedback", playing(base, feedback)},
		{"player-feedback-ten", playing(base, ten)},
	}
}

func playerFormSamples(base ui.Chrome, next []execution.Button) []Sample {
	say := func(fr, en string) string { return said(base, fr, en) }
	options := []execution.Option{{Key: "paris", Text: "Paris"}, {Key: "lyon", Text: "Lyon", Chosen: true}, {Key: "nice", Text: "Nice"}}
	wide := strings.Repeat(say("une explication qui compte beaucoup de mots ", "an explanation of many words "), 3)
	types := []procedure.FieldType{
		procedure.FieldHeading, procedure.FieldText, procedure.FieldLongText, procedure.FieldRichText, procedure.FieldNumber, procedure.FieldSlider, procedure.FieldDate,
		procedure.FieldTime, procedure.FieldDateTime, procedure.FieldMail, procedure.FieldPhone, procedure.FieldURL, procedure.FieldSecret, procedure.FieldCheck, procedure.FieldRadio,
		procedure.FieldSelect, procedure.FieldMulti, procedure.FieldLookup, procedure.FieldPerson, procedure.FieldSeparator, procedure.FieldFile, procedure.FieldPhoto,
		procedure.FieldSignature, procedure.FieldRating, procedure.FieldHidden, procedure.FieldLabel, procedure.FieldCaptcha,
	}
	var all []execution.Field
	for _, t := range types {
		all = append(all, execution.Field{ID: string(t), Input: "f." + string(t), Type: t, Label: say("Champ", "Field") + " " + string(t), Visible: true, Enabled: true, Required: t != procedure.FieldText,
			Options: options, Question: say("Combien font trois et quatre ?", "How much is three and four?")})
	}
	all[1].Help, all[1].Width, all[2].Help = wide, "half", wide
	cell := func(id string, row string, t procedure.FieldType, label string) execution.Field {
		return execution.Field{ID: id, Input: "f.things." + row + "." + id, Type: t, Label: label, Visible: true, Enabled: true, Options: options}
	}
	columns := []execution.Field{cell("what", "0", procedure.FieldText, say("Matériel", "Equipment")), cell("many", "0", procedure.FieldNumber, say("Nombre", "Number")), cell("where", "0", procedure.FieldSelect, say("Lieu", "Place"))}
	rows := execution.Field{ID: "things", Input: "f.things", Type: procedure.FieldRows, Label: say("Matériel voulu", "Equipment wanted"), Visible: true, Enabled: true, Columns: columns,
		Rows: [][]execution.Field{columns, {cell("what", "1", procedure.FieldText, columns[0].Label), cell("many", "1", procedure.FieldNumber, columns[1].Label), cell("where", "1", procedure.FieldSelect, columns[2].Label)}}}
	short := []execution.Field{
		{ID: "name", Input: "f.name", Type: procedure.FieldText, Label: say("Nom de l'arrivant", "Name of the newcomer"), Visible: true, Enabled: true, Required: true, Values: []string{"Camille"}, Width: "half"},
		{ID: "day", Input: "f.day", Type: procedure.FieldDate, Label: say("Jour d'arrivée", "Day of arrival"), Visible: true, Enabled: true, Required: true, Width: "half", Problem: say("Ce jour est passé.", "That day has passed.")},
		{ID: "laptop", Input: "f.laptop", Type: procedure.FieldCheck, Label: say("Un ordinateur portable est nécessaire", "A laptop is needed"), Visible: true, Enabled: true},
		{ID: "why", Input: "f.why", Type: procedure.FieldLongText, Label: say("Pourquoi ?", "Why?"), Visible: false, Enabled: true, Required: true, ShowIf: &execution.Condition{Input: "f.laptop", Is: "true"}},
		rows,
	}
	table := &execution.TableView{Columns: []execution.TableColumn{{ID: "a", Title: say("Nom", "Name")}, {ID: "b", Title: say("Étage", "Floor")}}, Filter: true, Sheet: 1, Sheets: 3, Found: 42, Total: 60,
		Rows: []execution.TableRow{{Key: "0", Cells: []string{"IMP-0142", "3"}}, {Key: "1", Cells: []string{"IMP-0143", "3"}, Chosen: true}, {Key: "2", Cells: []string{"IMP-0201", "4"}}}}
	upload := execution.Page{Kind: execution.PageUpload, Title: say("Joignez une photo de l'écran", "Attach a picture of the screen"), Max: 3, Min: 1, Buttons: next,
		Upload: &execution.UploadView{Types: []string{"image/*", "application/pdf"}, MaxSize: 10 << 20, Files: []execution.File{{Name: "ecran.png", Size: 240_000, Hash: strings.Repeat("0", 64)}}}}
	return []Sample{
		{"player-form", playing(base, execution.Page{Kind: execution.PageForm, Title: say("L'arrivée", "The arrival"), Fields: short, Buttons: next})},
		{"player-form-all", playing(base, execution.Page{Kind: execution.PageForm, Title: say("Tous les champs", "All fields"), Fields: all, Buttons: next})},
		{"player-table", playing(base, execution.Page{Kind: execution.PageTable, Title: say("Quelle imprimante ?", "Which printer?"), Table: table, Buttons: next})},
		{"player-upload", playing(base, upload)},
	}
}

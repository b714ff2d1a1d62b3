package views

import (
	"time"

	"selfhelp/app/procedure"
	"selfhelp/views/ui"
)

func portalSamples(base ui.Chrome) []Sample {
	say := func(fr, en string) string { return said(base, fr, en) }
	help, hr := say("Assistance informatique", "IT help desk"), say("Ressources humaines", "Human resources")
	inside := func(title string) ui.Chrome {
		c := titled(base, ui.Portal, title)
		c.Home = ui.Place{Name: help, URL: "/p/production/it"}
		return c
	}
	box := SearchBox{Action: "/p/production/it/search", Suggest: "/p/production/it/suggest?q="}
	categories := []Category{
		{ID: "network", Name: say("Réseau et Wi-Fi", "Network and Wi-Fi"), URL: "/c/network", Icon: "network", Count: 12},
		{ID: "printer", Name: say("Imprimantes", "Printers"), URL: "/c/printer", Icon: "printer", Count: 1},
		{ID: "mail", Name: say("Messagerie", "E-mail"), URL: "/c/mail", Icon: "mail", Count: 8},
		{ID: "account", Name: say("Comptes et mots de passe", "Accounts and passwords"), URL: "/c/account", Icon: "key", Count: 6},
		{ID: "phone", Name: say("Téléphones", "Phones"), URL: "/c/phone", Icon: "phone", Count: 5},
		{ID: "security", Name: say("Sécurité", "Security"), URL: "/c/security", Icon: "security", Count: 3},
	}
	cards := []Card{
		{Title: Plain(say("L'imprimante n'imprime plus", "The printer does not print")), Text: Plain(say("Du voyant à la page de test, en cinq minutes.", "From the light to the test page, in five minutes.")), URL: "/r/printer", Icon: "printer", Minutes: 5},
		{Title: Plain(say("Changer son mot de passe", "Change your password")), URL: "/r/password", Icon: "key", New: true},
		{Title: Plain(say("Demander un ordinateur portable", "Ask for a laptop")), Text: Plain(say("Pour vous ou pour un arrivant.", "For you or for a newcomer.")), URL: "/r/laptop", Icon: "computer", Where: say("Matériel", "Equipment"), Minutes: 3},
	}
	found := []Card{
		{Title: []Segment{{"L'", false}, {say("imprimante", "printer"), true}, {say(" n'imprime plus", " does not print"), false}}, Text: []Segment{{"… ", false}, {say("imprimante", "printer"), true}, {say(" du couloir, près de la fenêtre …", " in the corridor, near the window …"), false}}, URL: "/r/printer", Icon: "printer", Where: say("Imprimantes", "Printers")},
	}
	news := []NewsItem{
		{Title: say("Panne de la messagerie ce matin", "E-mail outage this morning"), Body: "<p>" + say("Le service est rétabli depuis 10 h 40.", "The service has been back since 10:40.") + "</p>", On: base.Words.Lang() + " 2026", URL: "/r/mail"},
		{Title: say("Nouveaux badges au siège", "New badges at headquarters")},
	}
	groups := []Group{{Name: base.T("portal.all_groups"), URL: "?", On: true}, {Name: "Support", URL: "?group=Support"}, {Name: "Siège", URL: "?group=Si%C3%A8ge"}}
	portal := Portal{Chrome: inside(help), Name: help, Text: say("Trouvez la marche à suivre, pas à pas.", "Find what to do, step by step."), Search: box, Groups: groups, Categories: categories, News: news, Popular: cards, Recent: cards[1:], Newest: cards[1:2]}
	searched := box
	searched.Words = say("imprimante", "printer")
	nothing := searched
	nothing.Words, nothing.Category = "xylophone <b>", "network"
	crumbs := []ui.Place{{Name: help, URL: "/p/production/it"}, {Name: say("Recherche", "Search")}}
	front := SearchBox{Action: "/search", Suggest: "/suggest?q="}
	home := Home{Chrome: titled(base, ui.Portal, ""), Search: front, Projects: []HomeProject{
		{Name: help, Text: say("Pannes, accès, matériel.", "Breakdowns, access, equipment."), URL: "/p/production/it", Icon: "computer", Count: 16, Where: "Production"},
		{Name: hr, Text: say("Arrivées, congés, formation.", "Arrivals, leave, training."), URL: "/p/production/hr", Icon: "book", Count: 12, Where: "Production"},
		{Name: say("Essais", "Trials"), URL: "/p/sandbox/essais", Icon: "book", Count: 1, Where: say("Bac à sable", "Sandbox")},
	}}
	empty := Home{Chrome: titled(base, ui.Portal, "")}
	return append([]Sample{
		{"home", home},
		{"home-empty", empty},
		{"portal", portal},
		{"portal-empty", Portal{Chrome: inside(help), Name: help, Search: box}},
		{"category", CategoryPage{Chrome: inside(say("Réseau et Wi-Fi", "Network and Wi-Fi")), Crumbs: crumbs, Search: box, Below: categories[:2], Cards: cards}},
		{"search", SearchPage{Chrome: inside(base.T("search.title")), Crumbs: crumbs, Search: searched, Total: 1, Cards: found, Categories: categories[1:3], All: "?q=x", Groups: groups}},
		{"search-nothing", SearchPage{Chrome: inside(base.T("search.title")), Crumbs: crumbs, Search: nothing, Nearest: categories[:3], Popular: cards, All: "?q=x"}},
		{"start", Start{Chrome: inside(""), Name: say("L'imprimante n'imprime plus", "The printer does not print"), Text: say("Du voyant à la page de test.", "From the light to the test page."), Action: "/r/printer", Minutes: 5, Portal: ui.Place{Name: help, URL: "/p/production/it"}, Hidden: [][2]string{{"lang", "fr"}}}},
	}, journeySamples(base, inside, help)...)
}

func journeySamples(base ui.Chrome, inside func(string) ui.Chrome, help string) []Sample {
	say := func(fr, en string) string { return said(base, fr, en) }
	name := say("L'imprimante n'imprime plus", "The printer does not print")
	resume := Resume{Chrome: titled(base, ui.Portal, base.T("resume.title"))}
	wrong := resume
	wrong.Code, wrong.Wrong = "K7QM-2FXR", base.T("fault.resume.code")
	report := Report{
		Chrome: inside(name), Name: name, Execution: "sample", Outcome: procedure.Escalated, Back: ui.Place{Name: base.T("report.back"), URL: "/x/sample"},
		Facts: [][2]string{{base.T("report.started"), "23/11/2026 09:30"}, {base.T("report.duration"), base.Words.Duration(254e9)}, {base.T("report.version"), "2.0"}, {base.T("report.ticket"), "I261123_0042"}},
		Steps: []ReportStep{
			{Order: 1, Title: say("De quelle couleur est le voyant ?", "What colour is the light?"), At: "09:30", Answer: say("Il clignote", "It flashes"), OffPath: true},
			{Order: 2, Title: say("De quelle couleur est le voyant ?", "What colour is the light?"), At: "09:31", Answer: say("Il est éteint", "It is off")},
			{Order: 3, Title: say("Créer la demande", "Create the request"), At: "09:33", Calls: []string{base.T("report.call", base.T("effect.ticket"), base.T("status.ok"))}},
			{Order: 4, Title: say("Prévenir par e-mail", "Tell by e-mail"), At: "09:33", Error: base.T("status.timeout")},
		},
		Comments: []ReportComment{{Where: say("De quelle couleur est le voyant ?", "What colour is the light?"), Text: say("Sur mon modèle il y a deux voyants.", "On my model there are two lights."), Answer: say("C’est corrigé dans la version 2.", "Mended in version 2.")}},
	}
	rows := []Journey{
		{Name: name, URL: "/x/a", Report: "/x/a/report", Started: base.T("ago.now"), Where: help, Took: base.Words.Duration(40 * time.Second), Paused: true},
		{Name: name, URL: "/x/c", Report: "/x/c/report", Started: base.N("ago.days", 1), Where: help, Took: base.Words.Duration(time.Minute)},
		{Name: say("Demander un ordinateur portable", "Ask for a laptop"), URL: "/x/b", Report: "/x/b/report", Started: base.N("ago.days", 3), Outcome: procedure.Solved, Where: help, Took: base.Words.Duration(2 * time.Hour)},
	}
	return []Sample{
		{"resume", resume},
		{"resume-wrong", wrong},
		{"paused", Paused{Chrome: inside(base.T("paused.title")), Name: name, Code: "K7QM-2FXR-9DTB", Link: "https://help.example.org/resume/K7QM2FXR9DTB", Action: "/x/sample", Portal: ui.Place{Name: help, URL: "/p/production/it"}}},
		{"journeys", Journeys{Chrome: titled(base, ui.Portal, base.T("menu.executions")), Rows: rows}},
		{"journeys-empty", Journeys{Chrome: titled(base, ui.Portal, base.T("menu.executions"))}},
		{"journeys-partial", Journeys{Chrome: titled(base, ui.Portal, base.T("menu.executions")), Rows: rows, Partial: true}},
		{"report", report},
	}
}

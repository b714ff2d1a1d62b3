package publication

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/publication/index"
)

// The tests' readers.
var (
	visitor   = Reader{}
	colleague = Reader{Member: true}
	support   = Reader{Member: true, Groups: []string{"support"}}
	impostor  = Reader{Groups: []string{"support"}} // of a group, but of no domain
)

var today = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// tree makes a procedure of one page.
func tree(alias string, title procedure.Text, change ...func(*procedure.Procedure)) *procedure.Procedure {
	p := &procedure.Procedure{
		Schema: procedure.Schema, UID: uid(strings.ReplaceAll(alias, "-", ""), 0), Alias: alias, Title: title, Entry: true,
		Steps: []procedure.Step{
			{ID: "start", Start: &procedure.Start{}, Next: "page"},
			{ID: "page", Title: title, Page: &procedure.Page{}, Next: "end"},
			{ID: "end", End: &procedure.End{Outcome: procedure.Solved}},
		},
	}
	for _, c := range change {
		c(p)
	}
	return p
}

func in(category string) func(*procedure.Procedure) {
	return func(p *procedure.Procedure) { p.Category = category }
}

func audience(groups ...string) func(*procedure.Procedure) {
	return func(p *procedure.Procedure) { p.Audience = groups }
}

func popular(p *procedure.Procedure) { p.Popular = true }

func calls(alias string) func(*procedure.Procedure) {
	return func(p *procedure.Procedure) {
		p.Steps[0].Next = "call"
		p.Steps = append(p.Steps, procedure.Step{ID: "call", Call: &procedure.Call{Procedure: uid(strings.ReplaceAll(alias, "-", ""), 0)}, Next: "page"})
	}
}

func sub(p *procedure.Procedure) { p.Entry = false }

func page(fr, en string) func(*procedure.Procedure) {
	return func(p *procedure.Procedure) { p.Steps[1].Text = procedure.T(fr, en) }
}

// helpDesk is a small project with an audience of every kind.
func helpDesk() *procedure.Project {
	day := func(d int) procedure.Date { return procedure.Date{Year: 2026, Month: 11, Day: d} }
	return &procedure.Project{
		Schema: procedure.Schema, UID: uid("helpdesk", 1), Alias: "help-desk", Name: procedure.T("Assistance", "Help desk"),
		Languages: []string{"fr", "en"},
		Categories: []procedure.Category{
			{ID: "hardware", Name: procedure.T("Matériel", "Hardware"), Icon: "laptop"},
			{ID: "printing", Parent: "hardware", Name: procedure.T("Impression", "Printing")},
			{ID: "network", Name: procedure.T("Réseau", "Network")},
			{ID: "empty", Name: procedure.T("Vide", "Empty")},
			{ID: "restricted", Name: procedure.T("Réservé", "Restricted")},
		},
		News: []procedure.News{
			{ID: "n1", Title: procedure.T("Ancienne", "Old"), On: day(1), Until: day(10)},
			{ID: "n2", Title: procedure.T("Du jour", "Today"), On: day(23), Until: day(23)},
			{ID: "n3", Title: procedure.T("Demain", "Tomorrow"), On: day(24)},
			{ID: "n4", Title: procedure.T("Toujours", "Always"), Procedure: uid("printer", 0)},
			{ID: "n5", Title: procedure.T("Secret des serveurs", "Secret of the servers"), On: day(20), Procedure: uid("serverroom", 0)},
			{ID: "n6", Title: procedure.T("Sous-procédure", "Sub-procedure"), On: day(20), Procedure: uid("ticket", 0)},
		},
		Procedures: []*procedure.Procedure{
			tree("printer", procedure.T("L’imprimante n’imprime plus", "The printer does not print"), in("printing"), popular, calls("ticket"),
				page("Vérifiez le **bac** de [papier](https://intra.example/secretplan). Bonjour {{ user.hiddenname }}.", "Check the paper tray.")),
			tree("screen", procedure.T("Commander un écran", "Order a screen"), in("hardware")),
			tree("wifi", procedure.T("Se connecter au Wi-Fi", "Connect to the Wi-Fi"), in("network")),
			tree("server-room", procedure.T("Entrer dans la salle des serveurs", "Enter the server room"), in("restricted"), audience("support"), popular),
			tree("odd-group", procedure.T("Pour un groupe sans nom", "For a nameless group"), audience("")),
			tree("elsewhere", procedure.T("Sans catégorie", "No category")),
			tree("ticket", procedure.T("Créer un ticket caché", "Create a hidden ticket"), sub),
		},
	}
}

func portalOf(t testing.TB, projects ...Input) Portal {
	t.Helper()
	var bundles []Offer
	for _, in := range projects {
		bundles = append(bundles, Offer{Bundle: built(t, in)})
	}
	p, err := NewPortal(bundles...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func aliases(all []Listed, err error) string {
	if err != nil {
		return err.Error()
	}
	var list []string
	for _, l := range all {
		list = append(list, l.Alias)
	}
	return strings.Join(list, " ")
}

func TestOnlyEntriesHaveAnAddress(t *testing.T) {
	portal := portalOf(t, input(helpDesk()))
	if e, err := portal.Entry("printer", colleague); err != nil || e.UID != uid("printer", 0) || !e.Popular {
		t.Errorf("got %+v, %v", e, err)
	}
	for _, alias := range []string{"ticket", "nothing", "", "%", "PRINTER", "printer' OR 1=1"} {
		if _, err := portal.Entry(alias, colleague); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: got %v", alias, err)
		}
	}
}

func TestReadersSeeWhatIsForThem(t *testing.T) {
	public, narrow := helpDesk(), helpDesk()
	public.Public = true
	narrow.Audience = []string{"support"}
	for _, c := range []struct {
		name    string
		project *procedure.Project
		reader  Reader
		tree    string
		popular string
		news    string
	}{
		{"visitor", helpDesk(), visitor, "", "", ""},
		{"visitor of a public project", public, visitor, "hardware 2 (printing 1) network 1 - 1", "printer", "n2 n4"},
		{"visitor with a claim", public, impostor, "hardware 2 (printing 1) network 1 - 1", "printer", "n2 n4"},
		{"colleague", helpDesk(), colleague, "hardware 2 (printing 1) network 1 - 1", "printer", "n2 n4"},
		{"member of the group", helpDesk(), support, "hardware 2 (printing 1) network 1 restricted 1 - 1", "server-room printer", "n2 n5 n4"},
		{"member, narrow project", narrow, colleague, "", "", ""},
		{"member of the group, narrow project", narrow, support, "hardware 2 (printing 1) network 1 restricted 1 - 1", "server-room printer", "n2 n5 n4"},
	} {
		portal := portalOf(t, input(c.project))
		if got := outline(portal.Categories(c.reader)); got != c.tree {
			t.Errorf("%s: categories %q, want %q", c.name, got, c.tree)
		}
		if got := aliases(portal.Popular(c.reader, "fr", today)); got != c.popular {
			t.Errorf("%s: popular %q, want %q", c.name, got, c.popular)
		}
		news, err := portal.News(c.reader, today)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, n := range news {
			ids = append(ids, n.ID)
		}
		if got := strings.Join(ids, " "); got != c.news {
			t.Errorf("%s: news %q, want %q", c.name, got, c.news)
		}
	}
}

func outline(tree []Category) string {
	var list []string
	for _, c := range tree {
		s := fmt.Sprintf("%s %d", c.ID, c.Count)
		if c.ID == "" {
			s = fmt.Sprintf("- %d", c.Count)
		}
		if below := outline(c.Below); below != "" {
			s += " (" + below + ")"
		}
		list = append(list, s)
	}
	return strings.Join(list, " ")
}

func TestLists(t *testing.T) {
	portal := portalOf(t, input(helpDesk()))
	for _, c := range []struct{ name, got, want string }{
		{"category", aliases(portal.In("hardware", colleague, "fr", today)), "screen"},
		{"category below", aliases(portal.In("printing", colleague, "fr", today)), "printer"},
		{"unknown category", aliases(portal.In("xyz", colleague, "fr", today)), ""},
		{"restricted, by others", aliases(portal.In("restricted", colleague, "fr", today)), ""},
		{"restricted", aliases(portal.In("restricted", support, "fr", today)), "server-room"},
		{"picked, in order", aliases(portal.Pick([]string{uid("wifi", 0), "gone", uid("serverroom", 0), uid("printer", 0), uid("ticket", 0)}, colleague)), "wifi printer"},
		{"sorted in French", aliases(portal.Popular(support, "fr", today)), "server-room printer"},
		{"sorted in English", aliases(portal.Popular(support, "en", today)), "server-room printer"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestTheHighestVersionShowsAProcedure(t *testing.T) {
	old, fresh := helpDesk(), helpDesk()
	fresh.Procedures = slices.DeleteFunc(fresh.Procedures, func(p *procedure.Procedure) bool { return p.Alias == "wifi" })
	fresh.Procedures[0].Title = procedure.T("Imprimer de nouveau", "Print again")
	first, second := input(old), input(fresh)
	second.Number = Number{2, 0}
	portal := portalOf(t, first, second)

	result, err := portal.Search("imprimante imprimer", Filter{Reader: colleague, Lang: "fr", Now: today})
	if err != nil || len(result.Hits) != 1 || result.Hits[0].Bundle.Manifest().Number != (Number{2, 0}) {
		t.Errorf("got %+v, %v", result.Hits, err)
	}
	if e, err := portal.Entry("wifi", colleague); err != nil || e.Bundle.Manifest().Number != (Number{1, 0}) {
		t.Errorf("what only the old version has: got %+v, %v", e, err)
	}
	if got, want := outline(portal.Categories(colleague)), "hardware 2 (printing 1) network 1 - 1"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	news, err := portal.News(colleague, today)
	if err != nil || len(news) != 2 {
		t.Errorf("news stand twice: %v, %v", news, err)
	}
}

func TestSearchFollowsAudiences(t *testing.T) {
	portal := portalOf(t, input(helpDesk()))
	for _, c := range []struct {
		query  string
		reader Reader
		want   string
	}{
		{"serveurs", support, "server-room"},
		{"serveurs", colleague, ""},
		{"serveurs", visitor, ""},
		{"serveurs", impostor, ""},
		{"imprimante", colleague, "printer"},
		{"imprimante", visitor, ""},
		{"groupe nom", colleague, ""},
		{"ticket caché", support, ""},        // a sub-procedure
		{"secretplan", support, ""},          // the address of a link
		{"hiddenname", support, ""},          // a placeholder
		{"papier", support, "printer"},       // a word of a page
		{"imprimente", colleague, "printer"}, // a slip
	} {
		f := Filter{Reader: c.reader, Lang: "fr", Now: today}
		result, err := portal.Search(c.query, f)
		if err != nil {
			t.Fatal(err)
		}
		if got := aliasesOf(result.Hits); got != c.want || result.Total != len(result.Hits) || len(result.Categories) != result.Total {
			t.Errorf("%q: got %q (%d, %v), want %q", c.query, got, result.Total, result.Categories, c.want)
		}
		hits, err := portal.Suggest(c.query, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range hits {
			if !strings.Contains(" "+c.want+" ", " "+h.Alias+" ") {
				t.Errorf("%q suggests %s", c.query, h.Alias)
			}
		}
	}
}

func aliasesOf(hits []Hit) string {
	var list []string
	for _, h := range hits {
		list = append(list, h.Alias)
	}
	return strings.Join(list, " ")
}

func TestSuggestionsStartAtTheThirdLetter(t *testing.T) {
	portal := portalOf(t, input(helpDesk()))
	for typed, want := range map[string]string{
		"": "", "é": "", "éc": "", " éc ": "", "wi-": "wifi", "écr": "screen", "ECR": "screen", "wifi": "wifi", "wi-fi": "wifi",
		"comm": "screen", "commander écr": "screen", "commander imprim": "",
	} {
		hits, err := portal.Suggest(typed, Filter{Reader: colleague, Lang: "fr", Now: today})
		if err != nil || aliasesOf(hits) != want {
			t.Errorf("%q: got %q, %v, want %q", typed, aliasesOf(hits), err, want)
		}
	}
}

func TestSearchSaysWhereAndWhy(t *testing.T) {
	portal := portalOf(t, input(helpDesk()))
	for _, c := range []struct {
		query, lang, category, project string
		hits, title, snippet           string
		total, categories              int
	}{
		{"papier", "fr", "", "", "printer", "L’imprimante n’imprime plus", "Vérifiez le bac de [papier]. Bonjour ….", 1, 1},
		{"paper", "en", "", "", "printer", "The printer does not print", "Check the [paper] tray.", 1, 1},
		{"paper", "en-GB", "", "", "printer", "The printer does not print", "Check the [paper] tray.", 1, 1},
		{"papier", "de", "", "", "printer", "L’imprimante n’imprime plus", "Vérifiez le bac de [papier]. Bonjour ….", 1, 1},
		{"ecran imprimante", "fr", "printing", "", "printer", "L’[imprimante] n’imprime plus", "L’[imprimante] n’imprime plus", 1, 2},
		{"ecran imprimante", "fr", "network", "", "", "", "", 0, 2},
		{"ecran", "fr", "hardware", "", "screen", "Commander un [écran]", "Commander un [écran]", 1, 1},
		{"imprimante", "fr", "hardware", "", "printer", "L’[imprimante] n’imprime plus", "L’[imprimante] n’imprime plus", 1, 1},
		{"imprimante", "fr", "", uid("helpdesk", 1), "printer", "L’[imprimante] n’imprime plus", "L’[imprimante] n’imprime plus", 1, 1},
		{"imprimante", "fr", "", "another", "", "", "", 0, 1},
	} {
		r, err := portal.Search(c.query, Filter{Reader: colleague, Lang: c.lang, Category: c.category, Project: c.project, Now: today})
		if err != nil {
			t.Fatal(err)
		}
		if aliasesOf(r.Hits) != c.hits || r.Total != c.total || len(r.Categories) != c.categories {
			t.Errorf("%q in %q: got %s of %d, %v", c.query, c.category, aliasesOf(r.Hits), r.Total, r.Categories)
			continue
		}
		if len(r.Hits) > 0 && (marked(r.Hits[0].Title) != c.title || marked(r.Hits[0].Snippet) != c.snippet) {
			t.Errorf("%q: got %q, %q", c.query, marked(r.Hits[0].Title), marked(r.Hits[0].Snippet))
		}
	}
}

func marked(all []index.Segment) string {
	var b strings.Builder
	for _, s := range all {
		if s.Marked {
			b.WriteString("[" + s.Text + "]")
		} else {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

func TestWhatOnlySomeAreOfferedIsNotSearched(t *testing.T) {
	project := helpDesk()
	project.Procedures = append(project.Procedures, tree("ask", procedure.T("Demande", "Request"), func(p *procedure.Procedure) {
		p.Steps[1].Page = nil
		p.Steps[1].Question = &procedure.Question{Answers: []procedure.Answer{
			{ID: "a", Text: procedure.T("Ordinateur", "Computer")},
			{ID: "b", Text: procedure.T("Passerelle", "Gateway"), Audience: []string{"support"}},
		}}
		p.Steps[1].Note = "Griffonnage"
		p.Steps[1].Text = procedure.Text{In: map[string]string{"fr": "Bientôt"}, Dated: []procedure.DatedText{{ID: "d", In: map[string]string{"fr": "Surprise"}}}}
	}))
	portal := portalOf(t, input(project))
	for query, want := range map[string]string{"ordinateur": "ask", "passerelle": "", "griffonnage": "", "surprise": ""} {
		r, err := portal.Search(query, Filter{Reader: support, Lang: "fr", Now: today})
		if err != nil || aliasesOf(r.Hits) != want {
			t.Errorf("%q: got %q, %v", query, aliasesOf(r.Hits), err)
		}
	}
}

func TestSearchIsBounded(t *testing.T) {
	portal := portalOf(t, input(generate(300, 4)))
	common := word(1)
	for limit, want := range map[int]int{0: 20, -1: 20, 5: 5, 1000: 100} {
		r, err := portal.Search(common, Filter{Reader: colleague, Lang: "fr", Limit: limit, Now: today})
		if err != nil || len(r.Hits) != want || r.Total < want {
			t.Errorf("limit %d: got %d of %d, %v", limit, len(r.Hits), r.Total, err)
		}
		if !slices.IsSortedFunc(r.Hits, func(a, b Hit) int { return int((b.Score - a.Score) * 1e6) }) {
			t.Errorf("limit %d: not the best first", limit)
		}
	}
}

func TestAProjectWithoutEntriesIsPublishedToo(t *testing.T) {
	project := helpDesk()
	project.News = nil
	project.Procedures = project.Procedures[len(project.Procedures)-1:]
	portal := portalOf(t, input(project))
	r, err := portal.Search("ticket", Filter{Reader: colleague, Lang: "fr", Now: today})
	if err != nil || len(r.Hits) != 0 || len(portal.Categories(colleague)) != 0 {
		t.Errorf("got %+v, %v", r, err)
	}
}

// TestCategoriesNarrow: what is in a category, or below it, is for its groups
// only, wherever it could show.
func TestCategoriesNarrow(t *testing.T) {
	project := helpDesk()
	project.Public = true
	for i := range project.Categories {
		if project.Categories[i].ID == "hardware" {
			project.Categories[i].Audience = []string{"support"}
		}
	}
	portal := portalOf(t, input(project))
	for _, c := range []struct {
		reader             Reader
		tree, popular, hit string
	}{
		{visitor, "network 1 - 1", "", ""},
		{impostor, "network 1 - 1", "", ""},
		{colleague, "network 1 - 1", "", ""},
		{support, "hardware 2 (printing 1) network 1 restricted 1 - 1", "server-room printer", "printer"},
	} {
		if got := outline(portal.Categories(c.reader)); got != c.tree {
			t.Errorf("%+v: categories %q, want %q", c.reader, got, c.tree)
		}
		if got := aliases(portal.Popular(c.reader, "fr", today)); got != c.popular {
			t.Errorf("%+v: popular %q, want %q", c.reader, got, c.popular)
		}
		if got := aliases(portal.Pick([]string{uid("printer", 0)}, c.reader)); got != c.hit {
			t.Errorf("%+v: picked %q, want %q", c.reader, got, c.hit)
		}
		if got := aliases(portal.In("printing", c.reader, "fr", today)); got != c.hit {
			t.Errorf("%+v: in the category %q, want %q", c.reader, got, c.hit)
		}
		f := Filter{Reader: c.reader, Lang: "fr", Now: today}
		result, err := portal.Search("imprimante", f)
		if got := aliasesOf(result.Hits); err != nil || got != c.hit || result.Total != len(result.Hits) {
			t.Errorf("%+v: found %q, want %q: %v", c.reader, got, c.hit, err)
		}
		hits, err := portal.Suggest("imprim", f)
		if got := aliasesOf(hits); err != nil || got != c.hit {
			t.Errorf("%+v: suggested %q, want %q: %v", c.reader, got, c.hit, err)
		}
	}
}

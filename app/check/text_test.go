package check_test

import (
	"strings"
	"testing"

	"selfhelp/app/check"
	. "selfhelp/app/procedure"
)

func checkAll(p *Project) []check.Problem { return check.Project(p, options) }

// body gives a step a text, whose English shows the same value if any.
func body(fr string) func(*Project) {
	en := "There"
	if strings.Contains(fr, "{{ user.attributes.page }}") {
		en += " {{ user.attributes.page }}"
	}
	return func(p *Project) { lampStep(p, "hand").Text = T(fr, en) }
}

func day(s string) (d Date) {
	if err := d.UnmarshalText([]byte(s)); err != nil {
		panic(err)
	}
	return d
}

func TestTexts(t *testing.T) {
	dated := func(list ...DatedText) func(*Project) {
		for i := range list {
			list[i].In = map[string]string{"fr": "Fêtes", "en": "Holidays"}
		}
		return func(p *Project) { lampStep(p, "hand").Text = Text{In: T("Voilà", "There").In, Dated: list} }
	}
	run(t, []scene{
		{"a title without the first language", func(p *Project) { delete(lampStep(p, "hand").Title.In, "fr") }, []string{"error untranslated hand/title fr"}},
		{"a title without another", func(p *Project) { lampStep(p, "hand").Title.In["en"] = " " }, []string{"warning untranslated hand/title en"}},
		{"a body without the first language", func(p *Project) { delete(lampStep(p, "ask_lamp").Text.In, "fr") }, []string{"warning untranslated ask_lamp/text fr"}},
		{"another language", func(p *Project) { lampStep(p, "hand").Title.In["de"] = "Wir kommen" }, []string{"warning other_language hand/title de"}},
		{"a title that is too long", func(p *Project) { lampStep(p, "hand").Title.In["fr"] = strings.Repeat("é", 301) }, []string{"error too_long hand/title fr"}},
		{"placeholders where none are filled", func(p *Project) { p.Procedures[0].Title.In["fr"] = "{{ user.name }}" }, []string{"warning no_placeholders /title fr"}},
		{"two wrong placeholders", func(p *Project) {
			lampStep(p, "hand").Text = T("{{ 1 + }}, {{ user.name }} {{ (2 }}", "{{ user.name }}")
		}, []string{"error formula.end hand/text fr", "error formula.open hand/text fr"}},
		{"other placeholders", func(p *Project) { lampStep(p, "hand").Title = T("À {{ user.name }}", "To {{ user.login }}") },
			[]string{"warning other_placeholders hand/title en"}},
		{"good links and pictures", body("[a](https://example.org) [b](mailto:a@b.c) [c](/p/x) [d]({{ user.attributes.page }}) ![](resource:photo) ![](resource:hello)"), nil},
		{"a script in a link", body("[a](javascript:alert(1)) [b]( jAvAscript:x) [c](data:text/html,x)"),
			[]string{"error link_scheme hand/text fr", "error link_scheme hand/text fr", "error link_scheme hand/text fr"}},
		{"a link that leaves the site by a trick", body(`[a](//evil.example) [b](/\evil.example) [c](example.org)`),
			[]string{"error link_scheme hand/text fr", "error link_scheme hand/text fr", "error link_scheme hand/text fr"}},
		{"a picture from elsewhere", body("![x](https://example.org/a.png)"), []string{"warning image_elsewhere hand/text fr"}},
		{"a picture that is not there", body("![x](resource:gone)"), []string{"error unknown_resource hand/text fr"}},
		{"a picture of what has none", body("![x](resource:who)"), []string{"error not_shown hand/text fr"}},
		{"a link to a picture", body("[x](resource:photo)"), nil},
		{"a link to a snippet", body("[x](resource:hello)"), []string{"error resource_link hand/text fr"}},
		{"a good window", dated(DatedText{ID: "a", From: day("2026-12-01"), Until: day("2026-12-31")}, DatedText{ID: "b", From: day("2027-01-01")}), nil},
		{"a window that ends before it begins", dated(DatedText{ID: "a", From: day("2026-12-31"), Until: day("2026-12-01")}), []string{"error window_inverted hand/text.dated.a"}},
		{"a window that is over", dated(DatedText{ID: "a", Until: day("2026-11-22")}), []string{"warning window_over hand/text.dated.a"}},
		{"a window that is not over", dated(DatedText{ID: "a", Until: day("2026-11-23")}), nil},
		{"windows on each other", dated(DatedText{ID: "a", Until: day("2026-12-31")}, DatedText{ID: "b", From: day("2026-12-31")}), []string{"warning window_overlap hand/text.dated.b"}},
		{"windows without good ids", dated(DatedText{ID: "A", Until: day("2026-12-31")}, DatedText{ID: "A", From: day("2027-12-31")}),
			[]string{"error id hand/text.dated.0", "error id hand/text.dated.1", "error duplicate hand/text.dated.1"}},
	})
}

func TestProjectItself(t *testing.T) {
	run(t, []scene{
		{"nothing at all", func(p *Project) { *p = Project{} }, []string{"error required /uid", "error required /alias", "error no_words /name", "error required_list /languages"}},
		{"bad names", func(p *Project) { p.UID, p.Alias, p.Languages = "X", "My house", []string{"fr", "en", "en", "English"} },
			[]string{"error uid /uid", "error alias /alias", "error language /languages.3", "error duplicate /languages.2"}},
		{"no entry point", func(p *Project) { p.Procedures[0].Entry = false }, []string{"warning no_entry /"}},
		{"the same alias", func(p *Project) { p.Procedures[1].Alias = "lamp" }, []string{"error alias_taken sub:/alias"}},
		{"the same UID", func(p *Project) {
			p.Procedures = append(p.Procedures, &Procedure{Schema: 1, UID: subUID, Alias: "x", Title: T("x", "x"), Steps: p.Procedures[1].Steps})
		}, []string{"error duplicate sub:/uid"}},
		{"related to itself and to nobody", func(p *Project) { p.Procedures[0].Related = []string{lampUID, thirdID} },
			[]string{"error unknown_procedure /related.1", "warning related_self /related.0"}},
		{"an unknown category", func(p *Project) { p.Procedures[0].Category = "gone" }, []string{"error unknown_category /category"}},
		{"categories in a circle", func(p *Project) {
			p.Categories[0].Parent = "other"
			p.Categories = append(p.Categories, Category{ID: "other", Parent: "hardware", Name: T("x", "x")})
		}, []string{"error category_loop /categories.hardware.parent", "error category_loop /categories.other.parent"}},
		{"a bad folder", func(p *Project) { p.Folders = []string{"a/../b"} }, []string{"error folder /folders.0"}},
		{"an entry that needs an input", func(p *Project) {
			lampStep(p, "start").Start.Inputs[0].Required, lampStep(p, "start").Start.Inputs[0].Default = true, ""
		},
			[]string{"warning input_without_default start/inputs.asset"}},
		{"a secret input written out", func(p *Project) {
			lampStep(p, "start").Start.Inputs[0] = Parameter{Name: "pin", Type: TypeSecret, Default: `"1234"`}
		}, []string{"error literal_secret start/inputs.pin.default"}},
		{"news that end before they begin", func(p *Project) {
			p.News = []News{{ID: "n", Title: T("x", "x"), Procedure: thirdID, On: day("2026-12-01"), Until: day("2026-11-01")}}
		}, []string{"error unknown_procedure /news.n.procedure", "error window_inverted /news.n"}},
		{"resources without contents", func(p *Project) {
			for i := range p.Resources {
				p.Resources[i] = Resource{ID: p.Resources[i].ID, Kind: p.Resources[i].Kind}
			}
		}, []string{"error resource_empty /resources.photo", "warning no_alt /resources.photo.alt", "error resource_empty /resources.hello", "error resource_empty /resources.who", "warning resource_empty /resources.rooms"}},
		{"a resource of a bad name and kind", func(p *Project) { p.Resources[3].ID, p.Resources[3].Kind = "Rooms.csv", "sheet" },
			[]string{"error resource_id /resources.3.id", "error closed_list /resources.3.kind", "error resource_empty /resources.3"}},
		{"files by language", func(p *Project) {
			p.Resources[0].Files = map[string]File{"fr": {Name: "a.png", Type: "image/png", Hash: "0"}, "de": {Name: "a.png", Type: "image/png", Hash: strings.Repeat("0", 64)}}
		}, []string{"warning file_missing /resources.photo.files en", "warning other_language /resources.photo.files de", "error hash /resources.photo.files fr"}},
		{"a snippet that shows itself", func(p *Project) { p.Resources[1].Text.In["fr"] = "![](resource:hello)" }, []string{"error snippet_loop /resources.hello.text"}},
		{"scenarios", func(p *Project) {
			p.Scenarios = append(p.Scenarios, &Scenario{Schema: 1, ID: "lit", Procedure: thirdID, Name: "x", Language: "de", At: "noon"},
				&Scenario{Schema: 1, ID: "b", Procedure: lampUID, Name: "x", Moves: []Move{{Step: "gone", Do: "fly"}}, Mocks: []Reply{{Step: "lost"}}, Expect: Expect{Showing: "away", Outcome: "won", Steps: []string{"ask_lamp", "nowhere"}, Effects: []WantedEffect{{Step: "never"}}}})
		}, []string{"error unknown_procedure scenario lit:/procedure", "error duplicate scenario lit:/id", "error other_language scenario lit:/language", "error instant scenario lit:/at",
			"error closed_list scenario b:/moves.0.do", "error closed_list scenario b:/expect.outcome", "error unknown_step scenario b:/moves.0.step", "error unknown_step scenario b:/mocks.0.step", "error unknown_step scenario b:/expect.showing",
			"error unknown_step scenario b:/expect.steps.1", "error unknown_step scenario b:/expect.effects.0.step"}},
		{"a scenario that passes through a sub-procedure", func(p *Project) {
			put(Step{Call: &Call{Procedure: subUID, Inputs: []Binding{{Name: "room", Value: `"A1"`}}}})(p)
			p.Scenarios[0].Moves = append(p.Scenarios[0].Moves, Move{Step: "ask"}, Move{Step: "beyond"})
		}, []string{"error unknown_step scenario lit:/moves.2.step"}},
	})
}

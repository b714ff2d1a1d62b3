package check_test

import (
	"strings"
	"testing"

	. "selfhelp/app/procedure"
)

func TestSteps(t *testing.T) {
	answers := []Answer{{ID: "a", Text: T("A", "A")}, {ID: "b", Text: T("B", "B")}}
	options := &Options{List: "user.attributes.rooms"}
	run(t, []scene{
		{"no title", func(p *Project) { lampStep(p, "ask_lamp").Title = Text{} }, []string{"error no_title ask_lamp/title"}},
		{"an end that says nothing", func(p *Project) { lampStep(p, "hand").Title = Text{} }, []string{"warning no_closing hand/title"}},
		{"a page without a text", put(Step{Page: &Page{}}), []string{"warning no_text again/text"}},
		{"a page that places media it does not show", put(Step{Text: T("Un", "One"), Page: &Page{Layout: LayoutBeside}}), []string{"warning no_media again/layout"}},
		{"a page that places its media", put(Step{Text: T("![](resource:photo)", "![](resource:photo)"), Page: &Page{Layout: LayoutMediaFirst}}), nil},
		{"a wide page", put(Step{Text: T("Un", "One"), Page: &Page{Layout: LayoutWide}}), nil},
		{"a layout nobody knows", put(Step{Text: T("Un", "One"), Page: &Page{Layout: "poster"}}), []string{"error closed_list again/layout"}},
		{"a mail without anything", put(Step{Mail: &Mail{}}), []string{"error required again/to", "error no_subject again/title"}},
		{"no answers", put(Step{Question: &Question{}}), []string{"error no_answers again/answers"}},
		{"answers of the same value", put(Step{Question: &Question{Answers: []Answer{answers[0], {ID: "c", Value: "a", Text: T("C", "C")}}}}),
			[]string{"error same_value again/answers.c"}},
		{"an answer twice", put(Step{Question: &Question{Answers: []Answer{answers[0], answers[0]}}}),
			[]string{"error duplicate again/answers.1", "error same_value again/answers.a"}},
		{"an answer without words or id", put(Step{Question: &Question{Answers: []Answer{{}}}}), []string{"error required again/answers.0.id", "error no_words again/answers.0.text"}},
		{"an unknown presentation", put(Step{Question: &Question{Answers: answers, As: "wheel"}}), []string{"error closed_list again/as"}},
		{"a bad id", put(Step{Question: &Question{Answers: []Answer{{ID: "L’été", Text: T("A", "A")}}}}), []string{"error id again/answers.0.id"}},
		{"choices with too many wanted", put(Step{Choices: &Choices{Answers: answers, Min: 3}}), []string{"error min_over_max again/min"}},
		{"choices with min over max", put(Step{Choices: &Choices{From: options, Min: 3, Max: 2}}), []string{"error min_over_max again/min"}},
		{"choices out of range", put(Step{Choices: &Choices{From: options, Min: -1}}), []string{"error range again/min"}},
		{"choices that lead somewhere", put(Step{Choices: &Choices{Answers: []Answer{{ID: "a", Text: T("A", "A"), To: "hand"}}}}), []string{"warning to_unused again/answers.a.to"}},
		{"options from nowhere", put(Step{Question: &Question{From: &Options{}}}), []string{"error one_source again/from"}},
		{"options from two places", put(Step{Table: &Table{From: Options{List: "user.attributes.rooms", Table: "rooms"}, Columns: []Column{{ID: "a", Title: T("A", "A"), Value: "item.a"}}}}),
			[]string{"error one_source again/from"}},
		{"a table of what is no table", put(Step{Table: &Table{From: Options{Table: "photo"}, Columns: []Column{{ID: "a", Title: T("A", "A"), Value: "item.a"}}}}),
			[]string{"error resource_kind again/from.table"}},
		{"a table without columns", put(Step{Table: &Table{From: Options{Table: "rooms"}}}), []string{"error required_list again/columns"}},
		{"an upload", put(Step{Upload: &Upload{Min: 2, Types: []string{"image/*", "png"}}}), []string{"error media again/types.1", "error min_over_max again/min"}},
		{"a link without an address", put(Step{Link: &Link{}}), []string{"error required again/url"}},
		{"a link to a script", put(Step{Link: &Link{URL: "javascript:alert(1)"}}), []string{"error address_scheme again/url"}},
		{"a link to nowhere", put(Step{Link: &Link{URL: "https://"}}), []string{"error address again/url"}},
		{"a link without a scheme", put(Step{Link: &Link{URL: "example.org"}}), []string{"error address again/url"}},
		{"a good link", put(Step{Link: &Link{URL: "https://example.org/{{ user.login }}"}}), nil},
		{"a link that is computed", put(Step{Link: &Link{URL: "{{ user.attributes.page }}"}}), nil},
		{"a test without rules", put(Step{Test: &Test{}}), []string{"error required_list again/rules"}},
		{"a rule without anything", put(Step{Test: &Test{Rules: []Rule{{ID: "r"}}}}), []string{"error required again/rules.r.if", "error way_missing again/rules.r.to"}},
		{"cases of the same value", put(Step{Switch: &Switch{On: "user.attributes.room", Cases: []Case{{ID: "a", Is: "1", To: "hand"}, {ID: "b", Is: "1", To: "hand"}}}}),
			[]string{"error same_value again/cases.b"}},
		{"an assignment to nothing", put(Step{Set: &Set{Values: []Assignment{{ID: "a", Name: "trys", Value: "1"}}}}), []string{"error unknown_variable again/values.a.name"}},
		{"an assignment of a wrong type", put(Step{Set: &Set{Values: []Assignment{{ID: "a", Name: "tries", Value: `"1"`}}}}), []string{"error wrong_type again/values.a.value"}},
		{"an assignment to the execution", put(Step{Set: &Set{Values: []Assignment{{ID: "a", Name: "session.shared", Value: `"1"`}, {ID: "b", Name: "session.other", Value: "1"}}}}),
			[]string{"error unknown_session again/values.b.name"}},
		{"a script", put(Step{Script: &Script{Inputs: []Binding{{Name: "a", Value: "var.tries"}}, Source: "tries = a + 1\nreturn tries", Outputs: []string{"tries"}}}), nil},
		{"a script that lacks", put(Step{Script: &Script{Inputs: []Binding{{Name: "A", Value: "1"}}, Source: "tries = b + 1", Outputs: []string{"room"}, Codes: []Code{{ID: "a", Is: "1", To: "hand"}, {ID: "b", Is: "1", To: "hand"}}}}),
			[]string{"error id again/inputs.0", "error script_input again/inputs", "warning script_output again/outputs.0", "error same_value again/codes.b"}},
		{"a script that cannot be read", put(Step{Script: &Script{Source: "tries = 1 +\n"}}), []string{"error formula.end again/source"}},
		{"a call by an address", put(Step{REST: &REST{URL: "https://api.example.org/{{ user.login }}", Extract: []Extract{{Name: "tries", Path: "$.n"}}}}), nil},
		{"a call by a path alone", put(Step{REST: &REST{URL: "/users"}}), []string{"error address again/url"}},
		{"a call by a connector", put(Step{REST: &REST{Connector: "api", URL: "/users", Method: "GRAB"}}), []string{"error closed_list again/method"}},
		{"a call with bad parts", put(Step{REST: &REST{URL: "https://api", Headers: []Binding{{Name: "X Y", Value: "1"}}, Extract: []Extract{{Name: "tries", Path: "n"}}}}),
			[]string{"error extract_path again/extract.tries.path", "error header again/headers.0"}},
		{"a call with a password", put(Step{REST: &REST{URL: "https://me:secret@api", Headers: []Binding{{Name: "Authorization", Value: `"Bearer x"`}, {Name: "X-Ask", Value: "user.attributes.token"}}}}),
			[]string{"error literal_secret again/url", "error literal_secret again/headers.0"}},
		{"a connector that is not there", put(Step{Ticket: &Ticket{Connector: "none", Fields: []Binding{{Name: "title", Value: "user.login"}}}}), []string{"error unknown_connector again/connector"}},
		{"a connector of another kind", put(Step{Ticket: &Ticket{Connector: "api", Fields: []Binding{{Name: "title", Value: "user.login"}}}}), []string{"error connector_kind again/connector"}},
		{"a connector that is not configured", func(p *Project) {
			p.Connectors = append(p.Connectors, Connector{ID: "other", Kind: "ticket"})
			put(Step{Ticket: &Ticket{Connector: "other", Fields: []Binding{{Name: "title", Value: "user.login"}}}})(p)
		}, []string{"warning connector_missing again/connector"}},
		{"a ticket with nothing", put(Step{Ticket: &Ticket{}}), []string{"error required again/connector", "error required_list again/fields"}},
		{"a wait of two kinds", put(Step{Wait: &Wait{Seconds: "1", Until: "date.now"}}), []string{"error one_wait again/"}},
		{"a change of nothing", put(Step{Locale: &Locale{}}), []string{"error no_locale again/"}},
		{"a mail with a resource that is not there", put(Step{Title: T("x", "x"), Text: T("x", "x"), Mail: &Mail{To: "user.mail", Attach: []string{"photo", "gone"}}}),
			[]string{"error unknown_resource again/attach.1"}},
		{"a search in no category", put(Step{Search: &Search{Query: "user.attributes.room", Category: "gone", Max: 51}}), []string{"error unknown_category again/category", "error range again/max"}},
		{"a loop without a list", put(Step{Each: &Each{Body: "hand"}}), []string{"error required again/list", "error required again/item", "warning each_leaves again/body"}},
		{"a redirection elsewhere", func(p *Project) { lampStep(p, "hand").End.Redirect = "//evil.example" }, []string{"error address hand/redirect"}},
		{"a redirection to a script", func(p *Project) { lampStep(p, "hand").End.Redirect = "data:text/html,x" }, []string{"error address_scheme hand/redirect"}},
		{"a redirection on this site", func(p *Project) { lampStep(p, "hand").End.Redirect = "/p/sandbox/{{ user.login }}" }, nil},
		{"a bad number and colour", func(p *Project) {
			lampStep(p, "hand").Seconds, lampStep(p, "hand").Colour, lampStep(p, "hand").Theme.Hue = -1, "mauve", 400
		}, []string{"error range hand/seconds", "error closed_list hand/colour", "error range hand/theme.hue"}},
		{"words that are too long", func(p *Project) {
			lampStep(p, "hand").Label, lampStep(p, "hand").Note = strings.Repeat("é", 301)+"\n", strings.Repeat("x", 20001)
		}, []string{"error too_long hand/note", "error one_line hand/label", "error too_long hand/label"}},
		{"a group nobody knows", func(p *Project) { lampStep(p, "ask_lamp").Question.Answers[0].Audience = []string{"staff", "ghosts"} },
			[]string{"warning unknown_group ask_lamp/answers.yes.audience.1"}},
	})
}

func TestFilesOfPeople(t *testing.T) {
	sent := func(files string) func(*Project) {
		return both(
			addField(Field{ID: "cv", Type: FieldFile}), addField(Field{ID: "sign", Type: FieldSignature, Name: "mark"}),
			more(Variable{Name: "papers", Type: TypeList}),
			func(p *Project) {
				lampStep(p, "details").Next = "up"
				p.Procedures[0].Steps = append(p.Procedures[0].Steps, Step{ID: "up", Next: "again", Title: T("U", "U"), Upload: &Upload{Into: "papers"}})
			},
			put(Step{Title: T("x", "x"), Text: T("x", "x"), Mail: &Mail{To: "user.mail", Files: files}}))
	}
	for _, good := range []string{"step.up.result", "step.up.result[0]", "var.papers", "var.cv", "var.mark", "step.details.result.cv", "step.details.result.mark[0]", "[var.cv, var.mark, nil]"} {
		run(t, []scene{{good, sent(good), nil}})
	}
	for _, bad := range []string{"step.ask_lamp.result", "step.details.result", "step.details.result.room", "step.details.result.gone", "var.floor", "step.up.result.name"} {
		run(t, []scene{{bad, sent(bad), []string{"error gives_no_file again/files"}}})
	}
	run(t, []scene{
		{"a text", sent(`"a.pdf"`), []string{"error wrong_type again/files"}},
		{"a number", sent("var.tries"), []string{"error wrong_type again/files"}},
		{"a ticket", both(sent("var.cv"), put(Step{Ticket: &Ticket{Connector: "desk", Fields: []Binding{{Name: "a", Value: "1"}}, Files: "var.tries"}})),
			[]string{"error wrong_type again/files"}},
	})
}

func TestForms(t *testing.T) {
	run(t, []scene{
		{"no fields", put(Step{Form: &FormStep{}}), []string{"error no_fields again/fields"}},
		{"two forms", func(p *Project) { lampStep(p, "details").Form.Resource = "who" }, []string{"error two_forms details/fields"}},
		{"a shared form", put(Step{Form: &FormStep{Resource: "who", Prefill: []Binding{{Name: "name", Value: "user.name"}, {Name: "room", Value: "1"}}}}),
			[]string{"error unknown_field again/prefill.room"}},
		{"a resource that is no form", put(Step{Form: &FormStep{Resource: "photo"}}), []string{"error resource_kind again/resource"}},
		{"an unknown type", addField(Field{ID: "x", Type: "colour"}), []string{"error closed_list details/fields.x.type"}},
		{"no label", func(p *Project) {
			lampStep(p, "details").Form.Fields[0].Label = Text{}
			addField(Field{ID: "x", Type: FieldHidden})(p)
		}, []string{"error no_label details/fields.room.label"}},
		{"nothing to choose", addField(Field{ID: "x", Type: FieldSelect}), []string{"error no_options details/fields.x.options"}},
		{"options of the same value", addField(Field{ID: "x", Type: FieldRadio, Options: []Option{{ID: "a", Text: T("A", "A")}, {ID: "b", Text: T("B", "B"), Value: "a"}}}),
			[]string{"error same_value details/fields.x.options.b"}},
		{"options from nowhere", addField(Field{ID: "x", Type: FieldLookup, From: &Options{}}), []string{"error one_source details/fields.x.from"}},
		{"options of a table", addField(Field{ID: "x", Type: FieldLookup, From: &Options{Table: "rooms", Value: "item.name"}}), nil},
		{"options of what is no table", addField(Field{ID: "x", Type: FieldLookup, From: &Options{Table: "who"}}), []string{"error resource_kind details/fields.x.from.table"}},
		{"options that read the form", addField(Field{ID: "x", Type: FieldLookup, From: &Options{List: "form.room"}}), nil},
		{"a bad pattern", addField(Field{ID: "x", Type: FieldText, Pattern: "(a+"}), []string{"error regex details/fields.x.pattern"}},
		{"a smallest over the largest", addField(Field{ID: "x", Type: FieldNumber, Min: "3", Max: "2.5"}), []string{"error min_over_max details/fields.x.min"}},
		{"a first day after the last", addField(Field{ID: "x", Type: FieldDate, Min: `"2027-01-01"`, Max: `"2026-01-01"`}), []string{"error min_over_max details/fields.x.min"}},
		{"rows without columns", addField(Field{ID: "x", Type: FieldRows}), []string{"error required_list details/fields.x.columns"}},
		{"a column that cannot be one", addField(Field{ID: "x", Type: FieldRows, Columns: []Field{{ID: "f", Type: FieldFile, Label: T("F", "F")}}}),
			[]string{"error column_type details/fields.x.columns.f.type"}},
		{"a column that does what columns cannot", addField(Field{ID: "x", Type: FieldRows, Columns: []Field{
			{ID: "f", Type: FieldText, Label: T("F", "F"), Default: `"a"`, Visible: "true", Enabled: "true", Width: "half"},
			{ID: "g", Type: FieldSelect, Label: T("G", "G"), From: &Options{REST: &REST{URL: "https://api.example.org"}}}}}),
			[]string{"warning column_unused details/fields.x.columns.f.default", "warning column_unused details/fields.x.columns.f.visible",
				"warning column_unused details/fields.x.columns.f.enabled", "warning column_unused details/fields.x.columns.f.width",
				"warning column_unused details/fields.x.columns.g.from.rest"}},
		{"two fields of one variable", addField(Field{ID: "x", Type: FieldText, Name: "room"}), []string{"error same_name details/fields.x"}},
		{"two fields of one id", addField(Field{ID: "room", Type: FieldText}), []string{"error duplicate details/fields.2"}},
		{"a secret written out", addField(Field{ID: "x", Type: FieldSecret, Default: `"hunter2"`}), []string{"error literal_secret details/fields.x.default"}},
		{"a check of the value", addField(Field{ID: "x", Type: FieldText, Check: `value != form.room and var.tries < 3`}), nil},
		{"the value elsewhere", addField(Field{ID: "x", Type: FieldText, Visible: `value == 1`}), []string{"error not_here details/fields.x.visible"}},
		{"a form among the resources", func(p *Project) {
			p.Resources[2].Form.Fields = append(p.Resources[2].Form.Fields, Field{ID: "b", Type: FieldSelect, Label: T("B", "B"), Visible: "1 +"})
		}, []string{"error formula.end /resources.who.form.fields.b.visible", "error no_options /resources.who.form.fields.b.options"}},
	})
}

package check

import (
	"strings"
	"testing"

	"selfhelp/app/procedure"
)

// What is unknown is said with what was likely meant; what is like nothing is
// said alone.
func TestWhatWasLikelyMeant(t *testing.T) {
	cases := []struct{ steps, fr, en string }{
		{"- {id: start, start: {}, next: finsh}", "Vouliez-vous dire «\u202ffinish\u202f»\u202f?", "Did you mean “finish”?"},
		{"- {id: start, start: {}, next: set}\n- {id: set, set: {values: [{id: a, name: naem, value: '1'}]}, next: finish}", "Vouliez-vous dire «\u202fname\u202f»\u202f?", "Did you mean “name”?"},
		{"- {id: start, start: {}, next: log}\n- {id: log, log: {key: k, value: var.nme}, next: finish}", "Vouliez-vous dire «\u202fname\u202f»\u202f?", "Did you mean “name”?"},
		{"- {id: start, start: {}, next: log}\n- {id: log, log: {key: k, value: user.firstname}, next: finish}", "Vouliez-vous dire «\u202ffirst_name\u202f»\u202f?", "Did you mean “first_name”?"},
		{"- {id: start, start: {}, next: elsewhere}", "", ""},
	}
	for _, c := range cases {
		p, err := procedure.ReadProcedure([]byte("schema: 1\nuid: " + strings.Repeat("a", 26) + "\nalias: p\ntitle: {fr: P, en: P}\nentry: true\nvariables: [{name: name, type: text}]\nsteps:\n" + c.steps +
			"\n- {id: finish, title: {fr: Fin, en: End}, end: {outcome: solved}}\n"))
		if err != nil {
			t.Fatal(err)
		}
		proj := &procedure.Project{Schema: 1, UID: strings.Repeat("b", 26), Alias: "p", Name: procedure.T("P", "P"), Languages: []string{"fr", "en"}, Procedures: []*procedure.Procedure{p}}
		var fr, en string
		for _, problem := range Project(proj, Options{}) {
			fr, en = fr+problem.Sentence("fr"), en+problem.Sentence("en")
		}
		if c.en == "" && strings.Contains(en, "Did you mean") || !strings.Contains(fr, c.fr) || !strings.Contains(en, c.en) {
			t.Errorf("%s\n%s\n%s", c.steps, fr, en)
		}
	}
}

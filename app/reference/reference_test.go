package reference

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"selfhelp/app/procedure"
)

const lampUID = "aaaaaaaaaaaaaaaaaaaaaaaaaa"

// house is a project with the lamp's procedure and a picture it shows.
func house(t *testing.T) *procedure.Project {
	t.Helper()
	file, err := os.ReadFile("../procedure/testdata/lamp.yaml")
	if err != nil {
		t.Fatal(err)
	}
	lamp, err := procedure.ReadProcedure(file)
	if err != nil {
		t.Fatal(err)
	}
	lamp.Step("ask_lamp").Text.Dated[0].In["en"] += "\n\n![the switch](resource:photo)"
	lamp.Step("ask_lamp").Question.Answers[0].Image = "photo"
	lamp.Step("ask_lamp").Question.Answers[1].When = "var.tries < 3 and session.vip"
	lamp.Step("hand").Title = procedure.T("Pièce {{ var.room }}", "Room {{ var.room }}")
	lamp.Step("again").Jump.Counter = "count"
	lamp.Variables = append(lamp.Variables, procedure.Variable{Name: "vip", Type: procedure.TypeBoolean, Session: true})
	return &procedure.Project{UID: "p", Theme: procedure.Theme{Logo: "photo"}, Procedures: []*procedure.Procedure{lamp},
		News:      []procedure.News{{ID: "n", Procedure: lampUID}},
		Resources: []procedure.Resource{{ID: "photo", Kind: procedure.KindImage}, {ID: "hello", Kind: procedure.KindSnippet, Text: procedure.T("![](resource:photo)", "none")}}}
}

func told(uses []Use) string {
	var list []string
	for _, u := range uses {
		list = append(list, strings.TrimPrefix(fmt.Sprintf("%s/%s/%s", strings.TrimPrefix(u.Procedure, lampUID), u.Step, u.Path), "/"))
	}
	return strings.Join(list, " ")
}

func TestUses(t *testing.T) {
	p := house(t)
	lamp := p.Procedures[0]
	tests := []struct{ name, got, want string }{
		{"a resource", told(ToResource(p, "photo")), "/theme.logo /resources.hello.text ask_lamp/text ask_lamp/answers.yes.image"},
		{"a resource nobody uses", told(ToResource(p, "hello")), ""},
		{"a procedure", told(ToProcedure(p, lampUID)), "/news.n.procedure"},
		{"a variable that is read", told(ToName(lamp, "var.tries")), "ask_lamp/answers.no.when"},
		{"a variable that a text shows", told(ToName(lamp, "var.room")), "hand/title"},
		{"a variable that is written", told(ToName(lamp, "var.count")), "again/counter"},
		{"a variable of the execution", told(ToName(lamp, "session.vip")), "ask_lamp/answers.no.when"},
		{"nothing", told(ToName(lamp, "var.gone")), ""},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, tt.got, tt.want)
		}
	}
}

func TestNamesAt(t *testing.T) {
	p := house(t)
	names := func(step string) (list []string) {
		for _, n := range NamesAt(p, p.Procedures[0], step) {
			list = append(list, n.Read)
		}
		return list
	}
	always := []string{"param.asset", "session.vip", "var.count", "var.floor", "var.room", "var.tries"}
	if got := names("start"); !slices.Equal(got, always) {
		t.Errorf("at the start: %q", got)
	}
	at := []string{"param.asset", "session.vip", "step.ask_lamp.result", "step.details.result", "var.count", "var.floor", "var.room", "var.tries"}
	if got := names("hand"); !slices.Equal(got, at) {
		t.Errorf("at the end: %q", got)
	}
	if got := names("ask_lamp"); !slices.Equal(got, at) {
		t.Errorf("where one comes back to: %q", got)
	}
}

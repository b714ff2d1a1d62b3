package execution

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// monday is when the tests happen.
var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("CET", 3600))

// shelf is the library of a test.
type shelf map[string]*Program

func (s shelf) Program(uid string) (*Program, error) {
	if p := s[uid]; p != nil {
		return p, nil
	}
	return nil, fault.New(fault.NotFound, "fault.not_found")
}

// uid makes a UID of a short name.
func uid(name string) string { return (name + strings.Repeat("a", 26))[:26] }

// project is the one the procedures of a test stand in.
func project() *procedure.Project {
	return &procedure.Project{
		Schema: 1, UID: uid("project"), Alias: "p", Name: procedure.T("Projet", "Project"), Languages: []string{"fr", "en"},
		Resources: []procedure.Resource{
			{ID: "lamp", Kind: procedure.KindImage, Alt: procedure.T("Une lampe", "A lamp"), Files: map[string]procedure.File{"": {Name: "lamp.png", Type: "image/png", Size: 9, Hash: strings.Repeat("ab", 32)}}},
			{ID: "sites", Kind: procedure.KindTable, Rows: []map[string]string{{"code": "LY", "name": "Lyon"}, {"code": "PA", "name": "Paris"}, {"code": "SE", "name": "Sète"}}},
			{ID: "contact", Kind: procedure.KindForm, Form: &procedure.Form{Fields: []procedure.Field{{ID: "mail", Type: procedure.FieldMail, Label: procedure.T("E-mail", "E-mail"), Required: "true", Personal: true}}}},
		},
	}
}

// steps compiles the main procedure of a test, written as YAML steps, and
// others with a UID of their own as "name: yaml".
func steps(t testing.TB, main string, others ...string) shelf {
	t.Helper()
	s := shelf{}
	s.add(t, "main", main)
	for _, other := range others {
		name, body, _ := strings.Cut(other, ":\n")
		s.add(t, name, body)
	}
	return s
}

func (s shelf) add(t testing.TB, name, body string) {
	t.Helper()
	head := fmt.Sprintf("schema: 1\nuid: %s\nalias: %s\ntitle: {fr: Essai, en: Trial}\n", uid(name), name)
	if !strings.Contains(body, "steps:") {
		body = "steps:\n" + body
	}
	p, err := procedure.ReadProcedure([]byte(head + body))
	if err != nil {
		t.Fatalf("read %s: %v\n%s", name, err, body)
	}
	prog, err := Compile(p, project())
	if err != nil {
		t.Fatalf("compile %s: %v", name, err)
	}
	s[uid(name)] = prog
}

// start begins an execution of the main procedure, in English.
func start(t testing.TB, lib Library, with ...func(*Context)) Turn {
	t.Helper()
	c := Context{ID: "x1", Entry: uid("main"), Language: "en", Version: "1.0", Channel: "test"}
	for _, w := range with {
		w(&c)
	}
	turn, err := Start(lib, c, monday)
	if err != nil {
		t.Fatalf("start: %v", err)
	}
	return turn
}

// give answers the page that shows with a value.
func give(t testing.TB, lib Library, turn Turn, answer any) Turn {
	t.Helper()
	return advance(t, lib, turn, Input{Kind: DoAnswer, Data: answer})
}

// post answers the page that shows as a browser does: name, value, name, value…
func post(t testing.TB, lib Library, turn Turn, pairs ...string) Turn {
	t.Helper()
	values := map[string][]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values[pairs[i]] = append(values[pairs[i]], pairs[i+1])
	}
	return advance(t, lib, turn, Input{Kind: DoAnswer, Values: values})
}

func advance(t testing.TB, lib Library, turn Turn, in Input) Turn {
	t.Helper()
	next, err := Advance(lib, turn.State, in, monday)
	if err != nil {
		t.Fatalf("advance %+v: %v", in, err)
	}
	return next
}

// showing is the step that shows, or what else the turn made.
func showing(turn Turn) string {
	switch {
	case turn.Effect != nil:
		return "effect:" + turn.Effect.Step
	case turn.Page == nil:
		return "nothing"
	case turn.Page.Kind == PageEnd:
		return "end:" + turn.Page.Step
	case turn.Page.Kind == PageProblem:
		return "problem:" + turn.Page.Step
	}
	return turn.Page.Step
}

func wantShowing(t testing.TB, turn Turn, want string) {
	t.Helper()
	if got := showing(turn); got != want {
		t.Fatalf("showing %s, want %s (problems %v, events %s)", got, want, turn.Problems, eventLine(turn.Events))
	}
}

// eventLine writes events shortly.
func eventLine(events []Event) string {
	var b strings.Builder
	for _, e := range events {
		fmt.Fprintf(&b, " %s:%s", e.Kind, e.Step)
		for _, more := range []string{e.Edge, e.To, e.Status, e.Text, e.Note} {
			if more != "" {
				b.WriteString("/" + more)
			}
		}
	}
	return b.String()
}

// asJSON writes a value for comparing and for people.
func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

package check_test

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"selfhelp/app/check"
	. "selfhelp/app/procedure"
)

const (
	lampUID = "aaaaaaaaaaaaaaaaaaaaaaaaaa"
	subUID  = "bbbbbbbbbbbbbbbbbbbbbbbbbb"
	thirdID = "cccccccccccccccccccccccccc"
)

var options = check.Options{Connectors: []string{"desk", "api"}, Groups: []string{"staff"}, Today: Date{Year: 2026, Month: 11, Day: 23}}

// house is a project without any problem: the lamp's procedure, and one that
// it may call.
func house(t testing.TB) *Project {
	t.Helper()
	file, err := os.ReadFile("../procedure/testdata/lamp.yaml")
	if err != nil {
		t.Fatal(err)
	}
	lamp, err := ReadProcedure(file)
	if err != nil {
		t.Fatal(err)
	}
	sub := &Procedure{Schema: 1, UID: subUID, Alias: "sub", Title: T("Sous", "Sub"),
		Variables: []Variable{{Name: "shared", Type: TypeText, Session: true}},
		Steps: []Step{
			{ID: "start", Next: "ask", Start: &Start{Inputs: []Parameter{{Name: "room", Type: TypeText, Required: true}, {Name: "floor", Type: TypeNumber, Default: "0"}}}},
			{ID: "ask", Next: "end", Title: T("Allô {{ param.room }}", "Hello {{ param.room }}"), Text: T("Voilà", "There"), Page: &Page{}},
			{ID: "end", Title: T("Fini", "Done"), End: &End{Outcome: Solved, Outputs: []Output{{Name: "n", Type: TypeNumber, Value: "1"}}}},
		}}
	return &Project{Schema: 1, UID: "ddddddddddddddddddddddddda", Alias: "house", Name: T("Maison", "House"), Languages: []string{"fr", "en"},
		Categories: []Category{{ID: "hardware", Name: T("Matériel", "Hardware")}},
		Connectors: []Connector{{ID: "desk", Kind: "ticket"}, {ID: "api", Kind: "rest"}},
		Resources: []Resource{
			{ID: "photo", Kind: KindImage, Alt: T("Une lampe", "A lamp"), Files: map[string]File{"": {Name: "a.png", Type: "image/png", Hash: strings.Repeat("0", 64)}}},
			{ID: "hello", Kind: KindSnippet, Text: T("Bonjour", "Hello")},
			{ID: "who", Kind: KindForm, Form: &Form{Fields: []Field{{ID: "name", Type: FieldText, Label: T("Nom", "Name")}}}},
			{ID: "rooms", Kind: KindTable, Rows: []map[string]string{{"name": "A1"}}},
		},
		Scenarios:  []*Scenario{{Schema: 1, ID: "lit", Procedure: lampUID, Name: "Lit", Moves: []Move{{Step: "ask_lamp", Answer: "yes"}}, Expect: Expect{Outcome: Solved}}},
		Procedures: []*Procedure{lamp, sub}}
}

// tell writes a problem as tests expect it.
func tell(p check.Problem) string {
	where := p.Place.Step
	if p.Place.Procedure == subUID {
		where = "sub:" + where
	}
	if p.Place.Scenario != "" {
		where = "scenario " + p.Place.Scenario + ":"
	}
	told := string(p.Severity) + " " + strings.TrimPrefix(p.Key, "check.") + " " + where + "/" + p.Place.Path
	if p.Place.Language != "" {
		told += " " + p.Place.Language
	}
	return told
}

func tellAll(list []check.Problem) (told []string) {
	for _, p := range list {
		told = append(told, tell(p))
	}
	return told
}

func TestAGoodProjectHasNoProblem(t *testing.T) {
	if got := tellAll(check.Project(house(t), options)); got != nil {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
}

// scene is one thing wrong, done to a good project.
type scene struct {
	name string
	do   func(p *Project)
	want []string
}

// lampStep returns a step of the lamp's procedure.
func lampStep(p *Project, id string) *Step { return p.Procedures[0].Step(id) }

// put makes a step of the lamp's procedure another one, with the id and way on.
func put(s Step) func(*Project) {
	return func(p *Project) {
		old := lampStep(p, "again")
		s.ID, s.Next = "again", old.Next
		if s.Family() == Interactive && s.Title.IsZero() {
			s.Title = T("Titre", "Title")
		}
		*old = s
	}
}

// addField puts a field into the lamp's form.
func addField(f Field) func(*Project) {
	return func(p *Project) {
		if f.Label.IsZero() {
			f.Label = T("Champ", "Field")
		}
		form := lampStep(p, "details").Form
		form.Fields = append(form.Fields, f)
	}
}

func run(t *testing.T, scenes []scene) {
	t.Helper()
	for _, s := range scenes {
		p := house(t)
		s.do(p)
		list := check.Project(p, options)
		if got := tellAll(list); !slices.Equal(got, s.want) {
			t.Errorf("%s:\n  got  %s\n  want %s", s.name, strings.Join(got, "\n       "), strings.Join(s.want, "\n       "))
		}
		for _, problem := range list {
			expected[problem.Key] = true
			sentences(t, problem)
			mend(t, p, problem)
		}
		if again := check.Project(p, options); !reflect.DeepEqual(again, list) {
			t.Errorf("%s: another list the second time", s.name)
		}
	}
}

// expected are the keys that some scene has brought about.
var expected = map[string]bool{}

func sentences(t *testing.T, p check.Problem) {
	t.Helper()
	for _, lang := range []string{"fr", "en"} {
		if said := p.Sentence(lang); said == p.Key || strings.Contains(said, "%!") || strings.Contains(said, "%[") || strings.Contains(said, "@") {
			t.Errorf("%s in %s: %s", p.Key, lang, said)
		}
	}
}

// mend applies the problem's fix and expects the problem to be gone.
func mend(t *testing.T, p *Project, problem check.Problem) {
	t.Helper()
	if problem.Fix == nil {
		return
	}
	for i, proc := range p.Procedures {
		if proc.UID != problem.Place.Procedure {
			continue
		}
		fixed, err := Apply(proc, *problem.Fix)
		if err != nil {
			t.Errorf("the fix of %s fails: %v", tell(problem), err)
			return
		}
		with := *p
		with.Procedures = slices.Clone(p.Procedures)
		with.Procedures[i] = fixed
		if slices.Contains(tellAll(check.Project(&with, options)), tell(problem)) {
			t.Errorf("the fix of %s does not mend it", tell(problem))
		}
		return
	}
}

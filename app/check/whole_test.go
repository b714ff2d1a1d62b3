package check_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"selfhelp/app/check"
	. "selfhelp/app/procedure"
)

// TestZKeys runs last: every key has its sentences, and every problem has been
// brought about by some scene.
func TestZKeys(t *testing.T) {
	used := map[string]bool{}
	files, _ := filepath.Glob("*.go")
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`"(check\.[a-z_]+)"`).FindAllStringSubmatch(string(src), -1) {
			used[m[1]] = true
		}
	}
	for key := range used {
		for _, lang := range []string{"fr", "en"} {
			if check.Messages()[key][lang] == "" {
				t.Errorf("%s has no sentence in %s", key, lang)
			}
		}
		if !expected[key] {
			t.Errorf("no scene brings about %s", key)
		}
	}
	verbs := regexp.MustCompile(`%\[\d\]s`)
	bad := regexp.MustCompile(`[ \x{00A0}][;:!?»]|« |'`)
	for key, in := range check.Messages() {
		if !used[key] && !strings.HasPrefix(key, "word.") {
			t.Errorf("%s is said nowhere", key)
		}
		if len(in) != 2 || len(verbs.FindAllString(in["fr"], -1)) != len(verbs.FindAllString(in["en"], -1)) {
			t.Errorf("%s: the sentences differ in what they say", key)
		}
		if bad.MatchString(in["fr"]) {
			t.Errorf("%s: %s", key, in["fr"])
		}
	}
}

func TestWordsOfClosedListsAreTranslated(t *testing.T) {
	p := house(t)
	p.Procedures[0].Variables[0].Default = "true"
	list := checkAll(p)
	if got := list[0].Sentence("fr"); got != "La valeur est de type oui/non\u202f; il faut nombre." {
		t.Errorf("%q", got)
	}
	b, _ := json.Marshal(list[0])
	var back check.Problem
	if err := json.Unmarshal(b, &back); err != nil || back.Sentence("en") != "The value is of type yes/no; number is needed." {
		t.Errorf("after JSON: %v %q", err, back.Sentence("en"))
	}
}

func TestOneProcedureWithinItsProject(t *testing.T) {
	p := house(t)
	put(Step{Call: &Call{Procedure: subUID, Inputs: []Binding{{Name: "room", Value: "user.attributes.room"}}}})(p)
	p.Procedures[1].Alias = "Bad"
	newer, err := Apply(p.Procedures[0], Operation{Do: "set", Step: "again", Path: "inputs.room.name", Value: "hall"})
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(tellAll(check.Procedure(p, newer, options)), ", ")
	if got != "error unknown_callee_input again/inputs.hall, error input_missing again/inputs" {
		t.Errorf("the newer procedure: %s", got)
	}
	if got := tellAll(check.Procedure(p, &Procedure{UID: thirdID, Alias: "lamp", Title: T("x", "x")}, options)); len(got) != 2 {
		t.Errorf("a new procedure: %s", got)
	}
}

// street is a large project: procedures of a hundred steps that ask, test,
// set and call.
func street(steps int) *Project {
	p := &Project{Schema: 1, UID: strings.Repeat("a", 26), Alias: "street", Name: T("Rue", "Street"), Languages: []string{"fr", "en"}}
	for n := range steps / 100 {
		proc := &Procedure{Schema: 1, UID: fmt.Sprintf("%s%c%c%c", strings.Repeat("b", 23), 'a'+n/676%26, 'a'+n/26%26, 'a'+n%26), Alias: fmt.Sprintf("house-%d", n), Entry: true, Title: T("Maison", "House"),
			Variables: []Variable{{Name: "count", Type: TypeNumber, Default: "0"}, {Name: "name", Type: TypeText}}}
		proc.Steps = append(proc.Steps, Step{ID: "start", Next: "step_1", Start: &Start{}})
		for i := 1; i < 98; i++ {
			proc.Steps = append(proc.Steps, streetStep(n, i))
		}
		proc.Steps = append(proc.Steps, Step{ID: "step_98", Title: T("Fini", "Done"), End: &End{Outcome: Solved}}, Step{ID: "bad", Title: T("Tant pis", "Too bad"), End: &End{Outcome: Unsolved}})
		p.Procedures = append(p.Procedures, proc)
	}
	return p
}

func streetStep(n, i int) Step {
	s := Step{ID: fmt.Sprintf("step_%d", i), Next: fmt.Sprintf("step_%d", i+1), OnError: "bad", Title: T("Titre {{ var.count }}", "Title {{ var.count }}"),
		Text: T("Un **texte** assez long, avec {{ user.name }} et une liste.\n\n- un\n- deux", "A rather **long** text, with {{ user.name }} and a list.\n\n- one\n- two")}
	switch i % 4 {
	case 0:
		s.Question = &Question{Answers: []Answer{{ID: "yes", Text: T("Oui", "Yes")}, {ID: "no", Text: T("Non", "No"), To: "bad"}}}
	case 1:
		s.Test = &Test{Rules: []Rule{{ID: "r", If: fmt.Sprintf("var.count > %d and user.attributes.vip", n*100+i), To: "bad"}}}
	case 2:
		s.Set = &Set{Values: []Assignment{{ID: "a", Name: "count", Value: fmt.Sprintf("var.count + %d", n*100+i)}, {ID: "b", Name: "name", Value: "upper(user.name)"}}}
	case 3:
		s.Form = &FormStep{Form: Form{Fields: []Field{{ID: fmt.Sprintf("f%d", i), Type: FieldText, Label: T("Nom", "Name"), Visible: fmt.Sprintf("var.count != %d", n*100+i)}}}}
	}
	return s
}

// The figure is a second (see BenchmarkStreet); machines at work get more.
func TestLargeProjectsAreCheckedInTime(t *testing.T) {
	p := street(10000)
	many := p.Procedures[0].Step("step_4").Question
	for i := range 5000 {
		many.Answers = append(many.Answers, Answer{ID: fmt.Sprintf("a%d", i), Text: T("x", "x"), To: fmt.Sprintf("step_%d", 5+i%90)})
	}
	start := time.Now()
	list := check.Project(p, check.Options{})
	if took := time.Since(start); took > time.Minute {
		t.Errorf("10,000 steps and 5,000 edges on one take %v", took)
	}
	if len(list) != 0 {
		t.Errorf("%d problems, the first: %s %v", len(list), tell(list[0]), list[0])
	}
}

// A chain of 10,000 calls, and everything wrong everywhere, still end.
func TestHostileProjects(t *testing.T) {
	deep := &Project{Languages: []string{"fr"}}
	for i := range 10000 {
		deep.Procedures = append(deep.Procedures, &Procedure{UID: fmt.Sprint("p", i), Variables: []Variable{{Name: "s", Session: true}},
			Steps: []Step{{ID: "start", Next: "call", Start: &Start{}}, {ID: "call", Next: "start", Call: &Call{Procedure: fmt.Sprint("p", (i+1)%10000), Share: true}}}})
	}
	wide := &Procedure{UID: "wide"}
	for i := range 10000 {
		wide.Steps = append(wide.Steps, Step{ID: fmt.Sprint("s", i), Next: fmt.Sprint("s", i*7%10000), OnError: fmt.Sprint("s", i*13%10000), When: fmt.Sprintf("step.s%d.result == var.v%d", i*3%10000, i),
			Set: &Set{Values: []Assignment{{ID: "a", Name: fmt.Sprint("v", i), Value: fmt.Sprintf("var.v%d", (i+5000)%10000)}}}})
		wide.Variables = append(wide.Variables, Variable{Name: fmt.Sprint("v", i), Type: TypeText})
	}
	wide.Steps[0].Set, wide.Steps[0].Start = nil, &Start{}
	for name, p := range map[string]*Project{"calls in a circle of 10,000": deep, "10,000 variables, steps and loops": {Procedures: []*Procedure{wide}}} {
		start := time.Now()
		check.Project(p, check.Options{})
		if took := time.Since(start); took > 2*time.Minute {
			t.Errorf("%s take %v", name, took)
		} else {
			t.Logf("%s: %v", name, took)
		}
	}
}

func BenchmarkStreet(b *testing.B) {
	p := street(10000)
	for b.Loop() {
		check.Project(p, check.Options{})
	}
}

func BenchmarkOneOf500Steps(b *testing.B) {
	p := street(500)
	proc := *p.Procedures[0]
	proc.Steps = nil
	for i, other := range p.Procedures {
		for _, s := range other.Steps {
			s.ID = fmt.Sprintf("%s_%d", s.ID, i)
			proc.Steps = append(proc.Steps, s)
		}
	}
	for b.Loop() {
		check.Procedure(p, &proc, check.Options{})
	}
}

// FuzzProject: whatever can be read can be checked, without a panic and always
// with the same outcome.
func FuzzProject(f *testing.F) {
	file, err := os.ReadFile("../procedure/testdata/lamp.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Add([]byte("schema: 1\nuid: a\nalias: a\ntitle: {fr: \"{{ 1\"}\nsteps: [{id: a, frame: a, box: {}}, {id: b, next: b, each: {body: b, item: x, list: var.x}}, {id: c, call: {procedure: a, share: true}}]\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ReadProcedure(b)
		if err != nil {
			return
		}
		proj := house(t)
		proj.Procedures = append(proj.Procedures, p)
		list := check.Project(proj, options)
		for _, problem := range list {
			if problem.Sentence("fr") == problem.Key {
				t.Errorf("%s has no sentence", problem.Key)
			}
			if problem.Fix != nil {
				_, _ = Apply(p, *problem.Fix)
			}
		}
		if again := check.Project(proj, options); len(again) != len(list) {
			t.Error("another list the second time")
		}
	})
}

package publication

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// common is another project of the domain, with a procedure that it shares and
// one that only that one calls.
func common() *procedure.Project {
	share := func(p *procedure.Procedure) { p.Shared = true }
	return &procedure.Project{
		Schema: procedure.Schema, UID: uid("common", 1), Alias: "common", Name: procedure.T("Commun", "Common"), Languages: []string{"fr", "en"},
		Resources: []procedure.Resource{{ID: "sign", Kind: procedure.KindSnippet, Text: procedure.T("Merci du service commun.", "Thanks from the common service.")}},
		News:      []procedure.News{{ID: "n", Title: procedure.T("Nouvelle commune", "Common news")}},
		Procedures: []*procedure.Procedure{
			tree("create-ticket", procedure.T("Créer un ticket", "Create a ticket"), share, calls("deep"), page("![Merci](resource:sign)", "![Thanks](resource:sign)")),
			tree("deep", procedure.T("Profond", "Deep"), sub),
			tree("apart", procedure.T("À part", "Apart")),
		},
	}
}

func TestABundleHoldsAllThatAnExecutionGoesThrough(t *testing.T) {
	project := helpDesk()
	project.Procedures[1] = tree("screen", procedure.T("Commander un écran", "Order a screen"), in("hardware"), calls("create-ticket"))
	publication := input(project)
	publication.Others = []*procedure.Project{common()}
	b := built(t, publication)

	turn, err := execution.Start(b, execution.Context{ID: "x1", Entry: uid("screen", 0), Version: "1.0", Language: "fr"}, today)
	var shown []string
	for err == nil && turn.Page != nil && turn.Ended == nil {
		shown = append(shown, turn.Page.Title)
		if turn.Page.Title == "Créer un ticket" && !strings.Contains(turn.Page.Body, "service commun") {
			t.Errorf("the resource of the other project is not there: %s", turn.Page.Body)
		}
		turn, err = execution.Advance(b, turn.State, execution.Input{Kind: execution.DoAnswer, Step: turn.Page.Step, Data: "next"}, today)
	}
	if want := "Profond > Créer un ticket > Commander un écran"; err != nil || strings.Join(shown, " > ") != want {
		t.Errorf("went through %q, want %q (%v)", strings.Join(shown, " > "), want, err)
	}

	if _, err := b.Program(uid("apart", 0)); !fault.Is(err, fault.NotFound) {
		t.Errorf("what nobody calls was taken in: %v", err)
	}
	for _, alias := range []string{"create-ticket", "deep"} {
		if _, err := b.Entry(alias); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s, of another project, has an address here: %v", alias, err)
		}
	}
	portal, err := NewPortal(Offer{Bundle: b})
	if err != nil {
		t.Fatal(err)
	}
	r, err := portal.Search("ticket profond", Filter{Reader: colleague, Lang: "fr", Now: today})
	if err != nil || len(r.Hits) != 0 {
		t.Errorf("found %v, %v", aliasesOf(r.Hits), err)
	}
}

func TestWhatIsCalledMustBeShared(t *testing.T) {
	project := helpDesk()
	project.Procedures[1] = tree("screen", procedure.T("Commander un écran", "Order a screen"), calls("apart"))
	publication := input(project)
	publication.Others = []*procedure.Project{common()}
	refusal, ok := errors.AsType[*Refusal](examined(publication))
	if !ok || refusal.Errors != 1 {
		t.Errorf("got %+v", refusal)
	}
}

func TestProblemsAreRefusedWithTheirPlaces(t *testing.T) {
	project := helpDesk()
	project.Procedures[0].Steps[0].Start = nil
	project.Procedures[1].Steps[1].Next = ""
	key, _ := keyOf('a')
	_, err := Build(t.TempDir(), input(project), key)
	refusal, ok := errors.AsType[*Refusal](err)
	if !ok || refusal.Errors < 2 || !fault.Is(err, fault.Invalid) {
		t.Fatalf("got %v", err)
	}
	places := map[string]bool{}
	for _, p := range refusal.Problems {
		places[p.Place.Procedure] = true
	}
	if !places[uid("printer", 0)] || !places[uid("screen", 0)] {
		t.Errorf("got %+v", refusal.Problems)
	}
}

func TestScenariosMustHoldWhenTheProjectSaysSo(t *testing.T) {
	scenario := func(id string, outcome procedure.Outcome) *procedure.Scenario {
		return &procedure.Scenario{
			Schema: procedure.Schema, ID: id, Name: id, Procedure: uid("screen", 0), Language: "fr",
			Moves: []procedure.Move{{Step: "page", Answer: "next"}}, Expect: procedure.Expect{Outcome: outcome},
		}
	}
	project := helpDesk()
	project.Scenarios = []*procedure.Scenario{scenario("good", procedure.Solved), scenario("bad", procedure.Escalated)}
	if err := examined(input(project)); err != nil {
		t.Errorf("not asked for: %v", err)
	}
	project.Settings.GreenScenarios = true
	refusal, ok := errors.AsType[*Refusal](examined(input(project)))
	if !ok || len(refusal.Scenarios) != 1 || refusal.Scenarios[0].ID != "bad" || refusal.Errors != 0 {
		t.Errorf("got %+v", refusal)
	}
	project.Scenarios = project.Scenarios[:1]
	if err := examined(input(project)); err != nil {
		refusal, _ := errors.AsType[*Refusal](err)
		t.Errorf("all hold: %v", refusal.Scenarios[0].Differences)
	}
}

func TestProgramsAreKeptWithinBounds(t *testing.T) {
	b := built(t, input(generate(200, 10)))
	one, err := b.Program(uid("procedure", 7))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := b.Program(uid("procedure", 7)); err != nil || again != one {
		t.Errorf("a program in use was compiled again (%v)", err)
	}
	memory := b.programs.memory
	memory.bound = 20 * memory.order[0].size
	var wait sync.WaitGroup
	for n := range 8 {
		wait.Go(func() {
			for i := range 400 {
				if _, err := b.Program(uid("procedure", (i*7+n)%200)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	kept := 0
	b.programs.kept.Range(func(any, any) bool { kept++; return true })
	if kept != len(memory.order) || kept < 10 || kept > 30 || memory.size > memory.bound {
		t.Errorf("%d kept, %d in order, %d bytes of %d", kept, len(memory.order), memory.size, memory.bound)
	}
	if _, err := b.Program("nobody"); !fault.Is(err, fault.NotFound) {
		t.Errorf("got %v", err)
	}
	if b.Close(); memory.size != 0 || len(memory.order) != 0 {
		t.Errorf("a closed bundle left %d programs", len(memory.order))
	}
}

func TestWhatWritersNoteStaysHome(t *testing.T) {
	project := helpDesk()
	p := project.Procedures[1]
	p.Note, p.Owner, p.Folder = "note of the procedure", "marie", "drafts"
	p.Steps[1].Note = "note of the step"
	p.Steps = append(p.Steps, procedure.Step{ID: "sticky", Note: "note on the canvas", Sticky: &procedure.Sticky{}})
	project.Resources = append(project.Resources, procedure.Resource{ID: "noted", Kind: procedure.KindSnippet, Note: "note of the resource", Text: procedure.T("Oui", "Yes")})
	b := built(t, input(project))
	for _, r := range b.project.Resources {
		if r.Note != "" {
			t.Errorf("the bundle tells %q", r.Note)
		}
	}
	got, _, _, err := b.procedure(p.UID)
	if err != nil {
		t.Fatal(err)
	}
	if got.Note+got.Owner+got.Folder+got.Steps[1].Note != "" || len(got.Steps) != 3 {
		t.Errorf("got %+v", got)
	}
	if p.Note == "" || len(p.Steps) != 4 {
		t.Error("the input was changed")
	}
}

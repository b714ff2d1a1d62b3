package demo

import (
	"cmp"
	"encoding/json"
	"testing"
	"time"

	"selfhelp/app/edition"
	"selfhelp/app/execution"
	"selfhelp/app/login"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/store"
)

// monday is when the tests seed.
var monday = time.Date(2026, 11, 23, 16, 0, 0, 0, lyon)

func seed(t *testing.T) (*store.Store, *edition.Edition) {
	t.Helper()
	dir, clock := t.TempDir(), &Clock{}
	st, err := store.Open(t.Context(), dir, store.Options{Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	ed, err := edition.Open(t.Context(), st, dir+"/bundles", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ed.Close() })
	began := time.Now()
	if done, err := Seed(t.Context(), st, ed, clock, monday); err != nil || !done {
		t.Fatal(done, err)
	}
	t.Logf("seeded in %v", time.Since(began))
	return st, ed
}

func TestSeed(t *testing.T) {
	st, ed := seed(t)
	ctx := t.Context()
	if again, err := Seed(ctx, st, ed, &Clock{}, monday); again || err != nil {
		t.Errorf("a platform that has accounts was filled again: %v", err)
	}
	for _, a := range Accounts() {
		u, err := st.Content.UserByLogin(ctx, a.Login)
		if err != nil {
			t.Fatal(err)
		}
		if ok, _, _ := login.Verify(t.Context(), login.First, u.Password, a.Password); !ok || (login.Rule{}).Check(a.Password, a.Login) != nil {
			t.Errorf("%s cannot sign in with %s", a.Login, a.Password)
		}
	}
	outcomes, executions, turns := map[procedure.Outcome]int{}, 0, int64(0)
	for _, alias := range []string{HelpDesk, Onboarding} {
		project, err := st.Content.ProjectByAlias(ctx, production, alias)
		if err != nil {
			t.Fatal(err)
		}
		page, err := st.Activity.Executions(ctx, store.ExecutionFilter{Project: project.ID, Limit: outings})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Executions {
			outcomes[e.Outcome]++
			executions++
			turns += e.Turns
			if got := reported(t, st, ed, project, e); got != e.Outcome && e.Outcome != procedure.Abandoned {
				t.Errorf("%s by %s ended as %q, its report says %q", e.Alias, e.User, e.Outcome, got)
			}
		}
		notes, err := st.Activity.Postits(ctx, store.PostitFilter{Project: project.ID, Limit: 100})
		if err != nil || len(notes) == 0 {
			t.Errorf("%s: %d post-its, %v", alias, len(notes), err)
		}
		said, err := st.Activity.Feedbacks(ctx, project.ID, time.Time{}, 500)
		if err != nil || len(said) == 0 {
			t.Errorf("%s: %d opinions, %v", alias, len(said), err)
		}
		vain, err := st.Activity.CountSearches(ctx, project.ID, monday.AddDate(0, 0, -pastDays), monday, true, 50)
		if err != nil || len(vain) == 0 {
			t.Errorf("%s: %d searches in vain, %v", alias, len(vain), err)
		}
		lines, err := st.Content.Procedures(ctx, project.ID)
		if err != nil {
			t.Fatal(err)
		}
		days, steps := map[string]bool{}, map[string]*procedure.Procedure{}
		for _, l := range lines {
			days[l.Changed.Format(time.DateOnly)] = true
			p, err := st.Content.Procedure(ctx, project.ID, l.UID)
			if err != nil {
				t.Fatal(err)
			}
			steps[l.UID] = p.Data
		}
		if len(days) < 8 {
			t.Errorf("%s: its procedures were all written on %d days", alias, len(days))
		}
		for _, f := range said {
			if p := steps[cmp.Or(f.Within, f.Procedure)]; f.Step != "" && p.Step(f.Step) == nil {
				t.Errorf("%s: an opinion stands at a step %s that %s does not have", alias, f.Step, p.Alias)
			}
		}
		t.Logf("%s: %d executions, %d post-its, %d opinions, in vain %v", alias, len(page.Executions), len(notes), len(said), vain)
	}
	t.Logf("%d executions of %d turns: %v", executions, turns, outcomes)
	if solved := 100 * outcomes[procedure.Solved] / executions; executions != outings || solved < 50 || solved > 70 {
		t.Errorf("%d executions, %d %% solved", executions, solved)
	}
}

// reported is the outcome that the report of an execution tells.
func reported(t *testing.T, st *store.Store, ed *edition.Edition, project store.Project, e store.Execution) procedure.Outcome {
	t.Helper()
	hold := ed.Shelf().Hold()
	defer hold.Release()
	number, _ := publication.ParseNumber(e.Version)
	bundle, err := hold.Version(project.Domain, project.Data.UID, number)
	if err != nil {
		t.Fatal(err)
	}
	turns, err := st.Activity.Turns(t.Context(), e.ID)
	if err != nil {
		t.Fatal(err)
	}
	var events []execution.Event
	for _, turn := range turns {
		var some []execution.Event
		if err := json.Unmarshal(turn.Events, &some); err != nil {
			t.Fatal(err)
		}
		events = append(events, some...)
	}
	return execution.Report(bundle, events).Outcome
}

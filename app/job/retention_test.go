package job

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"slices"
	"testing"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store"
	"selfhelp/store/clocktest"
)

var begin = time.Date(2026, 1, 10, 9, 0, 0, 0, time.UTC)

func openStore(t *testing.T) (*store.Store, *clocktest.Clock) {
	t.Helper()
	now := clocktest.At(begin)
	st, err := store.Open(t.Context(), t.TempDir(), store.Options{Now: now.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st, now
}

// ran keeps an execution of a user that began at a time.
func ran(t *testing.T, st *store.Store, id, project, user string, at time.Time, ended bool) {
	t.Helper()
	e := store.Execution{ID: id, Project: project, Procedure: "u", Alias: "a", Version: "1.0", User: user, Started: at}
	first := store.Turn{Execution: id, Input: "start", Step: "ask", At: at, Events: json.RawMessage(`[]`), State: []byte("s"), Ended: ended, Outcome: procedure.Solved}
	if !ended {
		first.Outcome = ""
	}
	if err := st.Activity.StartExecution(t.Context(), e, first); err != nil {
		t.Fatal(err)
	}
}

// TestRetention lets a year and a half go by: each thing goes when its rule says.
func TestRetention(t *testing.T) {
	st, now := openStore(t)
	ctx := t.Context()
	short, err := st.Content.CreateProject(ctx, "production", &procedure.Project{UID: "shortprojectaaaaaaaaaaaaaa", Alias: "short", Settings: procedure.Settings{RetentionDays: 20}}, "test")
	if err != nil {
		t.Fatal(err)
	}
	long, err := st.Content.CreateProject(ctx, "production", &procedure.Project{UID: "longprojectaaaaaaaaaaaaaaa", Alias: "long", Settings: procedure.Settings{RetentionDays: 3000}}, "test")
	if err != nil {
		t.Fatal(err)
	}
	ran(t, st, "of-short", short.ID, "ada", begin, true)
	ran(t, st, "of-long", long.ID, "ada", begin, true)
	ran(t, st, "of-other", "other", "ada", begin, true)
	ran(t, st, "idle", "other", "ada", begin, false)
	if _, err := st.Activity.AddSearch(ctx, store.Search{At: begin, Project: "other", Query: "wifi"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		after time.Duration
		want  Done
		left  []string
	}{
		{24 * time.Hour, Done{}, []string{"idle", "of-long", "of-other", "of-short"}},
		{8 * 24 * time.Hour, Done{Abandoned: 1}, []string{"idle", "of-long", "of-other", "of-short"}},
		{21 * 24 * time.Hour, Done{Executions: 1}, []string{"idle", "of-long", "of-other"}},
		{31 * 24 * time.Hour, Done{Pseudonymised: 3}, []string{"idle", "of-long", "of-other"}},
		{500 * 24 * time.Hour, Done{Executions: 2, Searches: 1}, []string{"of-long"}},
		{501 * 24 * time.Hour, Done{}, []string{"of-long"}},
	} {
		now.Set(begin.Add(c.after))
		done, err := Retain(ctx, st, now.Now())
		if err != nil || done != c.want {
			t.Errorf("after %s: %+v, %v; want %+v", c.after, done, err, c.want)
		}
		page, err := st.Activity.Executions(ctx, store.ExecutionFilter{})
		if err != nil {
			t.Fatal(err)
		}
		var left []string
		for _, e := range page.Executions {
			left = append(left, e.ID)
		}
		if slices.Sort(left); !slices.Equal(left, c.left) {
			t.Errorf("after %s %v are left, want %v", c.after, left, c.left)
		}
	}
	e, err := st.Activity.Execution(ctx, "of-long")
	if err != nil || e.User != st.Keys.Pseudonym("ada") || !e.Pseudonym {
		t.Errorf("got %+v, %v", e, err)
	}
	entries, err := st.Content.AuditLike(ctx, store.AuditFilter{Who: []string{"retention"}})
	if err != nil || len(entries) != 4 || string(entries[0].Detail) != `{"executions":2,"searches":1}` {
		t.Errorf("%d entries in the audit, %v: %s", len(entries), err, entries[0].Detail)
	}
}

// TestTheRuleIsKeptInBounds saves rules that nobody can mean.
func TestTheRuleIsKeptInBounds(t *testing.T) {
	st, _ := openStore(t)
	ctx := t.Context()
	r, version, err := ReadRule(ctx, st.Content)
	if err != nil || r != DefaultRule || version != 0 {
		t.Fatalf("%+v, %d, %v", r, version, err)
	}
	err = SaveRule(ctx, st.Content, Rule{Months: 0, Names: -1, Idle: 1000}, version, "test")
	if fields := fault.FieldsOf(err); len(fields) != 3 {
		t.Errorf("got %v: %v", err, fields)
	}
	err = SaveRule(ctx, st.Content, Rule{Months: 121, Names: 3651, Idle: 366}, version, "test")
	if fields := fault.FieldsOf(err); len(fields) != 3 {
		t.Errorf("one above the bounds: %v: %v", err, fields)
	}
	want := Rule{Months: 120, Names: 3650, Idle: 365}
	if err := SaveRule(ctx, st.Content, want, version, "test"); err != nil {
		t.Fatal(err)
	}
	if r, _, err := ReadRule(ctx, st.Content); err != nil || r != want {
		t.Errorf("%+v, %v", r, err)
	}
	if err := SaveRule(ctx, st.Content, want, version, "test"); !fault.Is(err, fault.Conflict) {
		t.Errorf("an older form was saved: %v", err)
	}
}

// TestDaily gives it ticks of a fake clock.
func TestDaily(t *testing.T) {
	ticks := make(chan time.Time, 10)
	for _, hours := range []int{0, 1, 14, 15, 16, 40, 200} {
		ticks <- begin.Add(time.Duration(hours) * time.Hour)
	}
	close(ticks)
	var done []string
	calls := 0
	Daily(context.Background(), ticks, func(now time.Time) error {
		if calls++; calls == 2 {
			return errors.New("the disk is full")
		}
		done = append(done, now.Format("02 15h"))
		return nil
	})
	if want := []string{"10 09h", "11 01h", "12 01h", "18 17h"}; !slices.Equal(done, want) {
		t.Errorf("done %v, want %v", done, want)
	}
}

package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store/db"
)

// journey keeps an execution of n turns that ended with an outcome, or goes on
// when there is none.
func journey(t *testing.T, s *Store, e Execution, n int, outcome procedure.Outcome) string {
	t.Helper()
	e.ID = NewID()
	check(t, s.Activity.StartExecution(t.Context(), e, Turn{Step: "s1", At: e.Started, State: []byte("sealed")}))
	for k := 2; k <= n; k++ {
		u := Turn{Execution: e.ID, Parent: int64(k) - 1, Input: "i", Step: fmt.Sprint("s", k), At: e.Started.Add(time.Duration(k) * time.Second),
			State: []byte("sealed"), Events: json.RawMessage(`[{"kind":"answer"}]`), Edges: []Passage{{e.Procedure, fmt.Sprint("s", k-1), "next"}}}
		u.Ended, u.Outcome = k == n && outcome != "", outcome
		_, _, err := s.Activity.AppendTurn(t.Context(), u)
		check(t, err)
	}
	return e.ID
}

func TestTurns(t *testing.T) {
	s, c := open(t)
	ctx := t.Context()
	project, uid := NewID(), NewID()
	id := journey(t, s, Execution{Project: project, Procedure: uid, Alias: "lamp", Version: "1.0", User: "ada", Started: c.now()}, 3, procedure.Solved)
	now := c.now()
	solved := func() (started, solved, unsolved int64) {
		t.Helper()
		p := must[[]Popular](t)(s.Activity.Populars(ctx, project, now, now, 1))
		return p[0].Started, p[0].Outcomes[procedure.Solved], p[0].Outcomes[procedure.Unsolved]
	}
	if a, b, c := solved(); a != 1 || b != 1 || c != 0 {
		t.Errorf("counted %d, %d, %d", a, b, c)
	}

	// Back to the second page, another answer: it goes on, and ends otherwise.
	u, again, err := s.Activity.AppendTurn(ctx, Turn{Execution: id, Parent: 2, Input: "other", Step: "s9", At: now})
	if err != nil || again || u.Seq != 4 {
		t.Fatalf("got %+v, %v, %v", u, again, err)
	}
	if e := must[Execution](t)(s.Activity.Execution(ctx, id)); !e.Ended.IsZero() || e.Outcome != "" || e.Step != "s9" || e.Turns != 4 {
		t.Errorf("got %+v", e)
	}
	_, _, err = s.Activity.AppendTurn(ctx, Turn{Execution: id, Parent: 4, Input: "no", Step: "end", At: now, Ended: true, Outcome: procedure.Unsolved})
	check(t, err)
	if a, b, c := solved(); a != 1 || b != 0 || c != 1 {
		t.Errorf("counted %d, %d, %d", a, b, c)
	}

	_, _, err = s.Activity.AppendTurn(ctx, Turn{Execution: id, Parent: 99, Input: "x"})
	refused(t, err, fault.NotFound, "")
	_, _, err = s.Activity.AppendTurn(ctx, Turn{Execution: NewID(), Parent: 0})
	refused(t, err, fault.NotFound, "")
	refused(t, s.Activity.StartExecution(ctx, Execution{ID: id, Project: project, Procedure: uid, Started: now}, Turn{}), fault.Conflict, "fault.execution.taken")
	if a, _, _ := solved(); a != 1 {
		t.Errorf("%d started", a)
	}

	turns := must[[]Turn](t)(s.Activity.Turns(ctx, id))
	if len(turns) != 5 || turns[3].Parent != 2 || string(turns[1].Events) != `[{"kind":"answer"}]` || string(turns[0].State) != "sealed" || string(turns[3].Events) != "null" {
		t.Errorf("got %+v", turns)
	}
	if last := must[Turn](t)(s.Activity.Turn(ctx, id, 0)); last.Seq != 5 {
		t.Errorf("got %+v", last)
	}
	_, err = s.Activity.Turn(ctx, id, 6)
	refused(t, err, fault.NotFound, "")
	if p := must[[]PassageCount](t)(s.Activity.Passages(ctx, project, uid, "1.0", now, now)); len(p) != 2 || p[0].Step != "s1" || p[0].Times != 1 {
		t.Errorf("got %+v", p)
	}
	if p := must[[]PassageCount](t)(s.Activity.Passages(ctx, project, uid, "2.0", now, now)); len(p) != 0 {
		t.Errorf("got %+v", p)
	}
	if r := must[[]Recent](t)(s.Activity.Recents(ctx, "ada", "", 10)); len(r) != 1 || r[0].Procedure != uid {
		t.Errorf("got %+v", r)
	}
}

func TestTestsAreNotCounted(t *testing.T) {
	s, c := open(t)
	e := Execution{Project: "p", Procedure: "u", Alias: "a", User: "ada", Test: true, Started: c.now()}
	journey(t, s, e, 3, procedure.Solved)
	if n := must[int64](t)(db.One(t.Context(), s.Activity.DB, db.ScanNumber, "SELECT (SELECT count(*) FROM passage) + (SELECT count(*) FROM popular) + (SELECT count(*) FROM recent)")); n != 0 {
		t.Errorf("%d counters", n)
	}
}

func TestPause(t *testing.T) {
	s, c := open(t)
	ctx := t.Context()
	id := startOne(t, s, c, "p")
	check(t, s.Activity.PauseExecution(ctx, id, "hash-of-code", "la lampe de Zoé"))
	if e := must[Execution](t)(s.Activity.PausedExecution(ctx, []string{"of another key", "hash-of-code"})); e.ID != id || e.Label != "la lampe de Zoé" {
		t.Errorf("got %+v", e)
	}
	refused(t, s.Activity.PauseExecution(ctx, startOne(t, s, c, "p"), "hash-of-code", ""), fault.Conflict, "")
	check(t, s.Activity.PauseExecution(ctx, id, "", ""))
	for _, code := range []string{"hash-of-code", ""} {
		_, err := s.Activity.PausedExecution(ctx, []string{code})
		refused(t, err, fault.NotFound, "")
	}
	refused(t, s.Activity.PauseExecution(ctx, "none", "x", ""), fault.NotFound, "")
}

// TestExecutionsByPages goes through every order by pages, while new ones come
// in: each is seen once, in order.
func TestExecutionsByPages(t *testing.T) {
	s, c := open(t)
	ctx := t.Context()
	start := c.now()
	for i := range 60 {
		c.pass(time.Second)
		e := Execution{Project: fmt.Sprint("p", i%2), Procedure: fmt.Sprint("u", i%3), Alias: fmt.Sprintf("lamp-%d_%d%%", i%3, i), Version: "1.0", Channel: "portal", User: fmt.Sprint("user", i%4), Started: start}
		if i%3 > 0 {
			e.Started = c.now() // a third began at the same instant
		}
		outcome := []procedure.Outcome{procedure.Solved, procedure.Unsolved, ""}[i%3]
		journey(t, s, e, 1+i%5, outcome)
	}
	all := must[ExecutionPage](t)(s.Activity.Executions(ctx, ExecutionFilter{})).Executions
	for sort, order := range executionSorts {
		for _, up := range []bool{false, true} {
			f := ExecutionFilter{Sort: sort, Ascending: up, Limit: 7}
			var seen []Execution
			for {
				page := must[ExecutionPage](t)(s.Activity.Executions(ctx, f))
				seen = append(seen, page.Executions...)
				if f.After = page.Next; f.After == "" {
					break
				}
			}
			sorted := slices.IsSortedFunc(seen, func(a, b Execution) int {
				d := int(order.key(a) - order.key(b))
				if !up {
					d = -d
				}
				return d
			})
			ids := map[string]bool{}
			for _, e := range seen {
				ids[e.ID] = true
			}
			want := len(all)
			if sort == "duration" {
				want -= 28 // those that go on
			}
			if !sorted || len(seen) != want || len(ids) != want {
				t.Errorf("%s, up %v: %d seen, %d different, sorted %v", sort, up, len(seen), len(ids), sorted)
			}
		}
	}
	for name, x := range map[string]struct {
		f    ExecutionFilter
		want int
	}{
		"project":    {ExecutionFilter{Project: "p1"}, 30},
		"procedure":  {ExecutionFilter{Procedure: "u2"}, 20},
		"solved":     {ExecutionFilter{Outcome: procedure.Solved}, 16}, // those of one turn have not ended
		"open":       {ExecutionFilter{Open: true}, 28},
		"version":    {ExecutionFilter{Version: "2.0"}, 0},
		"channel":    {ExecutionFilter{Channel: "portal", Procedure: "u0"}, 20},
		"test":       {ExecutionFilter{Test: true}, 0},
		"from":       {ExecutionFilter{From: start.Add(30 * time.Second)}, 21},
		"to":         {ExecutionFilter{To: start.Add(time.Microsecond)}, 20},
		"text":       {ExecutionFilter{Text: "LAMP-1"}, 20},
		"step":       {ExecutionFilter{Text: "s5"}, 12},
		"user":       {ExecutionFilter{Text: "user3"}, 15},
		"person":     {ExecutionFilter{User: "user3"}, 15},
		"visitors":   {ExecutionFilter{Visitor: true}, 0},
		"id":         {ExecutionFilter{Text: all[0].ID}, 1},
		"wildcard":   {ExecutionFilter{Text: "lamp%9"}, 0},
		"any":        {ExecutionFilter{Text: "lamp-2_"}, 20},
		"underscore": {ExecutionFilter{Text: "lamp_2"}, 0},
		"injection":  {ExecutionFilter{Text: "' OR 1=1 --", Project: "'; DROP TABLE execution; --"}, 0},
	} {
		if got := must[ExecutionPage](t)(s.Activity.Executions(ctx, x.f)); len(got.Executions) != x.want {
			t.Errorf("%s: %d executions, want %d", name, len(got.Executions), x.want)
		}
	}
	if own := must[[]Execution](t)(s.Activity.ExecutionsOf(ctx, "user1", nil, 100)); len(own) != 15 || own[0].Started.Before(own[14].Started) {
		t.Errorf("%d of one's own", len(own))
	}
	if own := must[[]Execution](t)(s.Activity.ExecutionsOf(ctx, "", []string{""}, 100)); len(own) != 0 {
		t.Errorf("nobody has %d executions", len(own))
	}
}

// An order or a page from the address is from our list, or refused.
func TestHostileLists(t *testing.T) {
	s, _ := open(t)
	for _, sort := range []string{"id", "user", "started DESC; DROP TABLE turn", "1", "started--", "(SELECT 1)", "Started"} {
		_, err := s.Activity.Executions(t.Context(), ExecutionFilter{Sort: sort})
		refused(t, err, fault.Invalid, "fault.list.sort")
	}
	for _, page := range []string{"x", "1", "1.", ".1", "1.x", "1.2.3", "1e9.1", "99999999999999999999.1", "' OR 1=1", "1 .1", "$.a"} {
		_, err := s.Activity.Executions(t.Context(), ExecutionFilter{After: page})
		refused(t, err, fault.Invalid, "fault.list.page")
	}
	for _, limit := range []int{-5, 0, 1 << 40} {
		must[ExecutionPage](t)(s.Activity.Executions(t.Context(), ExecutionFilter{Limit: limit}))
	}
}

func FuzzCursor(f *testing.F) {
	for _, seed := range []string{"", "1.2", "-1.-2", "1", "x.y", "9223372036854775808.0", "1.2.3", "+1.0x2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		key, n, err := readCursor(s)
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", s, err)
		}
		if err == nil && s != "" && !strings.Contains(s, ".") {
			t.Errorf("%q was read as %d, %d", s, key, n)
		}
	})
}

// TestOneEffect claims the effect of one key many times at once, as parallel
// posts of the same answer do: it is for one to perform.
func TestOneEffect(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	var wg sync.WaitGroup
	var mine atomic.Int32
	for range 20 {
		wg.Go(func() {
			c, first, err := s.Activity.ClaimEffect(ctx, "ticket-1", "x")
			if err != nil || c.Key != "ticket-1" || c.Done {
				t.Errorf("got %+v, %v", c, err)
			}
			if first {
				mine.Add(1)
			}
		})
	}
	wg.Wait()
	if mine.Load() != 1 {
		t.Fatalf("%d perform it", mine.Load())
	}
	check(t, s.Activity.SettleClaim(ctx, "ticket-1", json.RawMessage(`{"number":"I1"}`)))
	check(t, s.Activity.SettleClaim(ctx, "ticket-1", json.RawMessage(`{"number":"I2"}`)))
	check(t, s.Activity.ReleaseClaim(ctx, "ticket-1")) // too late
	c, first, err := s.Activity.ClaimEffect(ctx, "ticket-1", "x")
	if err != nil || first || !c.Done || string(c.Result) != `{"number":"I1"}` {
		t.Errorf("got %+v, %v, %v", c, first, err)
	}
	must[Claim](t)(dropBool(s.Activity.ClaimEffect(ctx, "ticket-2", "x")))
	check(t, s.Activity.ReleaseClaim(ctx, "ticket-2"))
	if _, first, _ = s.Activity.ClaimEffect(ctx, "ticket-2", "x"); !first {
		t.Error("a released claim cannot be taken")
	}
}

func dropBool[T any](v T, _ bool, err error) (T, error) { return v, err }

func TestOutbox(t *testing.T) {
	s, c := open(t)
	ctx := context.Background()
	take := func() []Message { t.Helper(); return must[[]Message](t)(s.Activity.TakeDue(ctx, time.Minute, 10)) }
	for range 3 {
		check(t, s.Activity.Enqueue(ctx, Message{Kind: "mail", Key: "welcome-ada", Payload: json.RawMessage(`{"to":"ada"}`)}))
	}
	check(t, s.Activity.Enqueue(ctx, Message{Kind: "publish", Key: "later", Due: c.now().Add(time.Hour)}))
	due := take()
	if len(due) != 1 || due[0].Attempts != 1 || string(due[0].Payload) != `{"to":"ada"}` {
		t.Fatalf("got %+v", due)
	}
	if again := take(); len(again) != 0 {
		t.Errorf("taken twice: %+v", again)
	}
	c.pass(2 * time.Minute) // its taker died
	if due = take(); len(due) != 1 || due[0].Attempts != 2 {
		t.Fatalf("got %+v", due)
	}
	check(t, s.Activity.MessageLater(ctx, due[0].ID, c.now().Add(time.Minute), "no answer"))
	if due = take(); len(due) != 0 {
		t.Errorf("got %+v", due)
	}
	c.pass(2 * time.Minute)
	if due = take(); len(due) != 1 || due[0].Error != "no answer" {
		t.Fatalf("got %+v", due)
	}
	check(t, s.Activity.MessageFailed(ctx, due[0].ID, "no such address"))
	if m := must[[]Message](t)(s.Activity.Messages(ctx, MessageFailed, "", 0, 10)); len(m) != 1 || m[0].Error != "no such address" {
		t.Errorf("got %+v", m)
	}
	check(t, s.Activity.MessageAgain(ctx, due[0].ID))
	if due = take(); len(due) != 1 || due[0].Attempts != 1 {
		t.Fatalf("got %+v", due)
	}
	check(t, s.Activity.MessageDone(ctx, due[0].ID))
	refused(t, s.Activity.MessageAgain(ctx, due[0].ID), fault.NotFound, "")
	check(t, s.Activity.Enqueue(ctx, Message{Kind: "mail", Key: "welcome-ada"})) // done is done
	c.pass(2 * time.Hour)
	if due = take(); len(due) != 1 || due[0].Key != "later" {
		t.Errorf("got %+v", due)
	}
	if n := must[int64](t)(s.Activity.PurgeMessages(ctx, c.now(), 10)); n != 1 {
		t.Errorf("purged %d", n)
	}
}

func TestPostits(t *testing.T) {
	s, c := open(t)
	ctx := t.Context()
	a, b := startOne(t, s, c, "p"), startOne(t, s, c, "q")
	first := must[int64](t)(s.Activity.AddPostit(ctx, Postit{Execution: a, Step: "ask", Text: "Le lien est mort\n<script>", At: c.now()}, Message{Kind: "mail", Key: "postit-1"}))
	second := must[int64](t)(s.Activity.AddPostit(ctx, Postit{Execution: b, Step: "ask", Text: "Merci", At: c.now()}))
	_, err := s.Activity.AddPostit(ctx, Postit{Execution: "none", Text: "x"}, Message{Kind: "mail", Key: "postit-2"})
	refused(t, err, fault.NotFound, "")
	if m := must[[]Message](t)(s.Activity.Messages(ctx, MessageWaiting, "", 0, 10)); len(m) != 1 {
		t.Errorf("%d messages", len(m))
	}
	p := must[[]Postit](t)(s.Activity.Postits(ctx, PostitFilter{}))
	if len(p) != 2 || p[0].ID != second || p[1].Text != "Le lien est mort\n<script>" || p[1].Execution != a || p[1].Project != "p" {
		t.Errorf("got %+v", p)
	}
	check(t, s.Activity.ReadPostit(ctx, first))
	check(t, s.Activity.AnswerPostit(ctx, second, "Avec plaisir", "bob"))
	refused(t, s.Activity.AnswerPostit(ctx, 99, "x", "bob"), fault.NotFound, "")
	p = must[[]Postit](t)(s.Activity.Postits(ctx, PostitFilter{Execution: b}))
	if len(p) != 1 || p[0].Answer != "Avec plaisir" || p[0].AnsweredBy != "bob" || p[0].Read.IsZero() {
		t.Errorf("got %+v", p)
	}
	for f, want := range map[PostitFilter]int{
		{Unread: true}: 0, {Project: "p"}: 1, {Project: "p", Procedure: "q"}: 0, {Before: second}: 1, {Limit: 1}: 1,
	} {
		if got := must[[]Postit](t)(s.Activity.Postits(ctx, f)); len(got) != want {
			t.Errorf("%+v: %d post-its", f, len(got))
		}
	}
	if n := must[int64](t)(s.Activity.CountUnreadPostits(ctx, "p")); n != 0 {
		t.Errorf("%d unread", n)
	}
}

func TestFeedback(t *testing.T) {
	s, c := open(t)
	ctx := t.Context()
	from, id := c.now(), startOne(t, s, c, "p")
	check(t, s.Activity.SetFeedback(ctx, Feedback{Execution: id, Scale: procedure.ScaleFive, Score: 2, At: c.now()}))
	check(t, s.Activity.SetFeedback(ctx, Feedback{Execution: id, Scale: procedure.ScaleFive, Score: 5, Comment: "Parfait", At: c.now()}))
	check(t, s.Activity.SetFeedback(ctx, Feedback{Execution: id, Step: "ask", Score: 1, At: c.now()}))
	refused(t, s.Activity.SetFeedback(ctx, Feedback{Execution: "none"}), fault.NotFound, "")
	if f := must[[]Feedback](t)(s.Activity.FeedbacksOf(ctx, id)); len(f) != 2 || f[1].Comment != "Parfait" || f[1].Score != 5 || f[1].Procedure != "p" {
		t.Errorf("got %+v", f)
	}
	if f := must[[]Feedback](t)(s.Activity.Feedbacks(ctx, "other", time.Time{}, 10)); len(f) != 0 {
		t.Errorf("got %+v", f)
	}
	want := []Score{{"p", procedure.ScaleThumbs, 1, 1}, {"p", procedure.ScaleFive, 5, 1}}
	if got := must[[]Score](t)(s.Activity.Scores(ctx, "p", from, c.now())); !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestSearches(t *testing.T) {
	s, c := open(t)
	ctx := t.Context()
	from := c.now()
	var last int64
	for _, q := range []Search{{Query: "imprimante", Hits: 3}, {Query: "imprimante", Hits: 4}, {Query: "xyzzy"}, {Query: "café\n\x1b[2J"}} {
		q.Project, q.Language, q.At = "p", "fr", c.now()
		last = must[int64](t)(s.Activity.AddSearch(ctx, q))
	}
	check(t, s.Activity.ClickSearch(ctx, 1, "uid"))
	refused(t, s.Activity.ClickSearch(ctx, last+1, "uid"), fault.NotFound, "")
	if got := must[[]Search](t)(s.Activity.Searches(ctx, "p", last, 10)); len(got) != 3 || got[0].Query != "xyzzy" || got[2].Clicked != "uid" {
		t.Errorf("got %+v", got)
	}
	top := must[[]SearchCount](t)(s.Activity.CountSearches(ctx, "", from, c.now(), false, 10))
	if len(top) != 3 || top[0] != (SearchCount{"imprimante", "fr", 2, 1, 4}) {
		t.Errorf("got %+v", top)
	}
	if none := must[[]SearchCount](t)(s.Activity.CountSearches(ctx, "p", from, c.now(), true, 10)); len(none) != 2 {
		t.Errorf("got %+v", none)
	}
	if n := must[int64](t)(s.Activity.PurgeSearches(ctx, c.now(), 3)); n != 3 {
		t.Errorf("purged %d", n)
	}
}

// TestStanding reads an execution with where it stands, also when its turns
// are no longer kept.
func TestStanding(t *testing.T) {
	s, c := open(t)
	id := journey(t, s, Execution{Project: "p1", Procedure: "u1", Started: c.now()}, 2, "")
	got, err := s.Activity.Standing(t.Context(), id)
	if err != nil || got.ID != id || got.Last.Seq != got.Turns || got.Last.Seq == 0 {
		t.Errorf("%+v %v", got, err)
	}
	check(t, s.Activity.Write(t.Context(), "take turns away", func(t *db.Tx) error {
		_, err := t.Exec(sqlTurnsEnd, got.n)
		return err
	}))
	if got, err := s.Activity.Standing(t.Context(), id); err != nil || got.ID != id || got.Last.Seq != 0 {
		t.Errorf("without turns: %+v %v", got, err)
	}
}

// TestFailedExecutions: what a problem stopped is neither going on nor
// abandoned, is counted as failed, and goes on once the person does.
func TestFailedExecutions(t *testing.T) {
	s, c := open(t)
	ctx, a := t.Context(), s.Activity
	now := c.now()
	e := Execution{Project: "p", Procedure: "u", Version: "1.0", Started: now}
	id, going := journey(t, s, e, 2, ""), journey(t, s, e, 2, "")
	turn := func(parent int64, failed bool, outcome procedure.Outcome) {
		t.Helper()
		_, _, err := a.AppendTurn(ctx, Turn{Execution: id, Parent: parent, Input: "f", Step: "call", At: now, Failed: failed, Ended: outcome != "", Outcome: outcome})
		check(t, err)
	}
	stands := func(failed, solved, abandoned int64) {
		t.Helper()
		for name, got := range map[string]map[procedure.Outcome]int64{
			"populars": must[[]Popular](t)(a.Populars(ctx, "p", now, now, 1))[0].Outcomes,
			"days":     must[[]Day](t)(a.Days(ctx, "p", "", now, now))[0].Outcomes,
		} {
			if got[procedure.Failed] != failed || got[procedure.Solved] != solved || got[procedure.Abandoned] != abandoned {
				t.Errorf("%s: %v", name, got)
			}
		}
	}
	listed := func(f ExecutionFilter) (ids []string) {
		t.Helper()
		f.Project = "p"
		for _, e := range must[ExecutionPage](t)(a.Executions(ctx, f)).Executions {
			ids = append(ids, e.ID)
		}
		return ids
	}
	turn(2, true, "")
	stands(1, 0, 0)
	if kept := must[Execution](t)(a.Execution(ctx, id)); !kept.Failed || kept.Stands() != procedure.Failed || !kept.Ended.IsZero() || kept.Outcome != "" {
		t.Errorf("kept as %+v", kept)
	}
	if f, o := listed(ExecutionFilter{Outcome: procedure.Failed}), listed(ExecutionFilter{Open: true}); !slices.Equal(f, []string{id}) || !slices.Equal(o, []string{going}) {
		t.Errorf("failed %v, going on %v", f, o)
	}
	c.pass(48 * time.Hour)
	if n := must[int](t)(a.AbandonExecutions(ctx, c.now(), 10)); n != 1 {
		t.Errorf("%d abandoned", n)
	}
	stands(1, 0, 1)
	turn(3, true, "") // tried again, and no better
	stands(1, 0, 1)
	turn(4, false, "")
	stands(0, 0, 1)
	turn(5, false, procedure.Solved)
	stands(0, 1, 1)
	if f := listed(ExecutionFilter{Outcome: procedure.Failed}); len(f) != 0 {
		t.Errorf("still failed: %v", f)
	}
}

package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"selfhelp/app/procedure"
	"selfhelp/store/db"
	"selfhelp/store/journal"
)

// openJournal opens the store of a presentation server in a folder.
func openJournal(t testing.TB, dir string, c *clock) *Store {
	t.Helper()
	return must[*Store](t)(Open(context.Background(), dir, Options{Now: c.now, Log: quiet(), Journal: true}))
}

// presentation opens a new one that is closed with the test.
func presentation(t testing.TB) (*Store, *clock) {
	t.Helper()
	c := newClock()
	s := openJournal(t, anEmptyStore(t), c)
	t.Cleanup(func() { check(t, s.Close()) })
	return s, c
}

// travelled is a batch as it is read from the wire.
func travelled(t testing.TB, b Batch) Batch {
	t.Helper()
	var wire bytes.Buffer
	check(t, b.Encode(&wire))
	return must[Batch](t)(journal.Decode(&wire))
}

// bring brings everything from a server to the edition server, in batches of so
// many bytes, and returns how many there were.
func bring(t testing.TB, edition, from *Store, server string, most int) (batches int) {
	t.Helper()
	ctx := context.Background()
	for {
		at, _, err := edition.Activity.GatheredTo(ctx, server)
		check(t, err)
		b := must[Batch](t)(from.Gathered(ctx, at, most))
		b = travelled(t, b)
		err = edition.Activity.Gather(ctx, server, b)
		if want := (*journal.OutOfOrder)(nil); errors.As(err, &want) {
			b = travelled(t, must[Batch](t)(from.Gathered(ctx, want.Want, most)))
			err = edition.Activity.Gather(ctx, server, b)
		}
		check(t, err)
		check(t, from.Activity.Acknowledge(ctx, b.To))
		if batches++; !b.More {
			return batches
		}
	}
}

// answered is a turn whose events tell of the way that it took.
func answered(id string, parent int64, input, step string, at time.Time) Turn {
	return Turn{
		Execution: id, Parent: parent, Input: input, Step: step, At: at, State: []byte("sealed " + step),
		Events: json.RawMessage(fmt.Sprintf(`[{"kind":"answered","step":"s"},{"kind":"edge","procedure":"u","step":"s%d","edge":%q}]`, parent, input)),
		Edges:  []Passage{{"u", fmt.Sprint("s", parent), input}},
	}
}

func TestEverythingIsBrought(t *testing.T) {
	s, c := presentation(t)
	edition, _ := open(t)
	ctx := t.Context()
	e := Execution{ID: NewID(), Project: "p", Procedure: "u", Alias: "lamp", Version: "1.0", User: "ada", Channel: "portal", Language: "fr", Started: c.now()}
	check(t, s.Activity.StartExecution(ctx, e, Turn{Step: "s1", At: e.Started, State: []byte("one")}))
	u := answered(e.ID, 1, "yes", "s2", c.now())
	u.Within = "sub"
	u.Outbox = []Message{{Kind: "mail", Key: "k1", Payload: json.RawMessage(`{"to":"x"}`)}}
	dropBool(s.Activity.AppendTurn(ctx, u))
	check(t, s.Activity.PauseExecution(ctx, e.ID, "hash", "la lampe"))
	id := must[int64](t)(s.Activity.AddPostit(ctx, Postit{Execution: e.ID, Within: "sub", Step: "s2", Text: "où ?\n<b>", At: c.now()}))
	check(t, s.Activity.SetFeedback(ctx, Feedback{Execution: e.ID, Step: "s2", Scale: procedure.FeedbackScale("stars"), Score: 4, Comment: "bien", At: c.now()}))
	search := must[int64](t)(s.Activity.AddSearch(ctx, Search{At: c.now(), Project: "p", Language: "fr", Query: "lampe", Hits: 3}))
	check(t, s.Activity.ClickSearch(ctx, search, "u"))
	due := must[[]Message](t)(s.Activity.TakeDue(ctx, time.Minute, 10))
	check(t, s.Activity.MessageFailed(ctx, due[0].ID, "no such host"))
	check(t, s.Content.Audit(ctx, "ada", "login", "user:ada", map[string]string{"from": "192.0.2.1 <x>"}))

	if w := must[journal.Waiting](t)(s.Activity.Unacknowledged(ctx)); w.Count == 0 || w.Bytes == 0 || w.Since.IsZero() {
		t.Errorf("waiting %+v", w)
	}
	bring(t, edition, s, "one", journal.MaxBatch)
	if w := must[journal.Waiting](t)(s.Activity.Unacknowledged(ctx)); w.Count != 0 {
		t.Errorf("waiting %+v", w)
	}
	if bring(t, edition, s, "one", journal.MaxBatch) != 1 {
		t.Error("there was more")
	}

	got := must[Execution](t)(edition.Activity.Execution(ctx, e.ID))
	want := must[Execution](t)(s.Activity.Execution(ctx, e.ID))
	got.n, want.n, want.Server = 0, 0, "one"
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if a, b := asText(t, must[[]Turn](t)(edition.Activity.Turns(ctx, e.ID))), asText(t, must[[]Turn](t)(s.Activity.Turns(ctx, e.ID))); a != b {
		t.Errorf("turns\n%s\nwant\n%s", a, b)
	}
	if p := must[Execution](t)(edition.Activity.PausedExecution(ctx, []string{"hash"})); p.ID != e.ID {
		t.Errorf("paused %+v", p)
	}
	posts := must[[]Postit](t)(edition.Activity.Postits(ctx, PostitFilter{Execution: e.ID}))
	if len(posts) != 1 || posts[0].Text != "où ?\n<b>" || posts[0].Within != "sub" {
		t.Errorf("post-its %+v", posts)
	}
	if f := must[[]Feedback](t)(edition.Activity.FeedbacksOf(ctx, e.ID)); len(f) != 1 || f[0].Comment != "bien" || f[0].Score != 4 {
		t.Errorf("feedback %+v", f)
	}
	if f := must[[]Search](t)(edition.Activity.Searches(ctx, "p", 0, 9)); len(f) != 1 || f[0].Clicked != "u" || f[0].Hits != 3 {
		t.Errorf("searches %+v", f)
	}
	if m := must[[]journal.Elsewhere](t)(edition.Activity.MessagesElsewhere(ctx, MessageFailed, "", 9)); len(m) != 1 || m[0].Server != "one" || m[0].Error != "no such host" || m[0].Attempts != 1 {
		t.Errorf("messages %+v", m)
	}
	if b := must[Backlog](t)(edition.Activity.Backlog(ctx, MessageWaiting, "")); b.Count != 0 {
		t.Error("the edition server would do it again")
	}
	if a := must[[]journal.Audited](t)(edition.Activity.AuditElsewhere(ctx, "one", time.Time{}, 9)); len(a) != 1 || a[0].Action != "login" || a[0].Detail != `{"from":"192.0.2.1 \u003cx\u003e"}` {
		t.Errorf("audit %+v", a)
	}
	verified(t, edition)

	// What is done about it at the edition server stays, when it comes again.
	check(t, edition.Activity.AnswerPostit(ctx, posts[0].ID, "là", "bo"))
	must[int64](t)(edition.Activity.SetNotesDone(ctx, "p", []string{"opinion-" + e.ID + "-s2"}, true))
	before := counters(t, edition)
	forget(t, edition)
	bring(t, edition, s, "one", journal.MaxBatch)
	if p := must[[]Postit](t)(edition.Activity.Postits(ctx, PostitFilter{})); len(p) != 1 || p[0].Answer != "là" || p[0].ID != posts[0].ID {
		t.Errorf("post-its %+v (%d there)", p, id)
	}
	if n := must[int64](t)(edition.Activity.CountOpenNotes(ctx, "p")); n != 1 { // the answered post-it; its note is not closed
		t.Errorf("%d open notes", n)
	}
	if again := counters(t, edition); again != before {
		t.Errorf("counted\n%s\nbefore\n%s", again, before)
	}
}

// forget takes away how far the edition server is, as if it was restored from
// before.
func forget(t testing.TB, edition *Store) {
	t.Helper()
	check(t, edition.Activity.Write(context.Background(), "forget", func(t *db.Tx) error {
		_, err := t.Exec("DELETE FROM gathered")
		return err
	}))
}

// counters are those of a store, as text; rows of nothing left out.
func counters(t testing.TB, s *Store) string {
	t.Helper()
	return all(t, s, "SELECT 'popular ' || project || ' ' || procedure || ' ' || day || ' started ' || started || ' ' || solved || ' ' || unsolved || ' ' || escalated || ' ' || informed || ' abandoned ' || abandoned || ' failed ' || failed FROM popular WHERE started <> 0 UNION ALL SELECT 'passage ' || project || ' ' || procedure || ' ' || version || ' ' || day || ' ' || step || ' ' || edge || ' ' || times FROM passage WHERE times <> 0 ORDER BY 1")
}

func all(t testing.TB, s *Store, query string) string {
	t.Helper()
	var out bytes.Buffer
	for _, line := range must[[]string](t)(db.List(context.Background(), s.Activity.DB, db.ScanText, query)) {
		fmt.Fprintln(&out, line)
	}
	return out.String()
}

// TestALargeStateIsBrought: it is cut in no way, and holds nothing up.
func TestALargeStateIsBrought(t *testing.T) {
	s, c := presentation(t)
	edition, _ := open(t)
	ctx := t.Context()
	id := startOne(t, s, c, "p")
	for k, size := range []int{10, 3 << 20, 5 << 20, 10} {
		u := answered(id, int64(k)+1, fmt.Sprint("i", k), "s", c.now())
		u.State = bytes.Repeat([]byte{byte(k)}, size)
		dropBool(s.Activity.AppendTurn(ctx, u))
	}
	check(t, s.Content.Audit(ctx, "ada", "login", "user:ada", nil))
	if n := bring(t, edition, s, "one", journal.MaxBatch); n < 3 || n > 6 {
		t.Errorf("%d batches", n)
	}
	if a, b := asText(t, must[[]Turn](t)(edition.Activity.Turns(ctx, id))), asText(t, must[[]Turn](t)(s.Activity.Turns(ctx, id))); a != b {
		t.Error("not as they were")
	}
	if a := must[[]journal.Audited](t)(edition.Activity.AuditElsewhere(ctx, "", time.Time{}, 9)); len(a) != 1 {
		t.Errorf("audit %+v", a)
	}
}

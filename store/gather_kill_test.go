package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"selfhelp/store/journal"
)

// bringForEver is a child's job: people answer on a presentation server, and an
// edition server takes in what happens there, until both are killed.
func bringForEver(dir string) error {
	ctx := context.Background()
	one, err := Open(ctx, filepath.Join(dir, "one"), Options{Log: quiet(), Journal: true})
	if err != nil {
		return err
	}
	edition, err := Open(ctx, filepath.Join(dir, "edition"), Options{Log: quiet()})
	if err != nil {
		return err
	}
	fmt.Println("open")
	for range 4 {
		go answerForEver(ctx, one)
	}
	for {
		at, _, err := edition.Activity.GatheredTo(ctx, "one")
		if err != nil {
			return err
		}
		b, err := one.Gathered(ctx, at, 20_000)
		if err != nil {
			return err
		}
		if err := edition.Activity.Gather(ctx, "one", b); err != nil {
			return err
		}
		if err := one.Activity.Acknowledge(ctx, b.To); err != nil {
			return err
		}
	}
}

// TestBothKilled kills a presentation server and its edition server at random
// moments: what was acknowledged to people is at the edition server in the end,
// and counted once.
func TestBothKilled(t *testing.T) {
	kills := 6
	if thorough() {
		kills = 60
	}
	dir, acknowledged := t.TempDir(), 0
	for range kills {
		cmd, out := child(t, "bring", dir)
		must[string](t)(out.ReadString('\n'))
		timer := time.AfterFunc(time.Duration(20+rand.IntN(200))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		said := linesOf(out)
		timer.Stop()
		_ = cmd.Wait()
		one := must[*Store](t)(Open(t.Context(), filepath.Join(dir, "one"), Options{Log: quiet(), Journal: true}))
		edition := must[*Store](t)(Open(t.Context(), filepath.Join(dir, "edition"), Options{Log: quiet()}))
		bring(t, edition, one, "one", 1<<20)
		allThere(t, edition, said)
		nothingHalf(t, edition)
		if a, b := counters(t, edition), counters(t, one); a != b {
			t.Error(difference(a, b))
		}
		check(t, errors.Join(one.Close(), edition.Close()))
		acknowledged += len(said)
		if t.Failed() {
			return
		}
	}
	t.Logf("%d kills, %d answers acknowledged, none lost or counted twice", kills, acknowledged)
	if acknowledged == 0 {
		t.Error("the child did nothing")
	}
}

// FuzzGather: whatever can be read, the edition server takes in whole or not at
// all.
func FuzzGather(f *testing.F) {
	s, c := presentation(f)
	e := Execution{ID: NewID(), Project: "p", Procedure: "u", Alias: "a", Version: "1.0", User: "ada", Started: c.now()}
	check(f, s.Activity.StartExecution(f.Context(), e, Turn{Step: "s1", At: e.Started}))
	dropBool(s.Activity.AppendTurn(f.Context(), answered(e.ID, 1, "yes", "s2", c.now())))
	must[int64](f)(s.Activity.AddPostit(f.Context(), Postit{Execution: e.ID, Step: "s", Text: "x", At: c.now()}))
	must[int64](f)(s.Activity.AddSearch(f.Context(), Search{At: c.now(), Query: "q"}))
	check(f, s.Content.Audit(f.Context(), "ada", "login", "user:ada", nil))
	var wire bytes.Buffer
	check(f, must[Batch](f)(s.Gathered(f.Context(), Cursor{}, journal.MaxBatch)).Encode(&wire))
	f.Add(wire.Bytes())
	edition, _ := open(f)
	const everything = "SELECT (SELECT count(*) FROM execution) || ' ' || (SELECT count(*) FROM turn) || ' ' || (SELECT count(*) FROM postit) || ' ' || (SELECT count(*) FROM search) || ' ' || (SELECT count(*) FROM gathered_audit) || ' ' || (SELECT count(*) FROM gathered_message) || ' ' || (SELECT coalesce(sum(started), 0) FROM popular) || ' ' || (SELECT coalesce(sum(times), 0) FROM passage)"
	f.Fuzz(func(t *testing.T, wire []byte) {
		b, err := journal.Decode(bytes.NewReader(wire))
		if err != nil {
			return
		}
		forget(t, edition)
		before := all(t, edition, everything)
		err = edition.Activity.Gather(context.Background(), "one", b)
		after := all(t, edition, everything)
		at, _, moved := edition.Activity.GatheredTo(context.Background(), "one")
		check(t, moved)
		if err != nil && (after != before || at.Journal != "") {
			t.Errorf("half of it is there: %s became %s, the cursor is %+v, and %v", before, after, at, err)
		}
		if err == nil && at.N != b.To.N {
			t.Errorf("the cursor is at %d, not at %d", at.N, b.To.N)
		}
	})
}

package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store/db"
)

// hold keeps the writer busy until the returned function is called, so that
// what is asked for meanwhile shares the next commit.
func hold(t *testing.T, d *db.DB) (release func()) {
	t.Helper()
	begun, end := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		var once sync.Once
		err := d.Write(context.Background(), "hold", func(*db.Tx) error {
			once.Do(func() { close(begun); <-end })
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-begun
	return func() { close(end); wg.Wait() }
}

// queue asks for writes that will share a commit, in this order, and returns a
// function that waits for their errors.
func queue(ctx context.Context, d *db.DB, writes ...func(*db.Tx) error) (wait func() []error) {
	errs := make([]error, len(writes))
	var wg sync.WaitGroup
	for i, do := range writes {
		queued := d.Waiting()
		wg.Go(func() { errs[i] = d.Write(ctx, "queued", do) })
		for d.Waiting() == queued {
			runtime.Gosched()
		}
	}
	return func() []error { wg.Wait(); return errs }
}

func put(key string, tries *atomic.Int32) func(*db.Tx) error {
	return func(t *db.Tx) error {
		if tries != nil {
			tries.Add(1)
		}
		_, err := t.Exec(sqlSettingInsert, key, `"x"`)
		return err
	}
}

func has(t *testing.T, c *Content, key string) bool {
	t.Helper()
	var v string
	return must[int64](t)(c.Setting(t.Context(), key, &v)) > 0
}

func TestWritesThatQueuedUpShareACommit(t *testing.T) {
	s, _ := open(t)
	release := hold(t, s.Content.DB)
	var transactions sync.Map
	var writes []func(*db.Tx) error
	for i := range 50 {
		writes = append(writes, func(t *db.Tx) error {
			transactions.Store(t, true)
			return put(fmt.Sprint("key", i), nil)(t)
		})
	}
	wait := queue(t.Context(), s.Content.DB, writes...)
	release()
	for _, err := range wait() {
		check(t, err)
	}
	n := 0
	transactions.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("50 writes took %d transactions", n)
	}
}

// A crowd bigger than a commit may hold: the one too many waits for the next.
func TestEveryWriteOfACrowdIsAnswered(t *testing.T) {
	s, _ := open(t)
	release := hold(t, s.Content.DB)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	var writes []func(*db.Tx) error
	for i := range db.MaxBatch {
		writes = append(writes, put(fmt.Sprint("queued", i), nil))
	}
	wait := queue(ctx, s.Content.DB, writes...)
	var more sync.WaitGroup
	for i := range 2 * db.MaxBatch {
		more.Go(func() {
			if err := s.Content.DB.Write(ctx, "crowd", put(fmt.Sprint("crowd", i), nil)); err != nil {
				t.Errorf("write %d of the crowd: %v", i, err)
			}
		})
	}
	release()
	more.Wait()
	for i, err := range wait() {
		if err != nil {
			t.Errorf("queued write %d: %v", i, err)
		}
	}
}

func TestAFailureIsItsOwn(t *testing.T) {
	for name, bad := range map[string]func(*db.Tx) error{
		"refused before writing": func(*db.Tx) error { return fault.New(fault.Conflict, "fault.stale") },
		"refused after writing": func(t *db.Tx) error {
			return errors.Join(put("half", nil)(t), fault.New(fault.Conflict, "fault.stale"))
		},
		"error after writing": func(t *db.Tx) error { return errors.Join(put("half", nil)(t), errors.New("boom")) },
		"panic after writing": func(t *db.Tx) error { _ = put("half", nil)(t); panic("boom") },
		"taken":               func(t *db.Tx) error { return errors.Join(put("half", nil)(t), put("half", nil)(t)) },
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := open(t)
			var tries atomic.Int32
			release := hold(t, s.Content.DB)
			wait := queue(t.Context(), s.Content.DB, put("before", &tries), bad, put("after", &tries))
			release()
			errs := wait()
			if errs[0] != nil || errs[1] == nil || errs[2] != nil {
				t.Fatalf("got %v", errs)
			}
			if !has(t, s.Content, "before") || !has(t, s.Content, "after") || has(t, s.Content, "half") {
				t.Error("what is kept is not what was acknowledged")
			}
			if name == "refused before writing" && tries.Load() != 2 {
				t.Errorf("the others were tried %d times", tries.Load())
			}
		})
	}
}

func TestAWriteGivenUpIsNotMade(t *testing.T) {
	s, _ := open(t)
	release := hold(t, s.Content.DB)
	ctx, cancel := context.WithCancel(t.Context())
	wait := queue(ctx, s.Content.DB, put("given-up", nil))
	cancel()
	if err := wait()[0]; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	release()
	check(t, s.Content.Write(t.Context(), "next", put("next", nil)))
	if has(t, s.Content, "given-up") {
		t.Error("a write was made after it was given up")
	}
}

func TestClosingAnswersEveryWrite(t *testing.T) {
	c := newClock()
	s := must[*Store](t)(Open(t.Context(), t.TempDir(), Options{Now: c.now, Log: quiet()}))
	var wg sync.WaitGroup
	var kept atomic.Int32
	for i := range 200 {
		wg.Go(func() {
			switch err := s.Content.Write(context.Background(), "write", put(fmt.Sprint("key", i), nil)); {
			case err == nil:
				kept.Add(1)
			case !fault.Is(err, fault.Unavailable):
				t.Errorf("got %v", err)
			}
		})
	}
	check(t, s.Close())
	wg.Wait()
	again := must[*Store](t)(Open(t.Context(), s.dir, Options{Now: c.now, Log: quiet()}))
	defer again.Close()
	if n := must[int64](t)(db.One(t.Context(), again.Content.DB, db.ScanNumber, "SELECT count(*) FROM setting")); n != int64(kept.Load()) {
		t.Errorf("%d were acknowledged, %d are kept", kept.Load(), n)
	}
}

func TestTwoWritersOfTheSameVersion(t *testing.T) {
	s, _ := open(t)
	p := must[Project](t)(s.Content.CreateProject(t.Context(), "sandbox", aProject("it", 1), "ada"))
	uid := must[[]Procedure](t)(s.Content.Procedures(t.Context(), p.ID))[0].UID
	for round := range int64(20) {
		var wg sync.WaitGroup
		var saved, conflicts atomic.Int32
		for i := range 8 {
			wg.Go(func() {
				data := aProcedure("it-0")
				data.Note = fmt.Sprint(round, i)
				_, err := s.Content.SaveRevision(t.Context(), Edit{Project: p.ID, UID: uid, Version: round + 1, Data: data})
				switch {
				case err == nil:
					saved.Add(1)
				case fault.Is(err, fault.Conflict):
					conflicts.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if saved.Load() != 1 || conflicts.Load() != 7 {
			t.Fatalf("round %d: %d saved, %d conflicts", round, saved.Load(), conflicts.Load())
		}
	}
	if h := must[[]Revision](t)(s.Content.History(t.Context(), p.ID, uid, 0, 100)); len(h) != 21 {
		t.Errorf("%d revisions", len(h))
	}
}

// TestTheSameAnswerInParallel sends one answer twenty times at once, as an
// impatient person does: one turn is kept and everyone is told the same.
func TestTheSameAnswerInParallel(t *testing.T) {
	s, c := open(t)
	project := NewID()
	id := startOne(t, s, c, project)
	var wg sync.WaitGroup
	var firsts atomic.Int32
	for range 20 {
		wg.Go(func() {
			u, again, err := s.Activity.AppendTurn(t.Context(), Turn{
				Execution: id, Parent: 1, Input: "yes", Step: "end", At: c.now(), Ended: true, Outcome: procedure.Solved,
				Edges:  []Passage{{project, "ask_lamp", "answer.yes"}},
				Outbox: []Message{{Kind: "mail", Key: "mail-" + id}},
			})
			if err != nil || u.Seq != 2 {
				t.Errorf("got %+v, %v", u, err)
			}
			if !again {
				firsts.Add(1)
			}
		})
	}
	wg.Wait()
	if firsts.Load() != 1 {
		t.Errorf("%d were told to be the first", firsts.Load())
	}
	now := c.now()
	if p := must[[]PassageCount](t)(s.Activity.Passages(t.Context(), project, project, "", now, now)); len(p) != 1 || p[0].Times != 1 {
		t.Errorf("passages: %+v", p)
	}
	if p := must[[]Popular](t)(s.Activity.Populars(t.Context(), project, now, now, 10)); len(p) != 1 || p[0].Started != 1 || p[0].Outcomes[procedure.Solved] != 1 {
		t.Errorf("populars: %+v", p)
	}
	if m := must[[]Message](t)(s.Activity.Messages(t.Context(), MessageWaiting, "", 0, 10)); len(m) != 1 {
		t.Errorf("messages: %+v", m)
	}
}

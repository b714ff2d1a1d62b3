package store

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"selfhelp/store/db"
)

// BenchmarkAppendTurn appends turns that are on the disk when they return, by
// so many people at once, each on an execution of their own.
func BenchmarkAppendTurn(b *testing.B) {
	for _, people := range []int{1, 8, 32, 64, 500} {
		b.Run(fmt.Sprintf("people=%d", people), func(b *testing.B) {
			s, c := open(b)
			appendTurns(b, s, c, people)
		})
	}
}

// BenchmarkAppendTurnAsItGrows appends turns to a database that holds many
// already: what an answer costs must not depend on how many were given before.
func BenchmarkAppendTurnAsItGrows(b *testing.B) {
	for _, before := range []int{1_000, 2_000_000} {
		b.Run(fmt.Sprintf("before=%d", before), func(b *testing.B) {
			s, c := open(b)
			check(b, s.Activity.Write(b.Context(), "fill", func(t *db.Tx) error {
				if _, err := t.Exec(fillExecutions, before/5); err != nil {
					return err
				}
				_, err := t.Exec(fillTurns)
				return err
			}))
			_, err := rawly(b, s.Activity.Path(), "_pragma=busy_timeout(5000)").Exec("PRAGMA wal_checkpoint(TRUNCATE)")
			check(b, err)
			appendTurns(b, s, c, 64)
		})
	}
}

const (
	fillExecutions = `INSERT INTO execution (id, project, procedure, alias, version, started, touched, turns) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT lower(hex(randomblob(13))), 'p' || i % 10, 'u' || i % 1000, 'a', '1.0', 1700000000000000 + i, 1700000000000000 + i, 5 FROM n`
	fillTurns      = `INSERT INTO turn (execution, seq, parent, input, step, at, events, state) SELECT e.n, t.value, t.value - 1, '5f4dcc3b5aa765d61d8327deb882cf99', 's', e.started, '[]', zeroblob(200) FROM execution e, json_each('[1,2,3,4,5]') t`
)

func appendTurns(b *testing.B, s *Store, c *clock, people int) {
	project := NewID()
	events := []byte(`[{"kind":"answer","step":"ask_lamp","edge":"answer.yes","at":"2026-11-23T09:00:00Z"},{"kind":"show","step":"replace_lamp","at":"2026-11-23T09:00:00Z"}]`)
	state := make([]byte, 1024)
	ids := make([]string, people)
	for i := range ids {
		ids[i] = startOne(b, s, c, project)
	}
	var left atomic.Int64
	left.Store(int64(b.N))
	waits := make([][]time.Duration, people)
	var wg sync.WaitGroup
	before := cpu()
	b.ResetTimer()
	for i := range people {
		wg.Go(func() {
			seq := int64(1)
			for left.Add(-1) >= 0 {
				begun := time.Now()
				u, _, err := s.Activity.AppendTurn(b.Context(), Turn{
					Execution: ids[i], Parent: seq, Input: "5f4dcc3b5aa765d61d8327deb882cf99", Step: "replace_lamp",
					At: begun, Events: events, State: state,
					Edges: []Passage{{project, "ask_lamp", "answer.yes"}, {project, "test", "next"}},
				})
				if err != nil {
					b.Error(err)
					return
				}
				seq = u.Seq
				waits[i] = append(waits[i], time.Since(begun))
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	spent := cpu() - before
	all := slices.Concat(waits...)
	slices.Sort(all)
	b.ReportMetric(float64(len(all))/b.Elapsed().Seconds(), "turns/s")
	b.ReportMetric(float64(spent.Microseconds())/float64(len(all)), "cpu-us/turn")
	if log, err := os.Stat(s.Activity.Path() + "-wal"); err == nil {
		b.ReportMetric(float64(log.Size())/1e6, "log-MB") // bounded, however many turns
	}
	b.ReportMetric(float64(all[len(all)/2].Microseconds()), "p50-us")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), "p99-us")
	b.ReportMetric(float64(all[len(all)-1].Microseconds()), "max-us")
}

// cpu is the processor time of this process: on a machine shared with others
// it says more than the clock.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func startOne(t testing.TB, s *Store, c *clock, project string) string {
	t.Helper()
	e := Execution{ID: NewID(), Project: project, Procedure: project, Alias: "lamp", Version: "1.0", Started: c.now()}
	check(t, s.Activity.StartExecution(t.Context(), e, Turn{Step: "ask_lamp", At: e.Started}))
	return e.ID
}

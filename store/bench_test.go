package store

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkAppendTurn appends turns that are on the disk when they return, by
// so many people at once, each on an execution of their own.
func BenchmarkAppendTurn(b *testing.B) {
	for _, people := range []int{1, 8, 32, 64, 500} {
		b.Run(fmt.Sprintf("people=%d", people), func(b *testing.B) { benchTurns(b, people) })
	}
}

func benchTurns(b *testing.B, people int) {
	s, c := open(b)
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
	all := slices.Concat(waits...)
	slices.Sort(all)
	b.ReportMetric(float64(len(all))/b.Elapsed().Seconds(), "turns/s")
	b.ReportMetric(float64(all[len(all)/2].Microseconds()), "p50-us")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), "p99-us")
	b.ReportMetric(float64(all[len(all)-1].Microseconds()), "max-us")
}

func startOne(t testing.TB, s *Store, c *clock, project string) string {
	t.Helper()
	e := Execution{ID: NewID(), Project: project, Procedure: project, Alias: "lamp", Version: "1.0", Started: c.now()}
	check(t, s.Activity.StartExecution(t.Context(), e, Turn{Step: "ask_lamp", At: e.Started}))
	return e.ID
}

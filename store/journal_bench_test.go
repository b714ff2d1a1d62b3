package store

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"selfhelp/store/db"
	"selfhelp/store/journal"
)

// BenchmarkAppendTurnWithJournal is BenchmarkAppendTurn where the journal is kept.
func BenchmarkAppendTurnWithJournal(b *testing.B) {
	for _, people := range []int{1, 64} {
		b.Run(fmt.Sprintf("people=%d", people), func(b *testing.B) {
			s, c := presentation(b)
			appendTurns(b, s, c, people)
		})
	}
}

// fillJournal makes a journal of so many turns.
func fillJournal(b *testing.B, s *Store, turns int) {
	check(b, s.Activity.Write(b.Context(), "fill", func(t *db.Tx) error {
		if err := journal.End(t); err != nil {
			return err
		}
		if _, err := t.Exec(fillExecutions, turns/5); err != nil {
			return err
		}
		if _, err := t.Exec(fillTurns); err != nil {
			return err
		}
		return journal.Begin(t)
	}))
}

// BenchmarkReadBatch reads a batch from the middle of journals of different length.
func BenchmarkReadBatch(b *testing.B) {
	for _, turns := range []int{1_000, 1_000_000} {
		b.Run(fmt.Sprintf("turns=%d", turns), func(b *testing.B) {
			s, _ := presentation(b)
			fillJournal(b, s, turns)
			first := must[Batch](b)(s.Gathered(b.Context(), Cursor{}, 1<<10))
			middle := int64(turns/5 + turns/2)
			after := Cursor{Journal: first.To.Journal, N: middle, Mark: must[int64](b)(db.One(b.Context(), s.Activity.DB, db.ScanNumber, "SELECT at FROM journal WHERE n = ?", middle))}
			entries := 0
			for b.Loop() {
				entries += len(must[Batch](b)(s.Gathered(b.Context(), after, 100<<10)).Entries)
			}
			b.ReportMetric(float64(entries)/b.Elapsed().Seconds(), "entries/s")
		})
	}
}

// BenchmarkGather takes in batches of turns with a kilobyte of state each, as
// they come from the wire.
func BenchmarkGather(b *testing.B) {
	edition, _ := open(b)
	const people, each = 180, 10
	turns, n := 0, int64(0)
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC).UnixMicro()
	events := json.RawMessage(`[{"kind":"answered","step":"ask_lamp","edge":"answer.yes","at":"2026-11-23T09:00:00Z"},{"kind":"edge","procedure":"u","step":"ask_lamp","edge":"answer.yes","to":"x"},{"kind":"shown","step":"replace_lamp","at":"2026-11-23T09:00:00Z"}]`)
	state := make([]byte, 1024)
	from := Cursor{Journal: "j"}
	next := func() Batch {
		batch := Batch{First: n == 0, From: from}
		for range people {
			id := NewID()
			batch.Entries = append(batch.Entries, journal.Entry{Execution: &journal.Execution{ID: id, Project: "p", Procedure: "u", Alias: "a", Version: "1.0", Started: at, Touched: at}})
			for seq := range int64(each) {
				n, at = n+1, at+1000
				batch.Entries = append(batch.Entries, journal.Entry{N: n, Turn: &journal.Turn{Execution: id, Seq: seq + 1, Parent: seq, Input: fmt.Sprint("5f4dcc3b5aa765d61d8327deb882cf9", seq), Step: "replace_lamp", At: at, Events: events, State: state}})
			}
		}
		from.N, from.Mark = n, at
		batch.To = from
		return travelled(b, batch)
	}
	batches := make([]Batch, b.N)
	for i := range batches {
		batches[i] = next()
	}
	before := cpu()
	b.ResetTimer()
	for _, batch := range batches {
		check(b, edition.Activity.Gather(b.Context(), "one", batch))
		turns += people * each
	}
	b.ReportMetric(float64(turns)/b.Elapsed().Seconds(), "turns/s")
	b.ReportMetric(float64((cpu()-before).Microseconds())/float64(turns), "cpu-us/turn")
}

// BenchmarkDecodeBatch reads a full batch from the wire.
func BenchmarkDecodeBatch(b *testing.B) {
	s, _ := presentation(b)
	fillJournal(b, s, 10_000)
	batch := must[Batch](b)(s.Gathered(b.Context(), Cursor{}, journal.MaxBatch))
	for b.Loop() {
		travelled(b, batch)
	}
	b.ReportMetric(float64(b.N*len(batch.Entries))/b.Elapsed().Seconds(), "entries/s")
}

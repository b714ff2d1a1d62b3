package publication

import (
	"fmt"
	"math/rand"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"selfhelp/app/execution"
)

// many is the number of procedures that the figures are given for.
const many = 10_000

// library is a bundle of many procedures, built once for all benchmarks.
var library = sync.OnceValues(func() (string, error) {
	key, _ := keyOf('a')
	m, err := Build(benchFolder, input(generate(many, 20)), key)
	return Path(benchFolder, m.Hash), err
})

// benchFolder is emptied by TestMain.
var benchFolder string

func openLibrary(b *testing.B) *Bundle {
	b.Helper()
	path, err := library()
	if err != nil {
		b.Fatal(err)
	}
	_, trusted := keyOf('a')
	bundle, err := Open(path, trusted)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { bundle.Close() })
	return bundle
}

func BenchmarkBuild(b *testing.B) {
	in := input(generate(1000, 20))
	key, _ := keyOf('a')
	folder := b.TempDir()
	for b.Loop() {
		m, err := Build(folder, in, key)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(m.Size)/1e6, "MB")
	}
}

func BenchmarkOpen(b *testing.B) {
	path, err := library()
	if err != nil {
		b.Fatal(err)
	}
	_, trusted := keyOf('a')
	for b.Loop() {
		bundle, err := Open(path, trusted)
		if err != nil {
			b.Fatal(err)
		}
		bundle.Close()
	}
}

// queries are what people might type: one to four words, some with a slip.
func queries() (list []string) {
	p := newProse(2)
	for i := range 1000 {
		q := []rune(p.words(1 + i%4))
		if i%3 == 0 && len(q) > 6 {
			q[4] = 'z'
		}
		list = append(list, string(q))
	}
	return list
}

func BenchmarkSearch(b *testing.B) {
	portal, err := NewPortal(Offer{Bundle: openLibrary(b)})
	if err != nil {
		b.Fatal(err)
	}
	all := queries()
	f := Filter{Reader: colleague, Lang: "fr", Now: today}
	if _, err := portal.Search(all[0], f); err != nil { // reads the words
		b.Fatal(err)
	}
	b.Run("search", func(b *testing.B) {
		timed(b, func(i int) error {
			_, err := portal.Search(all[i%len(all)], f)
			return err
		})
	})
	b.Run("suggest", func(b *testing.B) {
		timed(b, func(i int) error {
			typed := []rune(all[i%len(all)])
			_, err := portal.Suggest(string(typed[:min(len(typed), 3+i%9)]), f)
			return err
		})
	})
}

// timed reports the median and the slowest hundredth.
func timed(b *testing.B, do func(i int) error) {
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		from := time.Now()
		if err := do(i); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(from))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

func BenchmarkProgram(b *testing.B) {
	bundle := openLibrary(b)
	r := rand.New(rand.NewSource(1))
	for name, among := range map[string]int{"of 10": 10, "of 500": 500, "of 10000": many} {
		b.Run(name, func(b *testing.B) {
			timed(b, func(int) error {
				_, err := bundle.Program(uid("procedure", r.Intn(among)))
				return err
			})
		})
	}
}

// BenchmarkStep runs whole executions of procedures picked evenly, the worst
// there is, and reports what one step takes.
func BenchmarkStep(b *testing.B) {
	bundle := openLibrary(b)
	for _, among := range []int{10, 500, many} {
		b.Run(fmt.Sprint("of ", among), func(b *testing.B) {
			r := rand.New(rand.NewSource(1))
			steps := 0
			for b.Loop() {
				n, err := execute(bundle, uid("procedure", r.Intn(among)))
				if err != nil {
					b.Fatal(err)
				}
				steps += n
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(steps), "µs/step")
		})
	}
}

// execute answers every page of a procedure.
func execute(lib execution.Library, entry string) (steps int, err error) {
	turn, err := execution.Start(lib, execution.Context{ID: "x", Entry: entry, Version: "1.0", Language: "fr"}, today)
	for ; err == nil && turn.Ended == nil; steps++ {
		in := execution.Input{Kind: execution.DoAnswer, Step: turn.Page.Step, Data: "next"}
		switch {
		case len(turn.Page.Answers) > 0:
			in.Data = turn.Page.Answers[0].Key
		case len(turn.Page.Fields) > 0:
			in.Data = map[string]any{"name": "x"}
		}
		if len(turn.Problems) > 0 {
			return steps, fmt.Errorf("refused at %s: %v", turn.Page.Step, turn.Problems)
		}
		turn, err = execution.Advance(lib, turn.State, in, today)
	}
	return steps, err
}

// BenchmarkMemory reports what an open bundle holds once everything in it was
// used.
func BenchmarkMemory(b *testing.B) {
	for b.Loop() {
		before := heap()
		bundle := openLibrary(b)
		opened := heap()
		portal, err := NewPortal(Offer{Bundle: bundle})
		if err != nil {
			b.Fatal(err)
		}
		for _, q := range queries() {
			for _, lang := range []string{"fr", "en"} {
				if _, err := portal.Search(q, Filter{Reader: colleague, Lang: lang, Now: today}); err != nil {
					b.Fatal(err)
				}
			}
		}
		for i := range many {
			if _, err := execute(bundle, uid("procedure", i)); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(opened-before, "MB-open")
		b.ReportMetric(heap()-before, "MB-used")
		runtime.KeepAlive(bundle)
	}
}

func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}

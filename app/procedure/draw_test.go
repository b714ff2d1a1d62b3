package procedure

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"
)

// tangle makes a procedure of n steps with edges anywhere.
func tangle(n int, seed uint64) *Procedure {
	r := rand.New(rand.NewPCG(seed, 1))
	p := &Procedure{Steps: []Step{{ID: "s0", Start: &Start{}, Next: "s1"}}}
	for i := 1; i < n; i++ {
		to := func() string { return fmt.Sprintf("s%d", 1+r.IntN(n-1)) }
		s := Step{ID: fmt.Sprintf("s%d", i)}
		switch r.IntN(4) {
		case 0:
			s.Question = &Question{Answers: []Answer{{ID: "a", To: to()}, {ID: "b", To: fmt.Sprintf("s%d", min(i+1, n-1))}, {ID: "c", To: to()}}}
		case 1:
			s.End = &End{Outcome: Solved}
		case 2:
			s.Page, s.Next = &Page{}, to()
		default:
			s.Page, s.Next = &Page{}, fmt.Sprintf("s%d", min(i+1, n-1))
		}
		p.Steps = append(p.Steps, s)
	}
	return p
}

// TestNothingIsDrawnOverAnother holds drawings of many shapes to what a reader
// needs: every step once, no two cards over each other, all inside the sheet,
// every edge joined to its cards, the same each time.
func TestNothingIsDrawnOverAnother(t *testing.T) {
	for seed := range uint64(60) {
		p := tangle(2+int(seed)*3, seed)
		d := Draw(p)
		at := map[string]DrawnCard{}
		for i, c := range d.Cards {
			at[c.Step] = c
			if c.X < 0 || c.Y < 0 || c.X+CardWidth > d.Width || c.Y+CardHeight > d.Height {
				t.Fatalf("seed %d: %s is outside the sheet", seed, c.Step)
			}
			for _, o := range d.Cards[:i] {
				if c.X < o.X+CardWidth && o.X < c.X+CardWidth && c.Y < o.Y+CardHeight && o.Y < c.Y+CardHeight {
					t.Fatalf("seed %d: %s and %s are drawn over each other", seed, c.Step, o.Step)
				}
			}
		}
		if len(at) != len(p.Steps) {
			t.Fatalf("seed %d: %d cards for %d steps", seed, len(at), len(p.Steps))
		}
		for _, e := range d.Edges {
			from, to := at[e.From], at[e.To]
			first, last := e.Points[0], e.Points[len(e.Points)-1]
			if first.X < from.X || first.X > from.X+CardWidth || last.X < to.X || last.X > to.X+CardWidth {
				t.Fatalf("seed %d: the edge from %s to %s does not touch both", seed, e.From, e.To)
			}
			if !e.Back && to.Y <= from.Y {
				t.Fatalf("seed %d: the edge from %s to %s goes up", seed, e.From, e.To)
			}
		}
		if again := Draw(p); !reflect.DeepEqual(d, again) {
			t.Fatalf("seed %d: two drawings differ", seed)
		}
	}
}

// written makes a procedure of n steps as people write them: questions whose
// branches are short chains, some joining again, some going back.
func written(n int) *Procedure {
	p := &Procedure{Steps: []Step{{ID: "s0", Start: &Start{}, Next: "s1"}}}
	name := func(i int) string { return fmt.Sprintf("s%d", min(i, n-1)) }
	for i := 1; i < n; i++ {
		s := Step{ID: name(i)}
		switch {
		case i == n-1 || i%11 == 0:
			s.End = &End{Outcome: Solved}
		case i%4 == 1:
			s.Question = &Question{Answers: []Answer{{ID: "a", To: name(i + 1)}, {ID: "b", To: name(i + 2)}, {ID: "c", To: name(i + 6)}}}
		case i%23 == 0:
			s.Jump = &Jump{To: name(i - 9)}
		default:
			s.Page, s.Next = &Page{}, name(i+3)
		}
		p.Steps = append(p.Steps, s)
	}
	return p
}

func BenchmarkDraw(b *testing.B) {
	for _, n := range []int{50, 500, 5000} {
		p := written(n)
		b.Run(fmt.Sprint(n, " steps"), func(b *testing.B) {
			for b.Loop() {
				Draw(p)
			}
		})
	}
}

// TestDrawEnds holds even the worst tangle to an end.
func TestDrawEnds(t *testing.T) {
	p := tangle(1500, 3)
	for i := range p.Steps[1:] {
		p.Steps[i+1].Next = "s1"
	}
	done := make(chan struct{})
	go func() { Draw(p); close(done) }()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		t.Fatal("it never ends")
	}
}

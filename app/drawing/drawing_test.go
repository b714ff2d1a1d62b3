package drawing

import (
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"selfhelp/app/procedure"
)

// random makes a procedure of n steps whose ways lead anywhere: cycles, steps
// nobody reaches, ways without a target, notes and, if asked, frames.
func random(r *rand.Rand, n int, frames bool) *procedure.Procedure {
	p := &procedure.Procedure{}
	id := func(i int) string { return fmt.Sprint("s", i) }
	target := func(i int) string {
		switch r.Intn(10) {
		case 0:
			return ""
		case 1, 2:
			return id(r.Intn(n))
		}
		return id(min(n-1, i+1+r.Intn(4)))
	}
	for i := range n {
		s := procedure.Step{ID: id(i), Title: procedure.T("Titre", "Title"), Next: target(i)}
		switch kind := r.Intn(12); {
		case i == 0:
			s.Start = &procedure.Start{}
		case kind < 4:
			s.Question = &procedure.Question{}
			for j := range 1 + r.Intn(4) {
				s.Question.Answers = append(s.Question.Answers, procedure.Answer{ID: fmt.Sprint("a", j), Text: procedure.T("Oui", "Yes"), To: target(i)})
			}
		case kind < 6:
			s.End = &procedure.End{}
		case kind == 6:
			s.Sticky = &procedure.Sticky{Beside: target(i)}
		case kind == 7 && frames:
			s.Box = &procedure.Box{Folded: r.Intn(3) == 0}
		case kind == 8:
			s.OnError = target(i)
			s.Log = &procedure.Log{}
		default:
			s.Page = &procedure.Page{}
		}
		if frames && r.Intn(3) == 0 {
			s.Frame = id(r.Intn(n))
		}
		p.Steps = append(p.Steps, s)
	}
	return p
}

type box struct{ x, y, w, h float64 }

func (a box) touches(b box) bool {
	return a.x < b.x+b.w && b.x < a.x+a.w && a.y < b.y+b.h && b.y < a.y+a.h
}

func (a box) holds(b box) bool {
	return a.x <= b.x && a.y <= b.y && b.x+b.w <= a.x+a.w && b.y+b.h <= a.y+a.h
}

// crosses reports whether the straight way between two points passes a box.
func (a box) crosses(from, to Point) bool {
	const parts = 50
	for i := range parts + 1 {
		t := float64(i) / parts
		x, y := from.X+(to.X-from.X)*t, from.Y+(to.Y-from.Y)*t
		if x > a.x+1 && x < a.x+a.w-1 && y > a.y+1 && y < a.y+a.h-1 {
			return true
		}
	}
	return false
}

func TestBoxesNeverOverlap(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for i := range 400 {
		p := random(r, 1+r.Intn(60), i%2 == 0)
		d := Draw(p)
		if !reflect.DeepEqual(d, Draw(p)) {
			t.Fatalf("graph %d is drawn in two ways", i)
		}
		boxes := map[string]box{}
		for _, n := range d.Nodes {
			boxes[n.ID] = box{n.X, n.Y, n.W, n.H}
		}
		for _, f := range d.Frames {
			boxes[f.ID] = box{f.X, f.Y, f.W, f.H}
		}
		whole := box{-0.5, -0.5, d.Width + 1, d.Height + 1}
		for id, a := range boxes {
			if !whole.holds(a) {
				t.Fatalf("graph %d: %s stands outside the drawing", i, id)
			}
			for other, b := range boxes {
				if id < other && a.touches(b) && !a.holds(b) && !b.holds(a) {
					t.Fatalf("graph %d: %s and %s overlap", i, id, other)
				}
				if id != other && a.holds(b) && !standsIn(p, other, id) {
					t.Fatalf("graph %d: %s is drawn inside %s", i, other, id)
				}
			}
		}
		for _, s := range p.Steps {
			if _, drawn := boxes[s.ID]; !drawn && !hidden(p, p.Step(s.ID)) {
				t.Fatalf("graph %d: %s is not drawn", i, s.ID)
			}
		}
		if i%2 == 1 {
			noWayThroughBoxes(t, i, p, d, boxes)
		}
	}
}

// around returns the frames a step stands in, none when they go in a circle; a
// note beside a step stands where the step does.
func around(p *procedure.Procedure, s *procedure.Step) (frames []*procedure.Step) {
	if s.Sticky != nil && s.Sticky.Beside != s.ID {
		if beside := p.Step(s.Sticky.Beside); beside != nil && beside.Family() != procedure.Layout {
			return around(p, beside)
		}
	}
	seen := map[string]bool{s.ID: true}
	for f := p.Step(s.Frame); f != nil && f.Box != nil; f = p.Step(f.Frame) {
		if seen[f.ID] {
			return nil
		}
		seen[f.ID] = true
		frames = append(frames, f)
	}
	if len(frames) > maxNested {
		return frames[len(frames)-maxNested:]
	}
	return frames
}

func standsIn(p *procedure.Procedure, id, frame string) bool {
	return slices.Contains(around(p, p.Step(id)), p.Step(frame))
}

func hidden(p *procedure.Procedure, s *procedure.Step) bool {
	return slices.ContainsFunc(around(p, s), func(f *procedure.Step) bool { return f.Box.Folded })
}

// noWayThroughBoxes: ways begin at the lower side of their box, end at the
// upper side of the other, and pass between all.
func noWayThroughBoxes(t *testing.T, i int, p *procedure.Procedure, d Drawing, boxes map[string]box) {
	t.Helper()
	for _, e := range d.Edges {
		first, last := e.Points[0], e.Points[len(e.Points)-1]
		from := boxes[e.From]
		if first.Y != from.y+from.h || first.X < from.x || first.X > from.x+from.w {
			t.Fatalf("graph %d: %s of %s begins at %v", i, e.ID, e.From, first)
		}
		if to, ok := boxes[e.To]; ok && p.Step(e.To).Family() != procedure.Layout && (last.Y != to.y || last.X < to.x || last.X > to.x+to.w) {
			t.Fatalf("graph %d: %s of %s ends at %v, not at %s", i, e.ID, e.From, last, e.To)
		}
		for j := 1; j < len(e.Points); j++ {
			if a, b := e.Points[j-1], e.Points[j]; !e.Back && b.Y < a.Y && len(e.Points) != 6 {
				t.Fatalf("graph %d: %s of %s goes up", i, e.ID, e.From)
			}
			for id, b := range boxes {
				if b.crosses(e.Points[j-1], e.Points[j]) {
					t.Fatalf("graph %d: %s of %s to %s passes through %s", i, e.ID, e.From, e.To, id)
				}
			}
		}
	}
}

// labelled is where the words of a way stand.
func labelled(e Edge) box {
	return box{e.Label.X - e.LabelW/2, e.Label.Y - LabelH/2, e.LabelW, LabelH}
}

// says reports whether words stand on a way.
func says(e Edge) bool { return e.ID != "next" }

// noWordsOverlap: the words of ways have room of their own, beside boxes, the
// rims of frames and each other.
func noWordsOverlap(t *testing.T, what string, d Drawing) {
	t.Helper()
	whole := box{-0.5, -0.5, d.Width + 1, d.Height + 1}
	for i, e := range d.Edges {
		if !says(e) {
			continue
		}
		a := labelled(e)
		if e.LabelW < 80 || !whole.holds(a) {
			t.Fatalf("%s: the words of %s of %s have no room: %v", what, e.ID, e.From, a)
		}
		for _, other := range d.Edges[:i] {
			if says(other) && a.touches(labelled(other)) {
				t.Fatalf("%s: the words of %s of %s and %s of %s overlap", what, e.ID, e.From, other.ID, other.From)
			}
		}
		for _, n := range d.Nodes {
			if a.touches(box{n.X, n.Y, n.W, n.H}) {
				t.Fatalf("%s: the words of %s of %s stand on %s", what, e.ID, e.From, n.ID)
			}
		}
		for _, f := range d.Frames {
			if b := (box{f.X, f.Y, f.W, f.H}); a.touches(b) && !b.holds(a) {
				t.Fatalf("%s: the words of %s of %s stand on the rim of %s", what, e.ID, e.From, f.ID)
			}
		}
	}
}

func TestWordsNeverOverlap(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	for i := range 400 {
		noWordsOverlap(t, fmt.Sprint("graph ", i), Draw(random(r, 1+r.Intn(60), i%2 == 0)))
	}
	files, err := filepath.Glob("../../assets/demo/*/procedures/*.yaml")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d procedures of the demo, %v", len(files), err)
	}
	for _, name := range files {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		p, err := procedure.ReadProcedure(file)
		if err != nil {
			t.Fatal(err)
		}
		noWordsOverlap(t, filepath.Base(name), Draw(p))
	}
}

// TestRetriesAndFailures is what overlapped: a step whose ways of failing lead
// back, or nowhere yet.
func TestRetriesAndFailures(t *testing.T) {
	p := &procedure.Procedure{Steps: []procedure.Step{
		{ID: "start", Start: &procedure.Start{}, Next: "ask"},
		{ID: "ask", Question: &procedure.Question{Answers: []procedure.Answer{{ID: "yes", To: "call"}, {ID: "no", To: "end"}, {ID: "maybe"}, {ID: "never"}}}},
		{ID: "call", REST: &procedure.REST{OnStatus: "ask", OnTimeout: "ask"}, Next: "end", OnError: "ask"},
		{ID: "end", End: &procedure.End{}},
	}}
	noWordsOverlap(t, "a retry", Draw(p))
}

// The figures are 20 ms and 1 s (see BenchmarkDraw); machines at work get more.
func TestLargeTreesAreDrawnInTime(t *testing.T) {
	for _, tt := range []struct {
		steps int
		most  time.Duration
	}{{500, 10 * time.Second}, {5000, time.Minute}} {
		p := random(rand.New(rand.NewSource(3)), tt.steps, true)
		best := time.Hour
		for range 5 {
			start := time.Now()
			Draw(p)
			best = min(best, time.Since(start))
		}
		t.Logf("%d steps: %v", tt.steps, best)
		if best > tt.most {
			t.Errorf("%d steps take %v", tt.steps, best)
		}
	}
}

// What no writer makes is drawn too, in time: one step with 5,000 ways, a line
// of 5,000 pages that all fail to the same end, frames within frames.
func TestHostileTrees(t *testing.T) {
	star := &procedure.Procedure{Steps: []procedure.Step{{ID: "q", Question: &procedure.Question{}}}}
	line := &procedure.Procedure{Steps: []procedure.Step{{ID: "s0", Next: "s1", Start: &procedure.Start{}}, {ID: "bad", End: &procedure.End{}}}}
	nest := &procedure.Procedure{}
	circle := &procedure.Procedure{Steps: []procedure.Step{{ID: "a", Frame: "b", Box: &procedure.Box{}}, {ID: "b", Frame: "a", Box: &procedure.Box{}}, {ID: "c", Frame: "a", Next: "c", Page: &procedure.Page{}},
		{ID: "d", Sticky: &procedure.Sticky{Beside: "d"}}, {ID: "d", Sticky: &procedure.Sticky{Beside: "c"}}, {}, {}}}
	for i := range 5000 {
		id := fmt.Sprint("s", i+1)
		star.Steps[0].Question.Answers = append(star.Steps[0].Question.Answers, procedure.Answer{ID: id, To: fmt.Sprint("s", i%50+1)})
		if i < 50 {
			star.Steps = append(star.Steps, procedure.Step{ID: id, Next: "q", Page: &procedure.Page{}})
		}
		line.Steps = append(line.Steps, procedure.Step{ID: id, Next: fmt.Sprint("s", i+2), OnError: "bad", Page: &procedure.Page{}})
		nest.Steps = append(nest.Steps, procedure.Step{ID: id, Frame: fmt.Sprint("s", i), Box: &procedure.Box{}}, procedure.Step{ID: "p" + id, Frame: id, Next: fmt.Sprint("ps", i), Page: &procedure.Page{}})
	}
	for name, p := range map[string]*procedure.Procedure{"a star": star, "a line": line, "a nest": nest, "a circle": circle, "nothing": {}} {
		start := time.Now()
		d := Draw(p)
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s takes %v", name, took)
		} else {
			t.Logf("%s: %v, %.0f x %.0f", name, took, d.Width, d.Height)
		}
	}
}

func boxOf(d Drawing, id string) box {
	for _, n := range d.Nodes {
		if n.ID == id {
			return box{n.X, n.Y, n.W, n.H}
		}
	}
	return box{}
}

func TestTheLamp(t *testing.T) {
	file, err := os.ReadFile("../procedure/testdata/lamp.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := procedure.ReadProcedure(file)
	if err != nil {
		t.Fatal(err)
	}
	p.Step("hand").End, p.Step("hand").Page = nil, &procedure.Page{}
	p.Steps = append(p.Steps, procedure.Step{ID: "lost", Next: "hand", Page: &procedure.Page{}})
	d := Draw(p)
	rows := map[string]float64{}
	for _, n := range d.Nodes {
		rows[n.ID] = n.Y
		if n.Reached != (n.ID != "lost") {
			t.Errorf("%s: reached %v", n.ID, n.Reached)
		}
	}
	if !(rows["start"] < rows["ask_lamp"] && rows["ask_lamp"] < rows["details"] && rows["details"] == rows["solved"] && rows["details"] < rows["again"] && rows["lost"] == rows["again"] && rows["again"] < rows["hand"]) {
		t.Errorf("the layers are %v", rows)
	}
	for _, e := range d.Edges {
		if e.Back != (e.ID == "jump") || e.Path == "" {
			t.Errorf("%s of %s: back %v, %s", e.ID, e.From, e.Back, e.Path)
		}
		if box := boxOf(d, e.To); e.ID == "answer.yes" && (e.Label.Y >= box.y || e.Label.Y < box.y-LabelH || e.Label.X < box.x || e.Label.X > box.x+box.w) {
			t.Errorf("the words of yes stand at %v, its target at %v", e.Label, box)
		}
		if e.From == "hand" && e.To == "" && e.Points[len(e.Points)-1].Y <= rows["hand"] {
			t.Errorf("the open way of hand ends at %v", e.Points)
		}
	}
	if len(d.Edges) != 8 {
		t.Errorf("%d ways are drawn", len(d.Edges))
	}
}

// TestSinglesOfAFrame leads two ways into a frame: the two steps in it follow
// neither from the other, so they stand side by side.
func TestSinglesOfAFrame(t *testing.T) {
	p := &procedure.Procedure{Steps: []procedure.Step{
		{ID: "start", Start: &procedure.Start{}, Next: "ask"},
		{ID: "ask", Question: &procedure.Question{Answers: []procedure.Answer{{ID: "paper", To: "refill"}, {ID: "toner", To: "change"}}}},
		{ID: "frame", Box: &procedure.Box{}},
		{ID: "refill", Frame: "frame", Page: &procedure.Page{}, Next: "end"},
		{ID: "change", Frame: "frame", Page: &procedure.Page{}, Next: "end"},
		{ID: "end", End: &procedure.End{}},
	}}
	d := Draw(p)
	if a, b := boxOf(d, "refill"), boxOf(d, "change"); a.y != b.y {
		t.Errorf("one is drawn below the other: %v, %v", a, b)
	}
}

func BenchmarkDraw(b *testing.B) {
	for _, steps := range []int{500, 5000} {
		p := random(rand.New(rand.NewSource(3)), steps, true)
		b.Run(fmt.Sprint(steps), func(b *testing.B) {
			for b.Loop() {
				Draw(p)
			}
		})
	}
}

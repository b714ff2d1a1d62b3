package procedure

import (
	"cmp"
	"slices"
)

// The sizes of a drawing, in its own units (pixels at zoom 1).
const (
	CardWidth  = 232
	CardHeight = 84
	gapX       = 36
	gapY       = 76
	margin     = 40
	laneWidth  = 16 // between edges that go back
)

// Drawing is the tree laid out from top to bottom: each step in a layer below
// those that lead to it, no two cards over each other.
type Drawing struct {
	Width, Height int
	Cards         []DrawnCard
	Edges         []DrawnEdge
}

// DrawnCard is where a step stands.
type DrawnCard struct {
	Step      string
	X, Y      int // of its top left corner
	Unreached bool
}

// DrawnEdge is how an edge runs: points to be joined by a smooth line.
type DrawnEdge struct {
	Edge
	Points []Point
	Label  Point // middle of where its words stand
	Back   bool  // it goes up, and runs aside
}

// Point is a place in a drawing.
type Point struct{ X, Y int }

// Draw lays a procedure out. The same procedure gives the same drawing.
func Draw(p *Procedure) Drawing {
	g := newLayout(p)
	g.layer()
	g.split()
	g.order()
	g.place()
	return g.drawing()
}

// spot is a card of the layout, or the place where a long edge crosses a layer.
type spot struct {
	step      *Step // nil for a crossing
	layer     int
	x         int // of its middle
	up, down  []*spot
	rank, key float64 // in its layer, while it is put in order
	unreached bool
}

func (s *spot) width() int {
	if s.step == nil {
		return laneWidth
	}
	return CardWidth
}

// wire is an edge of the layout with the spots it runs over.
type wire struct {
	edge  Edge
	spots []*spot // from, crossings, to
	back  bool
}

type layout struct {
	spots  []*spot // cards in the order a reader meets them, then crossings
	wires  []*wire
	layers [][]*spot
}

// newLayout walks the tree as a reader would, and tells the edges that go back.
func newLayout(p *Procedure) *layout {
	g := &layout{}
	known := map[string]*spot{}
	steps := map[string]*Step{}
	for i := range p.Steps {
		if s := &p.Steps[i]; s.Box == nil && steps[s.ID] == nil {
			steps[s.ID] = s
		}
	}
	open := map[*spot]bool{}
	type visit struct {
		s     *spot
		edges []Edge
	}
	walk := func(root *Step, unreached bool) {
		enter := func(s *Step) visit {
			at := &spot{step: s, unreached: unreached}
			known[s.ID], open[at] = at, true
			g.spots = append(g.spots, at)
			return visit{at, s.Edges()}
		}
		stack := []visit{enter(root)}
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			if len(top.edges) == 0 {
				delete(open, top.s)
				stack = stack[:len(stack)-1]
				continue
			}
			e := top.edges[0]
			top.edges = top.edges[1:]
			target := steps[e.To]
			if target == nil {
				continue
			}
			to := known[e.To]
			from := top.s
			if to == nil {
				stack = append(stack, enter(target))
				to = known[e.To]
			}
			g.wires = append(g.wires, &wire{edge: e, spots: []*spot{from, to}, back: to == from || open[to] && to != stack[len(stack)-1].s})
		}
	}
	if start := p.Start(); start != nil {
		walk(start, false)
	}
	for i := range p.Steps {
		if s := &p.Steps[i]; steps[s.ID] == s && known[s.ID] == nil {
			walk(s, s.Family() != Layout)
		}
	}
	return g
}

// layer gives each card the layer below the lowest that leads to it.
func (g *layout) layer() {
	waiting := map[*spot]int{}
	out := map[*spot][]*wire{}
	for _, w := range g.wires {
		if !w.back {
			waiting[w.spots[1]]++
			out[w.spots[0]] = append(out[w.spots[0]], w)
		}
	}
	var ready []*spot
	for _, s := range g.spots {
		if waiting[s] == 0 {
			ready = append(ready, s)
		}
	}
	for len(ready) > 0 {
		s := ready[0]
		ready = ready[1:]
		for _, w := range out[s] {
			to := w.spots[1]
			to.layer = max(to.layer, s.layer+1)
			if waiting[to]--; waiting[to] == 0 {
				ready = append(ready, to)
			}
		}
	}
}

// split lets edges over several layers cross each of them at a spot of their
// own, so that they run between the cards.
func (g *layout) split() {
	for _, w := range g.wires {
		if w.back {
			continue
		}
		from, to := w.spots[0], w.spots[1]
		chain := []*spot{from}
		for l := from.layer + 1; l < to.layer; l++ {
			crossing := &spot{layer: l}
			g.spots = append(g.spots, crossing)
			chain = append(chain, crossing)
		}
		w.spots = append(chain, to)
		for i := 1; i < len(w.spots); i++ {
			w.spots[i-1].down = append(w.spots[i-1].down, w.spots[i])
			w.spots[i].up = append(w.spots[i].up, w.spots[i-1])
		}
	}
	for _, s := range g.spots {
		for len(g.layers) <= s.layer {
			g.layers = append(g.layers, nil)
		}
		g.layers[s.layer] = append(g.layers[s.layer], s)
	}
}

// sweeps is how often the layers are put in order, down and up.
const sweeps = 4

// order moves the spots of each layer towards the middle of those they are
// joined with, so that few edges cross.
func (g *layout) order() {
	for _, layer := range g.layers {
		number(layer)
	}
	for range sweeps {
		for i := 1; i < len(g.layers); i++ {
			sortLayer(g.layers[i], func(s *spot) []*spot { return s.up })
		}
		for i := len(g.layers) - 2; i >= 0; i-- {
			sortLayer(g.layers[i], func(s *spot) []*spot { return s.down })
		}
	}
}

func number(layer []*spot) {
	for i, s := range layer {
		s.rank = float64(i)
	}
}

// sortLayer puts a layer in the order of the middles of those each spot is
// joined with.
func sortLayer(layer []*spot, joined func(*spot) []*spot) {
	for _, s := range layer {
		s.key = s.rank
		if of := joined(s); len(of) > 0 {
			s.key = 0
			for _, o := range of {
				s.key += o.rank / float64(len(of))
			}
		}
	}
	slices.SortStableFunc(layer, func(a, b *spot) int { return cmp.Compare(a.key, b.key) })
	number(layer)
}

// place gives each spot its middle: under those above it as far as its
// neighbours allow, then over those below it.
func (g *layout) place() {
	for _, layer := range g.layers {
		pack(layer, func(s *spot) int { return 0 })
	}
	for range sweeps {
		for i := 1; i < len(g.layers); i++ {
			pack(g.layers[i], func(s *spot) int { return mean(s, s.up) })
		}
		for i := len(g.layers) - 2; i >= 0; i-- {
			pack(g.layers[i], func(s *spot) int { return mean(s, s.down) })
		}
	}
	least := 0
	for _, s := range g.spots {
		least = min(least, s.x-s.width()/2)
	}
	for _, s := range g.spots {
		s.x += margin - least
	}
}

func mean(s *spot, of []*spot) int {
	if len(of) == 0 {
		return s.x
	}
	sum := 0
	for _, o := range of {
		sum += o.x
	}
	return sum / len(of)
}

// pack puts the spots of a layer at the places they want, in their order,
// without overlap: runs that push each other stand around their common middle.
func pack(layer []*spot, wants func(*spot) int) {
	type run struct {
		spots  []*spot
		offset []int // of each from the first
		sum    int   // of wanted places of the first
		length int   // offset where the next would stand
	}
	first := func(r run) int { return r.sum / len(r.spots) }
	var runs []run
	for _, s := range layer {
		r := run{spots: []*spot{s}, offset: []int{0}, sum: wants(s)}
		for len(runs) > 0 {
			before := runs[len(runs)-1]
			last := before.spots[len(before.spots)-1]
			apart := before.offset[len(before.offset)-1] + (last.width()+r.spots[0].width())/2 + gapX
			if first(before)+apart <= first(r) {
				break
			}
			for i, o := range r.offset {
				before.spots, before.offset = append(before.spots, r.spots[i]), append(before.offset, o+apart)
			}
			before.sum += r.sum - apart*len(r.spots)
			r = before
			runs = runs[:len(runs)-1]
		}
		runs = append(runs, r)
	}
	for _, r := range runs {
		for i, s := range r.spots {
			s.x = first(r) + r.offset[i]
		}
	}
}

func top(layer int) int { return margin + layer*(CardHeight+gapY) }

// drawing writes the layout down.
func (g *layout) drawing() Drawing {
	d := Drawing{Height: top(len(g.layers)) - gapY + margin}
	for _, s := range g.spots {
		if s.step == nil {
			continue
		}
		d.Cards = append(d.Cards, DrawnCard{Step: s.step.ID, X: s.x - CardWidth/2, Y: top(s.layer), Unreached: s.unreached})
		d.Width = max(d.Width, s.x+CardWidth/2)
	}
	ways := map[*spot]int{}
	for _, w := range g.wires {
		ways[w.spots[0]]++
	}
	seen := map[*spot]int{}
	lane := 0
	for _, w := range g.wires {
		from := w.spots[0]
		seen[from]++
		e := DrawnEdge{Edge: w.edge, Back: w.back}
		if w.back {
			lane++
			e.Points = aside(from, w.spots[1], d.Width+lane*laneWidth)
			e.Label = Point{e.Points[1].X, (e.Points[1].Y + e.Points[2].Y) / 2}
		} else {
			e.Points = down(w.spots, CardWidth*seen[from]/(ways[from]+1)-CardWidth/2)
			end := e.Points[1]
			e.Label = Point{(e.Points[0].X + end.X) / 2, e.Points[0].Y + gapY/2}
		}
		d.Edges = append(d.Edges, e)
	}
	d.Width += lane*laneWidth + margin
	return d
}

// down runs from below the first card to above the last, over the crossings.
func down(spots []*spot, offset int) []Point {
	points := []Point{{spots[0].x + offset, top(spots[0].layer) + CardHeight}}
	for _, s := range spots[1 : len(spots)-1] {
		points = append(points, Point{s.x, top(s.layer)}, Point{s.x, top(s.layer) + CardHeight})
	}
	last := spots[len(spots)-1]
	return append(points, Point{last.x, top(last.layer)})
}

// aside runs from the right of a card to a lane beside all cards, up, and back
// to the right of the card it returns to.
func aside(from, to *spot, lane int) []Point {
	out, in := top(from.layer)+CardHeight/2, top(to.layer)+CardHeight/2
	if from == to {
		in -= CardHeight / 4
	}
	return []Point{{from.x + CardWidth/2, out}, {lane, out}, {lane, in}, {to.x + CardWidth/2, in}}
}

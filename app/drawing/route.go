package drawing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// stackUp gives the layers their heights, and the blocks their places.
func (p *part) stackUp() {
	p.tops, p.depths, p.gaps = make([]float64, len(p.layers)), make([]float64, len(p.layers)), make([]float64, len(p.layers))
	p.stackLabels()
	if slices.ContainsFunc(p.arcs, func(a *arc) bool { return a.link.back && a.to.layer == 0 }) {
		p.tops[0] = gapY / 2
	}
	for l, layer := range p.layers {
		labels := 0
		for _, n := range layer {
			labels = max(labels, n.stack)
			if n.block != nil {
				p.depths[l] = max(p.depths[l], n.block.h)
			}
		}
		if l > 0 {
			p.gaps[l-1] = gapY + labelH*float64(labels)
			p.tops[l] = p.tops[l-1] + p.depths[l-1] + p.gaps[l-1]
		}
	}
	p.lanes()
	last := len(p.layers) - 1
	p.gaps[last] = gapY
	p.h = p.tops[last] + p.depths[last]
	if p.endsBelow() {
		p.h += gapY / 2
	}
	for _, n := range p.nodes {
		if n.block != nil {
			n.block.x, n.block.y = n.x-n.left, p.tops[n.layer]
		}
	}
}

// endsBelow reports whether a way leaves the last layer downwards, to go back.
func (p *part) endsBelow() bool {
	return slices.ContainsFunc(p.arcs, func(a *arc) bool { return a.link.back && a.from.layer == len(p.layers)-1 })
}

// stackLabels lets the words of ways that come in at the same place stand
// above each other.
func (p *part) stackLabels() {
	for _, a := range p.arcs {
		if !a.link.labelled || a.link.back || a.link.aside {
			continue
		}
		n := a.first()
		a.link.stack = min(n.stack, 5)
		n.stack = min(n.stack+1, 6)
	}
}

// first is the node in the layer below the arc's own.
func (a *arc) first() *node {
	if len(a.via) > 0 {
		return a.via[0]
	}
	return a.to
}

// lanes gives the ways beside the tree a lane each, those to the same target
// one together: ways back to the right, long ways down to the left. Then it
// moves the part so that all of it is right of 0.
func (p *part) lanes() {
	left, right := 0.0, 0.0
	for _, layer := range p.layers {
		for _, n := range layer {
			left, right = min(left, n.x-n.left), max(right, n.x+n.right)
		}
	}
	down := p.assign(func(a *arc) bool { return a.link.aside })
	back := p.assign(func(a *arc) bool { return a.link.back })
	shift := -left
	if down > 0 {
		shift += gapX + float64(down)*laneW
	}
	for _, n := range p.nodes {
		n.x += shift
	}
	p.w = right + shift
	if back > 0 {
		p.w += gapX + float64(back)*laneW
	}
	for _, a := range p.arcs {
		if lane := gapX + float64(a.lane)*laneW; a.link.back {
			a.laneX = right + shift + lane
		} else if a.link.aside {
			a.laneX = left + shift - lane
		}
	}
}

// trunk is the ways beside the tree to one target, which share a lane.
type trunk struct {
	to        *node
	from, end int // layers
	arcs      []*arc
}

// assign gives lanes to the ways beside the tree on one side, short ones near
// it, and returns how many there are.
func (p *part) assign(beside func(*arc) bool) int {
	byTarget := map[*node]*trunk{}
	var trunks []*trunk
	for _, a := range p.arcs {
		if !beside(a) {
			continue
		}
		t := byTarget[a.to]
		if t == nil {
			t = &trunk{to: a.to, from: a.to.layer, end: a.to.layer}
			byTarget[a.to], trunks = t, append(trunks, t)
		}
		t.from, t.end = min(t.from, a.from.layer), max(t.end, a.from.layer)
		t.arcs = append(t.arcs, a)
	}
	slices.SortStableFunc(trunks, func(a, b *trunk) int { return cmp.Compare(a.end-a.from, b.end-b.from) })
	var lanes [][]*trunk
	for _, t := range trunks {
		lane := slices.IndexFunc(lanes, func(others []*trunk) bool {
			return !slices.ContainsFunc(others, func(o *trunk) bool { return t.from <= o.end+1 && o.from <= t.end+1 })
		})
		if lane < 0 {
			lane, lanes = len(lanes), append(lanes, nil)
		}
		lanes[lane] = append(lanes[lane], t)
		for _, a := range t.arcs {
			a.lane = lane
		}
	}
	return len(lanes)
}

// route gives every link its corners and its label a place.
func (p *part) route() {
	p.ports()
	for _, a := range p.arcs {
		port := a.link.points[0]
		if a.link.back || a.link.aside {
			p.beside(a, port)
			continue
		}
		at := a.from.layer
		points := []Point{port, {port.X, p.tops[at] + p.depths[at]}}
		for _, n := range a.via {
			points = append(points, Point{n.x, p.tops[n.layer]}, Point{n.x, p.tops[n.layer] + p.depths[n.layer]})
		}
		points = append(points, Point{a.entry(), p.tops[a.to.layer]})
		a.link.label = Point{points[2].X, p.tops[at+1] - 10 - labelH*float64(a.link.stack)}
		a.link.points = slices.Compact(points)
	}
}

// ports spreads the ways out of a box along its lower side, in the order in
// which they go apart.
func (p *part) ports() {
	aim := func(a *arc) float64 {
		if a.link.back || a.link.aside {
			return a.laneX
		}
		return a.first().x
	}
	for _, n := range p.nodes {
		if n.block == nil || len(n.out) == 0 {
			continue
		}
		out := slices.Clone(n.out)
		slices.SortStableFunc(out, func(a, b *arc) int { return cmp.Compare(aim(a), aim(b)) })
		step := min(28, 1.6*n.left/float64(len(out)))
		for i, a := range out {
			x := n.x + (float64(i)-float64(len(out)-1)/2)*step
			if l := a.link; l.source != l.from {
				x = n.x - n.left + l.source.within(l.from) + (float64(i)-float64(len(out)-1)/2)*4
			}
			a.link.points = []Point{{x, p.tops[n.layer] + n.block.own()}}
		}
	}
}

// entry is where a way comes into its target from above.
func (a *arc) entry() float64 {
	if l := a.link; l.target != l.to {
		return a.to.x - a.to.left + l.target.within(l.to)
	}
	return a.to.x
}

// within is how far a block's anchor is from the left side of a frame around
// it.
func (b *block) within(frame *block) float64 {
	x := b.anchor
	for ; b != frame; b = b.parent {
		x += b.x + frameSide
	}
	return x
}

// beside leads a way out of the gap below its box, along its lane, and into
// the gap above its target.
func (p *part) beside(a *arc, port Point) {
	lane := a.laneX
	shift := float64(a.lane%4) * 4
	below := p.tops[a.from.layer] + p.depths[a.from.layer] + 12 + shift
	above := p.tops[a.to.layer] - 8 - shift
	a.link.points = []Point{port, {port.X, below}, {lane, below}, {lane, above}, {a.entry(), above}, {a.entry(), p.tops[a.to.layer]}}
	a.link.label = Point{port.X, below - 4}
}

// smooth writes a way as the d of an SVG path: soft bends between layers,
// round corners beside the tree.
func smooth(points []Point) string {
	var b strings.Builder
	fmt.Fprintf(&b, "M%s", xy(points[0]))
	for i := 1; i < len(points); i++ {
		from, to := points[i-1], points[i]
		switch {
		case from.X == to.X, from.Y == to.Y:
			fmt.Fprintf(&b, "L%s", xy(to))
		default:
			half := (to.Y - from.Y) / 2
			fmt.Fprintf(&b, "C%s %s %s", xy(Point{from.X, from.Y + half}), xy(Point{to.X, to.Y - half}), xy(to))
		}
	}
	return b.String()
}

func xy(p Point) string { return fmt.Sprintf("%.1f %.1f", p.X, p.Y) }

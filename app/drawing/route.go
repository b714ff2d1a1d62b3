package drawing

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// stackUp gives the layers their heights, and the blocks their places.
func (p *part) stackUp() {
	p.tops, p.depths, p.lift = make([]float64, len(p.layers)), make([]float64, len(p.layers)), make([]float64, len(p.layers))
	if slices.ContainsFunc(p.arcs, func(a *arc) bool { return a.link.back && a.to.layer == 0 }) {
		p.tops[0] = gapY / 2
	}
	for _, a := range p.arcs {
		if (a.link.back || a.link.aside) && a.to.layer > 0 {
			p.lift[a.to.layer-1] = besideH
		}
	}
	for l, layer := range p.layers {
		for _, n := range layer {
			if n.block != nil {
				p.depths[l] = max(p.depths[l], n.block.h)
			}
		}
		if l > 0 {
			p.tops[l] = p.tops[l-1] + p.depths[l-1] + gapY + LabelH*float64(p.high[l-1]+p.low[l-1]) + p.lift[l-1]
		}
	}
	last := len(p.layers) - 1
	p.h = p.tops[last] + p.depths[last]
	if p.endsBelow() {
		p.h += PlusH + LabelH*float64(p.high[last]) + besideH
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

// first is the node in the layer below the arc's own.
func (a *arc) first() *node {
	if len(a.via) > 0 {
		return a.via[0]
	}
	return a.to
}

// lanes gives the ways beside the tree a lane each, those to the same target
// one together: ways back to the right, long ways down to the left.
func (p *part) lanes() {
	p.down = p.assign(func(a *arc) bool { return a.link.aside })
	p.back = p.assign(func(a *arc) bool { return a.link.back })
}

// widen finds how wide the part is with its labels and the lanes beside it, and
// moves it so that all of it is right of 0.
func (p *part) widen() {
	left, right := 0.0, 0.0
	for _, layer := range p.layers {
		for _, n := range layer {
			left, right = min(left, n.x-n.left), max(right, n.x+n.right)
		}
	}
	for _, a := range p.arcs {
		if a.link.labelW > 0 {
			left, right = min(left, a.link.label.X-labelW/2), max(right, a.link.label.X+labelW/2)
		}
	}
	shift := -left
	if p.down > 0 {
		shift += gapX + float64(p.down)*laneW
	}
	for _, n := range p.nodes {
		n.x += shift
	}
	p.w = right + shift
	if p.back > 0 {
		p.w += gapX + float64(p.back)*laneW
	}
	for _, a := range p.arcs {
		l := a.link
		l.points[0].X += shift
		l.label.X += shift
		l.labelW = min(l.labelW, 2*(l.label.X-left-shift), 2*(right+shift-l.label.X))
		if lane := gapX + float64(a.lane)*laneW; l.back {
			a.laneX = right + shift + lane
		} else if l.aside {
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

// route gives every link its corners, and its label its height.
func (p *part) route() {
	for _, a := range p.arcs {
		at, l := a.from.layer, a.link
		l.points[0].Y = p.tops[at] + a.from.block.own()
		if l.back || l.aside {
			p.beside(a)
			continue
		}
		port := l.points[0]
		points := []Point{port, {port.X, p.tops[at] + p.depths[at]}}
		for _, n := range a.via {
			points = append(points, Point{n.x, p.tops[n.layer]}, Point{n.x, p.tops[n.layer] + p.depths[n.layer]})
		}
		points = append(points, Point{a.entry(), p.tops[a.to.layer]})
		l.label.Y = p.tops[at+1] - p.lift[at] - 10 - LabelH*float64(l.row)
		l.points = slices.Compact(points)
	}
}

// ports spreads the ways out of a box along its lower side, in the order in
// which they go apart.
func (p *part) ports() {
	aim := func(a *arc) float64 {
		switch {
		case a.link.back:
			return math.Inf(1)
		case a.link.aside:
			return math.Inf(-1)
		}
		return a.first().x
	}
	for _, n := range p.nodes {
		if n.block == nil || len(n.out) == 0 {
			continue
		}
		out := slices.Clone(n.out)
		slices.SortStableFunc(out, func(a, b *arc) int { return cmp.Or(cmp.Compare(aim(a), aim(b)), cmp.Compare(outward(a), outward(b))) })
		step := min(28, 1.6*n.left/float64(len(out)))
		for i, a := range out {
			x := n.x + (float64(i)-float64(len(out)-1)/2)*step
			if l := a.link; l.source != l.from {
				x = n.x - n.left + l.source.within(l.from) + (float64(i)-float64(len(out)-1)/2)*4
			}
			a.link.points = []Point{{X: x}}
		}
	}
}

// outward orders ways beside the tree from left to right by their lanes.
func outward(a *arc) int {
	if a.link.aside {
		return -a.lane
	}
	return a.lane
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

// beside leads a way out of the gap below its box, under the labels there, along
// its lane, and into the gap above its target.
func (p *part) beside(a *arc) {
	lane, port := a.laneX, a.link.points[0]
	shift := float64(a.lane%4) * 4
	base := p.tops[a.from.layer] + p.depths[a.from.layer] + PlusH
	below := base + LabelH*float64(p.high[a.from.layer]) + 2 + shift
	above := p.tops[a.to.layer] - 8 - shift
	a.link.points = []Point{port, {port.X, below}, {lane, below}, {lane, above}, {a.entry(), above}, {a.entry(), p.tops[a.to.layer]}}
	a.link.label.Y = base + LabelH*(float64(a.link.row)+0.5)
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

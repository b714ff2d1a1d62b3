package drawing

import (
	"math"

	"selfhelp/app/procedure"
)

// layout gives every block of the group its place, and the group its size:
// each part that hangs together by itself, side by side, single boxes last. Those
// to which ways lead from outside stand side by side too: one below another
// would seem to follow it.
func (g *group) layout() {
	for _, b := range g.blocks {
		b.measure()
	}
	x, height := 0.0, 0.0
	var single []*block
	for _, part := range g.parts() {
		if len(part.nodes) == 1 && len(part.arcs) == 0 && len(g.blocks) > 1 {
			if b := part.nodes[0].block; !b.led {
				single = append(single, b)
				continue
			}
		}
		if x > 0 {
			x += treeGap
		}
		part.layout()
		part.shift(x)
		x += part.w
		height = max(height, part.h)
	}
	if len(single) > 0 {
		if x > 0 {
			x += treeGap
		}
		w, h := grid(single, x)
		x, height = x+w, max(height, h)
	}
	g.w, g.h = x, height
}

// measure gives a block its size, and lays out what stands in it.
func (b *block) measure() {
	switch {
	case b.step == nil:
		b.w, b.h = labelW-gapX, StubSize // words stand above it
	case b.inside != nil:
		b.inside.layout()
		b.w, b.h = max(b.inside.w, stepW)+2*frameSide, b.inside.h+frameTop+frameSide
	default:
		b.w, b.h = size(b.step)
	}
	b.anchor = b.w / 2
	if len(b.notes) > 0 {
		b.w += gapX + stickyW
		b.h = max(b.h, float64(len(b.notes))*(stickyH+gapX)-gapX)
	}
}

// grid puts boxes without any way into rows.
func grid(blocks []*block, left float64) (w, h float64) {
	columns := int(math.Ceil(math.Sqrt(float64(len(blocks)))))
	if columns > 1 {
		columns = (columns + 1) / 2 // higher than wide, beside the tree
	}
	y := 0.0
	for from := 0; from < len(blocks); from += columns {
		x, row := 0.0, 0.0
		for _, b := range blocks[from:min(from+columns, len(blocks))] {
			b.x, b.y = left+x, y
			x += b.w + gapX
			row = max(row, b.h)
		}
		w = max(w, x-gapX)
		y += row + gapX
	}
	return w, y - gapX
}

// boxes adds the boxes of the group to the drawing, whose corner is at a place.
func (g *group) boxes(d *Drawing, x, y float64, reached map[string]bool) {
	for _, b := range g.blocks {
		b.atX, b.atY = x+b.x, y+b.y
		switch {
		case b.step == nil:
		case b.step.Box != nil:
			w, h := b.w, b.h
			d.Frames = append(d.Frames, Frame{b.step.ID, b.step.Title, b.atX, b.atY, w, h, b.step.Box.Folded})
			if b.inside != nil {
				b.inside.boxes(d, b.atX+frameSide, b.atY+frameTop, reached)
			}
		default:
			d.add(b.step, b.atX, b.atY, reached[b.step.ID])
			for i, note := range b.notes {
				w, _ := size(b.step)
				d.add(note, b.atX+w+gapX, b.atY+float64(i)*(stickyH+gapX), true)
			}
		}
	}
}

func (d *Drawing) add(s *procedure.Step, x, y float64, reached bool) {
	w, h := size(s)
	d.Nodes = append(d.Nodes, Node{s.ID, s.Kind(), s.Title, x, y, w, h, reached || s.Family() == procedure.Layout})
}

// ways adds the edges of the group to the drawing, from box to box.
func (g *group) ways(d *Drawing) {
	for _, l := range g.links {
		x, y := l.from.atX-l.from.x, l.from.atY-l.from.y // corner of the group
		e := Edge{Edge: l.edge, Back: l.back, Label: Point{x + l.label.X, y + l.label.Y}, LabelW: l.labelW}
		if l.source != l.from {
			e.Points = append(e.Points, Point{l.source.atX + l.source.anchor, l.source.bottom()})
		}
		for _, p := range l.points {
			e.Points = append(e.Points, Point{x + p.X, y + p.Y})
		}
		if l.target != l.to {
			e.Points = append(e.Points, Point{l.target.atX + l.target.anchor, l.target.atY})
		}
		e.Path = smooth(e.Points)
		d.Edges = append(d.Edges, e)
	}
	for _, b := range g.blocks {
		if b.inside != nil {
			b.inside.ways(d)
		}
	}
}

// bottom is the lower side of a block's own box.
func (b *block) bottom() float64 { return b.atY + b.own() }

// own is the height of a block's box without the notes beside it.
func (b *block) own() float64 {
	if b.step == nil || b.inside != nil {
		return b.h
	}
	_, h := size(b.step)
	return h
}

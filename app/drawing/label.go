package drawing

import (
	"cmp"
	"slices"
)

// label finds where the words of ways stand from left to right, and in which
// row: those of a way down above where it comes in, those of a way beside the
// tree below where it goes out. What stands side by side shares the room.
func (p *part) label() {
	p.high, p.low = make([]int, len(p.layers)), make([]int, len(p.layers))
	high, low := make([][]*link, len(p.layers)), make([][]*link, len(p.layers))
	for _, a := range p.arcs {
		l, gap := a.link, a.from.layer
		switch {
		case !l.labelled:
		case l.back || l.aside:
			l.label.X = l.points[0].X
			high[gap] = append(high[gap], l)
		default:
			l.label.X = a.comes()
			low[gap] = append(low[gap], l)
		}
	}
	for gap := range p.layers {
		p.high[gap], p.low[gap] = inRows(high[gap]), inRows(low[gap])
	}
}

// comes is from where a way goes straight down to the layer below its own.
func (a *arc) comes() float64 {
	if len(a.via) > 0 {
		return a.via[0].x
	}
	return a.entry()
}

// inRows puts labels into as few rows as they need, gives each the room that
// those beside it leave, and returns how many rows there are. Where there are
// too many, the last ones get no room.
func inRows(labels []*link) int {
	slices.SortStableFunc(labels, func(a, b *link) int { return cmp.Compare(a.label.X, b.label.X) })
	var rows []*link // the last label of each
	for _, l := range labels {
		l.row = slices.IndexFunc(rows, func(last *link) bool { return l.label.X-last.label.X >= labelW })
		switch {
		case l.row >= 0:
			room := l.label.X - rows[l.row].label.X - labelGap
			rows[l.row].labelW, l.labelW = min(rows[l.row].labelW, room), min(labelMost, room)
			rows[l.row] = l
		case len(rows) < labelRows:
			l.row, l.labelW = len(rows), labelMost
			rows = append(rows, l)
		}
	}
	return len(rows)
}

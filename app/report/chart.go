package report

import "selfhelp/app/procedure"

// The field that a chart is drawn in; whoever shows it gives it a size.
const (
	ChartWidth  = 1000
	ChartHeight = 200
)

// Chart is a trend as bars, each in pieces by outcome, from the bottom up.
type Chart struct {
	Top  int64 // what the full height stands for
	Bars []Drawn
}

// Drawn is a bar of a chart, from the left.
type Drawn struct {
	Bar
	X, Width float64
	Pieces   []Piece
}

// Piece is the part of a bar that one outcome has, from the top.
type Piece struct {
	Outcome   procedure.Outcome
	Y, Height float64
}

// Draw makes a chart of a trend.
func Draw(bars []Bar) Chart {
	var highest int64
	for _, b := range bars {
		highest = max(highest, b.Started)
	}
	c := Chart{Top: roundUp(highest)}
	if len(bars) == 0 {
		return c
	}
	room := float64(ChartWidth) / float64(len(bars))
	for i, b := range bars {
		d := Drawn{Bar: b, X: (float64(i) + 0.12) * room, Width: 0.76 * room}
		var below int64
		for _, o := range Outcomes {
			n := b.Of(o)
			if n == 0 {
				continue
			}
			below += n
			d.Pieces = append(d.Pieces, Piece{Outcome: o, Y: ChartHeight * (1 - float64(below)/float64(c.Top)), Height: ChartHeight * float64(n) / float64(c.Top)})
		}
		c.Bars = append(c.Bars, d)
	}
	return c
}

// roundUp is the next number that an axis may end with; half of it is whole.
func roundUp(n int64) int64 {
	for ten := int64(1); ; ten *= 10 {
		for _, step := range []int64{2, 4, 6, 8, 10} {
			if n <= step*ten {
				return step * ten
			}
		}
	}
}

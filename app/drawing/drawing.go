// Package drawing knows how the tree of a procedure is laid out on a plane:
// layers from top to bottom, ways back beside the tree, frames around their
// steps. It refuses to know colours, fonts and SVG elements: it gives places
// and paths.
//
// Its main name is Draw; a Drawing is what it gives.
package drawing

import "selfhelp/app/procedure"

// Drawing is a laid-out procedure. The same procedure always gives the same
// drawing; no two boxes overlap, nor do words on ways, and ways pass between
// the boxes.
type Drawing struct {
	Width, Height float64
	Nodes         []Node
	Frames        []Frame // outer ones before those within them
	Edges         []Edge
}

// Node is the box of a step; X and Y are its top left corner.
type Node struct {
	ID         string
	Kind       procedure.StepType
	Title      procedure.Text
	X, Y, W, H float64
	Reached    bool // from the Start
}

// Frame is a box around the steps that stand in it. A folded one hides them.
type Frame struct {
	ID         string
	Title      procedure.Text
	X, Y, W, H float64
	Folded     bool
}

// Edge is a way between two boxes. An open one, whose To is not there, ends
// above the place where a step could be added: a circle of StubSize, its top at
// the last point.
type Edge struct {
	procedure.Edge
	Points []Point // corners of the way
	Path   string  // the same, smooth, as the d of an SVG path
	Label  Point   // where the middle of its words stands
	LabelW float64 // room for them, LabelH high; 0 where there is none
	Back   bool    // leads up, beside the tree
}

// Point is a place on the plane, in pixels.
type Point struct{ X, Y float64 }

// The room at the end of an open way, below a box for what adds a step to a way,
// and the height of the words on it, in pixels.
const (
	StubSize = 28
	PlusH    = 22
	LabelH   = 16
)

// The sizes of boxes and the room around them, in pixels.
const (
	stepW, stepH     = 216, 72
	endW, endH       = 184, 56
	startW, startH   = 128, 44
	stickyW, stickyH = 176, 96
	gapX             = 28  // between boxes of a layer
	gapY             = 56  // between layers
	labelW           = 136 // least room for the words of a way
	labelMost        = 190 // and the most
	labelGap         = 6   // between two of them
	labelRows        = 12  // of words above each other; those of more ways are left out
	laneW            = 12  // between ways beside the tree
	besideH          = 22  // for them, below a layer and above one
	treeGap          = 64  // between trees that do not touch
	frameSide        = 20  // inside a frame
	frameTop         = 44
)

// Draw lays out the tree of a procedure.
func Draw(p *procedure.Procedure) Drawing {
	t := newTree(p)
	t.root.layout()
	d := Drawing{Width: t.root.w, Height: t.root.h}
	reached := p.Reached()
	t.root.boxes(&d, 0, 0, reached)
	t.root.ways(&d)
	return d
}

// size is how large the box of a step is.
func size(s *procedure.Step) (w, h float64) {
	switch {
	case s.Start != nil:
		return startW, startH
	case s.End != nil:
		return endW, endH
	case s.Sticky != nil:
		return stickyW, stickyH
	}
	return stepW, stepH
}

package editor

import (
	"math"
	"strings"

	"selfhelp/app/drawing"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/views"
)

// canvas is the tree as it is drawn.
func (s *Editor) canvas(v *frame.Visit, b bench, marks map[string]tallies) views.Canvas {
	d := drawing.Draw(b.proc.Data)
	c := views.Canvas{Width: whole(d.Width), Height: whole(d.Height)}
	steps := stepsOf(b.proc.Data)
	for _, f := range d.Frames {
		c.Boxes = append(c.Boxes, views.FrameBox{
			ID: f.ID, Title: s.stepTitle(v, b, steps[f.ID]), Colour: steps[f.ID].Colour, Chosen: f.ID == b.look.step,
			X: whole(f.X), Y: whole(f.Y), W: whole(f.W), H: whole(f.H),
		})
	}
	for _, n := range d.Nodes {
		step, t := steps[n.ID], marks[n.ID]
		c.Cards = append(c.Cards, views.StepCard{
			ID: n.ID, Kind: string(step.Family()), Title: s.stepTitle(v, b, step), Detail: kindName(v, n.Kind), Icon: stepIcon(n.Kind), Colour: step.Colour,
			X: whole(n.X), Y: whole(n.Y), W: whole(n.W), H: whole(n.H),
			Chosen: n.ID == b.look.step && !b.look.add, Errors: t.Errors, Warnings: t.Warnings, Todo: t.todo, Unreached: !n.Reached,
		})
	}
	for _, e := range d.Edges {
		plus, last := onWay(e.Points), e.Points[len(e.Points)-1]
		line := views.Line{
			From: e.From, Edge: e.ID, To: e.To, Label: s.edgeLabel(v, b, e.Edge), Path: e.Path, X: whole(e.Label.X), Y: whole(e.Label.Y) + 4, Room: int(e.LabelW),
			PlusX: whole(plus.X), PlusY: whole(plus.Y), Back: e.Back, Free: steps[e.To] == nil, Failure: isFailure(e.ID),
			Chosen: b.look.add && b.look.step == e.From && b.look.edge == e.ID,
		}
		if line.Free {
			line.PlusX, line.PlusY = whole(last.X), whole(last.Y)+drawing.StubSize/2
		}
		c.Lines = append(c.Lines, line)
	}
	mark(&c, b.look)
	return c
}

// onWay is the place of a way's plus: just below the box that it leaves, where
// no words stand.
func onWay(points []drawing.Point) drawing.Point {
	from := points[0]
	y := from.Y + drawing.PlusH/2
	for _, to := range points[1:] {
		if to.Y >= y {
			return drawing.Point{X: atHeight(from, to, y), Y: y}
		}
		from = to
	}
	return drawing.Point{X: from.X, Y: y}
}

// atHeight is where the curve that drawing leads from one point down to another
// has a height.
func atHeight(from, to drawing.Point, y float64) float64 {
	if from.X == to.X || from.Y == to.Y {
		return from.X
	}
	low, high := 0.0, 1.0
	for range 20 {
		t := (low + high) / 2
		if from.Y+(to.Y-from.Y)*(1.5*t*(1-t)*(1-t)+1.5*t*t*(1-t)+t*t*t) < y { // controls stand half-way
			low = t
		} else {
			high = t
		}
	}
	return from.X + (to.X-from.X)*(3*low*low-2*low*low*low)
}

// whole rounds to a pixel.
func whole(x float64) int { return int(math.Round(x)) }

// edgeLabel is what stands on an edge: nothing where there is only one way.
func (s *Editor) edgeLabel(v *frame.Visit, b bench, e procedure.Edge) string {
	if words, _ := e.Label.Pick(s.Now(), b.look.lang, b.project.Data.Languages[0]); words != "" {
		return words
	}
	kind, _, _ := strings.Cut(e.ID, ".")
	if key := "outcome." + e.Note; kind == "outcome" && v.Words.Has(key) {
		return v.Words.T(key)
	}
	if e.Note != "" {
		return e.Note
	}
	if kind == "next" {
		if step := b.proc.Data.Step(e.From); step != nil && step.Decides() {
			return v.Words.T("edge.otherwise")
		}
		return ""
	}
	return v.Words.T("edge." + kind)
}

// isFailure reports whether an edge is taken when something went wrong.
func isFailure(edge string) bool {
	switch edge {
	case "error", "timeout", "status", "fault", "missing", "refused":
		return true
	}
	return false
}

// stepsOf finds the steps of a procedure by id.
func stepsOf(p *procedure.Procedure) map[string]*procedure.Step {
	steps := make(map[string]*procedure.Step, len(p.Steps))
	for i := range p.Steps {
		steps[p.Steps[i].ID] = &p.Steps[i]
	}
	return steps
}

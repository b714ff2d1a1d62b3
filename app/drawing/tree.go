package drawing

import "selfhelp/app/procedure"

// maxNested is how deep frames are drawn within each other; deeper ones stand
// beside the one at that depth.
const maxNested = 8

// block is what a layer holds: the box of a step with the notes stuck to it, a
// frame with all that stands in it, or the stub of an open way.
type block struct {
	step   *procedure.Step // nil for a stub
	notes  []*procedure.Step
	inside *group // of a frame that is not folded
	parent *block // the frame it stands in
	number int    // in its group
	led    bool   // ways lead into its frame to it, or out of there from it
	x, y   float64
	w, h   float64
	anchor float64 // from x to where ways come in and go out
	atX    float64 // absolute, once laid out
	atY    float64
}

// group is what is laid out together: the whole procedure, or a frame.
type group struct {
	blocks []*block
	links  []*link
	w, h   float64
}

// link is an edge among the blocks of a group.
type link struct {
	edge           procedure.Edge
	from, to       *block // of the group
	source, target *block // the boxes themselves, maybe inside those
	points         []Point
	label          Point
	labelW         float64 // room for the label, 0 for none
	row            int     // of labels between two layers, from their own end
	back, aside    bool
	labelled       bool
}

// tree is a procedure on its way to a drawing.
type tree struct {
	p      *procedure.Procedure
	steps  map[string]*procedure.Step
	blocks map[string]*block
	root   *group
}

func newTree(p *procedure.Procedure) *tree {
	t := &tree{p: p, steps: map[string]*procedure.Step{}, blocks: map[string]*block{}, root: &group{}}
	for i := range p.Steps {
		if s := &p.Steps[i]; t.steps[s.ID] == nil {
			t.steps[s.ID] = s
		}
	}
	for i := range p.Steps {
		t.place(&p.Steps[i])
	}
	for i := range p.Steps {
		if s := &p.Steps[i]; t.steps[s.ID] == s {
			t.link(s)
		}
	}
	return t
}

// place makes the block of a step where it stands, those of its frames first.
// A second step of the same id has none.
func (t *tree) place(s *procedure.Step) *block {
	if b := t.blocks[s.ID]; b != nil || t.steps[s.ID] != s {
		return b
	}
	if beside := t.besides(s); beside != nil {
		host := t.place(beside)
		if host.step == beside {
			host.notes = append(host.notes, s)
			host = &block{step: s, parent: host}
		}
		t.blocks[s.ID] = host // else hidden where the step is
		return host
	}
	frames := t.framesOf(s)
	for _, f := range frames {
		if f.Box.Folded {
			b := t.place(f)
			t.blocks[s.ID] = b // hidden in it
			return b
		}
	}
	b := &block{step: s}
	t.blocks[s.ID] = b
	in := t.root
	if len(frames) > 0 {
		if b.parent = t.place(frames[len(frames)-1]); b.parent.inside == nil {
			b.parent.inside = &group{}
		}
		in = b.parent.inside
	}
	in.add(b)
	return b
}

func (g *group) add(b *block) {
	b.number = len(g.blocks)
	g.blocks = append(g.blocks, b)
}

// framesOf returns the frames around a step, the outermost first; frames that
// stand within themselves are none.
func (t *tree) framesOf(s *procedure.Step) []*procedure.Step {
	var frames []*procedure.Step
	seen := map[*procedure.Step]bool{s: true}
	for f := t.steps[s.Frame]; f != nil && f.Box != nil; f = t.steps[f.Frame] {
		if seen[f] || len(frames) > 64 {
			return nil
		}
		seen[f] = true
		frames = append([]*procedure.Step{f}, frames...)
	}
	return frames[:min(len(frames), maxNested)]
}

// besides returns the step that a note is stuck to.
func (t *tree) besides(s *procedure.Step) *procedure.Step {
	if s.Sticky == nil || s.Sticky.Beside == s.ID {
		return nil
	}
	beside := t.steps[s.Sticky.Beside]
	if beside == nil || beside.Family() == procedure.Layout {
		return nil
	}
	return beside
}

// link puts the ways out of a step into the group where both ends meet.
func (t *tree) link(s *procedure.Step) {
	source := t.blocks[s.ID]
	for _, e := range s.Edges() {
		l := &link{edge: e, source: source, labelled: e.ID != "next" || s.Decides()}
		if to := t.steps[e.To]; to != nil && to.Family() != procedure.Layout {
			l.target = t.blocks[to.ID]
		} else if source.step != s {
			continue // hidden in a folded frame
		}
		t.meet(l)
	}
}

// meet finds the group where both ends of a link have blocks. A way with no
// target gets a stub beside its source.
func (t *tree) meet(l *link) {
	in := t.groupOf(l.source)
	l.from = l.source
	if l.target == nil {
		l.target = &block{parent: l.source.parent}
		in.add(l.target)
		l.to = l.target
		in.links = append(in.links, l)
		return
	}
	if l.source == l.target && l.edge.From != l.edge.To {
		return // inside one folded frame
	}
	around := map[*group]*block{}
	for b := l.source; b != nil; b = b.parent {
		around[t.groupOf(b)] = b
	}
	for b := l.target; b != nil; b = b.parent {
		if from, ok := around[t.groupOf(b)]; ok {
			in, l.from, l.to = t.groupOf(b), from, b
			break
		}
	}
	l.source.led = l.source.led || l.source != l.from
	l.target.led = l.target.led || l.target != l.to
	in.links = append(in.links, l)
}

// groupOf returns the group that holds a block.
func (t *tree) groupOf(b *block) *group {
	if b.parent == nil {
		return t.root
	}
	return b.parent.inside
}

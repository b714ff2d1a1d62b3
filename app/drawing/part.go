package drawing

// part is a piece of a group that hangs together, laid out in layers.
type part struct {
	nodes  []*node // blocks first, then bends
	arcs   []*arc
	layers [][]*node
	tops   []float64 // of each layer
	depths []float64 // height of each layer
	high   []int     // rows of labels in the gap below each layer, near it
	low    []int     // the same, near the next layer
	lift   []float64 // how far ways from beside push the low ones up
	down   int       // lanes of long ways down, on the left
	back   int       // lanes of ways back, on the right
	w, h   float64
}

// node is a block, or the bend of an arc in a layer it passes.
type node struct {
	block *block // nil for a bend
	layer int
	order int     // in its layer
	x     float64 // of the anchor
	left  float64 // from the anchor
	right float64
	up    []*node // neighbours in the layers above and below
	down  []*node
	out   []*arc
}

// arc is a link on its way through the layers.
type arc struct {
	link     *link
	from, to *node
	via      []*node // bends
	lane     int     // beside the tree
	laneX    float64
}

// parts splits a group into what hangs together, each in the order of blocks.
func (g *group) parts() []*part {
	nodes := make([]*node, len(g.blocks))
	for i, b := range g.blocks {
		nodes[i] = &node{block: b, left: b.anchor, right: b.w - b.anchor}
	}
	arcs := make([]*arc, len(g.links))
	near := make([][]int, len(nodes))
	for i, l := range g.links {
		a := &arc{link: l, from: nodes[l.from.number], to: nodes[l.to.number]}
		arcs[i] = a
		a.from.out = append(a.from.out, a)
		near[l.from.number] = append(near[l.from.number], l.to.number)
		near[l.to.number] = append(near[l.to.number], l.from.number)
	}
	of := make([]*part, len(nodes))
	var parts []*part
	for i := range nodes {
		if of[i] != nil {
			continue
		}
		p := &part{}
		parts = append(parts, p)
		of[i] = p
		for queue := []int{i}; len(queue) > 0; queue = queue[1:] {
			for _, n := range near[queue[0]] {
				if of[n] == nil {
					of[n] = p
					queue = append(queue, n)
				}
			}
		}
	}
	for i, n := range nodes {
		of[i].nodes = append(of[i].nodes, n)
	}
	for _, a := range arcs {
		p := of[a.link.from.number]
		p.arcs = append(p.arcs, a)
	}
	return startFirst(parts)
}

// startFirst puts the part with the Start before the others.
func startFirst(parts []*part) []*part {
	for i, p := range parts {
		for _, n := range p.nodes {
			if n.block.step != nil && n.block.step.Start != nil {
				rest := append([]*part{p}, parts[:i]...)
				return append(rest, parts[i+1:]...)
			}
		}
	}
	return parts
}

// layout lays the part out at the corner of its group.
func (p *part) layout() {
	p.turnBack()
	p.layer()
	p.bend()
	p.order()
	p.spread()
	p.lanes()
	p.ports()
	p.label()
	p.widen()
	p.stackUp()
	p.route()
}

// shift moves the part to the right.
func (p *part) shift(x float64) {
	for _, n := range p.nodes {
		if n.block != nil {
			n.block.x += x
		}
	}
	for _, a := range p.arcs {
		for i := range a.link.points {
			a.link.points[i].X += x
		}
		a.link.label.X += x
	}
}

package drawing

import (
	"cmp"
	"slices"
)

// turnBack marks the ways that lead back: those to a step one is still inside
// of when the tree is walked from its roots.
func (p *part) turnBack() {
	state := map[*node]int{} // 1 on the way, 2 done
	for _, root := range p.roots() {
		if state[root] != 0 {
			continue
		}
		type visit struct {
			n    *node
			next int
		}
		state[root] = 1
		for stack := []visit{{root, 0}}; len(stack) > 0; {
			top := &stack[len(stack)-1]
			if top.next == len(top.n.out) {
				state[top.n] = 2
				stack = stack[:len(stack)-1]
				continue
			}
			a := top.n.out[top.next]
			top.next++
			switch state[a.to] {
			case 0:
				state[a.to] = 1
				stack = append(stack, visit{a.to, 0})
			case 1:
				a.link.back = true
			}
		}
	}
}

// roots returns the nodes in the order the tree is walked: the Start, what
// nothing leads to, the others.
func (p *part) roots() []*node {
	led := map[*node]bool{}
	for _, a := range p.arcs {
		led[a.to] = led[a.to] || a.from != a.to
	}
	rank := func(n *node) int {
		switch {
		case n.block.step != nil && n.block.step.Start != nil:
			return 0
		case !led[n]:
			return 1
		}
		return 2
	}
	list := slices.Clone(p.nodes)
	slices.SortStableFunc(list, func(a, b *node) int { return cmp.Compare(rank(a), rank(b)) })
	return list
}

// layer puts every node below all that lead to it; a root that is not the
// Start just above what it leads to.
func (p *part) layer() {
	waiting := map[*node]int{}
	for _, a := range p.arcs {
		if !a.link.back {
			waiting[a.to]++
		}
	}
	var queue []*node
	for _, n := range p.nodes {
		if waiting[n] == 0 {
			queue = append(queue, n)
		}
	}
	roots := len(queue)
	for i := 0; i < len(queue); i++ {
		for _, a := range queue[i].out {
			if a.link.back {
				continue
			}
			a.to.layer = max(a.to.layer, queue[i].layer+1)
			if waiting[a.to]--; waiting[a.to] == 0 {
				queue = append(queue, a.to)
			}
		}
	}
	for _, n := range queue[:roots] {
		if n.block.step != nil && n.block.step.Start != nil {
			continue
		}
		lowest := -1
		for _, a := range n.out {
			if !a.link.back && (lowest < 0 || a.to.layer < lowest) {
				lowest = a.to.layer
			}
		}
		n.layer = max(n.layer, lowest-1)
	}
}

// The longest way that is led through the layers, and how many bends there may
// be in all for each node; other ways go beside the tree.
const (
	maxSpan  = 12
	maxBends = 4
)

// bend gives each way that passes layers a bend in each of them, the shortest
// ways first.
func (p *part) bend() {
	blocks := len(p.nodes)
	list := slices.Clone(p.arcs)
	slices.SortStableFunc(list, func(a, b *arc) int { return cmp.Compare(a.to.layer-a.from.layer, b.to.layer-b.from.layer) })
	for _, a := range list {
		span := a.to.layer - a.from.layer
		if a.link.back {
			continue
		}
		if span > maxSpan || len(p.nodes)-blocks+span > maxBends*blocks+maxSpan {
			a.link.aside = true
			continue
		}
		last := a.from
		for layer := a.from.layer + 1; layer < a.to.layer; layer++ {
			n := &node{layer: layer, left: laneW / 2, right: laneW / 2}
			if a.link.labelled && len(a.via) == 0 {
				n.left, n.right = labelW/2, labelW/2
			}
			p.nodes = append(p.nodes, n)
			a.via = append(a.via, n)
			tie(last, n)
			last = n
		}
		tie(last, a.to)
	}
	deepest := 0
	for _, n := range p.nodes {
		deepest = max(deepest, n.layer)
	}
	p.layers = make([][]*node, deepest+1)
}

func tie(above, below *node) {
	above.down = append(above.down, below)
	below.up = append(below.up, above)
}

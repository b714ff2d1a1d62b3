package drawing

import (
	"cmp"
	"slices"
)

// sweeps is how often the order of the layers is gone through.
const sweeps = 8

// order gives the nodes of each layer an order in which few ways cross: first
// that of a walk down the tree, then each node near the middle of those it is
// tied to, from above and from below in turn; the best is kept.
func (p *part) order() {
	p.walkDown()
	best, fewest := p.snapshot(), p.crossings()
	for i := 0; i < sweeps && fewest > 0; i++ {
		if i%2 == 0 {
			for l := 1; l < len(p.layers); l++ {
				byMiddle(p.layers[l], func(n *node) []*node { return n.up })
			}
		} else {
			for l := len(p.layers) - 2; l >= 0; l-- {
				byMiddle(p.layers[l], func(n *node) []*node { return n.down })
			}
		}
		if n := p.crossings(); n < fewest {
			best, fewest = p.snapshot(), n
		}
	}
	p.layers = best
	for _, layer := range p.layers {
		number(layer)
	}
}

// walkDown fills the layers in the order of a walk down the tree.
func (p *part) walkDown() {
	seen := map[*node]bool{}
	place := func(n *node) {
		seen[n] = true
		p.layers[n.layer] = append(p.layers[n.layer], n)
	}
	for _, root := range p.nodes {
		if seen[root] || len(root.up) > 0 {
			continue
		}
		place(root)
		for stack := []*node{root}; len(stack) > 0; {
			n := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if n != root && seen[n] {
				continue
			}
			if n != root {
				place(n)
			}
			for _, to := range slices.Backward(n.down) {
				if !seen[to] {
					stack = append(stack, to)
				}
			}
		}
	}
	for _, layer := range p.layers {
		number(layer)
	}
}

func number(layer []*node) {
	for i, n := range layer {
		n.order = i
	}
}

func (p *part) snapshot() [][]*node {
	layers := make([][]*node, len(p.layers))
	for i, layer := range p.layers {
		layers[i] = slices.Clone(layer)
	}
	return layers
}

// byMiddle sorts a layer by the mean place of each node's neighbours; those
// without any stay where they are.
func byMiddle(layer []*node, near func(*node) []*node) {
	middle := make(map[*node]float64, len(layer))
	for _, n := range layer {
		middle[n] = float64(n.order)
		if list := near(n); len(list) > 0 {
			sum := 0
			for _, other := range list {
				sum += other.order
			}
			middle[n] = float64(sum) / float64(len(list))
		}
	}
	slices.SortStableFunc(layer, func(a, b *node) int { return cmp.Compare(middle[a], middle[b]) })
	number(layer)
}

// crossings counts the pairs of ties that cross, layer by layer, with a tree of
// partial sums.
func (p *part) crossings() (n int) {
	for l := 0; l+1 < len(p.layers); l++ {
		sums := make([]int, len(p.layers[l+1])+1)
		seen := 0
		for _, above := range p.layers[l] {
			ends := make([]int, len(above.down))
			for i, below := range above.down {
				ends[i] = below.order
			}
			slices.Sort(ends)
			for _, end := range ends {
				n += seen - sumTo(sums, end+1)
			}
			for _, end := range ends {
				for i := end + 1; i < len(sums); i += i & -i {
					sums[i]++
				}
			}
			seen += len(ends)
		}
	}
	return n
}

func sumTo(sums []int, i int) (sum int) {
	for ; i > 0; i -= i & -i {
		sum += sums[i]
	}
	return sum
}

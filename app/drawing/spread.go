package drawing

import "math"

// spread gives every node its place from left to right: near the middle of its
// neighbours, as far as the order and the room of its layer allow.
func (p *part) spread() {
	for _, layer := range p.layers {
		x := 0.0
		for i, n := range layer {
			if i > 0 {
				x += room(layer[i-1], n)
			}
			n.x = x
		}
	}
	for i := range 6 {
		switch i % 3 {
		case 0:
			for l := 1; l < len(p.layers); l++ {
				settle(p.layers[l], func(n *node) (float64, float64) { return mean(n, n.up, nil) })
			}
		case 1:
			for l := len(p.layers) - 2; l >= 0; l-- {
				settle(p.layers[l], func(n *node) (float64, float64) { return mean(n, n.down, nil) })
			}
		case 2:
			for _, layer := range p.layers {
				settle(layer, func(n *node) (float64, float64) { return mean(n, n.up, n.down) })
			}
		}
	}
	for _, a := range p.arcs {
		p.straighten(a.via)
	}
}

// straighten puts the bends of a way above each other as far as there is room
// between their neighbours.
func (p *part) straighten(via []*node) {
	for from := 0; from < len(via); {
		low, high := p.freedom(via[from])
		end := from + 1
		sum := via[from].x
		for ; end < len(via); end++ {
			l, h := p.freedom(via[end])
			if max(low, l) > min(high, h) {
				break
			}
			low, high = max(low, l), min(high, h)
			sum += via[end].x
		}
		x := min(max(sum/float64(end-from), low), high)
		for _, n := range via[from:end] {
			n.x = x
		}
		from = end
	}
}

// freedom is how far a node may move to the left and to the right.
func (p *part) freedom(n *node) (low, high float64) {
	layer := p.layers[n.layer]
	low, high = math.Inf(-1), math.Inf(1)
	if n.order > 0 {
		low = layer[n.order-1].x + room(layer[n.order-1], n)
	}
	if n.order+1 < len(layer) {
		high = layer[n.order+1].x - room(n, layer[n.order+1])
	}
	return min(low, n.x), max(high, n.x)
}

// room is the least distance between two anchors side by side.
func room(a, b *node) float64 {
	gap := float64(gapX)
	if a.block == nil || b.block == nil {
		gap = laneW
	}
	return a.right + gap + b.left
}

// mean is where a node would like to stand, and how much it insists: bends
// more than boxes, so that long ways are straight.
func mean(n *node, up, down []*node) (want, weight float64) {
	sum, count := 0.0, 0.0
	for _, list := range [][]*node{up, down} {
		for _, other := range list {
			w := 1.0
			if n.block == nil && other.block == nil {
				w = 8
			}
			sum, count = sum+w*other.x, count+w
		}
	}
	if count == 0 {
		return n.x, 0.1
	}
	return sum / count, count
}

// settle moves the nodes of a layer as near to where they would like to stand
// as the least distances allow: neighbours that push each other share the mean
// of their wishes.
func settle(layer []*node, wish func(*node) (want, weight float64)) {
	type heap struct {
		from   int // first node
		at     float64
		weight float64
	}
	var heaps []heap
	offset := make([]float64, len(layer)) // from the first node of the layer
	for i, n := range layer {
		if i > 0 {
			offset[i] = offset[i-1] + room(layer[i-1], n)
		}
		want, weight := wish(n)
		heaps = append(heaps, heap{i, want - offset[i], weight})
		for len(heaps) > 1 && heaps[len(heaps)-2].at >= heaps[len(heaps)-1].at {
			a, b := heaps[len(heaps)-2], heaps[len(heaps)-1]
			total := a.weight + b.weight
			heaps = heaps[:len(heaps)-1]
			heaps[len(heaps)-1] = heap{a.from, (a.at*a.weight + b.at*b.weight) / total, total}
		}
	}
	for i, h := range heaps {
		end := len(layer)
		if i+1 < len(heaps) {
			end = heaps[i+1].from
		}
		for j := h.from; j < end; j++ {
			layer[j].x = h.at + offset[j]
		}
	}
}

package layered

import (
	"cmp"
	"slices"
)

const sweeps = 12

// sort orders the nodes of each layer by where their neighbours are, first from the
// left and then from the right, and keeps the order with the fewest crossings.
func (p *part) sort() {
	last := 0
	for i := range p.nodes {
		last = max(last, p.nodes[i].layer)
	}
	p.layers = make([][]int, last+1)
	for i := range p.nodes {
		p.layers[p.nodes[i].layer] = append(p.layers[p.nodes[i].layer], i)
	}
	// Layers that filling up has left empty take no room.
	p.layers = slices.DeleteFunc(p.layers, func(layer []int) bool { return len(layer) == 0 })
	p.number()
	best, fewest := p.copied(), p.crossings()
	for sweep := 0; sweep < sweeps && fewest > 0; sweep++ {
		for i := range p.layers {
			layer, neighbours := i, func(n *node) []int { return n.from }
			if sweep%2 == 1 {
				layer, neighbours = len(p.layers)-1-i, func(n *node) []int { return n.to }
			}
			p.byNeighbours(layer, neighbours)
		}
		if c := p.crossings(); c < fewest {
			best, fewest = p.copied(), c
		}
	}
	p.layers = best
	p.number()
}

func (p *part) number() {
	for _, layer := range p.layers {
		for i, n := range layer {
			p.nodes[n].order = i
		}
	}
}

func (p *part) copied() [][]int {
	layers := make([][]int, len(p.layers))
	for i := range layers {
		layers[i] = slices.Clone(p.layers[i])
	}
	return layers
}

// unit keeps means whole numbers without losing what tells them apart.
const unit = 1 << 16

func (p *part) byNeighbours(layer int, neighbours func(*node) []int) {
	mean := map[int]int{}
	for _, n := range p.layers[layer] {
		all := neighbours(&p.nodes[n])
		sum := 0
		for _, m := range all {
			sum += p.nodes[m].order * unit
		}
		mean[n] = p.nodes[n].order * unit
		if len(all) > 0 {
			mean[n] = sum / len(all)
		}
	}
	slices.SortStableFunc(p.layers[layer], func(a, b int) int { return cmp.Compare(mean[a], mean[b]) })
	for i, n := range p.layers[layer] {
		p.nodes[n].order = i
	}
}

// crossings counts how often edges cross between layers.
func (p *part) crossings() int {
	count := 0
	for _, layer := range p.layers {
		var ends []int // of the edges to the next layer, in the order of their beginnings
		for _, n := range layer {
			own := make([]int, 0, len(p.nodes[n].to))
			for _, to := range p.nodes[n].to {
				own = append(own, p.nodes[to].order)
			}
			slices.Sort(own)
			for _, end := range own {
				// Sorted by insertion: how many of the ends before stand behind this one.
				at, _ := slices.BinarySearchFunc(ends, end, func(a, b int) int {
					if a <= b {
						return -1
					}
					return 1
				})
				count += len(ends) - at
				ends = slices.Insert(ends, at, end)
			}
		}
	}
	return count
}

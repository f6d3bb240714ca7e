package layered

const alignments = 10

// place gives every node its place: layers from left to right, and within a layer as
// near to the middle of its neighbours as the others let it.
func (p *part) place() {
	x := 0
	for _, layer := range p.layers {
		widest := 0
		for _, n := range layer {
			widest = max(widest, p.nodes[n].size.Width)
		}
		y := 0
		for _, n := range layer {
			at := &p.nodes[n]
			if at.dummy {
				at.size.Width = widest
			}
			at.x, at.y = x+(widest-at.size.Width)/2, y
			y += at.size.Height + p.o.Within
		}
		x += widest + p.o.Across
	}
	for i := range alignments {
		for j := range p.layers {
			layer := j
			if i%2 == 1 {
				layer = len(p.layers) - 1 - j
			}
			p.align(p.layers[layer], i%2 == 1)
		}
	}
	p.enclose()
}

// block is a run of nodes that stand close together, with the mean of where they would
// like to begin.
type block struct{ first, count, sum int }

func (b *block) at() int { return b.sum / b.count }

// align moves the nodes of a layer to where they want to be without changing their
// order: runs that would overlap share the mean of their wishes (regression under order,
// by pooling adjacent violators).
func (p *part) align(layer []int, fromRight bool) {
	offsets := make([]int, len(layer)+1)
	var blocks []block
	for i, n := range layer {
		offsets[i+1] = offsets[i] + p.nodes[n].size.Height + p.o.Within
		b := block{i, 1, p.wish(n, fromRight) - offsets[i]}
		for len(blocks) > 0 && blocks[len(blocks)-1].at() >= b.at() {
			last := blocks[len(blocks)-1]
			blocks = blocks[:len(blocks)-1]
			b = block{last.first, last.count + b.count, last.sum + b.sum}
		}
		blocks = append(blocks, b)
	}
	for _, b := range blocks {
		for i := b.first; i < b.first+b.count; i++ {
			p.nodes[layer[i]].y = b.at() + offsets[i]
		}
	}
}

// wish returns where the upper side of a node would best be.
func (p *part) wish(n int, fromRight bool) int {
	at := &p.nodes[n]
	neighbours := at.from
	if fromRight {
		neighbours = at.to
	}
	if len(neighbours) == 0 {
		return at.y
	}
	sum := 0
	for _, m := range neighbours {
		sum += p.nodes[m].y + p.nodes[m].size.Height/2
	}
	return sum/len(neighbours) - at.size.Height/2
}

// enclose moves the part to where its first row and column begin, and measures it.
func (p *part) enclose() {
	top := p.nodes[0].y
	for i := range p.nodes {
		top = min(top, p.nodes[i].y)
	}
	for i := range p.nodes {
		at := &p.nodes[i]
		at.y -= top
		p.width, p.height = max(p.width, at.x+at.size.Width), max(p.height, at.y+at.size.Height)
	}
}

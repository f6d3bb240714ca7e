package layered

import "slices"

// part is what hangs together: its nodes, and dummies where edges pass a layer.
type part struct {
	o       Options
	members []int // nodes of the graph
	nodes   []node
	chains  []chain
	layers  [][]int // nodes of the part in each layer, in order

	width, height int
}

// node is a node of the part, or a dummy.
type node struct {
	size     Size
	dummy    bool // of an edge that passes the layer; as wide as that
	layer    int
	order    int
	x, y     int
	from, to []int // neighbours in the layers before and after
}

const dummyHeight = 6

// chain is an edge of the graph as the nodes that it goes along.
type chain struct {
	edge int
	back bool // it was turned round
	path []int
}

func newPart(members []int, sizes []Size, edges []Edge, o Options) *part {
	p := &part{o: o, members: members}
	local := map[int]int{}
	for i, m := range members {
		local[m] = i
		p.nodes = append(p.nodes, node{size: sizes[m]})
	}
	var own []Edge
	var index []int
	for i, e := range edges {
		if from, ok := local[e.From]; ok && e.From != e.To {
			own, index = append(own, Edge{from, local[e.To]}), append(index, i)
		}
	}
	back := turned(len(members), own)
	for i := range own {
		if back[i] {
			own[i].From, own[i].To = own[i].To, own[i].From
		}
	}
	p.rank(own)
	for i, e := range own {
		p.chains = append(p.chains, chain{index[i], back[i], p.along(e)})
	}
	p.sort()
	p.place()
	return p
}

// turned says which edges to turn round so that no cycle is left: those that lead back
// to where a walk came from.
func turned(count int, edges []Edge) []bool {
	out := make([][]int, count)
	for i, e := range edges {
		out[e.From] = append(out[e.From], i)
	}
	back := make([]bool, len(edges))
	state := make([]int, count) // 1: being walked, 2: done
	var walk func(int)
	walk = func(n int) {
		state[n] = 1
		for _, i := range out[n] {
			switch to := edges[i].To; state[to] {
			case 0:
				walk(to)
			case 1:
				back[i] = true
			}
		}
		state[n] = 2
	}
	for n := range count {
		if state[n] == 0 {
			walk(n)
		}
	}
	return back
}

// mostInLayer is how many nodes a layer takes before the next one has to: a part of n
// nodes becomes about as wide as it is high.
func mostInLayer(n int) int {
	most := 6
	for most*most < 3*n {
		most++
	}
	return most
}

// rank puts every node behind all that lead to it, into the first layer with room, and
// then as near as it can be to what it leads to.
func (p *part) rank(edges []Edge) {
	count := len(p.nodes)
	before, after := make([][]int, count), make([][]int, count)
	for _, e := range edges {
		before[e.To], after[e.From] = append(before[e.To], e.From), append(after[e.From], e.To)
	}
	most, filled := mostInLayer(count), map[int]int{}
	order := sorted(count, before, after)
	for _, n := range order {
		layer := 0
		for _, b := range before[n] {
			layer = max(layer, p.nodes[b].layer+1)
		}
		for filled[layer] >= most {
			layer++
		}
		p.nodes[n].layer = layer
		filled[layer]++
	}
	for _, n := range slices.Backward(order) {
		if len(after[n]) == 0 || len(before[n]) > 0 {
			continue
		}
		near := p.nodes[after[n][0]].layer
		for _, a := range after[n] {
			near = min(near, p.nodes[a].layer)
		}
		for layer := near - 1; layer > p.nodes[n].layer; layer-- {
			if filled[layer] < most {
				filled[p.nodes[n].layer]--
				filled[layer]++
				p.nodes[n].layer = layer
			}
		}
	}
}

// sorted returns the nodes so that each comes after all that lead to it.
func sorted(count int, before, after [][]int) []int {
	waiting := make([]int, count)
	var order []int
	for n := range count {
		waiting[n] = len(before[n])
		if waiting[n] == 0 {
			order = append(order, n)
		}
	}
	for i := 0; i < len(order); i++ {
		for _, a := range after[order[i]] {
			if waiting[a]--; waiting[a] == 0 {
				order = append(order, a)
			}
		}
	}
	return order
}

// along adds a dummy to every layer that an edge passes, and returns its way.
func (p *part) along(e Edge) []int {
	path := []int{e.From}
	last := e.From
	join := func(n int) {
		p.nodes[last].to, p.nodes[n].from = append(p.nodes[last].to, n), append(p.nodes[n].from, last)
		path, last = append(path, n), n
	}
	for layer := p.nodes[e.From].layer + 1; layer < p.nodes[e.To].layer; layer++ {
		p.nodes = append(p.nodes, node{layer: layer, dummy: true, size: Size{Height: dummyHeight}})
		join(len(p.nodes) - 1)
	}
	join(e.To)
	return path
}

// write gives the part's places to the layout, moved by x and y.
func (p *part) write(l *Layout, x, y int) {
	for i, m := range p.members {
		l.Nodes[m] = Point{p.nodes[i].x + x, p.nodes[i].y + y}
	}
	for _, c := range p.chains {
		points := make([]Point, 0, 2*len(c.path))
		for i, n := range c.path {
			at := &p.nodes[n]
			left := Point{at.x + x, at.y + y + at.size.Height/2}
			right := Point{left.X + at.size.Width, left.Y}
			if i > 0 {
				points = append(points, left)
			}
			if i < len(c.path)-1 { // what passes a layer passes it straight
				points = append(points, right)
			}
		}
		if c.back {
			slices.Reverse(points)
		}
		l.Edges[c.edge] = points
	}
}

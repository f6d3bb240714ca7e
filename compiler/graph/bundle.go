package graph

import (
	"fmt"
	"strings"
)

// relations in the order in which one of several decides how a line looks, with the
// words of the legend.
var relations = []struct {
	of   Relation
	says string
}{
	{Routes, "routes to"},
	{Needs, "waits for"},
	{Stands, "stands behind it"},
	{Reaches, "may reach"},
	{Admits, "admitted by"},
	{Uses, "refers to"},
	{Mounts, "mounts"},
}

// bundle is all that leads from one node to another: one line in a picture.
type bundle struct {
	from, to string
	edges    []Edge
}

// bundles puts edges with the same ends together, in the order of the first of each.
func (g *Graph) bundles() []bundle {
	var all []bundle
	index := map[[2]string]int{}
	for _, e := range g.Edges {
		ends := [2]string{e.From, e.To}
		i, ok := index[ends]
		if !ok {
			i = len(all)
			index[ends] = i
			all = append(all, bundle{from: e.From, to: e.To})
		}
		all[i].edges = append(all[i].edges, e)
	}
	return all
}

// main returns the relation that decides how the line looks.
func (b *bundle) main() Relation {
	for _, r := range relations {
		for _, e := range b.edges {
			if e.Relation == r.of {
				return r.of
			}
		}
	}
	return Uses
}

// words says all that the line means.
func (b *bundle) words() string {
	var parts []string
	for i := range b.edges {
		parts = append(parts, b.edges[i].words())
	}
	return fmt.Sprintf("%s → %s: %s", b.from, b.to, strings.Join(parts, ", "))
}

// Line is all that leads from one node to another, in words.
type Line struct{ From, To, Says string }

// Lines returns the edges in words: the picture for who cannot see it.
func (g *Graph) Lines() []Line {
	names := map[string]string{}
	for i := range g.Nodes {
		names[g.Nodes[i].ID] = string(g.Nodes[i].Sort) + " " + g.Nodes[i].Name
	}
	var all []Line
	for _, b := range g.bundles() {
		var says []string
		for i := range b.edges {
			says = append(says, b.edges[i].words())
		}
		all = append(all, Line{names[b.from], names[b.to], strings.Join(says, ", ")})
	}
	return all
}

// describe says in a sentence what there is.
func (g *Graph) describe() string {
	counts := map[Sort]int{}
	for i := range g.Nodes {
		counts[g.Nodes[i].Sort]++
	}
	var parts []string
	for _, s := range []Sort{Workload, Volume, Endpoint, Route, Outside} {
		switch n := counts[s]; {
		case n == 0:
		case s == Outside:
			parts = append(parts, fmt.Sprintf("%d outside of the app", n))
		case n == 1:
			parts = append(parts, fmt.Sprintf("1 %s", s))
		default:
			parts = append(parts, fmt.Sprintf("%d %ss", n, s))
		}
	}
	return strings.Join(parts, ", ") + fmt.Sprintf("; %d lines between them.", len(g.bundles()))
}

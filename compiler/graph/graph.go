// Package graph is an app as a picture: what runs, what it needs and reaches, and what
// reaches it. It knows the picture's parts; who draws them is in print.go.
package graph

import (
	"fmt"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// Sort is what a node stands for.
type Sort string

// The sorts of nodes.
const (
	Workload Sort = "workload"
	Volume   Sort = "volume"
	Endpoint Sort = "endpoint"
	Route    Sort = "route"
	Outside  Sort = "outside" // a host or an address range that egress or ingress names
)

// Node is one part of the picture.
type Node struct {
	ID    string // unique: "workload.web"
	Sort  Sort
	Name  string
	Lines []string // below the name: image, ports
}

// Relation is what an edge says.
type Relation string

// The relations.
const (
	Needs   Relation = "needs"   // waits for it
	Reaches Relation = "egress"  // may reach it
	Admits  Relation = "ingress" // may be reached by it
	Mounts  Relation = "mounts"
	Routes  Relation = "routes"
	Uses    Relation = "uses"   // its text refers to it
	Stands  Relation = "stands" // stands behind an endpoint
)

// Edge goes from one node to another.
type Edge struct {
	From, To string
	Relation Relation
	Label    string
}

// Graph is the picture of one app.
type Graph struct {
	Name  string
	Nodes []Node
	Edges []Edge
}

// Of draws an app. Nodes and edges come in the order of the app.
func Of(app *ir.App) *Graph {
	g := &Graph{Name: app.Name}
	if app.Stage != "" {
		g.Name += " (" + app.Stage + ")"
	}
	for i := range app.Workloads {
		g.workload(app.Workloads[i].Key, &app.Workloads[i].Value)
	}
	for _, v := range app.Volumes {
		node := Node{ID: id(Volume, v.Key), Sort: Volume, Name: v.Key}
		if v.Value.Size > 0 {
			node.Lines = append(node.Lines, v.Value.Size.String())
		}
		g.Nodes = append(g.Nodes, node)
	}
	for _, e := range app.Endpoints {
		g.Nodes = append(g.Nodes, Node{ID: id(Endpoint, e.Key), Sort: Endpoint, Name: e.Key, Lines: []string{fmt.Sprintf("%s:%d", e.Value.Host, e.Value.Port)}})
		if e.Value.Workload != "" {
			g.edge(id(Endpoint, e.Key), id(Workload, e.Value.Workload), Stands, "stands behind it")
		}
	}
	for _, r := range app.Routes {
		at := r.Value.Host + r.Value.Path
		g.Nodes = append(g.Nodes, Node{ID: id(Route, r.Key), Sort: Route, Name: r.Key, Lines: lines(at)})
		g.edge(id(Route, r.Key), id(Workload, r.Value.To.Workload), Routes, r.Value.To.Port)
	}
	for i := range app.Workloads {
		g.relations(app.Workloads[i].Key, &app.Workloads[i].Value)
	}
	return g
}

func id(sort Sort, name string) string { return string(sort) + "." + name }

func lines(texts ...string) []string {
	var all []string
	for _, t := range texts {
		if t != "" {
			all = append(all, t)
		}
	}
	return all
}

func (g *Graph) workload(name string, w *ir.Workload) {
	image := w.Image
	if image == "" && w.Build != nil {
		image = "built from " + w.Build.Context
	}
	node := Node{ID: id(Workload, name), Sort: Workload, Name: name, Lines: lines(kindLine(w), image)}
	var ports []string
	ir.EachContainer(w, "", func(_, container string, _ ir.Role, c *ir.Container) {
		for _, p := range c.Ports {
			text := fmt.Sprintf("%s %d", p.Key, p.Value.Port)
			if published, ok := w.Publish.Get(p.Key); ok && published.Port > 0 {
				text += fmt.Sprintf(" ← %d", published.Port)
			}
			ports = append(ports, text)
		}
	})
	node.Lines = append(node.Lines, lines(strings.Join(ports, ", "))...)
	g.Nodes = append(g.Nodes, node)
}

func kindLine(w *ir.Workload) string {
	switch kind := w.KindOrDefault(); {
	case kind == ir.Cron && w.Schedule != nil:
		return "cron " + w.Schedule.Cron
	case kind != ir.Service:
		return string(kind)
	case w.Scale != nil:
		return fmt.Sprintf("service ×%d–%d", max(1, w.Scale.Min), w.Scale.Max)
	case w.ReplicaCount() != 1:
		return fmt.Sprintf("service ×%d", w.ReplicaCount())
	}
	return "service"
}

// relations adds the edges of one workload.
func (g *Graph) relations(name string, w *ir.Workload) {
	from := id(Workload, name)
	for _, n := range w.Needs {
		g.edge(from, id(Workload, n.Key), Needs, string(n.Value))
	}
	if w.Egress != nil {
		for _, p := range w.Egress.Peers {
			g.edge(from, g.peer(p), Reaches, "")
		}
	}
	if w.Ingress != nil {
		for _, p := range w.Ingress.Peers {
			g.edge(g.peer(p), from, Admits, "")
		}
	}
	ir.EachContainer(w, "", func(_, _ string, _ ir.Role, c *ir.Container) {
		for _, m := range c.Mounts {
			if m.Value.Volume != "" {
				g.edge(from, id(Volume, m.Value.Volume), Mounts, m.Key)
			}
		}
		for _, v := range c.Env {
			for _, r := range v.Value.Refs() {
				g.reference(from, r)
			}
		}
	})
}

func (g *Graph) reference(from string, r ir.Ref) {
	to := ""
	switch r.Kind {
	case ir.RefWorkloadHost, ir.RefWorkloadPort:
		to = id(Workload, r.Name)
	case ir.RefEndpoint:
		to = id(Endpoint, r.Name)
	default:
		return
	}
	if to != from {
		g.edge(from, to, Uses, "")
	}
}

// peer returns the node of a peer, and adds one for what is outside of the app.
func (g *Graph) peer(p ir.Peer) string {
	switch {
	case p.Workload != "":
		return id(Workload, p.Workload)
	case p.Endpoint != "":
		return id(Endpoint, p.Endpoint)
	case p.Route != "":
		return id(Route, p.Route)
	}
	outside := id(Outside, p.String())
	for i := range g.Nodes {
		if g.Nodes[i].ID == outside {
			return outside
		}
	}
	g.Nodes = append(g.Nodes, Node{ID: outside, Sort: Outside, Name: p.String()})
	return outside
}

// edge adds an edge that is not there yet.
func (g *Graph) edge(from, to string, relation Relation, label string) {
	e := Edge{from, to, relation, label}
	for _, other := range g.Edges {
		if other == e {
			return
		}
	}
	g.Edges = append(g.Edges, e)
}

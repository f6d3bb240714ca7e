package score

import (
	"fmt"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/naming"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// sharedResource is one resource of the project: declared by one workload, or by
// several with the same type, class and id.
type sharedResource struct {
	kind         string // the type
	label        string
	declarations []declaration
	keys         []string // outputs that are asked for as keys of a secret
	mounters     map[string]bool
	said         bool   // it became a fact of the app
	problem      string // why it did not
}

// declaration is a resource in the file of a workload.
type declaration struct {
	workload *workload
	name     string
	key      *tree.Node
	resource *resource
}

// first declaration: where the resource stands.
func (s *sharedResource) first() declaration { return s.declarations[0] }

// param returns a parameter of any declaration.
func (s *sharedResource) param(name string) *tree.Node {
	for _, d := range s.declarations {
		if p := d.resource.Params.get(name); p != nil {
			return p.Value
		}
	}
	return nil
}

// server is what is known of a type of resource that an app reaches over the network.
type server struct {
	port   int
	scheme string
	host   []string // outputs that are its host name
	url    []string // outputs that are its URL without any login
	what   string
}

// servers are the types that score-compose and score-k8s provision by default, and
// what they put out besides credentials.
var servers = map[string]server{
	"postgres":          {port: 5432, host: []string{"host"}, what: "PostgreSQL database"},
	"postgres-instance": {port: 5432, host: []string{"host"}, what: "PostgreSQL instance"},
	"mysql":             {port: 3306, host: []string{"host"}, what: "MySQL database"},
	"mssql":             {port: 1433, host: []string{"server", "host"}, what: "SQL Server database"},
	"mongodb":           {port: 27017, host: []string{"host"}, what: "MongoDB database"},
	"redis":             {port: 6379, host: []string{"host"}, what: "Redis instance"},
	"amqp":              {port: 5672, host: []string{"host"}, what: "RabbitMQ virtual host"},
	"kafka-topic":       {port: 9092, host: []string{"host"}, what: "Kafka topic"},
	"elasticsearch":     {port: 9200, host: []string{"host"}, what: "Elasticsearch instance"},
	"s3":                {port: 443, scheme: "https", host: []string{"host"}, url: []string{"endpoint"}, what: "S3 bucket"},
}

// shareResources finds which declarations mean the same resource, as Score does, and
// gives each resource a name that only it has.
func (r *reader) shareResources() {
	byUID := map[string]*sharedResource{}
	for _, w := range r.workloads {
		for i := range w.Resources {
			m := &w.Resources[i]
			class := "default"
			if m.Value.Class.said() {
				class = m.Value.Class.Text
			}
			id := w.name + "\x00" + m.Name
			if m.Value.ID.said() {
				id = m.Value.ID.Text
			}
			uid := m.Value.Type.Text + "\x00" + class + "\x00" + id
			s := byUID[uid]
			if s == nil {
				s = &sharedResource{kind: m.Value.Type.Text, mounters: map[string]bool{}}
				byUID[uid] = s
				r.resources = append(r.resources, s)
			}
			s.declarations = append(s.declarations, declaration{w, m.Name, m.Key, &m.Value})
			w.resources[m.Name] = s
		}
	}
	r.nameResources()
}

// nameResources calls a resource as its workload does, or by its id; those that would
// have one name get their workload's in front.
func (r *reader) nameResources() {
	base := func(s *sharedResource) string {
		if id := s.first().resource.ID; id.said() {
			return naming.Label(id.Text)
		}
		return naming.Label(s.first().name)
	}
	count := map[string]int{}
	for _, s := range r.resources {
		count[base(s)]++
	}
	var labels naming.Names
	taken := map[string]bool{}
	for _, s := range r.resources {
		name := base(s)
		if count[name] > 1 {
			name = s.first().workload.name + "-" + name
		}
		if taken[naming.Label(name)] {
			name += " " + s.kind // one by its id and one by its name
		}
		for taken[naming.Label(name)] {
			name += " again" // told apart by a hash
		}
		s.label = labels.Name(name)
		taken[s.label] = true
		if _, ok := servers[s.kind]; ok {
			r.servers[s.label] = true
		}
	}
}

// output finds what an output of a resource means.
func (r *reader) output(w *workload, s *sharedResource, name, output string, n *tree.Node, path string) part {
	verbatim := part{literal: "${resources." + name + "}"}
	if output == "" {
		r.report(diag.Error, CodePlaceholder, n, path, "${resources."+name+"} names no output", "Only the source of a volume names a resource as a whole.")
		return verbatim
	}
	if known, ok := servers[s.kind]; ok {
		switch {
		case slices.Contains(known.host, output):
			return part{ref: ir.Ref{Kind: ir.RefEndpoint, Name: r.names.endpoints.Name(s.label), Field: "host"}}
		case output == "port":
			return part{ref: ir.Ref{Kind: ir.RefEndpoint, Name: r.names.endpoints.Name(s.label), Field: "port"}}
		case slices.Contains(known.url, output):
			return part{ref: ir.Ref{Kind: ir.RefEndpoint, Name: r.names.endpoints.Name(s.label), Field: "url"}}
		}
		return r.secretPart(s, output)
	}
	switch s.kind {
	case "environment":
		s.said = true
		value, open := r.variable(output, "", "variable "+output+" of the environment", n)
		if open {
			return part{literal: value, variable: r.names.vars.Name(output)}
		}
		return part{literal: value}
	case "dns":
		if output == "host" {
			return r.hostName(s, n)
		}
	case "volume":
		if output == "source" {
			s.said = true
			return part{literal: r.names.volumes.Name(s.label)}
		}
	case "service", "service-port":
		if p, ok := r.peer(s, output, n, path); ok {
			return p
		}
	}
	return r.secretPart(s, output)
}

// secretPart asks for an output as a key of a secret.
func (r *reader) secretPart(s *sharedResource, output string) part {
	key := strings.Map(func(c rune) rune {
		if c == '-' || c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			return c
		}
		return '-'
	}, output)
	if len(s.keys) == 0 {
		r.secrets = append(r.secrets, s)
	}
	if !slices.Contains(s.keys, key) {
		s.keys = append(s.keys, key)
	}
	return part{ref: ir.Ref{Kind: ir.RefSecret, Name: r.names.secrets.Name(s.label), Field: key}}
}

// hostName is the output of a dns resource: a var that says a name which every
// machine resolves to itself until the real one is known.
func (r *reader) hostName(s *sharedResource, n *tree.Node) part {
	first := s.first()
	fallback := first.workload.name + ".localhost"
	name := s.label + "-host"
	value, open := r.variable(name, fallback, "host name of the dns resource "+first.name, first.resource.Type.Node)
	if !s.said {
		r.report(diag.Warning, CodeHost, first.resource.Type.Node, first.workload.path(), fmt.Sprintf("Score leaves the host name of %s to the platform", first.name),
			fmt.Sprintf("Until it is known, it is %s. Write the real one as the default of vars.%s.", value, r.names.vars.Name(name)))
	}
	s.said = true
	if open {
		return part{literal: value, variable: r.names.vars.Name(name)}
	}
	return part{literal: value}
}

// peer is an output of a resource that is another workload.
func (r *reader) peer(s *sharedResource, output string, n *tree.Node, path string) (part, bool) {
	other, called := r.peerOf(s)
	switch output {
	case "name", "host", "hostname":
		s.said = true
		if other != nil {
			return part{ref: ir.Ref{Kind: ir.RefWorkloadHost, Name: other.name}}, true
		}
		r.report(diag.Warning, CodeOutside, n, path, fmt.Sprintf("service %s is not among the files", called), "Its name stands where the reference stood. Import its Score file together with this one, and the reference becomes one.")
		return part{literal: called, outside: called}, true
	case "port":
		if other == nil || other.Service == nil {
			return part{}, false
		}
		if name := other.portOf(s.param("port")); name != "" {
			s.said = true
			return part{ref: ir.Ref{Kind: ir.RefWorkloadPort, Name: other.name, Field: name}}, true
		}
	}
	return part{}, false
}

// peerOf finds the workload that a resource stands for: the one that it names, or
// that is called like it.
func (r *reader) peerOf(s *sharedResource) (w *workload, called string) {
	called = s.first().name
	if p := s.param("workload"); !p.IsNull() {
		called = p.Value
	}
	return r.find(naming.Label(called)), called
}

// portOf returns the name of the service port that a parameter means, by name or
// number; the only one when nothing is said.
func (w *workload) portOf(param *tree.Node) string {
	if w.Service == nil {
		return ""
	}
	if param.IsNull() {
		if len(w.Service.Ports) == 1 {
			return w.Service.Ports[0].Name
		}
		return ""
	}
	for _, p := range w.Service.Ports {
		if p.Name == param.Value || p.Value.Port.Text == param.Value {
			return p.Name
		}
	}
	for _, p := range w.Service.Ports {
		if p.Value.target().Text == param.Value {
			return p.Name
		}
	}
	return ""
}

// outsideEndpoint makes an endpoint of a service that is not among the files and
// whose port stands beside its name.
func (r *reader) outsideEndpoint(p part, port int, n *tree.Node) (part, ir.Ref) {
	if port < 1 || port > 65535 || !ir.IsName(p.outside) || r.servers[p.outside] {
		return p, ir.Ref{}
	}
	name := r.names.endpoints.Name(p.outside)
	if known, ok := r.app.Endpoints.Get(name); ok && (known.Port != port || known.Host != p.outside) {
		return p, ir.Ref{}
	}
	if !r.app.Endpoints.Has(name) {
		r.app.Endpoints.Set(name, ir.Endpoint{Host: p.outside, Port: port})
		r.positions.Set(ir.JoinPath("endpoints", name), n)
	}
	return part{ref: ir.Ref{Kind: ir.RefEndpoint, Name: name, Field: "host"}}, ir.Ref{Kind: ir.RefEndpoint, Name: name, Field: "port"}
}

package score

import (
	"fmt"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// provision turns the resources into facts of the app, once all that refers to them
// is known, and keeps the rest of each in the ledger.
func (r *reader) provision() {
	used := map[*sharedResource][]string{} // parameters that are said
	for _, s := range r.resources {
		known, isServer := servers[s.kind]
		switch {
		case isServer:
			r.endpoint(s, known)
		case s.kind == "volume":
			r.volume(s)
		case s.kind == "route":
			used[s] = r.route(s)
		case (s.kind == "service" || s.kind == "service-port") && s.said:
			if other, _ := r.peerOf(s); other != nil {
				used[s] = []string{"workload", "port"}
			}
		}
		if len(s.keys) > 0 {
			r.secret(s, known, isServer)
		}
	}
	for _, s := range r.resources {
		r.remainder(s, used[s])
	}
}

func (r *reader) endpoint(s *sharedResource, known server) {
	s.said = true
	first := s.first()
	name := r.names.endpoints.Name(s.label)
	path := ir.JoinPath("endpoints", name)
	r.place(path, first.key, first.resource.Type.Node)
	r.app.Endpoints.Set(name, ir.Endpoint{Host: s.label, Port: known.port, Scheme: known.scheme})
	r.report(diag.Warning, CodeHost, first.resource.Type.Node, path, fmt.Sprintf("Score leaves the address of the %s %s to the platform", known.what, first.name),
		fmt.Sprintf("Until it is known, it is %s:%d. Write the real host name in %s, or bind it to a workload or an address.", s.label, known.port, path))
}

func (r *reader) secret(s *sharedResource, known server, isServer bool) {
	first := s.first()
	name := r.names.secrets.Name(s.label)
	path := ir.JoinPath("secrets", name)
	what := "outputs of the Score resource " + first.name + " (" + s.kind + ")"
	if isServer {
		what = "credentials of the " + known.what + " " + first.name
	}
	r.place(path, nil, first.resource.Type.Node)
	r.app.Secrets.Set(name, ir.Secret{Keys: s.keys, Description: what})
	r.report(diag.Note, codeSecretNeeded, first.resource.Type.Node, path, fmt.Sprintf("secret %s has to be created, with %s", name, strings.Join(s.keys, ", ")),
		"Its values are the outputs that the platform gave the Score resource "+first.name+" of type "+s.kind+".")
}

func (r *reader) volume(s *sharedResource) {
	if len(s.mounters) == 0 && !s.said {
		return // nothing mounts it: it is carried
	}
	s.said = true
	first := s.first()
	name := r.names.volumes.Name(s.label)
	r.place(ir.JoinPath("volumes", name), first.key, first.resource.Type.Node)
	r.app.Volumes.Set(name, ir.Volume{Shared: len(s.mounters) > 1})
}

// patternSign finds what makes a path a regular expression.
var patternSign = pattern.New(`[][*+?(){}|\\^$]`)

const pathType = "compose.score.dev/route-provisioner-path-type"

// route makes a route for each workload that declares the resource, and returns the
// parameters that it says.
func (r *reader) route(s *sharedResource) []string {
	for _, d := range s.declarations {
		params := d.resource.Params
		var to, host, match string
		var hostNode *tree.Node
		name := s.label
		if len(s.declarations) > 1 {
			name += "-" + d.workload.name
		}
		name = r.names.routes.Name(name)
		at := ir.JoinPath("routes", name)
		problem := ""
		if p := params.get("port"); p == nil || d.workload.Service == nil {
			problem = "it names no port of the workload"
		} else if to = d.workload.portOf(p.Value); to == "" {
			problem = fmt.Sprintf("the workload has no service port %q", p.Value.Value)
		}
		place := &tree.Node{}
		if p := params.get("path"); p != nil {
			place = p.Value
			if patternSign().MatchString(p.Value.Value) || !p.Value.Kind.IsScalar() || !strings.HasPrefix(p.Value.Value, "/") {
				problem = fmt.Sprintf("%q is no literal path", p.Value.Value)
			}
		}
		if p := params.get("host"); p != nil && problem == "" {
			hostNode = p.Value
			text := r.text(d.workload, p.Value, at+".host")
			var plain bool
			if host, plain = text.Plain(); !plain {
				problem = "its host name is known only when the app runs"
			}
		}
		if t := d.resource.Metadata.Annotations.get(pathType); t != nil && t.Value.Text == "Exact" {
			match = "exact"
			r.positions.Set(at+".match", t.Value.Node)
		}
		if problem != "" {
			delete(r.reading.Expressions, at+".host")
			s.problem = "a route has a host, a literal path and a port of its workload, and here " + problem
			r.report(diag.Warning, CodeRoute, d.resource.Type.Node, d.workload.path(), fmt.Sprintf("route %s cannot be said: %s", d.name, problem), "It is kept in the ledger. Write a route with a host, a path and a port.")
			continue
		}
		s.said = true
		r.place(at, d.key, d.resource.Type.Node)
		r.positions.Set(at+".host", hostNode)
		r.positions.Set(at+".path", place)
		r.positions.Set(at+".to", params.get("port").Value)
		r.app.Routes.Set(name, ir.Route{Host: host, Path: place.Value, Match: match, To: ir.PortRef{Workload: d.workload.name, Port: to}})
	}
	if !s.said {
		return nil
	}
	return []string{"host", "path", "port"}
}

// remainder keeps what is left of a resource: all of it where it became nothing, else
// its class, its metadata and the parameters that nothing says.
func (r *reader) remainder(s *sharedResource, used []string) {
	for _, d := range s.declarations {
		base := []string{"resources", d.name}
		if !s.said {
			node := d.workload.root.Get("resources").Get(d.name)
			why, exit := fmt.Sprintf("nothing here is a %s", s.kind), "find out what the platform made of it, and say that"
			switch {
			case s.problem != "":
				why, exit = s.problem, "write a route that says what was meant"
			case len(s.keys) == 0:
				why = fmt.Sprintf("no value of the workload uses the %s", s.kind)
			}
			if !isKnown(s.kind) && d.resource.Type.said() {
				detail := "It is kept in the ledger."
				if len(s.keys) > 0 {
					detail = "What it puts out (" + strings.Join(s.keys, ", ") + ") is asked for as keys of the secret " + r.names.secrets.Name(s.label) + "."
				}
				r.report(diag.Warning, CodeResource, d.resource.Type.Node, d.workload.path(), fmt.Sprintf("resources of type %q are not known", s.kind), detail)
			}
			r.carry(d.workload, why, exit, d.key, piece{base, node})
			continue
		}
		var pieces []piece
		if c := d.resource.Class; c.said() {
			pieces = append(pieces, piece{join(base, "class"), c.Node})
		}
		for _, a := range d.resource.Metadata.Annotations {
			if s.kind == "route" && a.Name == pathType && (a.Value.Text == "Exact" || a.Value.Text == "Prefix") {
				continue
			}
			pieces = append(pieces, piece{join(base, "metadata", "annotations", a.Name), a.Value.Node})
		}
		pieces = append(pieces, extras(join(base, "metadata"), d.resource.Metadata.Others)...)
		for _, p := range d.resource.Params {
			if !contains(used, p.Name) {
				pieces = append(pieces, piece{join(base, "params", p.Name), p.Value})
			}
		}
		if len(pieces) > 0 {
			r.carry(d.workload, "only what provisions the resource "+d.name+" for Score reads this", "see to it where the "+s.kind+" is made", d.key, pieces...)
		}
	}
}

func isKnown(kind string) bool {
	_, server := servers[kind]
	return server || contains([]string{"volume", "route", "dns", "service", "service-port", "environment"}, kind)
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

package nomad

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// The limits of names: nomad/structs, Service.ValidateName and validVariablePath.
const (
	serviceNameLimit  = 63
	variablePathLimit = 128
)

// jobID is the id of a workload's job.
func jobID(app *ir.App, workload string) string { return app.Name + "-" + workload }

// jobIDs lists the ids of the workloads' jobs: those that the ledger gives them, for
// jobs that were there before. An entry for a job that names workloads as its groups
// makes them one job.
func jobIDs(app *ir.App) map[string]string {
	ids := make(map[string]string, len(app.Workloads))
	for i := range app.Workloads {
		ids[app.Workloads[i].Key] = jobID(app, app.Workloads[i].Key)
	}
	for i := range app.Platform {
		entry := &app.Platform[i]
		if entry.Platform != Name || entry.Patch == nil {
			continue
		}
		if id, ok := strings.CutPrefix(entry.On, "job/"); ok {
			for _, group := range membersOf(entry.Patch.Get("group")) {
				if _, known := ids[group.Key]; known {
					ids[group.Key] = id
				}
			}
			continue
		}
		segments := ir.SplitPath(entry.On)
		if len(segments) != 2 || segments[0] != "workloads" {
			continue
		}
		if id := entry.Patch.Get("id"); id != nil && id.Kind == ir.StringValue && ids[segments[1]] != "" {
			ids[segments[1]] = id.Text
		}
	}
	return ids
}

func membersOf(v *ir.Value) ir.Map[*ir.Value] {
	if v == nil {
		return nil
	}
	return v.Members
}

// shortened keeps a name within a limit by putting a hash in the place of its end.
func shortened(name string, limit int) string {
	if len(name) <= limit {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return strings.TrimRight(name[:limit-9], "-") + "-" + hex.EncodeToString(sum[:4])
}

// identifier makes a name that HCL, Go templates and shells take for a variable.
func identifier(name string) string {
	var b strings.Builder
	for i, r := range name {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '_', i > 0 && r >= '0' && r <= '9':
			b.WriteRune(r)
		case i == 0 && r >= '0' && r <= '9':
			b.WriteByte('_')
			b.WriteRune(r)
		default:
			b.WriteByte('_')
		}
	}
	return b.String()
}

// port is one port of a container as the group's network knows it.
type port struct {
	container string // "" for the main container
	name      string
	fact      ir.Port
	label     string // in the group's network
	service   string // under which Nomad registers it
	path      string // of the fact
}

// tcp reports whether the port can be tried by a connection.
func (p *port) tcp() bool { return p.fact.ProtocolOrDefault() == "tcp" }

// portsOf lists the ports of a workload, those of the main container first. A name
// that two containers use gets the container's name in front.
func portsOf(app *ir.App, name string, w *ir.Workload) []port {
	var ports []port
	taken := map[string]bool{}
	add := func(container, path string, c *ir.Container) {
		for _, item := range c.Ports {
			label := item.Key
			if taken[label] {
				label = container + "-" + item.Key
			}
			taken[label] = true
			ports = append(ports, port{
				container: container, name: item.Key, fact: item.Value, label: label,
				service: shortened(jobID(app, name)+"-"+label, serviceNameLimit),
				path:    ir.JoinPath(path+".ports", item.Key),
			})
		}
	}
	path := ir.JoinPath("workloads", name)
	add("", path, &w.Container)
	for i := range w.Sidecars {
		add(w.Sidecars[i].Key, ir.JoinPath(path+".sidecars", w.Sidecars[i].Key), &w.Sidecars[i].Value)
	}
	for i := range w.Init {
		add(w.Init[i].Key, ir.JoinPath(path+".init", w.Init[i].Key), &w.Init[i].Value)
	}
	return ports
}

// variablePath is where a job's secrets are: its own identity may read them there.
func variablePath(job string) string { return "nomad/jobs/" + job }

// secretKeys lists the keys of the values that a secret holds.
func secretKeys(s *ir.Secret) []string {
	switch {
	case len(s.Keys) > 0:
		return s.Keys
	case s.Type == "tls":
		return []string{"tls.crt", "tls.key"}
	}
	return []string{"value"}
}

// secretItem is the name of one value of a secret within the job's variable.
func secretItem(name string, s *ir.Secret, key string) string {
	if s.External != "" {
		return identifier(key)
	}
	if key == "" || len(s.Keys) == 0 && s.Type != "tls" || len(s.Keys) == 1 && key == "value" {
		return identifier(name)
	}
	return identifier(name + "_" + key)
}

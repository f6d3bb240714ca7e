package compose

import (
	"slices"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// The conditions on which rows of the table depend. What they ask, Emit asks too, by
// the same functions.

func when(doc string, holds func(*ir.Fact) bool) support.Condition {
	return support.Condition{Doc: doc, Holds: holds}
}

var (
	inSidecar = when("in a sidecar", func(f *ir.Fact) bool { return f.Role == ir.Sidecar })
	inInit    = when("in an init container", func(f *ir.Fact) bool { return f.Role == ir.Init })

	initOfReplicas = when("in an init container of several replicas", func(f *ir.Fact) bool {
		return f.Role == ir.Init && several(f.Workload) && !numbered(f.Workload)
	})
	sidecarOfJob = when("in a sidecar of a job", func(f *ir.Fact) bool {
		return f.Role == ir.Sidecar && f.Workload.Kind == ir.Job
	})

	ofCron = when("for a cron job", func(f *ir.Fact) bool { return f.Workload.Kind == ir.Cron })
	ofJob  = when("for a job", func(f *ir.Fact) bool { return f.Workload.Kind == ir.Job })

	numberedReplicas = when("with sidecars or stateful: true, and more than one replica", func(f *ir.Fact) bool { return numbered(f.Workload) })

	inHostNetwork = when("in the host's network", func(f *ir.Fact) bool {
		return f.Workload.Security != nil && f.Workload.Security.Network == "host"
	})
	readOnlyRoot = when("with a read-only root", func(f *ir.Fact) bool {
		return f.Container.Security != nil && f.Container.Security.ReadOnlyRoot
	})
)

func is(words ...string) support.Condition {
	doc := "for"
	for i, w := range words {
		if i > 0 {
			doc += " and"
		}
		doc += " " + w
	}
	return when(doc, func(f *ir.Fact) bool {
		for _, w := range words {
			if f.Word() == w {
				return true
			}
		}
		return false
	})
}

// secretOf returns the secret that a file mount is about.
func secretOf(f *ir.Fact) (string, *ir.Secret) {
	m, ok := f.Parent.(*ir.FileMount)
	if !ok || m.Secret == "" {
		return "", nil
	}
	return m.Secret, f.App.Secrets.Ref(m.Secret)
}

// fromHost reports whether a mounted config or secret is a file of the host, whose
// owner and mode Compose leaves as they are.
func fromHost(f *ir.Fact) bool {
	m, ok := f.Parent.(*ir.FileMount)
	if !ok {
		return false
	}
	key := fileKey(m)
	u := usage{readOnly: map[string]bool{key: readOnlyRoot.Holds(f) || usedReadOnly(f.App, key)}}
	if m.Secret != "" {
		s := f.App.Secrets.Ref(m.Secret)
		return s != nil && u.fromFile(m.Secret, s)
	}
	c := f.App.Configs.Ref(m.Config)
	return c != nil && u.asFile(m.Config, c)
}

// usedReadOnly reports whether a config or secret goes to any container with a
// read-only root.
func usedReadOnly(app *ir.App, key string) (used bool) {
	for i := range app.Workloads {
		ir.EachContainer(&app.Workloads[i].Value, "", func(_, _ string, _ ir.Role, c *ir.Container) {
			if c.Security == nil || !c.Security.ReadOnlyRoot {
				return
			}
			for j := range c.Files {
				used = used || fileKey(&c.Files[j].Value) == key
			}
		})
	}
	return used
}

// unwritable reports whether a secret from a variable is to be put into a read-only
// root, into which Compose cannot write.
func unwritable(f *ir.Fact) bool {
	_, s := secretOf(f)
	return s != nil && s.Env != "" && s.File == "" && readOnlyRoot.Holds(f)
}

// secretFromFile reports whether a text holds a secret that comes from a file.
func secretFromFile(f *ir.Fact) bool {
	texts := []ir.Text{}
	switch v := f.Value().(type) {
	case ir.Text:
		texts = append(texts, v)
	case *ir.Command:
		texts = v.Words
	}
	for _, t := range texts {
		for _, r := range t.Refs() {
			if s := f.App.Secrets.Ref(r.Name); r.Kind == ir.RefSecret && s != nil && s.File != "" {
				return true
			}
		}
	}
	return false
}

// clears reports an empty command without a replaced entrypoint, which Compose reads
// as no command.
func clears(f *ir.Fact) bool {
	c, ok := f.Value().(*ir.Command)
	return ok && len(c.Words) == 0 && f.Container.Entrypoint == nil
}

func needsUnchecked(f *ir.Fact) bool {
	other := f.App.Workloads.Ref(f.Name)
	if other == nil || f.Word() != string(ir.Ready) {
		return false
	}
	return !checked(&other.Container)
}

func needsSeveralRuns(f *ir.Fact) bool {
	other := f.App.Workloads.Ref(f.Name)
	return other != nil && f.Word() == string(ir.Completed) && other.Job != nil && other.Job.Completions > 1
}

func peerOf(f *ir.Fact) (ir.Peer, bool) {
	p, ok := f.Value().(ir.Peer)
	return p, ok
}

// readyElsewhere holds for a startup probe beside a readiness probe that asks
// something else: Compose has one check, and it asks for readiness.
func readyElsewhere(f *ir.Fact) bool {
	h := f.Container.Health
	return h.Ready != nil && !composefile.SameQuestion(h.Startup, h.Ready)
}

func besideReady(f *ir.Fact) bool { return f.Container.Health.Ready != nil }

// unsaidProtocol holds for the protocol above of a port that Compose has no place for.
func unsaidProtocol(f *ir.Fact) bool {
	if f.Workload.Publish.Has(f.Name) && !inHostNetwork.Holds(f) {
		return false
	}
	for i := range f.App.Routes {
		if f.App.Routes[i].Value.To == (ir.PortRef{Workload: f.WorkloadName, Port: f.Name}) {
			return !slices.Contains([]string{"h2c", "grpc", "https"}, f.Word())
		}
	}
	return true
}

func foreignVolume(f *ir.Fact) bool  { v, ok := f.Parent.(*ir.Volume); return ok && v.External != "" }
func foreignNetwork(f *ir.Fact) bool { n, ok := f.Parent.(*ir.Network); return ok && n.External != "" }

package nomad

import (
	"slices"
	"time"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

func when(doc string, holds func(*ir.Fact) bool) support.Condition {
	return support.Condition{Doc: doc, Holds: holds}
}

func kindIs(doc string, kinds ...ir.Kind) support.Condition {
	return when(doc, func(f *ir.Fact) bool {
		for _, k := range kinds {
			if f.Workload != nil && f.Workload.KindOrDefault() == k {
				return true
			}
		}
		return false
	})
}

func wordIs(doc, word string) support.Condition {
	return when(doc, func(f *ir.Fact) bool { return f.Word() == word })
}

var (
	ofJobs    = kindIs("of jobs and cron jobs", ir.Job, ir.Cron)
	ofDaemons = kindIs("of daemons", ir.Daemon)
	onlyOf    = kindIs("of jobs, cron jobs and daemons", ir.Job, ir.Cron, ir.Daemon)
	ofInit    = when("of init containers", func(f *ir.Fact) bool { return f.Role == ir.Init })
	ofSidecar = when("of sidecars and init containers", func(f *ir.Fact) bool { return f.Role != ir.Main })
	onHost    = when("on the node's network", func(f *ir.Fact) bool {
		return f.Workload != nil && f.Workload.Security != nil && f.Workload.Security.Network == "host"
	})

	volumeHasDriver = when("with a driver", func(f *ir.Fact) bool {
		v, ok := f.Parent.(*ir.Volume)
		return ok && v.Driver != "" && v.Driver != "local"
	})
	registrySecret = when("of type registry", func(f *ir.Fact) bool {
		s, ok := f.Parent.(*ir.Secret)
		return ok && s.Type == "registry"
	})
	ownReplicas = when("with a volume for each replica", func(f *ir.Fact) bool {
		found := false
		if f.Workload != nil {
			eachContainer(f.Workload, func(_ string, _ ir.Role, c *ir.Container) {
				for _, m := range c.Mounts {
					v := f.App.Volumes.Ref(m.Value.Volume)
					found = found || v != nil && v.Each
				}
			})
		}
		return found
	})
	// separatesNothing is about a network that keeps no workload apart from another, and from nothing outside.
	separatesNothing = when("the only network of the app, which every workload joins", func(f *ir.Fact) bool {
		if f.Kind != "network" && f.Kind != "workload.networks" || len(f.App.Networks) != 1 {
			return false
		}
		only := &f.App.Networks[0]
		if only.Value.Internal {
			return false
		}
		for i := range f.App.Workloads {
			joined := f.App.Workloads[i].Value.Networks
			if len(joined) != 1 || joined[0].Key != only.Key {
				return false
			}
		}
		return true
	})
	withCanary = when("besides canaries", func(f *ir.Fact) bool {
		return f.Word() == "start-first" && f.Workload.Update.Canary != 0
	})
	notChained = when("of init containers that do not say their entrypoint, where something else comes before or after", func(f *ir.Fact) bool {
		return f.Role == ir.Init && steps(f.Workload) > 1 && (f.Container.Entrypoint == nil || len(f.Container.Entrypoint.Words) == 0)
	})
	chained = when("of init containers, where something else comes before or after", func(f *ir.Fact) bool {
		return f.Role == ir.Init && steps(f.Workload) > 1
	})
	lookedUpAmong = when("with a reference to a workload of several replicas", func(f *ir.Fact) bool {
		return slices.ContainsFunc(referred(f), func(ref ir.Ref) bool {
			w := f.App.Workloads.Ref(ref.Name)
			return w != nil && (w.Replicas != nil && *w.Replicas > 1 || w.Scale != nil && w.Scale.Max > 1)
		})
	})
	lookedUp   = when("with a reference to a workload", func(f *ir.Fact) bool { return len(referred(f)) > 0 })
	clearsOnly = when("empty, beside no entrypoint", func(f *ir.Fact) bool {
		c, ok := f.Value().(*ir.Command)
		return ok && len(c.Words) == 0 && f.Container.Entrypoint == nil
	})
	longGrace = when("above 30s", func(f *ir.Fact) bool {
		g, ok := f.Value().(*ir.Duration)
		return ok && g != nil && g.Std() > 30*time.Second
	})
	allAtOnce = when("where as many runs as are wanted may go on at once", func(f *ir.Fact) bool {
		j, ok := f.Parent.(*ir.JobSettings)
		return ok && j.Parallel >= max(1, j.Completions)
	})
	retriesSaid = when("beside job.retries", func(f *ir.Fact) bool {
		return f.Workload.RunsToCompletion() && f.Workload.Job != nil && f.Workload.Job.Retries != nil
	})
	neverRestarted = when("with the policy never", func(f *ir.Fact) bool {
		return !f.Workload.RunsToCompletion() && f.Workload.Restart.Policy == "never"
	})
	withoutRetries = when("of jobs that are never tried again", func(f *ir.Fact) bool {
		w := f.Workload
		return w.RunsToCompletion() && w.Restart.Policy == "never" && (w.Job == nil || w.Job.Retries == nil || *w.Job.Retries == 0)
	})
	movesOn = when("with the policy unless-stopped", func(f *ir.Fact) bool {
		p := f.Workload.Restart.Policy
		return !f.Workload.RunsToCompletion() && (p == "" || p == "unless-stopped")
	})
	slows = when("with the policy always", func(f *ir.Fact) bool {
		return !f.Workload.RunsToCompletion() && f.Workload.Restart.Policy == "always"
	})
)

// steps counts the prestart tasks of a workload's group that have to end.
func steps(w *ir.Workload) int {
	n := len(w.Init)
	if len(w.Needs) > 0 {
		n++
	}
	if w.Security != nil && w.Security.FSGroup != nil {
		volumes := 0
		eachContainer(w, func(_ string, _ ir.Role, c *ir.Container) {
			for _, m := range c.Mounts {
				if m.Value.Volume != "" {
					volumes = 1
				}
			}
		})
		n += volumes
	}
	return n
}

// referred lists the references to workloads in a text or in the words of a command.
func referred(f *ir.Fact) (refs []ir.Ref) {
	texts := []ir.Text{}
	switch v := f.Value().(type) {
	case ir.Text:
		texts = append(texts, v)
	case *ir.Command:
		texts = append(texts, v.Words...)
	}
	for _, text := range texts {
		for _, part := range text {
			if part.Ref.Kind == ir.RefWorkloadHost || part.Ref.Kind == ir.RefWorkloadPort {
				refs = append(refs, part.Ref)
			}
		}
	}
	return refs
}

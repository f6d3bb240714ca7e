package swarm

import (
	"slices"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/backends/internal/row"
	"github.com/decamp-dev/decamp/backends/internal/segment"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// The conditions on which rows of the table depend. What they ask, Emit asks too, by
// the same functions.
var (
	inSidecar = row.When("in a sidecar", func(f *ir.Fact) bool { return f.Role == ir.Sidecar })
	inInit    = row.When("in an init container", func(f *ir.Fact) bool { return f.Role == ir.Init })

	ofCron = row.When("for a cron job", func(f *ir.Fact) bool { return f.Workload.Kind == ir.Cron })
	ofJob  = row.When("for a job", func(f *ir.Fact) bool { return f.Workload.RunsToCompletion() })

	onNode = row.When("in the host's network", func(f *ir.Fact) bool { return onHost(f.Workload) })
	kept   = row.When("of a workload with egress", func(f *ir.Fact) bool { return segment.Kept(f.Workload) })

	withSecret = row.When("with a secret in it", func(f *ir.Fact) bool { return holdsSecret(f.App, textsOf(f), 0) })
)

func textsOf(f *ir.Fact) []ir.Text {
	switch v := f.Value().(type) {
	case ir.Text:
		return []ir.Text{v}
	case *ir.Command:
		return v.Words
	}
	return nil
}

// holdsSecret reports whether a secret's value stands in a text, also by a config that
// stands in it.
func holdsSecret(app *ir.App, list []ir.Text, depth int) bool {
	for _, t := range list {
		for _, r := range t.Refs() {
			if r.Kind == ir.RefSecret {
				return true
			}
			if c := app.Configs.Ref(r.Name); r.Kind == ir.RefConfig && c != nil && depth < 8 && holdsSecret(app, []ir.Text{c.Content}, depth+1) {
				return true
			}
		}
	}
	return false
}

// clearsNothing reports an empty command that Swarm reads as none: arguments without an
// entrypoint, or an entrypoint without arguments.
func clearsNothing(f *ir.Fact) bool {
	c, ok := f.Value().(*ir.Command)
	if !ok || len(c.Words) > 0 {
		return false
	}
	other := f.Container.Entrypoint
	if f.Container.Entrypoint == c {
		other = f.Container.Args
	}
	return other == nil || len(other.Words) == 0
}

func clearsEntrypoint(f *ir.Fact) bool {
	c, ok := f.Value().(*ir.Command)
	return ok && len(c.Words) == 0 && !clearsNothing(f)
}

func besideLive(f *ir.Fact) bool { return f.Container.Health.Live != nil }

func besideOther(f *ir.Fact) bool {
	return f.Container.Health.Live != nil || f.Container.Health.Ready != nil
}

// sameAsAsked reports whether a probe asks what the check asks.
func sameAsAsked(f *ir.Fact, p *ir.Probe) bool {
	a := asked(f.Container)
	return a != nil && a != p && p != nil && composefile.SameQuestion(a, p)
}

// sameAsLive reports whether readiness is asked at the pace of live.
func sameAsLive(f *ir.Fact) bool {
	h := f.Container.Health
	return h.Live != nil && h.Ready != nil && h.Live.EveryOrDefault() == h.Ready.EveryOrDefault() &&
		h.Live.TimeoutOrDefault() == h.Ready.TimeoutOrDefault() && h.Live.FailuresOrDefault() == h.Ready.FailuresOrDefault()
}

// sameTimeout reports whether the startup probe waits as long for an answer as the check.
func sameTimeout(f *ir.Fact) bool {
	a, s := asked(f.Container), f.Container.Health.Startup
	return a != nil && s != nil && a != s && a.TimeoutOrDefault() == s.TimeoutOrDefault()
}

func needsUnchecked(f *ir.Fact) bool {
	other := f.App.Workloads.Ref(f.Name)
	return other != nil && f.Word() == string(ir.Ready) && !checked(&other.Container)
}

// sharedSpace reports a scratch or memory mount that another container of the workload
// mounts too.
func sharedSpace(f *ir.Fact) bool {
	if f.Workload == nil {
		return false
	}
	count := 0
	ir.EachContainer(f.Workload, "", func(_, _ string, _ ir.Role, c *ir.Container) {
		if m := c.Mounts.Ref(f.Name); m != nil && (m.Scratch != nil || m.Memory != nil) {
			count++
		}
	})
	return count > 1
}

func unsayable(f *ir.Fact) bool {
	r, ok := f.Value().(ir.NodeRule)
	if !ok {
		return false
	}
	_, sayable := constraints(r)
	return !sayable
}

func plainDriver(f *ir.Fact) bool { return slices.Contains(plainDrivers, f.Word()) }

func foreignVolume(f *ir.Fact) bool  { v, ok := f.Parent.(*ir.Volume); return ok && v.External != "" }
func foreignNetwork(f *ir.Fact) bool { n, ok := f.Parent.(*ir.Network); return ok && n.External != "" }

func peerOf(f *ir.Fact) (ir.Peer, bool) {
	p, ok := f.Value().(ir.Peer)
	return p, ok
}

func configWithSecret(f *ir.Fact) bool {
	t, ok := f.Value().(ir.Text)
	return ok && holdsSecret(f.App, []ir.Text{t}, 0)
}

func foreignStorage(f *ir.Fact) bool { v, ok := f.Parent.(*ir.Volume); return ok && !pinned(v) }

// onlyReady finds a workload whose check stands for readiness, and has no start period by itself.
func onlyReady(f *ir.Fact) bool {
	h := f.Workload.Health
	return h != nil && h.Live == nil && h.Ready != nil && h.Startup == nil && h.Ready.Delay == 0
}

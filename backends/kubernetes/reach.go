package kubernetes

import (
	"slices"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// isSegmented reports whether workloads of the app join networks by name; the others
// are in the default one.
func isSegmented(app *ir.App) bool {
	for i := range app.Workloads {
		if len(app.Workloads[i].Value.Networks) > 0 {
			return true
		}
	}
	return false
}

// networksOf lists the networks of a workload: those it names, else the default one.
func networksOf(w *ir.Workload) []string {
	if len(w.Networks) == 0 {
		return []string{"default"}
	}
	return w.Networks.Keys()
}

// meet reports whether two workloads have a network in common.
func meet(a, b *ir.Workload) bool {
	return slices.ContainsFunc(networksOf(a), func(n string) bool { return slices.Contains(networksOf(b), n) })
}

// reaches reports whether the policies let one workload connect to another: they have
// a network in common, and neither's list of peers leaves the other out.
func reaches(app *ir.App, from, to string) bool {
	a, b := app.Workloads.Ref(from), app.Workloads.Ref(to)
	if a == nil || b == nil || !meet(a, b) {
		return false
	}
	return lists(app, a.Egress, to) && lists(app, b.Ingress, from)
}

// lists reports whether a list of peers, or the lack of one, admits a workload: by its
// name, or as the stub of an endpoint.
func lists(app *ir.App, peers *ir.PeerList, workload string) bool {
	return peers == nil || slices.ContainsFunc(peers.Peers, func(p ir.Peer) bool {
		if p.Endpoint != "" {
			endpoint, _ := app.Endpoints.Get(p.Endpoint)
			return endpoint.Workload == workload
		}
		return p.Workload == workload
	})
}

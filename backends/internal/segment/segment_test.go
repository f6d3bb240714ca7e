package segment

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// Whom a rule keeps apart shares no network; whom it lets speak shares one.
func TestNew(t *testing.T) {
	peers := func(names ...string) *ir.PeerList {
		list := &ir.PeerList{}
		for _, n := range names {
			list.Peers = append(list.Peers, ir.Peer{Workload: n})
		}
		return list
	}
	app := &ir.App{Name: "a", Workloads: ir.Map[ir.Workload]{
		{Key: "web", Value: ir.Workload{Egress: peers("db", "mail")}},
		{Key: "db", Value: ir.Workload{Ingress: peers("web")}},
		{Key: "mail", Value: ir.Workload{Ingress: peers("other")}},
		{Key: "other", Value: ir.Workload{Needs: ir.Map[ir.Condition]{{Key: "db", Value: ir.Started}}}},
		{Key: "sealed", Value: ir.Workload{Egress: peers()}},
	}}
	p := New(app)
	p.LeaveEmpty(app, nil)
	want := map[string][]string{
		"web":    {"web-db"}, // mail does not let it in, and alone it needs no network
		"db":     {"db", "web-db"},
		"mail":   {"mail"},
		"other":  {"mail"}, // db does not let it in
		"sealed": {"sealed"},
	}
	if diff := cmp.Diff(want, p.Joined); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	internal := map[string]bool{}
	for _, n := range p.Networks {
		internal[n.Name] = n.Internal
	}
	if diff := cmp.Diff(map[string]bool{"db": false, "mail": false, "sealed": true, "web-db": true}, internal); diff != "" {
		t.Errorf("internal, -want +got:\n%s", diff)
	}
}

package nomad

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
)

// ledger keeps what the app does not say. What emitting the app does not give back of
// a job is carried: the difference between the job that was read and the one that
// would be written. Nothing can be forgotten, whatever is read above.
func (r *reader) ledger() {
	r.keepIDs()
	set, _ := New().SelectPasses("default")
	e := newEmitter(r.app, backend.Options{Passes: set})
	for _, j := range r.jobs {
		r.jobLedger(e, j)
	}
}

// keepIDs gives workloads the ids of the jobs that they come from, so that what is
// deployed next takes the place of what runs.
func (r *reader) keepIDs() {
	for _, j := range r.jobs {
		groups := document.Map()
		for _, g := range j.groups {
			switch {
			case g.carried:
			case r.living(j) > 1:
				groups.Set(g.name, document.Map())
			case jobID(r.app, g.name) != j.id:
				r.entry(g.path(), document.Map(document.Member{Key: "id", Value: document.String(j.id)}),
					"the job is called "+j.id+", and what is deployed next has to take its place",
					"drop it when nothing of the old job runs any more; the job is then called "+jobID(r.app, g.name), r.whereOf(j.doc))
			}
		}
		if len(groups.Members) > 0 {
			r.entry("job/"+j.id, document.Map(document.Member{Key: "group", Value: groups}), "these workloads are the groups of one job, deployed at once",
				"drop it when nothing of the old job runs any more; each workload is then a job of its own", r.whereOf(j.doc))
		}
	}
}

// living counts the groups of a job that are workloads.
func (r *reader) living(j *sourceJob) int {
	n := 0
	for _, g := range j.groups {
		if !g.carried {
			n++
		}
	}
	return n
}

func (r *reader) jobLedger(e *emitter, j *sourceJob) {
	if r.living(j) == 0 {
		r.object(j)
		return
	}
	first := true
	for _, g := range j.groups {
		if g.carried {
			continue
		}
		have := r.emitted(e, g)
		if have == nil {
			continue
		}
		d := &differ{schema: r.schema, identity: func(_ string, block *document.Value) string { return r.ids[block] }, batch: textOf(j.doc.Get("type"), "") == "batch" || textOf(j.doc.Get("type"), "") == "sysbatch"}
		d.carried = r.bakeCarried
		job, group := r.asEmitted(g)
		if first {
			r.topics(g, d.body(withoutGroups(have), job, r.schema.job()), nil)
			first = false
		}
		r.topics(g, d.body(labelled(have, "group", g.name), group, r.schema.job().fields["group"].body), []string{"group", g.name})
		r.renamed(g)
	}
	carried := document.Map()
	for _, g := range j.groups {
		if g.carried {
			carried.Set(g.label, carryBody(g.doc))
			r.bakeCarried(g.doc)
		}
	}
	if len(carried.Members) > 0 {
		r.entry("job/"+j.id, document.Map(document.Member{Key: "group", Value: carried}), "the tasks of these groups are no containers", "put what they run into images, and make workloads of them", r.whereOf(j.doc))
	}
}

// asEmitted returns what the job says of itself, and the group, each with the rules
// about nodes where emitting has them.
func (r *reader) asEmitted(g *sourceGroup) (job, group *document.Value) {
	job = withoutGroups(g.job.doc)
	group = &document.Value{}
	*group = *g.doc
	group.Members = slices.Clone(g.doc.Members)
	for _, key := range []string{"constraint", "affinity"} {
		_, rest := placementOf(g, key)
		group.Members = slices.DeleteFunc(group.Members, func(m document.Member) bool {
			moved := m.Key == key && !slices.Contains(rest, m.Value)
			if moved {
				job.Members = append(job.Members, m)
			}
			return moved
		})
	}
	return job, group
}

// emitted is the job that would be written for a group, in its normal form.
func (r *reader) emitted(e *emitter, g *sourceGroup) *document.Value {
	w := r.app.Workloads.Ref(g.name)
	if w == nil {
		return nil
	}
	doc, err := e.unit(g.name, w).document(e.reader)
	if err != nil {
		return nil
	}
	job := doc.Get("job")
	(&normalizer{schema: r.schema}).body(job, r.schema.job())
	return job
}

func withoutGroups(job *document.Value) *document.Value {
	out := document.Block(nil)
	for _, m := range job.Members {
		if m.Key != "group" && m.Key != "id" {
			out.Members = append(out.Members, m)
		}
	}
	return out
}

// renamed keeps the label of a group that the workload does not have.
func (r *reader) renamed(g *sourceGroup) {
	if g.label == g.name {
		return
	}
	r.entry(g.path(), within([]string{"group", g.name}, document.Map(document.Member{Key: "name", Value: document.String(g.label)})),
		"the group is called "+g.label+" on Nomad", "drop it when nothing refers to the group by its old name", r.whereOf(g.doc))
}

// topic is a reason for carrying, for the names that it holds for.
type topic struct {
	names     []string
	why, exit string
}

var topics = []topic{
	{[]string{"name"}, "the task has another name than the container here", "drop it when nothing refers to the task by its old name"},
	{[]string{"datacenters", "region", "namespace", "node_pool", "multiregion", "all_at_once", "constraint", "affinity", "spread", "numa"}, "Nomad chooses nodes by its own terms", "say placement in the words of the next platform, and drop it"},
	{[]string{"service"}, "services are known to others under these names and tags, with this provider and these checks", "move those who ask for them to the names of the next platform, and drop it"},
	{[]string{"network", "port", "ports", "port_map", "network_mode", "network_aliases", "dns_servers", "dns_search_domains", "dns_options", "extra_hosts", "hostname", "mac_address", "ipv4_address"}, "the network is set up in Nomad's or Docker's own way", "see whether a published port, a route or a network says it, and drop it"},
	{[]string{"template", "artifact", "vault", "consul", "identity", "secret", "env", "dispatch_payload"}, "Nomad fetches or fills this in when the task starts", "give it as a config, a secret or in the image"},
	{[]string{"volume", "volume_mount", "mount", "volumes", "volume_driver", "csi_plugin", "ephemeral_disk"}, "disks are asked for in Nomad's or Docker's own way", "say it as a volume or a mount, and drop it"},
	{[]string{"restart", "reschedule", "update", "migrate", "disconnect", "lifecycle", "leader", "kill_timeout", "kill_signal", "shutdown_delay", "stop_after_client_disconnect", "max_client_disconnect", "prevent_reschedule_on_lost", "max_run_duration"}, "when tasks start, end and move is said more finely than the spec does", "see what the next platform has for it, and drop it"},
	{[]string{"periodic", "parameterized", "type", "scaling", "schedule", "action", "ui"}, "jobs are started and scaled by Nomad's own means", "see what the next platform has for it, and drop it"},
	{[]string{"resources", "logs"}, "room is given in Nomad's own units", "see what the next platform has for it, and drop it"},
	{[]string{"config", "driver", "user"}, "the docker driver has settings of its own", "see what the next platform has for it, and drop it"},
	{nil, "only Nomad has words for it", "see what the next platform has for it, and drop it"},
}

func topicOf(name string) int {
	for i := range topics {
		if slices.Contains(topics[i].names, name) {
			return i
		}
	}
	return len(topics) - 1
}

// topics divides a patch by what its parts are about: an entry for each reason.
func (r *reader) topics(g *sourceGroup, patch *document.Value, path []string) {
	if patch == nil {
		return
	}
	parts := make([]*document.Value, len(topics))
	var divide func(v *document.Value, at []string)
	divide = func(v *document.Value, at []string) {
		for _, m := range v.Members {
			below := append(slices.Clone(at), m.Key)
			switch {
			case (m.Key == "task" || m.Key == "group") && m.Value.Kind == document.KindMap && len(at) <= 2:
				for _, named := range m.Value.Members {
					inner := append(slices.Clone(below), named.Key)
					if named.Value.Kind == document.KindMap && named.Value.Get("driver") == nil {
						divide(named.Value, inner)
					} else {
						put(parts, len(topics)-1, inner, named.Value)
					}
				}
			case m.Key == "config" && m.Value.Kind == document.KindMap && len(at) >= 4:
				for _, option := range m.Value.Members {
					n := topicOf(option.Key)
					if n == len(topics)-1 {
						n = topicOf("config")
					}
					put(parts, n, append(slices.Clone(below), option.Key), option.Value)
				}
			default:
				put(parts, topicOf(m.Key), below, m.Value)
			}
		}
	}
	divide(patch, path)
	for i, part := range parts {
		if part != nil {
			r.entry(g.path(), part, topics[i].why, topics[i].exit, r.whereOfPatch(g, part))
		}
	}
}

// put sets a value in a tree of maps.
func put(parts []*document.Value, n int, path []string, value *document.Value) {
	if parts[n] == nil {
		parts[n] = document.Map()
	}
	at := parts[n]
	for _, key := range path[:len(path)-1] {
		next := at.Get(key)
		if next == nil {
			next = document.Map()
			at.Set(key, next)
		}
		at = next
	}
	at.Set(path[len(path)-1], value)
}

func within(path []string, v *document.Value) *document.Value {
	for i := len(path) - 1; i >= 0; i-- {
		v = document.Map(document.Member{Key: path[i], Value: v})
	}
	return v
}

// whereOfPatch finds the first place of the file that a patch was made of.
func (r *reader) whereOfPatch(g *sourceGroup, patch *document.Value) source.Range {
	var found source.Range
	var follow func(patch, doc *document.Value)
	follow = func(patch, doc *document.Value) {
		for _, m := range patch.Members {
			all := doc.Members
			if doc == g.job.doc && m.Key == "group" && g.doc != nil && g.doc != doc {
				all = []document.Member{{Key: m.Key, Value: g.doc}} // of a thousand groups a patch is about one
			}
			for _, d := range all {
				if !found.IsZero() {
					return
				}
				if d.Key != m.Key {
					continue
				}
				if len(d.Value.Labels) > 0 && m.Value.Kind == document.KindMap {
					inner := m.Value.Get(d.Value.Labels[0])
					if inner == nil {
						inner = m.Value.Get(r.ids[d.Value])
					}
					if inner == nil {
						continue
					}
					if inner.Kind == document.KindMap && (d.Key == "group" || d.Key == "task") {
						follow(inner, d.Value)
						continue
					}
				} else if m.Key == "config" && m.Value.Kind == document.KindMap {
					follow(m.Value, d.Value)
					continue
				}
				found = r.whereOf(d.Value)
			}
		}
	}
	follow(patch, g.job.doc)
	if found.IsZero() {
		found = r.whereOf(g.doc)
	}
	return found
}

// entry adds a line to the ledger.
func (r *reader) entry(on string, patch *document.Value, why, exit string, where source.Range) {
	r.add(ir.PlatformEntry{On: on, Patch: carriedValue(patch), Why: why, Exit: exit}, where)
}

func (r *reader) add(entry ir.PlatformEntry, where source.Range) {
	entry.Platform = Name
	entry.Path = fmt.Sprintf("platform.%s[%d]", Name, len(r.app.Platform))
	if !where.IsZero() {
		r.positions[entry.Path] = where
	}
	r.app.Platform = append(r.app.Platform, entry)
}

// object keeps a job whole.
func (r *reader) object(j *sourceJob) {
	body := carryBody(j.doc)
	r.bakeCarried(j.doc)
	job := document.Map(document.Member{Key: "job", Value: document.Map(document.Member{Key: j.id, Value: body})})
	r.add(ir.PlatformEntry{On: "job/" + j.id, Objects: []*ir.Value{carriedValue(job)}, Why: "the tasks of the job are no containers", Exit: "put what they run into images, and make workloads of them"}, r.whereOf(j.doc))
}

// bakeCarried bakes the variables of what is carried.
func (r *reader) bakeCarried(v *document.Value) {
	if v == nil {
		return
	}
	if p := r.places[v]; p != nil && len(p.vars) > 0 {
		r.bake(p.vars, p.where)
	}
	for _, item := range v.Items {
		r.bakeCarried(item)
	}
	for _, m := range v.Members {
		r.bakeCarried(m.Value)
	}
}

// carriedValue turns a document into a value of the ledger.
func carriedValue(v *document.Value) *ir.Value {
	switch v.Kind {
	case document.KindNull:
		return &ir.Value{Kind: ir.NullValue}
	case document.KindBool:
		return &ir.Value{Kind: ir.BoolValue, Text: v.Text}
	case document.KindNumber:
		return &ir.Value{Kind: ir.NumberValue, Text: v.Text}
	case document.KindString:
		return &ir.Value{Kind: ir.StringValue, Text: v.Text}
	case document.KindList:
		out := &ir.Value{Kind: ir.ListValue}
		for _, item := range v.Items {
			out.Items = append(out.Items, carriedValue(item))
		}
		return out
	}
	out := &ir.Value{Kind: ir.MapValue}
	for _, m := range v.Members {
		out.Members.Set(m.Key, carriedValue(cmp.Or(m.Value, document.Null())))
	}
	return out
}

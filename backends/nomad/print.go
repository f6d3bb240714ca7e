package nomad

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// structOptions says how jobs are read from the API's types. The job's id is its
// label; ports have one list in HCL.
func structOptions() document.StructOptions {
	return document.StructOptions{
		Tag: "hcl",
		Fields: map[string]string{
			"Job.ID":                        "-",
			"Job.Name":                      "-",
			"NetworkResource.ReservedPorts": "port,block",
		},
		Blocks: []string{"logging", "config", "tmpfs_options"},
	}
}

// file is one artifact before it is printed.
type file struct {
	path string          // without the ending that the format gives it
	doc  *document.Value // in HCL's form
	unit *unit           // nil for volumes and objects
}

// printUnits prints the job of one workload, or of several that share it: then each
// is a group of it.
func (e *emitter) printUnits(units []*unit) {
	first := units[0]
	for _, u := range units[1:] {
		for i := range u.secrets {
			use := &u.secrets[i]
			for j := range use.items {
				first.useSecret(use.name, use.path, use.items[j], use.keys[j])
			}
		}
	}
	first.hintSecrets()
	var whole *file
	for _, u := range units {
		doc, err := u.document(e.reader)
		if err != nil {
			e.report(diag.Error, CodePrint, u.path, "a job cannot be written", err.Error()+".")
			return
		}
		f := &file{path: u.name + ".nomad", doc: doc, unit: u}
		e.patch(f)
		if whole == nil {
			whole = f
			continue
		}
		whole.path = u.id + ".nomad"
		e.join(whole, f)
	}
	e.printArtifact(whole)
}

// join adds the groups of a job to those of another with its id. What they say of the
// job itself has to be the same, or said by one of them only.
func (e *emitter) join(whole, more *file) {
	job, other := whole.doc.Get("job"), more.doc.Get("job")
	for _, key := range []string{"constraint", "affinity"} {
		lowerPlacement(key, job, other)
	}
	for _, m := range other.Members {
		switch held := job.Get(m.Key); {
		case m.Key == "group":
			if labelled(job, "group", m.Value.Labels[0]) == nil {
				job.Members = append(job.Members, m)
			}
		case m.Key == "constraint" || m.Key == "affinity": // the same, or in the groups by now
		case held == nil:
			at := max(0, slices.IndexFunc(job.Members, func(g document.Member) bool { return g.Key == "group" }))
			job.Members = slices.Insert(job.Members, at, m)
		case !held.Equal(m.Value):
			e.report(diag.Error, CodeJobConflict, more.unit.path, "two workloads of one job differ in what belongs to the job: "+m.Key,
				fmt.Sprintf("The ledger makes %s and %s one job, %s. Say the same for both, or give one of them another id.", whole.unit.name, more.unit.name, more.unit.id))
		}
	}
}

// lowerPlacement leaves what two jobs say of nodes where it is when both say the same,
// and hands it down to their groups otherwise.
func lowerPlacement(key string, a, b *document.Value) {
	if slices.EqualFunc(blocksOf(a, key), blocksOf(b, key), (*document.Value).Equal) {
		return
	}
	for _, job := range []*document.Value{a, b} {
		rules := slices.DeleteFunc(slices.Clone(job.Members), func(m document.Member) bool { return m.Key != key })
		for _, group := range blocksOf(job, "group") {
			group.Members = append(slices.Clone(rules), group.Members...)
		}
		job.Delete(key)
	}
}

func (e *emitter) printVolume(name string, v *ir.Volume) {
	path := name + ".volume.hcl"
	e.noteVolume(name, v, path)
	if v.External == "" {
		e.printFile(&file{path: path, doc: e.volumeDocument(name, v)})
	}
}

// printFile patches and prints one file.
func (e *emitter) printFile(f *file) {
	e.patch(f)
	e.printArtifact(f)
}

func (e *emitter) printArtifact(f *file) {
	a, err := e.artifact(f)
	if err != nil {
		e.report(diag.Error, CodePrint, f.path, "a file cannot be written", err.Error()+".")
		return
	}
	e.artifacts = append(e.artifacts, a)
}

func (e *emitter) artifact(f *file) (backend.Artifact, error) {
	if job := f.doc.Get("job"); job != nil && e.options.Format == formatJSON {
		job, err := jobJSON(job)
		if err != nil {
			return backend.Artifact{}, err
		}
		data, err := document.ToJSON(job, "  ")
		return backend.Artifact{Path: f.path + ".json", Data: data, Unmarked: true}, err
	}
	path := f.path
	if !strings.HasSuffix(path, ".hcl") {
		path += ".hcl"
	}
	var b bytes.Buffer
	err := document.PrintHCL(&b, f.doc, document.HCLOptions{Header: e.options.Header(), Verbatim: clientFillsIn})
	return backend.Artifact{Path: path, Data: b.Bytes()}, err
}

// clientFillsIn reports references that are written as people do. Nomad's parser
// leaves them as they are, and so would an escaped one be.
func clientFillsIn(reference string) bool {
	return strings.HasPrefix(reference, "attr.") || strings.HasPrefix(reference, "node.") ||
		strings.HasPrefix(reference, "meta.") || strings.HasPrefix(reference, "NOMAD_")
}

// document reads the job, puts its parts into the order in which people write them,
// and adds the comments.
func (u *unit) document(reader *document.StructReader) (*document.Value, error) {
	job, err := reader.Read(u.job)
	if err != nil {
		return nil, err
	}
	job.Labels = []string{u.id}
	u.arrange("job", job)
	comment := strings.Join(u.hints, "\n")
	return document.Map(document.Member{Key: "job", Value: job, Comment: comment}), nil
}

// order is how the parts of each block follow each other.
var order = map[string][]string{
	"job": {"type", "priority", "meta", "constraint", "affinity", "periodic", "group"},
	"group": {"count", "constraint", "affinity", "spread", "scaling", "update", "migrate", "restart", "reschedule",
		"ephemeral_disk", "network", "volume", "task"},
	"task": {"driver", "user", "kill_signal", "kill_timeout", "lifecycle", "identity", "config", "env", "template",
		"volume_mount", "service", "resources"},
	"config": {"image", "force_pull", "entrypoint", "args", "work_dir", "hostname", "init", "tty", "interactive",
		"network_mode", "extra_hosts", "labels", "mount", "volumes"},
	"port":     {"static", "to", "host_network"},
	"mount":    {"type", "source", "target", "readonly"},
	"template": {"destination", "env", "perms", "uid", "gid", "change_mode", "left_delimiter", "right_delimiter", "error_on_missing_key", "data"},
	"service":  {"name", "port", "provider", "tags", "check"},
	"check":    {"name", "type", "path", "protocol", "interval", "timeout"},
	"spread":   {"attribute", "weight"},
}

// arrange sorts the members of a block and of those below it.
func (u *unit) arrange(key string, v *document.Value) {
	ranks := order[key]
	rank := func(m document.Member) int {
		if i := slices.Index(ranks, m.Key); i >= 0 {
			return i
		}
		return len(ranks) - 1 // before what comes last: group, task, resources
	}
	if ranks != nil {
		slices.SortStableFunc(v.Members, func(a, b document.Member) int { return cmp.Compare(rank(a), rank(b)) })
	}
	for i := range v.Members {
		m := &v.Members[i]
		u.comment(m)
		if note := u.notes[key+" "+m.Key]; note != "" && m.Value.Kind.Scalar() {
			m.Comment = note
		}
		switch {
		case (m.Key == "meta" || m.Key == "env") && m.Value.Kind >= document.KindMap:
			name := m.Key
			if m.Key == "env" && len(v.Labels) > 0 {
				name += " " + v.Labels[0]
			}
			sortBy(m.Value, u.orders[name])
		case m.Value.Kind == document.KindBlock:
			u.arrange(m.Key, m.Value)
		}
	}
	switch key {
	case "group":
		u.arrangeVolumes(v)
	case "template":
		if data := v.Get("data"); data != nil {
			data.Literal = true
		}
	case "constraint", "affinity":
		if operator := v.Get("operator"); operator != nil && operator.Text == "=" {
			v.Delete("operator")
		}
	}
}

// arrangeVolumes puts the volumes into the app's order.
func (u *unit) arrangeVolumes(group *document.Value) {
	first := slices.IndexFunc(group.Members, func(m document.Member) bool { return m.Key == "volume" })
	if first < 0 {
		return
	}
	last := first
	for last < len(group.Members) && group.Members[last].Key == "volume" {
		last++
	}
	names := u.orders["volume"]
	slices.SortStableFunc(group.Members[first:last], func(a, b document.Member) int {
		return cmp.Compare(slices.Index(names, a.Value.Labels[0]), slices.Index(names, b.Value.Labels[0]))
	})
}

func sortBy(v *document.Value, names []string) {
	if names == nil {
		return
	}
	slices.SortStableFunc(v.Members, func(a, b document.Member) int {
		return cmp.Compare(slices.Index(names, a.Key), slices.Index(names, b.Key))
	})
}

// comment puts the unit's notes above the blocks that they are about.
func (u *unit) comment(m *document.Member) {
	switch m.Key {
	case "port":
		if len(m.Value.Labels) > 0 {
			m.Comment = u.notes["port "+m.Value.Labels[0]]
		}
	case "service":
		if name := m.Value.Get("name"); name != nil {
			m.Comment = u.notes["service "+name.Text]
		}
	}
}

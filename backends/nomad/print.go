package nomad

import (
	"bytes"
	"cmp"
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

func (e *emitter) printUnit(u *unit) {
	u.hintSecrets()
	doc, err := u.document(e.reader)
	if err != nil {
		e.report(diag.Error, CodePrint, u.path, "a job cannot be written", err.Error()+".")
		return
	}
	e.printFile(&file{path: u.name + ".nomad", doc: doc, unit: u})
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
	"job": {"type", "priority", "meta", "periodic", "group"},
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

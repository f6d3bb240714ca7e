package nomad

import (
	"reflect"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// jsonFile reads jobs in the JSON of Nomad's API: {"Job": {…}}, or the job itself.
func (r *reader) jsonFile(f *source.File) {
	root, list := tree.Parse(f, tree.Limits{})
	if list.HasErrors() {
		if templateAction().Match(f.Data) {
			r.refuseTemplate(f)
			return
		}
		r.list = append(r.list, list...)
		return
	}
	jobs := []*tree.Node{root}
	if root != nil && root.Kind == tree.Sequence {
		jobs = root.Items
	}
	for _, job := range jobs {
		if inner := member(job, "Job"); inner != nil {
			job = inner
		}
		id := member(job, "ID")
		if id == nil {
			id = member(job, "Name")
		}
		if member(job, "TaskGroups") == nil || id == nil {
			r.report(diag.Warning, CodeNoJob, source.Range{File: f}, "", "the file holds no job", `A job has an ID and TaskGroups: {"Job": {"ID": "web", "TaskGroups": […]}}.`)
			continue
		}
		reader := &jsonReader{reader: r}
		doc := reader.body(job, r.schema.job())
		doc.Labels = []string{id.Value}
		doc.Delete("id")
		reader.finish(f)
		r.addJob(f, doc, id.Value)
	}
}

// member finds a member by its name in any case, as Go's reader of JSON does.
func member(n *tree.Node, name string) *tree.Node {
	if n == nil {
		return nil
	}
	for _, p := range n.Pairs {
		if strings.EqualFold(p.Key.Value, name) {
			return p.Value
		}
	}
	return nil
}

// jsonReader turns objects of the API into blocks of HCL.
type jsonReader struct {
	reader  *reader
	servers []string     // fields that the servers fill in
	first   source.Range // of them
}

func (j *jsonReader) finish(f *source.File) {
	if len(j.servers) == 0 {
		return
	}
	slices.Sort(j.servers)
	j.reader.report(diag.Note, CodeServerField, j.first, "", "fields that job files do not have are left out: "+strings.Join(slices.Compact(j.servers), ", "),
		"Nomad's servers fill them in, or no file can say them.")
}

func (j *jsonReader) body(n *tree.Node, b *body) *document.Value {
	out := document.Block(nil)
	j.reader.places[out] = &mark{where: n.Range()}
	for _, p := range n.Pairs {
		key, f := j.field(b, p.Key.Value)
		switch {
		case p.Value.IsNull():
		case strings.EqualFold(p.Key.Value, b.label):
			out.Labels = []string{p.Value.Value}
		case f == nil:
			if !emptyNode(p.Value) {
				j.servers = append(j.servers, p.Key.Value)
				if j.first.IsZero() {
					j.first = p.Key.Range()
				}
			}
		default:
			j.member(out, key, f, p.Value)
		}
	}
	return out
}

func (j *jsonReader) field(b *body, name string) (string, *bodyField) {
	for goName, key := range b.byName {
		if strings.EqualFold(goName, name) {
			if f := b.fields[key]; f != nil {
				return key, f
			}
		}
	}
	return "", nil
}

// emptyNode reports what says nothing: what has no value, and no members.
func emptyNode(n *tree.Node) bool {
	switch n.Kind {
	case tree.Mapping, tree.Sequence:
		return len(n.Pairs) == 0 && len(n.Items) == 0
	case tree.String:
		return n.Value == ""
	}
	return n.IsNull() || n.Value == "0" || n.Value == "false"
}

func (j *jsonReader) member(out *document.Value, key string, f *bodyField, n *tree.Node) {
	pointer := f.typ.Kind() == reflect.Pointer
	switch f.form {
	case blockForm:
		if n.Kind == tree.Mapping {
			out.Add(key, j.body(n, f.body))
		}
	case blocksForm, labelledForm:
		if n.Kind == tree.Mapping && !keyed(f.typ) {
			out.Add(key, j.body(n, f.body))
			return
		}
		for _, p := range n.Pairs {
			block := j.body(p.Value, f.body)
			block.Labels = []string{p.Key.Value}
			out.Add(key, block)
		}
		for _, item := range n.Items {
			if item.Kind == tree.Mapping {
				out.Add(key, j.body(item, f.body))
			}
		}
	default:
		if emptyNode(n) && !pointer || n.Kind == tree.String && n.Value == "" && key != "data" {
			return
		}
		out.Add(key, j.value(n))
	}
}

// keyed reports maps, whose keys are labels.
func keyed(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Map
}

func (j *jsonReader) value(n *tree.Node) *document.Value {
	var v *document.Value
	switch n.Kind {
	case tree.Mapping:
		v = document.Map()
		for _, p := range n.Pairs {
			v.Set(p.Key.Value, j.value(p.Value))
		}
	case tree.Sequence:
		v = document.List()
		for _, item := range n.Items {
			v.Items = append(v.Items, j.value(item))
		}
	case tree.Bool:
		v = document.Bool(n.Value == "true")
	case tree.Int, tree.Float:
		v = &document.Value{Kind: document.KindNumber, Text: n.Value}
	case tree.String:
		v = document.String(n.Value)
	default:
		v = document.Null()
	}
	j.reader.places[v] = &mark{where: n.Range()}
	return v
}

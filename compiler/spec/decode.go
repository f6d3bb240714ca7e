package spec

import (
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// decoder turns the tree of one stage into an app.
type decoder struct {
	environment Environment
	expand      expander
	diags       diag.List
	app         *ir.App
	fields      map[*ir.Shape]map[string]*ir.Field // by key, built once for each shape
	path        []string                           // to the node at hand
}

// Decode returns the app that the tree of a stage describes, and everything that is
// wrong with it as a text. What is wrong with the app itself is told by ir.Verify.
func (d *Document) Decode(root *tree.Node, e Environment) (*ir.App, diag.List) {
	dec := &decoder{environment: e, app: &ir.App{Stage: e.Stage}, fields: map[*ir.Shape]map[string]*ir.Field{}}
	dec.app.Locator = newLocator(root)
	if dec.environment.Root == "" {
		dec.environment.Root = "."
	}
	dec.vars(root)
	dec.structure(root, reflect.ValueOf(dec.app).Elem(), ir.ShapeOf(reflect.TypeFor[ir.App]()), topKeys)
	dec.configs(root.Get("configs"))
	dec.platforms(root)
	dec.app.Platform = slices.DeleteFunc(dec.app.Platform, func(e ir.PlatformEntry) bool { return d.elsewhere(root, e.On) })
	if root.Get("name") == nil {
		dec.push("name")
		dec.fail(CodeMissing, root, "the app has no name", "Add `name:` at the top; it names the project, the jobs and the labels on every platform.")
	}
	return dec.app, dec.diags
}

// elsewhere reports whether a path begins with something that the spec declares and
// this stage does not have: a workload of other stages.
func (d *Document) elsewhere(root *tree.Node, path string) bool {
	segments := ir.SplitPath(path)
	if root == d.Root || len(segments) < 2 {
		return false
	}
	return d.Root.Get(segments[0]).Get(segments[1]) != nil && root.Get(segments[0]).Get(segments[1]) == nil
}

// topKeys are the keys of a spec that are not fields of the app.
var topKeys = []string{"decamp", "vars", "stages", "parity", "platform"}

// fail reports a problem with a node at the path at hand. The node may be nil.
func (d *decoder) fail(code diag.Code, n *tree.Node, summary, detail string) {
	d.diags = append(d.diags, diag.Diagnostic{Severity: diag.Error, Code: code, Subject: n.Range(), Path: d.at(), Summary: summary, Detail: detail})
}

func (d *decoder) at() string {
	p := ""
	for _, segment := range d.path {
		if strings.HasPrefix(segment, "[") {
			p += segment
		} else {
			p = ir.JoinPath(p, segment)
		}
	}
	return p
}

func (d *decoder) push(segment string) { d.path = append(d.path, segment) }
func (d *decoder) pop()                { d.path = d.path[:len(d.path)-1] }

// structure decodes a mapping into a struct. extra lists keys that the caller
// handles itself.
func (d *decoder) structure(n *tree.Node, v reflect.Value, shape *ir.Shape, extra []string) {
	if n.IsNull() {
		return
	}
	if n.Kind != tree.Mapping {
		d.fail(CodeWrongType, n, fmt.Sprintf("a %s stands where a mapping belongs", n.Kind), "Its keys are "+keyList(shape, extra)+".")
		return
	}
	fields := d.fieldsOf(shape)
	for i := range n.Pairs {
		key, value := n.Pairs[i].Key, n.Pairs[i].Value
		d.push(key.Value)
		f := fields[key.Value]
		switch {
		case f != nil:
			if !value.IsNull() {
				d.field(value, v.FieldByIndex(f.Index), f)
			}
		case slices.Contains(extra, key.Value) || strings.HasPrefix(key.Value, "x-"):
		default:
			d.unknownKey(key, shape, extra)
		}
		d.pop()
	}
	for i := range shape.Fields {
		if f := &shape.Fields[i]; f.Required && f.Spec && n.Get(f.Key).IsNull() {
			d.fail(CodeMissing, n, fmt.Sprintf("%s is missing", f.Key), exampleOf(f))
		}
	}
}

func (d *decoder) fieldsOf(shape *ir.Shape) map[string]*ir.Field {
	fields := d.fields[shape]
	if fields == nil {
		fields = map[string]*ir.Field{}
		for i := range shape.Fields {
			if f := &shape.Fields[i]; f.Spec {
				fields[f.Key] = f
			}
		}
		d.fields[shape] = fields
	}
	return fields
}

func (d *decoder) unknownKey(key *tree.Node, shape *ir.Shape, extra []string) {
	var known []string
	for i := range shape.Fields {
		if shape.Fields[i].Spec {
			known = append(known, shape.Fields[i].Key)
		}
	}
	finding := unknownKey(key, d.at(), append(known, extra...), foreignKeys[key.Value])
	finding.Redact = shape.Type == reflect.TypeFor[ir.Secret]()
	d.diags = append(d.diags, finding)
}

func unknownKey(key *tree.Node, at string, known []string, hint string) diag.Diagnostic {
	detail := "The keys here are " + strings.Join(known, ", ") + "."
	if hint != "" {
		detail = hint + " " + detail
	}
	finding := diag.Diagnostic{Severity: diag.Error, Code: CodeUnknownKey, Subject: key.Range(), Path: at,
		Summary: fmt.Sprintf("there is no key %q here", key.Value), Detail: detail}
	if near := diag.Closest(key.Value, known); near != "" {
		finding.Detail = fmt.Sprintf("Did you mean %q? ", near) + detail
		finding.Fix = &diag.Fix{Message: fmt.Sprintf("write %q", near), Edits: []diag.Edit{{Range: key.Range(), NewText: near}}}
	}
	return finding
}

func wrongType(n *tree.Node, at, wanted string) diag.Diagnostic {
	return diag.Diagnostic{Severity: diag.Error, Code: CodeWrongType, Subject: n.Range(), Path: at,
		Summary: fmt.Sprintf("a %s stands where %s belongs", n.Kind, wanted)}
}

func keyList(shape *ir.Shape, extra []string) string {
	var keys []string
	for i := range shape.Fields {
		if shape.Fields[i].Spec {
			keys = append(keys, shape.Fields[i].Key)
		}
	}
	return strings.Join(append(keys, extra...), ", ")
}

func exampleOf(f *ir.Field) string {
	if f.Example == "" {
		return ""
	}
	return fmt.Sprintf("Write for instance %s: %s.", f.Key, f.Example)
}

// field decodes a value into a field by its form.
func (d *decoder) field(n *tree.Node, v reflect.Value, f *ir.Field) {
	switch f.Form {
	case ir.LeafForm:
		d.leaf(n, v, f)
	case ir.LeafMapForm:
		d.leafMap(n, v, f)
	case ir.StructForm:
		v.Set(reflect.New(v.Type().Elem()))
		d.element(n, v.Elem(), f.Elem)
	case ir.MapForm:
		d.members(n, v, f)
	case ir.ListForm:
		d.list(n, v, f)
	case ir.PeersForm:
		v.Set(reflect.ValueOf(&ir.PeerList{Peers: d.peers(n)}))
	case ir.RuleListForm:
		v.Set(reflect.ValueOf(d.rules(n)))
	}
}

// element decodes one struct after its short form has been expanded, with the keys
// that only some structs have.
func (d *decoder) element(n *tree.Node, v reflect.Value, shape *ir.Shape) {
	n = expandShortForm(n, shape.Type)
	switch shape.Type {
	case reflect.TypeFor[ir.Workload]():
		d.envFiles(n, v.Addr().Interface().(*ir.Workload).Env, &v.Addr().Interface().(*ir.Workload).Container)
		d.structure(n, v, shape, []string{"platform", "envFiles"})
		d.plainSecrets(n, &v.Addr().Interface().(*ir.Workload).Container)
	case reflect.TypeFor[ir.Container]():
		d.envFiles(n, nil, v.Addr().Interface().(*ir.Container))
		d.structure(n, v, shape, []string{"envFiles"})
		d.plainSecrets(n, v.Addr().Interface().(*ir.Container))
	case reflect.TypeFor[ir.FileMount]():
		d.structure(n, v, shape, []string{"from"})
		d.fileFrom(n, v.Addr().Interface().(*ir.FileMount))
	case reflect.TypeFor[ir.Config]():
		d.structure(n, v, shape, configKeys)
	case reflect.TypeFor[ir.Secret]():
		if d.secretIsValue(n) {
			return
		}
		d.structure(n, v, shape, nil)
	default:
		d.structure(n, v, shape, nil)
	}
}

func (d *decoder) members(n *tree.Node, v reflect.Value, f *ir.Field) {
	if f.Elem.Type == reflect.TypeFor[ir.Attachment]() {
		n = listAsMapping(n)
	}
	if n.Kind != tree.Mapping {
		d.fail(CodeWrongType, n, fmt.Sprintf("a %s stands where a mapping by name belongs", n.Kind), exampleOf(f))
		return
	}
	items := reflect.MakeSlice(v.Type(), 0, len(n.Pairs))
	for i := range n.Pairs {
		key := n.Pairs[i].Key.Value
		if strings.HasPrefix(key, "x-") {
			continue
		}
		item := reflect.New(v.Type().Elem()).Elem()
		item.Field(0).SetString(key)
		d.push(key)
		d.element(n.Pairs[i].Value, item.Field(1), f.Elem)
		d.pop()
		items = reflect.Append(items, item)
	}
	v.Set(items)
}

func (d *decoder) list(n *tree.Node, v reflect.Value, f *ir.Field) {
	if n.Kind != tree.Sequence {
		d.fail(CodeWrongType, n, fmt.Sprintf("a %s stands where a list belongs", n.Kind), exampleOf(f))
		return
	}
	items := reflect.MakeSlice(v.Type(), len(n.Items), len(n.Items))
	for i, item := range n.Items {
		d.push(fmt.Sprintf("[%d]", i))
		d.element(item, items.Index(i), f.Elem)
		d.pop()
	}
	v.Set(items)
}

func (d *decoder) leafMap(n *tree.Node, v reflect.Value, f *ir.Field) {
	if n.Kind != tree.Mapping {
		d.fail(CodeWrongType, n, fmt.Sprintf("a %s stands where a mapping by name belongs", n.Kind), exampleOf(f))
		return
	}
	value, _ := ir.MapValueType(v.Type())
	element := *f
	element.Type = value
	items := reflect.MakeSlice(v.Type(), v.Len(), v.Len()+len(n.Pairs))
	reflect.Copy(items, v)
	for i := range n.Pairs {
		key := n.Pairs[i].Key.Value
		item := reflect.New(v.Type().Elem()).Elem()
		item.Field(0).SetString(key)
		d.push(key)
		d.leaf(n.Pairs[i].Value, item.Field(1), &element)
		d.pop()
		if at := indexOfKey(items, key); at >= 0 {
			items.Index(at).Set(item)
			continue
		}
		items = reflect.Append(items, item)
	}
	v.Set(items)
}

// indexOfKey finds a member that an env file has given already.
func indexOfKey(items reflect.Value, key string) int {
	for i := range items.Len() {
		if items.Index(i).Field(0).String() == key {
			return i
		}
	}
	return -1
}

// resolve returns the path, within the environment's files, of a path that is
// written in the spec; false, with a finding, when it leaves the spec's folder.
func (d *decoder) resolve(n *tree.Node, name string) (string, bool) {
	p := path.Join(d.environment.Root, name)
	outside := path.IsAbs(name) || p == ".." || strings.HasPrefix(p, "../") ||
		d.environment.Root != "." && !strings.HasPrefix(p, d.environment.Root+"/") && p != d.environment.Root
	if outside && d.environment.AllowOutside {
		if path.IsAbs(name) {
			p = strings.TrimPrefix(path.Clean(name), "/")
		}
		outside = strings.HasPrefix(p, "../")
	}
	if outside {
		d.fail(CodeFileOutside, n, fmt.Sprintf("%q is outside of the spec's folder", name), "A spec reads files of its own folder, so that it means the same on every machine. Move the file, or compile with --allow-outside.")
		return "", false
	}
	return p, true
}

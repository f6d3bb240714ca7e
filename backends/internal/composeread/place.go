package composeread

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

var errReported = errors.New("reported")

func (r *reader) report(severity diag.Severity, code diag.Code, n any, path, summary, detail string) {
	d := diag.Diagnostic{Severity: severity, Code: code, Summary: summary, Detail: detail, Path: path}
	switch at := n.(type) {
	case *tree.Node:
		d.Subject = at.Range()
	case *tree.Pair:
		if at != nil {
			d.Subject = at.Key.Range()
		}
	case place:
		d.Subject = at.node().Range()
	}
	if d.Subject.IsZero() && len(r.source.Files) > 0 {
		d.Subject.File = r.source.Files[0]
	}
	r.diags = append(r.diags, d)
}

// explain makes a finding of an error of compose-go, with the place that it names.
func (r *reader) explain(err error, code diag.Code) error {
	var known *failure
	if errors.As(err, &known) || errors.Is(err, errReported) {
		return err
	}
	text := strings.ReplaceAll(firstLine(err.Error()), secretMark, "")
	return &failure{r.nodeIn(text), code, r.dialect.Title + " does not take this: " + text, r.dialect.Library}
}

// nodeIn returns the node of the longest path that a message names.
func (r *reader) nodeIn(message string) *tree.Node {
	for _, word := range strings.FieldsFunc(message, func(c rune) bool { return strings.ContainsRune(" :,\"'`\n", c) }) {
		segments := strings.Split(word, ".")
		if len(segments) < 2 || !slices.Contains([]string{"services", "volumes", "networks", "secrets", "configs"}, segments[0]) {
			continue
		}
		if node := r.nearest(segments); node != nil {
			return node
		}
	}
	return nil
}

// nearest returns the node of a path, or of as much of it as there is.
func (r *reader) nearest(path []string) *tree.Node {
	for n := len(path); n > 0; n-- {
		if node := r.at(path[:n]...).node(); node != nil {
			return node
		}
	}
	return nil
}

// place is where something stands in the files: the node that counts first, then
// those that it overrides or extends.
type place struct{ nodes []*tree.Node }

func (p place) node() *tree.Node {
	if len(p.nodes) == 0 {
		return nil
	}
	return p.nodes[0]
}

// at returns the place of something at the top: services, or services.web.
func (r *reader) at(path ...string) place {
	var p place
	for i := len(r.documents) - 1; i >= 0; i-- {
		p.nodes = append(p.nodes, r.documents[i])
	}
	for i, key := range path {
		if i == 1 {
			p = r.named(p, key)
		} else {
			p = p.get(key)
		}
		if i == 1 && path[0] == "services" {
			for _, n := range slices.Clone(p.nodes) {
				p.nodes = append(p.nodes, r.bases[n]...)
			}
		}
	}
	return p
}

// named returns the place of a member of a section, which may have thousands.
func (r *reader) named(section place, name string) place {
	var inner place
	for _, n := range section.nodes {
		if pair := r.pair(n, name); pair != nil {
			inner.nodes = append(inner.nodes, pair.Value)
		}
	}
	return inner
}

// pair is the pair of a key; of a mapping with many pairs an index is kept.
func (r *reader) pair(n *tree.Node, key string) *tree.Pair {
	if n.Kind != tree.Mapping || len(n.Pairs) < 16 {
		return n.Pair(key)
	}
	if r.index[n] == nil {
		keys := make(map[string]*tree.Pair, len(n.Pairs))
		for i := range n.Pairs {
			keys[n.Pairs[i].Key.Value] = &n.Pairs[i]
		}
		r.index[n] = keys
	}
	return r.index[n][key]
}

// pair returns the pair of a member of a mapping, nil where it has none.
func (p place) pair(key string) *tree.Pair {
	for _, n := range p.nodes {
		if pair := n.Pair(key); pair != nil {
			return pair
		}
	}
	return nil
}

// get returns the place of a member: of a mapping by its key, of a list by its
// position or by the key before an equals sign or colon.
func (p place) get(key string) place {
	var inner place
	for _, n := range p.nodes {
		if member := member(n, key); member != nil {
			inner.nodes = append(inner.nodes, member)
		}
	}
	return inner
}

func member(n *tree.Node, key string) *tree.Node {
	switch {
	case n == nil:
		return nil
	case n.Kind == tree.Mapping:
		return n.Get(key)
	case n.Kind != tree.Sequence:
		return nil
	}
	for _, item := range n.Items {
		if rest, ok := strings.CutPrefix(item.Value, key); ok && item.Kind.IsScalar() && (rest == "" || rest[0] == '=' || rest[0] == ':') {
			return item
		}
	}
	return nil
}

// item returns an entry of a list, the list where it has no such entry.
func (p place) item(i, of int) place {
	if n := p.node(); n != nil && n.Kind == tree.Sequence && len(n.Items) == of {
		return place{[]*tree.Node{n.Items[i]}}
	}
	return p
}

func item(n *tree.Node, i int) *tree.Node {
	if n != nil && n.Kind == tree.Sequence && i < len(n.Items) {
		return n.Items[i]
	}
	return n
}

// keys returns the keys of a model in the order of the files.
func (p place) keys(m model) []string {
	var keys []string
	seen := map[string]bool{}
	for i := len(p.nodes) - 1; i >= 0; i-- {
		n := p.nodes[i]
		var names []string
		if n.Kind == tree.Mapping {
			names = n.Keys()
		} else {
			for _, item := range n.Items {
				name, _, _ := strings.Cut(item.Value, "=")
				names = append(names, name)
			}
		}
		for _, name := range names {
			if _, ok := m[name]; ok && !seen[name] {
				seen[name] = true
				keys = append(keys, name)
			}
		}
	}
	for _, name := range sorted(m) {
		if !seen[name] {
			keys = append(keys, name)
		}
	}
	return keys
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// set notes where a path of the app came from, and how a spec writes its text.
func (r *reader) set(path string, p place, value string) {
	n := p.node()
	if n == nil {
		return
	}
	r.positions.Set(path, n)
	if w := r.variables.written[n]; w != nil && n.Kind == tree.String {
		r.write(path, n, w.expression, value)
	}
}

// setKeyed is set for an entry KEY=text of a list, or a member of a mapping.
func (r *reader) setKeyed(path string, p place, key, value string) {
	n := p.node()
	if n == nil {
		return
	}
	r.positions.Set(path, n)
	w := r.variables.written[n]
	if w == nil {
		return
	}
	expression := w.expression
	if rest, ok := strings.CutPrefix(n.Value, key+"="); ok && rest != "" || strings.HasPrefix(n.Value, key+":") {
		expression = expression[len(key)+1:]
	}
	r.write(path, n, expression, value)
}

// write keeps an expression for a path. One without vars is what the app says anyway.
func (r *reader) write(path string, n *tree.Node, expression, value string) {
	w := r.variables.written[n]
	w.used = true
	if strings.Contains(expression, "${vars.") {
		r.reading.Expressions[path] = expression
	}
}

// comments keeps what is written above a member of a mapping, and behind it.
func (r *reader) comments(path string, p place, key string) {
	for _, n := range p.nodes {
		pair := r.pair(n, key)
		if pair == nil {
			continue
		}
		var lines []string
		for _, c := range []*tree.Comments{pair.Key.Comments, pair.Value.Comments} {
			if c == nil {
				continue
			}
			for _, text := range []string{c.Head, c.Line} {
				if text != "" {
					lines = append(lines, uncommented(text))
				}
			}
			if !pair.Value.Kind.IsScalar() {
				break // what stands in a mapping belongs to its first member
			}
		}
		if len(lines) > 0 {
			r.reading.Comments[path] = strings.Join(lines, "\n")
		}
		return
	}
}

func uncommented(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(lines[i]), "#"), " ")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// carriedValue turns a part of the model into a value of the ledger: Compose's own
// text, in which a dollar means what it means to Compose.
func (r *reader) carriedValue(v any, p place) *ir.Value {
	switch v := v.(type) {
	case nil, removed:
		return &ir.Value{Kind: ir.NullValue}
	case bool:
		return &ir.Value{Kind: ir.BoolValue, Text: strconv.FormatBool(v)}
	case string:
		if r.raw[v] {
			return &ir.Value{Kind: ir.StringValue, Text: v}
		}
		return &ir.Value{Kind: ir.StringValue, Text: r.variables.plain(v)}
	case model:
		m := &ir.Value{Kind: ir.MapValue}
		for _, key := range p.keys(v) {
			m.Members = append(m.Members, ir.Item[*ir.Value]{Key: key, Value: r.carriedValue(v[key], p.get(key))})
		}
		return m
	case []any:
		list := &ir.Value{Kind: ir.ListValue}
		for i, entry := range v {
			list.Items = append(list.Items, r.carriedValue(entry, p.item(i, len(v))))
		}
		return list
	}
	return &ir.Value{Kind: ir.NumberValue, Text: scalar(v)}
}

// Basic gives the values of a model the basic types: compose-go leaves some of its own
// in it.
func Basic(v any) any {
	switch v := v.(type) {
	case nil, string, bool, int, float64:
		return v
	case model:
		for key := range v {
			v[key] = Basic(v[key])
		}
		return v
	case []any:
		for i := range v {
			v[i] = Basic(v[i])
		}
		return v
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Bool:
		return r.Bool()
	case reflect.String:
		return r.String()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return int(r.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return int(r.Uint())
	case reflect.Float32:
		f, _ := strconv.ParseFloat(strconv.FormatFloat(r.Float(), 'g', -1, 32), 64)
		return f
	case reflect.Pointer:
		if r.IsNil() {
			return nil
		}
		return Basic(r.Elem().Interface())
	case reflect.Slice:
		list := make([]any, r.Len())
		for i := range list {
			list[i] = Basic(r.Index(i).Interface())
		}
		return list
	case reflect.Map:
		m := model{}
		for _, key := range r.MapKeys() {
			m[key.String()] = Basic(r.MapIndex(key).Interface())
		}
		return m
	}
	return fmt.Sprint(v)
}

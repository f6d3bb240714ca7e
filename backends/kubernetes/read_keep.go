package kubernetes

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// keep puts into the ledger all that the app does not say: it emits the app, and
// writes down in what each emitted object differs from the one in the files.
func (r *sourceReader) keep() {
	r.keepNames()
	e := newEmitter(r.app, backend.Options{Passes: r.passes()})
	e.keep = true
	e.run()
	counterparts := r.counterparts()
	for _, o := range e.kept {
		source := counterparts[or(o.on, objectTarget(o))]
		if source == nil && o.on == "" {
			source = r.byKey[objectKey(o.kind, text(o.value.Get("metadata").Get("namespace")), o.name)]
		}
		if source == nil || source.typed == nil || source.taken {
			r.keepPatch(o, nil, deletion())
			continue
		}
		source.taken = true
		r.keepPatch(o, source, r.difference(o, source))
	}
	r.keepObjects()
}

func objectTarget(o *object) string { return o.kind + "/" + o.name }

func deletion() *document.Value {
	return document.Map(document.Member{Key: "$patch", Value: document.String("delete")})
}

// counterparts finds the object of the files for each path of the app.
func (r *sourceReader) counterparts() map[string]*sourceObject {
	m := map[string]*sourceObject{}
	for _, w := range r.workloads {
		m[w.path] = w.sourceObject
		m[w.path+".scale"], m[w.path+".disruption"], m[w.path+".networks"] = w.scaler, w.budget, w.policy
		if w.public != nil {
			m[w.path+".publish"] = w.public.sourceObject
		}
	}
	for key, volume := range r.claims {
		m[ir.JoinPath("volumes", volume)] = r.byKey[key]
	}
	for _, c := range r.configs {
		m[ir.JoinPath("configs", c.config)] = c.sourceObject
	}
	for _, route := range r.app.Routes {
		name := route.Key
		for _, ingress := range r.ingresses {
			if slices.Contains(ingress.Value, route.Key) {
				name = ingress.Key
			}
		}
		for _, o := range r.objects {
			if o.kind == "Ingress" && o.name == name && o.unmapped == "" {
				m[ir.JoinPath("routes", route.Key)] = o
			}
		}
	}
	return m
}

// keepNames writes the entry that says what is called how on the cluster.
func (r *sourceReader) keepNames() {
	patch := document.Map()
	if namespace := r.commonNamespace(); namespace != "" {
		patch.Add("namespace", document.String(namespace))
	}
	workloads := document.Map()
	at := r.objects[0].node // of the first thing that has such a name
	for _, w := range r.workloads {
		if id := r.identityOf(w); len(id.Members) > 0 {
			if len(workloads.Members) == 0 && w.node != nil {
				at = w.node
			}
			workloads.Add(w.name, id)
		}
	}
	if len(workloads.Members) > 0 {
		patch.Add("workloads", workloads)
	}
	if len(r.ingresses) > 0 {
		ingresses := document.Map()
		for _, ingress := range r.ingresses {
			ingresses.Add(ingress.Key, document.Strings(ingress.Value...))
		}
		patch.Add("ingresses", ingresses)
	}
	if len(patch.Members) == 0 && (len(r.workloads) == 0 || r.own) {
		return
	}
	r.entry(ir.PlatformEntry{
		On: onNames, Patch: carried(patch),
		Why:  "what runs on the cluster is called so, and selectors cannot be changed",
		Exit: "drop it where the app is installed anew; other platforms take the names of the workloads",
	}, at)
}

// commonNamespace is the one that most objects are in.
func (r *sourceReader) commonNamespace() string {
	count := map[string]int{}
	for _, w := range r.workloads {
		count[w.namespace]++
	}
	best := ""
	for _, namespace := range slices.Sorted(maps.Keys(count)) {
		if count[namespace] > count[best] {
			best = namespace
		}
	}
	return best
}

func (r *sourceReader) identityOf(w *sourceWorkload) *document.Value {
	v := document.Map()
	if w.id.object != w.name && r.plainName(w.sourceObject.kind, w.id.object) != w.name || w.kind == ir.Job && !r.own {
		v.Add("object", document.String(w.id.object))
	}
	if w.id.container != w.name {
		v.Add("container", document.String(w.id.container))
	}
	switch {
	case w.id.noService:
		if governing := w.governing(); w.result.Stateful && governing != "" && governing != w.name {
			v.Add("service", document.String(governing))
		} else if len(w.ports) > 0 && !w.result.Stateful {
			v.Add("service", document.String(""))
		}
	case w.id.service != w.name:
		v.Add("service", document.String(w.id.service))
	}
	plainly := w.publishesAllPlainly()
	asUsual := w.own == w.public && plainly || w.own != w.public && w.id.public == publicName(w.name) && !plainly
	if w.public != nil && len(w.result.Publish) > 0 && !asUsual {
		v.Add("public", document.String(w.id.public))
	}
	if w.id.selector != nil && !w.recommended {
		v.Add("selector", mapDocument(w.id.selector))
	}
	if len(w.id.claims) > 0 {
		v.Add("claims", mapDocument(w.id.claims))
	}
	return v
}

// publishesAllPlainly reports what the emitter finds by itself: every port is
// published under its own number.
func (w *sourceWorkload) publishesAllPlainly() bool {
	if w.result.Stateful || len(w.result.Publish) != len(w.ports) {
		return false
	}
	for key, name := range w.ports {
		if p, ok := w.result.Publish.Get(name); !ok || int32(p.Port) != key.number {
			return false
		}
	}
	return true
}

func mapDocument(m map[string]string) *document.Value {
	v := document.Map()
	for _, key := range slices.Sorted(maps.Keys(m)) {
		v.Add(key, document.String(m[key]))
	}
	return v
}

// keepPatch writes an entry for what an emitted object lacks.
func (r *sourceReader) keepPatch(o *object, source *sourceObject, patch *document.Value) {
	if patch == nil {
		return
	}
	on := or(o.on, objectTarget(o))
	entry := ir.PlatformEntry{On: on, Patch: carried(patch)}
	if source == nil {
		entry.Why = fmt.Sprintf("the cluster has no such %s", o.kind)
		entry.Exit = "drop it where the app is installed anew"
		r.entry(entry, nil)
		return
	}
	keys := leafKeys(patch)
	entry.Why, entry.Exit = whyPatch(source, patch)
	r.entry(entry, source.node)
	r.report(diag.Note, codeCarried, source.node, entry.Path, fmt.Sprintf("a part of %s %s stays with Kubernetes", source.kind, source.name),
		"A spec has no words for it, so it stands in the ledger: "+strings.Join(keys, ", ")+".")
}

func (r *sourceReader) entry(e ir.PlatformEntry, at *tree.Node) {
	e.Platform = Name
	e.Path = fmt.Sprintf("platform.%s[%d]", Name, len(r.app.Platform))
	r.place(e.Path, at)
	r.app.Platform = append(r.app.Platform, e)
}

// keepObjects carries whole what no emitted object stands for, one entry for each
// reason.
func (r *sourceReader) keepObjects() {
	byReason := map[string]int{}
	for _, o := range r.objects {
		if o.taken {
			continue
		}
		if o.kind == "Secret" {
			r.report(diag.Error, codeSecretValue, dig(o.node, "metadata"), "", fmt.Sprintf("Secret %s cannot be read", o.name), "A Secret is never carried: its values would stand in the spec.").Redact = true
			continue
		}
		why, exit := reasonFor(o)
		at, ok := byReason[why]
		if !ok {
			at = len(r.app.Platform)
			byReason[why] = at
			r.entry(ir.PlatformEntry{Why: why, Exit: exit}, o.node)
		}
		r.app.Platform[at].Objects = append(r.app.Platform[at].Objects, verbatim(o.node))
		if o.kind == "PodSecurityPolicy" {
			r.report(diag.Warning, codeUnknownField, o.node, "", "Kubernetes has no PodSecurityPolicy any more", "It went with 1.25. Use Pod Security admission: labels of the namespace.")
		}
		r.report(diag.Note, codeCarried, o.node, r.app.Platform[at].Path, fmt.Sprintf("%s %s is carried as it is", o.kind, o.name),
			"It is no part of what an app is on every platform: "+why+". What it says: "+strings.Join(nodeKeys(o.node), ", ")+".")
	}
}

// verbatim copies an object as Kubernetes reads it.
func verbatim(n *tree.Node) *ir.Value {
	switch {
	case n.IsNull():
		return &ir.Value{Kind: ir.NullValue}
	case n.Kind == tree.Mapping:
		v := &ir.Value{Kind: ir.MapValue}
		for _, p := range n.Pairs {
			v.Members = append(v.Members, ir.Item[*ir.Value]{Key: p.Key.Value, Value: verbatim(p.Value)})
		}
		return v
	case n.Kind == tree.Sequence:
		v := &ir.Value{Kind: ir.ListValue}
		for _, item := range n.Items {
			v.Items = append(v.Items, verbatim(item))
		}
		return v
	}
	kinds := map[tree.Kind]ir.ValueKind{tree.Null: ir.NullValue, tree.Bool: ir.BoolValue, tree.Int: ir.NumberValue, tree.Float: ir.NumberValue, tree.String: ir.StringValue}
	kind, text := scalarOf(n)
	return &ir.Value{Kind: kinds[kind], Text: text}
}

// carried is the inverse of foreign.
func carried(v *document.Value) *ir.Value {
	if v == nil {
		return nil
	}
	out := &ir.Value{Text: v.Text}
	switch v.Kind {
	case document.KindBool:
		out.Kind = ir.BoolValue
	case document.KindNumber:
		out.Kind = ir.NumberValue
	case document.KindString:
		out.Kind = ir.StringValue
	case document.KindList:
		out.Kind = ir.ListValue
		for _, item := range v.Items {
			out.Items = append(out.Items, carried(item))
		}
	case document.KindMap:
		out.Kind = ir.MapValue
		for _, m := range v.Members {
			out.Members = append(out.Members, ir.Item[*ir.Value]{Key: m.Key, Value: carried(m.Value)})
		}
	default:
		out.Kind, out.Text = ir.NullValue, ""
	}
	return out
}

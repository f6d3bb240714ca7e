package kubernetes

import (
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	strictjson "sigs.k8s.io/json"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/diag"
)

// difference returns the patch that makes an emitted object say what the one of the
// files says; nil when it does. Both are first written in one form, without what the
// API server would add by itself.
func (r *sourceReader) difference(o *object, source *sourceObject) *document.Value {
	emitted, err := typedOf(o.value, source)
	if err == nil {
		want, _ := clonedObject(source.typed)
		r.align(source, emitted, want)
		var have, wanted *document.Value
		if have, err = reader().Read(emitted); err == nil {
			wanted, err = reader().Read(want)
		}
		if err == nil {
			prune(have)
			prune(wanted)
			return diffMaps(have, wanted)
		}
	}
	r.report(diag.Error, codeSourceInvalid, source.node, o.on, fmt.Sprintf("%s %s cannot be compared with what would be emitted", source.kind, source.name), err.Error())
	return nil
}

// typedOf reads a document into the type of an object of the files.
func typedOf(v *document.Value, like *sourceObject) (metav1.Object, error) {
	data, err := document.ToJSON(v, "")
	if err != nil {
		return nil, err
	}
	typed := newTyped(like.version, like.kind)
	if err := strictjson.UnmarshalCaseSensitivePreserveInts(data, typed); err != nil {
		return nil, err
	}
	return typed, nil
}

// prune takes away what says nothing: empty maps and lists, where they mean the same
// as their absence.
func prune(v *document.Value) {
	for _, m := range v.Members {
		prune(m.Value)
	}
	for _, item := range v.Items {
		prune(item)
	}
	v.Members = slices.DeleteFunc(v.Members, func(m document.Member) bool {
		switch m.Key {
		case "labels", "annotations", "resources", "requests", "limits", "securityContext", "metadata", "capabilities", "status", "strategy", "updateStrategy":
			return m.Value.Empty()
		}
		return m.Value.Kind == document.KindNull
	})
}

// diffMaps returns the patch from one map to another; nil when there is none.
func diffMaps(have, want *document.Value) *document.Value {
	patch := document.Map()
	for _, m := range want.Members {
		base := have.Get(m.Key)
		if base == nil {
			patch.Add(m.Key, m.Value.Clone())
			continue
		}
		if d := diffValues(m.Key, base, m.Value); d != nil {
			patch.Add(m.Key, d)
		}
	}
	for _, m := range have.Members {
		if want.Get(m.Key) == nil {
			patch.Add(m.Key, document.Null())
		}
	}
	if len(patch.Members) == 0 {
		return nil
	}
	return patch
}

func diffValues(key string, have, want *document.Value) *document.Value {
	switch {
	case have.Kind == document.KindMap && want.Kind == document.KindMap:
		return diffMaps(have, want)
	case have.Kind == document.KindList && want.Kind == document.KindList:
		return diffLists(key, have, want)
	case have.Kind == want.Kind && have.Text == want.Text && have.Kind.Scalar():
		return nil
	}
	return want.Clone()
}

// replacement marks a list of named items that is not to be merged by names.
func replacement(items []*document.Value) *document.Value {
	list := document.List(document.Map(document.Member{Key: "$patch", Value: document.String("replace")}))
	for _, item := range items {
		list.Items = append(list.Items, item.Clone())
	}
	return list
}

func diffLists(key string, have, want *document.Value) *document.Value {
	if have.Equal(want) {
		return nil
	}
	haveNames, byName := namesOf(have)
	wantNames, wanted := namesOf(want)
	if haveNames == nil || wantNames == nil {
		if isNamed(have) && isNamed(want) {
			return replacement(want.Items)
		}
		return want.Clone()
	}
	patch := document.List()
	kept := []string{}
	for _, name := range haveNames {
		if wanted[name] == nil {
			patch.Items = append(patch.Items, document.Map(document.Member{Key: "name", Value: document.String(name)}, document.Member{Key: "$patch", Value: document.String("delete")}))
			continue
		}
		kept = append(kept, name)
		if d := diffMaps(byName[name], wanted[name]); d != nil {
			named := document.Map(document.Member{Key: "name", Value: document.String(name)})
			named.Members = append(named.Members, d.Members...)
			patch.Items = append(patch.Items, named)
		}
	}
	for _, name := range wantNames {
		if byName[name] == nil {
			kept = append(kept, name)
			patch.Items = append(patch.Items, wanted[name].Clone())
		}
	}
	if ordered(key, want) && !slices.Equal(kept, wantNames) {
		return replacement(want.Items)
	}
	if len(patch.Items) == 0 {
		return nil
	}
	return patch
}

// ordered reports whether the order of a list means something.
func ordered(key string, list *document.Value) bool {
	switch key {
	case "volumes", "volumeMounts", "ports", "containers", "imagePullSecrets", "secrets":
		return false
	case "env":
		for _, item := range list.Items {
			if strings.Contains(text(item.Get("value")), "$(") {
				return true
			}
		}
		return false
	}
	return true
}

func isNamed(list *document.Value) bool {
	for _, item := range list.Items {
		if name := item.Get("name"); item.Kind != document.KindMap || name == nil || name.Kind != document.KindString || name.Text == "" {
			return false
		}
	}
	return len(list.Items) > 0
}

// namesOf returns the items of a list by their names; nil where names are missing or
// come twice.
func namesOf(list *document.Value) ([]string, map[string]*document.Value) {
	if !isNamed(list) {
		return nil, nil
	}
	names := make([]string, len(list.Items))
	byName := map[string]*document.Value{}
	for i, item := range list.Items {
		name := text(item.Get("name"))
		if byName[name] != nil {
			return nil, nil
		}
		names[i], byName[name] = name, item
	}
	return names, byName
}

// served returns the workload that a Service leads to.
func (r *sourceReader) served(o *sourceObject) *sourceWorkload {
	if s := r.services[o.key()]; s != nil {
		return s.workload
	}
	return nil
}

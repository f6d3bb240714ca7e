package kubernetes

import (
	"fmt"
	"maps"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// The recommended labels. They never carry a version, a stage or a hash: selectors
// are made of them, and selectors cannot be changed.
const (
	labelName   = "app.kubernetes.io/name"
	labelPartOf = "app.kubernetes.io/part-of"
)

// metadata is what the objects of one thing have in common.
type metadata struct {
	labels, annotations map[string]string
}

func (m metadata) object(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: name, Labels: m.labels, Annotations: m.annotations}
}

// plain is for helpers of a workload: tools look for annotations at what runs it and
// at its Services. Without the recommended labels nothing finds a helper by labels.
func (w *workload) plain(name string) metav1.ObjectMeta {
	if w.own {
		return metav1.ObjectMeta{Name: name}
	}
	return metav1.ObjectMeta{Name: name, Labels: w.meta.labels}
}

// metadataOf gathers the labels of the app and of a thing in it. A label that
// Kubernetes does not take is kept as an annotation.
func (e *emitter) metadataOf(name, path string, labels, annotations ir.Map[string]) metadata {
	m := metadata{labels: map[string]string{}}
	m.add(e, "labels", e.app.Labels, path == "")
	m.add(e, path+".labels", labels, true)
	own := name != "" && e.given.workloads[name].selector != nil
	if name != "" && !own {
		m.labels[labelName] = name
	}
	if !own && (name != "" || e.recommends()) {
		m.labels[labelPartOf] = e.app.Name
	}
	for _, a := range annotations {
		if problems := validation.IsQualifiedName(strings.ToLower(a.Key)); len(problems) > 0 {
			e.fail(codeName, ir.JoinPath(path+".annotations", a.Key), fmt.Sprintf("%q cannot be the key of an annotation", a.Key),
				"Keys are [prefix/]name, with at most 63 letters, digits, dashes, dots and underscores in the name.")
			continue
		}
		m.annotate(a.Key, a.Value)
	}
	return m
}

func (m *metadata) annotate(key, value string) {
	if m.annotations == nil {
		m.annotations = map[string]string{}
	}
	m.annotations[key] = value
}

func (m *metadata) add(e *emitter, path string, labels ir.Map[string], report bool) {
	for _, l := range labels {
		at := ir.JoinPath(path, l.Key)
		switch {
		case len(validation.IsQualifiedName(strings.ToLower(l.Key))) > 0:
			if report {
				e.fail(codeName, at, fmt.Sprintf("%q cannot be the key of a label", l.Key),
					"Keys are [prefix/]name, with at most 63 letters, digits, dashes, dots and underscores in the name.")
			}
		case (l.Key == labelName || l.Key == labelPartOf) && e.recommends():
			if report {
				e.note(codeLabel, at, fmt.Sprintf("the label %s is an annotation on Kubernetes", l.Key), "The objects of a workload find each other by this label, so its value is the workload's own name.")
			}
			m.annotate(l.Key, l.Value)
		case len(validation.IsQualifiedName(l.Key)) > 0, len(validation.IsValidLabelValue(l.Value)) > 0:
			if report {
				e.note(codeLabel, at, fmt.Sprintf("the label %s is an annotation on Kubernetes", l.Key),
					"The value of a label has at most 63 letters, digits, dashes, dots and underscores there. Nothing can be selected by an annotation.")
			}
			m.annotate(l.Key, l.Value)
		default:
			m.labels[l.Key] = l.Value
		}
	}
}

// with returns the metadata with further labels.
func (m metadata) with(labels map[string]string) metadata {
	if len(labels) == 0 {
		return m
	}
	all := maps.Clone(m.labels)
	maps.Copy(all, labels)
	return metadata{labels: all, annotations: m.annotations}
}

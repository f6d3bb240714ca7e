//go:build conformance

package judge

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// KubernetesDifferences compares what the server returns of two objects: a line for each value that differs. What the
// server chooses each time anew, such as a UID or an address, is left out, unless the first object itself says it.
func KubernetesDifferences(a, b *KubernetesObject) []string {
	var lines []string
	differences(a.Kind, comparable(a, a), comparable(b, a), &lines)
	return lines
}

// comparable is what the server returns of an object, without what it chooses.
func comparable(o, source *KubernetesObject) map[string]any {
	returned := cloneMap(o.Returned)
	metadata, _ := returned["metadata"].(map[string]any)
	if uid, _ := metadata["uid"].(string); uid != "" { // Jobs have it in selectors and labels
		returned = replaceText(returned, uid, "UID")
		metadata, _ = returned["metadata"].(map[string]any)
	}
	for _, key := range []string{"uid", "creationTimestamp", "managedFields", "generation", "resourceVersion", "selfLink"} {
		delete(metadata, key)
	}
	if annotations, ok := metadata["annotations"].(map[string]any); ok {
		delete(annotations, "kubectl.kubernetes.io/last-applied-configuration")
		delete(annotations, "deployment.kubernetes.io/revision")
	}
	delete(returned, "status")
	if o.Kind == "Service" {
		forgetAddresses(returned, source)
	}
	if template, ok := at(returned, "spec", "template", "metadata").(map[string]any); ok {
		delete(template, "creationTimestamp")
	}
	orderless(returned)
	return returned
}

// forgetAddresses takes away addresses and ports of nodes that nobody has asked for.
func forgetAddresses(returned map[string]any, source *KubernetesObject) {
	spec, _ := returned["spec"].(map[string]any)
	said, _ := source.Written["spec"].(map[string]any)
	for _, key := range []string{"clusterIP", "clusterIPs", "healthCheckNodePort"} {
		if _, there := said[key]; !there && spec["clusterIP"] != "None" {
			delete(spec, key)
		}
	}
	asked, _ := said["ports"].([]any)
	ports, _ := spec["ports"].([]any)
	for i := range ports {
		port, _ := ports[i].(map[string]any)
		if i >= len(asked) || at(asked[i], "nodePort") == nil {
			delete(port, "nodePort")
		}
	}
}

// withoutOrder are lists of named objects whose order the cluster does not look at.
var withoutOrder = map[string]string{"volumes": "name", "volumeMounts": "mountPath", "ports": "", "containers": "name", "imagePullSecrets": "name", "env": ""}

// orderless puts lists whose order means nothing into one.
func orderless(v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, below := range v {
			orderless(below)
			list, ok := below.([]any)
			if _, named := withoutOrder[key]; ok && named && !(key == "env" && refersToOthers(list)) {
				slices.SortStableFunc(list, func(a, b any) int { return strings.Compare(textOf(a), textOf(b)) })
			}
		}
	case []any:
		for _, item := range v {
			orderless(item)
		}
	}
}

// refersToOthers reports variables whose values name others, which have to come first.
func refersToOthers(list []any) bool { return strings.Contains(textOf(list), "$(") }

func textOf(v any) string {
	data, _ := json.Marshal(v)
	return string(data)
}

func at(v any, keys ...string) any {
	for _, key := range keys {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	return v
}

func cloneMap(m map[string]any) map[string]any {
	var out map[string]any
	data, _ := json.Marshal(m)
	_ = json.Unmarshal(data, &out)
	return out
}

func replaceText(m map[string]any, old, text string) map[string]any {
	var out map[string]any
	_ = json.Unmarshal([]byte(strings.ReplaceAll(textOf(m), old, text)), &out)
	return out
}

// KubernetesPods is what an object says of the pods that it keeps, whatever its kind: labels, annotations, spec, how many.
// A bare pod without labels is given one where a Deployment keeps it, so labels count only where the source has some.
func KubernetesPods(o, source *KubernetesObject) *KubernetesObject {
	pods := *o
	template := at(o.Returned, "spec", "template")
	if o.Kind == "Pod" {
		template = map[string]any{"metadata": at(o.Returned, "metadata"), "spec": at(o.Returned, "spec")}
	}
	metadata := map[string]any{"labels": at(template, "metadata", "labels"), "annotations": at(template, "metadata", "annotations")}
	spec, _ := at(template, "spec").(map[string]any)
	spec = maps.Clone(spec)
	if o.Kind == "Pod" { // what admission writes into a pod that is made
		for _, key := range []string{"tolerations", "priority", "preemptionPolicy", "nodeName"} {
			delete(spec, key)
		}
	}
	if source.Kind == "Pod" && at(source.Returned, "metadata", "labels") == nil {
		delete(metadata, "labels")
	}
	if labels, ok := metadata["labels"].(map[string]any); ok {
		metadata["labels"] = maps.Clone(labels)
		for _, key := range []string{"controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"} {
			delete(metadata["labels"].(map[string]any), key) // what the server writes into the template of a Job
		}
	}
	pods.Kind = "Pods of " + o.Kind
	pods.Returned = map[string]any{"metadata": metadata, "spec": spec}
	if replicas := at(o.Returned, "spec", "replicas"); replicas != nil && replicas != 1.0 {
		pods.Returned["replicas"] = replicas
	}
	return &pods
}

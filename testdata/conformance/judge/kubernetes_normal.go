//go:build conformance

package judge

import (
	"fmt"
	"slices"
	"strings"
)

// KubernetesNormal writes objects of one app, as the server returns them, in one form where they mean the same in
// different words, so that KubernetesDifferences finds what a cluster would do otherwise. All of it is listed here:
//
//   - names of a pod's volumes: nothing outside of the pod sees them;
//   - lists of container ports without a port of the node, which open nothing (in the node's network none does), and names of ports where numbers can stand;
//   - the name of a Service's only port;
//   - whole ConfigMaps and Secrets as variables, written out key by key;
//   - files of ConfigMaps and Secrets are read-only, said or not;
//   - what the pod says of users and profiles for all containers, written on each;
//   - a slash at the end of a mount's path; capabilities in small letters; dollars that stand for nothing, doubled or not;
//   - requests that are the limits; false where nothing said is false; a user that is not root, said twice;
//   - the CPU target of autoscaling/v1;
//   - old names of labels of nodes; an empty selector of a policy that lets pods reach everything.
func KubernetesNormal(objects []*KubernetesObject) {
	n := normalizer{objects: objects}
	for _, o := range objects { // names first: the pods lose theirs
		switch o.Kind {
		case "Service":
			n.service(o)
		case "Ingress":
			n.ingress(o)
		}
	}
	for _, o := range objects {
		switch o.Kind {
		case "Service":
			n.onlyPort(o)
		case "NetworkPolicy":
			policy(o)
		case "HorizontalPodAutoscaler":
			scaler(o)
		}
		if spec := podSpec(o); spec != nil {
			n.pod(o, spec)
		}
	}
}

type normalizer struct{ objects []*KubernetesObject }

// podSpec is the spec of the pods that an object keeps.
func podSpec(o *KubernetesObject) map[string]any {
	path := []string{"spec", "template", "spec"}
	switch o.Kind {
	case "Pod":
		path = []string{"spec"}
	case "CronJob":
		path = []string{"spec", "jobTemplate", "spec", "template", "spec"}
	case "Deployment", "StatefulSet", "DaemonSet", "Job", "ReplicaSet", "ReplicationController":
	default:
		return nil
	}
	spec, _ := at(o.Returned, path...).(map[string]any)
	return spec
}

func podLabels(o *KubernetesObject) map[string]any {
	path := []string{"spec", "template", "metadata", "labels"}
	if o.Kind == "Pod" {
		path = []string{"metadata", "labels"}
	}
	labels, _ := at(o.Returned, path...).(map[string]any)
	return labels
}

func listOf(v any, key string) []map[string]any {
	list, _ := at(v, key).([]any)
	var out []map[string]any
	for _, item := range list {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

func containersOf(spec map[string]any) []map[string]any {
	return append(listOf(spec, "initContainers"), listOf(spec, "containers")...)
}

// numberOf finds the number of a named port.
func numberOf(spec map[string]any, name any) any {
	for _, c := range containersOf(spec) {
		for _, p := range listOf(c, "ports") {
			if p["name"] == name {
				return p["containerPort"]
			}
		}
	}
	return name
}

// service writes the numbers of its targets.
func (n normalizer) service(o *KubernetesObject) {
	selector, _ := at(o.Returned, "spec", "selector").(map[string]any)
	if len(selector) == 0 {
		return
	}
	for _, other := range n.objects {
		spec, labels := podSpec(other), podLabels(other)
		selected := spec != nil && other.Namespace == o.Namespace
		for key, value := range selector {
			selected = selected && labels[key] == value
		}
		for _, p := range listOf(at(o.Returned, "spec"), "ports") {
			if selected {
				p["targetPort"] = numberOf(spec, p["targetPort"])
			}
		}
	}
}

func (n normalizer) ingress(o *KubernetesObject) {
	var visit func(v any)
	visit = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if service, ok := v["service"].(map[string]any); ok {
				port, _ := service["port"].(map[string]any)
				for _, other := range n.objects {
					if other.Kind != "Service" || other.Name != service["name"] || other.Namespace != o.Namespace {
						continue
					}
					for _, p := range listOf(at(other.Returned, "spec"), "ports") {
						if p["name"] == port["name"] && port["name"] != nil {
							service["port"] = map[string]any{"number": p["port"]}
						}
					}
				}
			}
			for _, below := range v {
				visit(below)
			}
		case []any:
			for _, item := range v {
				visit(item)
			}
		}
	}
	visit(o.Returned)
}

func (n normalizer) onlyPort(o *KubernetesObject) {
	if ports := listOf(at(o.Returned, "spec"), "ports"); len(ports) == 1 {
		delete(ports[0], "name")
	}
}

func policy(o *KubernetesObject) {
	spec, _ := at(o.Returned, "spec").(map[string]any)
	for _, rule := range listOf(spec, "egress") {
		if len(rule) == 0 {
			delete(spec, "egress")
			types, _ := spec["policyTypes"].([]any)
			spec["policyTypes"] = slices.DeleteFunc(slices.Clone(types), func(t any) bool { return t == "Egress" })
			return
		}
	}
}

// scaler writes the target of version 1 as version 2 does.
func scaler(o *KubernetesObject) {
	spec, _ := at(o.Returned, "spec").(map[string]any)
	if percent := spec["targetCPUUtilizationPercentage"]; percent != nil {
		delete(spec, "targetCPUUtilizationPercentage")
		o.Returned["apiVersion"] = "autoscaling/v2"
		spec["metrics"] = []any{map[string]any{"type": "Resource", "resource": map[string]any{"name": "cpu", "target": map[string]any{"type": "Utilization", "averageUtilization": percent}}}}
	}
}

func (n normalizer) pod(o *KubernetesObject, spec map[string]any) {
	for _, c := range containersOf(spec) {
		n.listVariables(o, c)
		for _, probe := range []any{c["startupProbe"], c["readinessProbe"], c["livenessProbe"], at(c, "lifecycle", "postStart"), at(c, "lifecycle", "preStop")} {
			for _, action := range []string{"httpGet", "tcpSocket"} {
				if a, ok := at(probe, action).(map[string]any); ok {
					a["port"] = numberOf(spec, a["port"])
				}
			}
		}
	}
	inherited, _ := spec["securityContext"].(map[string]any)
	for _, c := range containersOf(spec) {
		var ports []any
		for _, p := range listOf(c, "ports") {
			delete(p, "name")
			if p["hostPort"] != nil && !(spec["hostNetwork"] == true && p["hostPort"] == p["containerPort"]) {
				ports = append(ports, p)
			}
		}
		c["ports"] = ports
		own, _ := c["securityContext"].(map[string]any)
		if own == nil {
			own = map[string]any{}
		}
		for _, key := range []string{"runAsUser", "runAsGroup", "runAsNonRoot", "seccompProfile", "appArmorProfile", "seLinuxOptions"} {
			if value := inherited[key]; value != nil && own[key] == nil {
				own[key] = value
			}
		}
		c["securityContext"] = own
		plainContainer(c, own)
	}
	if spec["enableServiceLinks"] == true {
		delete(spec, "enableServiceLinks")
	}
	for _, key := range []string{"runAsUser", "runAsGroup", "runAsNonRoot", "seccompProfile", "appArmorProfile", "seLinuxOptions"} {
		delete(inherited, key)
	}
	if selector, ok := spec["nodeSelector"].(map[string]any); ok {
		for old, today := range map[string]string{"beta.kubernetes.io/os": "kubernetes.io/os", "beta.kubernetes.io/arch": "kubernetes.io/arch"} {
			if value, there := selector[old]; there {
				delete(selector, old)
				selector[today] = value
			}
		}
	}
	volumes(spec)
}

func plainContainer(c, security map[string]any) {
	for _, key := range []string{"privileged", "readOnlyRootFilesystem"} {
		if security[key] == false {
			delete(security, key)
		}
	}
	if user, said := security["runAsUser"].(float64); said && user > 0 {
		delete(security, "runAsNonRoot")
	}
	for _, key := range []string{"add", "drop"} {
		words, _ := at(security, "capabilities", key).([]any)
		for i := range words {
			words[i] = strings.ToUpper(fmt.Sprint(words[i]))
		}
	}
	requests, _ := at(c, "resources", "requests").(map[string]any)
	limits, _ := at(c, "resources", "limits").(map[string]any)
	for key, value := range limits {
		if requests[key] == value {
			delete(requests, key)
		}
	}
	for _, key := range []string{"command", "args"} {
		words, _ := c[key].([]any)
		for i := range words {
			words[i] = strings.ReplaceAll(fmt.Sprint(words[i]), "$$", "$")
		}
	}
	for _, v := range listOf(c, "env") {
		if text, ok := v["value"].(string); ok {
			v["value"] = strings.ReplaceAll(text, "$$", "$")
		}
	}
}

// volumes calls the volumes of a pod by what they are and where they are mounted.
func volumes(spec map[string]any) {
	names := map[any]string{}
	places := map[any][]string{}
	for _, c := range containersOf(spec) {
		for _, m := range listOf(c, "volumeMounts") {
			place, _ := m["mountPath"].(string)
			if len(place) > 1 {
				place = strings.TrimRight(place, "/")
				m["mountPath"] = place
			}
			places[m["name"]] = append(places[m["name"]], place)
		}
	}
	files := map[any]bool{}
	for _, v := range listOf(spec, "volumes") {
		name := v["name"]
		delete(v, "name")
		slices.Sort(places[name])
		names[name] = textOf(v) + " at " + strings.Join(slices.Compact(places[name]), " ")
		files[name] = v["configMap"] != nil || v["secret"] != nil || v["projected"] != nil || v["downwardAPI"] != nil
		v["name"] = names[name]
	}
	for _, c := range containersOf(spec) {
		for _, m := range listOf(c, "volumeMounts") {
			if files[m["name"]] {
				delete(m, "readOnly")
				delete(m, "recursiveReadOnly")
			}
			if name := names[m["name"]]; name != "" {
				m["name"] = name
			}
		}
	}
}

// listVariables writes whole ConfigMaps and Secrets out, as far as they are among the objects.
func (n normalizer) listVariables(o *KubernetesObject, c map[string]any) {
	var listed, rest []any
	own := map[any]bool{}
	for _, v := range listOf(c, "env") {
		own[v["name"]] = true
	}
	for _, from := range listOf(c, "envFrom") {
		prefix, _ := from["prefix"].(string)
		kind, ref := "ConfigMap", "configMapRef"
		if from["secretRef"] != nil {
			kind, ref = "Secret", "secretRef"
		}
		name := at(from, ref, "name")
		held := slices.IndexFunc(n.objects, func(other *KubernetesObject) bool {
			return other.Kind == kind && other.Name == name && other.Namespace == o.Namespace
		})
		if held < 0 {
			rest = append(rest, from)
			continue
		}
		all := map[string]any{}
		for _, key := range []string{"data", "stringData"} {
			values, _ := n.objects[held].Written[key].(map[string]any)
			for k := range values {
				all[k] = true
			}
		}
		for _, key := range keys(all) {
			if !own[prefix+key] {
				listed = append(listed, map[string]any{"name": prefix + key, "valueFrom": map[string]any{
					strings.TrimSuffix(ref, "Ref") + "KeyRef": map[string]any{"name": name, "key": key}}})
			}
		}
	}
	env, _ := c["env"].([]any)
	c["env"] = append(listed, env...)
	c["envFrom"] = rest
}

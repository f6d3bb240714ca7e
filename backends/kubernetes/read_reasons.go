package kubernetes

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// remaps reports whether a Service answers at another number than the container behind it, as far as its own words tell.
func remaps(source *sourceObject) bool {
	service, ok := source.typed.(*corev1.Service)
	return ok && slices.ContainsFunc(service.Spec.Ports, func(p corev1.ServicePort) bool {
		return p.TargetPort.Type == intstr.String || p.TargetPort.IntVal != 0 && p.TargetPort.IntVal != p.Port
	})
}

// whyPatch says why a patch is there, and what to do with it elsewhere.
func whyPatch(source *sourceObject, patch *document.Value) (why, exit string) {
	var fields []string
	seen := map[string]bool{}
	add := func(field string) {
		if !seen[field] {
			seen[field] = true
			fields = append(fields, field)
		}
	}
	var walk func(v *document.Value, key string)
	walk = func(v *document.Value, key string) {
		for _, m := range v.Members {
			switch m.Key {
			case "spec", "template", "jobTemplate", "metadata":
				walk(m.Value, m.Key)
			case "containers", "initContainers":
				for _, item := range m.Value.Items {
					for _, field := range item.Members {
						if field.Key != "name" && field.Key != "$patch" {
							add(field.Key)
						}
					}
				}
			default:
				add(m.Key)
			}
		}
	}
	walk(patch, "")
	only := func(allowed ...string) bool {
		return len(fields) > 0 && !slices.ContainsFunc(fields, func(f string) bool { return !slices.Contains(allowed, f) })
	}
	switch {
	case only("annotations"):
		return "tools of the cluster read these annotations", "find out what they do, and provide it"
	case only("labels"):
		return "its labels are not those of the workload", "drop it, if nothing selects by them"
	case only("annotations", "labels"):
		return "its labels and annotations are not those of the workload", "find out what reads them, and provide what that does"
	case source.kind == "Service" && only("ports") && !remaps(source):
		return "the Service calls its ports in its own way", "drop it: other platforms go by the numbers"
	case source.kind == "Service" && only("ports"):
		return "the Service answers at other ports than the containers listen on", "drop it: a workload is reached where it listens"
	case source.kind == "Service" && only("ports", "type", "annotations", "labels"):
		return "so it is reached from outside of the cluster", "drop it: publish says the number outside"
	case source.kind == "NetworkPolicy" && only("name", "labels", "ingress", "egress", "policyTypes"):
		return "the policy has a name of its own, or writes its rules in another way", "drop it: ingress and egress say who reaches whom"
	case only("env"):
		return "variables that are filled in by Kubernetes, or name the ports of its Services", "give those that are not in env"
	}
	return "a spec has no words for " + strings.Join(fields, ", "), "look whether the other platform needs something in its place, and drop it"
}

// leafKeys lists the keys of all values in a patch, each once.
func leafKeys(v *document.Value) []string {
	var keys []string
	seen := map[string]bool{}
	var walk func(v *document.Value, key string)
	walk = func(v *document.Value, key string) {
		if key != "" && !seen[key] && key != "$patch" {
			seen[key] = true
			keys = append(keys, key)
		}
		for _, m := range v.Members {
			walk(m.Value, m.Key)
		}
		for _, item := range v.Items {
			walk(item, "")
		}
	}
	walk(v, "")
	return keys
}

func nodeKeys(n *tree.Node) []string {
	var keys []string
	seen := map[string]bool{}
	var walk func(n *tree.Node)
	walk = func(n *tree.Node) {
		for _, p := range n.Pairs {
			if !seen[p.Key.Value] {
				seen[p.Key.Value] = true
				keys = append(keys, p.Key.Value)
			}
			walk(p.Value)
		}
		for _, item := range n.Items {
			walk(item)
		}
	}
	walk(n)
	return keys
}

// reasonFor says why an object is carried, and what to do with it elsewhere.
func reasonFor(o *sourceObject) (why, exit string) {
	if o.unmapped != "" {
		return o.unmapped, "say what it is for in the words of the spec, or of the other platform"
	}
	group, _, _ := strings.Cut(o.version, "/")
	switch {
	case group == "rbac.authorization.k8s.io" || o.kind == "ServiceAccount" || o.kind == "PodSecurityPolicy":
		return "what may be asked of the API server is a matter of Kubernetes", "drop it: other platforms have no such API to protect"
	case o.kind == "Namespace" || o.kind == "ResourceQuota" || o.kind == "LimitRange":
		return "who runs the cluster makes its namespaces and their limits", "drop it"
	case o.kind == "PersistentVolume" || group == "storage.k8s.io":
		return "it describes the storage of one cluster", "provide the storage on the other platform"
	case o.kind == "CustomResourceDefinition" || o.kind == "APIService" || group == "admissionregistration.k8s.io" || group == "apiregistration.k8s.io":
		return "it extends the API of the cluster", "drop it with what needs it"
	case o.kind == "Service" || o.kind == "Endpoints" || o.kind == "EndpointSlice":
		return "it leads to what the workloads of this app are not", "declare an endpoint for what the app reaches by it"
	case o.kind == "ConfigMap" || o.kind == "PersistentVolumeClaim":
		return "no workload of these files uses it", "drop it, if nothing else does"
	case o.kind == "NetworkPolicy":
		return "it says what ingress and egress of a workload cannot", "say on the other platform who may reach whom"
	case strings.Contains(group, ".") && !strings.HasSuffix(group, ".k8s.io") || strings.HasPrefix(group, "gateway.") || strings.HasPrefix(group, "snapshot."):
		return "only the controller that brought its kind understands it", "find out what the controller made of it, and provide that"
	}
	return "a spec has no words for it", "look whether the other platform needs something in its place, and drop it"
}

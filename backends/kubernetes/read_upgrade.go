package kubernetes

import (
	"fmt"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// today lists the versions that no cluster takes any more, or soon will not, each
// with the one that has the same fields, but for what upgrade changes.
func today(version, kind string) string {
	switch version + " " + kind {
	case "extensions/v1beta1 Deployment", "apps/v1beta1 Deployment", "apps/v1beta2 Deployment",
		"extensions/v1beta1 DaemonSet", "apps/v1beta2 DaemonSet", "apps/v1beta1 StatefulSet", "apps/v1beta2 StatefulSet",
		"extensions/v1beta1 ReplicaSet", "apps/v1beta2 ReplicaSet":
		return "apps/v1"
	case "batch/v1beta1 CronJob", "batch/v2alpha1 CronJob":
		return "batch/v1"
	case "extensions/v1beta1 Ingress", "networking.k8s.io/v1beta1 Ingress", "extensions/v1beta1 NetworkPolicy", "networking.k8s.io/v1beta1 IngressClass":
		return "networking.k8s.io/v1"
	case "policy/v1beta1 PodDisruptionBudget":
		return "policy/v1"
	case "autoscaling/v1 HorizontalPodAutoscaler", "autoscaling/v2beta1 HorizontalPodAutoscaler", "autoscaling/v2beta2 HorizontalPodAutoscaler":
		return "autoscaling/v2"
	}
	for _, group := range []string{"rbac.authorization.k8s.io", "storage.k8s.io", "scheduling.k8s.io", "coordination.k8s.io"} {
		if strings.HasPrefix(version, group+"/v1beta") || strings.HasPrefix(version, group+"/v1alpha") {
			if slices.Contains([]string{"Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding", "StorageClass", "VolumeAttachment", "PriorityClass", "Lease"}, kind) {
				return group + "/v1"
			}
		}
	}
	return ""
}

// upgrade writes an object in the version of today.
func (r *sourceReader) upgrade(o *sourceObject) {
	switch o.version + " " + o.kind {
	case "v1 ReplicationController", "apps/v1 ReplicaSet":
		r.toDeployment(o)
		return
	case "v1 Pod":
		r.fromPod(o)
		return
	}
	version := today(o.version, o.kind)
	if version == "" {
		r.selectOwn(o)
		return
	}
	old := o.version
	o.version = version
	o.node = cloneNode(o.node)
	for i := range o.node.Pairs {
		if o.node.Pairs[i].Key.Value == "apiVersion" {
			o.node.Pairs[i].Value = with(o.node.Pairs[i].Value, version)
		}
	}
	if old != "autoscaling/v1" {
		r.report(diag.Note, codeUpgraded, o.node.Get("apiVersion"), "", fmt.Sprintf("%s %s is written as %s", old, o.kind, version), "Clusters do not know the old version any more.")
	}
	switch o.kind {
	case "Deployment", "DaemonSet", "StatefulSet":
		o.node = edit(o.node, "spec", func(spec *tree.Node) *tree.Node {
			if spec.Get("selector") == nil { // it was that of the template
				if labels := dig(spec, "template", "metadata", "labels"); labels != nil {
					spec = set(spec, "selector", mappingOf(labels, "matchLabels", labels))
				}
			}
			for _, gone := range []string{"rollbackTo", "templateGeneration"} {
				if was := spec.Pair(gone); was != nil {
					r.report(diag.Warning, codeUnknownField, was.Key, "", fmt.Sprintf("Kubernetes does not know the field spec.%s any more", gone), "It is left out.")
					spec = without(spec, gone)
				}
			}
			return spec
		})
	case "ReplicaSet":
		r.toDeployment(o)
	case "Ingress":
		o.node = upgradeIngress(o.node)
	case "HorizontalPodAutoscaler":
		o.node = upgradeScaler(o.node)
	}
}

// selectOwn gives a selector to what has none: the labels of its pods, as versions did
// that are gone.
func (r *sourceReader) selectOwn(o *sourceObject) {
	if o.version != "apps/v1" || o.node.Get("spec").IsNull() || dig(o.node, "spec", "selector") != nil {
		return
	}
	labels := dig(o.node, "spec", "template", "metadata", "labels")
	if labels.IsNull() {
		return
	}
	r.report(diag.Warning, codeSourceInvalid, o.node.Get("spec"), "", fmt.Sprintf("Kubernetes would refuse %s %s: it has no selector", o.kind, o.name), "The labels of its pods are taken for one.")
	o.node = edit(o.node, "spec", func(spec *tree.Node) *tree.Node {
		return set(spec, "selector", mappingOf(labels, "matchLabels", labels))
	})
}

// toDeployment makes a Deployment of what only keeps replicas running.
func (r *sourceReader) toDeployment(o *sourceObject) {
	old := o.kind
	r.rekind(o, "apps/v1", "Deployment", "a Deployment does what it does, and replaces pods when they change")
	o.node = edit(o.node, "spec", func(spec *tree.Node) *tree.Node {
		labels := dig(spec, "template", "metadata", "labels")
		selector := spec.Get("selector")
		switch {
		case selector == nil && labels != nil:
			spec = set(spec, "selector", mappingOf(labels, "matchLabels", labels))
		case old == "ReplicationController" && selector != nil:
			spec = set(spec, "selector", mappingOf(selector, "matchLabels", selector))
		}
		return spec
	})
}

func (r *sourceReader) rekind(o *sourceObject, version, kind, why string) {
	r.report(diag.Note, codeUpgraded, o.node.Get("kind"), "", fmt.Sprintf("%s %s is written as a %s", o.kind, o.name, kind), "Today "+why+".")
	o.node = set(set(o.node, "apiVersion", with(o.node.Get("apiVersion"), version)), "kind", with(o.node.Get("kind"), kind))
	o.version, o.kind = version, kind
}

// fromPod makes a Deployment of a pod that is kept running, and a Job of one that
// ends.
func (r *sourceReader) fromPod(o *sourceObject) {
	policy := dig(o.node, "spec", "restartPolicy")
	ends := policy != nil && policy.Value != "Always"
	if name := dig(o.node, "metadata", "name"); name != nil {
		o.name = name.Value
	}
	kind, version := "Deployment", "apps/v1"
	if ends {
		kind, version = "Job", "batch/v1"
	}
	r.rekind(o, version, kind, "nothing starts a bare pod again when its node is gone")
	spec, metadata := o.node.Get("spec"), o.node.Get("metadata")
	if spec == nil || metadata == nil {
		return
	}
	template := mappingOf(spec, "spec", spec)
	labels := metadata.Get("labels")
	if name := metadata.Get("name"); labels == nil && !ends && name != nil {
		labels = mappingOf(name, "app", name) // a Deployment has to know its pods
	}
	if annotations := metadata.Get("annotations"); labels != nil || annotations != nil {
		about := mappingOf(metadata)
		if labels != nil {
			about = set(about, "labels", labels)
		}
		if annotations != nil {
			about = set(about, "annotations", annotations)
		}
		template = set(template, "metadata", about)
	}
	into := mappingOf(spec, "template", template)
	if !ends && labels != nil {
		into = set(into, "selector", mappingOf(labels, "matchLabels", labels))
	}
	if ends && policy.Value == "Never" {
		zero := with(policy, "0")
		zero.Kind = tree.Int
		into = set(into, "backoffLimit", zero) // a bare pod is tried once
	}
	o.node = set(o.node, "spec", into)
}

func upgradeIngress(n *tree.Node) *tree.Node {
	backend := func(b *tree.Node) *tree.Node {
		name, port := b.Get("serviceName"), b.Get("servicePort")
		if name == nil {
			return b
		}
		service := mappingOf(b, "name", name)
		if port != nil {
			key := "name"
			if port.Kind == tree.Int {
				key = "number"
			}
			service = set(service, "port", mappingOf(port, key, port))
		}
		return set(without(without(b, "serviceName"), "servicePort"), "service", service)
	}
	return edit(n, "spec", func(spec *tree.Node) *tree.Node {
		if b := spec.Get("backend"); b != nil {
			spec = set(without(spec, "backend"), "defaultBackend", backend(b))
		}
		return edit(spec, "rules", func(rules *tree.Node) *tree.Node {
			return eachItem(rules, func(rule *tree.Node) *tree.Node {
				return edit(rule, "http", func(http *tree.Node) *tree.Node {
					return edit(http, "paths", func(paths *tree.Node) *tree.Node {
						return eachItem(paths, func(path *tree.Node) *tree.Node {
							if path.Get("pathType") == nil {
								path = set(path, "pathType", with(path, "ImplementationSpecific"))
							}
							return edit(path, "backend", backend)
						})
					})
				})
			})
		})
	})
}

// upgradeScaler knows the forms of v1 and v2beta1.
func upgradeScaler(n *tree.Node) *tree.Node {
	return edit(n, "spec", func(spec *tree.Node) *tree.Node {
		if percent := spec.Get("targetCPUUtilizationPercentage"); percent != nil {
			spec = without(spec, "targetCPUUtilizationPercentage")
			target := set(mappingOf(percent, "type", with(percent, "Utilization")), "averageUtilization", percent)
			metric := set(mappingOf(percent, "type", with(percent, "Resource")), "resource", set(mappingOf(percent, "name", with(percent, "cpu")), "target", target))
			list := cloneNode(metric)
			list.Kind, list.Pairs, list.Items = tree.Sequence, nil, []*tree.Node{metric}
			spec = set(spec, "metrics", list)
		}
		return edit(spec, "metrics", func(metrics *tree.Node) *tree.Node {
			return eachItem(metrics, func(metric *tree.Node) *tree.Node {
				for _, sort := range []string{"pods", "object", "external"} {
					metric = edit(metric, sort, upgradeMetric)
				}
				return edit(metric, "resource", func(resource *tree.Node) *tree.Node {
					if percent := resource.Get("targetAverageUtilization"); percent != nil {
						return set(without(resource, "targetAverageUtilization"), "target", set(mappingOf(percent, "type", with(percent, "Utilization")), "averageUtilization", percent))
					}
					if value := resource.Get("targetAverageValue"); value != nil {
						return set(without(resource, "targetAverageValue"), "target", set(mappingOf(value, "type", with(value, "AverageValue")), "averageValue", value))
					}
					return resource
				})
			})
		})
	})
}

// upgradeMetric writes a metric of v2beta1 that is neither CPU nor memory.
func upgradeMetric(n *tree.Node) *tree.Node {
	name := n.Get("metricName")
	if name == nil {
		return n
	}
	metric := mappingOf(name, "name", name)
	for _, selector := range []string{"selector", "metricSelector"} {
		if s := n.Get(selector); s != nil {
			metric = set(metric, "selector", s)
			n = without(n, selector)
		}
	}
	if object := n.Get("target"); object != nil {
		n = set(without(n, "target"), "describedObject", object)
	}
	n = set(without(n, "metricName"), "metric", metric)
	for _, target := range [][3]string{{"targetAverageValue", "AverageValue", "averageValue"}, {"averageValue", "AverageValue", "averageValue"}, {"targetValue", "Value", "value"}} {
		if value := n.Get(target[0]); value != nil {
			n = set(without(n, target[0]), "target", set(mappingOf(value, "type", with(value, target[1])), target[2], value))
		}
	}
	return n
}

// dropServerFields takes away what the API server writes into an object: it is about
// the cluster and not about the app.
func (r *sourceReader) dropServerFields(o *sourceObject) {
	dropped := []string{}
	drop := func(n *tree.Node, keys ...string) *tree.Node {
		for _, key := range keys {
			if member := n.Get(key); member != nil {
				if !member.IsNull() && len(member.Pairs)+len(member.Value) > 0 {
					dropped = append(dropped, key)
				}
				n = without(n, key)
			}
		}
		return n
	}
	if newTyped(o.version, o.kind) != nil || o.node.Get("spec") != nil {
		o.node = drop(o.node, "status")
	}
	o.node = edit(o.node, "metadata", func(metadata *tree.Node) *tree.Node {
		metadata = drop(metadata, "managedFields", "uid", "resourceVersion", "creationTimestamp", "generation", "selfLink")
		return edit(metadata, "annotations", func(annotations *tree.Node) *tree.Node {
			return drop(annotations, "kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/revision")
		})
	})
	if len(dropped) > 0 && !r.serverSaid {
		r.serverSaid = true
		r.report(diag.Note, codeServerFields, o.node, "", "what a cluster has written into its objects is left out", "Such fields ("+strings.Join(dropped, ", ")+" here) tell of one cluster and not of the app.")
	}
}

// asWorkload returns what an object says about the containers that it runs; nil when
// it runs none.
func (r *sourceReader) asWorkload(o *sourceObject) *sourceWorkload {
	w := &sourceWorkload{sourceObject: o, kind: ir.Service, claims: map[string]string{}}
	template := []any{"spec", "template", "spec"}
	switch typed := o.typed.(type) {
	case *appsv1.Deployment:
		w.template = &typed.Spec.Template
		w.selector = selectorOf(typed.Spec.Selector)
	case *appsv1.StatefulSet:
		w.template = &typed.Spec.Template
		w.selector = selectorOf(typed.Spec.Selector)
		w.result.Stateful = true
	case *appsv1.DaemonSet:
		w.template, w.kind = &typed.Spec.Template, ir.Daemon
		w.selector = selectorOf(typed.Spec.Selector)
	case *batchv1.Job:
		w.template, w.kind = &typed.Spec.Template, ir.Job
	case *batchv1.CronJob:
		w.template, w.kind = &typed.Spec.JobTemplate.Spec.Template, ir.Cron
		template = []any{"spec", "jobTemplate", "spec", "template", "spec"}
	default:
		return nil
	}
	w.pod = dig(o.node, template...)
	if len(w.template.Spec.Containers) == 0 {
		r.report(diag.Error, codeSourceInvalid, o.node, "", fmt.Sprintf("Kubernetes would refuse %s %s", o.kind, o.name), "It runs no container.")
		return nil
	}
	if owners := o.typed.GetOwnerReferences(); len(owners) > 0 {
		r.report(diag.Note, codeServerFields, o.node, "", fmt.Sprintf("%s %s was made by %s %s and is left out", o.kind, o.name, owners[0].Kind, owners[0].Name), "What made it says all about it.")
		o.taken = true
		return nil
	}
	for i := range w.template.Spec.Volumes {
		if v := &w.template.Spec.Volumes[i]; v.VolumeSource == (corev1.VolumeSource{}) {
			v.EmptyDir = &corev1.EmptyDirVolumeSource{} // the default of old
		}
	}
	for i, c := range w.template.Spec.Containers {
		if c.Name == o.name {
			w.main = i
		}
	}
	if w.kind != ir.Service {
		w.result.Kind = w.kind
	}
	return w
}

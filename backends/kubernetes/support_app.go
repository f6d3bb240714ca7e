package kubernetes

import (
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// appRows are about what belongs to no workload.
func appRows() []support.Row {
	return []support.Row{
		native("app.name", "label app.kubernetes.io/part-of"),
		native("app.stage", "named at the head of each file"),
		native("app.labels", "ObjectMeta.labels"),

		native("route", "Ingress, networking/v1"),

		native("volume", "PersistentVolumeClaim"),
		native("volume.shared", "PersistentVolumeClaim accessModes: ReadWriteMany"),
		native("volume.each", "StatefulSet volumeClaimTemplates"),
		native("volume.external", "persistentVolumeClaim.claimName"),
		dropped("volume.driver", "A cluster makes volumes by storage classes. Name the class that stands for this driver in volume.class.", "StorageClass.provisioner"),
		dropped("volume.options", "Options of drivers are parameters of a storage class there. Name a class that has them in volume.class.", "StorageClass.parameters"),

		native("config", "ConfigMap"),
		native("config.content", "ConfigMap data", when("when the content holds a secret", holdsSecret, support.Emulated,
			"by an init container that writes the secret into the file, in memory, when a pod starts")),
		native("config.entries", "ConfigMap data", when("when the content holds a secret", holdsSecret, support.Emulated,
			"by an init container that writes the secret into the file, in memory, when a pod starts")),

		native("secret", "references to Secrets; secrets.yaml lists them with the commands that create them"),

		emulated("network", "by labels on pods and NetworkPolicies that let only pods of one network reach each other, on clusters whose network plugin enforces policies", "NetworkPolicy"),
		emulated("network.internal", "by a NetworkPolicy that lets nothing out but traffic within the network and questions to the DNS of the cluster", "NetworkPolicy egress",
			when("when every workload in it has a way out by another network or an egress list", internalInNameOnly, support.Dropped,
				"Each workload of this network has another way out, so nothing is left to refuse. Take them out of the other networks, or give them an egress list.")),
		dropped("network.subnet", "Addresses of pods are given by the cluster. Reach workloads by their names.", "PodSpec"),
		dropped("network.external", "A cluster has no networks to join. Name who may reach the workload in ingress and whom it reaches in egress.", "NetworkPolicy"),
		dropped("network.driver", "The network plugin is the cluster's own and the same for all.", "CNI"),
		dropped("network.options", "The network plugin is the cluster's own and the same for all.", "CNI"),
		dropped("network.labels", "There is no object for a network that could carry labels. Put them on the workloads.", "NetworkPolicy"),

		native("endpoint", "constants in values and files"),
		approximated("endpoint.workload", "The name is bound, in the hosts file of every pod, to a Service with a fixed address of 10.96.0.0/24. "+
			"A cluster whose Services have other addresses refuses it: patch spec.clusterIP and the hostAliases there.", "hostAliases, Service.clusterIP"),
		emulated("endpoint.address", "by an entry in the hosts file of every pod", "PodSpec.hostAliases"),
		native("endpoint.real", "DNS"),
	}
}

func holdsSecret(f *ir.Fact) bool {
	t, ok := f.Value().(ir.Text)
	return ok && t.HasRef(ir.RefSecret)
}

// internalInNameOnly holds when the network closes the way out of no workload.
func internalInNameOnly(f *ir.Fact) bool {
	for i := range f.App.Workloads {
		w := &f.App.Workloads[i].Value
		if !w.Networks.Has(f.Name) || w.Egress != nil {
			continue
		}
		closed := true
		for _, key := range w.Networks.Keys() {
			if n := f.App.Networks.Ref(key); n == nil || !n.Internal {
				closed = false
			}
		}
		if closed {
			return false
		}
	}
	return true
}

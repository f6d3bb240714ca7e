package support

// Class is what it means for an app to lose a kind of fact. It belongs to the kind
// and is the same on every platform.
type Class uint8

// The classes; losing an operation fact is a warning, losing any other an error.
const (
	Operation Class = iota + 1 // only running it suffers: scaling, placement, logging
	Breaks                     // the app would not work
	Data                       // data would be lost
	Security                   // isolation or a secret's protection would be lost
)

// String completes "without it ".
func (c Class) String() string {
	switch c {
	case Operation:
		return "the app works, but running it suffers"
	case Breaks:
		return "the app would not work as it should"
	case Data:
		return "data could be lost"
	case Security:
		return "isolation or a secret's protection would be lost"
	}
	return "nothing is known"
}

// Name returns the class in one word.
func (c Class) Name() string {
	return [...]string{"invalid", "operation", "breaks", "data", "security"}[min(c, Security)]
}

// classes lists the class of each kind and of those below it; the longest wins.
var classes = []struct {
	kind  string
	class Class
}{
	{"app", Operation},
	{"workload", Breaks},
	{"workload.labels", Operation},
	{"workload.annotations", Operation},
	{"workload.replicas", Operation},
	{"workload.scale", Operation},
	{"workload.update", Operation},
	{"workload.restart", Operation},
	{"workload.placement", Operation},
	{"workload.placement.arch", Breaks},
	{"workload.placement.os", Breaks},
	{"workload.disruption", Operation},
	{"workload.priority", Operation},
	{"workload.job.keep", Operation},
	{"workload.schedule.keep", Operation},
	{"workload.schedule.deadline", Operation},
	{"workload.egress", Security},
	{"workload.ingress", Security},
	{"workload.networks", Security},
	{"workload.networks.aliases", Breaks},
	{"workload.networks.addresses", Breaks},
	{"workload.publish.on", Security},
	{"container", Breaks},
	{"container.pull", Operation},
	{"container.build", Operation},
	{"container.tty", Operation},
	{"container.stdin", Operation},
	{"container.hostname", Operation},
	{"container.reaper", Operation},
	{"container.ports.app", Operation},
	{"container.health", Operation},
	{"container.resources", Operation},
	{"container.ulimits", Operation},
	{"container.log", Operation},
	{"container.stop", Operation},
	{"container.files.mode", Security},
	{"container.files.uid", Operation},
	{"container.files.gid", Operation},
	{"container.mounts.readOnly", Security},
	{"container.mounts.memory.size", Operation},
	{"container.mounts.scratch.size", Operation},
	{"container.security", Security},
	{"container.security.fsGroup", Breaks},
	{"container.security.groups", Breaks},
	{"container.security.privileged", Breaks},
	{"container.security.capabilities.add", Breaks},
	{"container.security.pid", Breaks},
	{"container.security.ipc", Breaks},
	{"container.security.network", Breaks},
	{"volume", Data},
	{"volume.class", Operation},
	{"volume.size", Operation},
	{"volume.driver", Data},
	{"volume.labels", Operation},
	{"config", Breaks},
	{"secret", Security},
	{"secret.description", Operation},
	{"route", Breaks},
	{"route.tls", Security},
	{"route.tls.secret", Operation}, // which certificate; that there is one is the fact above
	{"network", Security},
	{"network.subnet", Breaks},
	{"network.driver", Operation},
	{"network.options", Operation},
	{"network.labels", Operation},
	{"endpoint", Breaks},
}

// ClassOf returns the class of a kind of fact.
func ClassOf(kind string) Class {
	best, class := -1, Class(0)
	for _, c := range classes {
		if len(c.kind) > best && isPrefix(kind, c.kind) {
			best, class = len(c.kind), c.class
		}
	}
	return class
}

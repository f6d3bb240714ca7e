package swarm

import (
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// Names of the passes.
const (
	passPinVolumes    = "pin-volumes"
	passStartInterval = "probe-start-interval"
	passFoldAnchors   = "fold-anchors"
	passHostPorts     = "host-ports"
	passRoundRobin    = "dns-round-robin"
	passEncrypt       = "encrypt-networks"
	passAttachable    = "attachable-networks"
	passSpreadZones   = "spread-zones"
	passSafeUpdates   = "safe-updates"
	passLogRotation   = "log-rotation"
	passPatientStart  = "patient-start"
)

func passes() []backend.Pass {
	return []backend.Pass{
		{Name: passPinVolumes, Default: true,
			Doc:  "keeps what mounts a volume of a node on the node that somebody has given the volume's label; without it a task that is moved finds an empty volume",
			Debt: "labels of nodes, which have to be given by hand before the first start; a swarm of one node needs none of them"},
		{Name: passStartInterval, Default: true,
			Doc:  "asks at the pace of the startup probe while the start period lasts, so that a release goes on sooner (Engine 25 and newer; older ones ignore it)",
			Debt: "none outside: other platforms have a startup probe of its own"},
		{Name: passPatientStart, Default: true,
			Doc:  "gives a check that stands for readiness a start period of five minutes, where no deadline of the release is one: a replica that has not been ready yet has not failed, where Swarm would replace it again and again",
			Debt: "none outside: other platforms go on asking until a replica is ready"},
		{Name: passFoldAnchors, Default: true,
			Doc:  "folds blocks that several services repeat into x- anchors at the head of the file",
			Debt: "anchors are a habit of this file; who takes a service out of it has to write the block out"},
		{Name: passHostPorts,
			Doc:  "publishes ports on the nodes where replicas run and not on the mesh, so that the process sees its clients' addresses and no node needs IPVS",
			Debt: "a node runs one replica of what publishes a port, and clients have to find a node that does"},
		{Name: passRoundRobin, After: []string{passHostPorts},
			Doc:  "gives names the addresses of the replicas in turn and not one virtual address, for clients that keep connections open and for kernels without IPVS; not to what publishes on the mesh, which needs the other",
			Debt: "clients have to ask again for names as replicas come and go"},
		{Name: passEncrypt,
			Doc:  "encrypts what the nodes send each other in the stack's networks",
			Debt: "ESP between the nodes has to pass their firewalls; elsewhere a mesh or the network does it"},
		{Name: passAttachable,
			Doc:  "lets containers that are started by hand join the stack's networks, for looking into them",
			Debt: "whoever may start a container on a node may join"},
		{Name: passSpreadZones,
			Doc:  "spreads replicas that say nothing over the zones that nodes are labelled with (node.labels.zone)",
			Debt: "a label that other platforms call otherwise; say spread: [zone] in the spec instead"},
		{Name: passSafeUpdates,
			Doc:  "rolls a failed release of what says nothing about updates back to the one before, where Swarm would pause",
			Debt: "other platforms stop or go on; say update.rollback in the spec instead"},
		{Name: passLogRotation,
			Doc:  "gives services that name no log driver json-file with rotation, which Docker leaves unbounded",
			Debt: "the size of logs is then set here and nowhere else; other platforms rotate by themselves"},
	}
}

// onNodes has the ports published by the nodes. The short form of a range has no mode, so each of its numbers is said.
func onNodes(ports []port) (list []port) {
	for _, p := range ports {
		from, to, _ := strings.Cut(p.Range, "-")
		first, _ := strconv.Atoi(from)
		last, _ := strconv.Atoi(to)
		p.Range, p.Mode = "", "host"
		if first == 0 {
			list = append(list, p)
			continue
		}
		for n := first; n <= max(first, last); n++ {
			p.Published = n
			list = append(list, p)
		}
	}
	return list
}

// optimizeUnits applies the passes that concern services and networks.
func (e *emitter) optimizeUnits() {
	on := e.options.Passes
	for _, u := range e.units {
		if on[passLogRotation] && u.Logging == nil {
			u.Logging = &logging{Driver: "json-file", Options: ir.Map[string]{{Key: "max-size", Value: "10m"}, {Key: "max-file", Value: "3"}}}
		}
		if on[passHostPorts] {
			u.Ports = onNodes(u.Ports)
		}
		if on[passRoundRobin] && !u.onMesh() && u.Deploy.Mode != modeReplicatedJob {
			u.Deploy.EndpointMode = "dnsrr"
		}
		if on[passSpreadZones] && u.Deploy.Replicas != nil && *u.Deploy.Replicas > 1 && len(u.Deploy.Placement.Preferences) == 0 {
			u.Deploy.Placement.Preferences = []preference{{Spread: nodeLabel("zone")}}
		}
		if on[passSafeUpdates] && u.Deploy.UpdateConfig == nil && u.Deploy.Mode != modeReplicatedJob {
			u.Deploy.UpdateConfig = &updateConfig{FailureAction: "rollback"}
		}
	}
	e.optimizeNetworks()
}

// onMesh reports whether the service publishes a port by the mesh, which leads to its
// virtual address.
func (u *unit) onMesh() bool {
	for _, p := range u.Ports {
		if p.Mode != "host" || p.Range != "" {
			return true
		}
	}
	return false
}

func (e *emitter) optimizeNetworks() {
	encrypt, attach := e.options.Passes[passEncrypt], e.options.Passes[passAttachable]
	if !encrypt && !attach {
		return
	}
	e.networks = append(e.networks, object{name: defaultNetwork, value: &network{}})
	for _, o := range e.networks {
		n := o.value.(*network)
		if n.External {
			continue
		}
		if encrypt && (n.Driver == "" || n.Driver == "overlay") {
			n.DriverOpts = append(n.DriverOpts[:len(n.DriverOpts):len(n.DriverOpts)], ir.Item[string]{Key: "encrypted", Value: "true"})
		}
		n.Attachable = attach
	}
}

// optimizeFiles applies the passes that concern the files.
func (e *emitter) optimizeFiles(roots []*document.Value) {
	if !e.options.Passes[passFoldAnchors] {
		return
	}
	for _, root := range roots {
		document.Hoist(root, document.FoldOptions{
			Paths:      []string{"services.*.logging", "services.*.deploy.*", "services.*.healthcheck", "services.*.environment"},
			MinScalars: 3,
			Prefix:     "x-",
		})
	}
}

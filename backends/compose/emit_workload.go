package compose

import (
	"fmt"
	"path"
	"strconv"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// numbered reports whether the replicas of a workload become services of their own:
// those that keep an identity, and those that share a network namespace with
// sidecars, because `network_mode: service:x` joins one container only.
func numbered(w *ir.Workload) bool {
	return w.KindOrDefault() == ir.Service && w.ReplicaCount() > 1 && (w.Stateful || len(w.Sidecars) > 0)
}

// instances are the names of the services that a workload becomes.
func instances(name string, w *ir.Workload) []string {
	if !numbered(w) {
		return []string{name}
	}
	names := make([]string, w.ReplicaCount())
	for i := range names {
		names[i] = name + "-" + strconv.Itoa(i)
	}
	return names
}

// reserveNames notes which names services have, and reports two of the same name.
func (e *emitter) reserveNames() {
	for i := range e.app.Workloads {
		name, w := e.app.Workloads[i].Key, &e.app.Workloads[i].Value
		for _, instance := range instances(name, w) {
			ir.EachContainer(w, ir.JoinPath("workloads", name), func(path, container string, _ ir.Role, _ *ir.Container) {
				e.reserve(composefile.ServiceName(instance, container), path)
			})
		}
	}
}

func (e *emitter) reserve(name, path string) {
	other, taken := e.taken[name]
	if !taken {
		e.taken[name] = path
		return
	}
	e.report(diag.Error, CodeNameCollision, path, fmt.Sprintf("two services would be called %q", name),
		"The other one stands for "+other+". Rename one of them: sidecars and init containers are called after their workload and themselves, replicas with an identity are numbered.")
	e.diags[len(e.diags)-1].Related = []diag.Related{{Range: e.app.Locate(other), Message: "the other one"}}
}

// free returns a name for a service that the app does not name itself.
func (e *emitter) free(name, path string) string {
	candidate := name
	for i := 2; e.taken[candidate] != ""; i++ {
		candidate = name + "-" + strconv.Itoa(i)
	}
	e.taken[candidate] = path
	return candidate
}

func (e *emitter) workload(name string, w *ir.Workload) {
	for ordinal, instance := range instances(name, w) {
		previous := ""
		e.scratch = e.sharedScratch(instance, w)
		for i := range w.Init {
			s := e.container(w, &w.Init[i].Value, ordinal)
			s.Name = composefile.ServiceName(instance, w.Init[i].Key)
			s.Restart = initRestart(w)
			e.attach(s, name, w, false)
			e.waitFor(s, w, previous)
			previous = s.Name
			e.add(s)
		}
		e.main(name, instance, w, ordinal, previous)
		for i := range w.Sidecars {
			e.sidecar(instance, w, &w.Sidecars[i], ordinal)
		}
	}
}

func (e *emitter) add(s *service) {
	e.optimizeService(s)
	e.services = append(e.services, s)
}

// main adds the service of the main container.
func (e *emitter) main(name, instance string, w *ir.Workload, ordinal int, previous string) {
	s := e.container(w, &w.Container, ordinal)
	s.Name = instance
	s.Restart = restart(w)
	s.Annotations = orderless[types.Mapping](w.Annotations)
	if w.Stateful && s.Hostname == "" {
		s.Hostname = instance
	}
	e.attach(s, name, w, true)
	e.ports(s, name, w)
	e.waitFor(s, w, previous)
	e.namespaces(s, w)
	e.replicas(s, w)
	if w.Kind == ir.Cron {
		s.Profiles = []string{cronProfile}
	}
	for i := range w.Sidecars {
		e.sharedSysctls(s, &w.Sidecars[i].Value)
	}
	if ordinal > 0 {
		s = e.extension(s, name, w)
	}
	e.add(s)
}

// extension says of a further replica only what differs from the first one.
func (e *emitter) extension(s *service, name string, w *ir.Workload) *service {
	x := &service{}
	x.Name = s.Name
	x.Extends = &types.ExtendsConfig{Service: instances(name, w)[0]}
	if w.Stateful && w.Hostname == "" {
		x.Hostname = s.Hostname
	}
	for _, v := range s.Volumes {
		volume := w.Mounts.Ref(v.Target)
		own := volume != nil && volume.Volume != "" && e.app.Volumes.Ref(volume.Volume).Each
		if own || v.Source != "" && v.Source == e.scratch[path.Clean(v.Target)] {
			x.Volumes = append(x.Volumes, v)
		}
	}
	if n := len(w.Init); n > 0 {
		x.depend(composefile.ServiceName(s.Name, w.Init[n-1].Key), types.ServiceConditionCompletedSuccessfully, false)
	}
	return x
}

func (e *emitter) sidecar(instance string, w *ir.Workload, item *ir.Item[ir.Container], ordinal int) {
	s := e.container(w, &item.Value, ordinal)
	s.Name = composefile.ServiceName(instance, item.Key)
	s.Restart = restart(w)
	s.NetworkMode = types.ServicePrefix + instance
	s.Hostname = ""
	s.Sysctls = nil
	for _, k := range item.Value.Sysctls {
		if !networkSysctl(k.Key) {
			put(&s.Sysctls, k.Key, k.Value)
		}
	}
	if w.Security != nil {
		if w.Security.Network == "host" {
			s.NetworkMode = "host"
			s.Hostname = item.Value.Hostname
		}
		if w.Security.PID == "share" {
			s.Pid = types.ServicePrefix + instance
		}
		if w.Security.IPC == "share" {
			s.Ipc = types.ServicePrefix + instance
		}
	}
	s.depend(instance, types.ServiceConditionStarted, true)
	if w.Kind == ir.Cron {
		s.Profiles = []string{cronProfile}
	}
	e.add(s)
}

// sharedSysctls sets those of a sidecar that belong to the network, which is the
// main container's.
func (e *emitter) sharedSysctls(s *service, sidecar *ir.Container) {
	for _, k := range sidecar.Sysctls {
		if networkSysctl(k.Key) {
			put(&s.Sysctls, k.Key, k.Value)
		}
	}
}

func networkSysctl(name string) bool { return len(name) > 4 && name[:4] == "net." }

// put sets a member of a map that may not be there yet.
func put[M ~map[string]V, V any](m *M, key string, value V) {
	if *m == nil {
		*m = M{}
	}
	(*m)[key] = value
}

// waitFor makes the service wait for what the workload needs, and for the init
// container before it.
func (e *emitter) waitFor(s *service, w *ir.Workload, previous string) {
	if w.Kind == ir.Cron {
		s.Profiles = []string{cronProfile}
	}
	if previous != "" {
		s.depend(previous, types.ServiceConditionCompletedSuccessfully, false)
		return // the first init container has waited for the others
	}
	for i := range w.Needs {
		e.need(s, w.Needs[i].Key, w.Needs[i].Value)
	}
}

func (e *emitter) need(s *service, name string, condition ir.Condition) {
	other := e.app.Workloads.Ref(name)
	if other == nil {
		return
	}
	for _, instance := range instances(name, other) {
		ir.EachContainer(other, "", func(_, container string, role ir.Role, c *ir.Container) {
			on := composefile.ServiceName(instance, container)
			switch {
			case role == ir.Init:
			case condition == ir.Completed:
				if role == ir.Main {
					s.depend(on, types.ServiceConditionCompletedSuccessfully, false)
				}
			case condition == ir.Ready && checked(c):
				s.depend(on, types.ServiceConditionHealthy, false)
			case role == ir.Main:
				s.depend(on, types.ServiceConditionStarted, false)
			}
		})
	}
}

// namespaces sets which namespaces of the host or of the sidecars the main container
// is in.
func (e *emitter) namespaces(s *service, w *ir.Workload) {
	if w.Security == nil {
		return
	}
	if w.Security.PID == "host" {
		s.Pid = "host"
	}
	switch w.Security.IPC {
	case "host":
		s.Ipc = "host"
	case "share":
		s.Ipc = "shareable"
	case "own":
		s.Ipc = "private"
	}
}

// replicas sets how many containers the service has.
func (e *emitter) replicas(s *service, w *ir.Workload) {
	count := 1
	switch {
	case w.Kind == ir.Job && w.Job != nil && w.Job.Completions > 1:
		count = w.Job.Completions
	case w.KindOrDefault() == ir.Service && !numbered(w):
		count = w.ReplicaCount()
	}
	if count != 1 {
		s.deploy().Replicas = &count
	}
}

func (s *service) deploy() *types.DeployConfig {
	if s.Deploy == nil {
		s.Deploy = &types.DeployConfig{}
	}
	return s.Deploy
}

// restart writes the restart policy. A service runs until it is stopped; what ends
// by itself is started again only where retries or the policy say so.
func restart(w *ir.Workload) string {
	policy, attempts := "", 0
	if w.Restart != nil {
		policy, attempts = w.Restart.Policy, w.Restart.Attempts
	}
	if w.RunsToCompletion() {
		if w.Kind == ir.Cron || policy == "never" {
			return types.RestartPolicyNo
		}
		if w.Job != nil && w.Job.Retries != nil {
			return onFailure(*w.Job.Retries)
		}
		if policy != types.RestartPolicyOnFailure {
			return types.RestartPolicyNo
		}
	}
	switch policy {
	case "never":
		return types.RestartPolicyNo
	case types.RestartPolicyAlways:
		return types.RestartPolicyAlways
	case types.RestartPolicyOnFailure:
		if attempts > 0 {
			return onFailure(attempts)
		}
		return types.RestartPolicyOnFailure
	}
	return types.RestartPolicyUnlessStopped
}

func onFailure(attempts int) string {
	if attempts == 0 {
		return types.RestartPolicyNo
	}
	return types.RestartPolicyOnFailure + ":" + strconv.Itoa(attempts)
}

// initRestart lets an init container of what keeps running try again until it ends
// well.
func initRestart(w *ir.Workload) string {
	if w.RunsToCompletion() {
		return restart(w)
	}
	return types.RestartPolicyOnFailure
}

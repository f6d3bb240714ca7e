package compose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// debt is a group of keys that a spec has no words for: why they are there, and what to
// do with them when Compose is left.
type debt struct {
	keys      []string
	why, exit string
}

// debts are in the order in which they stand in the ledger; what is in none of them is
// of the last one.
var debts = []debt{
	{[]string{"container_name", "attach", "labels"}, "people and scripts on the host know the container by this", "drop it; other platforms name containers themselves"},
	{[]string{"profiles"}, "the service starts only when its profile is asked for", "leave the workload out of the stages that do not need it"},
	{[]string{"develop"}, "docker compose watch rebuilds while somebody works on it", "drop it; elsewhere a pipeline builds"},
	{[]string{"build"}, "the image is built with more than a spec can say", "move it into the Dockerfile, or into the pipeline that builds the image"},
	{[]string{"deploy"}, "Docker Swarm's own settings, which Docker Compose mostly reads over", "drop it unless the file is deployed to Swarm too"},
	{[]string{"depends_on"}, "Compose waits in a way that a spec cannot say", "let the process try again until what it needs is there"},
	{[]string{"networks", "network_mode", "dns", "dns_opt", "dns_search", "domainname", "extra_hosts", "external_links", "mac_address", "expose"}, "the container's network differs from that of the app", "give the platform's DNS these names, or write the addresses into the configuration"},
	{[]string{"ports"}, "ports are published in a way that a spec cannot say", "publish each port under one number, or use a route"},
	{[]string{"volumes", "tmpfs", "volumes_from", "volume_driver", "storage_opt"}, "files are mounted with options of Docker", "drop the options, or find the platform's own for the volume"},
	{[]string{"configs", "secrets", "env_file", "environment", "label_file"}, "files are given in a way that a spec cannot say", "make them configs and secrets of the spec"},
	{[]string{"healthcheck"}, "it changes what the image says about its health", "write the probes of the workload out"},
	{[]string{"restart"}, "Compose starts the container again in a way of its own", "drop it"},
	{[]string{"cap_add", "cap_drop", "cgroup", "cgroup_parent", "security_opt", "userns_mode", "user", "group_add", "credential_spec", "device_cgroup_rules", "devices", "runtime", "isolation", "ipc", "pid", "uts", "use_api_socket", "umask", "gpus"}, "Docker isolates the container in a way of its own", "ask for what the platform has instead, or drop it"},
	{[]string{"pre_start", "post_start", "pre_stop", "init"}, "Docker runs or stops the process in a way of its own", "make it an init container, or part of the image's entrypoint"},
	{nil, "Docker's own settings for the container", "drop it, or find the platform's own setting"},
}

func debtOf(key string) *debt {
	for i := range debts {
		if slices.Contains(debts[i].keys, key) {
			return &debts[i]
		}
	}
	return &debts[len(debts)-1]
}

// carryService puts what was not read of a service into the ledger, an entry for each
// reason.
func (r *reader) carryService(s *composeService) {
	rest := s.f.rest()
	for key, v := range s.rest {
		if v == nil {
			v = removed{}
		}
		rest[key] = mergeModels(rest[key], v)
	}
	if list, ok := rest["models"].(model); ok && !slices.ContainsFunc(sorted(list), func(key string) bool { return list[key] != nil }) {
		var short []any
		for _, key := range sorted(list) {
			short = append(short, key)
		}
		rest["models"] = short
	}
	groups := map[*debt]model{}
	for key, v := range rest {
		d := debtOf(key)
		if groups[d] == nil {
			groups[d] = model{}
		}
		groups[d][key] = v
	}
	for i := range debts {
		if group := groups[&debts[i]]; group != nil {
			r.entry(s.path, group, s.f.place, debts[i].why, debts[i].exit)
		}
	}
}

// mergeModels lays one model over another.
func mergeModels(a, b any) any {
	x, isX := a.(model)
	y, isY := b.(model)
	if !isX || !isY {
		return b
	}
	merged := clone(x).(model)
	for key := range y {
		merged[key] = mergeModels(merged[key], y[key])
	}
	return merged
}

// carry puts what was not read of an object into the ledger.
func (r *reader) carry(on string, rest model, p place) {
	r.entry(on, rest, p, "Docker makes it with settings of its own: "+strings.Join(sorted(rest), ", "), "drop it, or find the platform's own setting")
}

func (r *reader) entry(on string, patch model, p place, why, exit string) {
	e := ir.PlatformEntry{Platform: Name, On: on, Why: why, Exit: exit, Patch: r.carriedValue(patch, p)}
	r.add(e, p, sorted(patch)[0])
}

func (r *reader) carryObject(part carriedPart) {
	value := part.value
	what := sorted(value)[0]
	p := part.place
	if part.section != "" {
		value = model{part.section: value}
		what = part.section + "." + what
	}
	e := ir.PlatformEntry{Platform: Name, Why: what + " is Compose's own", Exit: "drop it, or find what the platform has instead", Objects: []*ir.Value{r.carriedValue(value, place{})}}
	if part.section == "" && what == "name" {
		e.Why, e.Exit = "Docker's names of containers, networks and volumes begin with the name of the project", "drop it; the data of volumes is moved anyway"
	}
	r.add(e, p, "")
}

func (r *reader) add(e ir.PlatformEntry, p place, key string) {
	entryPaths(&e, r.local)
	e.Path = fmt.Sprintf("platform.%s[%d]", Name, len(r.app.Platform))
	if inner := p.get(key); inner.node() != nil {
		p = inner
	}
	r.positions.Set(e.Path, p.node())
	r.app.Platform = append(r.app.Platform, e)
}

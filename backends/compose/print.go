package compose

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// structs turns the library's types into documents, in the short forms that people
// write.
var structs = document.NewStructReader(document.StructOptions{
	Tag: "yaml",
	Types: map[reflect.Type]func(reflect.Value) (*document.Value, error){
		reflect.TypeFor[types.Duration]():            duration,
		reflect.TypeFor[types.UnitBytes]():           unitBytes,
		reflect.TypeFor[types.NanoCPUs]():            nanoCPUs,
		reflect.TypeFor[types.UlimitsConfig]():       ulimit,
		reflect.TypeFor[types.ServicePortConfig]():   port,
		reflect.TypeFor[types.ServiceVolumeConfig](): mount,
		reflect.TypeFor[types.DeviceMapping]():       device,
		reflect.TypeFor[types.ServiceDependency]():   dependency,
		reflect.TypeFor[types.HealthCheckTest]():     healthTest,
		reflect.TypeFor[types.ServiceHook]():         hook,
		reflect.TypeFor[types.DeviceRequest]():       deviceRequest,
	},
})

// read cannot fail on the library's own types; what has no form is left out.
func read(v any) *document.Value {
	value, err := structs.Read(v)
	if err != nil || value == nil {
		return document.Map()
	}
	return value
}

func duration(v reflect.Value) (*document.Value, error) {
	if v.Int() == 0 {
		return nil, nil
	}
	return document.String(document.FormatDuration(ir.Duration(v.Int()).Std())), nil
}

func unitBytes(v reflect.Value) (*document.Value, error) {
	if v.Int() == 0 {
		return nil, nil
	}
	return document.String(composefile.Size(ir.Bytes(v.Int()))), nil
}

func nanoCPUs(v reflect.Value) (*document.Value, error) {
	if v.Float() == 0 {
		return nil, nil
	}
	return document.String(strconv.FormatFloat(v.Float(), 'f', -1, 32)), nil
}

func ulimit(v reflect.Value) (*document.Value, error) {
	u := v.Interface().(types.UlimitsConfig)
	if u.Soft == u.Hard {
		return document.Int(int64(u.Soft)), nil
	}
	return document.Map(
		document.Member{Key: "soft", Value: document.Int(int64(u.Soft))},
		document.Member{Key: "hard", Value: document.Int(int64(u.Hard))}), nil
}

// port writes the short form, which has no place for a protocol above.
func port(v reflect.Value) (*document.Value, error) {
	p := v.Interface().(types.ServicePortConfig)
	if p.AppProtocol != "" {
		m := document.Map()
		m.Add("name", document.String(p.Name))
		m.Add("target", document.Int(int64(p.Target)))
		if p.Published != "" {
			m.Add("published", document.String(p.Published))
		}
		if p.HostIP != "" {
			m.Add("host_ip", document.String(p.HostIP))
		}
		if p.Protocol != "" {
			m.Add("protocol", document.String(p.Protocol))
		}
		m.Add("app_protocol", document.String(p.AppProtocol))
		return m, nil
	}
	s := strconv.FormatUint(uint64(p.Target), 10)
	if p.Published != "" {
		s = p.Published + ":" + s
	}
	switch {
	case strings.Contains(p.HostIP, ":"):
		s = "[" + p.HostIP + "]:" + s
	case p.HostIP != "":
		s = p.HostIP + ":" + s
	}
	if p.Protocol != "" {
		s += "/" + p.Protocol
	}
	return document.String(s), nil
}

// mount writes the short form where nothing but a source, a target and read-only is
// said, and no colon stands in the way.
func mount(v reflect.Value) (*document.Value, error) {
	m := v.Interface().(types.ServiceVolumeConfig)
	plain := m.Volume == nil && m.Tmpfs == nil && m.Type != types.VolumeTypeTmpfs
	if !plain || strings.Contains(m.Source+m.Target, ":") || m.Source == "" && m.ReadOnly {
		return longMount(m), nil
	}
	s := m.Target
	if m.Source != "" {
		s = m.Source + ":" + s
	}
	if m.ReadOnly {
		s += ":ro"
	}
	return document.String(s), nil
}

func longMount(m types.ServiceVolumeConfig) *document.Value {
	v := document.Map()
	v.Add("type", document.String(m.Type))
	if m.Source != "" {
		v.Add("source", document.String(m.Source))
	}
	v.Add("target", document.String(m.Target))
	if m.ReadOnly {
		v.Add("read_only", document.Bool(true))
	}
	if m.Volume != nil {
		v.Add("volume", document.Map(document.Member{Key: "subpath", Value: document.String(m.Volume.Subpath)}))
	}
	if m.Tmpfs != nil && m.Tmpfs.Size > 0 {
		v.Add("tmpfs", document.Map(document.Member{Key: "size", Value: document.String(composefile.Size(ir.Bytes(m.Tmpfs.Size)))}))
	}
	return v
}

func device(v reflect.Value) (*document.Value, error) {
	d := v.Interface().(types.DeviceMapping)
	s := d.Source + ":" + d.Target
	if d.Permissions != "" {
		s += ":" + d.Permissions
	}
	return document.String(s), nil
}

func deviceRequest(v reflect.Value) (*document.Value, error) {
	d := v.Interface().(types.DeviceRequest)
	m := document.Map()
	if d.Driver != "" {
		m.Add("driver", document.String(d.Driver))
	}
	m.Add("count", document.Int(int64(d.Count)))
	m.Add("capabilities", flow(d.Capabilities))
	return m, nil
}

func dependency(v reflect.Value) (*document.Value, error) {
	d := v.Interface().(types.ServiceDependency)
	m := document.Map(document.Member{Key: "condition", Value: document.String(d.Condition)})
	if d.Restart {
		m.Add("restart", document.Bool(true))
	}
	return m, nil
}

func healthTest(v reflect.Value) (*document.Value, error) {
	return flow(v.Interface().(types.HealthCheckTest)), nil
}

func hook(v reflect.Value) (*document.Value, error) {
	h := v.Interface().(types.ServiceHook)
	return document.Map(document.Member{Key: "command", Value: flow(h.Command)}), nil
}

// flow is a list on one line, as people write commands.
func flow(words []string) *document.Value {
	list := document.Strings(words...)
	list.Flow = !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(w, "\n") })
	return list
}

// serviceKeys is the order in which people write a service.
var serviceKeys = ranks(
	"extends", "image", "build", "pull_policy", "platform", "profiles", "restart", "hostname",
	"entrypoint", "command", "working_dir", "user", "group_add", "init", "tty", "stdin_open",
	"environment", "env_file", "configs", "secrets", "volumes",
	"network_mode", "networks", "links", "extra_hosts", "ports", "expose", "depends_on",
	"healthcheck", "post_start", "pre_stop", "stop_signal", "stop_grace_period",
	"read_only", "privileged", "cap_add", "cap_drop", "security_opt", "pid", "ipc",
	"devices", "shm_size", "sysctls", "ulimits", "deploy", "develop", "logging", "labels", "annotations",
)

var checkKeys = ranks("test", "interval", "timeout", "retries", "start_period", "start_interval")

func ranks(keys ...string) map[string]int {
	m := make(map[string]int, len(keys))
	for i, k := range keys {
		m[k] = i
	}
	return m
}

// reorder sorts the members by rank; members without rank keep their order, behind.
func reorder(v *document.Value, rank map[string]int) {
	of := func(key string) int {
		if r, ok := rank[key]; ok {
			return r
		}
		return len(rank)
	}
	slices.SortStableFunc(v.Members, func(a, b document.Member) int { return of(a.Key) - of(b.Key) })
}

func reorderKeys(v *document.Value, keys []string) {
	if v != nil {
		reorder(v, ranks(keys...))
	}
}

// document writes the service with its members in order.
func (s *service) document() *document.Value {
	v := read(&s.ServiceConfig)
	v.Delete("name")
	if s.Entrypoint != nil {
		v.Set("entrypoint", flow(s.Entrypoint))
	}
	if s.Command != nil {
		v.Set("command", flow(s.Command))
	}
	reorderKeys(v.Get("environment"), s.environment)
	s.shortBuild(v)
	s.shortNetworks(v)
	s.shortDependencies(v)
	s.exposeComments(v)
	if volumes := v.Get("volumes"); volumes != nil {
		for i := range s.Volumes {
			volumes.Items[i].Comment = s.mountComments[s.Volumes[i].Target]
		}
	}
	if check := v.Get("healthcheck"); check != nil {
		reorder(check, checkKeys)
	}
	for _, key := range []string{"cap_add", "cap_drop", "group_add", "profiles"} {
		if list := v.Get(key); list != nil {
			list.Flow = true
		}
	}
	reorder(v, serviceKeys)
	return v
}

// shortBuild writes a build that says nothing but its context as that context.
func (s *service) shortBuild(v *document.Value) {
	if build := v.Get("build"); build != nil && len(build.Members) == 1 && build.Members[0].Key == "context" {
		v.Set("build", build.Members[0].Value)
	}
}

// shortNetworks writes memberships without details as a list of names.
func (s *service) shortNetworks(v *document.Value) {
	if len(s.networks) == 0 {
		return
	}
	m := document.Map()
	names := document.List()
	names.Flow = true
	for _, name := range s.networks {
		member := document.Null()
		if config := s.Networks[name]; config != nil {
			member = read(config)
			if aliases := member.Get("aliases"); aliases != nil {
				aliases.Flow = true
			}
		}
		m.Add(name, member)
		names.Items = append(names.Items, document.String(name))
		if member.Kind != document.KindNull {
			names.Flow = false
		}
	}
	if names.Flow {
		m = names
	}
	v.Set("networks", m)
}

// shortDependencies writes dependencies on mere starts as a list of names.
func (s *service) shortDependencies(v *document.Value) {
	depends := v.Get("depends_on")
	if depends == nil {
		return
	}
	reorderKeys(depends, s.dependencies)
	for _, d := range s.DependsOn {
		if d.Condition != types.ServiceConditionStarted || d.Restart {
			return
		}
	}
	names := document.Strings(s.dependencies...)
	names.Flow = true
	v.Set("depends_on", names)
}

func (s *service) exposeComments(v *document.Value) {
	expose := v.Get("expose")
	if expose == nil {
		return
	}
	expose.Flow = true
	expose.Comment = strings.Join(s.portComments, ", ")
}

// depend adds a dependency; a stronger condition replaces a weaker one.
func (s *service) depend(on, condition string, restart bool) {
	if s.DependsOn == nil {
		s.DependsOn = types.DependsOnConfig{}
	}
	if _, known := s.DependsOn[on]; !known {
		s.dependencies = append(s.dependencies, on)
	}
	s.DependsOn[on] = types.ServiceDependency{Condition: condition, Restart: restart, Required: true}
}

// join makes the service a member of a network; config may be nil.
func (s *service) join(network string, config *types.ServiceNetworkConfig) {
	if s.Networks == nil {
		s.Networks = map[string]*types.ServiceNetworkConfig{}
	}
	if _, known := s.Networks[network]; !known {
		s.networks = append(s.networks, network)
	}
	s.Networks[network] = config
}

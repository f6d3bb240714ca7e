package composeread

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// limits reads what a container may use, from deploy.resources and from the older keys.
func (r *reader) limits(s *composeService) {
	c, at := s.c, s.path+".resources"
	resources := &ir.Resources{}
	limits := &ir.Limits{}
	deploy := s.f.in("deploy").in("resources")
	if s.f.m["deploy"] == nil {
		deploy = newFields(nil, place{})
	}
	of := func(f *fields, key string, older string) (string, place) {
		if f.has(key) {
			if scalar(s.f.m[older]) != "" {
				s.f.take(older)
			}
			return f.text(key), f.at(key)
		}
		if older != "" {
			return s.f.text(older), s.f.at(older)
		}
		return "", place{}
	}
	text, p := of(deploy.in("limits"), "cpus", "cpus")
	limits.CPU = r.cpu(text, p, at+".limits.cpu")
	text, p = of(deploy.in("limits"), "memory", "mem_limit")
	limits.Memory = r.size(text, p, at+".limits.memory")
	text, p = of(deploy.in("limits"), "pids", "pids_limit")
	if n, ok := integer(text); ok && n > 0 {
		limits.Pids = int(n)
		r.positions.Set(at+".limits.pids", p.node())
	} else if text != "" {
		s.f.keep("pids_limit") // no limit
	}
	if text := scalar(deploy.in("reservations").m["cpus"]); text != "" {
		// Compose reserves none, so that it also stays as it is.
		if r.dialect.Stack != nil {
			deploy.in("reservations").take("cpus")
		}
		resources.CPU = r.cpu(text, deploy.in("reservations").at("cpus"), at+".cpu")
	}
	text, p = of(deploy.in("reservations"), "memory", "mem_reservation")
	resources.Memory = r.size(text, p, at+".memory")
	if limits.Memory > 0 && resources.Memory > limits.Memory {
		r.report(diag.Warning, r.dialect.Codes.Clamped, p, at+".memory", "more memory is reserved than the limit allows", "No container gets more than its limit, so that the limit is taken as the reservation.")
		resources.Memory = limits.Memory
	}
	if limits.CPU > 0 && resources.CPU > limits.CPU {
		r.report(diag.Warning, r.dialect.Codes.Clamped, deploy.in("reservations").at("cpus"), at+".cpu", "more CPU is reserved than the limit allows", "No container gets more than its limit, so that the limit is taken as the reservation.")
		resources.CPU = limits.CPU
	}
	if *limits != (ir.Limits{}) {
		resources.Limits = limits
	}
	if *resources != (ir.Resources{}) {
		c.Resources = resources
		r.positions.Set(at, s.f.at("deploy").get("resources").node())
	}
	r.devices(s, deploy.in("reservations"))
	r.kernel(s)
}

func (r *reader) cpu(text string, p place, at string) ir.CPU {
	if text == "" {
		return 0
	}
	cores, err := strconv.ParseFloat(text, 64)
	if err != nil || cores < 0 || cores > 1e6 {
		r.report(diag.Error, r.dialect.Codes.Invalid, p, at, "an amount of CPU is no number of cores: "+text, "Write for instance 0.5.")
		return 0
	}
	r.positions.Set(at, p.node())
	milli := ir.CPU(math.Ceil(cores*1000 - 1e-6))
	if math.Abs(float64(milli)-cores*1000) > 1e-3 {
		r.report(diag.Note, r.dialect.Codes.Rounded, p, at, "an amount of CPU is rounded up to "+milli.String(), "A spec counts in thousandths of a core.")
	}
	return milli
}

func (r *reader) size(text string, p place, at string) ir.Bytes {
	if text == "" {
		return 0
	}
	b, ok := bytesOf(text)
	if !ok {
		r.report(diag.Error, r.dialect.Codes.Invalid, p, at, "a size is not written as "+r.dialect.Title+" reads it: "+text, "Write for instance 512m or 2g.")
		return 0
	}
	r.positions.Set(at, p.node())
	return b
}

// devices reads device nodes and GPUs.
func (r *reader) devices(s *composeService, reservations *fields) {
	list, _ := s.f.m["devices"].([]any)
	for i, entry := range list {
		m, _ := entry.(model)
		d := ir.Device{Host: scalar(m["source"]), Path: scalar(m["target"]), Permissions: scalar(m["permissions"])}
		if !strings.HasPrefix(d.Host, "/") {
			s.keepWhole("devices") // of the container device interface
			continue
		}
		s.f.take("devices")
		if d.Path == d.Host {
			d.Path = ""
		}
		if d.Permissions == "rwm" {
			d.Permissions = ""
		}
		s.c.Devices = append(s.c.Devices, d)
		r.positions.Set(fmt.Sprintf("%s.devices[%d]", s.path, len(s.c.Devices)-1), s.f.at("devices").item(i, len(list)).node())
	}
	if _, carried := s.rest["devices"]; carried {
		s.f.keep("devices")
	}
	for _, requests := range []struct {
		key string
		f   *fields
	}{{"devices", reservations}, {"gpus", s.f}} {
		list, _ := requests.f.m[requests.key].([]any)
		if len(list) != 1 || s.c.GPUs != nil {
			continue
		}
		f := newFields(clone(list[0]), requests.f.at(requests.key).item(0, 1))
		g, whole := r.gpus(f, requests.key == "gpus")
		if g == nil {
			continue
		}
		s.c.GPUs = g
		r.positions.Set(s.path+".gpus", f.place.node())
		if whole {
			requests.f.take(requests.key)
		} else if requests.key == "devices" {
			r.keepReservation(s)
		}
	}
}

func (r *reader) keepReservation(s *composeService) {
	s.rest["deploy"] = mergeModels(s.rest["deploy"], model{"resources": model{"reservations": model{"devices": s.f.m["deploy"].(model)["resources"].(model)["reservations"].(model)["devices"]}}})
}

func (r *reader) gpus(f *fields, gpus bool) (*ir.GPUs, bool) {
	capabilities := texts(f.take("capabilities"))
	if !gpus && !slices.Contains(capabilities, "gpu") {
		return nil, false
	}
	driver := f.text("driver")
	g := &ir.GPUs{Vendor: driver}
	if !slices.Contains([]string{"", "nvidia", "amd", "intel"}, driver) {
		g.Vendor = ""
	}
	count, ok := integer(f.take("count"))
	ids := texts(f.m["device_ids"])
	switch {
	case ok && count > 0:
		g.Count = int(count)
	case len(ids) > 0:
		g.Count = len(ids)
		return g, false
	default:
		g.Count = 1 // all of them, which only Docker can count
		return g, false
	}
	return g, len(f.rest()) == 0 && g.Vendor == driver && (gpus || len(capabilities) == 1) && !gpus
}

// kernel reads limits of the kernel.
func (r *reader) kernel(s *composeService) {
	if shm := s.f.text("shm_size"); shm != "" && r.dialect.Stack == nil {
		s.c.Shm = r.size(shm, s.f.at("shm_size"), s.path+".shm")
	}
	ulimits, _ := s.f.take("ulimits").(model)
	for _, name := range s.f.at("ulimits").keys(ulimits) {
		path := ir.JoinPath(s.path+".ulimits", name)
		u := ir.Ulimit{}
		var ok bool
		if m, isMap := ulimits[name].(model); isMap {
			var soft, hard bool
			u.Soft, soft = integer(m["soft"])
			u.Hard, hard = integer(m["hard"])
			if single, one := integer(m["single"]); one {
				u, soft, hard = ir.Ulimit{Soft: single, Hard: single}, true, true
			}
			ok = soft && hard
		} else {
			u.Soft, ok = integer(ulimits[name])
			u.Hard = u.Soft
		}
		if !ok || u.Soft < -1 || u.Hard < -1 {
			s.keepWhole("ulimits")
			continue
		}
		s.c.Ulimits.Set(name, u)
		r.positions.Set(path, s.f.at("ulimits").get(name).node())
	}
	for _, k := range pairs(s.f.take("sysctls"), s.f.at("sysctls")) {
		s.c.Sysctls.Set(k.key, k.value)
		r.setKeyed(ir.JoinPath(s.path+".sysctls", k.key), k.place, k.key, k.value)
	}
}

// deploy reads how many there are, where, and how they are replaced. What Compose
// itself has no use for stays as it is too: the Compose file keeps it.
func (r *reader) deploy(s *composeService) {
	if r.dialect.Stack != nil {
		r.stackDeploy(s)
		return
	}
	r.platform(s)
	f := s.f.in("deploy")
	if s.f.m["deploy"] == nil {
		f = newFields(nil, place{})
	}
	if s.role != ir.Main {
		return
	}
	r.kind(s, f)
	r.replicas(s, f)
	r.placement(s, f.in("placement"))
	r.update(s, f.in("update_config"))
	if f.m["mode"] == "replicated" {
		f.take("mode")
	}
}

func (r *reader) kind(s *composeService, f *fields) {
	switch {
	case s.cron != nil:
		r.cronKind(s)
	case s.completed:
		s.w.Kind = ir.Job
	case f.m["mode"] == "global":
		s.w.Kind = ir.Daemon
		r.positions.Set(s.path+".kind", f.at("mode").node())
	}
}

func (r *reader) replicas(s *composeService, f *fields) {
	n, ok := integer(f.m["replicas"])
	p := f.at("replicas")
	if older, has := integer(s.f.m["scale"]); has {
		n, ok, p = older, true, s.f.at("scale")
	}
	if !ok || n < 0 {
		return
	}
	count := int(n)
	switch {
	case s.w.KindOrDefault() == ir.Service:
		if count != 1 {
			s.w.Replicas = &count
			r.positions.Set(s.path+".replicas", p.node())
		}
	case s.w.Kind == ir.Job && count > 0:
		if count > 1 {
			s.w.Job = &ir.JobSettings{Completions: count, Parallel: count}
			r.positions.Set(s.path+".job.completions", p.node())
		}
	default:
		return
	}
	f.take("replicas")
	s.f.take("scale")
}

// placement reads constraints on labels of nodes; the others are Swarm's own.
func (r *reader) placement(s *composeService, f *fields) {
	constraints := texts(f.m["constraints"])
	for i, constraint := range constraints {
		rule, ok := nodeRule(constraint)
		if !ok {
			continue
		}
		placement(s).Require = append(placement(s).Require, rule)
		r.positions.Set(fmt.Sprintf("%s.placement.require[%d]", s.path, len(placement(s).Require)-1), f.at("constraints").item(i, len(constraints)).node())
	}
	preferences, _ := f.m["preferences"].([]any)
	for i, entry := range preferences {
		m, _ := entry.(model)
		if label, ok := strings.CutPrefix(scalar(m["spread"]), "node.labels."); ok && label != "" {
			placement(s).Spread = append(placement(s).Spread, label)
			r.positions.Set(fmt.Sprintf("%s.placement.spread[%d]", s.path, len(placement(s).Spread)-1), f.at("preferences").item(i, len(preferences)).node())
		}
	}
}

func placement(s *composeService) *ir.Placement {
	if s.w.Placement == nil {
		s.w.Placement = &ir.Placement{}
	}
	return s.w.Placement
}

func nodeRule(constraint string) (ir.NodeRule, bool) {
	for _, operator := range []string{"==", "!="} {
		label, value, ok := strings.Cut(constraint, operator)
		if !ok {
			continue
		}
		label, isLabel := strings.CutPrefix(strings.TrimSpace(label), "node.labels.")
		value = strings.TrimSpace(value)
		if !isLabel || label == "" || value == "" || strings.ContainsAny(label+value, " []") {
			return ir.NodeRule{}, false
		}
		return ir.NodeRule{Label: label, Operator: operator, Values: []string{value}}, true
	}
	return ir.NodeRule{}, false
}

// update reads how Swarm replaces replicas, which Compose does not heed.
func (r *reader) update(s *composeService, f *fields) {
	if len(f.m) == 0 || s.w.RunsToCompletion() {
		return
	}
	u := &ir.Update{}
	if order := scalar(f.m["order"]); order == "start-first" || order == "stop-first" {
		u.Order = order
	}
	if n, ok := integer(f.m["parallelism"]); ok && n > 0 {
		u.Parallel = ir.Amount{Value: int(n)}
	}
	at := s.path + ".update"
	if text := scalar(f.m["delay"]); text != "" {
		u.Delay, _ = r.duration(text, f.at("delay"), at+".delay")
	}
	if text := scalar(f.m["monitor"]); text != "" {
		u.Healthy, _ = r.duration(text, f.at("monitor"), at+".healthy")
	}
	u.Rollback = scalar(f.m["failure_action"]) == "rollback"
	if *u != (ir.Update{}) {
		s.w.Update = u
		r.positions.Set(at, f.place.node())
	}
}

// platform reads for what the image is made.
func (r *reader) platform(s *composeService) {
	text := scalar(s.f.m["platform"])
	parts := strings.Split(text, "/")
	if text == "" || s.role != ir.Main || parts[0] != "linux" && parts[0] != "windows" {
		return
	}
	arches := []string{"amd64", "arm64", "arm", "386", "ppc64le", "s390x", "riscv64"}
	if len(parts) == 2 && slices.Contains(arches, parts[1]) && parts[0] == "linux" {
		s.f.take("platform")
	}
	p := placement(s)
	p.OS = parts[0]
	if len(parts) > 1 && slices.Contains(arches, parts[1]) {
		p.Arch = parts[1]
		if parts[0] == "linux" {
			p.OS = ""
		}
	}
	r.positions.Set(s.path+".placement", s.f.at("platform").node())
	if w := r.variables.written[s.f.at("platform").node()]; w != nil {
		w.used = false
	}
}

// restart reads what happens when the process ends. Compose starts nothing again
// unless it is told to.
func (r *reader) restart(s *composeService) {
	if s.role != ir.Main {
		r.restartWithin(s)
		return
	}
	if r.dialect.Stack != nil {
		r.stackRestart(s)
		return
	}
	policy, attempts, _ := strings.Cut(s.f.text("restart"), ":")
	p := s.f.at("restart")
	restart := &ir.Restart{}
	if swarm := s.f.in("deploy").in("restart_policy"); s.f.m["deploy"] != nil && len(swarm.m) > 0 {
		policy, attempts = r.swarmRestart(s, swarm, restart)
		s.f.keep("restart") // which has no effect beside the other
		p = swarm.place
	}
	r.positions.Set(s.path+".restart", p.node())
	count, _ := strconv.Atoi(attempts)
	switch policy {
	case "", "no", "false", "none":
		restart.Policy = "never"
	case "on-failure":
		restart.Policy, restart.Attempts = policy, max(count, 0)
	default:
		restart.Policy = policy
	}
	switch {
	case s.w.RunsToCompletion():
		r.restartJob(s, restart, p)
	case *restart != (ir.Restart{Policy: "unless-stopped"}):
		s.w.Restart = restart
	}
}

func (r *reader) swarmRestart(s *composeService, f *fields, restart *ir.Restart) (policy, attempts string) {
	at := s.path + ".restart"
	if text := scalar(f.m["delay"]); text != "" {
		restart.Delay, _ = r.duration(text, f.at("delay"), at+".delay")
	}
	if text := scalar(f.m["window"]); text != "" {
		restart.Window, _ = r.duration(text, f.at("window"), at+".window")
	}
	if n, ok := integer(f.m["max_attempts"]); ok && n > 0 {
		attempts = fmt.Sprint(n)
		restart.Attempts = int(n)
	}
	switch condition := scalar(f.m["condition"]); condition {
	case "none", "on-failure", "unless-stopped":
		return condition, attempts
	}
	return "always", attempts
}

// restartJob reads how often a job is tried. One that is kept running can never end.
func (r *reader) restartJob(s *composeService, restart *ir.Restart, p place) {
	switch restart.Policy {
	case "never":
		return
	case "on-failure":
		if restart.Attempts > 0 {
			if s.w.Job == nil {
				s.w.Job = &ir.JobSettings{}
			}
			s.w.Job.Retries = &restart.Attempts
			r.positions.Set(s.path+".job.retries", p.node())
			return
		}
		s.w.Restart = &ir.Restart{Policy: restart.Policy}
	default:
		r.report(diag.Warning, r.dialect.Codes.Order, p, s.path+".restart", "others wait for the end of "+s.name+", which is started again whenever it ends", "It is read as a job, which ends. The policy stays as it is for "+r.dialect.Title+".")
		s.keepWhole("restart")
	}
}

// restartWithin weighs the policy of a further container, which has that of its
// workload, or of an init container's form.
func (r *reader) restartWithin(s *composeService) {
	own, main := scalar(s.f.m["restart"]), scalar(s.main.f.m["restart"])
	none := func(p string) bool { return p == "" || p == "no" }
	switch {
	case s.role == ir.Init && (own == r.dialect.InitRestart(s.w) || none(own) && r.dialect.InitRestart(s.w) == "no"):
		s.f.take("restart")
	case s.role == ir.Sidecar && (own == main || none(own) && none(main)):
		s.f.take("restart")
	case s.role == ir.Sidecar && own == "":
		s.rest["restart"] = "no"
	}
}

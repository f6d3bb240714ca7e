package ir

import (
	"fmt"
	"slices"
)

func (v *verifier) workload(path, name string, w *Workload) {
	v.kindFields(path, w)
	v.scale(path, w)
	v.needs(path, name, w)
	v.portClashes(path, name, w)
	if w.Stateful && w.KindOrDefault() != Service {
		v.add(CodeMisplaced, path+".stateful", fmt.Sprintf("a %s cannot be stateful", w.Kind), "Only a service has replicas with identities.")
	}
	for i := range w.Networks {
		n := &w.Networks[i]
		if !v.app.Networks.Has(n.Key) && n.Key != "default" {
			v.unknown(JoinPath(path+".networks", n.Key), "network", n.Key, v.app.Networks.Keys(), "Declare it under networks.")
		}
	}
	for i := range w.Publish {
		if _, ok := v.ports[name][w.Publish[i].Key]; !ok {
			v.unknown(JoinPath(path+".publish", w.Publish[i].Key), "port", w.Publish[i].Key, v.portNames(name), "Publish names a port that a container of the workload declares under ports.")
		}
		if p := w.Publish[i].Value; p.Port == 0 && p.Range == "" {
			v.add(CodeMissing, JoinPath(path+".publish", w.Publish[i].Key), "neither a port nor a range is given", "Say under which number the port is reached from outside.")
		}
	}
	v.peers(path+".egress", w.Egress, false)
	v.peers(path+".ingress", w.Ingress, true)
	EachContainer(w, path, func(at, _ string, role Role, c *Container) { v.container(at, name, role, w, c) })
}

func (v *verifier) kindFields(path string, w *Workload) {
	kind := w.KindOrDefault()
	misplaced := func(set bool, field, allowed string) {
		if set {
			v.add(CodeMisplaced, path+"."+field, fmt.Sprintf("a %s has no %s", kind, field), fmt.Sprintf("The field belongs to %s. Change the kind, or take the field out.", allowed))
		}
	}
	misplaced(w.Schedule != nil && kind != Cron, "schedule", "kind: cron")
	misplaced(w.Job != nil && kind != Cron && kind != Job, "job", "kind: job and kind: cron")
	misplaced(w.Replicas != nil && kind != Service, "replicas", "kind: service")
	misplaced(w.Scale != nil && kind != Service, "scale", "kind: service")
	misplaced(w.Update != nil && w.RunsToCompletion(), "update", "kind: service and kind: daemon")
	misplaced(w.Disruption != nil && kind != Service, "disruption", "kind: service")
	if kind == Cron && w.Schedule == nil {
		v.add(CodeMissing, path, "a cron workload needs a schedule", `Add for instance schedule: {cron: "15 3 * * *"}.`)
	}
	if w.Schedule != nil {
		if err := checkCron(w.Schedule.Cron); err != "" {
			v.add(CodeConflict, path+".schedule.cron", err, "Five fields: minute, hour, day of month, month, day of week.")
		}
	}
	if w.RunsToCompletion() && w.Restart != nil && (w.Restart.Policy == "always" || w.Restart.Policy == "unless-stopped") {
		v.add(CodeConflict, path+".restart.policy", fmt.Sprintf("a %s ends by itself and cannot be restarted %q", kind, w.Restart.Policy), "Use on-failure or never, or make it a service.")
	}
}

func (v *verifier) scale(path string, w *Workload) {
	if w.Scale == nil {
		return
	}
	if w.Replicas != nil {
		p := v.add(CodeConflict, path+".replicas", "both replicas and scale choose the number of replicas", "Keep one of them.")
		p.Other = path + ".scale"
	}
	if w.Scale.Min > w.Scale.Max {
		v.add(CodeConflict, path+".scale.min", fmt.Sprintf("min %d is more than max %d", w.Scale.Min, w.Scale.Max), "Exchange the two.")
	}
	for _, target := range []struct {
		name     string
		percent  int
		reserved bool
	}{
		{"cpu", w.Scale.CPU, w.Resources != nil && w.Resources.CPU > 0},
		{"memory", w.Scale.Memory, w.Resources != nil && w.Resources.Memory > 0},
	} {
		if target.percent > 0 && !target.reserved {
			v.add(CodeMissing, path+".scale."+target.name, fmt.Sprintf("the target is a share of the %s reservation, and none is made", target.name),
				fmt.Sprintf("Add resources: {%s: …} to the workload.", target.name))
		}
	}
}

func (v *verifier) needs(path, name string, w *Workload) {
	for i := range w.Needs {
		need := &w.Needs[i]
		at := JoinPath(path+".needs", need.Key)
		other := v.workloads[need.Key]
		switch {
		case other == nil:
			v.unknown(at, "workload", need.Key, v.app.Workloads.Keys(), "needs names other workloads of the app.")
		case need.Key == name:
			v.add(CodeCycle, at, "the workload waits for itself", "Take the need out.")
		case need.Value == Completed && other.KindOrDefault() != Job:
			v.add(CodeConflict, at, fmt.Sprintf("%q is a %s and never completes", need.Key, other.KindOrDefault()), "Only a job completes; wait for started or ready.")
		case need.Value != Completed && other.KindOrDefault() == Cron:
			v.add(CodeConflict, at, fmt.Sprintf("%q is started by the clock, so nothing can wait for it", need.Key), "Take the need out.")
		}
	}
}

func (v *verifier) portNames(workload string) []string {
	var names []string
	for name := range v.ports[workload] {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// portClashes finds two ports of one name or of one number: the containers of a
// workload share a network.
func (v *verifier) portClashes(path, name string, w *Workload) {
	type number struct {
		port     int
		protocol string
	}
	byNumber, byName := map[number]string{}, map[string]string{}
	EachContainer(w, path, func(at, _ string, role Role, c *Container) {
		for i := range c.Ports {
			p := &c.Ports[i]
			here, key := JoinPath(at+".ports", p.Key), number{p.Value.Port, p.Value.ProtocolOrDefault()}
			if role == Init {
				continue // it has ended before the others listen
			}
			if there, taken := byNumber[key]; taken {
				v.add(CodePortClash, here, fmt.Sprintf("%d/%s is listened on twice in the workload", key.port, key.protocol), "The containers of a workload share a network. Let one of them listen on another number.").Other = there
			}
			if there, taken := byName[p.Key]; taken {
				v.add(CodePortClash, here, fmt.Sprintf("two ports of the workload are called %q", p.Key), "Rename one of them: routes, publish and references name ports of the workload.").Other = there
			}
			byNumber[key], byName[p.Key] = here, here
		}
	})
}

func (v *verifier) peers(path string, list *PeerList, ingress bool) {
	if list == nil {
		return
	}
	for i, p := range list.Peers {
		at := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case p.Workload != "" && v.workloads[p.Workload] == nil:
			candidates := append(v.app.Workloads.Keys(), v.app.Endpoints.Keys()...)
			v.unknown(at, "workload or endpoint", p.Workload, candidates, "A peer is a workload, an endpoint, host:port or a CIDR.")
		case p.Endpoint != "" && (ingress || !v.app.Endpoints.Has(p.Endpoint)):
			v.unknown(at, "workload", p.Endpoint, v.app.Workloads.Keys(), "An endpoint is something that the app reaches; it cannot be a source.")
		case p.Route != "" && (!ingress || !v.app.Routes.Has(p.Route)):
			v.unknown(at, "route", p.Route, v.app.Routes.Keys(), "Routes can stand in ingress only.")
		}
	}
}

// checkCron returns what is wrong with a cron expression of five fields, "" when
// nothing is.
func checkCron(s string) string {
	fields := splitFields(s)
	if len(fields) != 5 {
		return fmt.Sprintf("%q has %d fields instead of five", s, len(fields))
	}
	bounds := [5][2]int{{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 7}}
	names := [5]string{"minute", "hour", "day of month", "month", "day of week"}
	for i, f := range fields {
		if !validCronField(f, bounds[i][0], bounds[i][1], i >= 3) {
			return fmt.Sprintf("%q is no %s", f, names[i])
		}
	}
	return ""
}

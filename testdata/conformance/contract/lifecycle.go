package contract

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// lifecycle is how containers come, stay and go.
func lifecycle() *Chapter {
	return &Chapter{Name: "lifecycle", Title: "Starting, staying, stopping", Scenes: []Scene{health(), needs(), stopping(), restarts()}}
}

func health() Scene {
	return Scene{
		Concept: "health",
		Spec: `
workloads:
  gate:
    replicas: 2
    ports: {http: 8080}
    health: {ready: {http: {port: http, path: /readyz}, every: 1s, timeout: 2s, failures: 2}}
  gate-caller:
    env: {GATE: "http://${workloads.gate.host}:${workloads.gate.ports.http}/who"}
  lively:
    ports: {http: 8080}
    health: {live: {http: {port: http, path: /livez}, every: 1s, timeout: 2s, failures: 2}}
  lively-exec:
    health: {live: {exec: [/probe, get, "http://127.0.0.1:8080/livez"], every: 2s, timeout: 2s, failures: 2}}
  slow-start:
    ports: {http: 8080}
    env: {PROBE_DELAY: "10", PROBE_STATE: /state}
    security: {user: 0, group: 0}
    mounts: {/state: {scratch: 16Mi}}
    health:
      startup: {http: {port: http, path: "/healthz?if-header=X-Probe:mine&if-host=web.internal", host: web.internal, headers: {X-Probe: mine}}, every: 1s, timeout: 2s, failures: 40}
      live: {http: {port: http, path: /healthz}, every: 1s, timeout: 2s, failures: 1}
  slow-answers:
    ports: {http: 8080}
    env: {PROBE_STATE: /state}
    security: {user: 0, group: 0}
    mounts: {/state: {scratch: 16Mi}}
    health:
      ready: {http: {port: http, path: "/slow?s=1.5"}, every: 3s, timeout: 5s, failures: 2}
      live: {http: {port: http, path: "/slow?s=1.5"}, every: 3s, timeout: 5s, failures: 2}
  asked-by-exec:
    health: {ready: {exec: [/probe, get, "http://127.0.0.1:8080/readyz"], every: 1s, timeout: 3s}}
  asked-by-tcp:
    ports: {http: 8080}
    health: {ready: {tcp: {port: http}, every: 1s, timeout: 2s}}
`,
		Rows: []Row{
			{Name: "ready-no-traffic", Says: "A replica that says that it is not ready gets no traffic, and gets it again when it is.",
				Facts: []string{"workloads.gate.health.ready.http"}, Check: readyGate,
				Otherwise: map[string]Otherwise{
					"compose": differs("an unready replica keeps its traffic", func(o *Observer) { gateStaysOpen(o) }),
					"nomad":   differs("discovery goes on listing a replica whose check fails", func(o *Observer) { gateStaysOpen(o) }),
				}},
			{Name: "ready-no-restart", Says: "A replica that is not ready is not restarted.", Facts: []string{"workloads.asked-by-exec.health.ready"}, Atlas: []int{20},
				Check: func(o *Observer) {
					before := o.Report("asked-by-exec").Started
					o.Eventually(30*time.Second, "it is ready", func() bool { return o.Instance("asked-by-exec").Ready })
					o.Tell("asked-by-exec", "/ready?v=0")
					o.Eventually(20*time.Second, "it is seen as unready", func() bool { return !o.Instance("asked-by-exec").Ready })
					time.Sleep(8 * time.Second)
					o.Equal("start", o.Report("asked-by-exec").Started, before)
				}},
			{Name: "ready-tcp", Says: "A readiness probe can ask by a connection.", Facts: []string{"workloads.asked-by-tcp.health.ready"},
				Check: func(o *Observer) {
					o.Eventually(30*time.Second, "it is ready", func() bool { return o.Instance("asked-by-tcp").Ready })
				},
				Otherwise: map[string]Otherwise{"compose": unseen("nc is in the image"), "nomad": unseen("discovery's list")}},
			{Name: "live-restarts", Says: "A container that says that it is not alive is restarted.", Facts: []string{"workloads.lively.health.live"}, Check: dies("lively", 50*time.Second)},
			{Name: "live-exec", Says: "A liveness probe can ask by a command.", Facts: []string{"workloads.lively-exec.health.live"}, Check: dies("lively-exec", 50*time.Second)},
			{Name: "startup-protects", Says: "As long as the startup probe has not said yes, the liveness probe does not count.",
				Facts: []string{"workloads.slow-start.health.startup"}, Atlas: []int{20, 21},
				Check: func(o *Observer) {
					o.Equal("starts", o.Report("slow-start").Starts, 1)
					time.Sleep(6 * time.Second)
					o.Equal("starts", o.Report("slow-start").Starts, 1)
				},
				Otherwise: map[string]Otherwise{
					"compose": unseen("wget is in the image, and nothing kills what is not alive"),
					"nomad":   unseen("the time that it allows is given to the liveness probe"),
				}},
			{Name: "probe-timeout", Says: "An answer within the probe's timeout counts, however slow it is.", Facts: []string{"workloads.slow-answers.health"}, Atlas: []int{19},
				Check: func(o *Observer) {
					o.Eventually(40*time.Second, "it is ready", func() bool { return o.Instance("slow-answers").Ready })
					time.Sleep(10 * time.Second)
					o.Equal("starts", o.Report("slow-answers").Starts, 1)
				},
				Otherwise: map[string]Otherwise{
					"compose": unseen("the liveness probe is not asked"),
					"nomad":   unseen("the number of failures of the readiness probe"),
				}},
		},
	}
}

func readyGate(o *Observer) {
	gate := closedGate(o)
	o.Eventually(40*time.Second, "only the other replica answers", func() bool {
		hosts := o.answered("gate-caller", o.Report("gate-caller").Env["GATE"], 12)
		return len(hosts) == 1 && hosts[gate] == 0
	})
	for _, i := range o.Instances("gate") {
		_, _, _ = o.Ask(i, 8080, "/ready?v=1")
	}
	o.Eventually(40*time.Second, "both replicas answer again", func() bool {
		return len(o.answered("gate-caller", o.Report("gate-caller").Env["GATE"], 12)) == 2
	})
}

// closedGate makes one replica unready and returns its host name: one that the caller is led to, where it is led to one.
func closedGate(o *Observer) (gate string) {
	for _, i := range o.Instances("gate") {
		_, _, _ = o.Ask(i, 8080, "/ready?v=1") // an earlier look may have left one closed
	}
	o.Eventually(60*time.Second, "both replicas run and are ready", func() bool {
		list := o.Instances("gate")
		return len(list) == 2 && list[0].Ready && list[1].Ready
	})
	led := o.answered("gate-caller", o.Report("gate-caller").Env["GATE"], 12)
	for _, i := range o.Instances("gate") {
		_, body, err := o.Ask(i, 8080, "/who")
		o.True(err == nil, "%v", err)
		if gate = hostIn(body); led[gate] > 0 {
			_, _, err = o.Ask(i, 8080, "/ready?v=0")
			o.True(err == nil, "%v", err)
			return gate
		}
	}
	o.Fail("the caller is led to %v, none of the replicas", led)
	return ""
}

func gateStaysOpen(o *Observer) {
	gate := closedGate(o)
	time.Sleep(8 * time.Second)
	all := map[string]int{}
	o.Eventually(40*time.Second, "the unready replica still gets traffic", func() bool {
		for host, n := range o.answered("gate-caller", o.Report("gate-caller").Env["GATE"], 12) {
			all[host] += n
		}
		return all[gate] > 0
	})
	for _, i := range o.Instances("gate") {
		_, _, _ = o.Ask(i, 8080, "/ready?v=1")
	}
}

func hostIn(body []byte) string {
	_, rest, _ := strings.Cut(string(body), `"hostname":"`)
	host, _, _ := strings.Cut(rest, `"`)
	return host
}

// dies makes the app say that it is not alive, and waits for another start.
func dies(workload string, within time.Duration) func(*Observer) {
	return func(o *Observer) {
		before := o.Report(workload).Started
		o.Tell(workload, "/live?v=0")
		o.Eventually(within, "it has been started again", func() bool { return o.alive(workload) > before })
	}
}

// alive is when the newest instance was started, 0 when none answers.
func (o *Observer) alive(workload string) int64 {
	list := o.Instances(workload)
	if len(list) == 0 {
		return 0
	}
	_, body, err := o.Ask(list[len(list)-1], 8080, "/who")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(body), `"started":`)
	rest = strings.FieldsFunc(rest+" ", func(r rune) bool { return r < '0' || r > '9' })[0]
	started, _ := strconv.ParseInt(rest, 10, 64)
	return started
}

func needs() Scene {
	return Scene{
		Concept: "needs",
		Spec: `
workloads:
  base:
    ports: {http: 8080}
    env: {PROBE_DELAY: "6"}
    health: {ready: {http: {port: http, path: /readyz}, every: 1s, timeout: 2s, failures: 3}}
  after-ready: {needs: {base: ready}}
  after-started: {needs: {base: started}}
  prepare: {kind: job, args: [do, sleep, "4", ",", report, ",", sleep, "3"]}
  after-completed: {needs: {prepare: completed}}
`,
		Rows: []Row{
			{Name: "needs-ready", Says: "A workload that needs another to be ready starts after that.", Facts: []string{"workloads.after-ready.needs"}, Atlas: []int{22},
				Check: func(o *Observer) {
					base, after := o.Report("base").Started, o.Report("after-ready").Started
					o.True(after >= base+6000, "it started %d ms after the other one, which was ready after 6000 at the earliest", after-base)
				}},
			{Name: "needs-started", Says: "A workload that needs another to be started does not start before it.", Facts: []string{"workloads.after-started.needs"}, Atlas: []int{22},
				Check: func(o *Observer) {
					base, after := o.Report("base").Started, o.Report("after-started").Started
					o.True(after >= base, "it started %d ms before the other one", base-after)
				}},
			{Name: "needs-completed", Says: "A workload that needs a job starts after the job has ended well.", Facts: []string{"workloads.after-completed.needs"}, Atlas: []int{22},
				Check: func(o *Observer) {
					done, after := o.Reported("prepare", "").Now, o.Report("after-completed").Started
					o.True(after >= done, "it started %d ms before the job had ended", done-after)
				},
				Otherwise: map[string]Otherwise{"nomad": unseen("runs of an earlier version")}},
		},
	}
}

func stopping() Scene {
	return Scene{
		Concept: "stop, hooks",
		Spec: `
volumes: {stop-signal: {}, stop-grace: {}, stop-patient: {}, stop-before: {}}
workloads:
  stop-signal:
    env: {PROBE_STATE: /state}
    mounts: {/state: {volume: stop-signal}}
    security: {user: 0, group: 0}
    stop: {signal: SIGUSR1}
  stop-grace:
    env: {PROBE_STATE: /state, PROBE_SIGNAL: ignore}
    mounts: {/state: {volume: stop-grace}}
    security: {user: 0, group: 0}
    stop: {grace: 4s}
  stop-patient:
    env: {PROBE_STATE: /state, PROBE_SIGNAL: ignore}
    mounts: {/state: {volume: stop-patient}}
    security: {user: 0, group: 0}
    stop: {grace: 33s}
  stop-before:
    env: {PROBE_STATE: /state}
    mounts: {/state: {volume: stop-before}}
    security: {user: 0, group: 0}
    stop: {grace: 10s, before: {exec: [/probe, do, mark, /state/before, 'a$$b $$(HOME)', ",", sleep, "1"]}}
  hooked:
    env: {PROBE_STATE: /state}
    security: {user: 0, group: 0}
    mounts: {/state: {scratch: 16Mi}}
    hooks: {afterStart: {exec: [/probe, mark, /state/after, 'a$$b $$(HOME) $$$$(X)']}}
`,
		Rows: []Row{
			{Name: "stop-signal", Says: "The process is asked to end by the signal that is said.", Facts: []string{"workloads.stop-signal.stop.signal"},
				Check: func(o *Observer) {
					o.stop("stop-signal")
					o.Eventually(60*time.Second, "the signal has come", func() bool {
						return strings.Contains(strings.Join(o.Report("stop-signal").Signals, "\n"), "SIGUSR1")
					})
				},
				Otherwise: map[string]Otherwise{"kubernetes": differs("clusters without the feature gate send the signal of the image", func(o *Observer) {
					o.stop("stop-signal")
					o.Eventually(60*time.Second, "a signal has come", func() bool {
						text := strings.Join(o.Report("stop-signal").Signals, "\n")
						return strings.Contains(text, "SIGUSR1") || strings.Contains(text, "SIGTERM")
					})
				})}},
			{Name: "stop-grace", Says: "A process that does not end is killed after its grace, and not before.", Facts: []string{"workloads.stop-grace.stop.grace"},
				Check: lives("stop-grace", 3500, 7000)},
			{Name: "stop-grace-long", Says: "A grace of more than half a minute is kept too.", Facts: []string{"workloads.stop-patient.stop.grace"}, Atlas: []int{25},
				Check:     lives("stop-patient", 32000, 37000),
				Otherwise: map[string]Otherwise{"nomad": differs("30s at the latest", lives("stop-patient", 28000, 31800))}},
			{Name: "stop-before", Says: "The hook runs to its end before the signal is sent, with its words as they are.", Facts: []string{"workloads.stop-before.stop.before"}, Atlas: []int{9},
				Check: func(o *Observer) {
					o.stop("stop-before")
					o.Eventually(60*time.Second, "both marks are there", func() bool {
						return len(o.Report("stop-before").Signals) > 0 && o.Stat("stop-before", "/state/before").Err == ""
					})
					text := o.Stat("stop-before", "/state/before").Text()
					o.True(strings.HasSuffix(strings.TrimSpace(text), " a$b $(HOME)"), "the mark is %q", text)
					o.True(stamp(o.Report("stop-before").Signals[0]) >= stamp(text)+900, "the signal came before the hook had ended")
				}},
			{Name: "hook-after-start", Says: "The hook runs when the container has been started, with its words as they are.", Facts: []string{"workloads.hooked.hooks.afterStart"}, Atlas: []int{9},
				Check: func(o *Observer) {
					o.Eventually(30*time.Second, "the mark is there", func() bool { return o.Stat("hooked", "/state/after").Err == "" })
					text := o.Stat("hooked", "/state/after").Text()
					o.True(strings.HasSuffix(strings.TrimSpace(text), " a$b $(HOME) $$(X)"), "the mark is %q", text)
				},
				Otherwise: map[string]Otherwise{"nomad": unseen("that it runs in a container of its own, with the same mounts")}},
		},
	}
}

// stop has a replica replaced, and waits for its successor.
func (o *Observer) stop(workload string) {
	before := o.Report(workload).Started
	if err := o.Platform.Stop(o.Deployment, o.Instance(workload)); err != nil {
		o.Fail("stopping: %v", err)
	}
	o.Eventually(100*time.Second, workload+" runs again", func() bool { return o.alive(workload) > before })
}

// lives says that a process which ignores the signal lives on for so many milliseconds.
func lives(workload string, least, most int64) func(*Observer) {
	return func(o *Observer) {
		o.stop(workload)
		var marks []string // grow while the one that was stopped lives on beside its successor
		o.Eventually(60*time.Second, "the process that was stopped is gone", func() bool {
			before := len(marks)
			marks = o.Report(workload).Signals
			time.Sleep(2 * time.Second)
			return len(marks) > 1 && len(marks) == before
		})
		lived := stamp(marks[len(marks)-1]) - stamp(marks[0])
		o.True(lived >= least && lived <= most, "it lived on for %d ms, want %d to %d", lived, least, most)
	}
}

// stamp is the time of a mark, in milliseconds.
func stamp(mark string) int64 {
	var t int64
	fmt.Sscanf(mark, "%d", &t)
	return t
}

func restarts() Scene {
	return Scene{
		Concept: "restart",
		Spec: `
workloads:
  kept: {security: {user: 0, group: 0}, env: {PROBE_STATE: /state}, mounts: {/state: {scratch: 16Mi}}}
  kept-clean: {security: {user: 0, group: 0}, env: {PROBE_STATE: /state}, mounts: {/state: {scratch: 16Mi}}}
  never: {restart: {policy: never}}
  on-failure: {restart: {policy: on-failure}}
  on-failure-clean: {restart: {policy: on-failure}}
`,
		Rows: []Row{
			{Name: "restart-default", Says: "A service that ends is started again, whether it has failed or not.",
				Facts: []string{"workloads.kept.image", "workloads.kept-clean.image"}, Atlas: []int{23},
				Check: func(o *Observer) { o.ends("kept", 1, true); o.ends("kept-clean", 0, true) }},
			{Name: "restart-never", Says: "With the policy never, what has ended stays ended.", Facts: []string{"workloads.never.restart.policy"},
				Check: func(o *Observer) { o.ends("never", 1, false) }},
			{Name: "restart-on-failure", Says: "With the policy on-failure, what has failed is started again.", Facts: []string{"workloads.on-failure.restart.policy"},
				Check:     func(o *Observer) { o.ends("on-failure", 1, true) },
				Otherwise: map[string]Otherwise{"nomad": unseen("what ends well"), "kubernetes": unseen("what ends well")}},
			{Name: "restart-on-failure-clean", Says: "With the policy on-failure, what has ended well stays ended.", Facts: []string{"workloads.on-failure-clean.restart.policy"},
				Check: func(o *Observer) { o.ends("on-failure-clean", 0, false) },
				Otherwise: map[string]Otherwise{
					"nomad":      differs("it is started again", func(o *Observer) { o.ends("on-failure-clean", 0, true) }),
					"kubernetes": differs("it is started again", func(o *Observer) { o.ends("on-failure-clean", 0, true) }),
				}},
		},
	}
}

// ends has the process end, and looks whether it is started again.
func (o *Observer) ends(workload string, code int, again bool) {
	before := o.Report(workload).Started
	_, _, _ = o.Ask(o.Instance(workload), 8080, "/exit?code="+strconv.Itoa(code))
	if again {
		o.Eventually(60*time.Second, workload+" has been started again", func() bool { return o.alive(workload) > before })
		return
	}
	for deadline := time.Now().Add(25 * time.Second); time.Now().Before(deadline); time.Sleep(time.Second) {
		o.True(o.alive(workload) <= before, "%s has been started again", workload)
	}
}

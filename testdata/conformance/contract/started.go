package contract

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/decamp-dev/decamp/testdata/conformance/contract/platform"
)

// asking is what a platform asks of a container, and has it do.
func asking() *Chapter {
	return &Chapter{Name: "asking", Title: "What a container is asked", Scenes: []Scene{questions(), requests()}}
}

// questions are what a probe can be told besides where it asks.
func questions() Scene {
	return Scene{
		Concept: "health",
		Spec: `
workloads:
  asked-with-header:
    ports: {http: 8080}
    health: {ready: {http: {port: http, path: "/readyz?if-header=X-Probe:mine&if-host=web.internal", host: web.internal, headers: {X-Probe: mine}}, every: 1s, timeout: 3s}}
  begins-by-exec:
    env: {PROBE_DELAY: "12"}
    health: {startup: {exec: [/probe, get, "http://127.0.0.1:8080/healthz"], every: 1s, timeout: 3s, failures: 40}}
  begins-by-tcp:
    ports: {http: 8080}
    env: {PROBE_DELAY: "12"}
    health: {startup: {tcp: {port: http}, every: 1s, timeout: 3s, failures: 40}}
  lively-tcp:
    ports: {http: 8080}
    env: {PROBE_STATE: /state}
    security: {user: 0, group: 0}
    mounts: {/state: {scratch: 16Mi}}
    health: {live: {tcp: {port: http}, every: 1s, timeout: 2s, failures: 2}}
  asked-late:
    ports: {http: 8080}
    health: {ready: {http: {port: http, path: /readyz}, every: 1s, timeout: 3s, delay: 10s}}
  dead-at-first:
    ports: {http: 8080}
    env: {PROBE_STATE: /state}
    security: {user: 0, group: 0}
    mounts: {/state: {scratch: 16Mi}}
    health: {live: {http: {port: http, path: "/after?s=8&if-header=X-Probe:mine&if-host=web.internal", host: web.internal, headers: {X-Probe: mine}}, every: 1s, timeout: 3s, delay: 12s, failures: 1}}
  asked-thrice:
    ports: {http: 8080}
    health: {ready: {http: {port: http, path: /readyz}, every: 5s, timeout: 3s, successes: 3}}
`,
		Rows: []Row{
			{Name: "probe-header", Says: "A probe by HTTP brings the host name and the headers that are said.", Facts: []string{"workloads.asked-with-header.health.ready.http"},
				Check: func(o *Observer) {
					o.Eventually(30*time.Second, "it is ready", func() bool { return o.Instance("asked-with-header").Ready })
				},
				Otherwise: map[string]Otherwise{"compose": unseen("wget is in the image"), "nomad": unseen("discovery's list"), "swarm": unseen("wget is in the image, and it is ready")}},
			{Name: "startup-exec", Says: "A startup probe can ask by a command: until it has said yes, the container is not ready.", Facts: []string{"workloads.begins-by-exec.health.startup.exec"},
				Check:     startsUnready("begins-by-exec", 8080),
				Otherwise: map[string]Otherwise{"swarm": unseen("that it is asked after the start too")}},
			{Name: "startup-tcp", Says: "A startup probe can ask by a connection.", Facts: []string{"workloads.begins-by-tcp.health.startup.tcp"},
				Check:     startsUnready("begins-by-tcp", 8080),
				Otherwise: map[string]Otherwise{"compose": unseen("nc is in the image"), "swarm": unseen("nc is in the image, and that it is asked after the start too")}},
			{Name: "live-tcp", Says: "A liveness probe can ask by a connection.", Facts: []string{"workloads.lively-tcp.health.live.tcp"},
				Check: func(o *Observer) {
					before := o.Report("lively-tcp").Started
					o.Tell("lively-tcp", "/deaf")
					o.Eventually(50*time.Second, "it has been started again", func() bool { return o.alive("lively-tcp") > before })
				},
				Otherwise: map[string]Otherwise{
					"swarm": unseen("nc is in the image"),
					"compose": differs("nobody starts it again", func(o *Observer) { // and then the next look finds it
						before := o.alive("lively-tcp")
						if before != 0 {
							o.Tell("lively-tcp", "/deaf")
						}
						time.Sleep(20 * time.Second)
						o.Equal("start", o.alive("lively-tcp"), int64(0))
					})}},
			{Name: "ready-delay", Says: "With a delay the readiness probe first asks after it.", Facts: []string{"workloads.asked-late.health.ready.delay"},
				Check: func(o *Observer) {
					waited := o.firstAsked("asked-late", "/readyz")
					o.True(waited >= 9000, "it was asked %d ms after its start", waited)
				},
				Otherwise: map[string]Otherwise{"compose": askedAtOnce, "swarm": askedAtOnce}},
			{Name: "live-delay", Says: "Within the delay of a liveness probe no answer ends the container, and after it one that has the host name and the headers that are said keeps it.", Facts: []string{"workloads.dead-at-first.health.live"},
				Check: func(o *Observer) {
					for r := o.Report("dead-at-first"); r.Now < r.Started+16000; r = o.Report("dead-at-first") {
						time.Sleep(2 * time.Second)
					}
					o.Equal("starts", o.Report("dead-at-first").Starts, 1)
				},
				Otherwise: map[string]Otherwise{"compose": unseen("nothing kills what is not alive"), "swarm": unseen("wget is in the image")}},
			{Name: "ready-successes", Says: "A container is ready only after so many answers as are said, one after the other.", Facts: []string{"workloads.asked-thrice.health.ready.successes"},
				Check: func(o *Observer) {
					// another replica: where a container is started again in its pod, the kubelet goes on counting
					first := o.Instance("asked-thrice")
					o.stop("asked-thrice")
					o.Eventually(60*time.Second, "the next one is ready", func() bool {
						i, found := o.newest("asked-thrice")
						return found && i.Started.After(first.Started) && i.Ready
					})
					times := o.asked("asked-thrice", "/readyz").Times
					o.True(times >= 3, "it was ready after %d answers", times)
				}},
		},
	}
}

var askedAtOnce = differs("it asks from the start on; what fails then does not count", func(o *Observer) {
	waited := o.firstAsked("asked-late", "/readyz")
	o.True(waited < 9000, "it was asked %d ms after its start", waited)
})

type asked struct{ Times, First int64 }

func (o *Observer) asked(workload, path string) (a asked) {
	o.JSON(workload, "/asked?path="+path, &a)
	return a
}

// firstAsked is how many milliseconds after its start a container has first been asked for a path.
func (o *Observer) firstAsked(workload, path string) (waited int64) {
	o.Eventually(60*time.Second, workload+" is asked for "+path, func() bool {
		a := o.asked(workload, path)
		waited = a.First - o.Report(workload).Started
		return a.Times > 0
	})
	return waited
}

// startsUnready has a container start again, and says that it becomes ready, and is not while it does not answer at a port. With
// the port 0 only the end is looked at: it returns as soon as the container is ready.
func startsUnready(workload string, port int) func(*Observer) {
	return func(o *Observer) {
		before := o.Report(workload).Started
		first := o.Instance(workload)
		_, _, _ = o.Ask(first, 8080, "/exit?code=1")
		early := 0 // looks at which it was ready and did not answer; one may be by the list of a moment before
		o.Eventually(90*time.Second, workload+" is ready again", func() bool {
			i, found := o.newest(workload)
			if !found || !i.Started.After(first.Started) || !i.Ready {
				return false
			}
			status, _, err := o.Ask(i, 8080, "/who")
			if port != 0 && (err != nil || status != 200) {
				early++
				o.True(early < 2, "it is ready, and does not answer yet")
			}
			return err == nil && status == 200 && o.alive(workload) > before
		})
	}
}

// newest is the newest running main container of a workload at this moment.
func (o *Observer) newest(workload string) (found platform.Instance, there bool) {
	list, err := o.Platform.Instances(o.Deployment)
	if err != nil {
		o.Fail("%v", err)
	}
	for _, i := range list {
		if i.Workload == workload && i.Container == "" && i.Running && !i.Started.Before(found.Started) {
			found, there = i, true
		}
	}
	return found, there && found.Address != ""
}

// requests are hooks that ask the container itself.
func requests() Scene {
	return Scene{
		Concept: "stop, hooks",
		Spec: `
volumes: {drained: {}}
workloads:
  drained:
    ports: {http: 8080}
    env: {PROBE_STATE: /state}
    mounts: {/state: {volume: drained}}
    security: {user: 0, group: 0}
    stop: {grace: 10s, before: ` + request("/mark?path=/state/before&text=drained", "drain") + `}
`,
		Rows: []Row{
			{Name: "stop-before-http", Says: "The hook can be a request, with the host name and the headers that are said: it is answered before the signal is sent.", Facts: []string{"workloads.drained.stop.before.http"},
				Check: func(o *Observer) {
					o.stop("drained")
					o.Eventually(60*time.Second, "both marks are there", func() bool {
						return len(o.Report("drained").Signals) > 0 && o.Stat("drained", "/state/before").Err == ""
					})
					o.True(stamp(o.Report("drained").Signals[0]) >= stamp(o.Stat("drained", "/state/before").Text()), "the signal came before the request")
				},
				Otherwise: map[string]Otherwise{"compose": unseen("wget is in the image")}},
		},
	}
}

// warmed has a hook that asks the container itself as soon as it is started.
func warmed() Scene {
	return Scene{
		Concept: "hooks",
		Spec: `
workloads:
  warmed:
    ports: {http: 8080}
    security: {user: 0, group: 0}
    hooks: {afterStart: ` + request("/mark?path=/tmp/after&text=warmed", "warm") + `}
`,
		Rows: []Row{
			{Name: "hook-http", Says: "The hook after the start can be a request, with the host name and the headers that are said.", Facts: []string{"workloads.warmed.hooks.afterStart.http"},
				Check: func(o *Observer) {
					o.Eventually(60*time.Second, "the mark is there", func() bool { return o.Stat("warmed", "/tmp/after").Err == "" })
				},
				Otherwise: map[string]Otherwise{"compose": unseen("wget is in the image"), "nomad": unseen("that it runs in a container of its own"),
					"kubernetes": differs("the process listens too late for it, so that the container is started again, or just in time", func(o *Observer) {
						o.Eventually(60*time.Second, "the mark is there, or the container has been started again", func() bool {
							for _, i := range o.All("warmed", "") {
								if i.Restarts > 0 {
									return true
								}
							}
							list := o.Instances("warmed")
							if len(list) == 0 || list[0].Address == "" {
								return false
							}
							var mark File
							_, answer, err := o.Ask(list[0], 8080, "/stat?path=/tmp/after")
							return err == nil && json.Unmarshal(answer, &mark) == nil && mark.Err == ""
						})
					})}},
		},
	}
}

// request is a hook that asks the container itself, with a header.
func request(path, header string) string {
	return fmt.Sprintf(`{http: {port: http, path: "%s&if-header=X-Hook:%s&if-host=web.internal", host: web.internal, headers: {X-Hook: %s}}}`, path, header, header)
}

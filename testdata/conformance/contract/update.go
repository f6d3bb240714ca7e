package contract

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// update is what a new release does to an app that is in use. Its rows are observed in order, and alone: each request under a
// steady load counts, and a machine that starts other apps drops some.
func update() *Chapter {
	return &Chapter{Name: "update", Title: "New releases", Serial: true, Alone: true, Prunes: true, Scenes: []Scene{releases()}, Vars: map[string]string{"release": "one"}}
}

func releases() Scene {
	return Scene{
		Concept: "update",
		Spec: `
vars:
  release: {}
  unready: {default: ""}
  crew: {default: first}
configs:
  settings: {text: "same $$x\n"}
  changing: {template: true, text: "release ${vars.release}\n"}
volumes: {kept: {size: 64Mi}, left: {size: 64Mi}}
workloads:
  web:
    replicas: 2
    ports: {http: 8080}
    env: {TAG: "${vars.release}", PROBE_UNREADY: "${vars.unready}"}
    health: {ready: {http: {port: http, path: /readyz}, every: 1s, timeout: 2s, failures: 2}}
    update: {order: start-first, parallel: 1, healthy: 1s, deadline: 30s, rollback: true}
  client: {env: {WEB: "http://${workloads.web.host}:${workloads.web.ports.http}/who"}}
  keeper:
    env: {TAG: "${vars.release}"}
    security: {user: 0, group: 0}
    mounts: {/store: {volume: kept}}
  leaver:
    ports: {http: 8080}
    security: {user: 0, group: 0}
    mounts: {/store: {volume: left}}
  reader: {files: {/etc/app/release: "${configs.changing}"}}
  crew:
    replicas: 2
    env: {TAG: "${vars.crew}"}
    update: {order: stop-first, parallel: 1, healthy: 2s, delay: 16s}
`,
		Rows: []Row{
			{Name: "update-nothing", Says: "Applying the same app again restarts nothing.", Facts: []string{"workloads.client.image"},
				Check: func(o *Observer) {
					o.released("one")
					before := []int64{o.alive("client"), o.alive("keeper")}
					o.put("keeper", "/store/mark", "before")
					o.redeploy("one", "", true)
					o.Equal("starts", []int64{o.alive("client"), o.alive("keeper")}, before)
				}},
			{Name: "update-start-first", Says: "With start-first no request fails while a release takes place under a steady load.", Facts: []string{"workloads.web.update.order", "workloads.client.env"},
				Check: func(o *Observer) {
					o.Tell("client", "/load?name=web&every=50&url="+url.QueryEscape(o.Report("client").Env["WEB"]))
					time.Sleep(time.Second)
					o.redeploy("two", "", true)
					time.Sleep(3 * time.Second)
					var seen struct {
						OK, Failed int
						Errors     []string
						Tags       map[string]int
					}
					o.JSON("client", "/loaded?name=web&end=1", &seen)
					o.True(seen.Tags["one"] > 0 && seen.OK > 50, "the load met %v", seen.Tags)
					o.True(seen.Failed == 0, "%d of %d requests failed: %v", seen.Failed, seen.OK+seen.Failed, seen.Errors)
				},
				Otherwise: map[string]Otherwise{"nomad": differs("who has the addresses in a variable is started anew with each change of them", func(o *Observer) {
					before := o.alive("client")
					o.redeploy("two", "", true)
					o.Eventually(60*time.Second, "the client has been started anew", func() bool { return o.alive("client") > before })
				})}},
			{Name: "update-parallel", Says: "No more replicas are replaced at once than are said: the next one when the one before has been healthy for the time that is said.",
				Facts: []string{"workloads.crew.update.parallel", "workloads.crew.update.healthy"},
				Check: func(o *Observer) {
					gap := o.replaced("crew", "second")
					o.True(gap >= 1800, "the second was started %d ms after the first", gap)
				},
				Otherwise: map[string]Otherwise{"compose": differs("the second is started as soon as the engine gets to it", func(o *Observer) {
					gap := o.replaced("crew", "second")
					o.True(gap < 10000, "the second was started %d ms after the first", gap)
				})}},
			{Name: "update-delay", Says: "Between one replica and the next there is the pause that is said.", Facts: []string{"workloads.crew.update.delay"},
				Check: func(o *Observer) {
					gap := o.replaced("crew", "second")
					o.True(gap >= 15500, "the second was started %d ms after the first", gap)
				},
				Otherwise: map[string]Otherwise{"nomad": unseen("that it is a part of the time for which a replica has to be healthy")}},
			{Name: "update-release", Says: "After a release only the new one answers.", Facts: []string{"workloads.web.env"},
				Check: func(o *Observer) { o.released("two") }},
			{Name: "update-config", Says: "A config that has changed reaches the app with the release.", Facts: []string{"configs.changing", "workloads.reader.files"},
				Check: func(o *Observer) {
					o.Eventually(60*time.Second, "the file has changed", func() bool { return o.Stat("reader", "/etc/app/release").Text() == "release two\n" })
				},
				Otherwise: map[string]Otherwise{"compose": differs("the container keeps the content that it was made with", func(o *Observer) {
					o.Equal("content", o.Stat("reader", "/etc/app/release").Text(), "release one\n")
				})}},
			{Name: "update-volume", Says: "What is in a volume is there after a release, also where only one replica at a time may have it.", Facts: []string{"volumes.kept", "workloads.keeper.mounts"},
				Atlas: []int{32}, Check: func(o *Observer) {
					o.Eventually(60*time.Second, "the new release runs", func() bool { return o.Report("keeper").Env["TAG"] == "two" })
					o.Equal("content", o.Stat("keeper", "/store/mark").Text(), "before")
				},
				Otherwise: map[string]Otherwise{"compose": unseen("the size"), "nomad": unseen("the size")}},
			{Name: "update-amid", Says: "A release that comes while another takes place wins, and what is in a volume is there.", Facts: []string{"workloads.web.image", "workloads.keeper.image"},
				Check: func(o *Observer) {
					o.redeploy("three", "", false)
					o.redeploy("four", "", true)
					o.released("four")
					o.Equal("content", o.Stat("keeper", "/store/mark").Text(), "before")
				}},
			{Name: "update-removed", Says: "A workload that the app no longer has is gone after the release; what is in its volume is kept, and there again when both come back.",
				Facts: []string{"workloads.leaver.image", "volumes.left"},
				Check: func(o *Observer) {
					o.put("leaver", "/store/mark", "left")
					if output, err := o.Without("leaver", "left"); err != nil {
						o.Fail("%v\n%s", err, output)
					}
					o.Eventually(60*time.Second, "it is gone", func() bool { return len(o.Instances("leaver")) == 0 })
					o.released("four") // the others go on
					if output, err := o.Without(); err != nil {
						o.Fail("%v\n%s", err, output)
					}
					o.Equal("content", o.Stat("leaver", "/store/mark").Text(), "left")
				},
				Otherwise: map[string]Otherwise{"compose": unseen("the size"), "swarm": unseen("the size"), "nomad": unseen("the size")}},
			{Name: "update-bad", Says: "While a release does not become ready, the last good one answers.", Facts: []string{"workloads.web.update.order", "workloads.web.health.ready"},
				Check: func(o *Observer) {
					o.redeploy("bad", "1", false)
					time.Sleep(15 * time.Second)
					hosts := o.answeredTags(20)
					o.True(hosts["four"] == 20, "the answers are %v", hosts)
				},
				Otherwise: map[string]Otherwise{"nomad": differs("discovery lists the replicas that are not ready too, beside the good ones, which stay", func(o *Observer) {
					o.redeploy("bad", "1", false)
					o.Eventually(40*time.Second, "two good replicas and two that are not ready", func() bool {
						tags := map[string]int{}
						for _, i := range o.Instances("web") {
							var who Who
							if _, body, err := o.Ask(i, 8080, "/who"); err == nil && json.Unmarshal(body, &who) == nil {
								tags[who.Tag]++
							}
						}
						return tags["four"] == 2 && tags["bad"] == 2
					})
				})}},
			{Name: "update-rollback", Says: "A release that does not become ready within its deadline is taken back by itself.", Facts: []string{"workloads.web.update.rollback", "workloads.web.update.deadline"},
				Otherwise: map[string]Otherwise{"swarm": unseen("that the time is the start period of the check")},
				Check: func(o *Observer) {
					o.Eventually(75*time.Second, "only the last good release runs", func() bool {
						for _, i := range o.Instances("web") {
							_, body, err := o.Ask(i, 8080, "/who")
							if err != nil || !strings.Contains(string(body), `"tag":"four"`) {
								return false
							}
						}
						return len(o.Instances("web")) == 2
					})
				}},
		},
	}
}

// replaced waits until two replicas of a workload are of a release, and returns how long after the first the second was started.
func (o *Observer) replaced(workload, tag string) (milliseconds int64) {
	o.Eventually(90*time.Second, "both replicas are of the release "+tag, func() bool {
		var started []int64
		for _, i := range o.Instances(workload) {
			var who Who
			if _, body, err := o.Ask(i, 8080, "/who"); err != nil || json.Unmarshal(body, &who) != nil || who.Tag != tag {
				return false
			}
			started = append(started, who.Started)
		}
		if len(started) != 2 {
			return false
		}
		milliseconds = max(started[0], started[1]) - min(started[0], started[1])
		return true
	})
	return milliseconds
}

func (o *Observer) redeploy(release, unready string, wait bool) {
	vars := map[string]string{"release": release, "unready": unready, "crew": "second"} // the crew is replaced once, since that takes its time
	if release == "one" {
		vars["crew"] = "first"
	}
	if output, err := o.Redeploy(vars, wait); err != nil {
		o.Fail("the release %s: %v\n%s", release, err, output)
	}
}

// answeredTags counts which releases answer the client.
func (o *Observer) answeredTags(n int) map[string]int {
	tags := map[string]int{}
	for range n {
		status, body := o.Fetch("client", o.Report("client").Env["WEB"])
		var who Who
		if status != 200 || json.Unmarshal([]byte(body), &who) != nil {
			who.Tag = fmt.Sprint("status ", status)
		}
		tags[who.Tag]++
	}
	return tags
}

// released waits until all answers come from one release.
func (o *Observer) released(tag string) {
	var tags map[string]int
	o.Eventually(60*time.Second, "only the release "+tag+" answers", func() bool {
		tags = o.answeredTags(10)
		return tags[tag] == 10
	})
}

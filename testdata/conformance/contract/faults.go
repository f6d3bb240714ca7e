package contract

import "time"

// faults are what befalls a node. The chapter is looked at when nothing else runs, since all apps of the node notice.
func faults() *Chapter {
	return &Chapter{Name: "faults", Title: "When the node is disturbed", Alone: true, Serial: true, Scenes: []Scene{daemon(), maintenance()}}
}

func daemon() Scene {
	return Scene{
		Concept: "volumes",
		Spec: `
volumes: {safe: {size: 64Mi}}
workloads:
  safe:
    ports: {http: 8080}
    security: {user: 0, group: 0}
    mounts: {/store: {volume: safe}}
  caller: {env: {SAFE: "http://${workloads.safe.host}:${workloads.safe.ports.http}/who"}}
`,
		Rows: []Row{
			{Name: "daemon-restart", Says: "After the daemon that keeps the containers of the node has been restarted the app answers again, and what was in a volume is there.",
				Facts: []string{"volumes.safe", "workloads.safe.mounts", "workloads.caller.env.SAFE"},
				Check: func(o *Observer) {
					o.put("safe", "/store/mark", "before")
					before := o.Report("safe").Started
					if err := o.Platform.Restart(); err != nil {
						o.Fail("%v", err)
					}
					o.Eventually(120*time.Second, "the app answers", func() bool {
						if o.alive("safe") == 0 || o.alive("caller") == 0 {
							return false
						}
						status, _ := o.Fetch("caller", o.Report("caller").Env["SAFE"])
						return status == 200
					})
					o.Equal("content", o.Stat("safe", "/store/mark").Text(), "before")
					o.Note("started again: %v", o.Report("safe").Started != before)
				},
				Otherwise: map[string]Otherwise{"compose": unseen("the size"), "swarm": unseen("the size"), "nomad": unseen("the size")}},
		},
	}
}

func maintenance() Scene {
	return Scene{
		Concept: "disruption",
		Spec: `
workloads:
  needed: {replicas: 2, ports: {http: 8080}, disruption: {unavailable: 1}}
`,
		Rows: []Row{
			{Name: "disruption", Says: "When a node is emptied, no more replicas are taken away at once than are said: the others stay until those run elsewhere.",
				Facts: []string{"workloads.needed.disruption"},
				Check: func(o *Observer) {
					o.all("needed", 2)
					defer func() { // whatever is seen: the node is needed
						if err := o.Platform.Undrain(o.Deployment); err != nil {
							o.Fail("%v", err)
						}
						o.all("needed", 2)
					}()
					if err := o.Platform.Drain(o.Deployment); err != nil {
						o.Fail("%v", err)
					}
					o.Eventually(60*time.Second, "one has been taken away", func() bool { return len(o.Instances("needed")) < 2 })
					time.Sleep(15 * time.Second)
					o.Equal("replicas that stay", len(o.Instances("needed")), 1)
				}},
		},
	}
}

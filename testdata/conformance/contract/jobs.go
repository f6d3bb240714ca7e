package contract

import (
	"strings"
	"time"
)

func jobs() *Chapter {
	return &Chapter{Name: "jobs", Title: "Jobs, schedules, daemons", Scenes: []Scene{once(), clock(), daemons()}}
}

func once() Scene {
	return Scene{
		Concept: "job",
		Spec: `
volumes: {tries: {}}
workloads:
  once: {kind: job, args: [report]}
  tried:
    kind: job
    args: [do, try, /state/tries, "3", ",", report, ",", sleep, "2"]
    security: {user: 0, group: 0}
    mounts: {/state: {volume: tries}}
    job: {retries: 4}
  gives-up:
    kind: job
    args: [do, report, ",", exit, "3"]
    job: {retries: 1}
  too-long:
    kind: job
    args: [do, report, ",", sleep, "300"]
    job: {timeout: 5s}
  many:
    kind: job
    args: [do, fetch, "http://${workloads.many-seen.host}:${workloads.many-seen.ports.http}/mark?path=/tmp/runs&text=run", ",", sleep, "3"]
    job: {completions: 3, parallel: 3}
  many-seen: {ports: {http: 8080}}
  turns:
    kind: job
    args: [do, fetch, "http://${workloads.many-seen.host}:${workloads.many-seen.ports.http}/mark?path=/tmp/turns&text=begins", ",", sleep, "6", ",", fetch, "http://${workloads.many-seen.host}:${workloads.many-seen.ports.http}/mark?path=/tmp/turns&text=ends"]
    job: {completions: 2, parallel: 1}
  kept-for:
    kind: job
    args: [do, report, ",", sleep, "3"]
    job: {keep: 10s}
  helped:
    kind: job
    args: [do, wait, "localhost:8081", "20", ",", report, ",", sleep, "3"]
    sidecars: {mate: {env: {PORT: "8081"}}}
`,
		Rows: []Row{
			{Name: "job-once", Says: "A job that has ended well is not started again.", Facts: []string{"workloads.once.kind"}, Atlas: []int{24},
				Check: func(o *Observer) {
					o.Reported("once", "")
					time.Sleep(15 * time.Second)
					o.Equal("reports", strings.Count(o.Output("once", ""), `"workdir"`), 1)
				}},
			{Name: "job-retries", Says: "A job that fails is tried again, and is done when it ends well.", Facts: []string{"workloads.tried.job.retries"},
				Check: func(o *Observer) {
					o.Eventually(150*time.Second, "a try has ended well", func() bool {
						for _, i := range o.All("tried", "") {
							text, _ := o.Platform.Output(o.Deployment, i)
							if strings.Contains(text, `"workdir"`) {
								return true
							}
						}
						return false
					})
				}},
			{Name: "job-gives-up", Says: "A job that fails more often than it may is given up.", Facts: []string{"workloads.gives-up.job.retries"},
				Check: func(o *Observer) {
					time.Sleep(60 * time.Second)
					n := 0
					for _, i := range o.All("gives-up", "") {
						text, _ := o.Platform.Output(o.Deployment, i)
						n += strings.Count(text, `"workdir"`)
					}
					o.True(n <= 2 && n > 0, "it has been run %d times, with one retry", n)
				}},
			{Name: "job-timeout", Says: "A job that takes longer than its timeout is ended.", Facts: []string{"workloads.too-long.job.timeout"},
				Check: func(o *Observer) {
					o.Eventually(60*time.Second, "it does not run", func() bool { return len(o.containers("too-long", "", true)) == 0 })
				}},
			{Name: "job-completions", Says: "As many runs end well as are asked for.", Facts: []string{"workloads.many.job.completions"},
				Check: func(o *Observer) {
					o.Eventually(60*time.Second, "there are three marks", func() bool {
						return strings.Count(o.Stat("many-seen", "/tmp/runs").Text(), " run") == 3
					})
					time.Sleep(8 * time.Second)
					o.Equal("runs", strings.Count(o.Stat("many-seen", "/tmp/runs").Text(), " run"), 3)
				}},
			{Name: "job-parallel", Says: "No more runs go on at once than are said.", Facts: []string{"workloads.turns.job.parallel"},
				Check: func(o *Observer) {
					o.Eventually(90*time.Second, "both runs have ended", func() bool {
						return strings.Count(o.Stat("many-seen", "/tmp/turns").Text(), " ends") == 2
					})
					o.inTurns(o.Stat("many-seen", "/tmp/turns").Text())
				}},
			{Name: "job-keep", Says: "A job that has ended is kept for as long as is said, and then removed.", Facts: []string{"workloads.kept-for.job.keep"},
				Check: func(o *Observer) {
					o.Report("many-seen") // the app has come up, and with it the job
					o.Eventually(60*time.Second, "nothing of the job is left", func() bool { return len(o.All("kept-for", "")) == 0 })
				}},
			{Name: "job-sidecar", Says: "A job ends with its main container, and its sidecar with it.", Facts: []string{"workloads.helped.sidecars.mate.image"},
				Check: func(o *Observer) {
					o.Reported("helped", "")
					o.Eventually(60*time.Second, "the sidecar does not run", func() bool { return len(o.containers("helped", "mate", true)) == 0 })
				},
				Otherwise: map[string]Otherwise{"compose": differs("the sidecar goes on", func(o *Observer) {
					o.Reported("helped", "")
					time.Sleep(15 * time.Second)
					o.True(len(o.containers("helped", "mate", true)) > 0, "the sidecar does not run")
				})}},
		},
	}
}

// inTurns says that of runs which mark their begin and their end none begins before the one before has ended.
func (o *Observer) inTurns(marks string) {
	running := false
	for line := range strings.Lines(marks) {
		begins := strings.Contains(line, "begins")
		o.True(begins != running, "a run has begun beside another: %s", marks)
		running = begins
	}
}

func clock() Scene {
	return Scene{
		Concept: "schedule",
		Spec: `
workloads:
  ticking:
    kind: cron
    schedule: {cron: "* * * * *"}
    args: [fetch, "http://${workloads.ticking-seen.host}:${workloads.ticking-seen.ports.http}/mark?path=/tmp/ticks&text=a$$b%25c"]
  ticking-seen: {ports: {http: 8080}}
  long:
    kind: cron
    schedule: {cron: "* * * * *", overlap: forbid}
    args: [do, fetch, "http://${workloads.long-seen.host}:${workloads.long-seen.ports.http}/mark?path=/tmp/long&text=begins", ",", sleep, "75", ",", fetch, "http://${workloads.long-seen.host}:${workloads.long-seen.ports.http}/mark?path=/tmp/long&text=ends"]
  long-seen: {ports: {http: 8080}}
  elsewhere:
    kind: cron
    schedule: {cron: "0 0 31 12 *", timezone: Europe/Paris}
    args: [report]
  suspended:
    kind: cron
    schedule: {cron: "* * * * *", suspend: true}
    args: [report]
`,
		Rows: []Row{
			{Name: "cron-runs", Says: "A cron job runs when the clock says, with its words as they are.", Facts: []string{"workloads.ticking.kind", "workloads.ticking.schedule.cron"},
				Check: func(o *Observer) {
					o.Eventually(140*time.Second, "it has run", func() bool { return o.Stat("ticking-seen", "/tmp/ticks").Err == "" })
					o.True(strings.Contains(o.Stat("ticking-seen", "/tmp/ticks").Text(), " a$b%c\n"), "the mark is %q", o.Stat("ticking-seen", "/tmp/ticks").Text())
				}},
			{Name: "cron-overlap", Says: "Where overlap is forbidden, a run that takes longer than its time is not joined by the next.", Facts: []string{"workloads.long.schedule.overlap"},
				Check: func(o *Observer) {
					o.Eventually(170*time.Second, "two minutes have passed since the first run", func() bool {
						text := o.Stat("long-seen", "/tmp/long").Text()
						return text != "" && time.Now().UnixMilli() > stamp(text)+72000
					})
					o.inTurns(o.Stat("long-seen", "/tmp/long").Text())
				}},
			{Name: "cron-suspend", Says: "A suspended cron job is kept, and does not run.", Facts: []string{"workloads.suspended.schedule.suspend"},
				Check: func(o *Observer) {
					ticks := strings.Count(o.Stat("ticking-seen", "/tmp/ticks").Text(), "\n")
					o.Eventually(140*time.Second, "one that is due at the same time has run", func() bool {
						return strings.Count(o.Stat("ticking-seen", "/tmp/ticks").Text(), "\n") > ticks
					})
					time.Sleep(8 * time.Second)
					o.Equal("runs", len(o.All("suspended", "")), 0)
				}},
			{Name: "cron-timezone", Says: "A schedule in a zone of its own does not run at another time.", Facts: []string{"workloads.elsewhere.schedule.timezone"},
				Check:     func(o *Observer) { o.Equal("runs", len(o.All("elsewhere", "")), 0) },
				Otherwise: map[string]Otherwise{"compose": unseen("which cron reads the crontab")}},
		},
	}
}

func daemons() Scene {
	return Scene{
		Concept: "kinds: service, job, cron, daemon",
		Spec: `
workloads:
  everywhere: {kind: daemon, ports: {http: 8080}}
`,
		Rows: []Row{
			{Name: "daemon", Says: "A daemon runs once on each node, and is started again when it ends.", Facts: []string{"workloads.everywhere.kind"},
				Check: func(o *Observer) {
					o.Eventually(30*time.Second, "it runs once", func() bool { return len(o.Instances("everywhere")) == 1 })
					o.ends("everywhere", 0, true)
				}},
		},
	}
}

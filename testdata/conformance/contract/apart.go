package contract

import (
	"runtime"
	"strings"
	"time"

	"github.com/decamp-dev/decamp/testdata/conformance/contract/platform"
)

// apart holds what some platform does not bring up: each is an app of its own, and only the applying lines are run.
func apart() []*Chapter {
	return []*Chapter{
		{Name: "owner", Title: "The owner of a secret", Loose: true, Scenes: []Scene{secretOwner()}},
		{Name: "sharing", Title: "Volumes of several workloads", Loose: true, Scenes: []Scene{sharing()}},
		{Name: "drivers", Title: "A driver of volumes", Loose: true, Scenes: []Scene{drivers()}},
		{Name: "placed", Title: "Placement", Loose: true, Scenes: []Scene{placement()}},
		{Name: "local", Title: "A port on one address", Loose: true, Scenes: []Scene{local()}},
		{Name: "routed", Title: "Routes", Loose: true, Scenes: []Scene{routes()}},
		{Name: "rpc", Title: "A probe that speaks gRPC, and a hook that comes at once", Loose: true, Scenes: []Scene{rpc(), warmed()}},
		{Name: "attempts", Title: "What fails again and again", Loose: true, Scenes: []Scene{attempts()}},
		{Name: "gpus", Title: "GPUs", Loose: true, Scenes: []Scene{gpus()}},
	}
}

func secretOwner() Scene {
	return Scene{
		Concept: "secrets",
		Spec: `
secrets:
  partner: {keys: [client, key]}
configs:
  text: {file: config/text}
workloads:
  guarded:
    security: {user: 65532, group: 65532}
    files:
      /etc/app/owned: {from: "${configs.text}", mode: "0440", uid: 65532, gid: 65532}
  strict:
    security: {user: 65532, group: 65532}
    files:
      /run/app/key: {from: "${secrets.partner.key}", mode: "0400", uid: 65532, gid: 65532}
`,
		Files:   map[string]string{"config/text": configText},
		Secrets: map[string]string{"partner.client": clientValue, "partner.key": keyValue},
		Rows: []Row{
			{Name: "config-owner", Says: "A file belongs to the user and the group that are said, and has the mode beside them.",
				Facts: []string{"workloads.guarded.files./etc/app/owned"}, Atlas: []int{17},
				Check: func(o *Observer) {
					f := o.Stat("guarded", "/etc/app/owned")
					o.Equal("owner", []int{f.UID, f.GID}, []int{65532, 65532})
					o.Equal("mode", f.Mode, "0440")
					o.Equal("content", f.Text(), configText)
				},
				Otherwise: map[string]Otherwise{
					"compose": differs("this Engine looks the user up on the host, and does not start the container", func(o *Observer) {
						o.Equal("running", len(o.Instances("guarded")), 0)
					}),
				}},
			{Name: "secret-owner", Says: "The file of a secret can be read by its owner alone where that is said.", Facts: []string{"workloads.strict.files"}, Atlas: []int{17},
				Check: func(o *Observer) {
					f := o.Stat("strict", "/run/app/key")
					o.Equal("mode, user, group", []any{f.Mode, f.UID, f.GID}, []any{"0400", 65532, 65532})
					o.Equal("content", f.Text(), keyValue)
				},
				Otherwise: map[string]Otherwise{
					"compose": differs("this Engine looks the user up on the host, and does not start the container", func(o *Observer) {
						o.Equal("running", len(o.Instances("strict")), 0)
					}),
				}},
		},
	}
}

func placement() Scene {
	return Scene{
		Concept: "placement",
		Spec: `
workloads:
  fits: {placement: {os: linux, arch: ` + runtime.GOARCH + `, spread: [host], prefer: ["node.disk == ssd"]}}
  fits-nowhere: {placement: {require: ["node.disk == floppy"]}}
`,
		Rows: []Row{
			{Name: "placement-fits", Says: "A workload runs where a node fits, and a preference that none fulfils does not keep it from it.", Facts: []string{"workloads.fits.placement"},
				Check:     func(o *Observer) { o.Report("fits") },
				Otherwise: map[string]Otherwise{"compose": unseen("there is one host, and all fits it")}},
			{Name: "placement-require", Says: "A workload that requires what no node has does not run.", Facts: []string{"workloads.fits-nowhere.placement.require"},
				Check: func(o *Observer) {
					o.Report("fits")
					time.Sleep(10 * time.Second)
					o.Equal("instances", len(o.Instances("fits-nowhere")), 0)
				}},
		},
	}
}

func local() Scene {
	return Scene{
		Concept: "publish",
		Spec: `
workloads:
  local: {ports: {http: 8080}, publish: {http: {port: 18070, on: 127.0.0.1}}}
`,
		Rows: []Row{
			{Name: "publish-on", Says: "A port that is published on one address answers there and nowhere else.", Facts: []string{"workloads.local.publish"}, Atlas: []int{26},
				Check: func(o *Observer) {
					o.Report("local")
					o.True(o.answersOn("127.0.0.1"), "it does not answer on 127.0.0.1")
					addresses, err := o.Platform.Addresses()
					o.True(err == nil && len(addresses) > 0, "the node has the addresses %v %v", addresses, err)
					for _, address := range addresses {
						o.True(!o.answersOn(address), "it answers on %s", address)
					}
				}},
		},
	}
}

func (o *Observer) answersOn(address string) bool {
	status, _, err := o.Ask(platform.Instance{Address: address}, 18070, "/who")
	return err == nil && status == 200
}

func routes() Scene {
	return Scene{
		Concept: "routes",
		Spec: `
workloads:
  site: {ports: {http: 8080}, env: {TAG: site}}
  docs: {ports: {http: 8080}, env: {TAG: docs}}
routes:
  site: {host: shop.example.com, to: site.http}
  docs: {host: shop.example.com, path: /who, match: exact, to: docs.http}
`,
		Rows: []Row{
			{Name: "route", Says: "A request for a host name reaches the workload that a route leads to, by the nearest path.", Facts: []string{"routes.site", "routes.docs"},
				Check: func(o *Observer) {
					o.Report("site")
					o.Report("docs")
					for path, want := range map[string]string{"/who": `"tag":"docs"`, "/who/": "", "/report": `"TAG":"site"`} {
						o.Eventually(30*time.Second, path+" answers", func() bool {
							_, body, err := get1("127.0.0.1:80", path, "shop.example.com")
							return err == nil && strings.Contains(body, want)
						})
					}
					_, body, _ := get1("127.0.0.1:80", "/report", "other.example.com")
					o.True(!strings.Contains(body, "site"), "another host name is answered too")
				},
				Unasked: map[string]string{"kubernetes": "no ingress controller runs in the test's cluster"},
				Otherwise: map[string]Otherwise{"nomad": differs("nothing answers until a Traefik runs", func(o *Observer) {
					o.Report("site")
					_, _, err := get1("127.0.0.1:80", "/who", "shop.example.com")
					o.True(err != nil, "it is answered")
				})}},
		},
	}
}

func rpc() Scene {
	return Scene{
		Concept: "health",
		Spec: `
workloads:
  rpc:
    env: {GRPC_PORT: "9000"}
    ports: {rpc: 9000}
    health: {ready: {grpc: {port: rpc}, every: 1s, timeout: 2s}}
  rpc-service:
    env: {GRPC_PORT: "9000", GRPC_SERVICE: shop.Orders}
    ports: {rpc: 9000}
    health: {ready: {grpc: {port: rpc, service: shop.Orders}, every: 1s, timeout: 2s}}
  rpc-begins:
    env: {GRPC_PORT: "9000", GRPC_SERVICE: shop.Start, PROBE_DELAY: "12"}
    ports: {rpc: 9000}
    health: {startup: {grpc: {port: rpc, service: shop.Start}, every: 1s, timeout: 2s, failures: 40}}
  rpc-lively:
    env: {GRPC_PORT: "9000"}
    ports: {rpc: 9000}
    health: {live: {grpc: {port: rpc, service: live}, every: 1s, timeout: 2s, failures: 2}}
`,
		Rows: []Row{
			{Name: "ready-grpc", Says: "A readiness probe can ask by gRPC.", Facts: []string{"workloads.rpc.health.ready"},
				Check: readyAndNot("rpc"),
				Otherwise: map[string]Otherwise{"compose": differs("the image has no grpc_health_probe, so it is never healthy", func(o *Observer) {
					o.Report("rpc")
					time.Sleep(8 * time.Second)
					o.True(!o.Instance("rpc").Ready, "it is ready")
				})}},
			{Name: "ready-grpc-service", Says: "A probe by gRPC asks for the service that is said.", Facts: []string{"workloads.rpc-service.health.ready.grpc.service"},
				Check:     readyAndNot("rpc-service"),
				Otherwise: map[string]Otherwise{"compose": noQuestioner("rpc-service"), "swarm": noQuestioner("rpc-service")}},
			{Name: "startup-grpc", Says: "A startup probe can ask by gRPC.", Facts: []string{"workloads.rpc-begins.health.startup.grpc"},
				Check: startsUnready("rpc-begins", 8080), Otherwise: map[string]Otherwise{"compose": noQuestioner("rpc-begins"), "swarm": noQuestioner("rpc-begins")}},
			{Name: "live-grpc", Says: "A liveness probe can ask by gRPC.", Facts: []string{"workloads.rpc-lively.health.live.grpc"},
				Check: dies("rpc-lively", 40*time.Second), Otherwise: map[string]Otherwise{"swarm": noQuestioner("rpc-lively")}},
		},
	}
}

// readyAndNot says that a workload becomes ready, and is not any more when it answers so.
func readyAndNot(workload string) func(*Observer) {
	return func(o *Observer) {
		o.Eventually(30*time.Second, "it is ready", func() bool { return o.Instance(workload).Ready })
		o.Tell(workload, "/ready?v=0")
		o.Eventually(30*time.Second, "it is not ready", func() bool { return !o.Instance(workload).Ready })
	}
}

// noQuestioner is what is seen where the image would have to hold the program that asks.
func noQuestioner(workload string) Otherwise {
	return differs("the image has no grpc_health_probe, so it is never healthy", func(o *Observer) {
		time.Sleep(20 * time.Second)
		for _, i := range o.Instances(workload) {
			o.True(!i.Ready, "it is ready")
		}
	})
}

func attempts() Scene {
	return Scene{
		Concept: "restart",
		Spec: `
workloads:
  counter: {ports: {http: 8080}}
  hopeless:
    restart: {policy: on-failure, delay: 6s, attempts: 2}
    args: [do, fetch, "http://${workloads.counter.host}:${workloads.counter.ports.http}/mark?path=/tmp/runs&text=run", ",", exit, "3"]
`,
		Rows: []Row{
			{Name: "restart-attempts", Says: "What fails again and again is given up after so many attempts as are said.", Facts: []string{"workloads.hopeless.restart.attempts"},
				Check: func(o *Observer) {
					o.Eventually(60*time.Second, "it has been run for the third time", func() bool { return len(o.runs()) >= 3 })
					time.Sleep(45 * time.Second) // a kubelet waits for 10 s and for 20 s
					o.Equal("runs", len(o.runs()), 3)
				}},
			{Name: "restart-delay", Says: "Between the end of a process that has failed and its next start there is the delay that is said.", Facts: []string{"workloads.hopeless.restart.delay"},
				Check: func(o *Observer) {
					o.Eventually(60*time.Second, "it has been run twice", func() bool { return len(o.runs()) >= 2 })
					runs := o.runs()
					o.True(runs[1]-runs[0] >= 5500, "the second run was %d ms after the first", runs[1]-runs[0])
				},
				Otherwise: map[string]Otherwise{"kubernetes": differs("the pause is the kubelet's, and grows from one time to the next", func(o *Observer) {
					o.Eventually(90*time.Second, "it has been run three times", func() bool { return len(o.runs()) >= 3 })
					runs := o.runs()
					first, second := runs[1]-runs[0], runs[2]-runs[1]
					o.True(second > first+3000, "the pauses are of %d and %d ms", first, second)
				})}},
		},
	}
}

// runs are the times of the runs that the counter has been told of.
func (o *Observer) runs() (times []int64) {
	for line := range strings.Lines(o.Stat("counter", "/tmp/runs").Text()) {
		times = append(times, stamp(line))
	}
	return times
}

func sharing() Scene {
	return Scene{
		Concept: "volumes",
		Spec: `
volumes:
  both: {size: 64Mi, shared: true}
  parts: {size: 64Mi, shared: true}
workloads:
  giver: {security: {user: 0, group: 0}, mounts: {/store: {volume: both}}}
  taker: {security: {user: 0, group: 0}, mounts: {/store: {volume: both, readOnly: true}}}
  part:
    security: {user: 0, group: 0}
    mounts: {/store: {volume: parts, subpath: inner}, /whole: {volume: parts}}
`,
		Rows: []Row{
			{Name: "volume-shared", Says: "A shared volume shows the same files to two workloads.", Facts: []string{"volumes.both", "workloads.giver.mounts", "workloads.taker.mounts./store.volume"},
				Check: func(o *Observer) {
					o.put("giver", "/store/mark", "shared")
					o.Eventually(10*time.Second, "the other one reads it", func() bool { return o.Stat("taker", "/store/mark").Text() == "shared" })
				},
				Otherwise: map[string]Otherwise{"compose": unseen("the size"), "nomad": warned("volume-needed", "a plugin of the cluster has to make the volume, which this one does not have", nothingRuns("giver"))}},
			{Name: "volume-subpath", Says: "A subpath mounts one folder of a volume.", Facts: []string{"workloads.part.mounts./store.subpath"},
				Check: func(o *Observer) {
					o.put("part", "/store/mark", "inner")
					o.Equal("the same file from the whole", o.Stat("part", "/whole/inner/mark").Text(), "inner")
				},
				Otherwise: map[string]Otherwise{"compose": differs("this Engine is older than 26, and mounts the whole volume", wholeVolume)}},
		},
	}
}

func drivers() Scene {
	return Scene{
		Concept: "volumes",
		Spec: `
volumes: {drawn: {driver: local, options: {type: tmpfs, device: tmpfs, o: "size=8m"}}}
workloads:
  drawn: {security: {user: 0, group: 0}, mounts: {/store: {volume: drawn}}}
`,
		Rows: []Row{
			{Name: "volume-driver", Says: "A volume is made by the driver that is said, with its options: here a file system in memory of 8Mi.", Facts: []string{"volumes.drawn"},
				Check: func(o *Observer) {
					m := o.mounted("drawn", "/store")
					o.Equal("kind and size", []any{m.Kind, m.Size}, []any{"tmpfs", int64(8 << 20)})
				},
				Otherwise: map[string]Otherwise{"nomad": differs("a driver is a plugin of the node's, and none is called so: the volume cannot be made, and the workload waits", nothingRuns("drawn"))}},
		},
	}
}

func (o *Observer) mounted(workload, path string) *Mount {
	r := o.Report(workload)
	m := r.Mount(path)
	o.True(m != nil, "nothing is mounted at %s", path)
	return m
}

// wholeVolume is what is seen where a subpath is read over.
func wholeVolume(o *Observer) {
	o.put("part", "/store/mark", "inner")
	o.Equal("the same file from the whole", o.Stat("part", "/whole/mark").Text(), "inner")
}

// nothingRuns is what is seen where the platform keeps a workload waiting.
func nothingRuns(workload string) func(*Observer) {
	return func(o *Observer) {
		time.Sleep(10 * time.Second)
		o.Equal("running", len(o.Instances(workload)), 0)
	}
}

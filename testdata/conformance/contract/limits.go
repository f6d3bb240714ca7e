package contract

import (
	"slices"
	"strings"
	"time"
)

// limits is what a process may use and do.
func limits() *Chapter {
	return &Chapter{Name: "limits", Title: "Resources and rights", Scenes: []Scene{resourceLimits(), kernel(), security()}}
}

func resourceLimits() Scene {
	return Scene{
		Concept: "resources",
		Spec: `
workloads:
  bound:
    resources: {cpu: 100m, memory: 32Mi, limits: {cpu: 500m, memory: 64Mi, pids: 60}}
  decimal: {resources: {limits: {memory: 64M}}}
  unbound: {resources: {cpu: 20m}}
  hungry:
    env: {PROBE_STATE: /state}
    security: {user: 0, group: 0}
    mounts: {/state: {scratch: 16Mi}}
    resources: {memory: 16Mi, limits: {memory: 64Mi}}
`,
		Rows: []Row{
			{Name: "memory-limit", Says: "A memory limit of 64Mi is 67108864 bytes.", Facts: []string{"workloads.bound.resources.limits.memory"}, Atlas: []int{1, 2},
				Check: func(o *Observer) { o.Equal("limit", o.Report("bound").Limits.Memory, float64(64<<20)) }},
			{Name: "memory-limit-decimal", Says: "A memory limit of 64M is never less than 64000000 bytes, and less than 64Mi more.", Facts: []string{"workloads.decimal.resources.limits.memory"}, Atlas: []int{2},
				Check: func(o *Observer) {
					have := o.Report("decimal").Limits.Memory
					o.True(have >= 63999999-4096 && have <= 64<<20, "the limit is %.0f", have)
				}},
			{Name: "memory-no-limit", Says: "Without a limit there is none.", Facts: []string{"workloads.unbound.image", "workloads.unbound.resources"}, Atlas: []int{3},
				Check: func(o *Observer) { o.Equal("limit", o.Report("unbound").Limits.Memory, float64(0)) },
				Otherwise: map[string]Otherwise{"compose": unseen("that no CPU is reserved"), "nomad": warned("nomad-default-memory", "300 MiB are the limit", func(o *Observer) {
					o.Equal("limit", o.Report("unbound").Limits.Memory, float64(300<<20))
				})},
			},
			{Name: "memory-kill", Says: "A process that takes more than its limit is killed and started again.", Facts: []string{"workloads.hungry.resources.limits.memory"},
				Check: func(o *Observer) {
					before := o.Report("hungry").Started
					_, _, _ = o.Ask(o.Instance("hungry"), 8080, "/eat?mb=100")
					o.Eventually(60*time.Second, "it has been started again", func() bool { return o.alive("hungry") > before })
				}},
			{Name: "cpu-limit", Says: "A CPU limit of 500m is half a processor.", Facts: []string{"workloads.bound.resources.limits.cpu"}, Atlas: []int{4},
				Check: func(o *Observer) { o.Equal("cores", o.Report("bound").Limits.CPU, 0.5) },
				Otherwise: map[string]Otherwise{"nomad": differs("a share of the node's own", func(o *Observer) {
					have := o.Report("bound").Limits.CPU
					o.True(have > 0.05 && have < 2, "the limit is %v cores", have)
				})}},
			{Name: "pids-limit", Says: "No more processes can be started than the limit says.", Facts: []string{"workloads.bound.resources.limits.pids"},
				Check: func(o *Observer) { o.Equal("limit", o.Report("bound").Limits.Pids, float64(60)) }},
		},
	}
}

func kernel() Scene {
	return Scene{
		Concept: "ulimits, sysctls, shm",
		Spec: `
workloads:
  kernel:
    shm: 32Mi
    ulimits: {nofile: {soft: 1234, hard: 2345}}
    sysctls: {net.ipv4.ip_unprivileged_port_start: "1000"}
`,
		Rows: []Row{
			{Name: "shm", Says: "/dev/shm has the size that is said.", Facts: []string{"workloads.kernel.shm"}, Atlas: []int{33},
				Check: func(o *Observer) {
					o.Equal("size", o.mounted("kernel", "/dev/shm").Size, int64(32<<20))
				}},
			{Name: "ulimits", Says: "A limit of the kernel has the soft and the hard value that are said.", Facts: []string{"workloads.kernel.ulimits"},
				Check: func(o *Observer) { o.Equal("nofile", o.Report("kernel").Ulimits["nofile"], [2]int64{1234, 2345}) }},
			{Name: "sysctls", Says: "A setting of the kernel has the value that is said.", Facts: []string{"workloads.kernel.sysctls"},
				Check: func(o *Observer) {
					var answer struct{ Value string }
					o.JSON("kernel", "/sysctl?name=net.ipv4.ip_unprivileged_port_start", &answer)
					o.Equal("value", answer.Value, "1000")
				}},
		},
	}
}

func security() Scene {
	return Scene{
		Concept: "security",
		Spec: `
workloads:
  image-user: {}
  user: {security: {user: 1234, group: 2345, groups: [3456]}}
  user-only: {security: {user: 1234}}
  hardened:
    env: {PROBE_DIRS: /data}
    security: {user: 65532, group: 65532, readOnlyRoot: true, noNewPrivileges: true, capabilities: {drop: [ALL]}, seccomp: default}
  caps:
    security: {user: 0, group: 0, capabilities: {drop: [ALL], add: [NET_BIND_SERVICE, CHOWN]}}
  unconfined: {security: {seccomp: unconfined}}
  host-pid: {security: {pid: host}}
  share-pid:
    security: {pid: share}
    sidecars: {mate: {env: {PORT: "8081"}}}
  host-network:
    env: {PORT: "18200"}
    ports: {http: 18200}
    security: {network: host}
`,
		Rows: []Row{
			{Name: "user-image", Says: "Without a user the image's user runs the process. Its group is not promised: a kubelet reads the number of the user alone.", Facts: []string{"workloads.image-user.image"},
				Check: func(o *Observer) {
					o.Equal("user", o.Report("image-user").UID, 65532)
				}},
			{Name: "user", Says: "The process runs with the user, the group and the further groups that are said.", Facts: []string{"workloads.user.security"}, Atlas: []int{33},
				Check: func(o *Observer) {
					r := o.Report("user")
					o.Equal("user and group", []int{r.UID, r.GID}, []int{1234, 2345})
					o.True(slices.Contains(r.Groups, 3456), "the groups are %v", r.Groups)
				}},
			{Name: "read-only-root", Says: "With a read-only root nothing can be written outside of mounts.", Facts: []string{"workloads.hardened.security.readOnlyRoot"}, Atlas: []int{33},
				Check: func(o *Observer) {
					for _, folder := range []string{"/", "/tmp", "/data"} {
						have := o.Report("hardened").Writable[folder]
						o.True(strings.Contains(have, "read-only"), "%s: %s", folder, have)
					}
				}},
			{Name: "capabilities-drop", Says: "With all capabilities dropped the process has none and can get none.", Facts: []string{"workloads.hardened.security.capabilities"}, Atlas: []int{33},
				Check: func(o *Observer) {
					r := o.Report("hardened")
					o.Equal("capabilities", [][]string{r.Capabilities.Effective, r.Capabilities.Bounding}, [][]string{{}, {}})
				}},
			{Name: "capabilities-add", Says: "The process has the capabilities that are added, and no others when all are dropped.", Facts: []string{"workloads.caps.security.capabilities"},
				Check: func(o *Observer) {
					o.Equal("capabilities", o.Report("caps").Capabilities.Effective, []string{"CHOWN", "NET_BIND_SERVICE"})
				}},
			{Name: "no-new-privileges", Says: "With noNewPrivileges the kernel gives the process no more rights than it has.", Facts: []string{"workloads.hardened.security.noNewPrivileges"}, Atlas: []int{33},
				Check: func(o *Observer) { o.Equal("NoNewPrivs", o.Report("hardened").Status["NoNewPrivs"], "1") }},
			{Name: "seccomp-default", Says: "System calls are filtered by the default profile, said or not.", Facts: []string{"workloads.hardened.security.seccomp", "workloads.user.image"},
				Check: func(o *Observer) {
					o.Equal("Seccomp", o.Report("hardened").Status["Seccomp"], "2")
					o.Equal("Seccomp", o.Report("user").Status["Seccomp"], "2")
				}},
			{Name: "seccomp-unconfined", Says: "Without confinement system calls are not filtered.", Facts: []string{"workloads.unconfined.security.seccomp"},
				Check: func(o *Observer) { o.Equal("Seccomp", o.Report("unconfined").Status["Seccomp"], "0") }},
			{Name: "pid-host", Says: "With pid: host the processes of the node are seen.", Facts: []string{"workloads.host-pid.security.pid"},
				Check: func(o *Observer) {
					o.True(len(o.Report("host-pid").Processes) > 30, "only %d processes are seen", len(o.Report("host-pid").Processes))
				}},
			{Name: "pid-share", Says: "With pid: share the containers of the workload see each other's processes.", Facts: []string{"workloads.share-pid.security.pid"},
				Check: func(o *Observer) {
					n := 0
					for _, p := range o.Report("share-pid").Processes {
						if p.Argv[0] == "/probe" {
							n++
						}
					}
					o.True(n >= 2, "%d probes are seen", n)
				}},
			{Name: "network-host", Says: "With network: host the process has the addresses of the node.", Facts: []string{"workloads.host-network.security.network"},
				Check: func(o *Observer) {
					r := o.Report("host-network", 18200)
					o.True(len(r.Addresses) > 1, "it has the addresses %v", r.Addresses)
				}, Otherwise: map[string]Otherwise{"compose": unseen("that it does not see the app's names")}},
		},
	}
}

package contract

import (
	"time"

	"github.com/decamp-dev/decamp/testdata/conformance/contract/platform"
)

// node is what a workload is given of its node.
func node() *Chapter {
	return &Chapter{Name: "node", Title: "The node's own", Scenes: []Scene{devices(), namespaces(), disk()}}
}

func namespaces() Scene {
	return Scene{
		Concept: "security",
		Spec: `
workloads:
  host-ipc: {security: {ipc: host}}
  share-ipc:
    security: {ipc: share}
    sidecars: {mate: {env: {PORT: "8081"}}}
`,
		Rows: []Row{
			{Name: "ipc-host", Says: "With ipc: host the process shares memory and semaphores with those of the node.", Facts: []string{"workloads.host-ipc.security.ipc"},
				Check: func(o *Observer) {
					o.True(platform.IPC() != "", "the node's namespace is not known")
					o.Equal("namespace", o.Report("host-ipc").Namespaces["ipc"], platform.IPC())
				}},
			{Name: "ipc-share", Says: "With ipc: share the containers of the workload share memory and semaphores, and not with others.", Facts: []string{"workloads.share-ipc.security.ipc"},
				Check: func(o *Observer) {
					own := o.Report("share-ipc").Namespaces["ipc"]
					o.Equal("namespace of the sidecar", o.Report("share-ipc", 8081).Namespaces["ipc"], own)
					o.True(own != "" && own != platform.IPC() && own != o.Report("device").Namespaces["ipc"], "others are in %s too", own)
				}},
		},
	}
}

func disk() Scene {
	return Scene{
		Concept: "resources",
		Spec: `
workloads:
  filling: {resources: {memory: 16Mi, limits: {memory: 128Mi, disk: 8Mi}}}
`,
		Rows: []Row{
			{Name: "disk-limit", Says: "A workload that writes more than its limit of disk is ended, and another takes its place.", Facts: []string{"workloads.filling.resources.limits.disk"},
				Check: func(o *Observer) {
					before := o.Report("filling").Started
					o.Tell("filling", "/fill?path=/tmp/much&mb=40")
					o.Eventually(60*time.Second, "another one runs", func() bool { return o.alive("filling") > before })
				}},
		},
	}
}

func devices() Scene {
	return Scene{
		Concept: "devices",
		Spec: `
workloads:
  device:
    security: {user: 0, group: 0}
    devices:
      - {host: /dev/fuse, path: /dev/own-fuse, permissions: rw}
      - {host: /dev/loop-control, path: /dev/read-only, permissions: r}
`,
		Rows: []Row{
			{Name: "device", Says: "A device of the node is there under the path that is said, and can be used.", Facts: []string{"workloads.device.devices[0].host", "workloads.device.devices[0].path"},
				Check: func(o *Observer) { o.Equal("opening it", o.opens("device", "/dev/own-fuse", true), "<nil>") }},
			{Name: "device-permissions", Says: "A device can be used in the ways that are said, and in no other.", Facts: []string{"workloads.device.devices[1].permissions"},
				Check: func(o *Observer) {
					o.Equal("opening it for reading", o.opens("device", "/dev/read-only", false), "<nil>")
					o.True(o.opens("device", "/dev/read-only", true) != "<nil>", "it can be opened for writing")
				}},
		},
	}
}

// opens says what comes of opening a file or a device.
func (o *Observer) opens(workload, path string, write bool) string {
	if write {
		path += "&write=1"
	}
	var answer struct{ Err string }
	o.JSON(workload, "/open?path="+path, &answer)
	return answer.Err
}

func gpus() Scene {
	return Scene{
		Concept: "gpus",
		Spec: `
workloads:
  trainer: {gpus: {count: 1, vendor: nvidia}}
`,
		Rows: []Row{
			{Name: "gpus", Says: "A workload that asks for a GPU does not run on a node that has none. One that has is not at hand.", Facts: []string{"workloads.trainer.gpus"},
				Check: func(o *Observer) {
					time.Sleep(15 * time.Second)
					o.Equal("running", len(o.Instances("trainer")), 0)
				},
				Otherwise: map[string]Otherwise{"swarm": unseen("how the engine gives it to the container")}},
		},
	}
}

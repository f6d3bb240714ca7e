package contract

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

func storage() *Chapter {
	return &Chapter{Name: "storage", Title: "Volumes and other places to write", Scenes: []Scene{volumes(), places()}}
}

// put writes a file in a workload and fails when it cannot.
func (o *Observer) put(workload, path, text string) {
	if err := o.tryPut(workload, path, text); err != "" {
		o.Fail("%s cannot be written: %s", path, err)
	}
}

func (o *Observer) tryPut(workload, path, text string) string {
	var answer struct {
		OK  bool
		Err string
	}
	o.JSON(workload, "/write?path="+url.QueryEscape(path)+"&text="+url.QueryEscape(text), &answer)
	if answer.OK {
		return ""
	}
	return answer.Err
}

func volumes() Scene {
	return Scene{
		Concept: "volumes",
		Spec: `
volumes:
  kept: {size: 64Mi}
  own: {size: 64Mi, each: true}
  grouped: {size: 64Mi}
  seeded: {size: 64Mi}
  fixed: {size: 64Mi}
workloads:
  keeper:
    security: {user: 0, group: 0}
    mounts: {/store: {volume: kept}}
  fixed: {security: {user: 0, group: 0}, mounts: {/store: {volume: fixed, readOnly: true}}}
  each:
    stateful: true
    replicas: 2
    ports: {http: 8080}
    security: {user: 0, group: 0}
    mounts: {/store: {volume: own}}
  grouped:
    security: {user: 65532, group: 65532, fsGroup: 65532}
    mounts: {/store: {volume: grouped}}
  seeded:
    security: {user: 0, group: 0}
    mounts: {/data: {volume: seeded}}
`,
		Rows: []Row{
			{Name: "volume-survives", Says: "What is in a volume is there after the workload has been killed, and after its replica has been replaced.",
				Facts: []string{"volumes.kept", "workloads.keeper.mounts"},
				Check: func(o *Observer) {
					o.put("keeper", "/store/mark", "kept $x")
					before := o.Report("keeper").Started
					if err := o.Platform.Kill(o.Deployment, o.Instance("keeper")); err != nil {
						o.Fail("killing: %v", err)
					}
					o.Eventually(60*time.Second, "it runs again", func() bool { return o.alive("keeper") > before })
					o.Equal("content after a kill", o.Stat("keeper", "/store/mark").Text(), "kept $x")
					o.stop("keeper")
					o.Equal("content after a replacement", o.Stat("keeper", "/store/mark").Text(), "kept $x")
				},
				Otherwise: map[string]Otherwise{"compose": unseen("the size"), "nomad": unseen("the size")}},
			{Name: "volume-read-only", Says: "A volume that is mounted read-only cannot be written to.", Facts: []string{"workloads.fixed.mounts./store.readOnly"},
				Check: func(o *Observer) {
					err := o.tryPut("fixed", "/store/not", "x")
					o.True(strings.Contains(err, "read-only"), "writing says %q", err)
				}},
			{Name: "volume-each", Says: "Each replica has a volume of its own.", Facts: []string{"volumes.own.each", "workloads.each.mounts"}, Atlas: []int{31},
				Check: func(o *Observer) {
					o.all("each", 2)
					for _, i := range o.Instances("each") {
						_, _, err := o.Ask(i, 8080, "/mark?path=/store/mine&text=x")
						o.True(err == nil, "%v", err)
					}
					for _, i := range o.Instances("each") {
						_, body, err := o.Ask(i, 8080, "/file?path=/store/mine")
						o.True(err == nil && strings.Count(string(body), " x") == 1, "a replica sees %s %v", body, err)
					}
				}},
			{Name: "stateful-name", Says: "The replicas of a stateful workload have host names that stay and tell them apart.", Facts: []string{"workloads.each.stateful"},
				Check: func(o *Observer) { statefulNames(o) },
				Otherwise: map[string]Otherwise{"nomad": differs("the names are there, and lead nowhere", func(o *Observer) {
					for _, name := range statefulNames(o) {
						if name != o.Report("each").Hostname { // its own name leads each replica to itself
							o.Equal("addresses of "+name, len(o.Resolves("each", name)), 0)
						}
					}
				})}},
			{Name: "volume-group", Says: "A new volume can be written to by the group that fsGroup names.", Facts: []string{"workloads.grouped.security.fsGroup"},
				Check: func(o *Observer) { o.put("grouped", "/store/mark", "x") },
				Otherwise: map[string]Otherwise{"compose": differs("a new volume keeps the owner that it has, which is root", func(o *Observer) {
					err := o.tryPut("grouped", "/store/mark", "x")
					o.True(strings.Contains(err, "permission denied"), "writing says %q", err)
				})}},
			{Name: "volume-new", Says: "A new volume holds nothing, or what the image holds at its path: the spec promises neither.", Facts: []string{"workloads.seeded.mounts"}, Atlas: []int{30},
				Check: func(o *Observer) {
					names := withoutLost(o.Stat("seeded", "/data").Names)
					o.True(len(names) == 0 || slices.Equal(names, []string{"from-image"}), "the volume holds %v", names)
				}},
		},
	}
}

func withoutLost(names []string) []string {
	return slices.DeleteFunc(append([]string{}, names...), func(n string) bool { return n == "lost+found" })
}

func statefulNames(o *Observer) (names []string) {
	o.all("each", 2)
	for _, i := range o.Instances("each") {
		_, body, err := o.Ask(i, 8080, "/who")
		o.True(err == nil, "%v", err)
		names = append(names, hostIn(body))
	}
	slices.Sort(names)
	o.Equal("host names", names, []string{"each-0", "each-1"})
	return names
}

func places() Scene {
	return Scene{
		Concept: "mounts",
		Spec: `
workloads:
  places:
    security: {user: 65532, group: 65532, readOnlyRoot: true}
    env: {PROBE_DIRS: /scratch /memory /host, PROBE_STATE: /scratch}
    mounts:
      /scratch: {scratch: 16Mi}
      /memory: {memory: 8Mi}
      /host: {host: /etc, readOnly: true}
`,
		Rows: []Row{
			{Name: "mount-scratch", Says: "Scratch space can be written to by the image's user, and is there after a restart of the container.", Facts: []string{"workloads.places.mounts./scratch.scratch"},
				Check: func(o *Observer) {
					o.put("places", "/scratch/mark", "x")
					o.ends("places", 1, true)
					o.Equal("content", o.Stat("places", "/scratch/mark").Text(), "x")
				},
				Otherwise: map[string]Otherwise{
					"nomad": unseen("that the size is not enforced"),
					"compose": differs("the folder belongs to root unless the image holds it", func(o *Observer) {
						err := o.tryPut("places", "/scratch/mark", "x")
						o.True(strings.Contains(err, "permission denied"), "writing says %q", err)
					})}},
			{Name: "mount-memory", Says: "A file system in memory is one, has its size, and can be written to beside a read-only root.",
				Facts: []string{"workloads.places.mounts./memory", "workloads.places.security.readOnlyRoot"}, Atlas: []int{34},
				Check: func(o *Observer) {
					r, m := o.Report("places"), o.mounted("places", "/memory")
					o.Equal("kind", m.Kind, "tmpfs")
					o.Equal("size", m.Size, int64(8<<20))
					o.Equal("may it be written to", r.Writable["/memory"], "writable")
				}},
			{Name: "mount-host", Says: "A folder of the node is seen, and cannot be written to where it is read-only.", Facts: []string{"workloads.places.mounts./host"},
				Check: func(o *Observer) {
					o.True(slices.Contains(o.Stat("places", "/host").Names, "passwd"), "the node's folder is not seen")
					o.True(o.Report("places").Writable["/host"] != "writable", "it can be written to")
				}},
		},
	}
}

// all waits until so many replicas run and answer.
func (o *Observer) all(workload string, n int) {
	o.Eventually(90*time.Second, fmt.Sprintf("%d replicas of %s answer", n, workload), func() bool {
		list := o.Instances(workload)
		for _, i := range list {
			if status, _, err := o.Ask(i, 8080, "/who"); err != nil || status != 200 {
				return false
			}
		}
		return len(list) == n
	})
}

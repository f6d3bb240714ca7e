package compose

import (
	"path"
	"slices"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/backends/internal/naming"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// scratchDisk is what the containers of a workload mount at one path as scratch or
// memory: one disk for all of them.
type scratchDisk struct {
	path    string
	mounts  int      // containers that mount it
	memory  bool     // nothing but memory
	size    ir.Bytes // the largest that is asked for, in memory
	hasInit bool
}

// scratchDisks returns the disks of a workload in the order of their first use.
func scratchDisks(w *ir.Workload) []scratchDisk {
	var disks []scratchDisk
	ir.EachContainer(w, "", func(_, _ string, role ir.Role, c *ir.Container) {
		for i := range c.Mounts {
			m := &c.Mounts[i].Value
			if m.Scratch == nil && m.Memory == nil {
				continue
			}
			place := path.Clean(c.Mounts[i].Key)
			at := slices.IndexFunc(disks, func(d scratchDisk) bool { return d.path == place })
			if at < 0 {
				disks, at = append(disks, scratchDisk{path: place, memory: true}), len(disks)
			}
			d := &disks[at]
			d.mounts++
			d.hasInit = d.hasInit || role == ir.Init
			d.memory = d.memory && m.Memory != nil
			if m.Memory != nil {
				d.size = max(d.size, m.Memory.Size)
			}
		}
	})
	return disks
}

// diskAt returns the disk at a path that several containers share; nil when it is
// one container's own.
func diskAt(w *ir.Workload, place string) *scratchDisk {
	place = path.Clean(place)
	for _, d := range scratchDisks(w) {
		if d.path == place && d.mounts > 1 {
			return &d
		}
	}
	return nil
}

// inMemory reports whether a shared disk can be one in memory, which lives as long as
// a container uses it: an init container's would be gone before the others start.
func (d *scratchDisk) inMemory() bool { return d.memory && !d.hasInit }

// sharedScratch declares the volumes by which the containers of an instance share
// disks, and returns their names by path.
func (e *emitter) sharedScratch(instance string, w *ir.Workload) map[string]string {
	var names map[string]string
	for _, d := range scratchDisks(w) {
		if d.mounts < 2 {
			continue
		}
		name := e.freeVolume(instance + "-" + naming.Label(path.Base(d.path)))
		put(&names, d.path, name)
		var config types.VolumeConfig
		if d.inMemory() {
			config.Driver = "local"
			config.DriverOpts = types.Options{"type": "tmpfs", "device": "tmpfs"}
			if d.size > 0 {
				config.DriverOpts["o"] = "size=" + composefile.Size(d.size)
			}
		}
		config.Labels = e.objectLabels(nil)
		e.volumes = append(e.volumes, named[types.VolumeConfig]{name: name, value: config, comment: "scratch of " + instance + ", shared by its containers"})
	}
	return names
}

func (e *emitter) freeVolume(name string) string {
	taken := func(s string) bool {
		return e.app.Volumes.Has(s) || slices.ContainsFunc(e.volumes, func(v named[types.VolumeConfig]) bool { return v.name == s })
	}
	for taken(name) {
		name += "-scratch"
	}
	return name
}

// isShared and onDisk are what the rows of the table ask about a scratch or memory
// mount.
func isShared(f *ir.Fact) bool { return diskOf(f) != nil }

func onDisk(f *ir.Fact) bool {
	d := diskOf(f)
	return d != nil && !d.inMemory()
}

func smallerDisk(f *ir.Fact) bool {
	d := diskOf(f)
	size, ok := f.Value().(ir.Bytes)
	return d != nil && ok && size < d.size
}

func diskOf(f *ir.Fact) *scratchDisk {
	if f.Workload == nil {
		return nil
	}
	return diskAt(f.Workload, f.Name)
}

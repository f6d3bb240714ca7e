package nomad

import (
	"fmt"

	"github.com/hashicorp/nomad/api"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

const (
	// coreMHz is what one core is taken for. Nodes differ, so no figure is right
	// everywhere; this one is near to what servers have.
	coreMHz = 2500
	// defaultMemoryMB is what Nomad gives a task that asks for nothing, and enforces.
	defaultMemoryMB = 300
	// leastMemoryMB is below what Nomad refuses.
	leastMemoryMB = 10
	// defaultDiskMB is the size of a group's disk when nothing is said.
	defaultDiskMB = 300
	mebibyte      = 1 << 20
)

// needed returns the task's resources block, made on first use.
func (t *task) needed() *api.Resources {
	if t.out.Resources == nil {
		t.out.Resources = &api.Resources{}
	}
	return t.out.Resources
}

// resources writes what is reserved and what is the limit. Nomad has one figure for
// the CPU: a limit makes it hard, and then reserves it too.
func (t *task) resources() {
	r := t.container.Resources
	if r == nil {
		r = &ir.Resources{}
	}
	limits := r.Limits
	if limits == nil {
		limits = &ir.Limits{}
	}
	t.cpu(r.CPU, limits.CPU)
	t.memory(r.Memory, limits.Memory)
	if r.Disk != 0 {
		t.unit.reserveDisk(r.Disk, t.path("resources", "disk"))
	}
}

func (t *task) cpu(reserved, limit ir.CPU) {
	wanted := max(reserved, limit)
	switch {
	case wanted == 0:
		return
	case wanted%1000 == 0 && t.unit.emitter.pass(passCores):
		t.needed().Cores = new(int(wanted / 1000))
		return
	case limit != 0:
		wanted = limit
		t.config["cpu_hard_limit"] = true
	}
	t.needed().CPU = new(max(1, int((int64(wanted)*coreMHz+999)/1000)))
}

func (t *task) memory(reserved, limit ir.Bytes) {
	switch {
	case reserved == 0 && limit == 0:
		t.needed().MemoryMB = new(defaultMemoryMB)
		t.unit.emitter.report(diag.Warning, CodeDefaultMemory, t.path("resources", "memory"), "a container says nothing about memory",
			fmt.Sprintf("Nomad gives it %d MiB and ends it when it takes more; say resources.memory.", defaultMemoryMB))
		return
	case reserved == 0:
		reserved = limit
	}
	t.needed().MemoryMB = new(max(leastMemoryMB, t.mebibytes(reserved, "resources", "memory")))
	if limit <= reserved {
		return
	}
	most := max(leastMemoryMB, t.mebibytes(limit, "resources", "limits", "memory"))
	if t.unit.emitter.pass(passMemoryMax) {
		t.needed().MemoryMaxMB = new(most)
		return
	}
	t.config["memory_hard_limit"] = most
}

func (t *task) mebibytes(b ir.Bytes, keys ...string) int {
	return t.unit.mebibytes(b, t.path(keys...))
}

// mebibytes rounds up and says so.
func (u *unit) mebibytes(b ir.Bytes, path string) int {
	n := (int64(b) + mebibyte - 1) / mebibyte
	if int64(b)%mebibyte != 0 {
		u.emitter.report(diag.Note, CodeRounded, path, "a size is rounded up to whole MiB",
			fmt.Sprintf("Nomad counts in MiB: %s becomes %d.", b, n))
	}
	return int(n)
}

// ephemeralDisk returns the group's disk block, made on first use.
func (u *unit) ephemeralDisk() *api.EphemeralDisk {
	if u.group.EphemeralDisk == nil {
		u.group.EphemeralDisk = &api.EphemeralDisk{}
	}
	return u.group.EphemeralDisk
}

// reserveDisk adds to the disk that the containers of the group share.
func (u *unit) reserveDisk(b ir.Bytes, path string) {
	disk := u.ephemeralDisk()
	if disk.SizeMB == nil {
		// The output of the tasks is on the same disk: what Nomad takes for it by
		// default stays.
		disk.SizeMB = new(defaultDiskMB)
	}
	*disk.SizeMB += u.mebibytes(b, path)
}

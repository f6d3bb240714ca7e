package nomad

import (
	"slices"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/ir"
)

func (r *reader) limits(t *sourceTask, config *document.Value) {
	c, at := &t.out, t.path()
	if n, ok := intOf(config.Get("shm_size")); ok && n > 0 {
		c.Shm = ir.Bytes(n)
		r.said(at+".shm", config.Get("shm_size"))
	}
	for _, m := range or(config.Get("ulimit")).Members {
		soft, hard, both := strings.Cut(m.Value.Text, ":")
		if !both {
			hard = soft
		}
		low, err := strconv.ParseInt(soft, 10, 64)
		high, failed := strconv.ParseInt(hard, 10, 64)
		if err == nil && failed == nil && low >= -1 && high >= -1 {
			c.Ulimits.Set(m.Key, ir.Ulimit{Soft: low, Hard: high})
			r.said(ir.JoinPath(at+".ulimits", m.Key), m.Value)
		}
	}
	c.Sysctls = r.texts(t, at+".sysctls", config.Get("sysctl"))
	if n, ok := intOf(config.Get("pids_limit")); ok && n > 0 {
		limits(c).Pids = n
		r.said(at+".resources.limits.pids", config.Get("pids_limit"))
	}
	r.devices(t, config)
}

func (r *reader) devices(t *sourceTask, config *document.Value) {
	c, at := &t.out, t.path()
	for _, d := range blocksOf(config, "devices") {
		host := textOf(d.Get("host_path"), "")
		if host == "" || strings.Contains(host, "${") {
			continue
		}
		c.Devices = append(c.Devices, ir.Device{Host: host, Path: textOf(d.Get("container_path"), ""), Permissions: textOf(d.Get("cgroup_permissions"), "")})
		r.said(at+".devices["+strconv.Itoa(len(c.Devices)-1)+"]", d)
	}
	for _, d := range blocksOf(or(t.doc.Get("resources")), "device") {
		words := strings.Split(labelOf(d), "/")
		vendor := ""
		kind := words[0]
		if len(words) > 1 {
			vendor, kind = words[0], words[1]
		}
		count, counted := intOf(d.Get("count"))
		if !counted {
			count = 1
		}
		if kind != "gpu" || c.GPUs != nil || vendor != "" && !slices.Contains([]string{"nvidia", "amd", "intel"}, vendor) {
			continue
		}
		c.GPUs = &ir.GPUs{Count: count, Vendor: vendor}
		r.said(at+".gpus", d)
	}
}

func limits(c *ir.Container) *ir.Limits {
	if c.Resources == nil {
		c.Resources = &ir.Resources{}
	}
	if c.Resources.Limits == nil {
		c.Resources.Limits = &ir.Limits{}
	}
	return c.Resources.Limits
}

// resources reads what is reserved and what is the limit.
func (r *reader) resources(t *sourceTask) {
	v, config := or(t.doc.Get("resources")), or(t.doc.Get("config"))
	c, at := &t.out, t.path()
	reserve := func() *ir.Resources {
		if c.Resources == nil {
			c.Resources = &ir.Resources{}
		}
		return c.Resources
	}
	if n, ok := intOf(v.Get("cores")); ok && n > 0 {
		reserve().CPU = ir.CPU(n * 1000)
		r.said(at+".resources.cpu", v.Get("cores"))
	} else if n, ok := intOf(v.Get("cpu")); ok && n > 0 {
		cpu := coresOf(n)
		if textOf(config.Get("cpu_hard_limit"), "") == "true" {
			limits(c).CPU = cpu
			r.said(at+".resources.limits.cpu", v.Get("cpu"))
			// the limit is reserved too, which counts where replicas are added by the share of it that is in use
			if s := t.group.workload.Scale; s != nil && s.CPU > 0 && t.as == mainTask {
				reserve().CPU = cpu
				r.said(at+".resources.cpu", v.Get("cpu"))
			}
		} else {
			reserve().CPU = cpu
			r.said(at+".resources.cpu", v.Get("cpu"))
		}
	}
	memory, _ := intOf(v.Get("memory"))
	if memory > 0 && !(t.group.job.own && memory == defaultMemoryMB && v.Get("cpu") == nil) { // what decamp writes when nothing is said
		reserve().Memory = ir.Bytes(memory) * mebibyte
		r.said(at+".resources.memory", v.Get("memory"))
	}
	for _, most := range []*document.Value{v.Get("memory_max"), config.Get("memory_hard_limit")} {
		if n, ok := intOf(most); ok && n > 0 && n >= memory && limits(c).Memory == 0 {
			limits(c).Memory = ir.Bytes(n) * mebibyte
			r.said(at+".resources.limits.memory", most)
		}
	}
	if c.Resources != nil && c.Resources.Limits != nil && *c.Resources.Limits == (ir.Limits{}) {
		c.Resources.Limits = nil
	}
	if c.Resources != nil && *c.Resources == (ir.Resources{}) {
		c.Resources = nil
	}
}

// coresOf turns MHz into cores, so that writing gives the same number of MHz back.
func coresOf(mhz int) ir.CPU {
	low := int64(mhz) * 1000 / coreMHz
	if low > 0 && (low*coreMHz+999)/1000 == int64(mhz) {
		return ir.CPU(low)
	}
	return ir.CPU((int64(mhz)*1000 + coreMHz - 1) / coreMHz)
}

package composeread

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// limits reads what a container may use, from deploy.resources and from the older keys.
func (r *reader) limits(s *composeService) {
	c, at := s.c, s.path+".resources"
	resources := &ir.Resources{}
	limits := &ir.Limits{}
	deploy := s.f.in("deploy").in("resources")
	if s.f.m["deploy"] == nil {
		deploy = newFields(nil, place{})
	}
	of := func(f *fields, key string, older string) (string, place) {
		if f.has(key) {
			if scalar(s.f.m[older]) != "" {
				s.f.take(older)
			}
			return f.text(key), f.at(key)
		}
		if older != "" {
			return s.f.text(older), s.f.at(older)
		}
		return "", place{}
	}
	text, p := of(deploy.in("limits"), "cpus", "cpus")
	limits.CPU = r.cpu(text, p, at+".limits.cpu")
	text, p = of(deploy.in("limits"), "memory", "mem_limit")
	limits.Memory = r.size(text, p, at+".limits.memory")
	text, p = of(deploy.in("limits"), "pids", "pids_limit")
	if n, ok := integer(text); ok && n > 0 {
		limits.Pids = int(n)
		r.positions.Set(at+".limits.pids", p.node())
	} else if text != "" {
		s.f.keep("pids_limit") // no limit
	}
	if text := scalar(deploy.in("reservations").m["cpus"]); text != "" {
		// Compose reserves none, so that it also stays as it is.
		if r.dialect.Stack != nil {
			deploy.in("reservations").take("cpus")
		}
		resources.CPU = r.cpu(text, deploy.in("reservations").at("cpus"), at+".cpu")
	}
	text, p = of(deploy.in("reservations"), "memory", "mem_reservation")
	resources.Memory = r.size(text, p, at+".memory")
	if limits.Memory > 0 && resources.Memory > limits.Memory {
		r.report(diag.Warning, r.dialect.Codes.Clamped, p, at+".memory", "more memory is reserved than the limit allows", "No container gets more than its limit, so that the limit is taken as the reservation.")
		resources.Memory = limits.Memory
	}
	if limits.CPU > 0 && resources.CPU > limits.CPU {
		r.report(diag.Warning, r.dialect.Codes.Clamped, deploy.in("reservations").at("cpus"), at+".cpu", "more CPU is reserved than the limit allows", "No container gets more than its limit, so that the limit is taken as the reservation.")
		resources.CPU = limits.CPU
	}
	if *limits != (ir.Limits{}) {
		resources.Limits = limits
	}
	if *resources != (ir.Resources{}) {
		c.Resources = resources
		r.positions.Set(at, s.f.at("deploy").get("resources").node())
	}
	r.devices(s, deploy.in("reservations"))
	r.kernel(s)
}

func (r *reader) cpu(text string, p place, at string) ir.CPU {
	if text == "" {
		return 0
	}
	cores, err := strconv.ParseFloat(text, 64)
	if err != nil || cores < 0 || cores > 1e6 {
		r.report(diag.Error, r.dialect.Codes.Invalid, p, at, "an amount of CPU is no number of cores: "+text, "Write for instance 0.5.")
		return 0
	}
	r.positions.Set(at, p.node())
	milli := ir.CPU(math.Ceil(cores*1000 - 1e-6))
	if math.Abs(float64(milli)-cores*1000) > 1e-3 {
		r.report(diag.Note, r.dialect.Codes.Rounded, p, at, "an amount of CPU is rounded up to "+milli.String(), "A spec counts in thousandths of a core.")
	}
	return milli
}

func (r *reader) size(text string, p place, at string) ir.Bytes {
	if text == "" {
		return 0
	}
	b, ok := bytesOf(text)
	if !ok {
		r.report(diag.Error, r.dialect.Codes.Invalid, p, at, "a size is not written as "+r.dialect.Title+" reads it: "+text, "Write for instance 512m or 2g.")
		return 0
	}
	r.positions.Set(at, p.node())
	return b
}

// devices reads device nodes and GPUs.
func (r *reader) devices(s *composeService, reservations *fields) {
	list, _ := s.f.m["devices"].([]any)
	for i, entry := range list {
		m, _ := entry.(model)
		d := ir.Device{Host: scalar(m["source"]), Path: scalar(m["target"]), Permissions: scalar(m["permissions"])}
		if !strings.HasPrefix(d.Host, "/") {
			s.keepWhole("devices") // of the container device interface
			continue
		}
		s.f.take("devices")
		if d.Path == d.Host {
			d.Path = ""
		}
		if d.Permissions == "rwm" {
			d.Permissions = ""
		}
		s.c.Devices = append(s.c.Devices, d)
		r.positions.Set(fmt.Sprintf("%s.devices[%d]", s.path, len(s.c.Devices)-1), s.f.at("devices").item(i, len(list)).node())
	}
	if _, carried := s.rest["devices"]; carried {
		s.f.keep("devices")
	}
	for _, requests := range []struct {
		key string
		f   *fields
	}{{"devices", reservations}, {"gpus", s.f}} {
		list, _ := requests.f.m[requests.key].([]any)
		if len(list) != 1 || s.c.GPUs != nil {
			continue
		}
		f := newFields(clone(list[0]), requests.f.at(requests.key).item(0, 1))
		g, whole := r.gpus(f, requests.key == "gpus")
		if g == nil {
			continue
		}
		s.c.GPUs = g
		r.positions.Set(s.path+".gpus", f.place.node())
		if whole {
			requests.f.take(requests.key)
		} else if requests.key == "devices" {
			r.keepReservation(s)
		}
	}
}

func (r *reader) keepReservation(s *composeService) {
	s.rest["deploy"] = mergeModels(s.rest["deploy"], model{"resources": model{"reservations": model{"devices": s.f.m["deploy"].(model)["resources"].(model)["reservations"].(model)["devices"]}}})
}

func (r *reader) gpus(f *fields, gpus bool) (*ir.GPUs, bool) {
	capabilities := texts(f.take("capabilities"))
	if !gpus && !slices.Contains(capabilities, "gpu") {
		return nil, false
	}
	driver := f.text("driver")
	g := &ir.GPUs{Vendor: driver}
	if !slices.Contains([]string{"", "nvidia", "amd", "intel"}, driver) {
		g.Vendor = ""
	}
	count, ok := integer(f.take("count"))
	ids := texts(f.m["device_ids"])
	switch {
	case ok && count > 0:
		g.Count = int(count)
	case len(ids) > 0:
		g.Count = len(ids)
		return g, false
	default:
		g.Count = 1 // all of them, which only Docker can count
		return g, false
	}
	return g, len(f.rest()) == 0 && g.Vendor == driver && (gpus || len(capabilities) == 1) && !gpus
}

package nomad

import (
	"fmt"
	"time"

	"github.com/hashicorp/nomad/api"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// minimumCheckTime is the shortest interval and timeout: nomad/structs.
const minimumCheckTime = time.Second

// checks asks what the probes of a port's container ask. A check with check_restart
// is the live probe; without, the ready probe.
func (u *unit) checks(p *port, container string, role ir.Role, c *ir.Container) []api.ServiceCheck {
	if c.Health == nil {
		return nil
	}
	var checks []api.ServiceCheck
	if ready := c.Health.Ready; asks(ready, p.name) {
		checks = append(checks, u.check("ready", ready, u.at(container, role, "health", "ready")))
	}
	if live := c.Health.Live; asks(live, p.name) {
		check := u.check("live", live, u.at(container, role, "health", "live"))
		check.CheckRestart = &api.CheckRestart{Limit: live.FailuresOrDefault()}
		grace := live.Delay.Std()
		if c.Health.Startup != nil {
			grace += budget(c.Health.Startup)
		}
		if grace != 0 {
			check.CheckRestart.Grace = &grace
		}
		checks = append(checks, check)
	}
	return checks
}

// asks reports whether a probe asks a port in a way that native services know.
func asks(p *ir.Probe, port string) bool {
	switch {
	case p == nil:
		return false
	case p.HTTP != nil:
		return p.HTTP.Port == port
	case p.TCP != nil:
		return p.TCP.Port == port
	}
	return false
}

// asked reports whether a probe is asked in a way that native services know.
func asked(p *ir.Probe) bool { return p != nil && (p.HTTP != nil || p.TCP != nil) }

func (u *unit) check(name string, p *ir.Probe, path string) api.ServiceCheck {
	check := api.ServiceCheck{
		Name: name, Type: "tcp",
		Interval: u.atLeastSecond(p.EveryOrDefault().Std(), path+".every"),
		Timeout:  u.atLeastSecond(p.TimeoutOrDefault().Std(), path+".timeout"),
	}
	if p.HTTP == nil {
		return check
	}
	check.Type, check.Path = "http", p.HTTP.PathOrDefault()
	if p.HTTP.SchemeOrDefault() == "https" {
		// The certificate is for a name, and the check knows an address only.
		check.Protocol, check.TLSSkipVerify = "https", true
	}
	add := func(key, value string) {
		if check.Header == nil {
			check.Header = map[string][]string{}
		}
		check.Header[key] = append(check.Header[key], value)
	}
	if p.HTTP.Host != "" {
		add("Host", p.HTTP.Host)
	}
	for _, h := range p.HTTP.Headers {
		add(h.Key, h.Value)
	}
	return check
}

func (u *unit) atLeastSecond(d time.Duration, path string) time.Duration {
	if d >= minimumCheckTime {
		return d
	}
	u.emitter.report(diag.Note, CodeRounded, path, "a probe is slower than said",
		fmt.Sprintf("Nomad asks at most once a second and waits at least a second: %s becomes 1s.", d))
	return minimumCheckTime
}

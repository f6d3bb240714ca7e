package compose

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// asked returns the probe that Compose's one check stands for: what depends_on waits
// for is readiness; a container that says only when it has begun is ready then.
func asked(c *ir.Container) *ir.Probe {
	switch {
	case c.Health == nil:
		return nil
	case c.Health.Ready != nil:
		return c.Health.Ready
	}
	return c.Health.Startup
}

// checked reports whether the container has a check that others can wait for.
func checked(c *ir.Container) bool { return asked(c) != nil }

func (e *emitter) health(c *ir.Container) *types.HealthCheckConfig {
	probe := asked(c)
	if probe == nil {
		return nil
	}
	every, timeout, retries := types.Duration(probe.EveryOrDefault()), types.Duration(probe.TimeoutOrDefault()), uint64(probe.FailuresOrDefault())
	check := &types.HealthCheckConfig{Test: e.test(c, probe), Interval: &every, Timeout: &timeout, Retries: &retries}
	if period := startPeriod(c.Health); period > 0 {
		p := types.Duration(period)
		check.StartPeriod = &p
		if c.Health.Ready != nil && c.Health.Startup != nil && e.options.Passes[passStartInterval] {
			interval := types.Duration(c.Health.Startup.EveryOrDefault())
			check.StartInterval = &interval
		}
	}
	return check
}

// startPeriod is the time in which failures do not count: the delays, and for as
// long as the startup probe may fail.
func startPeriod(h *ir.Health) ir.Duration {
	if h.Ready == nil {
		return h.Startup.Delay
	}
	period := h.Ready.Delay
	if s := h.Startup; s != nil && (sameQuestion(s, h.Ready) || s.Every > 0 || s.Failures > 0) {
		period += s.Delay + s.EveryOrDefault()*ir.Duration(s.FailuresOrDefault())
	}
	return period
}

// sameQuestion reports whether two probes ask the same thing in the same way.
func sameQuestion(a, b *ir.Probe) bool {
	return reflect.DeepEqual(a.Exec, b.Exec) && reflect.DeepEqual(a.HTTP, b.HTTP) &&
		reflect.DeepEqual(a.TCP, b.TCP) && reflect.DeepEqual(a.GRPC, b.GRPC)
}

// test writes the command that asks. Compose knows commands only: the other ways
// need a tool in the image.
func (e *emitter) test(c *ir.Container, p *ir.Probe) types.HealthCheckTest {
	switch {
	case p.Exec != nil:
		words := e.words(p.Exec)
		if len(words) == 3 && words[0] == "/bin/sh" && words[1] == "-c" {
			return types.HealthCheckTest{"CMD-SHELL", words[2]}
		}
		return append(types.HealthCheckTest{"CMD"}, words...)
	case p.HTTP != nil:
		return append(types.HealthCheckTest{"CMD"}, request(c, p.HTTP)...)
	case p.TCP != nil:
		return types.HealthCheckTest{"CMD", "nc", "-z", loopback, portNumber(c, p.TCP.Port)}
	case p.GRPC != nil:
		test := types.HealthCheckTest{"CMD", "grpc_health_probe", "-addr=" + loopback + ":" + portNumber(c, p.GRPC.Port)}
		if p.GRPC.Service != "" {
			test = append(test, "-service="+p.GRPC.Service)
		}
		return test
	}
	return types.HealthCheckTest{"NONE"}
}

const loopback = "127.0.0.1"

// request is one GET by wget, in the words that both GNU's and BusyBox's know. No
// certificate is checked: the container asks itself.
func request(c *ir.Container, h *ir.HTTPAction) []string {
	words := []string{"wget", "-q", "-O", "/dev/null"}
	if h.SchemeOrDefault() == "https" {
		words = append(words, "--no-check-certificate")
	}
	if h.Host != "" {
		words = append(words, "--header", "Host: "+h.Host)
	}
	for _, header := range h.Headers {
		words = append(words, "--header", header.Key+": "+header.Value)
	}
	path := h.PathOrDefault()
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return append(words, h.SchemeOrDefault()+"://"+loopback+":"+portNumber(c, h.Port)+path)
}

func portNumber(c *ir.Container, name string) string {
	p, _ := c.Ports.Get(name)
	return fmt.Sprint(p.Port)
}

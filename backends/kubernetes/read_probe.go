package kubernetes

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

func (r *sourceReader) health(w *sourceWorkload, path string, c *corev1.Container, n *tree.Node, out *ir.Container) *ir.Health {
	h := ir.Health{}
	for _, p := range []struct {
		name, key string
		source    *corev1.Probe
		into      **ir.Probe
	}{
		{"startup", "startupProbe", c.StartupProbe, &h.Startup}, {"ready", "readinessProbe", c.ReadinessProbe, &h.Ready}, {"live", "livenessProbe", c.LivenessProbe, &h.Live},
	} {
		if p.source != nil {
			r.place(path+".health."+p.name, n.Get(p.key))
			r.placeAll(path+".health."+p.name, probePlaces, n.Get(p.key))
			*p.into = r.probe(w, p.source, out)
			if *p.into != nil && p.name != "ready" {
				(*p.into).Successes = 0
			}
		}
	}
	if h == (ir.Health{}) {
		return nil
	}
	return &h
}

func (r *sourceReader) probe(w *sourceWorkload, p *corev1.Probe, out *ir.Container) *ir.Probe {
	result := &ir.Probe{
		Every: secondsOf(int64(p.PeriodSeconds)), Timeout: secondsOf(int64(p.TimeoutSeconds)), Delay: secondsOf(int64(p.InitialDelaySeconds)),
		Failures: int(p.FailureThreshold), Successes: int(p.SuccessThreshold),
	}
	usual(&result.Every, ir.DefaultProbeEvery)
	usual(&result.Timeout, ir.DefaultProbeTimeout)
	usual(&result.Failures, ir.DefaultProbeFailures)
	usual(&result.Successes, ir.DefaultProbeSuccesses)
	switch {
	case p.Exec != nil && len(p.Exec.Command) > 0:
		result.Exec = &ir.Command{}
		for _, word := range p.Exec.Command {
			result.Exec.Words = append(result.Exec.Words, ir.Literal(unescape(word)))
		}
	case p.HTTPGet != nil:
		result.HTTP = r.httpAction(w, p.HTTPGet, out)
		if result.HTTP == nil {
			return nil
		}
	case p.TCPSocket != nil:
		port := r.declare(w, out, portNumberIn(&w.template.Spec, p.TCPSocket.Port), "", "")
		if port == "" {
			return nil
		}
		result.TCP = &ir.TCPAction{Port: port}
	case p.GRPC != nil:
		port := r.declare(w, out, p.GRPC.Port, "", "")
		if port == "" {
			return nil
		}
		result.GRPC = &ir.GRPCAction{Port: port}
		if p.GRPC.Service != nil {
			result.GRPC.Service = *p.GRPC.Service
		}
	default:
		return nil
	}
	return result
}

// usual leaves out what a spec means anyway.
func usual[T comparable](p *T, meant T) {
	if *p == meant {
		var zero T
		*p = zero
	}
}

func (r *sourceReader) httpAction(w *sourceWorkload, h *corev1.HTTPGetAction, out *ir.Container) *ir.HTTPAction {
	port := r.declare(w, out, portNumberIn(&w.template.Spec, h.Port), "", "")
	if port == "" || h.Host != "" && h.Host != "127.0.0.1" && h.Host != "localhost" {
		return nil // it asks something else
	}
	action := &ir.HTTPAction{Port: port, Path: h.Path, Scheme: strings.ToLower(string(h.Scheme))}
	if action.Scheme == "http" {
		action.Scheme = ""
	}
	for _, header := range h.HTTPHeaders {
		switch {
		case strings.EqualFold(header.Name, "Host") && action.Host == "":
			action.Host = header.Value
		case !action.Headers.Has(header.Name):
			action.Headers.Set(header.Name, header.Value)
		}
	}
	return action
}

func (r *sourceReader) lifecycle(w *sourceWorkload, path string, c *corev1.Container, n *tree.Node, out *ir.Container) {
	l := c.Lifecycle
	if l == nil {
		return
	}
	if hook := r.hook(w, l.PostStart, out); hook != nil {
		out.Hooks = &ir.Hooks{AfterStart: hook}
		r.place(path+".hooks.afterStart", n.Get("postStart"))
	}
	if hook := r.hook(w, l.PreStop, out); hook != nil {
		out.Stop = &ir.Stop{Before: hook}
		r.place(path+".stop.before", n.Get("preStop"))
	}
	if l.StopSignal != nil {
		if out.Stop == nil {
			out.Stop = &ir.Stop{}
		}
		out.Stop.Signal = string(*l.StopSignal)
		r.place(path+".stop.signal", n.Get("stopSignal"))
	}
}

// hook reads a command or a request. Nothing in it is expanded by Kubernetes.
func (r *sourceReader) hook(w *sourceWorkload, h *corev1.LifecycleHandler, out *ir.Container) *ir.Hook {
	switch {
	case h == nil:
	case h.Exec != nil && len(h.Exec.Command) > 0:
		command := &ir.Command{}
		for _, word := range h.Exec.Command {
			command.Words = append(command.Words, ir.Literal(word))
		}
		return &ir.Hook{Exec: command}
	case h.HTTPGet != nil:
		if action := r.httpAction(w, h.HTTPGet, out); action != nil {
			return &ir.Hook{HTTP: action}
		}
	}
	return nil
}

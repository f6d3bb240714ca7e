package composefile

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// Question recognises the commands in which Test writes requests, connections
// and calls.
func Question(c *ir.Container, words []string) *ir.Probe {
	if h := RequestOf(c, words); h != nil {
		return &ir.Probe{HTTP: h}
	}
	switch {
	case len(words) == 4 && words[0] == "nc" && words[1] == "-z" && words[2] == loopback:
		if port := portNamed(c, words[3]); port != "" {
			return &ir.Probe{TCP: &ir.TCPAction{Port: port}}
		}
	case len(words) >= 2 && len(words) <= 3 && words[0] == "grpc_health_probe":
		address, ok := strings.CutPrefix(words[1], "-addr="+loopback+":")
		port := portNamed(c, address)
		service := ""
		if len(words) == 3 {
			var named bool
			service, named = strings.CutPrefix(words[2], "-service=")
			ok = ok && named
		}
		if ok && port != "" {
			return &ir.Probe{GRPC: &ir.GRPCAction{Port: port, Service: service}}
		}
	}
	return nil
}

// RequestOf is the inverse of Request.
func RequestOf(c *ir.Container, words []string) *ir.HTTPAction {
	if len(words) < 5 || !slices.Equal(words[:4], []string{"wget", "-q", "-O", "/dev/null"}) {
		return nil
	}
	h := &ir.HTTPAction{}
	u, err := url.Parse(words[len(words)-1])
	if err != nil || u.Hostname() != loopback || u.Scheme != "http" && u.Scheme != "https" {
		return nil
	}
	if h.Port = portNamed(c, u.Port()); h.Port == "" {
		return nil
	}
	_, h.Path, _ = strings.Cut(words[len(words)-1], loopback+":"+u.Port())
	if u.Scheme == "https" {
		h.Scheme = "https"
	}
	for rest := words[4 : len(words)-1]; len(rest) > 0; {
		switch {
		case rest[0] == "--no-check-certificate":
			rest = rest[1:]
		case rest[0] == "--header" && len(rest) > 1:
			name, value, _ := strings.Cut(rest[1], ": ")
			if name == "Host" {
				h.Host = value
			} else {
				h.Headers.Set(name, value)
			}
			rest = rest[2:]
		default:
			return nil
		}
	}
	if !slices.Equal(Request(c, h), words) {
		return nil
	}
	return h
}

func portNamed(c *ir.Container, number string) string {
	for _, p := range c.Ports {
		if strconv.Itoa(p.Value.Port) == number {
			return p.Key
		}
	}
	return ""
}

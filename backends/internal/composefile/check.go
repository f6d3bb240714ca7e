package composefile

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
)

const loopback = "127.0.0.1"

// Test writes the command that asks a container, for the test of a health check. Docker
// knows commands only: the other ways need a tool in the image. words writes the words
// of a command.
func Test(c *ir.Container, p *ir.Probe, words func(*ir.Command) []string) []string {
	switch {
	case p.Exec != nil:
		words := words(p.Exec)
		if len(words) == 3 && words[0] == "/bin/sh" && words[1] == "-c" {
			return []string{"CMD-SHELL", words[2]}
		}
		return append([]string{"CMD"}, words...)
	case p.HTTP != nil:
		return append([]string{"CMD"}, Request(c, p.HTTP)...)
	case p.TCP != nil:
		return []string{"CMD", "nc", "-z", loopback, portNumber(c, p.TCP.Port)}
	case p.GRPC != nil:
		test := []string{"CMD", "grpc_health_probe", "-addr=" + loopback + ":" + portNumber(c, p.GRPC.Port)}
		if p.GRPC.Service != "" {
			test = append(test, "-service="+p.GRPC.Service)
		}
		return test
	}
	return []string{"NONE"}
}

// Request is one GET by wget, in the words that both GNU's and BusyBox's know. No
// certificate is checked: the container asks itself.
func Request(c *ir.Container, h *ir.HTTPAction) []string {
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
	return strconv.Itoa(p.Port)
}

// SameQuestion reports whether two probes ask the same thing in the same way.
func SameQuestion(a, b *ir.Probe) bool {
	return reflect.DeepEqual(a.Exec, b.Exec) && reflect.DeepEqual(a.HTTP, b.HTTP) &&
		reflect.DeepEqual(a.TCP, b.TCP) && reflect.DeepEqual(a.GRPC, b.GRPC)
}

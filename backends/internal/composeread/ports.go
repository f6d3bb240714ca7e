package composeread

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// usualNames are the names of ports that people would give them: those that IANA has
// registered, or by which the programs behind them are known.
var usualNames = map[int]string{
	80: "http", 8080: "http", 8000: "http", 3000: "http", 5000: "http", 443: "https", 8443: "https",
	21: "ftp", 22: "ssh", 25: "smtp", 53: "dns", 67: "dhcp", 123: "ntp", 389: "ldap", 514: "syslog", 636: "ldaps", 993: "imaps",
	1433: "mssql", 1521: "oracle", 3306: "mysql", 5432: "postgres", 6379: "redis", 9042: "cql", 11211: "memcached", 27017: "mongodb",
	1883: "mqtt", 2181: "zookeeper", 4222: "nats", 5671: "amqps", 5672: "amqp", 9092: "kafka",
	4317: "otlp-grpc", 4318: "otlp-http", 8125: "statsd", 9229: "inspect", 9411: "zipkin", 50051: "grpc",
}

// ports reads what is published, and what is only exposed.
func (r *reader) ports(s *composeService) {
	entries, _ := s.f.take("ports").([]any)
	carry := false
	for i, entry := range entries {
		m, _ := entry.(model)
		if !r.port(s, m, s.f.at("ports").item(i, len(entries))) {
			carry = true
		}
	}
	if carry {
		s.keepWhole("ports")
	}
	r.expose(s)
}

// port reads one entry; false when the spec cannot say all of it.
func (r *reader) port(s *composeService, m model, p place) bool {
	f := newFields(clone(m), p)
	target, ok := integer(f.take("target"))
	if !ok || target < 1 || target > 65535 {
		r.report(diag.Warning, r.dialect.Codes.Port, p, s.path+".ports", "a port is no number from 1 to 65535", "The entry stays as it is for "+r.dialect.Title+".")
		return false
	}
	protocol := strings.ToLower(f.text("protocol")) // an Engine reads it in both cases
	app, wanted := f.text("app_protocol"), scalar(f.m["name"])
	if f.m["mode"] == "ingress" {
		f.take("mode")
	}
	name := r.portName(s, int(target), protocol, wanted, p)
	port := s.c.Ports.Ref(name)
	if app != "" {
		port.App = app
	}
	if wanted == name && app != "" {
		f.take("name")
	}
	published := f.text("published")
	publish := ir.Publish{On: f.text("host_ip")}
	if publish.On != "" && r.dialect.Stack != nil {
		publish.On = ""
		r.report(diag.Warning, r.dialect.Codes.Ignored, p, s.path+".publish", "docker stack deploy ignores the address that a port is published at", "The port is open at every address of every node. Keep others out with the nodes' firewall.")
	}
	if publish.On == "0.0.0.0" && published != "" {
		publish.On = ""
		f.keep("host_ip")
	}
	first, last, isRange := strings.Cut(published, "-")
	number, err := strconv.Atoi(first)
	whole := len(f.rest()) == 0
	path := ir.JoinPath(s.main.path+".publish", name)
	switch {
	case published == "" || err != nil || number < 1 || number > 65535:
		return false // a number that the engine chooses
	case isRange && first != last:
		publish.Range = published
	default:
		publish.Port = number
	}
	if s.w.Publish.Has(name) {
		if known, _ := s.w.Publish.Get(name); known == publish {
			return whole
		}
		r.report(diag.Warning, r.dialect.Codes.Port, p, path, fmt.Sprintf("port %d is published more than once", target), "A spec publishes a port under one number. The first one is taken, and the whole list stays as it is for "+r.dialect.Title+".")
		return false
	}
	if key := fmt.Sprint(publish.On, " ", publish.Port, " ", protocol); publish.Port > 0 && r.taken[key] {
		r.report(diag.Warning, r.dialect.Codes.Port, p, path, fmt.Sprintf("port %d is published by two services", publish.Port), "Only one of them can run at a time. The first one is taken, and the entry of the other stays as it is for "+r.dialect.Title+".")
		return false
	} else {
		r.taken[key] = true
	}
	s.w.Publish.Set(name, publish)
	r.positions.Set(path, p.node())
	return whole
}

// portName returns the name of a port of the container, which is declared if it is not
// known.
func (r *reader) portName(s *composeService, number int, protocol, wanted string, p place) string {
	if protocol == "tcp" {
		protocol = ""
	}
	for _, known := range s.c.Ports {
		if known.Value.Port == number && known.Value.Protocol == protocol {
			return known.Key
		}
	}
	candidates := []string{wanted, usualNames[number], fmt.Sprint("p", number), fmt.Sprintf("p%d-%s", number, protocol)}
	if usual := candidates[1]; protocol != "" && usual != "" {
		if usual == "http" || usual == "https" {
			candidates[1] = "" // another protocol there is something else
		} else if portTaken(s.w, usual) {
			candidates[1] = usual + "-" + protocol
		}
	}
	at := slices.IndexFunc(candidates, func(name string) bool { return ir.IsName(name) && !portTaken(s.w, name) })
	name := fmt.Sprintf("p%d-%s-%s", number, protocol, s.container)
	if at >= 0 {
		name = candidates[at]
	}
	s.c.Ports.Set(name, ir.Port{Port: number, Protocol: protocol})
	r.positions.Set(ir.JoinPath(s.path+".ports", name), p.node())
	return name
}

func portTaken(w *ir.Workload, name string) (taken bool) {
	ir.EachContainer(w, "", func(_, _ string, _ ir.Role, c *ir.Container) { taken = taken || c.Ports.Has(name) })
	return taken
}

// maxExposed bounds how many ports a range may stand for.
const maxExposed = 32

func (r *reader) expose(s *composeService) {
	entries, _ := s.f.take("expose").([]any)
	for i, entry := range entries {
		text, protocol, _ := strings.Cut(strings.ToLower(scalar(entry)), "/")
		first, last, isRange := strings.Cut(text, "-")
		from, err := strconv.Atoi(first)
		to := from
		if isRange && err == nil {
			to, err = strconv.Atoi(last)
		}
		p := s.f.at("expose").item(i, len(entries))
		if err != nil || from < 1 || to > 65535 || to < from || to-from >= maxExposed || protocol != "" && !slices.Contains([]string{"tcp", "udp", "sctp"}, protocol) {
			r.report(diag.Note, r.dialect.Codes.Port, p, s.path+".ports", "exposed ports are kept for "+r.dialect.Title+" alone: "+scalar(entry), "Nothing depends on them there. Declare the ports that others use under ports.")
			s.keepWhole("expose")
			continue
		}
		for number := from; number <= to; number++ {
			r.portName(s, number, protocol, "", p)
		}
	}
}

package compose

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/ir"
)

func TestInterpolated(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"plain", "plain"},
		{"a$b${c}$$d$", "a$$b$${c}$$$$d$$"},
		{variable("DB_PASSWORD", "password"), "${DB_PASSWORD:?password}"},
		{"$x:" + variable("A", "one") + "@" + variable("B", "two") + "$", "$$x:${A:?one}@${B:?two}$$"},
		{variable("A", "costs $5 ${and} a }\nline"), "${A:?costs 5 and a line}"},
	} {
		if got := interpolatedText(c.in); got != c.want {
			t.Errorf("interpolatedText(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestInterpolatedLeavesKeys(t *testing.T) {
	v := document.Map(document.Member{Key: "$key", Value: document.List(document.String("$value"))})
	interpolated(v)
	if v.Members[0].Key != "$key" || v.Members[0].Value.Items[0].Text != "$$value" {
		t.Errorf("got %q: %q", v.Members[0].Key, v.Members[0].Value.Items[0].Text)
	}
}

// A literal of the spec cannot pass for a variable of the deployer.
func TestMarksOfTheUser(t *testing.T) {
	e := &emitter{app: &ir.App{}}
	if got := interpolatedText(e.text(ir.Literal(variable("STOLEN", "x")))); got != "STOLEN"+markText+"x" {
		t.Errorf("got %q", got)
	}
}

func TestEndpointField(t *testing.T) {
	for _, c := range []struct {
		endpoint ir.Endpoint
		want     string
	}{
		{ir.Endpoint{Host: "a.example.com", Port: 443, Scheme: "https"}, "https://a.example.com"},
		{ir.Endpoint{Host: "a.example.com", Port: 8443, Scheme: "https"}, "https://a.example.com:8443"},
		{ir.Endpoint{Host: "a.example.com", Port: 80, Scheme: "http"}, "http://a.example.com"},
		{ir.Endpoint{Host: "a.example.com", Port: 5432}, "a.example.com:5432"},
	} {
		if got := c.endpoint.Value("url"); got != c.want {
			t.Errorf("url of %+v is %q, want %q", c.endpoint, got, c.want)
		}
	}
}

func TestSize(t *testing.T) {
	for b, want := range map[ir.Bytes]string{512 << 20: "512M", 2 << 30: "2G", 64 << 10: "64K", 512_000_001: "512000001", 1001: "1001"} {
		if got := size(b); got != want {
			t.Errorf("size(%d) = %q, want %q", b, got, want)
		}
	}
}

func TestRestart(t *testing.T) {
	three := 3
	for _, c := range []struct {
		w    ir.Workload
		want string
	}{
		{ir.Workload{}, "unless-stopped"},
		{ir.Workload{Kind: ir.Daemon, Restart: &ir.Restart{Policy: "always"}}, "always"},
		{ir.Workload{Restart: &ir.Restart{Policy: "never"}}, "no"},
		{ir.Workload{Restart: &ir.Restart{Policy: "on-failure", Attempts: 5}}, "on-failure:5"},
		{ir.Workload{Kind: ir.Job}, "no"},
		{ir.Workload{Kind: ir.Job, Job: &ir.JobSettings{Retries: &three}}, "on-failure:3"},
		{ir.Workload{Kind: ir.Job, Job: &ir.JobSettings{Retries: &three}, Restart: &ir.Restart{Policy: "never"}}, "no"},
		{ir.Workload{Kind: ir.Cron, Job: &ir.JobSettings{Retries: &three}}, "no"},
	} {
		if got := restart(&c.w); got != c.want {
			t.Errorf("restart(%s, %+v, %+v) = %q, want %q", c.w.Kind, c.w.Restart, c.w.Job, got, c.want)
		}
	}
}

// Whom a rule keeps apart shares no network; whom it lets speak shares one.
func TestPlanNetworks(t *testing.T) {
	peers := func(names ...string) *ir.PeerList {
		list := &ir.PeerList{}
		for _, n := range names {
			list.Peers = append(list.Peers, ir.Peer{Workload: n})
		}
		return list
	}
	app := &ir.App{Name: "a", Workloads: ir.Map[ir.Workload]{
		{Key: "web", Value: ir.Workload{Egress: peers("db", "mail")}},
		{Key: "db", Value: ir.Workload{Ingress: peers("web")}},
		{Key: "mail", Value: ir.Workload{Ingress: peers("other")}},
		{Key: "other", Value: ir.Workload{Needs: ir.Map[ir.Condition]{{Key: "db", Value: ir.Started}}}},
		{Key: "sealed", Value: ir.Workload{Egress: peers()}},
	}}
	e := &emitter{app: app, taken: map[string]string{}}
	p := e.planNetworks()
	want := map[string][]string{
		"web":    {"web-db"}, // mail does not let it in, and alone it needs no network
		"db":     {"db", "web-db"},
		"mail":   {"mail"},
		"other":  {"mail"}, // db does not let it in
		"sealed": {"sealed"},
	}
	if diff := cmp.Diff(want, p.joined); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	internal := map[string]bool{}
	for _, n := range p.networks {
		internal[n.name] = n.internal
	}
	if diff := cmp.Diff(map[string]bool{"db": false, "mail": false, "sealed": true, "web-db": true}, internal); diff != "" {
		t.Errorf("internal, -want +got:\n%s", diff)
	}
}

func TestCaddyfile(t *testing.T) {
	web := ir.Workload{Container: ir.Container{Ports: ir.Map[ir.Port]{{Key: "http", Value: ir.Port{Port: 8080}}, {Key: "rpc", Value: ir.Port{Port: 9000, App: "grpc"}}}}}
	e := &emitter{app: &ir.App{
		Workloads: ir.Map[ir.Workload]{{Key: "web", Value: web}},
		Secrets:   ir.Map[ir.Secret]{{Key: "cert", Value: ir.Secret{Type: "tls"}}},
		Routes: ir.Map[ir.Route]{
			{Key: "all", Value: ir.Route{Host: "a.example.com", To: ir.PortRef{Workload: "web", Port: "http"}, TLS: &ir.RouteTLS{Secret: "cert"}}},
			{Key: "one", Value: ir.Route{Host: "a.example.com", Path: "/v1.0", Match: "exact", To: ir.PortRef{Workload: "web", Port: "rpc"}, TLS: &ir.RouteTLS{Secret: "cert"}}},
			{Key: "api", Value: ir.Route{Path: "/api/", To: ir.PortRef{Workload: "web", Port: "http"}}},
			{Key: "plain", Value: ir.Route{Host: "b.example.com", Path: "/b", To: ir.PortRef{Workload: "web", Port: "http"}}},
		},
	}}
	want := `{
	admin off
	auto_https disable_certs
}

https://a.example.com {
	tls /run/secrets/cert.tls.crt /run/secrets/cert.tls.key
	route {
		@1 path_regexp ` + "`^/v1\\.0$`" + `
		handle @1 {
			reverse_proxy h2c://web:9000
		}
		handle {
			reverse_proxy web:8080
		}
	}
}

http:// {
	route {
		@1 path_regexp ` + "`^/api(/|$)`" + `
		handle @1 {
			reverse_proxy web:8080
		}
	}
}

http://b.example.com {
	route {
		@1 path_regexp ` + "`^/b(/|$)`" + `
		handle @1 {
			reverse_proxy web:8080
		}
		respond 404
	}
}
`
	if diff := cmp.Diff(want, e.caddyfile()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

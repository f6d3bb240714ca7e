package caddy

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/decamp-dev/decamp/compiler/ir"
)

func TestFile(t *testing.T) {
	web := ir.Workload{Container: ir.Container{Ports: ir.Map[ir.Port]{{Key: "http", Value: ir.Port{Port: 8080}}, {Key: "rpc", Value: ir.Port{Port: 9000, App: "grpc"}}}}}
	app := &ir.App{
		Workloads: ir.Map[ir.Workload]{{Key: "web", Value: web}},
		Secrets:   ir.Map[ir.Secret]{{Key: "cert", Value: ir.Secret{Type: "tls"}}},
		Routes: ir.Map[ir.Route]{
			{Key: "all", Value: ir.Route{Host: "a.example.com", To: ir.PortRef{Workload: "web", Port: "http"}, TLS: &ir.RouteTLS{Secret: "cert"}}},
			{Key: "one", Value: ir.Route{Host: "a.example.com", Path: "/v1.0", Match: "exact", To: ir.PortRef{Workload: "web", Port: "rpc"}, TLS: &ir.RouteTLS{Secret: "cert"}}},
			{Key: "api", Value: ir.Route{Path: "/api/", To: ir.PortRef{Workload: "web", Port: "http"}}},
			{Key: "plain", Value: ir.Route{Host: "b.example.com", Path: "/b", To: ir.PortRef{Workload: "web", Port: "http"}}},
		},
	}
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
	got := File(app, Options{
		Certificates: func(secret string) []string {
			return []string{"/run/secrets/" + secret + ".tls.crt", "/run/secrets/" + secret + ".tls.key"}
		},
		Host: func(to ir.PortRef) string { return to.Workload },
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

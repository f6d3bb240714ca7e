package kubernetes

import "github.com/decamp-dev/decamp/compiler/ir"

func lit(s string) ir.Text { return ir.Literal(s) }

func command(words ...string) *ir.Command {
	c := &ir.Command{}
	for _, w := range words {
		c.Words = append(c.Words, lit(w))
	}
	return c
}

func ref(kind ir.RefKind, name, field string) ir.Part {
	return ir.Part{Ref: ir.Ref{Kind: kind, Name: name, Field: field}}
}

func part(s string) ir.Part { return ir.Part{Literal: s} }

const second = ir.Duration(1e9)

// shop is the example of the spec, with a little of everything.
func shop() *ir.App {
	web := ir.Workload{
		Container: ir.Container{
			Image: "ghcr.io/acme/web:1.4.2",
			Ports: ir.Map[ir.Port]{{Key: "http", Value: ir.Port{Port: 8080, App: "http"}}, {Key: "metrics", Value: ir.Port{Port: 9090}}},
			Env: ir.Map[ir.Text]{
				{Key: "LOG_LEVEL", Value: lit("info")},
				{Key: "DATABASE_URL", Value: ir.Text{part("postgres://app:"), ref(ir.RefSecret, "db-password", ""), part("@"),
					ref(ir.RefWorkloadHost, "db", ""), part(":"), ref(ir.RefWorkloadPort, "db", "sql"), part("/shop")}},
				{Key: "PAYMENTS_URL", Value: ir.Text{ref(ir.RefEndpoint, "payments", "url")}},
				{Key: "PRICE", Value: lit("5$ and $(HOME)")},
			},
			Files: ir.Map[ir.FileMount]{{Key: "/etc/web/web.yaml", Value: ir.FileMount{Config: "web"}}},
			Health: &ir.Health{
				Startup: &ir.Probe{HTTP: &ir.HTTPAction{Port: "http", Path: "/healthz"}, Every: 2 * second, Failures: 30},
				Ready:   &ir.Probe{HTTP: &ir.HTTPAction{Port: "http", Path: "/ready"}, Every: 5 * second, Timeout: 2 * second},
				Live:    &ir.Probe{Exec: command("/bin/web", "ping"), Every: 10 * second, Failures: 3},
			},
			Resources: &ir.Resources{CPU: 250, Memory: 256 << 20, Limits: &ir.Limits{CPU: 1000, Memory: 512 << 20}},
			Stop:      &ir.Stop{Signal: "SIGTERM", Grace: pointer(30 * second)},
			Security:  &ir.Security{User: "1000", ReadOnlyRoot: true, Capabilities: &ir.Capabilities{Drop: []string{"ALL"}}},
		},
		Replicas: pointer(3),
		Needs:    ir.Map[ir.Condition]{{Key: "db", Value: ir.Ready}, {Key: "migrate", Value: ir.Completed}},
		Update:   &ir.Update{Order: "start-first", Parallel: ir.Amount{Value: 1}, Rollback: true},
		Egress:   &ir.PeerList{Peers: []ir.Peer{{Workload: "db"}, {Endpoint: "payments"}}},
		Sidecars: ir.Map[ir.Container]{{Key: "proxy", Value: ir.Container{
			Image: "ghcr.io/acme/proxy:3", Ports: ir.Map[ir.Port]{{Key: "admin", Value: ir.Port{Port: 9901}}},
		}}},
	}
	migrate := ir.Workload{
		Kind:      ir.Job,
		Container: ir.Container{Image: "ghcr.io/acme/web:1.4.2", Args: command("migrate", "up")},
		Needs:     ir.Map[ir.Condition]{{Key: "db", Value: ir.Ready}},
	}
	report := ir.Workload{
		Kind:      ir.Cron,
		Schedule:  &ir.Schedule{Cron: "15 3 * * *", Timezone: "Europe/Paris", Overlap: "forbid"},
		Container: ir.Container{Image: "ghcr.io/acme/report:2.0"},
	}
	db := ir.Workload{
		Container: ir.Container{
			Image:  "postgres:16",
			Ports:  ir.Map[ir.Port]{{Key: "sql", Value: ir.Port{Port: 5432}}},
			Env:    ir.Map[ir.Text]{{Key: "POSTGRES_PASSWORD", Value: ir.Text{ref(ir.RefSecret, "db-password", "")}}},
			Mounts: ir.Map[ir.Mount]{{Key: "/var/lib/postgresql/data", Value: ir.Mount{Volume: "db-data"}}},
			Health: &ir.Health{Ready: &ir.Probe{Exec: command("pg_isready"), Every: 5 * second}},
		},
		Stateful: true,
	}
	agent := ir.Workload{
		Kind: ir.Daemon,
		Container: ir.Container{
			Image:  "ghcr.io/acme/agent:1",
			Mounts: ir.Map[ir.Mount]{{Key: "/host/log", Value: ir.Mount{Host: "/var/log", ReadOnly: true}}},
		},
	}
	return &ir.App{
		Name:   "shop",
		Labels: ir.Map[string]{{Key: "team", Value: "storefront"}},
		Workloads: ir.Map[ir.Workload]{
			{Key: "web", Value: web}, {Key: "migrate", Value: migrate}, {Key: "report", Value: report},
			{Key: "db", Value: db}, {Key: "agent", Value: agent},
		},
		Routes: ir.Map[ir.Route]{{Key: "storefront", Value: ir.Route{
			Host: "shop.example.com", Path: "/", To: ir.PortRef{Workload: "web", Port: "http"}, TLS: &ir.RouteTLS{Secret: "storefront-cert"},
		}}},
		Volumes: ir.Map[ir.Volume]{{Key: "db-data", Value: ir.Volume{Size: 20 << 30}}},
		Configs: ir.Map[ir.Config]{{Key: "web", Value: ir.Config{Content: lit("listen: :8080\n"), Origin: "config/web.yaml"}}},
		Secrets: ir.Map[ir.Secret]{
			{Key: "db-password", Value: ir.Secret{Description: "password of the application's database user"}},
			{Key: "storefront-cert", Value: ir.Secret{Type: "tls"}},
		},
		Endpoints: ir.Map[ir.Endpoint]{{Key: "payments", Value: ir.Endpoint{Host: "payments.example.com", Port: 443, Scheme: "https"}}},
	}
}

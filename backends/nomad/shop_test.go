package nomad

import "github.com/decamp-dev/decamp/compiler/ir"

func lit(s string) ir.Text { return ir.Literal(s) }

func secretRef(name, key string) ir.Part {
	return ir.Part{Ref: ir.Ref{Kind: ir.RefSecret, Name: name, Field: key}}
}

func hostRef(name string) ir.Part {
	return ir.Part{Ref: ir.Ref{Kind: ir.RefWorkloadHost, Name: name}}
}

func portRef(name, port string) ir.Part {
	return ir.Part{Ref: ir.Ref{Kind: ir.RefWorkloadPort, Name: name, Field: port}}
}

func words(list ...string) *ir.Command {
	c := &ir.Command{}
	for _, w := range list {
		c.Words = append(c.Words, lit(w))
	}
	return c
}

// shop is the example of the spec's page.
func shop() *ir.App {
	return &ir.App{
		Name:   "shop",
		Labels: ir.Map[string]{{Key: "team", Value: "storefront"}},
		Workloads: ir.Map[ir.Workload]{
			{Key: "web", Value: shopWeb()},
			{Key: "migrate", Value: ir.Workload{Kind: ir.Job,
				Container: ir.Container{Image: "ghcr.io/acme/web:1.4.2", Args: words("migrate", "up")},
				Needs:     ir.Map[ir.Condition]{{Key: "db", Value: ir.Ready}},
			}},
			{Key: "report", Value: ir.Workload{Kind: ir.Cron,
				Container: ir.Container{Image: "ghcr.io/acme/report:2.0"},
				Schedule:  &ir.Schedule{Cron: "15 3 * * *", Timezone: "Europe/Paris", Overlap: "forbid"},
			}},
			{Key: "db", Value: ir.Workload{Stateful: true, Container: ir.Container{
				Image:  "postgres:16",
				Ports:  ir.Map[ir.Port]{{Key: "sql", Value: ir.Port{Port: 5432}}},
				Env:    ir.Map[ir.Text]{{Key: "POSTGRES_PASSWORD", Value: ir.Text{secretRef("db-password", "")}}},
				Mounts: ir.Map[ir.Mount]{{Key: "/var/lib/postgresql/data", Value: ir.Mount{Volume: "db-data"}}},
				Health: &ir.Health{Ready: &ir.Probe{Exec: words("pg_isready"), Every: 5e9}},
			}}},
			{Key: "agent", Value: ir.Workload{Kind: ir.Daemon, Container: ir.Container{
				Image:  "ghcr.io/acme/agent:1",
				Mounts: ir.Map[ir.Mount]{{Key: "/host/log", Value: ir.Mount{Host: "/var/log", ReadOnly: true}}},
			}}},
			{Key: "payments-stub", Value: ir.Workload{Container: ir.Container{
				Image: "ghcr.io/acme/payments-stub:1",
				Ports: ir.Map[ir.Port]{{Key: "https", Value: ir.Port{Port: 443}}},
			}}},
		},
		Routes: ir.Map[ir.Route]{{Key: "storefront", Value: ir.Route{
			Host: "shop.example.com", Path: "/", To: ir.PortRef{Workload: "web", Port: "http"}, TLS: &ir.RouteTLS{Secret: "storefront-cert"},
		}}},
		Volumes: ir.Map[ir.Volume]{{Key: "db-data", Value: ir.Volume{Size: 20 << 30}}},
		Configs: ir.Map[ir.Config]{{Key: "web", Value: ir.Config{Content: lit("listen: 8080\ntemplate: \"{{ .Name }} pays ${amount}\"\n")}}},
		Secrets: ir.Map[ir.Secret]{
			{Key: "db-password", Value: ir.Secret{Description: "password of the application's database user"}},
			{Key: "storefront-cert", Value: ir.Secret{Type: "tls"}},
		},
		Endpoints: ir.Map[ir.Endpoint]{{Key: "payments", Value: ir.Endpoint{
			Host: "payments.example.com", Port: 443, Scheme: "https", Workload: "payments-stub",
		}}},
	}
}

func shopWeb() ir.Workload {
	web := ir.Container{
		Image: "ghcr.io/acme/web:1.4.2",
		Ports: ir.Map[ir.Port]{{Key: "http", Value: ir.Port{Port: 8080}}, {Key: "metrics", Value: ir.Port{Port: 9090}}},
		Env: ir.Map[ir.Text]{
			{Key: "LOG_LEVEL", Value: lit("info")},
			{Key: "DATABASE_URL", Value: ir.Text{
				{Literal: "postgres://app:"}, secretRef("db-password", ""), {Literal: "@"}, hostRef("db"), {Literal: ":"}, portRef("db", "sql"), {Literal: "/shop"},
			}},
			{Key: "PAYMENTS_URL", Value: ir.Text{{Ref: ir.Ref{Kind: ir.RefEndpoint, Name: "payments", Field: "url"}}}},
		},
		Files: ir.Map[ir.FileMount]{{Key: "/etc/web/web.yaml", Value: ir.FileMount{Config: "web"}}},
		Health: &ir.Health{
			Startup: &ir.Probe{HTTP: &ir.HTTPAction{Port: "http", Path: "/healthz"}, Every: 2e9, Failures: 30},
			Ready:   &ir.Probe{HTTP: &ir.HTTPAction{Port: "http", Path: "/ready"}, Every: 5e9, Timeout: 2e9},
			Live:    &ir.Probe{Exec: words("/bin/web", "ping"), Every: 10e9, Failures: 3},
		},
		Resources: &ir.Resources{CPU: 250, Memory: 256 << 20, Limits: &ir.Limits{CPU: 1000, Memory: 512 << 20}},
		Stop:      &ir.Stop{Signal: "SIGTERM", Grace: new(ir.Duration(30e9))},
		Security:  &ir.Security{User: "1000", ReadOnlyRoot: true, Capabilities: &ir.Capabilities{Drop: []string{"ALL"}}},
	}
	return ir.Workload{
		Container: web,
		Replicas:  new(3),
		Needs:     ir.Map[ir.Condition]{{Key: "db", Value: ir.Ready}, {Key: "migrate", Value: ir.Completed}},
		Update:    &ir.Update{Order: "start-first", Parallel: ir.Amount{Value: 1}, Rollback: true},
		Egress:    &ir.PeerList{Peers: []ir.Peer{{Workload: "db"}, {Endpoint: "payments"}}},
		Sidecars: ir.Map[ir.Container]{{Key: "proxy", Value: ir.Container{
			Image: "ghcr.io/acme/proxy:3", Ports: ir.Map[ir.Port]{{Key: "admin", Value: ir.Port{Port: 9901}}},
		}}},
	}
}

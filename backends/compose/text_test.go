package compose

import (
	"testing"

	"github.com/decamp-dev/decamp/compiler/ir"
)

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

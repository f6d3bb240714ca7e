package contract

import (
	"maps"
	"strings"
	"time"
)

// stages are the same app twice: with a stub behind an endpoint, and with an address.
func stages() []*Chapter {
	scene := func() Scene {
		return Scene{
			Concept: "endpoints",
			Spec: `
vars: {tag: {default: "1"}}
configs:
  partner: {template: true, text: "partner = ${endpoints.payments.url} (${endpoints.payments.host})\n"}
endpoints:
  payments: {host: payments.example.com, port: 8090, scheme: http}
  mail: {host: mail.example.com, port: 25, real: true}
workloads:
  shop:
    env: {PAYMENTS_URL: "${endpoints.payments.url}", PAYMENTS_PORT: "${endpoints.payments.port}", MAIL: "${endpoints.mail.host}:${endpoints.mail.port}"}
    files: {/etc/app/partner: "${configs.partner}"}
    sidecars: {mate: {env: {PORT: "8081", PAYMENTS_URL: "${endpoints.payments.url}"}}}
  stub: {ports: {http: 8090}, env: {PORT: "8090", TAG: stub}}
stages:
  test: {only: [stub], vary: {endpoints.payments: {workload: stub}}}
  preprod: {vary: {endpoints.payments: {address: 203.0.113.7}}}
`,
		}
	}
	test, preprod := scene(), scene()
	configuration := func(o *Observer) map[string]string {
		r := o.Report("shop")
		kept := map[string]string{"argv": strings.Join(r.Argv, " "), "file": o.Stat("shop", "/etc/app/partner").Text(), "sidecar": o.Report("shop", 8081).Env["PAYMENTS_URL"]}
		maps.Copy(kept, map[string]string{"url": r.Env["PAYMENTS_URL"], "port": r.Env["PAYMENTS_PORT"]})
		return kept
	}
	want := map[string]string{"argv": "/probe serve from-image", "file": "partner = http://payments.example.com:8090 (payments.example.com)\n",
		"sidecar": "http://payments.example.com:8090", "url": "http://payments.example.com:8090", "port": "8090"}
	same := func(o *Observer) { o.Equal("configuration", configuration(o), want) }
	test.Rows = []Row{
		{Name: "stage-test-configuration", Says: "With a stub behind an endpoint the app's variables, files and words are, byte for byte, those of production.",
			Facts: []string{"workloads.shop.env", "workloads.shop.files", "configs.partner"}, Check: same,
			Otherwise: map[string]Otherwise{"compose": unseen("what becomes of a changed config")}},
		{Name: "endpoint-stub", Says: "The endpoint's own name and port answer with the stub, in the main container and in its sidecar.", Facts: []string{"endpoints.payments"},
			Check: stubAnswers,
			Otherwise: map[string]Otherwise{
				"kubernetes": unseen("that the cluster's Services must have addresses of that range, which they have"),
			}},
	}
	preprod.Rows = []Row{
		{Name: "stage-preprod-configuration", Says: "With an address behind an endpoint the app's variables, files and words are, byte for byte, those of production.",
			Facts: []string{"workloads.shop.env", "workloads.shop.files", "configs.partner"}, Check: same,
			Otherwise: map[string]Otherwise{"compose": unseen("what becomes of a changed config")}},
		{Name: "endpoint-address", Says: "The endpoint's own name leads to the address that it is bound to.", Facts: []string{"endpoints.payments"},
			Check: func(o *Observer) {
				o.Equal("addresses", o.Resolves("shop", "payments.example.com"), []string{"203.0.113.7"})
			}},
		{Name: "endpoint-real", Says: "The name of an endpoint that is the real one is left to the DNS of whoever runs the app: nothing binds it.", Facts: []string{"endpoints.mail"},
			Check: func(o *Observer) {
				r := o.Report("shop")
				o.Equal("configuration", r.Env["MAIL"], "mail.example.com:25")
				o.True(strings.Contains(r.Hosts, "localhost") && !strings.Contains(r.Hosts, "mail.example.com"), "the name is bound: %s", r.Hosts)
				o.Equal("addresses", len(o.Resolves("shop", "mail.example.com")), 0)
			}},
		{Name: "stage-only", Says: "What exists only in another stage does not run.", Facts: []string{"workloads.shop.image"},
			Check: func(o *Observer) {
				o.True(o.Deployment.App.Workloads.Ref("stub") == nil, "the app of this stage has the stub")
				for path, text := range o.Artifacts {
					o.True(!strings.Contains(string(text), "stub"), "%s speaks of the stub", path)
				}
			}},
	}
	return []*Chapter{
		{Name: "endpoints", Title: "An endpoint with a stub behind it", Stage: "test", Scenes: []Scene{test}},
		{Name: "bound", Title: "An endpoint with an address behind it", Stage: "preprod", Scenes: []Scene{preprod}},
	}
}

func stubAnswers(o *Observer) {
	for _, port := range []int{8080, 8081} {
		o.Eventually(60*time.Second, "the stub answers", func() bool {
			status, body := o.Fetch("shop", "http://payments.example.com:8090/who", port)
			return status == 200 && strings.Contains(body, `"tag":"stub"`)
		})
	}
}

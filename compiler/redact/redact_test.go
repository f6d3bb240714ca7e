package redact_test

import (
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/redact"
	"github.com/decamp-dev/decamp/compiler/source"
)

const secret = "correct-horse"

func lines(text string, apps ...*ir.App) string {
	return strings.Join(redact.For(apps...).Lines(source.NewFile("f", []byte(text))), "\n")
}

// In whatever form a secret is written, it is not shown, and the line's name is.
func TestHidden(t *testing.T) {
	for name, text := range map[string]string{
		"yaml":              "env:\n  DB_PASSWORD: correct-horse\n",
		"quoted":            `  DB_PASSWORD: "correct-horse" # and why`,
		"list":              "- DB_PASSWORD=correct-horse",
		"quoted list":       `- "DB_PASSWORD=correct-horse"`,
		"flow":              "env: {A: b, DB_PASSWORD: correct-horse, C: d}",
		"flow, quoted":      `env: {"DB_PASSWORD": "correct-horse", "C": "d"}`,
		"json":              `{"DB_PASSWORD": "correct-horse"}`,
		"json, no space":    `{"DB_PASSWORD":"correct-horse"}`,
		"hcl":               `  DB_PASSWORD = "correct-horse"`,
		"option":            `command: [app, --db-password=correct-horse]`,
		"pair":              "- name: DB_PASSWORD\n  value: correct-horse",
		"pair, other order": "- value: correct-horse\n  name: DB_PASSWORD",
		"pair on a line":    "- {name: DB_PASSWORD, value: correct-horse}",
		"pair in json":      "{\n\"name\": \"DB_PASSWORD\",\n\"value\": \"correct-horse\"\n}",
		"url":               "URL: postgres://app:correct-horse@db/shop",
		"block":             "db_password: |\n  correct-horse\n  more\nother: x",
		"folded":            "db_password: >-\n  correct-horse\nother: x",
		"object":            "apiVersion: v1\ndata:\n  some: correct-horse\n  a:\n    b: correct-horse\nkind: Secret\n",
		"object, text":      "kind: Secret\nstringData:\n  some: |\n    correct-horse\n\n    more correct-horse\ntype: Opaque\n",
		"object, flow":      "kind: Secret\nstringData: {some: correct-horse}",
		"object in a list":  "items:\n- kind: Secret\n  data:\n    some: correct-horse\n",
		"object in json":    `{"kind": "Secret", "data": {"some": "correct-horse"}}`,
		"object, long json": "{\n\"kind\": \"Secret\",\n\"data\": {\n\"some\": \"correct-horse\"\n}}",
		"key":               "tls: |\n  -----BEGIN RSA PRIVATE KEY-----\n  correct-horse\n  -----END RSA PRIVATE KEY-----\nother: x",
	} {
		t.Run(name, func(t *testing.T) {
			out := lines(text)
			if strings.Contains(out, secret) || !strings.Contains(out, redact.Hidden) {
				t.Errorf("%s", out)
			}
			if strings.Count(out, "\n") != strings.Count(text, "\n") {
				t.Errorf("lines are missing:\n%s", out)
			}
			if strings.Contains(text, "DB_PASSWORD") && !strings.Contains(out, "DB_PASSWORD") {
				t.Errorf("the name is gone: %s", out)
			}
		})
	}
}

// What is none is shown as it is.
func TestShown(t *testing.T) {
	const text = `kind: Deployment
data: {a: b}
env:
  DB_PASSWORD: ${secrets.db-password}
  DB_PASSWORD_FILE: /run/secrets/db
  DATABASE_URL: postgres://app:${secrets.db-password}@${workloads.db.host}/shop
  LOG_LEVEL: info
- name: DB_PASSWORD
  valueFrom: {secretKeyRef: {name: shop, key: db-password}}
- name: LOG_LEVEL
  value: info
tls: {secret: storefront-cert}
secretName: storefront-cert
image: "web:1"
secrets:
  db-password: {description: password of the database}
PASSWORD = "${var.password}"
`
	if out := lines(text); out != text {
		t.Errorf("%s", out)
	}
}

// What an app is known to hold as a secret is hidden wherever it stands.
func TestKnown(t *testing.T) {
	app := &ir.App{Workloads: ir.Map[ir.Workload]{{Key: "web", Value: ir.Workload{Container: ir.Container{
		Env:  ir.Map[ir.Text]{{Key: "API_TOKEN", Value: ir.Literal(secret)}},
		Args: &ir.Command{Words: []ir.Text{ir.Literal("--auth-token"), ir.Literal("battery-staple")}},
	}}}}}
	if out := lines("x: [a correct-horse b, battery-staple]", app); strings.Contains(out, secret) || strings.Contains(out, "battery") {
		t.Error(out)
	}
}

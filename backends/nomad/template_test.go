package nomad

import (
	"testing"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// TestEnvironmentLine holds what go-envparse was seen to read back as the value
// on a real agent.
func TestEnvironmentLine(t *testing.T) {
	app := shop()
	e := newEmitter(app, options("none"))
	u := &unit{emitter: e, id: "shop-web", items: map[string]string{}}
	w := &writer{unit: u, left: "{{", right: "}}", env: true}
	const password = `{{ with nomadVar "nomad/jobs/shop-web" }}{{ .db_password.Value | toJSON }}{{ end }}`
	const lookup = `{{ range nomadService 1 (env "NOMAD_ALLOC_ID") "shop-db-sql" }}`
	tests := []struct {
		text ir.Text
		want string
	}{
		{lit("plain-1.0/x:y@z"), `plain-1.0/x:y@z`},
		{lit("${attr.cpu.arch}"), `${attr.cpu.arch}`},
		{lit(` a "b" # c` + "\t\\"), `" a \"b\" # c\t\\"`},
		{ir.Text{{Literal: "u:"}, secretRef("db-password", ""), {Literal: " it's"}}, `u:` + password + `" it's"`},
		{ir.Text{hostRef("db"), {Literal: ":"}, portRef("db", "sql")}, lookup + `{{ .Address }}:{{ .Port }}{{ end }}`},
		{ir.Text{hostRef("db"), {Literal: "/"}}, lookup + `{{ .Address }}{{ end }}/`},
	}
	for _, test := range tests {
		if got := w.write(test.text); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.text, got, test.want)
		}
	}
}

func TestDriverStringsAreNotEvaluated(t *testing.T) {
	if got := driverString("$X ${Y} %{Z} $${W}"); got != "$X $${Y} %%{Z} $$${W}" {
		t.Error(got)
	}
}

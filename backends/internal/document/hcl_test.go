package document_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	nomad "github.com/hashicorp/nomad/api"
	"github.com/zclconf/go-cty/cty"
)

var nomadOptions = document.StructOptions{
	Tag: "hcl",
	Fields: map[string]string{
		"Job.ID":                        "-",
		"Job.Name":                      "-",
		"NetworkResource.ReservedPorts": "port,block",
	},
	Blocks: []string{"logging"},
	Last:   []string{"group", "task"},
}

func printHCL(t testing.TB, v *document.Value, o document.HCLOptions) string {
	t.Helper()
	var b bytes.Buffer
	if err := document.PrintHCL(&b, v, o); err != nil {
		t.Fatalf("PrintHCL: %v", err)
	}
	return b.String()
}

// checkFormatted demands what "nomad fmt" would leave as it is, and parses it.
func checkFormatted(t testing.TB, text string) *hclsyntax.Body {
	t.Helper()
	if diff := cmp.Diff(string(hclwrite.Format([]byte(text))), text); diff != "" {
		t.Fatalf("not formatted (-hclwrite +got):\n%s", diff)
	}
	file, problems := hclsyntax.ParseConfig([]byte(text), "test.hcl", hcl.InitialPos)
	if problems.HasErrors() {
		t.Fatalf("%v\n%s", problems, text)
	}
	return file.Body.(*hclsyntax.Body)
}

func job() *nomad.Job {
	return &nomad.Job{
		ID: new("web"), Name: new("web"), Type: new("service"), Datacenters: []string{"dc1"},
		Update:      &nomad.UpdateStrategy{MaxParallel: new(1), MinHealthyTime: new(10 * time.Second), Canary: new(0), AutoRevert: new(true)},
		Constraints: []*nomad.Constraint{{LTarget: "${attr.kernel.name}", RTarget: "linux"}, {Operand: "distinct_hosts", RTarget: "true"}},
		Meta:        map[string]string{"owner": "team-a", "a.b": "c"},
		TaskGroups: []*nomad.TaskGroup{{
			Name: new("web"), Count: new(2),
			Networks: []*nomad.NetworkResource{{
				Mode:          "bridge",
				ReservedPorts: []nomad.Port{{Label: "http", Value: 8080, To: 80}},
				DynamicPorts:  []nomad.Port{{Label: "admin"}, {Label: "metrics"}},
			}},
			Volumes: map[string]*nomad.VolumeRequest{
				"data":  {Name: "data", Type: "host", Source: "web-data"},
				"cache": {Name: "cache", Type: "csi", Source: "cache", ReadOnly: true, AccessMode: "single-node-writer"},
			},
			Services: []*nomad.Service{{
				Name: "web", PortLabel: "http", Provider: "nomad", Tags: []string{"a", "b"},
				Checks: []nomad.ServiceCheck{{Type: "http", Path: "/health", Interval: 10 * time.Second, Timeout: 2 * time.Second, Header: map[string][]string{"Host": {"web"}}}},
			}},
			Tasks: []*nomad.Task{{
				Name: "web", Driver: "docker", KillTimeout: new(90 * time.Second),
				Config: map[string]any{
					"image":   "nginx:1.27",
					"ports":   []string{"http", "admin"},
					"args":    []string{"--config=/etc/nginx/a-rather-long-path/nginx.conf", "--another-flag=with-a-long-value", "--third"},
					"labels":  []map[string]any{{"com.example.team": "a", "zone": "b"}},
					"logging": map[string]any{"type": "json-file", "config": []map[string]any{{"max-size": "10m", "max-file": 3}}},
					"mount": []map[string]any{
						{"type": "bind", "source": "local/nginx.conf", "target": "/etc/nginx/nginx.conf", "readonly": true},
						{"type": "tmpfs", "target": "/tmp", "tmpfs_options": map[string]any{"size": 1000}},
					},
				},
				Env:       map[string]string{"PORT": "8080", "DATABASE_URL": "postgres://${NOMAD_ADDR_db}/x?a=${b}"},
				Lifecycle: &nomad.TaskLifecycle{Hook: "prestart"},
				Templates: []*nomad.Template{{
					DestPath: new("local/nginx.conf"), ChangeMode: new("restart"),
					EmbeddedTmpl: new("server {\n  listen 80;\n\n  set $x \"${y}\";\n}\n"),
				}},
				Resources: &nomad.Resources{CPU: new(500), MemoryMB: new(256)},
			}},
		}},
	}
}

func jobDocument(t testing.TB) *document.Value {
	body := fromStruct(t, job(), nomadOptions)
	body.Labels = []string{"web"}
	return document.Map(member("job", body))
}

func TestPrintHCLJob(t *testing.T) {
	got := printHCL(t, jobDocument(t), document.HCLOptions{
		Verbatim: func(r string) bool { return strings.HasPrefix(r, "attr.") || strings.HasPrefix(r, "NOMAD_") },
	})
	checkFormatted(t, got)
	want := `job "web" {
  type        = "service"
  datacenters = ["dc1"]
  meta = {
    "a.b" = "c"
    owner = "team-a"
  }

  constraint {
    attribute = "${attr.kernel.name}"
    value     = "linux"
  }

  constraint {
    value    = "true"
    operator = "distinct_hosts"
  }

  update {
    max_parallel     = 1
    min_healthy_time = "10s"
    canary           = 0
    auto_revert      = true
  }

  group "web" {
    count = 2

    volume "cache" {
      type        = "csi"
      source      = "cache"
      read_only   = true
      access_mode = "single-node-writer"
    }

    volume "data" {
      type   = "host"
      source = "web-data"
    }

    network {
      mode = "bridge"

      port "http" {
        static = 8080
        to     = 80
      }

      port "admin" {}
      port "metrics" {}
    }

    service {
      name     = "web"
      tags     = ["a", "b"]
      port     = "http"
      provider = "nomad"

      check {
        type     = "http"
        path     = "/health"
        interval = "10s"
        timeout  = "2s"

        header {
          Host = ["web"]
        }
      }
    }

    task "web" {
      driver       = "docker"
      kill_timeout = "1m30s"

      lifecycle {
        hook = "prestart"
      }

      config {
        args = [
          "--config=/etc/nginx/a-rather-long-path/nginx.conf",
          "--another-flag=with-a-long-value",
          "--third",
        ]
        image = "nginx:1.27"
        labels = [{
          "com.example.team" = "a"
          zone               = "b"
        }]
        ports = ["http", "admin"]

        logging {
          type = "json-file"

          config {
            max-file = 3
            max-size = "10m"
          }
        }

        mount {
          readonly = true
          source   = "local/nginx.conf"
          target   = "/etc/nginx/nginx.conf"
          type     = "bind"
        }

        mount {
          target = "/tmp"
          tmpfs_options = {
            size = 1000
          }
          type = "tmpfs"
        }
      }

      env {
        DATABASE_URL = "postgres://${NOMAD_ADDR_db}/x?a=$${b}"
        PORT         = "8080"
      }

      resources {
        cpu    = 500
        memory = 256
      }

      template {
        destination = "local/nginx.conf"
        data        = <<-EOF
          server {
            listen 80;

            set $x "$${y}";
          }
        EOF
        change_mode = "restart"
      }
    }
  }
}
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("job (-want +got):\n%s", diff)
	}
}

func TestPrintHCL(t *testing.T) {
	commented := document.Block([]string{"x", "y\"${z}"}, member("a", document.Null()))
	commented.Comment = "a block"
	v := document.Map(
		member("nested", document.List(document.Map(member("for", document.Int(-1)), member("null", document.Bool(true))), document.Map(), document.List(document.Int(1), document.Strings("a")))),
		document.Member{Key: "b", Value: document.Float(1.5), Comment: "why"},
		member("block", commented),
		member("heredoc", document.String("a\n b\n\n")),
		member("plain", document.String("  a\n b\n")),
		member("quoted", document.String("a\nb")),
		member("marker", document.String("a\nEOF\n")),
		member("maps", document.List(document.Map(member("ü", document.Map(member("a b", document.Strings("x")))), member("abc", document.Int(1))))),
	)
	got := printHCL(t, v, document.HCLOptions{Header: "head"})
	checkFormatted(t, got)
	want := `# head

nested = [
  {
    "for"  = -1
    "null" = true
  },
  {},
  [1, ["a"]],
]
# why
b       = 1.5
heredoc = <<-EOF
  a
   b

EOF
plain   = <<EOF
  a
 b
EOF
quoted  = "a\nb"
marker  = "a\nEOF\n"
maps = [{
  "ü" = {
    "a b" = ["x"]
  }
  abc = 1
}]

# a block
block "x" "y\"$${z}" {
  a = null
}
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestVerbatimReferences(t *testing.T) {
	v := document.Map(
		member("quoted", document.String(`${env["A"]}:${NOMAD_PORT_http} ${upper(x)} ${a.b`)),
		member("heredoc", document.String("${node.unique.id}\n$${node.x} %{if}\n")),
	)
	got := printHCL(t, v, document.HCLOptions{Verbatim: func(string) bool { return true }})
	checkFormatted(t, got)
	want := "quoted  = \"${env[\"A\"]}:${NOMAD_PORT_http} $${upper(x)} $${a.b\"\n" +
		"heredoc = \"${node.unique.id}\\n\\u0024\\u0024{node.x} %%{if}\\n\"\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	v = document.Map(member("data", document.String("${node.unique.id}\n$ %{if}\n")))
	got = printHCL(t, v, document.HCLOptions{Verbatim: func(string) bool { return true }})
	checkFormatted(t, got)
	if want := "data = <<-EOF\n  ${node.unique.id}\n  $ %%{if}\nEOF\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestPrintHCLErrors(t *testing.T) {
	tests := []struct {
		value *document.Value
		path  string
	}{
		{document.String("x"), ""},
		{document.Map(member("a b", document.Null())), "a b"},
		{document.Map(member("a", document.Null()), member("a", document.Block(nil))), "a"},
		{document.Map(member("a", document.Block(nil, member("b", document.String("\xff"))))), "a.b"},
		{document.Map(member("a", document.Strings("x", "\xff"))), "a[1]"},
		{document.Map(member("a", document.Map(member("b", document.Float(math.Inf(1)))))), "a.b"},
		{document.Map(member("a", document.List(&document.Value{}))), "a[0]"},
	}
	for _, test := range tests {
		err := document.PrintHCL(&bytes.Buffer{}, test.value, document.HCLOptions{})
		if at, ok := errors.AsType[*document.PathError](err); !ok || at.Path != test.path {
			t.Errorf("error %v, want one at %q", err, test.path)
		}
	}
}

// TestNomadTypesPrint fills a whole Job and demands HCL that parses and is
// formatted.
func TestNomadTypesPrint(t *testing.T) {
	j := &nomad.Job{}
	fill(reflect.ValueOf(j).Elem(), 0)
	text := printHCL(t, fromStruct(t, j, nomadOptions), document.HCLOptions{})
	checkFormatted(t, text)
	if n := strings.Count(text, "\n"); n < 500 {
		t.Errorf("only %d lines: the test fills too little", n)
	}
}

// hclStrings puts a string into every place that a string may have in HCL.
func hclStrings(s string) *document.Value {
	return document.Map(
		member("value", document.String(s)),
		member("list", document.List(document.String(s), document.Strings(s))),
		member("object", document.Map(member(s, document.String(s)), member(s+"x", document.Map(member(s, document.Strings(s)))))),
		member("maps", document.List(document.Map(member(s, document.String(s))))),
		member("block", document.Block([]string{s}, member("a", document.String(s)), member("long-name", document.Int(1)), member("inner", document.Block(nil, member("text", document.String(s)))))),
		member("block", document.Block(nil)),
		document.Member{Key: "last", Value: document.String(s), Comment: s},
	)
}

func checkHCLString(t *testing.T, s string) {
	v := hclStrings(s)
	var b bytes.Buffer
	err := document.PrintHCL(&b, v, document.HCLOptions{Header: s})
	if !utf8.ValidString(s) {
		if err == nil {
			t.Fatalf("no error for %q", s)
		}
		return
	}
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	text := b.String()
	body := checkFormatted(t, text)
	want := cty.StringVal(s)
	check := func(where string, got cty.Value) {
		t.Helper()
		if got.IsNull() || !got.Type().Equals(cty.String) || !got.RawEquals(want) {
			t.Fatalf("%s reads as %#v, want %q\n%s", where, got, s, text)
		}
	}
	value := func(body *hclsyntax.Body, name string) cty.Value {
		t.Helper()
		v, problems := body.Attributes[name].Expr.Value(nil)
		if problems.HasErrors() {
			t.Fatalf("%s: %v\n%s", name, problems, text)
		}
		return v
	}
	check("value", value(body, "value"))
	check("last", value(body, "last"))
	check("list", value(body, "list").Index(cty.Zero))
	object := value(body, "object")
	if !object.Type().HasAttribute(want.AsString()) {
		t.Fatalf("object reads as %#v, want a key %q\n%s", object, s, text)
	}
	check("object", object.GetAttr(want.AsString()))
	check("maps", value(body, "maps").Index(cty.Zero).GetAttr(want.AsString()))
	for _, block := range body.Blocks {
		if len(block.Labels) == 0 {
			continue
		}
		check("label", cty.StringVal(block.Labels[0]))
		check("block", value(block.Body, "a"))
		check("inner", value(block.Body.Blocks[0].Body, "text"))
	}
}

var awkwardHCL = []string{
	"${a}", "$${a}", "$$${a}", "%{if x}", "%%{", "%${a}", "$%{a}", "$", "$$", "a$", "a\\${b}", "${", "$${", "\\u0024{", "a ${b} $${c}\nd ${e}\n", "EOF\nEOF\n", " EOF \na\n",
	"  a\n b\n", "a\n   \nb\n", "\n\na\n", "\ta\n\tb\n", "a\n\u0301b\n", "a\n\u00a0b\n", "\u00a0\na\n", "e\u0301", "for", "null", "#", "//", "/*", "a\n#b\n", "<<EOF", "a\n\n", "\n\n\n", "%\n$\n", "$\n{\n",
}

func TestAwkwardHCLStrings(t *testing.T) {
	for _, s := range append(awkwardHCL, awkward...) {
		checkHCLString(t, s)
	}
}

func FuzzPrintHCL(f *testing.F) {
	for _, s := range append(awkwardHCL, awkward...) {
		f.Add(s)
	}
	f.Fuzz(checkHCLString)
}

// BenchmarkJobs reads and prints 1,000 jobs of about 140 lines.
func BenchmarkJobs(b *testing.B) {
	r := document.NewStructReader(nomadOptions)
	j := job()
	b.ReportAllocs()
	for b.Loop() {
		for range 1000 {
			body, err := r.Read(j)
			if err != nil {
				b.Fatal(err)
			}
			body.Labels = []string{"web"}
			if err := document.PrintHCL(new(countingWriter), document.Map(member("job", body)), document.HCLOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkPrintHCL(b *testing.B) {
	d := jobDocument(b)
	b.ReportAllocs()
	for b.Loop() {
		if err := document.PrintHCL(new(countingWriter), d, document.HCLOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFormat is what hclwrite alone would cost for the same job.
func BenchmarkFormat(b *testing.B) {
	text := []byte(printHCL(b, jobDocument(b), document.HCLOptions{}))
	for b.Loop() {
		hclwrite.Format(text)
	}
	b.ReportMetric(float64(bytes.Count(text, []byte("\n"))), "lines")
}

func ExamplePrintHCL() {
	task := document.Block([]string{"web"},
		member("driver", document.String("docker")),
		member("config", document.Block(nil, member("image", document.String("nginx:1.27")))),
	)
	var b bytes.Buffer
	if err := document.PrintHCL(&b, document.Map(member("task", task)), document.HCLOptions{}); err != nil {
		fmt.Println(err)
	}
	fmt.Print(b.String())
	// Output:
	// task "web" {
	//   driver = "docker"
	//
	//   config {
	//     image = "nginx:1.27"
	//   }
	// }
}

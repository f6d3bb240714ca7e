package spec_test

import (
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/spec"
)

// awkward is an app of texts that are hard to write.
func awkward() *ir.App {
	texts := ir.Map[ir.Text]{
		{Key: "VERSION", Value: ir.Literal("1.10")},
		{Key: "ON", Value: ir.Literal("yes")},
		{Key: "TIME", Value: ir.Literal("22:22")},
		{Key: "ADDRESS", Value: ir.Literal("10.0.0.5")},
		{Key: "EMPTY", Value: ir.Literal("")},
		{Key: "DOLLARS", Value: ir.Literal("$$ ${HOME} $HOME $")},
		{Key: "PRICE", Value: ir.Text{{Literal: "$"}, {Ref: ir.Ref{Kind: ir.RefSecret, Name: "key", Field: "a.b"}}, {Literal: "$"}}},
		{Key: "SPACES", Value: ir.Literal("  two\tand a tab ")},
		{Key: "LINES", Value: ir.Literal("one\n  two\n\nthree\n")},
		{Key: "MANY", Value: ir.Literal("\n one\r\n\n\n")},
		{Key: "QUOTES", Value: ir.Literal(`say "hi", don't`)},
		{Key: "UNICODE", Value: ir.Literal("é\u00a0\u2028\U0001f600\x7f")},
		{Key: "HASH", Value: ir.Literal("a #b: c")},
		{Key: "yes", Value: ir.Literal("- x")},
	}
	return &ir.App{
		Name: "awkward",
		Workloads: ir.Map[ir.Workload]{
			{Key: "web", Value: ir.Workload{Container: ir.Container{
				Image:  "web:1",
				Env:    texts,
				Health: &ir.Health{Ready: &ir.Probe{Exec: shell("test -f /ready || {\n  exit 1\n}\n")}, Live: &ir.Probe{Exec: shell("exit $$")}},
				Files:  ir.Map[ir.FileMount]{{Key: "/etc/site.conf", Value: ir.FileMount{Config: "site"}}},
				Args:   &ir.Command{},
			}, Egress: &ir.PeerList{}}},
			{Key: "note", Value: ir.Workload{Kind: ir.Job, Container: ir.Container{Image: "note:1"}}},
		},
		Configs: ir.Map[ir.Config]{
			{Key: "site", Value: ir.Config{Content: ir.Literal(strings.Repeat("listen 80;\n", 500))}},
			{Key: "small", Value: ir.Config{Content: ir.Literal("$a = ${b}\n")}},
			{Key: "outside", Value: ir.Config{Content: ir.Literal("x"), Origin: "../x.txt"}},
			{Key: "binary", Value: ir.Config{Content: ir.Literal("\xff\x00")}},
			{Key: "folder", Value: ir.Config{Entries: ir.Map[ir.Text]{{Key: "a.txt", Value: ir.Literal("$$a")}, {Key: "b.txt", Value: ir.Text{{Ref: ir.Ref{Kind: ir.RefWorkloadHost, Name: "web"}}}}}}},
		},
		Secrets: ir.Map[ir.Secret]{{Key: "key", Value: ir.Secret{Keys: []string{"a.b"}}}},
		Platform: []ir.PlatformEntry{
			{Platform: "moon", On: "workloads.web", Why: "a: reason", Path: "platform.moon[0]", Patch: &ir.Value{Kind: ir.MapValue, Members: ir.Map[*ir.Value]{
				{Key: "on", Value: &ir.Value{Kind: ir.BoolValue, Text: "true"}},
				{Key: "<<", Value: &ir.Value{Kind: ir.StringValue, Text: "null"}},
				{Key: "8080", Value: &ir.Value{Kind: ir.NumberValue, Text: "0x1F"}},
				{Key: "none", Value: &ir.Value{Kind: ir.NullValue}},
				{Key: "list", Value: &ir.Value{Kind: ir.ListValue, Items: []*ir.Value{{Kind: ir.ListValue}, {Kind: ir.MapValue}, {Kind: ir.StringValue, Text: "${kept} $$"}}}},
			}}},
			{Platform: "moon", On: "workloads.web.egress", Accept: "no air", Path: "workloads.web.platform.moon[0]"},
			{Platform: "moon", On: "Crater/web", Objects: []*ir.Value{{Kind: ir.MapValue}}, Why: "x", Path: "workloads.web.platform.moon[1]"},
		},
	}
}

func shell(script string) *ir.Command {
	return &ir.Command{Words: []ir.Text{ir.Literal("/bin/sh"), ir.Literal("-c"), ir.Literal(script)}}
}

func TestPrintAwkward(t *testing.T) {
	checkPrint(t, awkward())
	printed, list := spec.Print(awkward(), spec.Extras{})
	if len(list) > 0 {
		t.Fatal(list)
	}
	checkGolden(t, "testdata/print/awkward.golden", printed.Text)
	paths := map[string]int{}
	for _, f := range printed.Files {
		paths[f.Path] = len(f.Data)
	}
	for path, size := range map[string]int{"config/site.conf": 5500, "config/outside": 1, "config/binary": 2, "config/folder/a.txt": 4, "config/folder/b.txt": 21} {
		if paths[path] != size {
			t.Errorf("%s has %d bytes, not %d; there are %v", path, paths[path], size, paths)
		}
	}
}

func TestPrintExtras(t *testing.T) {
	tag := "1.4.2"
	app := &ir.App{Name: "shop", Workloads: ir.Map[ir.Workload]{
		{Key: "web", Value: ir.Workload{Container: ir.Container{
			Image: "web:1.4.2", Ports: ir.Map[ir.Port]{{Key: "http", Value: ir.Port{Port: 80}}},
			Devices: []ir.Device{{Host: "/dev/fuse"}},
		}}},
		{Key: "db", Value: ir.Workload{Container: ir.Container{Image: "db:1"}}},
	}}
	printed, list := spec.Print(app, spec.Extras{
		Vars:    ir.Map[spec.Var]{{Key: "tag", Value: spec.Var{Default: &tag, Description: "of our images"}}, {Key: "count", Value: spec.Var{Type: "int"}}},
		Written: map[string]string{"workloads.web.image": "web:${vars.tag}"},
		Comments: map[string]string{
			"":                              "The shop.\n\nImported.\n",
			"workloads.web":                 "the front",
			"workloads.web.ports.http.port": "behind the proxy",
			"workloads.web.devices[0].host": "a device",
			"workloads.db":                  "the data\nin two lines",
			"nowhere.at.all":                "kept",
		},
	})
	if len(list) > 0 {
		t.Fatal(list)
	}
	checkGolden(t, "testdata/print/extras.golden", printed.Text)
	if text := formatted(t, "decamp.yaml", printed.Text); string(text) != string(printed.Text) {
		t.Errorf("fmt changes what is printed:\n%s", text)
	}
}

// What a spec cannot say is told with its path.
func TestPrintUnsayable(t *testing.T) {
	app := &ir.App{Name: "shop", Workloads: ir.Map[ir.Workload]{{Key: "web", Value: ir.Workload{Container: ir.Container{
		Image: "web:1", Files: ir.Map[ir.FileMount]{{Key: "/a", Value: ir.FileMount{Config: "a", Key: "my file"}}},
	}}}}}
	_, list := spec.Print(app, spec.Extras{})
	if !list.HasErrors() || list[0].Code != spec.CodeNotSayable || !strings.HasPrefix(list[0].Path, `workloads.web.files./a`) {
		t.Errorf("found %v", list)
	}
}

// Every text is the same after printing and reading.
func FuzzPrint(f *testing.F) {
	for _, v := range awkward().Workloads[0].Value.Env {
		f.Add(v.Value.String(), v.Value.String(), "key")
	}
	f.Fuzz(func(t *testing.T, text, other, key string) {
		if strings.ToValidUTF8(text+other+key, "") != text+other+key || strings.ContainsAny(text+other+key, "\ufeff") || key == "ON" {
			t.Skip()
		}
		app := &ir.App{Name: "fuzz", Workloads: ir.Map[ir.Workload]{{Key: "web", Value: ir.Workload{Container: ir.Container{
			Image: "a" + other,
			Env:   ir.Map[ir.Text]{{Key: "ON", Value: ir.Text{{Literal: "x" + text}, {Ref: ir.Ref{Kind: ir.RefSecret, Name: "s"}}, {Literal: other + "y"}}}, {Key: key, Value: ir.Literal(text)}},
			Args:  &ir.Command{Words: []ir.Text{ir.Literal(text), ir.Literal(other)}},
			Stop:  &ir.Stop{Before: &ir.Hook{Exec: shell(text)}},
		}}}},
			Configs: ir.Map[ir.Config]{{Key: "c", Value: ir.Config{Content: ir.Literal(text)}}},
			Platform: []ir.PlatformEntry{{Platform: "p", On: "workloads.web", Why: "x" + other, Path: "platform.p[0]",
				Patch: &ir.Value{Kind: ir.MapValue, Members: ir.Map[*ir.Value]{{Key: key, Value: &ir.Value{Kind: ir.StringValue, Text: text}}}}}},
		}
		checkPrint(t, app)
	})
}

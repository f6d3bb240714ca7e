package backendtest

import (
	"bytes"
	"fmt"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// Lie is one promise that the backend in memory breaks.
type Lie string

// The lies that the suite has to notice.
const (
	Honest           Lie = ""
	NativeUnseen     Lie = "says native and leaves it out"
	OnlyComment      Lie = "says native and writes a comment"
	EmulatedUnseen   Lie = "says emulated and leaves it out"
	ApproximateStays Lie = "says approximated and always emits the same"
	DroppedSeen      Lie = "says dropped and emits it"
	NoRow            Lie = "has no row for a kind"
	OneWord          Lie = "emits two words of an enumeration alike"
	NameUnseen       Lie = "leaves out the name of a variable"
	OneReference     Lie = "writes every reference alike"
	OneRole          Lie = "leaves a fact out of init containers"
	RandomOrder      Lie = "does not emit the same bytes twice"
	ChangesApp       Lie = "changes the app"
	TellsSecret      Lie = "looks up the value of a secret"
	Panics           Lie = "panics on a value"
	BrokenPass       Lie = "fails when a pass is off"
	UselessPass      Lie = "has a pass that does nothing"
	RefusesOwn       Lie = "refuses what it emits"
	NoHeader         Lie = "leaves out the header"
	UnlistedCode     Lie = "raises a code that it does not list"
	LosesReading     Lie = "does not read back what it wrote"
)

// Memory returns a backend without a platform: one file with a line for each fact
// that is not dropped. Its table has rows of every level, so that the suite is
// proved on each; with a lie it breaks one promise.
func Memory(lie Lie) *backend.Backend {
	m := &memory{lie: lie}
	m.backend = &backend.Backend{
		Name:    "memory",
		Doc:     "A platform that exists in tests only\n\nIts file has a line for each fact.",
		Version: "1.0",
		Support: m.table(),
		Passes: []backend.Pass{
			{Name: "banner", Doc: "greets the reader", Debt: "a greeting that nobody else sends", Default: true},
			{Name: "footer", Doc: "takes leave of the reader", Debt: "a farewell that nobody else takes"},
		},
		Codes: []diag.Entry{{Code: "memory-refused", Title: "a priority that the memory cannot hold"}},
		Emit:  m.emit,
		Check: m.check,
	}
	if lie == LosesReading {
		m.backend.Read = func(backend.Source) (backend.Reading, diag.List) { return backend.Reading{App: &ir.App{}}, nil }
	}
	return m.backend
}

type memory struct {
	lie     Lie
	backend *backend.Backend
	calls   int
}

func (m *memory) table() support.Table {
	table := support.Table{
		{Fact: "app", Level: support.Native},
		{Fact: "workload", Level: support.Native},
		{Fact: "container", Level: support.Native},
		{Fact: "route", Level: support.Native},
		{Fact: "volume", Level: support.Native},
		{Fact: "config", Level: support.Native},
		{Fact: "secret", Level: support.Native},
		{Fact: "network", Level: support.Native},
		{Fact: "workload.needs", Level: support.Emulated, Means: "by a line that says so"},
		{Fact: "container.stop.grace", Level: support.Approximated, Means: "The memory counts in minutes."},
		{Fact: "container.health.live", Level: support.Dropped, Means: "Ask whether it is ready."},
		{Fact: "workload.annotations", Level: support.Dropped, Means: "Write them down elsewhere."},
		{Fact: "workload.stateful", Level: support.Native},
		{Fact: "volume.each", Level: support.Native, Cases: []support.Case{{
			When:  support.Condition{Doc: "when the volume has a class", Holds: func(f *ir.Fact) bool { return f.Parent.(*ir.Volume).Class != "" }},
			Level: support.Dropped, Means: "Take the class out.",
		}}},
		{Fact: "container.pull", Level: support.Native, Cases: []support.Case{{
			When:  support.Condition{Doc: "when it is never", Holds: func(f *ir.Fact) bool { return f.Word() == "never" }},
			Level: support.Dropped, Means: "Delete the image's registry.",
		}}},
		{Fact: "workload.update", Level: support.Native, Cases: []support.Case{{
			Below: "0.9", Level: support.Dropped, Means: "Move to version 0.9.",
		}}},
	}
	if m.lie != NoRow {
		table = append(table, support.Row{Fact: "endpoint", Level: support.Native})
	}
	return table
}

func (m *memory) emit(app *ir.App, o backend.Options) ([]backend.Artifact, diag.List) {
	var b bytes.Buffer
	if m.lie != NoHeader {
		fmt.Fprintf(&b, "# %s\n", o.Header())
	}
	if o.Passes["banner"] && m.lie != UselessPass {
		b.WriteString("welcome\n")
	}
	if m.lie == RandomOrder {
		m.calls++ // a race as well, as such lies usually are
		fmt.Fprintln(&b, m.calls)
	}
	if m.lie == ChangesApp {
		app.Name += "-x"
	}
	var list diag.List
	ir.Walk(app, func(f *ir.Fact) { m.fact(&b, f, &list) })
	if o.Passes["footer"] {
		b.WriteString("farewell\n")
	}
	if m.lie == BrokenPass && !o.Passes["banner"] {
		list = append(list, refusal("it cannot do without the banner", ""))
	}
	return []backend.Artifact{{Path: "memory.txt", Data: b.Bytes()}}, list
}

func refusal(summary, path string) diag.Diagnostic {
	return diag.Diagnostic{Severity: diag.Error, Code: "memory-refused", Summary: summary, Path: path}
}

// fact writes one fact, if the table promises it and no lie keeps it out.
func (m *memory) fact(b *bytes.Buffer, f *ir.Fact, list *diag.List) {
	level := support.Dropped
	if row := m.backend.Support.Row(f.Kind); row != nil {
		level, _ = row.At(f, m.backend.Version)
	}
	if f.Kind == "workload.priority" && f.Word() == "91" {
		if m.lie == Panics {
			panic("91 is too much")
		}
		d := refusal("91 is too much", f.Path())
		if m.lie == UnlistedCode {
			d.Code = "never-heard-of"
		}
		*list = append(*list, d)
	}
	path, value := f.Path(), ""
	if v := f.Reflect(); v.IsValid() {
		value = show(v)
	}
	switch {
	case m.lie == NativeUnseen && f.Kind == "container.workdir",
		m.lie == EmulatedUnseen && f.Kind == "workload.needs",
		m.lie == OneRole && f.Kind == "container.image" && f.Role == ir.Init,
		level == support.Dropped && !(m.lie == DroppedSeen && f.Kind == "workload.annotations"),
		f.Kind == "endpoint.real":
		return
	case m.lie == OnlyComment && f.Kind == "container.hostname":
		path = "# the name of the host is of no use here: " + path
	case m.lie == ApproximateStays && f.Kind == "container.stop.grace":
		value = "a while"
	case m.lie == OneWord && f.Kind == "container.ports.protocol" && f.Word() == "sctp":
		value = `"udp"`
	case m.lie == NameUnseen && f.Kind == "container.env":
		path = "a variable"
	case m.lie == OneReference && f.Kind == "container.env":
		text := f.Value().(ir.Text)
		value = text.Write(func(s string) string { return s }, func(ir.Ref) string { return "(something)" })
	}
	fmt.Fprintf(b, "%s = %s\n", path, value)
	if m.lie == TellsSecret && f.Kind == "secret.env" {
		fmt.Fprintln(b, canary) // as if it had looked it up
	}
}

func (m *memory) check(artifacts []backend.Artifact) diag.List {
	if m.lie == RefusesOwn {
		return diag.List{refusal("it looks bad", "")}
	}
	return nil
}

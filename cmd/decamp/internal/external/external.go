// Package external makes a backend of a program. For --target=foo the program
// decamp-backend-foo is looked for on PATH; it reads one JSON request from its
// standard input and writes one JSON answer to its standard output, as the plug-ins
// of protoc do.
//
// What such a program may know is in the request: the app in the form that
// `decamp schema ir` describes. What the platform loses, it has to say itself.
package external

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// Prefix is what the names of the programs begin with.
const Prefix = "decamp-backend-"

// CodeFailed is the code for a program that does not answer as it should.
const CodeFailed diag.Code = "external-backend"

// Codes describes the codes of the package.
func Codes() []diag.Entry {
	return []diag.Entry{{
		Code: CodeFailed, Title: "A backend outside of decamp does not answer as it should",
		Doc: "A target that decamp does not have itself is a program " + Prefix + "TARGET on PATH. It is given a request as " +
			"JSON and has to answer in JSON with exit code 0. The message says what it did instead; its author can help.",
	}}
}

// version of the protocol; a change of what a field means raises it.
const version = 1

const (
	maxAnswer = 256 << 20 // bytes that an answer may have
	maxSaid   = 2 << 10   // bytes of standard error that are repeated
)

type request struct {
	Version int             `json:"version"`
	App     json.RawMessage `json:"app"`
	Options requestOptions  `json:"options"`
}

type requestOptions struct {
	Header          string `json:"header"`                    // the line, without comment sign, that each file should begin with
	Source          string `json:"source"`                    // name of the spec's file
	PlatformVersion string `json:"platformVersion,omitempty"` // empty: the newest
	Format          string `json:"format,omitempty"`          // empty: the usual one
	Folder          string `json:"folder"`                    // slash path from the files' folder to the spec's
}

type answer struct {
	Version     int          `json:"version"`
	Artifacts   []artifact   `json:"artifacts"`
	Diagnostics []diagnostic `json:"diagnostics"`
}

type artifact struct {
	Path string `json:"path"`
	Text string `json:"text"`
	Data []byte `json:"data"` // base64, for what is no text
}

type diagnostic struct {
	Severity string    `json:"severity"`
	Code     diag.Code `json:"code"`
	Summary  string    `json:"summary"`
	Detail   string    `json:"detail"`
	Path     string    `json:"path"` // of the app, for the place in the spec
}

// Find returns the backend that the program for a target makes; nil when there is
// no such program.
func Find(ctx context.Context, name string) *backend.Backend {
	if name == "" || strings.ContainsAny(name, `/\. `) {
		return nil
	}
	program, err := exec.LookPath(Prefix + name)
	if err != nil {
		return nil
	}
	b := &backend.Backend{
		Name:    name,
		Doc:     "The program " + Prefix + name,
		Version: "0",
		Support: everything(),
		Codes:   Codes(),
	}
	b.Emit = func(app *ir.App, o backend.Options) ([]backend.Artifact, diag.List) {
		artifacts, list, err := emit(ctx, program, app, o)
		if err != nil {
			return nil, diag.List{{Severity: diag.Error, Code: CodeFailed, Summary: Prefix + name + ": " + err.Error(),
				Detail: "The program's author can help."}}
		}
		return artifacts, list
	}
	return b
}

// everything is the table of a platform that decamp knows nothing of: its program
// says what is lost.
func everything() support.Table {
	var table support.Table
	seen := map[string]bool{}
	for _, kind := range ir.Kinds() {
		if root := ir.RootOf(kind.Name); !seen[root] {
			seen[root] = true
			table = append(table, support.Row{Fact: root, Level: support.Native})
		}
	}
	return table
}

func emit(ctx context.Context, program string, app *ir.App, o backend.Options) ([]backend.Artifact, diag.List, error) {
	question, err := ask(app, o)
	if err != nil {
		return nil, nil, err
	}
	text, err := run(ctx, program, question)
	if err != nil {
		return nil, nil, err
	}
	var a answer
	if err := json.Unmarshal(text, &a); err != nil {
		return nil, nil, fmt.Errorf("the answer is not the JSON that is expected: %w", err)
	}
	if a.Version != version {
		return nil, nil, fmt.Errorf("the answer has version %d, and %d is expected", a.Version, version)
	}
	list, err := findings(app, a.Diagnostics)
	return files(a.Artifacts, o), list, err
}

func ask(app *ir.App, o backend.Options) ([]byte, error) {
	var text bytes.Buffer
	if err := ir.Print(&text, app); err != nil {
		return nil, err
	}
	return json.Marshal(request{Version: version, App: text.Bytes(), Options: requestOptions{
		Header: o.Header(), Source: o.Source, PlatformVersion: o.Version, Format: o.Format, Folder: o.Folder,
	}})
}

// run gives a program its request and returns the answer.
func run(ctx context.Context, program string, question []byte) ([]byte, error) {
	command := exec.CommandContext(ctx, program)
	command.Stdin = bytes.NewReader(question)
	out, said := &bounded{left: maxAnswer}, &bounded{left: maxSaid}
	command.Stdout, command.Stderr = out, said
	err := command.Run()
	switch {
	case err != nil && len(bytes.TrimSpace(said.Bytes())) > 0:
		return nil, fmt.Errorf("%w: %s", err, bytes.TrimSpace(said.Bytes()))
	case err != nil:
		return nil, err
	case out.left == 0:
		return nil, errors.New("the answer is too large")
	}
	return out.Bytes(), nil
}

// bounded keeps the beginning of what is written to it.
type bounded struct {
	bytes.Buffer
	left int
}

// Write takes all and keeps what there is room for.
func (b *bounded) Write(data []byte) (int, error) {
	kept := min(len(data), b.left)
	b.left -= kept
	b.Buffer.Write(data[:kept])
	return len(data), nil
}

// files turns the answer's files into artifacts. Those that do not say who wrote
// them are kept apart by a list.
func files(all []artifact, o backend.Options) []backend.Artifact {
	artifacts := make([]backend.Artifact, len(all))
	for i, a := range all {
		data := a.Data
		if data == nil {
			data = []byte(a.Text)
		}
		first, _, _ := bytes.Cut(data, []byte("\n"))
		artifacts[i] = backend.Artifact{Path: a.Path, Data: data, Unmarked: !bytes.Contains(first, []byte(o.Header()))}
	}
	return artifacts
}

func findings(app *ir.App, all []diagnostic) (diag.List, error) {
	severities := map[string]diag.Severity{"error": diag.Error, "warning": diag.Warning, "note": diag.Note}
	var list diag.List
	for _, d := range all {
		severity, ok := severities[d.Severity]
		if !ok || d.Code == "" || d.Summary == "" {
			return nil, fmt.Errorf("a diagnostic has to have a code, a summary, and the severity error, warning or note; this one has %q", d.Severity)
		}
		list = append(list, diag.Diagnostic{
			Severity: severity, Code: d.Code, Summary: d.Summary, Detail: d.Detail, Path: d.Path, Subject: app.Locate(d.Path),
		})
	}
	return list, nil
}

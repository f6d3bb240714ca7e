package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

const codeFileThere diag.Code = "file-there"

func importCodes() []diag.Entry {
	return []diag.Entry{{
		Code: codeFileThere, Title: "A file that is there already would be overwritten",
		Doc: "What import writes is yours to edit from then on, so that it never writes over a file with another content. " +
			"Move the file away, or write elsewhere with --out.",
	}}
}

// importOptions are the flags of import.
type importOptions struct {
	sourceOptions
	report reportOptions
	out    string
	split  bool
}

func (p *Program) importFiles() *cobra.Command {
	var o importOptions
	cmd := &cobra.Command{
		Use:   "import PATH...",
		Short: "Turn the files of a platform into a spec",
		Long: `Turn the files of a platform into a spec as a person would have written it.

Paths are files, folders with all that is below, or - for standard input. What the
neutral spec cannot say stays as it was in its platform section, each entry with the
reason: that list is what the app owes to the platform that it is on. Secrets become
references; their values are never copied. Files that are there are never
overwritten.

Exit codes: 0 done, 1 errors in the input, 2 wrong use.`,
		Example: `  decamp import docker-compose.yml
  decamp import k8s/ -o shop/decamp.yaml
  kustomize build . | decamp import --from kubernetes - -o -
  decamp import services/ --split -o specs`,
		RunE: verb(func(_ *cobra.Command, args []string) error { return p.runImport(args, &o) }),
	}
	flags := cmd.Flags()
	flags.StringVarP(&o.out, "out", "o", "", "`FILE` to write, as in -o shop/decamp.yaml; "+defaultFile+" when left out, standard output for -")
	flags.BoolVar(&o.split, "split", false, "a spec for each app of the files, below the folder of --out, as in --split -o specs")
	o.sourceOptions.register(flags, p.Backends())
	o.report.register(flags)
	complete(cmd, "from", p.Backends().Readers().Names())
	return cmd
}

func (p *Program) runImport(args []string, o *importOptions) error {
	if o.split && o.out == "-" {
		return wrong("standard output takes one spec: write several with --split -o FOLDER")
	}
	s, list, err := p.sources(args, &o.sourceOptions)
	if err != nil {
		return err
	}
	if list.HasErrors() {
		return p.stop(list, o.report)
	}
	defer s.close()
	readings, from, found := p.readings(s, o.split)
	for _, d := range found {
		if d.Code == compiler.CodeNotRead {
			s.left++
		}
	}
	if list = append(list, found...); list.HasErrors() || len(readings) == 0 {
		return p.stop(list, o.report)
	}
	var files []newFile
	for _, reading := range readings {
		printed, found, err := o.print(s, from, reading)
		if err != nil {
			return err
		}
		files, list = append(files, printed...), append(list, found...)
	}
	if list.HasErrors() {
		return p.stop(list, o.report)
	}
	if o.out == "-" {
		return p.importToStream(files, list, readings, from, o)
	}
	written, found := writeNew(files)
	if list = append(list, found...); list.HasErrors() {
		return p.stop(list, o.report)
	}
	if err := p.report(p.Err, list, o.report); err != nil {
		return err
	}
	p.summary(readings, from, s, o.report)
	p.say(o.report, "%s", written)
	return nil
}

func (p *Program) readings(s *sources, split bool) ([]backend.Reading, *backend.Backend, diag.List) {
	if split {
		return compiler.ReadEach(p.Backends(), s.request)
	}
	reading, from, list := compiler.Read(p.Backends(), s.request)
	if reading.App == nil {
		return nil, from, list
	}
	return []backend.Reading{reading}, from, list
}

// print returns the spec of an app and the files beside it. Paths are made relative to
// the folder that the spec goes to.
func (o *importOptions) print(s *sources, from *backend.Backend, reading backend.Reading) ([]newFile, diag.List, error) {
	target := o.target(reading.App.Name)
	way, err := s.wayFrom(filepath.Dir(target))
	if err != nil {
		return nil, nil, err
	}
	rebase(reading, from, way)
	printed, list := compiler.Print(reading)
	files := []newFile{{target, printed.Text}}
	for _, f := range printed.Files {
		files = append(files, newFile{filepath.Join(filepath.Dir(target), filepath.FromSlash(f.Path)), f.Data})
	}
	return files, list, nil
}

// target is the file that the spec of an app goes to.
func (o *importOptions) target(app string) string {
	switch {
	case o.split:
		return filepath.Join(o.out, app, defaultFile)
	case o.out == "" || o.out == "-":
		return defaultFile
	}
	if info, err := os.Stat(o.out); err == nil && info.IsDir() || strings.HasSuffix(filepath.ToSlash(o.out), "/") {
		return filepath.Join(o.out, defaultFile)
	}
	return o.out
}

// importToStream prints the one spec to standard output.
func (p *Program) importToStream(files []newFile, list diag.List, readings []backend.Reading, from *backend.Backend, o *importOptions) error {
	for _, f := range files[1:] {
		if there, err := os.ReadFile(f.name); err != nil || string(there) != string(f.data) {
			if err := p.report(p.Err, list, o.report); err != nil {
				return err
			}
			return wrong("the spec needs files beside it (%s): write it to a file, as in -o %s", filepath.ToSlash(f.name), defaultFile)
		}
	}
	if err := p.report(p.Err, list, o.report); err != nil {
		return err
	}
	p.summary(readings, from, nil, o.report)
	_, err := p.Out.Write(files[0].data)
	return err
}

// summary counts what was read: facts, debts and secrets to create.
func (p *Program) summary(readings []backend.Reading, from *backend.Backend, s *sources, o reportOptions) {
	facts, workloads, debts := 0, 0, 0
	var secrets []string
	for _, reading := range readings {
		ir.Walk(reading.App, func(*ir.Fact) { facts++ })
		workloads += len(reading.App.Workloads)
		for _, e := range reading.App.Platform {
			if e.Accept == "" {
				debts++
			}
		}
		for _, secret := range reading.App.Secrets {
			if secret.Value.External == "" {
				secrets = append(secrets, secret.Key)
			}
		}
	}
	read := ""
	if s != nil {
		read = " from " + count(len(s.request.Paths)-s.left, "file")
	}
	p.say(o, "read %s with %s%s, as %s", count(workloads, "workload"), count(facts, "fact"), read, from.Name)
	switch debts {
	case 0:
		p.say(o, "nothing is owed to %s: the ledger is empty", from.Name)
	case 1:
		p.say(o, "the ledger has 1 entry: what only %s understands", from.Name)
	default:
		p.say(o, "the ledger has %d entries: what only %s understands", debts, from.Name)
	}
	if len(secrets) > 0 {
		p.say(o, "%s to create: %s", count(len(secrets), "secret"), strings.Join(secrets, ", "))
	}
}

// newFile is a file that import writes.
type newFile struct {
	name string
	data []byte
}

// writeNew writes files that are not there yet, all or none. A file with the same
// content stays, and one with another is an error.
func writeNew(files []newFile) (said string, list diag.List) {
	var missing []newFile
	for _, f := range files {
		there, err := os.ReadFile(f.name)
		switch {
		case err == nil && string(there) == string(f.data):
		case err == nil || !os.IsNotExist(err):
			list = append(list, diag.Diagnostic{Severity: diag.Error, Code: codeFileThere, Summary: filepath.ToSlash(f.name) + " is there already, with another content",
				Detail: "Nothing was written. Move it away, or write elsewhere with --out."})
		default:
			missing = append(missing, f)
		}
	}
	if len(list) > 0 {
		return "", list
	}
	var done []string
	for _, f := range missing {
		err := os.MkdirAll(filepath.Dir(f.name), 0o755)
		if err == nil {
			err = createNew(f)
		}
		if err != nil {
			for _, name := range done {
				_ = os.Remove(name) // what was there before is untouched
			}
			return "", diag.List{{Severity: diag.Error, Code: codeFileThere, Summary: "the spec could not be written: " + err.Error(), Detail: "Nothing was written."}}
		}
		done = append(done, f.name)
	}
	if len(missing) == 0 {
		return fmt.Sprintf("%s is up to date", filepath.ToSlash(files[0].name)), nil
	}
	said = "wrote " + filepath.ToSlash(missing[0].name)
	if len(missing) > 1 {
		said += fmt.Sprintf(" and %s more", count(len(missing)-1, "file"))
	}
	return said, nil
}

func createNew(f newFile) error {
	file, err := os.OpenFile(f.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(f.data)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		_ = os.Remove(f.name)
	}
	return err
}

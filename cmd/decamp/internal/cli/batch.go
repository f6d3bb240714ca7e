package cli

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/decamp-dev/decamp/cmd/decamp/internal/external"
	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/spec"
)

// batch is the specs of one run and what is wanted of each.
type batch struct {
	set     backend.Set
	inputs  []input
	outside bool
	out     string // folder that is written to; empty: standard output
	request compiler.Request
}

// batch reads the flags and arguments that compile and validate share.
func (p *Program) batch(ctx context.Context, args []string, o *requestOptions) (*batch, diag.List, error) {
	set, targets, list := p.selected(ctx, o.targets)
	versions, err := o.versionsOf(set)
	if err != nil {
		return nil, nil, err
	}
	vars, problems, err := p.vars(o.vars, o.varsFiles)
	if err != nil {
		return nil, nil, err
	}
	list = append(list, problems...)
	found, problems := inputs(args, o.file)
	list = append(list, problems...)
	return &batch{set: set, inputs: found, outside: o.outside, request: compiler.Request{
		AllowOutside: o.outside, Targets: targets, Stages: o.stages, Vars: vars,
		Optimize: o.optimize, Versions: versions, Policy: o.policy(), Verify: o.verify,
	}}, list, nil
}

// selected returns the targets that are asked for, each once, and the set of
// backends with those that are programs of their own.
func (p *Program) selected(ctx context.Context, asked []string) (backend.Set, []string, diag.List) {
	set := slices.Clone(p.Backends())
	var known, names []string
	for _, b := range set {
		if b.Emit != nil {
			known = append(known, b.Name)
		}
	}
	var list diag.List
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range asked {
		switch {
		case name == "all":
			for _, every := range known {
				add(every)
			}
		case slices.Contains(known, name) || set.Lookup(name) != nil && slices.Contains(names, name):
			add(name)
		default:
			b := external.Find(ctx, name)
			if b == nil || set.Lookup(name) != nil {
				list = append(list, unknownTarget(name, known))
				continue
			}
			set = append(set, b)
			add(name)
		}
	}
	return set, names, list
}

// each does something with every spec, as many at once as the machine has
// processors, and returns the findings in the order of the specs. do is called with
// the index of the spec, perhaps twice.
func (p *Program) each(ctx context.Context, b *batch, do func(i int, r compiler.Request) diag.List) (diag.List, error) {
	lists := make([]diag.List, len(b.inputs))
	unknown := make([]diag.List, len(b.inputs))
	bar := p.newProgress(len(b.inputs))
	defer bar.finish()
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.NumCPU())
	for i, in := range b.inputs {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			var err error
			lists[i], unknown[i], err = b.one(in, func(r compiler.Request) diag.List { return do(i, r) })
			bar.step()
			return err
		})
	}
	err := group.Wait()
	return append(slices.Concat(lists...), unknownToAll(unknown)...), err
}

// one does something with one spec. Of several specs, each is given the vars that
// it knows; the findings about others are returned apart.
func (b *batch) one(in input, do func(compiler.Request) diag.List) (list, unknown diag.List, err error) {
	files, name, closeFiles, err := in.open(b.outside)
	if err != nil {
		return nil, nil, err
	}
	defer closeFiles()
	r := b.request
	r.FS, r.Path, r.Display, r.Folder = files, name, in.String(), b.wayBack(in)
	list = do(r)
	if len(b.inputs) == 1 {
		return list, nil, nil
	}
	for _, d := range list {
		if d.Code == spec.CodeUnknownVar {
			unknown = append(unknown, d)
		}
	}
	if unknown == nil {
		return list, nil, nil
	}
	r.Vars = maps.Clone(r.Vars)
	for _, d := range unknown {
		delete(r.Vars, strings.TrimPrefix(d.Path, "vars."))
	}
	return do(r), unknown, nil
}

// unknownToAll returns the findings that every list holds.
func unknownToAll(lists []diag.List) diag.List {
	specs := map[string]int{}
	for _, list := range lists {
		seen := map[string]bool{}
		for _, d := range list {
			if !seen[d.Path] {
				seen[d.Path] = true
				specs[d.Path]++
			}
		}
	}
	var all diag.List
	for _, list := range lists {
		for _, d := range list {
			if specs[d.Path] == len(lists) {
				all = append(all, d)
			}
		}
	}
	return all
}

// wayBack returns how to come from the folder of an output to that of its spec. What
// goes to standard output is taken to stand in the current folder.
func (b *batch) wayBack(in input) func(stage, target string) string {
	return func(stage, target string) string {
		from := "."
		if b.out != "" {
			app := ""
			if len(b.inputs) > 1 {
				app = "app" // each has a folder of its own; any name leads back
			}
			from = filepath.Join(b.out, compiler.OutputFolder(app, stage, target))
		}
		from, err := filepath.Abs(from)
		if err != nil {
			return "."
		}
		to, err := filepath.Abs(in.folder)
		if err != nil {
			return "."
		}
		way, err := filepath.Rel(from, to)
		if err != nil { // another volume
			way = to
		}
		return filepath.ToSlash(way)
	}
}

func unknownTarget(name string, known []string) diag.Diagnostic {
	return diag.Diagnostic{
		Severity: diag.Error, Code: spec.CodeUnknownTarget,
		Summary: fmt.Sprintf("there is no target %q", name),
		Detail: fmt.Sprintf("The targets are %s; all means every one. A program %s%s on PATH would be one too.%s",
			strings.Join(known, ", "), external.Prefix, name, didYouMean(name, known)),
	}
}

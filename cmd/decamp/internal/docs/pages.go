package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler/backend"
)

// page is one file of the documentation, by its path in the module.
type page struct{ path, text string }

// whole lists the pages that are generated from their first line to their last.
var whole = []struct {
	path string
	text func(backend.Set) string
}{
	{"docs/matrix.md", matrixPage},
	{"docs/diagnostics.md", diagnosticsPage},
}

// partly lists the pages that have generated parts.
var partly = []string{
	"README.md", "docs/audit.md", "docs/targets/*.md", "docs/moving-from-*.md", "examples/*/README.md",
}

// generate returns every page as it has to be.
func generate(root string) ([]page, error) {
	set := emitters(backends.All())
	var pages []page
	for _, w := range whole {
		pages = append(pages, page{w.path, w.text(set)})
	}
	for _, b := range backends.All().Readers() {
		if b.Fields != nil {
			pages = append(pages, page{"docs/reading/" + b.Name + ".md", readingPage(b)})
		}
	}
	session, err := newSession(root)
	if err != nil {
		return nil, err
	}
	defer session.close()
	for _, pattern := range partly {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			return nil, err
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			name, _ := filepath.Rel(root, path)
			text, err := fill(string(data), func(what string) (string, error) { return part(set, session, what) })
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			pages = append(pages, page{filepath.ToSlash(name), text})
		}
	}
	return pages, nil
}

const (
	begins = "<!-- generated: "
	ends   = "<!-- end -->"
)

// fill puts new text between each pair of markers.
func fill(text string, part func(what string) (string, error)) (string, error) {
	var out strings.Builder
	lines := strings.SplitAfter(text, "\n")
	for i := 0; i < len(lines); i++ {
		out.WriteString(lines[i])
		what, ok := strings.CutPrefix(strings.TrimSpace(lines[i]), begins)
		if !ok {
			continue
		}
		what = strings.TrimSpace(strings.TrimSuffix(what, "-->"))
		new, err := part(what)
		if err != nil {
			return "", fmt.Errorf("%s: %w", what, err)
		}
		out.WriteString("\n" + strings.TrimRight(new, "\n") + "\n\n")
		for i++; i < len(lines) && strings.TrimSpace(lines[i]) != ends; i++ {
		}
		if i == len(lines) {
			return "", fmt.Errorf("%s: the part has no end", what)
		}
		out.WriteString(lines[i])
	}
	return out.String(), nil
}

// part returns what stands under one marker:
//
//	matrix                 the headline concepts on every platform
//	passes TARGET          the optimisations of a platform
//	table TARGET           all that a platform makes of the facts of an app
//	run COMMAND            a command line, and what it prints
//	head N COMMAND         the same, with the first N lines of what it prints
//	show PATH [LANGUAGE]   a file that a command before has written, or an example
func part(set backend.Set, s *session, what string) (string, error) {
	verb, rest, _ := strings.Cut(what, " ")
	switch verb {
	case "matrix":
		return headlines(set), nil
	case "passes", "table":
		b := set.Lookup(rest)
		if b == nil {
			return "", fmt.Errorf("there is no platform %q", rest)
		}
		if verb == "passes" {
			return passesTable(b), nil
		}
		return supportTable(b), nil
	case "weights":
		return weightsTable(), nil
	case "rules":
		return rulesTable(), nil
	case "run":
		return s.run(rest, 0)
	case "head":
		count, command, _ := strings.Cut(rest, " ")
		n, err := strconv.Atoi(count)
		if err != nil {
			return "", err
		}
		return s.run(command, n)
	case "show":
		path, language, _ := strings.Cut(rest, " ")
		return s.show(path, language)
	}
	return "", fmt.Errorf("there is no generated part %q", verb)
}

// emitters leaves out the platforms that are read only.
func emitters(set backend.Set) backend.Set {
	return slices.DeleteFunc(slices.Clone(set), func(b *backend.Backend) bool { return b.Emit == nil })
}

package cli

import (
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/cmd/decamp/internal/external"
	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/diag"
)

// The codes of what is wrong with what a command line names.
const (
	codeNoSpec   diag.Code = "no-spec"
	codeVarsFile diag.Code = "vars-file"
	codeAppTwice diag.Code = "app-twice"
	codeLeftOver diag.Code = "left-over"
)

// Codes describes the findings of the command line itself.
func Codes() []diag.Entry {
	return slices.Concat(external.Codes(), importCodes(), auditCodes(), []diag.Entry{
		{
			Code: codeNoSpec, Title: "There is no spec where one was looked for",
			Doc: "An argument is a spec, a folder that holds a decamp.yaml (or what --file names), or ./... for every one " +
				"below a folder. `decamp init` writes one to start from.",
		},
		{
			Code: codeVarsFile, Title: "A file of vars cannot be read",
			Doc: "What --vars-file names is YAML: one mapping from names of vars to single values.",
		},
		{
			Code: codeAppTwice, Title: "Two apps of one run have the same name",
			Doc: "Where several apps are compiled, each has a folder of its name below the output folder. Rename one, or " +
				"compile them apart.",
		},
		{
			Code: codeLeftOver, Title: "A folder of the output belongs to no stage",
			Doc: "A stage was removed or renamed, or the spec had none before. decamp removes files that it no longer needs " +
				"within the folders of the stages and targets that it writes; a folder beside those could be another " +
				"app's, so that you have to delete it.",
		},
	})
}

// catalogue returns the description of every code that decamp prints.
func (p *Program) catalogue() []diag.Entry {
	entries := append(compiler.Catalogue(p.Backends()), Codes()...)
	slices.SortStableFunc(entries, func(a, b diag.Entry) int { return strings.Compare(string(a.Code), string(b.Code)) })
	return slices.CompactFunc(entries, func(a, b diag.Entry) bool { return a.Code == b.Code })
}

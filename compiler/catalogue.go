package compiler

import (
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/audit"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/diff"
	"github.com/decamp-dev/decamp/compiler/internal/writing"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/spec"
	"github.com/decamp-dev/decamp/compiler/support"
)

// Catalogue returns the description of every code that the compiler and these
// backends raise, sorted by code; each code once.
func Catalogue(set backend.Set) []diag.Entry {
	entries := slices.Concat(diag.Catalogue(), spec.Codes(), support.Codes(), audit.Codes(), diff.Codes(), appCodes(), requestCodes(), readingCodes(), writing.Codes())
	for _, b := range set {
		entries = append(entries, b.Codes...)
	}
	slices.SortStableFunc(entries, func(a, b diag.Entry) int { return strings.Compare(string(a.Code), string(b.Code)) })
	return slices.CompactFunc(entries, func(a, b diag.Entry) bool { return a.Code == b.Code })
}

// appCodes describes what ir.Verify finds.
func appCodes() []diag.Entry {
	entry := func(code, title, doc, example string) diag.Entry {
		return diag.Entry{Code: diag.Code(code), Title: title, Doc: doc, ExampleKind: diag.ExampleSpec, Example: "decamp: v1\nname: shop\n" + example}
	}
	return []diag.Entry{
		entry(ir.CodeName, "A name is not a DNS label", "Names become host names, labels and file names on every platform, so they are lower-case letters, digits and dashes, at most 63.", "workloads:\n  Web_1: {image: \"web:1\"}\n"),
		entry(ir.CodeUnknownRef, "Something is named that does not exist", "Workloads, ports, volumes, configs, secrets, networks, endpoints and routes are declared where the message says.", "workloads:\n  web: {image: \"web:1\", needs: {db: ready}}\n"),
		entry(ir.CodeCycle, "Workloads wait for each other in a circle", "None of them could ever start.", "workloads:\n  a: {image: \"a:1\", needs: {b: started}}\n  b: {image: \"b:1\", needs: {a: started}}\n"),
		entry(ir.CodePortClash, "Two ports have one number or one name", "The containers of a workload share a network, and what is published shares the node.", "workloads:\n  web: {image: \"web:1\", ports: {http: 80, admin: 80}}\n"),
		entry(ir.CodeVolumeShare, "More use a volume than it can serve", "An ordinary volume serves one replica of one workload; on a cluster two would find themselves with two disks, or one of them would wait for ever. shared: true asks for storage that several nodes can write to; each: true gives each replica its own.",
			"volumes: {data: {}}\nworkloads:\n  web: {image: \"web:1\", replicas: 2, mounts: {/data: {volume: data}}}\n"),
		entry(ir.CodeConflict, "Two things do not go together", "The message names both.", "workloads:\n  web: {image: \"web:1\", replicas: 2, scale: {max: 3}}\n"),
		entry(ir.CodeMisplaced, "A field belongs elsewhere", "The kind of the workload, or the role of the container, has no such thing.", "workloads:\n  web: {image: \"web:1\", schedule: {cron: \"0 3 * * *\"}}\n"),
	}
}

func requestCodes() []diag.Entry {
	return []diag.Entry{
		{Code: CodeUnknownPass, Title: "There is no such optimisation", Doc: "`decamp targets NAME` lists the optimisations of a target with the debt that each makes."},
		{Code: CodeUnknownFormat, Title: "There is no such format", Doc: "`decamp targets NAME` lists the formats of a target."},
	}
}

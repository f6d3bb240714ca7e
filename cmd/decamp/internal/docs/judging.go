package main

import (
	"fmt"
	"strings"

	"github.com/decamp-dev/decamp/compiler/audit"
	"github.com/decamp-dev/decamp/compiler/diff"
	"github.com/decamp-dev/decamp/compiler/support"
)

// weightsTable is the measure of the exit cost.
func weightsTable() string {
	var out strings.Builder
	out.WriteString("| | operation | breaks | data | security |\n|---|--:|--:|--:|--:|\n")
	w := audit.DefaultWeights()
	for level := support.Emulated; level <= support.Dropped; level++ {
		fmt.Fprintf(&out, "| %s |", level)
		for _, class := range []support.Class{support.Operation, support.Breaks, support.Data, support.Security} {
			fmt.Fprintf(&out, " %d |", w.Levels[level][class])
		}
		out.WriteString("\n")
	}
	fmt.Fprintf(&out, "\nA loss that the spec accepts counts %d. An entry of the ledger for another platform counts %d, and each single value in it %d.", w.Accepted, w.Entry, w.Value)
	return out.String()
}

// rulesTable is the catalogue of rules that judge differences.
func rulesTable() string {
	var out strings.Builder
	out.WriteString("| rule | a difference | what it says |\n|---|---|---|\n")
	for _, r := range diff.Rules() {
		fmt.Fprintf(&out, "| `%s` | %s | %s |\n", r.ID, r.Severity, r.Purpose)
	}
	return strings.TrimRight(out.String(), "\n")
}

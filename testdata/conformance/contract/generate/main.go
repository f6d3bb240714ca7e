// generate writes docs/contract.md from the rows, and docs/conformance.md from what the last run observed.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/decamp-dev/decamp/testdata/conformance/contract"
)

//go:generate go run .

func main() {
	const root = "../../../.."
	document, err := contract.Document()
	if err == nil {
		err = os.WriteFile(filepath.Join(root, "docs", "contract.md"), []byte(document), 0o644)
	}
	if err == nil {
		results := contract.LoadResults("../results.json")
		err = os.WriteFile(filepath.Join(root, "docs", "conformance.md"), []byte(contract.Observed(results)), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

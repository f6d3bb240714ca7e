package support

import (
	"fmt"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// CodePlatformOnly is the code of what is said for other platforms only.
const CodePlatformOnly diag.Code = "platform-only"

// Elsewhere names, for a target, each patch and object of the ledger that only
// another platform gets. It is a note: the team has said why, and what to do when
// leaving.
func Elsewhere(app *ir.App, target string) diag.List {
	var list diag.List
	for _, e := range app.Platform {
		if e.Platform == target || e.Accept != "" {
			continue
		}
		detail := "Why it is there: " + sentence(e.Why)
		if e.Exit != "" {
			detail += " When leaving: " + sentence(e.Exit)
		}
		list = append(list, diag.Diagnostic{
			Severity: diag.Note, Code: CodePlatformOnly, Target: target, Path: e.Path, Subject: app.Locate(e.Path),
			Summary: fmt.Sprintf("%s does not get what the ledger says for %s", target, e.Platform), Detail: detail,
		})
	}
	return list
}

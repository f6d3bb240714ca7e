package tree

import (
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
)

// secretWords are parts of the names under which people keep secrets.
var secretWords = [...]string{
	"passw", "passphrase", "secret", "token", "credential", "private", "apikey", "api_key", "api-key", "access_key", "accesskey",
}

// redact hides the source line of a finding when it seems to hold a secret. The
// manifests that are read here may hold some, and what cannot be read cannot tell.
func redact(finding *diag.Diagnostic) {
	at := finding.Subject
	line := at.Line()
	if _, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(value) == "" {
		return // a name alone
	}
	if at.Start.Line > 1 {
		// Lists of variables have the name in one line and the value in the next.
		line += at.File.Line(int(at.Start.Line) - 1)
	}
	line = strings.ToLower(line)
	for _, word := range secretWords {
		if strings.Contains(line, word) {
			finding.Redact = true
			finding.Fix = nil // its text may repeat the line
			return
		}
	}
}

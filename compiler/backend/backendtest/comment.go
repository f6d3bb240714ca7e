package backendtest

import (
	"bytes"
	"strings"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// forPeople lists the kinds that no platform obeys: they tell whoever deploys the
// app what to do, so that a comment is a place for them as good as any.
var forPeople = []string{"app.stage", "secret"}

func isForPeople(kind string) bool {
	for _, k := range forPeople {
		if ir.HasPathPrefix(kind, k) {
			return true
		}
	}
	return false
}

// obeyed returns whether two sets of files say the same to their platform: comments
// are not heard there, so that a fact that stands in one is lost as if it stood
// nowhere.
func obeyed(a, b []backend.Artifact) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Path != b[i].Path || a[i].Unmarked != b[i].Unmarked {
			return false
		}
		if bytes.Equal(a[i].Data, b[i].Data) {
			continue
		}
		if a[i].Unmarked || !bytes.Equal(withoutComments(a[i].Data), withoutComments(b[i].Data)) {
			return false
		}
	}
	return true
}

// withoutComments takes out lines that begin with a comment sign, and ends of lines
// that do and hold no quote: what is quoted may be a value.
func withoutComments(text []byte) []byte {
	var b bytes.Buffer
	for line := range strings.SplitSeq(string(text), "\n") {
		if start := strings.TrimSpace(line); strings.HasPrefix(start, "#") || strings.HasPrefix(start, "//") {
			continue
		}
		if i := strings.Index(line, " #"); i >= 0 && !strings.ContainsAny(line[i:], `"'`) {
			line = strings.TrimRight(line[:i], " ")
		}
		b.WriteString(line)
		b.WriteByte('\n')
	}
	return b.Bytes()
}

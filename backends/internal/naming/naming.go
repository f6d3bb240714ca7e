// Package naming gives things that are read from a platform's files names that the
// neutral spec takes: DNS labels, each once.
package naming

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// Names is one space of names: workloads, or volumes. The zero value is ready.
type Names struct {
	byOriginal map[string]string
	taken      map[string]string // label → original
	order      []string          // originals that got another name
}

// Name returns the label for a name: the name itself where it is one, else the
// nearest label, told apart by a short hash of the original where another name has
// it already. The same name gets the same label again.
func (n *Names) Name(original string) string {
	if label, ok := n.byOriginal[original]; ok {
		return label
	}
	if n.byOriginal == nil {
		n.byOriginal, n.taken = map[string]string{}, map[string]string{}
	}
	label := Label(original)
	if _, clash := n.taken[label]; clash {
		hash := sha256.Sum256([]byte(original))
		suffix := "-" + hex.EncodeToString(hash[:3])
		label = strings.TrimRight(label[:min(len(label), 63-len(suffix))], "-") + suffix
	}
	n.byOriginal[original], n.taken[label] = label, original
	if label != original {
		n.order = append(n.order, original)
	}
	return label
}

// Reserve gives a name that is a label already its own label before all others, so
// that no mangled name takes it.
func (n *Names) Reserve(originals ...string) {
	for _, o := range originals {
		if ir.IsName(o) {
			n.Name(o)
		}
	}
}

// Renamed returns the names that got another label, in the order in which they came.
func (n *Names) Renamed() []string { return n.order }

// Label returns the DNS label that is nearest to a name: lower case, dashes for all
// that is not a letter or digit, at most 63 characters; "x" for a name without any.
func Label(name string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			dash = false
			b.WriteRune(r)
		default:
			dash = true
		}
	}
	label := strings.TrimRight(b.String()[:min(b.Len(), 63)], "-")
	if label == "" {
		return "x"
	}
	return label
}

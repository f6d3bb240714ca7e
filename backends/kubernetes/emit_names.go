package kubernetes

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// The longest names. A CronJob's jobs get 11 more characters, a StatefulSet's pods
// a label with 11 more, and a job here a hash of nine.
const (
	maxLabel       = 63
	maxCronJob     = 52
	maxStatefulSet = 52
	maxJob         = maxLabel - 9
	maxPortName    = 15
)

// names remembers who has taken a name: the name, then the path of its owner.
type names map[string]string

// hash returns n hexadecimal digits that stand for the content.
func hash(content string, n int) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])[:n]
}

// shorten cuts a name to a length and keeps it distinct by a hash.
func shorten(name string, length int) string {
	if len(name) <= length {
		return name
	}
	return strings.TrimRight(name[:length-7], "-.") + "-" + hash(name, 6)
}

// slug makes a DNS label of any text.
func slug(text string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(text) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		} else if b.Len() > 0 && !strings.HasSuffix(b.String(), "-") {
			b.WriteByte('-')
		}
	}
	name := strings.TrimRight(b.String(), "-")
	if name == "" {
		return "x" + hash(text, 6)
	}
	return shorten(name, maxLabel)
}

// portName returns the name of a container's port as Kubernetes takes it: at most 15
// characters, a letter among them, and no two dashes in a row. A Service may call a port
// as the spec does: its names are labels, and numbers too.
func portName(name string) string {
	for strings.Contains(name, "--") {
		name = strings.ReplaceAll(name, "--", "-")
	}
	if strings.Trim(name, "0123456789-") == "" {
		name = "p" + name
	}
	if len(name) > maxPortName {
		name = strings.TrimRight(name[:maxPortName-5], "-") + "-" + hash(name, 4)
	}
	return name
}

// takeService notes that a Service of that name is made for what is at path.
func (e *emitter) takeService(name, path string) bool {
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		e.fail(codeName, path, fmt.Sprintf("the name %q begins with a digit", name), "A Service has to begin with a letter. Rename it.")
		return false
	}
	if len(name) > maxLabel {
		e.fail(codeName, path, fmt.Sprintf("the name %q has %d characters", name, len(name)), "A Service may have 63. Shorten the name.")
		return false
	}
	if other, taken := e.services[name]; taken {
		if other == path {
			return false
		}
		d := e.fail(codeCollision, path, fmt.Sprintf("%q is also the name of the Service of %s", name, other), "Rename one of the two.")
		e.related(d, other, "the other one")
		return false
	}
	e.services[name] = path
	return true
}

func (e *emitter) limitName(path, kind, name string, length int) {
	if len(name) > length {
		e.fail(codeName, path, fmt.Sprintf("the name %q has %d characters", name, len(name)),
			fmt.Sprintf("A %s may have %d, since Kubernetes appends to it. Shorten the name.", kind, length))
	}
}

func isServiceName(name string) bool {
	return ir.IsName(name) && name[0] >= 'a'
}

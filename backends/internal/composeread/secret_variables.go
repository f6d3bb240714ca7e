package composeread

import (
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/backends/internal/naming"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// secret returns the name of the secret that stands for a variable.
func (v *variables) secret(r *reader, name string) string {
	label, known := v.secrets[name]
	if !known {
		label = r.secretOf(name)
		v.secrets[name] = label
		v.marks = append(v.marks, name)
	}
	return label
}

// secretOf names the secret of a variable: as the files do where they declare one that
// is taken from it, else after the variable.
func (r *reader) secretOf(variable string) string {
	label := naming.Label(variable)
	taken := false
	for _, d := range r.documents {
		for _, p := range d.Get("secrets").Elements() {
			for _, s := range p.Pairs {
				if s.Value.Get("environment") != nil && s.Value.Get("environment").Value == variable && ir.IsName(s.Key.Value) {
					return s.Key.Value
				}
				taken = taken || naming.Label(s.Key.Value) == label
			}
		}
	}
	if taken {
		label += "-variable"
	}
	return label
}

// saysSecret recognises the form in which this backend asks for the value of a secret.
func saysSecret(p piece) bool {
	return p.operator == ":?" && (strings.HasPrefix(p.word, composefile.SecretMessage) || strings.HasPrefix(p.word, composefile.SecretFileMessage))
}

var secretWords = []string{"PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "CREDENTIAL", "PRIVATE_KEY", "API_KEY", "APIKEY", "ACCESS_KEY", "ENCRYPTION_KEY"}

// namesSecret reports whether a variable of that name probably holds a secret.
func namesSecret(name string) bool {
	name = strings.ToUpper(name)
	for _, suffix := range []string{"_FILE", "_PATH", "_URL", "_NAME", "_HOST", "_PORT", "_LENGTH", "_EXPIRATION", "_TTL"} {
		if strings.HasSuffix(name, suffix) {
			return false
		}
	}
	return slices.ContainsFunc(secretWords, func(w string) bool { return strings.Contains(name, w) }) || name == "PASS" || strings.HasSuffix(name, "_PASS")
}

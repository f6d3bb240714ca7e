// Package composefile holds what Compose files and Swarm's stack files have in common:
// variables that the deployer fills in, sizes, and checks that are commands.
package composefile

import (
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// A variable stands in a text between two marks until the last step, so that the
// text around it can be escaped as a whole. No value of a container can hold NUL.
const (
	mark     = "\x00"
	markText = "\x01"
)

// What a required variable says of itself.
const (
	SecretMessage     = "value of the secret "
	SecretFileMessage = "set it to the content of "
)

// ServiceName is the name of the service of a container of a workload; that of the main
// one is the workload's.
func ServiceName(workload, container string) string {
	if container == "" {
		return workload
	}
	return workload + "-" + container
}

// Variable stands in a text for a variable that the deployer has to set; Interpolate
// writes it. message says what it is.
func Variable(name, message string) string { return mark + name + markText + message + mark }

// HasVariable reports whether a text waits for a variable of the deployer.
func HasVariable(s string) bool { return strings.Contains(s, mark) }

// Literal returns a text of the app as it may stand beside variables.
func Literal(s string) string {
	if strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(s, mark, "")
}

// VariableName is the variable that a value of a secret is taken from: the one that
// the spec names, else one called after the secret; with the key behind where there
// are several.
func VariableName(name string, s *ir.Secret, key string) string {
	base := s.Env
	if base == "" {
		base = upperSnake(name)
	}
	if len(s.AllKeys()) > 1 {
		base += "_" + upperSnake(key)
	}
	return base
}

func upperSnake(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToUpper(s))
}

// Interpolate is the one escaper of a file: it doubles the dollars of every value,
// which Docker would read as variables, and writes the marked variables.
func Interpolate(v *document.Value) {
	if v == nil {
		return
	}
	if v.Kind == document.KindString {
		v.Text = interpolatedText(v.Text)
		return
	}
	for _, item := range v.Items {
		Interpolate(item)
	}
	for i := range v.Members {
		Interpolate(v.Members[i].Value)
	}
}

func interpolatedText(s string) string {
	if !strings.ContainsAny(s, "$"+mark) {
		return s
	}
	parts := strings.Split(s, mark)
	for i, part := range parts {
		if i%2 == 0 {
			parts[i] = strings.ReplaceAll(part, "$", "$$")
			continue
		}
		name, message, _ := strings.Cut(part, markText)
		parts[i] = "${" + name + ":?" + messageText(message) + "}"
	}
	return strings.Join(parts, "")
}

// messageText keeps what could end the variable or begin another out of its message.
func messageText(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch r {
		case '$', '{', '}':
			return ' '
		}
		return r
	}, s)), " ")
}

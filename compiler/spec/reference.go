package spec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// referenceError is what is wrong with a string that holds references.
type referenceError struct {
	code            diag.Code
	summary, detail string
}

// expander turns the references of strings into parts. Vars and the stage are
// constants of one compile: they become literals.
type expander struct {
	vars  map[string]string
	known []string // names of the vars, for guessing
	stage string
}

// parse splits a string into literal and reference parts: ${…} refers, $$ is a
// dollar, any other dollar is itself.
func (e *expander) parse(s string) (ir.Text, *referenceError) {
	if !strings.Contains(s, "$") {
		return ir.Literal(s), nil
	}
	var text ir.Text
	var literal strings.Builder
	flush := func() {
		if literal.Len() > 0 {
			text = append(text, ir.Part{Literal: literal.String()})
			literal.Reset()
		}
	}
	for i := 0; i < len(s); i++ {
		if s[i] != '$' || i+1 == len(s) {
			literal.WriteByte(s[i])
			continue
		}
		switch s[i+1] {
		case '$':
			literal.WriteByte('$')
			i++
		case '{':
			end := strings.IndexByte(s[i:], '}')
			if end < 0 {
				return nil, &referenceError{CodeBadReference, "a reference is not closed", "${ begins a reference and needs a closing brace; a literal ${ is written $${."}
			}
			constant, ref, err := e.reference(s[i+2 : i+end])
			if err != nil {
				return nil, err
			}
			if ref.Kind == "" {
				literal.WriteString(constant)
			} else {
				flush()
				text = append(text, ir.Part{Ref: ref})
			}
			i += end
		default:
			literal.WriteByte('$')
		}
	}
	flush()
	if text == nil {
		text = ir.Literal("")
	}
	return text, nil
}

var referenceRoots = []string{"vars", "stage", "secrets", "configs", "workloads", "endpoints"}

// reference reads what stands between the braces: a constant, or what is referred
// to.
func (e *expander) reference(expression string) (constant string, ref ir.Ref, err *referenceError) {
	segments := strings.Split(expression, ".")
	for _, segment := range segments {
		if segment == "" || strings.Trim(segment, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != "" {
			return "", ir.Ref{}, notReference(expression)
		}
	}
	switch name := segments[min(1, len(segments)-1)]; {
	case segments[0] == "stage" && len(segments) == 1:
		return e.stage, ir.Ref{}, nil
	case segments[0] == "vars" && len(segments) == 2:
		value, ok := e.vars[name]
		if !ok && slices.Contains(e.known, name) {
			return "", ir.Ref{}, nil // its value is missing, which is said once, where it is declared
		}
		if !ok {
			return "", ir.Ref{}, &referenceError{CodeUnknownVar, fmt.Sprintf("there is no var %q", name), "Declare it under vars." + didYouMean(name, e.known)}
		}
		return value, ir.Ref{}, nil
	case segments[0] == "secrets" && len(segments) >= 2:
		return "", ir.Ref{Kind: ir.RefSecret, Name: name, Field: strings.Join(segments[2:], ".")}, nil
	case segments[0] == "configs" && len(segments) >= 2:
		return "", ir.Ref{Kind: ir.RefConfig, Name: name, Field: strings.Join(segments[2:], ".")}, nil
	case segments[0] == "workloads" && len(segments) == 3 && segments[2] == "host":
		return "", ir.Ref{Kind: ir.RefWorkloadHost, Name: name}, nil
	case segments[0] == "workloads" && len(segments) == 4 && segments[2] == "ports":
		return "", ir.Ref{Kind: ir.RefWorkloadPort, Name: name, Field: segments[3]}, nil
	case segments[0] == "endpoints" && len(segments) == 3 && slices.Contains([]string{"host", "port", "scheme", "url"}, segments[2]):
		return "", ir.Ref{Kind: ir.RefEndpoint, Name: name, Field: segments[2]}, nil
	}
	return "", ir.Ref{}, notReference(expression)
}

func notReference(expression string) *referenceError {
	root, _, _ := strings.Cut(expression, ".")
	detail := "References are ${vars.x}, ${stage}, ${secrets.x}, ${configs.x}, ${workloads.x.host}, ${workloads.x.ports.y} and ${endpoints.x.url} (or host, port, scheme). " +
		"For the text itself write $${" + expression + "}."
	if !slices.Contains(referenceRoots, root) {
		detail += didYouMean(root, referenceRoots)
	}
	return &referenceError{CodeBadReference, "${" + expression + "} refers to nothing that a spec knows", detail}
}

func didYouMean(word string, candidates []string) string {
	if near := diag.Closest(word, candidates); near != "" {
		return fmt.Sprintf(" Did you mean %q?", near)
	}
	return ""
}

package ir

import (
	"strings"

	"github.com/decamp-dev/decamp/compiler/source"
)

// Locator finds the place in the source files that a path of an app came from: the
// place itself, or where the source says it in fewer words the nearest that holds
// it. false when nothing of it is in the source.
type Locator interface {
	Locate(path string) (source.Range, bool)
}

// Locate returns the source range of a path, the zero range when it is unknown.
func (a *App) Locate(path string) source.Range {
	if a == nil || a.Locator == nil {
		return source.Range{}
	}
	r, _ := a.Locator.Locate(path)
	return r
}

// JoinPath appends a segment to a path. A segment that holds a dot, a bracket or a
// quote is written in brackets: workloads.web.env["A.B"].
func JoinPath(path, segment string) string {
	if segment == "" || strings.ContainsAny(segment, `.[]"`) {
		return path + `["` + strings.ReplaceAll(segment, `"`, `\"`) + `"]`
	}
	if path == "" {
		return segment
	}
	return path + "." + segment
}

// SplitPath is the inverse of JoinPath: "a.b["c.d"][0]" is a, b, c.d, 0.
func SplitPath(path string) []string {
	var segments []string
	for path != "" {
		if path[0] == '.' {
			path = path[1:]
			continue
		}
		if path[0] == '[' {
			segment, rest := bracketed(path)
			segments, path = append(segments, segment), rest
			continue
		}
		end := strings.IndexAny(path, ".[")
		if end < 0 {
			end = len(path)
		}
		segments, path = append(segments, path[:end]), path[end:]
	}
	return segments
}

func bracketed(path string) (segment, rest string) {
	if !strings.HasPrefix(path, `["`) {
		end := strings.IndexByte(path, ']')
		if end < 0 {
			return path[1:], ""
		}
		return path[1:end], path[end+1:]
	}
	var b strings.Builder
	for i := 2; i < len(path); i++ {
		switch {
		case path[i] == '\\' && i+1 < len(path) && path[i+1] == '"':
			b.WriteByte('"')
			i++
		case path[i] == '"':
			return b.String(), strings.TrimPrefix(path[i+1:], "]")
		default:
			b.WriteByte(path[i])
		}
	}
	return b.String(), ""
}

// HasPathPrefix reports whether path is prefix or lies below it.
func HasPathPrefix(path, prefix string) bool {
	rest, ok := strings.CutPrefix(path, prefix)
	return ok && (rest == "" || prefix == "" || rest[0] == '.' || rest[0] == '[')
}

package redact

import (
	"strings"

	"github.com/decamp-dev/decamp/compiler/pattern"
	"github.com/decamp-dev/decamp/compiler/spec"
)

// scan goes through the lines of one file.
type scan struct {
	r     *Redactor
	lines []string
}

var (
	secretKind = pattern.New(`^[\s-]*"?kind"?\s*:\s*"?Secret"?\s*,?\s*(#.*)?$`)
	secretJSON = pattern.New(`"kind"\s*:\s*"Secret"`)
	secretData = pattern.New(`^[\s-]*"?(data|stringData)"?\s*:`)
	keyBegins  = pattern.New(`-----BEGIN [A-Z ]*PRIVATE KEY`)
	keyEnds    = pattern.New(`-----END [A-Z ]*PRIVATE KEY`)
	// assignment is NAME: value, NAME=value, "NAME": "value", --name=value.
	assignment = pattern.New(`(["']?)([A-Za-z_][A-Za-z0-9_.\-]*)["']?(\s*=\s*|\s*:\s+|"\s*:\s*|:$)`)
	nameLine   = pattern.New(`^[\s-]*"?(?:name|key|Name|Key)"?\s*[:=]\s*"?([A-Za-z_][A-Za-z0-9_.\-]*)"?\s*,?\s*$`)
	valueLine  = pattern.New(`^([\s-]*"?(?:value|Value)"?\s*[:=]\s*)(\S.*)$`)
	oneLinePar = pattern.New(`"?(?:name|key)"?\s*:\s*"?([A-Za-z_][A-Za-z0-9_.\-]*)"?\s*,\s*"?value"?\s*:\s*("[^"]*"|'[^']*'|[^,}]+)`)
)

// structural are names with a word of secrets in them whose values say which secret it
// is, and not what.
var structural = map[string]bool{
	"secret": true, "secrets": true, "secretname": true, "secretref": true, "secretkeyref": true, "imagepullsecrets": true,
	"automountserviceaccounttoken": true, "serviceaccounttoken": true, "credentialspec": true, "credential_spec": true, "secret-needed": true,
}

// documents divides the file at the lines that divide YAML, since a secret is told by
// its whole object.
func (s *scan) documents() {
	begin := 0
	for i := 0; i <= len(s.lines); i++ {
		if i == len(s.lines) || strings.HasPrefix(s.lines[i], "---") {
			s.document(begin, i)
			begin = i
		}
	}
}

func (s *scan) document(begin, end int) {
	secret, isJSON := false, false
	for _, line := range s.lines[begin:end] {
		secret = secret || secretKind().MatchString(line) || secretJSON().MatchString(line)
		isJSON = isJSON || secretJSON().MatchString(line)
	}
	inKey, dataIndent, blockIndent := false, -1, -1
	for i := begin; i < end; i++ {
		line := s.lines[i]
		indent := len(line) - len(strings.TrimLeft(line, " "))
		blank := strings.TrimSpace(line) == ""
		switch {
		case inKey || keyBegins().MatchString(line):
			inKey = !keyEnds().MatchString(line)
			s.lines[i] = hideAll(line)
			continue
		case blockIndent >= 0 && (blank || indent > blockIndent):
			s.lines[i] = hideAll(line)
			continue
		case dataIndent >= 0 && (blank || indent > dataIndent):
			s.lines[i] = hideValue(line)
			continue
		}
		blockIndent, dataIndent = -1, -1
		if secret && secretData().MatchString(line) {
			dataIndent = indent
			if !isJSON {
				if at := strings.IndexByte(line, ':'); strings.TrimSpace(line[at+1:]) != "" {
					s.lines[i] = line[:at+1] + " " + Hidden // a flow mapping
				}
				continue
			}
		}
		if secret && isJSON {
			s.lines[i] = hideStrings(line)
			continue
		}
		if s.assignments(i) {
			blockIndent = indent
		}
	}
}

// hideAll keeps the indentation of a line.
func hideAll(line string) string {
	rest := strings.TrimLeft(line, " \t")
	if rest == "" {
		return line
	}
	return line[:len(line)-len(rest)] + Hidden
}

// hideValue keeps the name of "name: value".
func hideValue(line string) string {
	at := strings.Index(line, ":")
	if at < 0 {
		return hideAll(line)
	}
	if strings.TrimSpace(line[at+1:]) == "" {
		return line
	}
	return line[:at+1] + " " + Hidden
}

var jsonString = pattern.New(`("(?:kind|apiVersion|name|namespace|type)"\s*:\s*"[^"]*")|(:\s*)"[^"]*"`)

// hideStrings hides the strings of a line of JSON, but those that name its object.
func hideStrings(line string) string {
	return jsonString().ReplaceAllStringFunc(line, func(match string) string {
		if !strings.HasPrefix(match, ":") {
			return match
		}
		return match[:strings.IndexByte(match, '"')] + `"` + Hidden + `"`
	})
}

// assignments hides the values of names that look like secrets in one line. It reports
// whether the line begins a block of lines that is such a value.
func (s *scan) assignments(i int) (block bool) {
	line := s.pair(i)
	var out strings.Builder
	flow := 0 // how deep the place is within braces
	for {
		at := assignment().FindStringSubmatchIndex(line)
		if at == nil {
			break
		}
		name, rest := line[at[4]:at[5]], line[at[1]:]
		flow += strings.Count(line[:at[1]], "{") - strings.Count(line[:at[1]], "}")
		out.WriteString(line[:at[1]])
		line = rest
		if structural[strings.ToLower(name)] {
			continue
		}
		value, left := cutValue(rest, flow > 0)
		trimmed := strings.Trim(strings.TrimSpace(value), `"'`)
		switch {
		case trimmed == "" || strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "[") || strings.Contains(trimmed, "${") || strings.Contains(trimmed, "$("):
			continue
		case !spec.LooksSecret(normal(name), trimmed+"   "): // short ones, too
			continue
		case strings.HasPrefix(trimmed, "|") || strings.HasPrefix(trimmed, ">"):
			block = true
			continue
		}
		out.WriteString(hidden(value))
		line = left
	}
	out.WriteString(line)
	s.lines[i] = s.r.value(out.String())
	return block
}

// cutValue divides what stands behind a name into its value and what follows.
func cutValue(rest string, flow bool) (value, left string) {
	if rest != "" && (rest[0] == '"' || rest[0] == '\'') {
		for i := 1; i < len(rest); i++ {
			if rest[i] == '\\' && rest[0] == '"' {
				i++
			} else if rest[i] == rest[0] {
				return rest[:i+1], rest[i+1:]
			}
		}
		return rest, ""
	}
	end := len(rest)
	if flow {
		if at := strings.IndexAny(rest, ",}"); at >= 0 {
			end = at
		}
	} else if at := strings.IndexAny(rest, "\"'"); at >= 0 {
		end = at // the end of a word that is in quotes: "--password=x"
	}
	return rest[:end], rest[end:]
}

// hidden keeps the quotes of a value.
func hidden(value string) string {
	if value[0] == '"' || value[0] == '\'' {
		return value[:1] + Hidden + value[:1]
	}
	return Hidden
}

// pair hides the value of a name and a value that stand on two lines, or as two members
// of one, as variables of containers do.
func (s *scan) pair(i int) string {
	line := s.lines[i]
	if one := oneLinePar().FindStringSubmatchIndex(line); one != nil && spec.LooksSecret(normal(line[one[2]:one[3]]), strings.Trim(line[one[4]:one[5]], `"' `)+"   ") {
		return line[:one[4]] + hidden(line[one[4]:one[5]]) + line[one[5]:]
	}
	value := valueLine().FindStringSubmatch(line)
	if value == nil || strings.Contains(value[2], "${") || strings.Contains(value[2], "$(") {
		return line
	}
	for _, j := range []int{i - 1, i + 1} {
		if j < 0 || j >= len(s.lines) {
			continue
		}
		if name := nameLine().FindStringSubmatch(s.lines[j]); name != nil && spec.LooksSecret(normal(name[1]), strings.Trim(value[2], `"' `)+"   ") {
			return value[1] + hidden(value[2])
		}
	}
	return line
}

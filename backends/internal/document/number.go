package document

// The errors of all printers.
const (
	errorInvalidText   = "text is not valid UTF-8"
	errorInvalidNumber = "not a decimal number"
	errorTooDeep       = "nested too deeply"
)

// maximumDepth bounds recursion, so that a cycle of pointers is an error.
const maximumDepth = 1000

// decimal reports a number in JSON's grammar, the part of all our formats'
// grammars that every reader understands in the same way.
func decimal(s string) bool {
	i := 0
	if i < len(s) && s[i] == '-' {
		i++
	}
	start := i
	i = digits(s, i)
	if i == start || s[start] == '0' && i > start+1 {
		return false
	}
	if i < len(s) && s[i] == '.' {
		start = i + 1
		if i = digits(s, start); i == start {
			return false
		}
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		start = i
		if i = digits(s, i); i == start {
			return false
		}
	}
	return i == len(s)
}

// digits returns the offset after the digits that begin at i.
func digits(s string, i int) int {
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return i
}

// specialFloat reports the floats that only YAML can write.
func specialFloat(s string) bool { return s == ".nan" || s == ".inf" || s == "-.inf" }

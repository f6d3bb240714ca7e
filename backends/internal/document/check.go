package document

import "errors"

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

func mapping(k Kind) bool { return k == KindMap || k == KindBlock }

func unlabelled(v *Value) error {
	if len(v.Labels) > 0 {
		return errors.New("a block with labels has no form in YAML")
	}
	return nil
}

func validAnchor(name string) bool {
	for i := range len(name) {
		c := name[i]
		if !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '-' || c == '_') {
			return false
		}
	}
	return name != ""
}

// duplicateKey finds a key that appears twice. Most maps are small enough for
// comparing all pairs without allocating.
func duplicateKey(members []Member) (string, bool) {
	if len(members) <= 16 {
		for i := range members {
			for j := range i {
				if members[i].Key == members[j].Key {
					return members[i].Key, true
				}
			}
		}
		return "", false
	}
	seen := make(map[string]struct{}, len(members))
	for i := range members {
		seen[members[i].Key] = struct{}{}
		if len(seen) <= i {
			return members[i].Key, true
		}
	}
	return "", false
}

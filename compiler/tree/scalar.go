package tree

import (
	"math"
	"strconv"
	"strings"
)

// resolvePlain returns the kind of an unquoted scalar by the YAML 1.2 core schema.
func resolvePlain(text string) Kind {
	if text == "" {
		return Null
	}
	switch c := text[0]; {
	case c >= '0' && c <= '9', c == '-', c == '+', c == '.':
		return resolveNumber(text)
	case len(text) > 5:
		return String
	}
	switch text {
	case "~", "null", "Null", "NULL":
		return Null
	case "true", "True", "TRUE", "false", "False", "FALSE":
		return Bool
	}
	return String
}

func resolveNumber(text string) Kind {
	if digits, ok := strings.CutPrefix(text, "0o"); ok {
		return kindIf(Int, digits != "" && strings.Trim(digits, "01234567") == "")
	}
	if digits, ok := strings.CutPrefix(text, "0x"); ok {
		return kindIf(Int, digits != "" && strings.Trim(digits, "0123456789abcdefABCDEF") == "")
	}
	switch text {
	case ".nan", ".NaN", ".NAN":
		return Float
	}
	unsigned := text
	if text[0] == '-' || text[0] == '+' {
		unsigned = text[1:]
	}
	switch unsigned {
	case ".inf", ".Inf", ".INF":
		return Float
	}
	whole := skipDigits(unsigned)
	rest := unsigned[whole:]
	if rest == "" {
		return kindIf(Int, whole > 0)
	}
	digits := whole
	if rest[0] == '.' {
		fraction := skipDigits(rest[1:])
		digits += fraction
		rest = rest[1+fraction:]
	}
	if digits == 0 {
		return String
	}
	if rest == "" {
		return Float
	}
	if rest[0] != 'e' && rest[0] != 'E' {
		return String
	}
	exponent := rest[1:]
	if exponent != "" && (exponent[0] == '-' || exponent[0] == '+') {
		exponent = exponent[1:]
	}
	return kindIf(Float, exponent != "" && skipDigits(exponent) == len(exponent))
}

func kindIf(kind Kind, ok bool) Kind {
	if ok {
		return kind
	}
	return String
}

// skipDigits returns how many decimal digits a text begins with.
func skipDigits(text string) int {
	count := 0
	for count < len(text) && text[count] >= '0' && text[count] <= '9' {
		count++
	}
	return count
}

// AsBool returns the value of a Bool; false, false for every other node.
func (n *Node) AsBool() (value, ok bool) {
	if n == nil || n.Kind != Bool {
		return false, false
	}
	return n.Value[0] == 't' || n.Value[0] == 'T', true
}

// AsInt returns the value of an Int; not ok for every other node and when the
// number does not fit.
func (n *Node) AsInt() (value int64, ok bool) {
	if n == nil || n.Kind != Int {
		return 0, false
	}
	text, base := strings.TrimPrefix(n.Value, "+"), 10
	if strings.HasPrefix(text, "0o") {
		text, base = text[2:], 8
	} else if strings.HasPrefix(text, "0x") {
		text, base = text[2:], 16
	}
	value, err := strconv.ParseInt(text, base, 64)
	return value, err == nil
}

// AsFloat returns the value of an Int or Float; not ok for every other node and
// when the number is out of range.
func (n *Node) AsFloat() (value float64, ok bool) {
	if n == nil || n.Kind != Float {
		whole, ok := n.AsInt()
		return float64(whole), ok
	}
	switch strings.ToLower(strings.TrimLeft(n.Value, "+-")) {
	case ".inf":
		if n.Value[0] == '-' {
			return math.Inf(-1), true
		}
		return math.Inf(1), true
	case ".nan":
		return math.NaN(), true
	}
	value, err := strconv.ParseFloat(n.Value, 64)
	return value, err == nil
}

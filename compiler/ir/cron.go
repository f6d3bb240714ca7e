package ir

import (
	"slices"
	"strconv"
	"strings"
)

func splitFields(s string) []string { return strings.Fields(s) }

var cronNames = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
	"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// validCronField reports whether one field of a cron expression is a list of *, n,
// a-b, each with an optional /step. Names of months and days are allowed in named
// fields.
func validCronField(field string, low, high int, named bool) bool {
	for _, part := range strings.Split(field, ",") {
		span, step, stepped := strings.Cut(part, "/")
		if stepped {
			if n, err := strconv.Atoi(step); err != nil || n < 1 {
				return false
			}
		}
		if span == "*" {
			continue
		}
		from, to, ranged := strings.Cut(span, "-")
		if !validCronNumber(from, low, high, named) || (ranged && !validCronNumber(to, low, high, named)) {
			return false
		}
	}
	return true
}

func validCronNumber(s string, low, high int, named bool) bool {
	if named && slices.Contains(cronNames, strings.ToLower(s)) {
		return true
	}
	n, err := strconv.Atoi(s)
	return err == nil && n >= low && n <= high
}

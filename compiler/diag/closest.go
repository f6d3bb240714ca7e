package diag

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxClosest is the longest word, in bytes, that Closest looks at.
const maxClosest = 64

// Closest returns the candidate that word was most likely meant to be, "" when
// none is near. Case, "-" and "_" do not count. Of candidates that are equally
// near, the first in alphabetical order is returned.
func Closest(word string, candidates []string) string {
	wanted := foldWord(word)
	if len(wanted) == 0 || len(word) > maxClosest {
		return ""
	}
	best, bestDistance := "", 1+max(1, len(wanted)/3)
	for _, candidate := range candidates {
		if candidate == "" || candidate == word || len(candidate) > maxClosest {
			continue
		}
		folded := foldWord(candidate)
		distance := editDistance(wanted, folded)
		if distance >= min(len(wanted), len(folded)) && distance > 0 {
			continue // nothing in common
		}
		if distance < bestDistance || distance == bestDistance && best != "" && candidate < best {
			best, bestDistance = candidate, distance
		}
	}
	return best
}

func foldWord(word string) []rune {
	folded := make([]rune, 0, utf8.RuneCountInString(word))
	for _, r := range word {
		if !strings.ContainsRune("-_", r) {
			folded = append(folded, unicode.ToLower(r))
		}
	}
	return folded
}

// editDistance returns how many insertions, deletions, replacements and swaps of
// neighbours lead from a to b.
func editDistance(a, b []rune) int {
	before, last, current := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		current[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			current[j+1] = min(current[j]+1, last[j+1]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				current[j+1] = min(current[j+1], before[j-1]+1)
			}
		}
		before, last, current = last, current, before
	}
	return last[len(b)]
}

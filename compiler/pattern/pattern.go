// Package pattern has regular expressions that are compiled when they are first used: compiled with the program's start, those of
// all platforms would take longer than what most commands do.
package pattern

import (
	"regexp"
	"sync"
)

// New returns a function that gives the compiled expression. A text that is none panics there, as with
// regexp.MustCompile; tests use every pattern.
func New(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}

package cli

import (
	"fmt"
	"slices"
	"strings"
)

// choice is a flag that takes one of a few words.
type choice struct {
	value *string
	words []string
}

func newChoice(value *string, words []string) choice { return choice{value, words} }

// String returns the word that is chosen; cobra asks for it.
func (c choice) String() string {
	if c.value == nil {
		return ""
	}
	return *c.value
}

// Set chooses a word; cobra calls it.
func (c choice) Set(word string) error {
	if !slices.Contains(c.words, word) {
		return fmt.Errorf("want one of %s.%s", strings.Join(c.words, ", "), didYouMean(word, c.words))
	}
	*c.value = word
	return nil
}

// Type names the kind of value; cobra prints it where the usage names none.
func (c choice) Type() string { return "word" }

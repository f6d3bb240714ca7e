package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/decamp-dev/decamp/compiler/diag"
)

// codeSecretNeeded is a note that is always shown: without the secret the first
// deployment fails.
const codeSecretNeeded diag.Code = "secret-needed"

// reportOptions are the flags about findings.
type reportOptions struct {
	format  string
	verbose bool
	losses  bool // losses are shown even where they are allowed: the reader is about to move
}

func (o *reportOptions) register(flags *pflag.FlagSet) {
	o.format = string(diag.Text)
	flags.Var(newChoice(&o.format, formatNames()), "format", "`FORM` of the findings, as in --format sarif: "+strings.Join(formatNames(), ", "))
	flags.BoolVarP(&o.verbose, "verbose", "v", false, "show every note, as in -v: by which means something is emulated, what was accepted")
}

func formatNames() []string {
	var names []string
	for _, f := range diag.Formats() {
		names = append(names, string(f))
	}
	return names
}

// forPeople reports whether the findings are read by people, so that lines of prose
// may stand beside them.
func (o *reportOptions) forPeople() bool {
	return o.format == string(diag.Text) || o.format == string(diag.GitHub)
}

// report prints findings, and where people read them a line that counts them.
func (p *Program) report(w io.Writer, list diag.List, o reportOptions) error {
	list = list.Normalize()
	shown := list
	if o.forPeople() && !o.verbose {
		shown = slices.DeleteFunc(slices.Clone(list), func(d diag.Diagnostic) bool {
			return d.Severity == diag.Note && d.Code != codeSecretNeeded && !(o.losses && isLoss(d))
		})
	}
	screen := p.terminal(w)
	if len(shown) > 0 || !o.forPeople() {
		err := diag.Print(w, shown, diag.Format(o.format), diag.PrintOptions{
			Color: screen.color, Width: screen.width, Version: versionOf().Version,
		})
		if err != nil {
			return err
		}
	}
	if !o.forPeople() || len(list) == 0 {
		return nil
	}
	line := diag.Summary(list) + aboutHidden(len(list)-len(shown), list.Count(diag.Note))
	if len(shown) > 0 && o.format == string(diag.Text) {
		line = "\n" + line
	}
	_, err := fmt.Fprintln(w, line)
	return err
}

// aboutHidden says how the notes are seen that are not shown.
func aboutHidden(hidden, notes int) string {
	switch {
	case hidden == 0:
		return ""
	case hidden < notes:
		return fmt.Sprintf(" (%d not shown: run with -v)", hidden)
	case notes == 1:
		return " (run with -v to see it)"
	}
	return " (run with -v to see them)"
}

// say prints a closing line for people to standard error.
func (p *Program) say(o reportOptions, format string, a ...any) {
	if o.forPeople() {
		fmt.Fprintf(p.Err, format+"\n", a...)
	}
}

// count returns a number with its noun: "1 file", "2 files".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// didYouMean returns a question that ends a message, "" when nothing is near.
func didYouMean(word string, known []string) string {
	if closest := diag.Closest(word, known); closest != "" {
		return fmt.Sprintf(" Did you mean %s?", closest)
	}
	return ""
}

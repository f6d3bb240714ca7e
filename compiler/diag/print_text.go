package diag

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/source"
)

const (
	defaultWidth = 80 // columns
	minWidth     = 40 // narrower output would cut every word
	maxSnippets  = 3  // places of a group that are shown with their source
	maxPlaces    = 10 // places of a group that are shown at all
)

// textPrinter prints for people. Its output is buffered; the writer keeps the
// first error.
type textPrinter struct {
	out     *bufio.Writer
	options PrintOptions
	width   int
}

func printText(w io.Writer, l List, o PrintOptions) error {
	p := &textPrinter{out: bufio.NewWriter(w), options: o, width: o.Width}
	if p.width <= 0 {
		p.width = defaultWidth
	}
	p.width = max(p.width, minWidth)
	for i, group := range groupEqual(l) {
		if i > 0 {
			p.line("")
		}
		p.group(group)
	}
	return p.out.Flush()
}

// groupEqual puts together the findings that say the same of several places, in
// the order of each one's first place.
func groupEqual(l List) []List {
	type sameness struct {
		severity                Severity
		code                    Code
		summary, detail, target string
	}
	indexes := make(map[sameness]int)
	var groups []List
	for _, d := range l {
		key := sameness{d.Severity, d.Code, d.Summary, d.Detail, d.Target}
		i, ok := indexes[key]
		if !ok {
			i = len(groups)
			indexes[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], d)
	}
	return groups
}

func (p *textPrinter) line(text string) {
	p.out.WriteString(text)
	p.out.WriteByte('\n')
}

func (p *textPrinter) group(group List) {
	first := group[0]
	head := p.paint(severityColor(first.Severity), fmt.Sprintf("%s[%s]", first.Severity, visible(string(first.Code))))
	summary := visible(first.Summary)
	if first.Target != "" {
		summary += " [" + visible(first.Target) + "]"
	}
	p.line(head + p.paint(bold, ": "+summary))
	p.places(group)
	if first.Detail != "" {
		for _, line := range wrap(visibleLines(first.Detail), p.width-2) {
			p.line(strings.TrimRight("  "+line, " "))
		}
	}
	p.fixes(group)
}

// places prints where the findings of a group are.
func (p *textPrinter) places(group List) {
	gutter := 1
	for _, d := range group[:min(len(group), maxSnippets)] {
		gutter = max(gutter, len(strconv.Itoa(int(d.Subject.Start.Line))))
	}
	shown := group[:min(len(group), maxPlaces)]
	for i, d := range shown {
		place := p.place(d.Subject)
		switch {
		case place == "" && d.Path == "":
			continue
		case place == "":
			p.line(p.paint(blue, strings.Repeat(" ", gutter)+"--> ") + visible(shortPath(d.Path)))
		case i < maxSnippets:
			if d.Path != "" {
				place += " (" + visible(shortPath(d.Path)) + ")"
			}
			p.line(p.paint(blue, strings.Repeat(" ", gutter)+"--> ") + place)
			p.snippet(d, gutter)
		default:
			if d.Path != "" {
				place += "  " + visible(shortPath(d.Path))
			}
			p.line(p.paint(blue, strings.Repeat(" ", gutter)+"  > ") + place)
		}
		p.related(d, gutter)
	}
	if more := len(group) - len(shown); more > 0 {
		p.line(strings.Repeat(" ", gutter) + fmt.Sprintf("    and %d more", more))
	}
}

func (p *textPrinter) related(d Diagnostic, gutter int) {
	for _, related := range d.Related {
		text := visible(related.Message)
		if place := p.place(related.Range); place != "" {
			text = place + ": " + text
		}
		p.line(p.paint(blue, strings.Repeat(" ", gutter)+"  = ") + text)
	}
}

// fixes prints each different fix of a group once.
func (p *textPrinter) fixes(group List) {
	var seen []string
	for _, d := range group {
		if d.Fix == nil || d.Fix.Message == "" || slices.Contains(seen, d.Fix.Message) || len(seen) == maxSnippets {
			continue
		}
		seen = append(seen, d.Fix.Message)
		for i, line := range wrap(visibleLines(d.Fix.Message), p.width-8) {
			if i == 0 {
				p.line("  " + p.paint(green, "help:") + " " + line)
				continue
			}
			p.line("        " + line)
		}
	}
}

// place returns a range as "file:line:col", "" when it is unknown.
func (p *textPrinter) place(r source.Range) string {
	if r.IsZero() {
		return ""
	}
	name := p.options.fileName(r.Name())
	if name == "" {
		name = "(input)"
	}
	if r.Start.IsZero() {
		return visible(name)
	}
	return visible(name) + ":" + strconv.Itoa(int(r.Start.Line)) + ":" + strconv.Itoa(int(r.Start.Column))
}

// longestPath is how many characters of a path a line shows.
const longestPath = 120

// shortPath leaves out the middle of a path that would fill the screen.
func shortPath(path string) string {
	runes := []rune(path)
	if len(runes) <= longestPath {
		return path
	}
	return string(runes[:longestPath/2]) + "…" + string(runes[len(runes)-longestPath/2:])
}

package cli

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/cmd/decamp/internal/webpage"
	"github.com/decamp-dev/decamp/compiler/audit"
	"github.com/decamp-dev/decamp/compiler/beside"
	"github.com/decamp-dev/decamp/compiler/graph"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/redact"
	"github.com/decamp-dev/decamp/compiler/source"
)

// pageMaker turns apps and places into parts of a page. Texts of files come through
// its redactor.
type pageMaker struct {
	redactor *redact.Redactor
	lines    map[*source.File][]string
	besides  int
	pictures int
}

func newPageMaker(apps ...*ir.App) *pageMaker {
	return &pageMaker{redactor: redact.For(apps...), lines: map[*source.File][]string{}}
}

func generator() string { return "decamp " + versionOf().Version }

func (m *pageMaker) linesOf(f *source.File) []string {
	lines, ok := m.lines[f]
	if !ok {
		lines = m.redactor.Lines(f)
		for i, line := range lines {
			lines[i] = visible(strings.ReplaceAll(strings.TrimRight(line, "\r"), "\t", "    "))
		}
		m.lines[f] = lines
	}
	return lines
}

// cutRunes is how much of a line is shown on both sides of what matters.
const cutRunes = 80

// cut returns the line of a place, with the place marked; nil where there is no line.
func (m *pageMaker) cut(r source.Range) *webpage.Cut {
	if r.File == nil || r.Start.Line < 1 || int(r.Start.Line) > r.File.LineCount() {
		return nil
	}
	line := []rune(m.linesOf(r.File)[r.Start.Line-1])
	cut := &webpage.Cut{Number: int(r.Start.Line)}
	begin, end := int(r.Start.Column)-1, int(r.End.Column)-1
	if r.End.Line > r.Start.Line {
		end = len(line)
	}
	if string(line) != r.File.Line(int(r.Start.Line)) || begin < 0 || end > len(line) || begin >= end {
		// Something is hidden, so that columns are other ones: the line as a whole.
		begin, end = 0, len(line)
		for begin < end && line[begin] == ' ' {
			begin++
		}
	}
	cut.Before, cut.Marked, cut.After = ending(line[:begin]), beginning(line[begin:end]), beginning(line[end:])
	return cut
}

func beginning(runes []rune) string {
	if len(runes) > cutRunes {
		return string(runes[:cutRunes]) + "…"
	}
	return string(runes)
}

func ending(runes []rune) string {
	if len(runes) > cutRunes {
		return "…" + string(runes[len(runes)-cutRunes:])
	}
	return string(runes)
}

// where says a place as editors take it.
func where(r source.Range) string { return visible(r.String()) }

// mostLines is how many lines of a side a page holds: beyond it a browser gets slow,
// and nobody reads that much beside something else.
const mostLines = 5000

// lineTone is what is said of a line in a pane.
type lineTone struct {
	tone webpage.Tone
	word string
}

// tones are lines of files of which something is said. What is said first counts.
type tones map[*source.File]map[int]lineTone

func (t tones) set(r source.Range, tone webpage.Tone, word string) {
	if r.File == nil || r.Start.Line < 1 {
		return
	}
	if t[r.File] == nil {
		t[r.File] = map[int]lineTone{}
	}
	if _, ok := t[r.File][int(r.Start.Line)]; !ok {
		t[r.File][int(r.Start.Line)] = lineTone{tone, word}
	}
}

// beside puts two views of an app side by side.
func (m *pageMaker) beside(title, nameA, nameB string, v beside.View, a, b tones) webpage.Beside {
	id := fmt.Sprintf("s%d", m.besides)
	m.besides++
	out := webpage.Beside{ID: id, Title: title, A: webpage.Pane{Name: nameA}, B: webpage.Pane{Name: nameB}}
	if n := max(lineCount(v.A), lineCount(v.B)); n > mostLines {
		out.Hidden = fmt.Sprintf("Left out: %d lines are too many to be read side by side. Audit or compare a part of the app.", n)
		return out
	}
	first := [2][]string{make([]string, v.Groups), make([]string, v.Groups)}
	for side, pane := range []beside.Pane{v.A, v.B} {
		eachLine(pane, func(file, line int) {
			for _, g := range pane.Lines[file][line].Groups {
				if first[side][g] == "" {
					first[side][g] = lineID(id, side, file, line)
				}
			}
		})
	}
	out.A.Files = m.files(id, 0, v.A, first[1], a)
	out.B.Files = m.files(id, 1, v.B, first[0], b)
	return out
}

func lineCount(p beside.Pane) int {
	n := 0
	for _, lines := range p.Lines {
		n += len(lines)
	}
	return n
}

func eachLine(p beside.Pane, visit func(file, line int)) {
	for file := range p.Lines {
		for line := range p.Lines[file] {
			visit(file, line)
		}
	}
}

func lineID(id string, side, file, line int) string {
	return fmt.Sprintf("%s%c%d-%d", id, 'a'+rune(side), file, line+1)
}

func (m *pageMaker) files(id string, side int, p beside.Pane, partners []string, t tones) []webpage.File {
	files := make([]webpage.File, len(p.Files))
	for i, f := range p.Files {
		files[i].Name = visible(f.Name)
		texts := m.linesOf(f)
		if n := len(texts); n > 0 && texts[n-1] == "" {
			texts = texts[:n-1] // what stands behind the last line end
		}
		for j, text := range texts {
			line := webpage.Line{Number: j + 1, Text: text}
			if groups := p.Lines[i][j].Groups; len(groups) > 0 {
				line.ID, line.Partner = lineID(id, side, i, j), partners[groups[0]]
				words := make([]string, len(groups))
				for k, g := range groups {
					words[k] = strconv.Itoa(g)
				}
				line.Groups = strings.Join(words, " ")
			}
			if said, ok := t[f][j+1]; ok {
				line.Tone, line.Word = said.tone, said.word
			}
			files[i].Lines = append(files[i].Lines, line)
		}
	}
	return files
}

// mostNodes is how many parts a picture may have: a larger one cannot be read.
const mostNodes = 400

// picture draws an app for the page.
func (m *pageMaker) picture(title string, app *ir.App) webpage.Picture {
	g := graph.Of(app)
	p := webpage.Picture{Title: title}
	m.pictures++
	if len(g.Nodes) > mostNodes {
		p.Hidden = fmt.Sprintf("Left out: %d parts make no picture that can be read. `decamp graph --format svg` draws it all the same.", len(g.Nodes))
		return p
	}
	p.SVG = template.HTML(g.SVG(graph.SVGOptions{Inline: true, Prefix: fmt.Sprintf("g%d", m.pictures)})) // every text in it is escaped
	for _, l := range g.Lines() {
		p.Lines = append(p.Lines, webpage.Relation{From: visible(l.From), Says: visible(l.Says), To: visible(l.To)})
	}
	return p
}

// entryOf makes a line of the ledger.
func entryOf(e *audit.Entry, side string, baseline bool) webpage.Entry {
	values := make([]string, 0, len(e.Values))
	for _, v := range shortened(e.Values) {
		values = append(values, visible(v))
	}
	return webpage.Entry{Side: side, Platform: e.Platform, Sort: string(e.Sort), On: visible(e.On), Why: visible(e.Why), Exit: visible(e.Exit),
		Since: e.Since, Where: where(e.Subject), Holds: values, New: baseline && e.New}
}

// ledgerOf returns the ledgers of several apps, each entry once; side names the apps
// that hold it where not all do.
func ledgerOf(apps []*ir.App, names []string) []webpage.Entry {
	type held struct {
		entry audit.Entry
		by    []int
	}
	var all []held
	index := map[string]int{}
	for i, app := range apps {
		report := audit.Of(app, nil, audit.DefaultWeights())
		for _, e := range report.Ledger {
			key := e.Path + "\x00" + e.Subject.String()
			at, ok := index[key]
			if !ok {
				at = len(all)
				index[key] = at
				all = append(all, held{entry: e})
			}
			if !slices.Contains(all[at].by, i) {
				all[at].by = append(all[at].by, i)
			}
		}
	}
	var entries []webpage.Entry
	for i := range all {
		side := ""
		if len(all[i].by) < len(apps) {
			var by []string
			for _, n := range all[i].by {
				by = append(by, names[n])
			}
			side = strings.Join(by, ", ")
		}
		entries = append(entries, entryOf(&all[i].entry, side, false))
	}
	return entries
}

package webpage

import "html/template"

// Tone says how much something matters; it becomes a class, and always stands beside
// a word that says the same.
type Tone string

// The tones.
const (
	Good    Tone = "good"
	Minor   Tone = "minor"
	Warning Tone = "warning"
	Bad     Tone = "bad"
	Quiet   Tone = "quiet"
)

// Document is all that a page shows, in its order. Texts are plain texts; secrets have
// been taken out of them.
type Document struct {
	Verb      string // "audit"
	Title     string
	Lede      []string // where it comes from, one line each
	Summary   string   // the answer in a sentence
	Generator string   // the program and its version
	Cards     []Card
	Matrices  []Matrix
	Facets    []Facet
	Noun      string // of an item: "place", "difference"
	Groups    []Group
	Costs     []Cost
	Passes    []Pass
	Besides   []Beside
	Pictures  []Picture
	Ledgers   bool // a ledger is shown, also an empty one
	Ledger    []Entry
	Rules     []Rule
}

// Items returns how many items the groups have.
func (d *Document) Items() int {
	n := 0
	for i := range d.Groups {
		n += len(d.Groups[i].Items)
	}
	return n
}

// Card is one part of the summary.
type Card struct {
	Title, Note  string
	Figure, Unit string
	Tone         Tone
	Segments     []Segment
}

// Segment is a part of a card's bar.
type Segment struct {
	Tone   Tone
	Word   string
	Count  int
	Offset int // of 1000
	Width  int // of 1000
}

// Spread gives the segments their places in the bar.
func Spread(segments []Segment) []Segment {
	total := 0
	for _, s := range segments {
		total += s.Count
	}
	sum := 0
	for i := range segments {
		if total > 0 {
			segments[i].Offset = 1000 * sum / total
			sum += segments[i].Count
			segments[i].Width = 1000*sum/total - segments[i].Offset
		}
	}
	return segments
}

// Matrix is a table of counts.
type Matrix struct {
	Caption string
	Head    string
	Columns []string
	Rows    []Row
	Facet   string // that a cell sets, to the name of its column; empty: none
}

// Row is a line of a matrix.
type Row struct {
	Name, Note string
	Cells      []Cell
}

// Cell holds words, each with its tone.
type Cell struct {
	Column string
	Chips  []Chip
}

// Chip is a word with a tone.
type Chip struct {
	Tone  Tone
	Text  string
	Leads bool // to findings that the page has
}

// Facet is a question that groups are filtered by.
type Facet struct {
	Name   string // as in Group.Facets
	Label  string
	Values []string
}

// Group is findings that say the same, at several places.
type Group struct {
	Tone   Tone
	Badge  string
	Title  string
	Text   string
	Note   string
	Facets []Choice
	Items  []Item
}

// Choice is a group's answer to a facet.
type Choice struct{ Name, Value string }

// Open reports whether the items are shown at once.
func (g *Group) Open() bool { return len(g.Items) <= 8 }

// Item is one place, or one difference.
type Item struct {
	Path  string
	Tags  []Chip
	Sides []Said
	Notes []string
}

// Said is what one side says, and where.
type Said struct {
	Label string // "A", "prod"; empty where there is one side only
	Value string
	None  bool // it says nothing
	Where string
	Cut   *Cut
}

// Cut is a line of a file, with the part that matters.
type Cut struct {
	Number                int
	Before, Marked, After string
}

// Cost is a sum and its derivation.
type Cost struct {
	Title string
	Total int
	Terms []Term
}

// Term is a line of a derivation.
type Term struct {
	What               string
	Count, Weight, Sum int
}

// Pass is an optimisation in force.
type Pass struct{ Target, Name, Doc, Debt, Adds string }

// Beside is files side by side.
type Beside struct {
	ID     string
	Title  string
	Note   string
	A, B   Pane
	Hidden string // why it is not shown; empty where it is
}

// Pane is one of the sides.
type Pane struct {
	Name  string
	Files []File
}

// File is a file of a pane.
type File struct {
	Name  string
	Lines []Line
}

// Line is a line of a file.
type Line struct {
	ID      string // empty where nothing belongs to it
	Partner string // ID of the first line of the other side that belongs to it
	Groups  string // that it belongs to, with spaces between
	Number  int
	Text    string
	Tone    Tone
	Word    string // what the tone says
}

func partner(l Line) string { return "#" + l.Partner }

// Picture is the graph of an app, and the same in words.
type Picture struct {
	Title  string
	SVG    template.HTML // made by package graph, which escapes all texts
	Lines  []Relation
	Hidden string // why there is no picture
}

// Relation is a line of a graph in words.
type Relation struct{ From, Says, To string }

// Entry is a line of the debt ledger.
type Entry struct {
	Side, Platform, Sort, On, Why, Exit, Since, Where string
	Holds                                             []string
	New                                               bool
}

// Rule is one of those that judge differences.
type Rule struct {
	ID, Says, Purpose string
	Tone              Tone
}

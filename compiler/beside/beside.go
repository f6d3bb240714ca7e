// Package beside says which lines of two sets of files belong together: those that say
// the same things of an app, wherever each was read from.
package beside

import (
	"cmp"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
)

// Pane is the files of one side.
type Pane struct {
	Files []*source.File
	Lines [][]Line // of each file, by line number from 0
}

// Line is what one line says.
type Line struct {
	Groups []int // of lines that belong together, ascending, without repetition
}

// View is two sides, whose lines with a common group belong together.
type View struct {
	A, B   Pane
	Groups int
}

// Of puts the files of two apps side by side. Every fact that both say makes its lines
// belong together. extra are files that say no fact and are shown all the same. An app
// that is nil says nothing: its files could not be read.
func Of(a, b *ir.App, extraA, extraB []*source.File) View {
	v := View{}
	a, b = cmp.Or(a, &ir.App{}), cmp.Or(b, &ir.App{})
	pa, pb := newPaner(a, extraA), newPaner(b, extraB)
	groups := map[[2]place]int{}
	meet := func(path string) {
		x, y := pa.at(path), pb.at(path)
		if x.line == 0 || y.line == 0 {
			return
		}
		if _, ok := groups[[2]place{x, y}]; !ok {
			group := len(groups)
			groups[[2]place{x, y}] = group
			pa.pane.Lines[x.file][x.line-1].join(group)
			pb.pane.Lines[y.file][y.line-1].join(group)
		}
	}
	inB := map[string]bool{}
	ir.Walk(b, func(f *ir.Fact) { inB[f.Path()] = true })
	ir.Walk(a, func(f *ir.Fact) {
		if path := f.Path(); inB[path] {
			meet(path)
		}
	})
	v.A, v.B, v.Groups = pa.pane, pb.pane, len(groups)
	return v
}

func (l *Line) join(group int) { l.Groups = append(l.Groups, group) }

// place is a line of one of the files of a pane; line 0 for none.
type place struct{ file, line int }

type paner struct {
	app   *ir.App
	pane  Pane
	index map[*source.File]int
}

// newPaner collects the files that the facts of an app stand in, in the order in which
// the app speaks of them.
func newPaner(app *ir.App, extra []*source.File) *paner {
	p := &paner{app: app, index: map[*source.File]int{}}
	for _, f := range extra {
		p.add(f)
	}
	ir.Walk(app, func(f *ir.Fact) { p.add(app.Locate(f.Path()).File) })
	for i := range app.Platform {
		p.add(app.Locate(app.Platform[i].Path).File)
	}
	return p
}

func (p *paner) add(f *source.File) {
	if f == nil {
		return
	}
	if _, ok := p.index[f]; !ok {
		p.index[f] = len(p.pane.Files)
		p.pane.Files = append(p.pane.Files, f)
		p.pane.Lines = append(p.pane.Lines, make([]Line, f.LineCount()))
	}
}

func (p *paner) at(path string) place {
	r := p.app.Locate(path)
	if r.File == nil || r.Start.Line < 1 {
		return place{}
	}
	file, ok := p.index[r.File]
	if !ok || int(r.Start.Line) > len(p.pane.Lines[file]) {
		return place{}
	}
	return place{file, int(r.Start.Line)}
}

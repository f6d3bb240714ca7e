package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"golang.org/x/term"
)

// terminal says how much of a terminal a stream is.
type terminal struct {
	width int  // columns; 0 where it is none
	color bool // colours are wanted
}

// terminal looks at a stream. NO_COLOR, CI and a dumb terminal turn colours off,
// and CI and a dumb terminal everything that moves.
func (p *Program) terminal(w io.Writer) terminal {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) || p.lookup("CI") != "" || p.lookup("TERM") == "dumb" {
		return terminal{}
	}
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil || width <= 0 {
		width = 80
	}
	return terminal{width: width, color: p.lookup("NO_COLOR") == ""}
}

const barWidth = 30

// progress is a line that says how far a long run is; it does nothing where w is
// nil. It stands in for a library that would cost every start of decamp the set-up
// of an HTTP server.
type progress struct {
	mutex       sync.Mutex
	w           io.Writer
	total, done int
}

// newProgress returns the progress of some steps, shown on a terminal only.
func (p *Program) newProgress(total int) *progress {
	bar := &progress{total: total}
	if total > 1 && p.terminal(p.Err).width > 0 {
		bar.w = p.Err
	}
	return bar
}

// step says that one more is done.
func (b *progress) step() {
	if b.w == nil {
		return
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.done++
	full := barWidth * b.done / b.total
	fmt.Fprintf(b.w, "\r\x1b[K[%s%s] %d of %d apps", strings.Repeat("=", full), strings.Repeat(" ", barWidth-full), b.done, b.total)
}

// finish takes the line away.
func (b *progress) finish() {
	if b.w != nil {
		fmt.Fprint(b.w, "\r\x1b[K")
	}
}

package diag

// The colours of the text form, as ANSI escape sequences.
const (
	reset  = "\x1b[0m"
	bold   = "\x1b[1m"
	red    = "\x1b[1;31m"
	green  = "\x1b[1;32m"
	yellow = "\x1b[1;33m"
	blue   = "\x1b[1;34m"
	cyan   = "\x1b[1;36m"
)

func severityColor(s Severity) string {
	switch s {
	case Warning:
		return yellow
	case Note:
		return cyan
	}
	return red
}

// paint returns the text in a colour, or as it is when colours are off.
func (p *textPrinter) paint(color, text string) string {
	if !p.options.Color {
		return text
	}
	return color + text + reset
}

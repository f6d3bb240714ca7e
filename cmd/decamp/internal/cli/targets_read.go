package cli

import (
	"fmt"
	"strings"

	"github.com/decamp-dev/decamp/compiler/backend"
)

// censusInfo is what a reader does with its platform's files, in the JSON form, whose
// fields are a promise to other programs.
type censusInfo struct {
	Name    string      `json:"name"`
	Title   string      `json:"title"`
	Version string      `json:"version"`
	Mapped  int         `json:"mapped"`
	Carried int         `json:"carried"`
	Ignored int         `json:"ignored"`
	Fields  []fieldInfo `json:"fields,omitempty"`
}

type fieldInfo struct {
	Field   string `json:"field"`
	Verdict string `json:"verdict"`
	Because string `json:"because"`
}

// printReaders lists the platforms whose files can be read.
func (p *Program) printReaders(page *page, form string) error {
	readers := p.Backends().Readers()
	switch form {
	case "json":
		all := []censusInfo{}
		for _, b := range readers {
			all = append(all, censusOf(b, false))
		}
		return p.printJSON(all)
	case "markdown":
		page.line("| platform | fields | mapped | carried | ignored |")
		page.line("|---|---|---|---|---|")
		for _, b := range readers {
			info := censusOf(b, false)
			page.line(fmt.Sprintf("| %s %s | %d | %d | %d | %d |", b.Name, b.Version, len(b.Census()), info.Mapped, info.Carried, info.Ignored))
		}
	default:
		for _, b := range readers {
			page.columns([]int{12, 16}, page.bold(b.Name), b.Version, censusOf(b, false).counts())
		}
	}
	return page.flush(p.Out)
}

// printReader lists every field of a platform's files with what reading does with it.
func (p *Program) printReader(page *page, name, form string) error {
	b := p.Backends().Lookup(name)
	if b == nil || b.Read == nil {
		names := p.Backends().Readers().Names()
		return wrong("files of %q cannot be read: those of these can: %s.%s", name, strings.Join(names, ", "), didYouMean(name, names))
	}
	switch form {
	case "json":
		return p.printJSON(censusOf(b, true))
	case "markdown":
		censusMarkdown(page, b)
	default:
		censusText(page, b)
	}
	return page.flush(p.Out)
}

func censusOf(b *backend.Backend, fields bool) censusInfo {
	title, _, _ := strings.Cut(b.Doc, "\n")
	info := censusInfo{Name: b.Name, Title: title, Version: b.Version}
	for _, f := range b.Census() {
		switch f.Verdict {
		case backend.Mapped:
			info.Mapped++
		case backend.Carried:
			info.Carried++
		case backend.Ignored:
			info.Ignored++
		}
		if fields {
			info.Fields = append(info.Fields, fieldInfo{f.Field, f.Verdict.String(), f.Because})
		}
	}
	return info
}

func (i censusInfo) counts() string {
	return fmt.Sprintf("%s: %d mapped, %d carried, %d ignored", count(i.Mapped+i.Carried+i.Ignored, "field"), i.Mapped, i.Carried, i.Ignored)
}

func censusText(page *page, b *backend.Backend) {
	page.columns([]int{12, 16}, page.bold(b.Name), b.Version, censusOf(b, false).counts())
	page.line("")
	width := 0
	for _, f := range b.Census() {
		width = max(width, len(f.Field))
	}
	for _, f := range b.Census() {
		page.columns([]int{width, len("carried")}, f.Field, f.Verdict.String(), f.Because)
	}
}

func censusMarkdown(page *page, b *backend.Backend) {
	page.line("| field | verdict | because |")
	page.line("|---|---|---|")
	for _, f := range b.Census() {
		page.line(fmt.Sprintf("| `%s` | %s | %s |", f.Field, f.Verdict, cell(f.Because)))
	}
}

package backendtest

import (
	"fmt"
	"io/fs"
	"strings"

	sourcefile "github.com/decamp-dev/decamp/compiler/source"
)

// TextLeaf is a single value of a file that is neither YAML nor JSON: where it stands,
// and what may stand there in its place.
type TextLeaf struct {
	Path   []string // keys and indices, as for leaves of YAML
	Value  string   // for the report
	Start  int      // byte offsets of the value
	End    int
	Others []string // texts in place of the value
	// Without is the place of all that has to go when the value is left out.
	Without [2]int
}

// TextLoss is SourceLoss for one file of another syntax, whose leaves the caller finds.
func TextLoss(s Sources, name string, leaves []TextLeaf, o LossOptions) ([]Violation, []LossCount) {
	trial := newTrial(o)
	data, err := fs.ReadFile(s.FS, name)
	if err != nil {
		return nil, trial.counts
	}
	file := sourcefile.NewFile(name, data)
	before := o.Observe(s)
	trial.begin(before, before)
	for i, leaf := range leaves {
		if !o.tries(i, len(leaves)) {
			continue
		}
		with := func(value string) []Observation {
			at := [2]int{leaf.Start, leaf.End}
			if value == "" {
				at = leaf.Without
			}
			changed := s
			changed.FS = replacedFile{s.FS, name, []byte(string(data[:at[0]]) + value + string(data[at[1]:]))}
			return o.Observe(changed)
		}
		values := leaf.Others
		if o.Others != nil {
			values = append(values[:len(values):len(values)], o.Others(nil, leaf.Path, leaf.Value)...)
		}
		at := file.Range(leaf.Start, leaf.End)
		trial.leaf(leaf.Path, at, values, with, func() string {
			return fmt.Sprintf("%s:%d: a change of %s (%q)", name, at.Start.Line, strings.Join(leaf.Path, "."), short(leaf.Value))
		})
	}
	return trial.violations, trial.counts
}

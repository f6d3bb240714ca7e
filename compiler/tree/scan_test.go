package tree

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/decamp-dev/decamp/compiler/source"
)

// TestScanEstimate keeps the estimate below the truth for texts as people write
// them: a larger one would refuse them.
func TestScanEstimate(t *testing.T) {
	data := megabyte()
	node, _ := Parse(source.NewFile("app.yaml", data), Limits{})
	have := count(node)
	if got := scanText(data).nodes; got > have || got < have/2 {
		t.Errorf("%d nodes are taken for %d", have, got)
	}
}

func count(n *Node) int {
	total := 1
	for _, item := range n.Items {
		total += count(item)
	}
	for _, pair := range n.Pairs {
		total += count(pair.Key) + count(pair.Value)
	}
	return total
}

func TestScan(t *testing.T) {
	type result struct {
		open             []int
		quote, last, end int
	}
	for _, test := range []struct {
		name, text string
		want       result
	}{
		{"nothing open", "a: [1, {b: 2}]\n", result{nil, -1, -1, -1}},
		{"brackets", "a: [1, {b: 2", result{[]int{3, 7}, -1, -1, -1}},
		{"quote", "a: 'x'\nb: \"y", result{nil, 10, 3, 6}},
		{"apostrophe in a text", "a: it's [not open\n", result{nil, -1, -1, -1}},
		{"comment", "a: 1 # [ ' \"\n", result{nil, -1, -1, -1}},
		{"block text", "a:\n  b: |\n    it's [\n\n    \"\n  c: [", result{[]int{33}, -1, -1, -1}},
		{"tag and anchor", "a: !t &x 'y", result{nil, 9, -1, -1}},
		{"quoted keys", `{"a":"b[`, result{[]int{0}, 5, 1, 4}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := scanText([]byte(test.text))
			open := s.open
			if len(open) == 0 {
				open = nil
			}
			got := result{open, s.openQuote, s.lastQuote, s.lastQuoteEnd}
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(result{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

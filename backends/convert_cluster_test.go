package backends_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
)

// TestJobFilesLoseNothingInSilence is TestConversionLosesNothingInSilence for files in
// HCL.
func TestJobFilesLoseNothingInSilence(t *testing.T) {
	files, paths := realFiles(t, backends.All().Lookup("nomad"), "nomad", nil)
	l := &losses{from: "nomad", files: files, paths: paths, most: mostLeaves(t), exemptions: jobExemptions, try: func(s backendtest.Sources, o backendtest.LossOptions) ([]backendtest.Violation, []backendtest.LossCount) {
		data, err := fs.ReadFile(files, s.Paths[0])
		if err != nil {
			t.Error(err)
		}
		if strings.HasPrefix(strings.TrimSpace(string(data)), "{") {
			return treeLoss(s, o)
		}
		return backendtest.TextLoss(s, s.Paths[0], jobLeaves(s.Paths[0], data), o)
	}}
	l.prove(t)
}

// TestManifestsLoseNothingInSilence is the same for objects of Kubernetes: of each file
// some values, since all of them take minutes.
func TestManifestsLoseNothingInSilence(t *testing.T) {
	files, paths := realFiles(t, backends.All().Lookup("kubernetes"), "k8s", nil)
	l := &losses{from: "kubernetes", files: files, paths: paths, most: mostLeaves(t), exemptions: manifestExemptions, try: treeLoss}
	l.prove(t)
}

// jobExemptions are values of job files that may change without a word.
var jobExemptions = []backendtest.SourceExemption{
	{Path: "variable/description", Because: "it describes a variable whose value stands in the app"},
	{Path: "Job/Dispatched", Because: "Nomad's servers fill it in"},
}

// manifestExemptions are values of manifests that may change without a word.
var manifestExemptions = []backendtest.SourceExemption{
	{Path: "spec/template/spec/containers/*/ports/*/name", Because: "a port is called as its Service calls it; nothing outside of the pod sees the container's name for it"},
	{Path: "spec/containers/*/ports/*/name", Because: "a port is called as its Service calls it; nothing outside of the pod sees the container's name for it"},
	{Path: "spec/ports/*/name", Because: "Compose and Swarm give ports no names: a workload is reached at their numbers"},
	{Path: "spec/template/spec/nodeSelector/beta.kubernetes.io|os", Because: "every node of an engine of Docker runs Linux"},
	{Path: "spec/template/spec/nodeSelector/kubernetes.io|os", Because: "every node of an engine of Docker runs Linux"},
	{Path: "spec/template/spec/enableServiceLinks", Because: "true is what holds when nothing is said, and other platforms make no such variables"},
	{Path: "rules/*/nonResourceURLs/*", Because: "a ClusterRole is no part of an app on other platforms, and a finding names it whole"},
}

// jobLeaves finds the values of a file in HCL: labels of blocks, texts, numbers, words.
func jobLeaves(name string, data []byte) []backendtest.TextLeaf {
	parsed, problems := hclsyntax.ParseConfig(data, name, hcl.InitialPos)
	if problems.HasErrors() {
		return nil
	}
	l := &leafFinder{data: data}
	l.body(parsed.Body.(*hclsyntax.Body), nil)
	return l.leaves
}

type leafFinder struct {
	data   []byte
	leaves []backendtest.TextLeaf
}

func (l *leafFinder) body(b *hclsyntax.Body, path []string) {
	for _, a := range b.Attributes {
		l.expression(a.Expr, append(path[:len(path):len(path)], a.Name), [2]int{a.SrcRange.Start.Byte, a.SrcRange.End.Byte})
	}
	for _, block := range b.Blocks {
		below := append(path[:len(path):len(path)], block.Type)
		whole := [2]int{block.TypeRange.Start.Byte, block.CloseBraceRange.End.Byte}
		for i, r := range block.LabelRanges {
			text := string(l.data[r.Start.Byte:r.End.Byte])
			changed := strings.TrimSuffix(text, `"`) + "x"
			if strings.HasSuffix(text, `"`) {
				changed += `"`
			}
			l.leaves = append(l.leaves, backendtest.TextLeaf{Path: append(below[:len(below):len(below)], fmt.Sprint("label", i)), Value: text, Start: r.Start.Byte, End: r.End.Byte, Others: []string{changed}, Without: whole})
		}
		l.body(block.Body, below)
	}
}

// expression finds the literals of an expression. without is what has to go with it.
func (l *leafFinder) expression(x hclsyntax.Expression, path []string, without [2]int) {
	r := x.Range()
	add := func(others ...string) {
		l.leaves = append(l.leaves, backendtest.TextLeaf{Path: path, Value: string(l.data[r.Start.Byte:r.End.Byte]), Start: r.Start.Byte, End: r.End.Byte, Others: others, Without: without})
	}
	switch x := x.(type) {
	case *hclsyntax.LiteralValueExpr:
		switch {
		case x.Val.IsNull():
		case x.Val.Type() == cty.Bool:
			add(fmt.Sprint(x.Val.False()))
		default:
			add("1" + string(l.data[r.Start.Byte:r.End.Byte]))
		}
	case *hclsyntax.TemplateExpr:
		text := string(l.data[r.Start.Byte:r.End.Byte])
		if path[len(path)-1] == "type" {
			add(otherText(text), `"batch"`, `"system"`)
			return
		}
		add(otherText(text))
	case *hclsyntax.TupleConsExpr:
		for i, item := range x.Exprs {
			l.expression(item, append(path[:len(path):len(path)], fmt.Sprint(i)), without)
		}
	case *hclsyntax.ObjectConsExpr:
		for _, item := range x.Items {
			key := item.KeyExpr.Range()
			name := strings.Trim(string(l.data[key.Start.Byte:key.End.Byte]), `"`)
			l.expression(item.ValueExpr, append(path[:len(path):len(path)], name), [2]int{key.Start.Byte, item.ValueExpr.Range().End.Byte})
		}
	case *hclsyntax.FunctionCallExpr:
		for i, item := range x.Args {
			l.expression(item, append(path[:len(path):len(path)], fmt.Sprint(i)), without)
		}
	case *hclsyntax.ParenthesesExpr:
		l.expression(x.Expression, path, without)
	case *hclsyntax.ConditionalExpr:
		l.expression(x.TrueResult, path, without)
		l.expression(x.FalseResult, path, without)
	}
}

// otherText changes a quoted text or one of several lines.
func otherText(text string) string {
	if inner, ok := strings.CutPrefix(text, `"`); ok {
		if inner != "" && inner[0] >= '0' && inner[0] <= '9' {
			return `"1` + inner
		}
		return strings.TrimSuffix(text, `"`) + `x"`
	}
	lines := strings.SplitAfter(text, "\n")
	if len(lines) < 3 {
		return text
	}
	for i := len(lines) - 2; i > 0; i-- {
		if line := strings.TrimRight(lines[i], "\r\n"); strings.TrimSpace(line) != "" && i < len(lines)-1 {
			lines[i] = line + "x" + lines[i][len(line):]
			break
		}
	}
	return strings.Join(lines, "")
}

package spec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// Stages returns the names of the stages in the order of the spec; nil when it has
// none.
func (d *Document) Stages() []string {
	stages := d.Root.Get("stages")
	if stages == nil || stages.Kind != tree.Mapping {
		return nil
	}
	names := make([]string, 0, len(stages.Pairs))
	for _, p := range stages.Pairs {
		if !strings.HasPrefix(p.Key.Value, "x-") {
			names = append(names, p.Key.Value)
		}
	}
	return names
}

// varying lists the points of a spec that a stage may vary. A star stands for one
// name; a point holds for everything below it.
var varying = []string{
	"workloads.*.replicas", "workloads.*.scale", "workloads.*.publish", "workloads.*.placement", "workloads.*.labels",
	"workloads.*.resources", "workloads.*.sidecars.*.resources", "workloads.*.init.*.resources",
	"routes.*.host", "routes.*.tls",
	"endpoints.*.workload", "endpoints.*.address", "endpoints.*.real",
	"secrets.*.env", "secrets.*.file", "secrets.*.external",
	"configs.*.file", "configs.*.text", "configs.*.dir",
	"volumes.*.size", "volumes.*.class",
	"labels", "vars",
}

// stager applies one stage to a tree.
type stager struct {
	root    *tree.Node
	diags   diag.List
	allowed []allowance
}

// allowance is a parity entry: a point of the deliverable that this app lets vary.
type allowance struct{ path, why string }

// Stage returns the tree of one stage: the spec with the nodes that the stage, and
// those that it extends, vary, and without the workloads that exist in other stages
// only. The document itself stays as it is.
func (d *Document) Stage(name string) (*tree.Node, diag.List) {
	stages := d.Root.Get("stages")
	if stages == nil || stages.IsNull() {
		return d.Root, nil
	}
	if stages.Kind != tree.Mapping {
		return d.Root, diag.List{wrongType(stages, "stages", "a mapping of stages by name")}
	}
	s := &stager{root: d.Root}
	s.parity(d.Root.Get("parity"))
	chain := s.chain(stages, name)
	keep := map[string]bool{}
	for _, stage := range chain {
		s.vary(stage)
		for _, n := range stage.node.Get("only").Strings() {
			keep[n] = true
		}
	}
	s.only(stages, keep)
	return s.root, s.diags
}

type namedStage struct {
	name string
	node *tree.Node
}

// chain returns the stage after those that it extends.
func (s *stager) chain(stages *tree.Node, name string) []namedStage {
	var chain []namedStage
	seen := map[string]bool{}
	for name != "" {
		node := stages.Get(name)
		if node == nil || seen[name] {
			s.badExtends(stages, chain, name, seen[name])
			break
		}
		seen[name] = true
		s.stageKeys(name, node)
		chain = append([]namedStage{{name, node}}, chain...)
		extends := node.Get("extends")
		if extends == nil {
			break
		}
		name = extends.Value
	}
	return chain
}

func (s *stager) badExtends(stages *tree.Node, chain []namedStage, name string, circle bool) {
	d := diag.Diagnostic{Severity: diag.Error, Code: CodeUnknownStage, Path: "stages", Subject: stages.Range()}
	if len(chain) > 0 {
		d.Path = "stages." + chain[0].name + ".extends"
		d.Subject = chain[0].node.Get("extends").Range()
	}
	if circle {
		d.Summary, d.Detail = fmt.Sprintf("stage %q extends itself in the end", name), "Take one of the extends out."
	} else {
		names := (&Document{Root: s.root}).Stages()
		d.Summary = fmt.Sprintf("there is no stage %q", name)
		d.Detail = "The stages of this spec are " + strings.Join(names, ", ") + "." + didYouMean(name, names)
	}
	s.diags = append(s.diags, d)
}

func (s *stager) stageKeys(name string, node *tree.Node) {
	if node.IsNull() {
		return
	}
	if node.Kind != tree.Mapping {
		s.diags = append(s.diags, wrongType(node, "stages."+name, "a mapping with vary, only and extends"))
		return
	}
	keys := []string{"vary", "only", "extends", "description"}
	for _, p := range node.Pairs {
		if !slices.Contains(keys, p.Key.Value) && !strings.HasPrefix(p.Key.Value, "x-") {
			s.diags = append(s.diags, unknownKey(p.Key, "stages."+name+"."+p.Key.Value, keys, ""))
		}
	}
}

func (s *stager) parity(node *tree.Node) {
	if node.IsNull() {
		return
	}
	entries := node.Items
	if node.Kind == tree.Mapping {
		entries = []*tree.Node{node}
	}
	for i, e := range entries {
		why := e.Get("why")
		if why.IsNull() || e.Get("allow") == nil {
			s.diags = append(s.diags, diag.Diagnostic{Severity: diag.Error, Code: CodeMissing, Subject: e.Range(), Path: fmt.Sprintf("parity[%d]", i),
				Summary: "a parity entry needs allow and why", Detail: "Say which paths may differ between stages, and the reason: {allow: [workloads.web.env.LOG_LEVEL], why: …}."})
			continue
		}
		for _, path := range e.Get("allow").Strings() {
			s.allowed = append(s.allowed, allowance{path, why.Value})
		}
	}
}

func (s *stager) vary(stage namedStage) {
	vary := stage.node.Get("vary")
	if vary.IsNull() {
		return
	}
	path := "stages." + stage.name + ".vary"
	if vary.Kind != tree.Mapping {
		s.diags = append(s.diags, wrongType(vary, path, "a mapping of paths to values"))
		return
	}
	for _, p := range vary.Pairs {
		segments := ir.SplitPath(p.Key.Value)
		if len(segments) == 0 {
			continue
		}
		if !s.exists(segments) {
			s.diags = append(s.diags, diag.Diagnostic{Severity: diag.Error, Code: CodeStagePath, Subject: p.Key.Range(), Path: ir.JoinPath(path, p.Key.Value),
				Summary: fmt.Sprintf("the stage varies %q, and the spec has nothing there", p.Key.Value),
				Detail:  "A stage varies things that the spec declares. Declare it, or correct the path." + s.suggest(segments)})
			continue
		}
		s.assign(segments, p.Value, p.Key)
	}
}

// exists reports whether the named thing that a path begins with is declared, such
// as workloads.web; its fields may be new.
func (s *stager) exists(segments []string) bool {
	top := s.root.Get(segments[0])
	if segments[0] == "labels" {
		return true
	}
	return top != nil && (len(segments) == 1 || top.Get(segments[1]) != nil)
}

func (s *stager) suggest(segments []string) string {
	if top := s.root.Get(segments[0]); top != nil && len(segments) > 1 {
		return didYouMean(segments[1], top.Keys())
	}
	return didYouMean(segments[0], s.root.Keys())
}

// assign gives a point its value in this stage. A mapping is taken member by member,
// so that each leaf is held against the points that may vary.
func (s *stager) assign(segments []string, value, key *tree.Node) {
	path := joined(segments)
	if !s.mayVary(segments) {
		if value.Kind == tree.Mapping && len(value.Pairs) > 0 {
			for _, p := range value.Pairs {
				s.assign(append(slices.Clone(segments), p.Key.Value), p.Value, p.Key)
			}
			return
		}
		s.diags = append(s.diags, diag.Diagnostic{Severity: diag.Error, Code: CodeStageVary, Subject: key.Range(), Path: path,
			Summary: "a stage cannot vary the deliverable",
			Detail: "Stages differ only in replicas, scale, resources, hosts and TLS of routes, published ports, bindings of endpoints, sources of secrets and configs, " +
				"size and class of volumes, placement, labels and vars. Say it for all stages, or admit it with parity: {allow: [" + path + "], why: …}."})
		return
	}
	s.root = replace(s.root, segments, value)
	if segments[0] == "endpoints" && len(segments) == 3 {
		for _, other := range []string{"workload", "address", "real"} {
			if other != segments[2] {
				s.root = remove(s.root, []string{segments[0], segments[1], other})
			}
		}
	}
}

func (s *stager) mayVary(segments []string) bool {
	for _, point := range varying {
		if matches(strings.Split(point, "."), segments) {
			return true
		}
	}
	for _, a := range s.allowed {
		if ir.HasPathPrefix(joined(segments), a.path) {
			return true
		}
	}
	return false
}

func matches(point, segments []string) bool {
	if len(segments) < len(point) {
		return false
	}
	for i, p := range point {
		if p != "*" && p != segments[i] {
			return false
		}
	}
	return true
}

// only takes out the workloads that some stage lists under only and this one does
// not.
func (s *stager) only(stages *tree.Node, keep map[string]bool) {
	workloads := s.root.Get("workloads")
	for _, p := range stages.Pairs {
		list := p.Value.Get("only")
		for i, name := range list.Strings() {
			if workloads.Get(name) == nil {
				s.diags = append(s.diags, diag.Diagnostic{Severity: diag.Error, Code: CodeStagePath, Subject: list.Range(),
					Path: fmt.Sprintf("stages.%s.only[%d]", p.Key.Value, i), Summary: fmt.Sprintf("there is no workload %q", name),
					Detail: "only lists workloads that exist in no other stage." + didYouMean(name, workloads.Keys())})
				continue
			}
			if !keep[name] {
				s.root = remove(s.root, []string{"workloads", name})
			}
		}
	}
}

func joined(segments []string) string {
	path := ""
	for _, s := range segments {
		path = ir.JoinPath(path, s)
	}
	return path
}

// replace returns the tree with value at the path; what lies on the way is copied,
// all else shared. A mapping is merged into a mapping.
func replace(n *tree.Node, segments []string, value *tree.Node) *tree.Node {
	if len(segments) == 0 {
		if n == nil || n.Kind != tree.Mapping || value.Kind != tree.Mapping {
			return value
		}
		for _, p := range value.Pairs {
			n = replace(n, []string{p.Key.Value}, p.Value)
		}
		return n
	}
	if n == nil || n.Kind != tree.Mapping {
		n = tree.NewMapping(value)
	}
	copied := *n
	copied.Pairs = slices.Clone(n.Pairs)
	for i := range copied.Pairs {
		if copied.Pairs[i].Key.Value == segments[0] {
			copied.Pairs[i].Value = replace(copied.Pairs[i].Value, segments[1:], value)
			return &copied
		}
	}
	copied.Pairs = append(copied.Pairs, tree.Pair{Key: tree.NewString(segments[0], value), Value: replace(nil, segments[1:], value)})
	return &copied
}

// remove returns the tree without what is at the path.
func remove(n *tree.Node, segments []string) *tree.Node {
	if n == nil || n.Kind != tree.Mapping {
		return n
	}
	copied := *n
	copied.Pairs = slices.Clone(n.Pairs)
	for i := range copied.Pairs {
		if copied.Pairs[i].Key.Value != segments[0] {
			continue
		}
		if len(segments) == 1 {
			copied.Pairs = slices.Delete(copied.Pairs, i, i+1)
		} else {
			copied.Pairs[i].Value = remove(copied.Pairs[i].Value, segments[1:])
		}
		return &copied
	}
	return n
}

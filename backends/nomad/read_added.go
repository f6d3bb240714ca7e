package nomad

import (
	"slices"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
)

// Tasks that decamp adds are read back as what they were made of, and made again.

// helper reports a task that decamp adds to a group.
func helper(t *sourceTask) bool {
	image := textOf(or(t.doc.Get("config")).Get("image"), "")
	if image != waitImage && image != waitAPIImage {
		return false
	}
	script := scriptOf(t)
	return strings.Contains(script, "until ") || strings.Contains(script, "chgrp -R ")
}

// scriptOf is the script of a task that decamp adds.
func scriptOf(t *sourceTask) string {
	for _, doc := range blocksOf(t.doc, "template") {
		if to := textOf(doc.Get("destination"), ""); to == "local/wait.sh" || to == "local/own.sh" {
			return textOf(doc.Get("data"), "")
		}
	}
	return ""
}

var (
	waitLine  = pattern.New(`(?m)^until (listens|answers) /local/([a-z0-9-]+)`)
	countLine = pattern.New(`(?m)^until \[ "\$\(count ([^ ]+) (running|complete)\)"`)
	ownLine   = pattern.New(`(?m)^chgrp -R ([0-9]+) /volumes/`)
)

// ownedBy is the group that a task of decamp gives the volumes to.
func ownedBy(g *sourceGroup) *int64 {
	for _, t := range g.tasks {
		if t.as != helperTask {
			continue
		}
		if found := ownLine().FindStringSubmatch(scriptOf(t)); found != nil {
			n, err := strconv.ParseInt(found[1], 10, 64)
			if err == nil {
				return &n
			}
		}
	}
	return nil
}

// helpers reads needs, fsGroup and hooks out of the tasks that decamp has added.
func (r *reader) helpers(g *sourceGroup) {
	if fs := ownedBy(g); fs != nil {
		security(&g.main().out).FSGroup = fs
		r.positions[g.path()+".security.fsGroup"] = r.whereOf(g.doc)
	}
	for _, t := range g.tasks {
		switch t.as {
		case helperTask:
			r.needs(g, t)
		case hookTask:
			of := hookOf(g, t)
			of.out.Hooks = &ir.Hooks{AfterStart: hookAction(of, t)}
			r.said(of.path()+".hooks.afterStart", t.doc)
		}
	}
}

func (r *reader) needs(g *sourceGroup, t *sourceTask) {
	type need struct {
		at        int
		name      string
		condition ir.Condition
	}
	var needs []need
	script := scriptOf(t)
	for _, found := range waitLine().FindAllStringSubmatchIndex(script, -1) {
		name := script[found[4]:found[5]]
		if !r.isWorkload(name) {
			continue
		}
		n := need{found[0], name, ir.Started}
		if script[found[2]:found[3]] == "answers" || r.readyByTCP(name) {
			n.condition = ir.Ready
		}
		needs = append(needs, n)
	}
	for _, found := range countLine().FindAllStringSubmatchIndex(script, -1) {
		name := r.workloadOfJob(script[found[2]:found[3]])
		if name == "" {
			continue
		}
		n := need{found[0], name, ir.Started}
		if script[found[4]:found[5]] == "complete" {
			n.condition = ir.Completed
		}
		needs = append(needs, n)
	}
	slices.SortFunc(needs, func(a, b need) int { return a.at - b.at })
	for _, n := range needs {
		g.workload.Needs.Set(n.name, n.condition)
		r.said(ir.JoinPath(g.path()+".needs", n.name), t.doc)
	}
}

func (r *reader) isWorkload(name string) bool { return r.groupOf(name) != nil }

func (r *reader) groupOf(name string) *sourceGroup {
	for _, j := range r.jobs {
		for _, g := range j.groups {
			if g.name == name && !g.carried {
				return g
			}
		}
	}
	return nil
}

func (r *reader) workloadOfJob(id string) string {
	for _, j := range r.jobs {
		if j.id == id && len(j.groups) > 0 && !j.groups[0].carried {
			return j.groups[0].name
		}
	}
	return ""
}

// readyByTCP reports whether a workload has a readiness probe by TCP, which waiting
// for its port asks as well.
func (r *reader) readyByTCP(name string) bool {
	g := r.groupOf(name)
	for _, s := range r.servicesOf(g) {
		for _, check := range blocksOf(s.doc, "check") {
			if textOf(check.Get("name"), "") == "ready" && textOf(check.Get("type"), "") == "tcp" {
				return true
			}
		}
	}
	return false
}

// hookOf finds the task whose hook a poststart task of decamp is.
func hookOf(g *sourceGroup, t *sourceTask) *sourceTask {
	base, ok := strings.CutSuffix(t.label, "-after-start")
	if !ok {
		return nil
	}
	for _, other := range g.tasks {
		if other.label == base && other.as != carriedTask && hookAction(other, t) != nil {
			return other
		}
	}
	return nil
}

// hookAction is what a poststart task does: a command in the image of its container,
// or a request.
func hookAction(of, t *sourceTask) *ir.Hook {
	config := or(t.doc.Get("config"))
	image, theirs := textOf(config.Get("image"), ""), textOf(or(of.doc.Get("config")).Get("image"), "")
	words := []ir.Text{}
	for _, item := range append(slices.Clone(or(config.Get("entrypoint")).Items), or(config.Get("args")).Items...) {
		words = append(words, ir.Literal(strings.NewReplacer("$${", "${", "%%{", "%{").Replace(item.Text)))
	}
	if image == theirs && config.Get("entrypoint") != nil {
		return &ir.Hook{Exec: &ir.Command{Words: words}}
	}
	return nil
}

// chained takes the waiting for each other out of an init container's command.
func (r *reader) chained(t *sourceTask) {
	c := &t.out
	if t.as != initTask || c.Args == nil || len(c.Args.Words) < 4 {
		return
	}
	var plain []string
	for _, word := range c.Args.Words {
		s, _ := word.Plain()
		plain = append(plain, s)
	}
	if plain[0] != "-c" || plain[2] != "sh" || !strings.Contains(plain[1], `"$@"`) || !strings.Contains(plain[1], markers+"/") {
		return
	}
	// Where entrypoint and args met is not known any more: the command is one.
	words := c.Args.Words[3:]
	c.Entrypoint, c.Args = &ir.Command{Words: words[:1]}, nil
	if len(words) > 1 {
		c.Args = &ir.Command{Words: words[1:]}
	}
}

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// concepts are the lines of the short matrix: a title, and the kinds of facts that it
// stands for.
var concepts = []struct {
	title string
	kinds []string
}{
	{"kinds: service, job, cron, daemon", []string{"workload.kind"}},
	{"image, entrypoint, args, workdir", []string{"container.image", "container.entrypoint", "container.args", "container.workdir"}},
	{"build", []string{"container.build"}},
	{"env", []string{"container.env"}},
	{"files from configs and secrets", []string{"container.files"}},
	{"mounts", []string{"container.mounts"}},
	{"devices, GPUs", []string{"container.devices", "container.gpus"}},
	{"ports inside the app", []string{"container.ports"}},
	{"publish", []string{"workload.publish"}},
	{"routes", []string{"route"}},
	{"health.startup", []string{"container.health.startup"}},
	{"health.ready", []string{"container.health.ready"}},
	{"health.live", []string{"container.health.live"}},
	{"needs", []string{"workload.needs"}},
	{"resources", []string{"container.resources"}},
	{"ulimits, sysctls, shm", []string{"container.ulimits", "container.sysctls", "container.shm"}},
	{"stop, hooks", []string{"container.stop", "container.hooks"}},
	{"log", []string{"container.log"}},
	{"user, group, read-only root, capabilities", []string{"container.security.user", "container.security.group", "container.security.readOnlyRoot", "container.security.capabilities"}},
	{"all else under security", []string{"container.security"}},
	{"replicas", []string{"workload.replicas"}},
	{"scale", []string{"workload.scale"}},
	{"stateful", []string{"workload.stateful"}},
	{"job", []string{"workload.job"}},
	{"schedule", []string{"workload.schedule"}},
	{"update", []string{"workload.update"}},
	{"restart", []string{"workload.restart"}},
	{"aliases", []string{"workload.aliases"}},
	{"networks", []string{"workload.networks", "network"}},
	{"egress, ingress", []string{"workload.egress", "workload.ingress"}},
	{"placement", []string{"workload.placement"}},
	{"disruption, priority", []string{"workload.disruption", "workload.priority"}},
	{"serviceAccount", []string{"workload.serviceAccount"}},
	{"volumes", []string{"volume"}},
	{"configs", []string{"config"}},
	{"secrets", []string{"secret"}},
	{"endpoints", []string{"endpoint"}},
}

// sign is a level in one character.
func sign(l support.Level) string {
	return map[support.Level]string{support.Native: "●", support.Emulated: "◐", support.Approximated: "○", support.Dropped: "–"}[l]
}

// headlines is the short matrix. A cell holds every level that a field of the concept
// has there, whatever its value.
func headlines(set backend.Set) string {
	set = set.Emitters()
	var out strings.Builder
	head(&out, append([]string{"concept"}, titles(set)...)...)
	for _, c := range concepts {
		cells := []string{c.title}
		for _, b := range set {
			cells = append(cells, strings.Join(signs(b, c.kinds), " "))
		}
		row(&out, cells...)
	}
	return out.String()
}

func titles(set backend.Set) []string {
	var titles []string
	for _, b := range set {
		titles = append(titles, b.Name+" "+b.Version)
	}
	return titles
}

func signs(b *backend.Backend, prefixes []string) []string {
	found := map[support.Level]bool{}
	for _, k := range ir.Kinds() {
		r := b.Support.Row(k.Name)
		if r == nil || !slices.ContainsFunc(prefixes, func(p string) bool { return k.Name == p || strings.HasPrefix(k.Name, p+".") }) {
			continue
		}
		found[r.Level] = true
		for _, c := range r.Cases {
			found[c.Level] = true
		}
	}
	var signs []string
	for l := support.Native; l <= support.Dropped; l++ {
		if found[l] {
			signs = append(signs, sign(l))
		}
	}
	return signs
}

// matrixPage says for every kind of fact what each platform makes of it, and how.
func matrixPage(set backend.Set) string {
	set = set.Emitters()
	var out strings.Builder
	out.WriteString(notice + `# The capability matrix

What becomes of every kind of fact on every platform. The tables of the backends are
the source of this page and of every loss that decamp reports; a test changes each fact
and looks at the output, so that they are true.

- **native**: the platform has it.
- **emulated**: same behaviour by other means. A note says by which.
- **approximated**: behaves differently. A warning says how.
- **dropped**: cannot be had. An error where the app would break, lose data or lose
  isolation; a warning where only its operation suffers (the column *without it*).

A cell shows its level, how it is done or what to do instead, and in italics where
another answer holds. "as X" means that the answer is that of X.
`)
	roots, kinds := byRoot()
	said := map[*support.Row]bool{}
	for i, root := range roots {
		out.WriteString("\n## " + root + "\n\n")
		head(&out, append(append([]string{"fact"}, titles(set)...), "without it")...)
		for _, kind := range kinds[i] {
			cells := []string{"`" + kind + "`"}
			for _, b := range set {
				cells = append(cells, answer(b.Support.Row(kind), kind, said))
			}
			row(&out, append(cells, support.ClassOf(kind).Name())...)
		}
	}
	return out.String()
}

// byRoot returns the first words of the kinds of facts, and the kinds of each.
func byRoot() (roots []string, kinds [][]string) {
	for _, k := range ir.Kinds() {
		i := slices.Index(roots, ir.RootOf(k.Name))
		if i < 0 {
			i = len(roots)
			roots, kinds = append(roots, ir.RootOf(k.Name)), append(kinds, nil)
		}
		kinds[i] = append(kinds[i], k.Name)
	}
	return roots, kinds
}

// answer is a cell of the matrix: in full where a row is met first, short after that.
func answer(r *support.Row, kind string, said map[*support.Row]bool) string {
	if r == nil {
		return "?"
	}
	text := "**" + r.Level.String() + "**"
	if said[r] {
		if r.Level != support.Native || len(r.Cases) > 0 {
			text += ", as `" + r.Fact + "`"
		}
		return text
	}
	said[r] = true
	if r.Fact != kind && (r.Means != "" || len(r.Cases) > 0) {
		text += " (all of `" + r.Fact + "`)"
	}
	if r.Means != "" {
		text += " " + cell(r.Means)
	}
	for _, c := range r.Cases {
		text += "<br>*" + cell(condition(c)) + "*: " + strings.TrimSpace(c.Level.String()+". "+cell(c.Means))
	}
	return text
}

func condition(c support.Case) string {
	var parts []string
	if c.Below != "" {
		parts = append(parts, "below "+c.Below)
	}
	if c.When.Doc != "" {
		parts = append(parts, c.When.Doc)
	}
	return strings.Join(parts, ", ")
}

// supportTable is one platform's own table, with its sources.
func supportTable(b *backend.Backend) string {
	var out strings.Builder
	head(&out, "fact", "level", "how, what differs, or what to do instead", "source")
	for _, r := range b.Support {
		row(&out, "`"+r.Fact+"`", r.Level.String(), cell(r.Means), cell(r.Source))
		for _, c := range r.Cases {
			row(&out, "", c.Level.String(), strings.TrimSpace("*"+cell(condition(c))+"* "+cell(c.Means)), "")
		}
	}
	return out.String()
}

// passesTable lists a platform's optimisations.
func passesTable(b *backend.Backend) string {
	var out strings.Builder
	head(&out, "optimisation", "by default", "what it does", "debt")
	for _, p := range b.Passes {
		on := "off"
		if p.Default {
			on = "on"
		}
		row(&out, "`"+p.Name+"`", on, cell(p.Doc), cell(p.Debt))
	}
	return out.String()
}

func head(out *strings.Builder, cells ...string) {
	row(out, cells...)
	out.WriteString(strings.Repeat("|---", len(cells)) + "|\n")
}

func row(out *strings.Builder, cells ...string) {
	fmt.Fprintf(out, "| %s |\n", strings.Join(cells, " | "))
}

// cell makes a text fit into a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;", "*", `\*`).Replace(strings.TrimSpace(text))
}

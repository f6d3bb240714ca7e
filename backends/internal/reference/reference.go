// Package reference finds what the texts of an app refer to, and the ports that those
// references name.
package reference

import "github.com/decamp-dev/decamp/compiler/ir"

// EachText visits the texts of a container that can hold references: variables, words
// of commands, of probes and of hooks.
func EachText(c *ir.Container, visit func(ir.Text)) {
	command := func(words *ir.Command) {
		if words != nil {
			for _, w := range words.Words {
				visit(w)
			}
		}
	}
	for i := range c.Env {
		visit(c.Env[i].Value)
	}
	command(c.Entrypoint)
	command(c.Args)
	if h := c.Health; h != nil {
		for _, p := range []*ir.Probe{h.Startup, h.Ready, h.Live} {
			if p != nil {
				command(p.Exec)
			}
		}
	}
	if c.Stop != nil && c.Stop.Before != nil {
		command(c.Stop.Before.Exec)
	}
	if c.Hooks != nil && c.Hooks.AfterStart != nil {
		command(c.Hooks.AfterStart.Exec)
	}
}

// Each visits what a workload refers to, also by the configs that it is given.
func Each(app *ir.App, w *ir.Workload, visit func(ir.Ref)) {
	seen := map[string]bool{}
	var text func(ir.Text)
	config := func(name string) {
		c := app.Configs.Ref(name)
		if c == nil || seen[name] {
			return
		}
		seen[name] = true
		text(c.Content)
		for _, entry := range c.Entries {
			text(entry.Value)
		}
	}
	text = func(t ir.Text) {
		for _, p := range t {
			switch {
			case p.Ref.Kind == ir.RefConfig:
				config(p.Ref.Name)
			case p.IsRef():
				visit(p.Ref)
			}
		}
	}
	ir.EachContainer(w, "", func(_, _ string, _ ir.Role, c *ir.Container) {
		EachText(c, text)
		for j := range c.Files {
			config(c.Files[j].Value.Config)
		}
	})
}

// Port finds a port of a workload by name, in any of its containers; container is the
// name of the one that has it, "" for the main one.
func Port(w *ir.Workload, name string) (port ir.Port, container string, ok bool) {
	if w == nil {
		return port, "", false
	}
	ir.EachContainer(w, "", func(_, in string, _ ir.Role, c *ir.Container) {
		if p, has := c.Ports.Get(name); has && !ok {
			port, container, ok = p, in, true
		}
	})
	return port, container, ok
}

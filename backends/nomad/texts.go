package nomad

import (
	"github.com/decamp-dev/decamp/compiler/ir"
)

// texts visits every text that the workload's containers are given, with configs
// and facts of endpoints still as references; configs are followed.
func (u *unit) texts(visit func(ir.Text)) {
	seen := map[string]bool{}
	var follow func(ir.Text)
	config := func(name string) {
		c := u.emitter.app.Configs.Ref(name)
		if c == nil || seen[name] {
			return
		}
		seen[name] = true
		follow(c.Content)
		for _, entry := range c.Entries {
			follow(entry.Value)
		}
	}
	follow = func(t ir.Text) {
		visit(t)
		for _, ref := range t.Refs() {
			if ref.Kind == ir.RefConfig {
				config(ref.Name)
			}
		}
	}
	command := func(c *ir.Command) {
		if c != nil {
			for _, word := range c.Words {
				follow(word)
			}
		}
	}
	eachContainer(u.workload, func(_ string, _ ir.Role, c *ir.Container) {
		command(c.Entrypoint)
		command(c.Args)
		for _, v := range c.Env {
			follow(v.Value)
		}
		for _, f := range c.Files {
			config(f.Value.Config)
		}
		if c.Hooks != nil && c.Hooks.AfterStart != nil {
			command(c.Hooks.AfterStart.Exec)
		}
	})
}

// askedPorts finds, for each workload that the texts refer to, the port that they
// ask for where it is one only: a host that stands alone is that of the same
// service, so that host and port in two variables belong to one replica.
func (u *unit) askedPorts() map[string]string {
	asked, several := map[string]string{}, map[string]bool{}
	u.texts(func(t ir.Text) {
		for _, ref := range t.Refs() {
			if ref.Kind != ir.RefWorkloadPort {
				continue
			}
			if other, known := asked[ref.Name]; known && other != ref.Field {
				several[ref.Name] = true
			}
			asked[ref.Name] = ref.Field
		}
	})
	for name := range several {
		delete(asked, name)
	}
	return asked
}

// usesEndpoint reports whether the workload refers to an endpoint.
func (u *unit) usesEndpoint(name string) bool {
	uses := false
	u.texts(func(t ir.Text) {
		for _, ref := range t.Refs() {
			uses = uses || ref.Kind == ir.RefEndpoint && ref.Name == name
		}
	})
	return uses
}

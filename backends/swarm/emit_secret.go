package swarm

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/backends/internal/reference"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// secretVariable stands for a value in a text of the service: `docker stack deploy`
// fills it in from a variable, and refuses to deploy anything without it.
func (e *emitter) secretVariable(name, key string) string {
	s := e.app.Secrets.Ref(name)
	if s == nil {
		return ""
	}
	if key == "" {
		key = s.AllKeys()[0]
	}
	message := s.Description
	switch {
	case s.File != "":
		message = composefile.SecretFileMessage + e.secretFile(s, key)
	case message == "":
		message = composefile.SecretMessage + name
	}
	return composefile.Variable(composefile.VariableName(name, s, key), message)
}

// secretFile is the file that a value is taken from; with several values the source is
// a folder.
func (e *emitter) secretFile(s *ir.Secret, key string) string {
	file := s.File
	if len(s.AllKeys()) > 1 {
		file = strings.TrimSuffix(file, "/") + "/" + key
	}
	return e.relative(file)
}

// secretObject is the name of a value among the secrets of the file.
func secretObject(name string, s *ir.Secret, key string) string {
	if len(s.AllKeys()) > 1 {
		return name + "." + key
	}
	return name
}

// secretName is the name of a value in the cluster.
func (e *emitter) secretName(name string, s *ir.Secret, key string) string {
	own := s.External
	if own == "" {
		own = e.scoped(name)
	}
	if len(s.AllKeys()) > 1 {
		own += "." + key
	}
	return own
}

// secretMount gives a container one value as a file, or all of them in a folder.
func (e *emitter) secretMount(u *unit, target string, f *ir.FileMount) {
	s := e.app.Secrets.Ref(f.Secret)
	if s == nil {
		return
	}
	keys := s.AllKeys()
	if f.Key != "" {
		keys = []string{f.Key}
	}
	for _, key := range keys {
		to := target
		if len(keys) > 1 {
			to = strings.TrimSuffix(target, "/") + "/" + key
		}
		u.Secrets = append(u.Secrets, owned(fileReference{Source: secretObject(f.Secret, s, key), Target: to}, f))
	}
}

// secretObjects declares the values that are mounted: they exist before the stack is
// deployed, since a file could hold them only for everyone to read.
func (e *emitter) secretObjects() {
	inTexts := e.secretsInTexts()
	for i := range e.app.Secrets {
		name, s := e.app.Secrets[i].Key, &e.app.Secrets[i].Value
		path := ir.JoinPath("secrets", name)
		if s.Type == "registry" {
			e.report(diag.Note, CodeSecretNeeded, path, "the secret "+strconv.Quote(name)+" is needed before the first start",
				"Log in where the stack is deployed, and hand the login on to the nodes: docker login REGISTRY; docker stack deploy --with-registry-auth …")
			continue
		}
		mounted := false
		var commands []string
		for j, key := range s.AllKeys() {
			object := object{name: secretObject(name, s, key), value: &secret{External: true, Name: e.secretName(name, s, key)}}
			object.used = e.unused("secrets", object.name)
			if object.used != 0 && inTexts[name] {
				continue // it is used as a variable only
			}
			mounted = true
			command := e.createCommand(name, s, key)
			commands = append(commands, command)
			object.comment = command
			if s.Description != "" && j == 0 {
				object.comment = s.Description + "\n" + command
			}
			e.secrets = append(e.secrets, object)
		}
		if inTexts[name] || !mounted {
			for _, key := range s.AllKeys() {
				v := composefile.VariableName(name, s, key)
				commands = append(commands, "read -rs "+v+" && export "+v)
			}
		}
		e.report(diag.Note, CodeSecretNeeded, path, "the secret "+strconv.Quote(name)+" is needed before the first start",
			"On a manager: "+strings.Join(commands, "; "))
	}
}

// createCommand creates the value in the cluster, from where the spec says it comes.
func (e *emitter) createCommand(name string, s *ir.Secret, key string) string {
	object := e.secretName(name, s, key)
	switch {
	case s.File != "":
		return "docker secret create " + object + " " + e.secretFile(s, key)
	case s.Env != "":
		return fmt.Sprintf(`printf %%s "$%s" | docker secret create %s -`, composefile.VariableName(name, s, key), object)
	}
	return "docker secret create " + object + " -"
}

// secretsInTexts are the secrets whose values stand in texts of services.
func (e *emitter) secretsInTexts() map[string]bool {
	used := map[string]bool{}
	var text func(ir.Text)
	text = func(t ir.Text) {
		for _, r := range t.Refs() {
			switch r.Kind {
			case ir.RefSecret:
				used[r.Name] = true
			case ir.RefConfig:
				if c := e.app.Configs.Ref(r.Name); c != nil && len(used) < 1000 {
					text(c.Content)
				}
			}
		}
	}
	for i := range e.app.Workloads {
		ir.EachContainer(&e.app.Workloads[i].Value, "", func(_, _ string, _ ir.Role, c *ir.Container) { reference.EachText(c, text) })
	}
	return used
}

// inTexts reports whether a config stands in a text of any service or other config.
func (e *emitter) inTexts(config string) bool {
	found := false
	text := func(t ir.Text) {
		for _, r := range t.Refs() {
			found = found || r.Kind == ir.RefConfig && r.Name == config
		}
	}
	for i := range e.app.Workloads {
		ir.EachContainer(&e.app.Workloads[i].Value, "", func(_, _ string, _ ir.Role, c *ir.Container) { reference.EachText(c, text) })
	}
	for i := range e.app.Configs {
		text(e.app.Configs[i].Value.Content)
		for _, entry := range e.app.Configs[i].Value.Entries {
			text(entry.Value)
		}
	}
	return found
}

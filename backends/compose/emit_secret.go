package compose

import (
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

func formatID(id int64) string { return strconv.FormatInt(id, 10) }

// secretVariable stands for a value in a text: Compose fills it in from a variable,
// and refuses to start anything without it.
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
		message = composefile.SecretFileMessage + e.secretFile(name, s, key)
	case message == "":
		message = composefile.SecretMessage + name
	}
	return composefile.Variable(composefile.VariableName(name, s, key), message)
}

// fromFile reports whether the mounted secret is a file where the app is deployed. A
// container with a read-only root takes no other, so that is the choice there when
// the spec leaves it open.
func (u usage) fromFile(name string, s *ir.Secret) bool {
	return s.File != "" || s.Env == "" && u.readOnly["secret/"+name]
}

// secretFile is the file of a value; with several values the source is a folder.
func (e *emitter) secretFile(name string, s *ir.Secret, key string) string {
	file := s.File
	if file == "" {
		file = "secrets/" + name
	}
	if len(s.AllKeys()) > 1 {
		file = strings.TrimSuffix(file, "/") + "/" + key
	}
	return e.relative(file)
}

// secretObject is the name of a value among the secrets of the Compose file.
func secretObject(name string, s *ir.Secret, key string) string {
	if len(s.AllKeys()) > 1 {
		return name + "." + key
	}
	return name
}

// secretMount gives a container one value as a file, or all of them in a folder.
func (e *emitter) secretMount(s *service, target string, f *ir.FileMount) {
	secret := e.app.Secrets.Ref(f.Secret)
	if secret == nil || s.ReadOnly && !e.usage.fromFile(f.Secret, secret) {
		return // Compose cannot write it there, and says so only at the start
	}
	keys := secret.AllKeys()
	if f.Key != "" {
		keys = []string{f.Key}
	}
	for _, key := range keys {
		mount := types.ServiceSecretConfig{Source: secretObject(f.Secret, secret, key), Target: target}
		if len(keys) > 1 {
			mount.Target = strings.TrimSuffix(target, "/") + "/" + key
		}
		if !e.usage.fromFile(f.Secret, secret) {
			mount.UID, mount.GID, mount.Mode = owner(f)
		}
		s.Secrets = append(s.Secrets, mount)
	}
}

// logins says for which registries the deployer has to be logged in: images are
// pulled with the deployer's own login.
func (e *emitter) logins() string {
	var lines []string
	for i := range e.app.Secrets {
		if s := &e.app.Secrets[i].Value; s.Type == "registry" {
			line := "Needs a docker login: " + e.app.Secrets[i].Key
			if s.Description != "" {
				line += " (" + s.Description + ")"
			}
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// secretObjects declares the values that are mounted, and tells the deployer what
// has to exist before the first start.
func (e *emitter) secretObjects() {
	for i := range e.app.Secrets {
		name, s := e.app.Secrets[i].Key, &e.app.Secrets[i].Value
		path := ir.JoinPath("secrets", name)
		if s.Type == "registry" {
			e.report(diag.Note, CodeSecretNeeded, path, "the secret "+strconv.Quote(name)+" is needed before the first start",
				"Log in to the registry where the app is deployed: docker login REGISTRY")
			continue
		}
		mounted := e.usage.mounted["secret/"+name] || !e.usage.variables["secret/"+name]
		if mounted {
			e.secretObject(name, s)
		}
		e.report(diag.Note, CodeSecretNeeded, path, "the secret "+strconv.Quote(name)+" is needed before the first start", e.secretHow(name, s, mounted))
	}
}

func (e *emitter) secretObject(name string, s *ir.Secret) {
	described := false
	for _, key := range s.AllKeys() {
		if e.usage.mounted["secret/"+name] && !e.usage.keys["secret/"+name+"/"] && !e.usage.keys["secret/"+name+"/"+key] {
			continue // it is used as a variable only
		}
		config := types.SecretConfig{Environment: composefile.VariableName(name, s, key)}
		if e.usage.fromFile(name, s) {
			config = types.SecretConfig{File: e.secretFile(name, s, key)}
		}
		object := named[types.SecretConfig]{name: secretObject(name, s, key), value: config}
		if !described {
			object.comment, described = s.Description, true
		}
		e.secrets = append(e.secrets, object)
	}
}

// secretHow says how the deployer provides a secret, in commands to be copied.
func (e *emitter) secretHow(name string, s *ir.Secret, mounted bool) string {
	var commands []string
	for _, key := range s.AllKeys() {
		if mounted && e.usage.fromFile(name, s) {
			file := e.secretFile(name, s, key)
			commands = append(commands, "install -D -m 600 /dev/stdin "+file)
		}
		if e.usage.variables["secret/"+name] || !mounted || !e.usage.fromFile(name, s) {
			v := composefile.VariableName(name, s, key)
			commands = append(commands, "read -rs "+v+" && export "+v)
		}
	}
	how := "Beside compose.yaml: " + strings.Join(commands, "; ")
	if !e.usage.fromFile(name, s) || e.usage.variables["secret/"+name] {
		how += "\nVariables may also stand in the file .env there, which Compose reads by itself."
	}
	return how
}

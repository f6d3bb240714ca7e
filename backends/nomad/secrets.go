package nomad

import (
	"fmt"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// secretUse is one secret that one job reads.
type secretUse struct {
	name  string
	job   string
	path  string   // of the variable
	items []string // of the variable
	keys  []string // of the secret, beside items
}

// secret returns where a value of a secret is, and notes that the job reads it.
func (u *unit) secret(ref ir.Ref, at string) (path, item string) {
	s := u.emitter.app.Secrets.Ref(ref.Name)
	if s == nil {
		return variablePath(u.id), identifier(ref.Name)
	}
	path = variablePath(u.id)
	if s.External != "" {
		path = s.External
	}
	key := ref.Field
	if key == "" {
		key = secretKeys(s)[0]
	}
	item = secretItem(ref.Name, s, key)
	value := ref.Name + "." + key
	if other, taken := u.items[path+"\x00"+item]; taken && other != value {
		u.emitter.report(diag.Error, CodeNameCollision, at, "two values of secrets become the item "+item,
			fmt.Sprintf("%s and %s have the same name in the variable %s; rename one of them.", other, value, path))
	}
	u.items[path+"\x00"+item] = value
	for _, k := range secretKeys(s) {
		u.emitter.useSecret(ref.Name, u.id, path, secretItem(ref.Name, s, k), k)
	}
	return path, item
}

func (e *emitter) useSecret(name, job, path, item, key string) {
	for i := range e.secrets {
		use := &e.secrets[i]
		if use.name == name && use.job == job {
			if !slices.Contains(use.items, item) {
				use.items, use.keys = append(use.items, item), append(use.keys, key)
			}
			return
		}
	}
	e.secrets = append(e.secrets, secretUse{name: name, job: job, path: path, items: []string{item}, keys: []string{key}})
}

func valueSource(s *ir.Secret, name, key string, values int) string {
	switch {
	case s.File != "" && values > 1:
		return "@" + s.File + "/" + key
	case s.File != "":
		return "@" + s.File
	case s.Env != "" && values > 1:
		return `"$` + s.Env + "_" + strings.ToUpper(identifier(key)) + `"`
	case s.Env != "":
		return `"$` + s.Env + `"`
	}
	variable := strings.ToUpper(identifier(name))
	if values > 1 {
		variable += "_" + strings.ToUpper(identifier(key))
	}
	return `"$` + variable + `"`
}

// noteSecrets says, once for each secret, what has to be there before the first run,
// and writes it above the jobs.
func (e *emitter) noteSecrets() {
	for i := range e.app.Secrets {
		name, s := e.app.Secrets[i].Key, &e.app.Secrets[i].Value
		var commands []string
		for j := range e.secrets {
			if use := &e.secrets[j]; use.name == name {
				commands = append(commands, e.command(use, s))
				e.hint(use, s)
			}
		}
		if commands == nil {
			continue
		}
		commands = slices.Compact(commands)
		summary, detail := "a secret has to be put before the first deployment",
			"Run, with all items of a job in one command, since a put replaces them all: "+strings.Join(commands, "; ")+"."
		if s.External != "" {
			summary = "a secret has to exist before the first deployment"
			detail = "Look: " + strings.Join(commands, "; ") + ". Where ACLs are on, the jobs need a policy that reads it."
		}
		e.report(diag.Note, CodeSecretNeeded, ir.JoinPath("secrets", name), summary, detail)
	}
	for _, u := range e.units {
		if command := e.put(u.id); command != "" {
			u.hints = append([]string{"Before the first run: " + command}, u.hints...)
		}
	}
}

func (e *emitter) command(use *secretUse, s *ir.Secret) string {
	if s.External != "" {
		return "nomad var get " + use.path
	}
	return e.put(use.job)
}

// put is the command that puts all values that a job reads, "" when there are none;
// it names where they come from and never holds one.
func (e *emitter) put(job string) string {
	words := []string{"nomad", "var", "put", variablePath(job)}
	for i := range e.secrets {
		use := &e.secrets[i]
		if use.job != job || use.path != variablePath(job) {
			continue
		}
		s := e.app.Secrets.Ref(use.name)
		for j, item := range use.items {
			words = append(words, item+"="+valueSource(s, use.name, use.keys[j], len(use.items)))
		}
	}
	if len(words) == 4 {
		return ""
	}
	return strings.Join(words, " ")
}

// hint writes what a secret is for above the job that reads it.
func (e *emitter) hint(use *secretUse, s *ir.Secret) {
	for _, u := range e.units {
		if u.id != use.job {
			continue
		}
		if s.External != "" {
			u.hints = append(u.hints, "Reads the variable "+s.External+".")
		}
		what := s.Description
		if s.Type == "tls" {
			what = strings.TrimSpace(what + " (a certificate and its key)")
		}
		if what != "" {
			u.hints = append(u.hints, strings.Join(use.items, ", ")+": "+what)
		}
	}
}

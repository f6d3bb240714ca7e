package nomad

import (
	"fmt"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// secretUse is one secret that a job reads.
type secretUse struct {
	name  string
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
		u.useSecret(ref.Name, path, secretItem(ref.Name, s, k), k)
	}
	return path, item
}

func (u *unit) useSecret(name, path, item, key string) {
	i := slices.IndexFunc(u.secrets, func(use secretUse) bool { return use.name == name })
	if i < 0 {
		i = len(u.secrets)
		u.secrets = append(u.secrets, secretUse{name: name, path: path})
	}
	if use := &u.secrets[i]; !slices.Contains(use.items, item) {
		use.items, use.keys = append(use.items, item), append(use.keys, key)
	}
}

func valueSource(s *ir.Secret, name, key string, values int) string {
	switch {
	case s.File != "" && values > 1:
		return shellWord("@" + s.File + "/" + key)
	case s.File != "":
		return shellWord("@" + s.File)
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

// noteSecrets says, once for each secret, what has to be there before the first run.
func (e *emitter) noteSecrets() {
	for i := range e.app.Secrets {
		name, s := e.app.Secrets[i].Key, &e.app.Secrets[i].Value
		if e.puts[name] == nil {
			continue
		}
		all := commands(slices.Compact(e.puts[name]))
		summary, detail := "a secret has to be put before the first deployment",
			"Run, with all items of a job in one command, since a put replaces them all: "+all
		if s.External != "" {
			summary = "a secret has to exist before the first deployment"
			detail = "Look: " + all + " Where ACLs are on, the jobs need a policy that reads it."
		}
		e.report(diag.Note, CodeSecretNeeded, ir.JoinPath("secrets", name), summary, detail)
	}
}

// commands writes commands as a sentence; of many, the first ones.
func commands(all []string) string {
	const shown = 4
	if len(all) <= shown+1 {
		return strings.Join(all, "; ") + "."
	}
	return fmt.Sprintf("%s; and %d more: each job's file begins with its own.", strings.Join(all[:shown], "; "), len(all)-shown)
}

// put is the command that puts all values that the job reads, "" when there are
// none; it names where they come from and never holds one.
func (u *unit) put() string {
	words := []string{"nomad", "var", "put", variablePath(u.id)}
	for i := range u.secrets {
		use := &u.secrets[i]
		if use.path != variablePath(u.id) {
			continue
		}
		s := u.emitter.app.Secrets.Ref(use.name)
		for j, item := range use.items {
			words = append(words, item+"="+valueSource(s, use.name, use.keys[j], len(use.items)))
		}
	}
	if len(words) == 4 {
		return ""
	}
	return strings.Join(words, " ")
}

// hintSecrets writes above the job what it reads, and what that is for.
func (u *unit) hintSecrets() {
	put := u.put()
	if put != "" {
		u.hints = append(u.hints, "Before the first run: "+put)
	}
	for i := range u.secrets {
		use := &u.secrets[i]
		s := u.emitter.app.Secrets.Ref(use.name)
		command := put
		if s.External != "" {
			u.hints = append(u.hints, "Reads the variable "+s.External+".")
			command = "nomad var get " + use.path
		}
		u.emitter.puts[use.name] = append(u.emitter.puts[use.name], command)
		what := s.Description
		if s.Type == "tls" {
			what = strings.TrimSpace(what + " (a certificate and its key)")
		}
		if what != "" {
			u.hints = append(u.hints, strings.Join(use.items, ", ")+": "+what)
		}
	}
}

package nomad

import (
	"path"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/backends/internal/naming"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
	"github.com/decamp-dev/decamp/compiler/source"
)

// secretRef refers to an item of a Nomad variable as a secret: items of the job's own
// variable are a secret each, other variables are secrets that exist already.
func (r *reader) secretRef(t *sourceTask, variable, item string, where *document.Value) (ir.Ref, bool) {
	if strings.Contains(variable, "{{") {
		return ir.Ref{}, false
	}
	if variable == variablePath(t.group.job.id) {
		name := naming.Label(item)
		if identifier(name) != item {
			return r.externalRef(variable, item, where)
		}
		r.addSecret(name, ir.Secret{}, where)
		r.secretJobs(name, t.group.job)
		return ir.Ref{Kind: ir.RefSecret, Name: name}, true
	}
	return r.externalRef(variable, item, where)
}

// externalRef refers to an item of a variable that other programs fill.
func (r *reader) externalRef(variable, item string, where *document.Value) (ir.Ref, bool) {
	name := r.external[variable]
	if name == "" {
		name = naming.Label(path.Base(variable))
		for n := 2; r.app.Secrets.Has(name); n++ {
			name = naming.Label(path.Base(variable)) + "-" + strconv.Itoa(n)
		}
		r.external[variable] = name
		r.addSecret(name, ir.Secret{External: variable}, where)
	}
	secret := r.app.Secrets.Ref(name)
	for _, key := range secret.Keys {
		if key == item {
			return ir.Ref{Kind: ir.RefSecret, Name: name, Field: item}, true
		}
	}
	secret.Keys = append(secret.Keys, item)
	return ir.Ref{Kind: ir.RefSecret, Name: name, Field: item}, true
}

func (r *reader) addSecret(name string, s ir.Secret, where *document.Value) {
	if r.app.Secrets.Has(name) {
		return
	}
	r.app.Secrets.Set(name, s)
	r.said(ir.JoinPath("secrets", name), where)
}

// secretJobs warns where two jobs have an item of one name, each in its own variable:
// it is taken for one secret.
func (r *reader) secretJobs(name string, j *sourceJob) {
	for _, id := range r.shared[name] {
		if id == j.id {
			return
		}
	}
	r.shared[name] = append(r.shared[name], j.id)
	if len(r.shared[name]) == 2 && !j.own {
		r.report(diag.Warning, CodeSecretShared, source.Range{}, ir.JoinPath("secrets", name), "two jobs have a secret of the same name: "+strings.Join(r.shared[name], ", "),
			"It is taken for one. If the values differ, rename the item "+identifier(name)+" in one of the jobs first.")
	}
}

// putWord is one item of the command that puts a job's secrets.
var putWord = pattern.New(`([A-Za-z_][A-Za-z0-9_]*)=("\$([A-Za-z_][A-Za-z0-9_]*)"|'?@([^\s']+)'?)`)

// finishSecrets reads where the values come from, out of the comments that decamp
// writes, and says for each secret what has to be there.
func (r *reader) finishSecrets() {
	for _, j := range r.jobs {
		r.commentedSecrets(j)
	}
	for i := range r.app.Secrets {
		name, s := r.app.Secrets[i].Key, &r.app.Secrets[i].Value
		if s.Type == "tls" {
			continue
		}
		at := ir.JoinPath("secrets", name)
		detail := "Its value is in the variable nomad/jobs/" + strings.Join(r.shared[name], ", nomad/jobs/") + " as " + identifier(name) + "; values are not read."
		if s.External != "" {
			detail = "Its values are in the variable " + s.External + "; values are not read."
		}
		r.report(diag.Note, CodeSecretNeeded, r.app.Locate(at), at, "secret "+name+" has to be given on other platforms", detail)
	}
}

func (r *reader) commentedSecrets(j *sourceJob) {
	if !j.own {
		return
	}
	for _, line := range strings.Split(j.notes, "\n") {
		if command, ok := strings.CutPrefix(line, "Before the first run: "); ok {
			for _, found := range putWord().FindAllStringSubmatch(command, -1) {
				s := r.app.Secrets.Ref(naming.Label(found[1]))
				if s == nil {
					continue
				}
				if found[4] != "" {
					s.File = found[4]
				} else if found[3] != strings.ToUpper(found[1]) {
					s.Env = found[3]
				}
			}
			continue
		}
		items, description, ok := strings.Cut(line, ": ")
		if s := r.app.Secrets.Ref(naming.Label(items)); ok && s != nil && s.Description == "" {
			s.Description = description
		}
	}
}

package nomad

import (
	"cmp"
	"path"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
)

// unknown reports what Nomad does not have.
func (r *reader) unknown(b *body, m *document.Member) {
	var known []string
	for key := range b.fields {
		known = append(known, key)
	}
	detail := "Nomad refuses it, and it is left out."
	if near := diag.Closest(m.Key, known); near != "" {
		detail = "Did you mean " + near + "? " + detail
	}
	r.report(diag.Warning, CodeUnknownKey, r.whereOf(m.Value), "", "Nomad does not know "+m.Key+" in "+lowerFirst(cmp.Or(b.name, "job")), detail)
}

// misplaced reports a block that Nomad refuses where it stands.
func (r *reader) misplaced(m *document.Member, why string) {
	r.report(diag.Error, CodeUnknownKey, r.whereOf(m.Value), "", "a block "+m.Key+" "+why, "Nomad refuses such a job: say what is meant.")
}

// passedOver reports a shorthand that Nomad takes and makes nothing of.
func (r *reader) passedOver(m *document.Member) {
	r.report(diag.Warning, CodeUnknownKey, r.whereOf(m.Value), "", "Nomad takes "+m.Key+" in a constraint and makes nothing of it",
		`Its servers refuse the constraint then. It is read as it is meant; write operator = "`+m.Key+`" and value.`)
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// pathOf is the path of a file within the source's file system.
func (r *reader) pathOf(f *source.File) string {
	for i, other := range r.source.Files {
		if other == f && i < len(r.source.Paths) {
			return r.source.Paths[i]
		}
	}
	return path.Clean(f.Name)
}

func (r *reader) whereOf(v *document.Value) source.Range {
	if p := r.places[v]; p != nil {
		return p.where
	}
	return source.Range{}
}

// report adds a finding; each is reported once.
func (r *reader) report(severity diag.Severity, code diag.Code, where source.Range, path, summary, detail string) {
	key := string(code) + "\x00" + path + "\x00" + summary + "\x00" + where.String()
	if r.reported[key] {
		return
	}
	r.reported[key] = true
	r.list = append(r.list, diag.Diagnostic{Severity: severity, Code: code, Subject: where, Path: path, Summary: summary, Detail: detail})
}

// said notes where a fact came from. A value that depends on variables is baked.
func (r *reader) said(path string, v *document.Value) {
	p := r.places[v]
	if p == nil {
		return
	}
	if !p.where.IsZero() {
		r.positions[path] = p.where
	}
	if len(p.vars) > 0 {
		r.bake(p.vars, p.where)
	}
}

// saidText is said for a fact that is the value's text: variables stay open in it.
func (r *reader) saidText(path string, v *document.Value) {
	p := r.places[v]
	if p == nil {
		return
	}
	if !p.where.IsZero() {
		r.positions[path] = p.where
	}
	r.open(path, p, p.written)
}

// open keeps a text with references to variables for a path.
func (r *reader) open(path string, p *mark, written string) {
	if len(p.vars) == 0 {
		return
	}
	if written == "" || r.source.Bake {
		r.bake(p.vars, p.where)
		return
	}
	r.reading.Expressions[path] = written
	p.open = true
	for _, name := range p.vars {
		for _, v := range r.variables {
			if v.name == name {
				v.used = true
			}
		}
	}
}

// comment keeps the comment above a block.
func (r *reader) comment(path string, v *document.Value) {
	if p := r.places[v]; p != nil && p.comment != "" {
		r.reading.Comments[path] = p.comment
	}
}

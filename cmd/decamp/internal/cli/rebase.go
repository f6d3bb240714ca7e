package cli

import (
	"path"
	"path/filepath"
	"strings"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// wayFrom returns the slash path from a folder to the one that the files are in.
func (s *sources) wayFrom(folder string) (string, error) {
	from, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	to, err := filepath.Abs(s.folder)
	if err != nil {
		return "", err
	}
	way, err := filepath.Rel(from, to)
	if err != nil { // another volume
		way = to
	}
	return filepath.ToSlash(way), nil
}

// rebase makes the paths of an app, which are relative to the files that were read,
// relative to the spec. A config whose file lies outside of the spec's folder is
// written anew.
func rebase(reading backend.Reading, from *backend.Backend, way string) {
	app := reading.App
	move := func(p string) string {
		if !isRelative(p) {
			return p
		}
		return path.Join(way, p)
	}
	// moveAt moves a path that the spec may write with vars. One that begins with a var
	// can be kept only where nothing moves.
	moveAt := func(at string, p *string) {
		moved := move(*p)
		if expression, open := reading.Expressions[at]; open && moved != *p {
			if reading.Expressions[at] = move(expression); strings.HasPrefix(expression, "$") {
				delete(reading.Expressions, at)
			}
		}
		*p = moved
	}
	for i := range app.Configs {
		if c := &app.Configs[i].Value; c.Origin != "" {
			if c.Origin = move(c.Origin); !filepath.IsLocal(filepath.FromSlash(c.Origin)) {
				c.Origin = ""
			}
		}
	}
	for i := range app.Secrets {
		moveAt(ir.JoinPath("secrets", app.Secrets[i].Key)+".file", &app.Secrets[i].Value.File)
	}
	for i := range app.Workloads {
		ir.EachContainer(&app.Workloads[i].Value, ir.JoinPath("workloads", app.Workloads[i].Key), func(at, _ string, _ ir.Role, c *ir.Container) {
			if c.Build != nil {
				moveAt(at+".build.context", &c.Build.Context)
			}
			for j := range c.Mounts {
				moveAt(ir.JoinPath(at+".mounts", c.Mounts[j].Key)+".host", &c.Mounts[j].Value.Host)
			}
			if c.Security != nil && strings.ContainsAny(c.Security.Seccomp, "./") {
				moveAt(at+".security.seccomp", &c.Security.Seccomp)
			}
		})
	}
	if from.EntryPaths == nil {
		return
	}
	for i := range app.Platform {
		if app.Platform[i].Platform == from.Name {
			from.EntryPaths(&app.Platform[i], move)
		}
	}
}

// isRelative reports whether a path of an app begins where its files are.
func isRelative(p string) bool {
	windows := len(p) > 1 && p[1] == ':'
	return p != "" && !path.IsAbs(p) && !windows && !strings.HasPrefix(p, "~") && !strings.HasPrefix(p, "git@") && !strings.Contains(p, "://")
}

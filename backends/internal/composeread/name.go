package composeread

import (
	"cmp"
	"fmt"
	"path"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/naming"
	"github.com/decamp-dev/decamp/compiler/diag"
)

// projectName is the name of the project as Compose finds it: from its variable, the
// files, or else their folder.
func (r *reader) projectName() string {
	if name, _ := r.variables.lookup(r)(projectVariable); name != "" {
		return name
	}
	for i := len(r.documents) - 1; i >= 0; i-- {
		if n := r.documents[i].Get("name"); n != nil {
			return n.Value
		}
	}
	if name := cmp.Or(r.source.Folder, r.source.Name); name != "" {
		return name
	}
	if base := path.Base(r.folder); base != "." && base != "/" {
		return base
	}
	return "app"
}

// projectVariable names the project, over what the files say.
const projectVariable = "COMPOSE_PROJECT_NAME"

func (r *reader) nameApp() {
	if r.dialect.Stack != nil {
		r.nameStack()
		return
	}
	name, written := r.model.text("name"), r.model.at("name")
	if over, _ := r.variables.lookup(r)(projectVariable); name == "" || over != "" {
		name = r.projectName()
	}
	r.app.Name = naming.Label(name)
	if r.app.Name == name {
		r.set("name", written, name)
	} else {
		r.positions.Set("name", written.node())
	}
	if r.app.Name != name && written.node() != nil {
		r.report(diag.Note, codeRenamed, written, "name", fmt.Sprintf("the app is called %s", r.app.Name), fmt.Sprintf("Names are DNS labels, and %q is none.", name))
	}
	if own := projectNameOf(name); own != r.app.Name && own != "" {
		r.topRest = append(r.topRest, carriedPart{"", model{"name": own}, written})
	}
	r.headComment()
}

// projectNameOf is the name that Compose gives a project which is called so: in small letters, without what a name may not
// hold, as NormalizeProjectName of compose-go's loader. The loader is not linked for it, since the schema library that it
// brings takes half of the time in which the program starts.
func projectNameOf(name string) string {
	kept := strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-' {
			return c
		}
		return -1
	}, strings.ToLower(name))
	return strings.TrimLeft(kept, "_-")
}

// nameStack names an app whose files do not say what it is called: the stack has the
// name that it is deployed under.
func (r *reader) nameStack() {
	name := r.source.Name
	if base := path.Base(r.folder); name == "" && base != "." && base != "/" {
		name = base
	}
	if r.own != nil {
		name = r.own.name
	} else {
		r.headComment()
	}
	if r.app.Name = naming.Label(name); name == "" {
		r.app.Name = "app"
	}
}

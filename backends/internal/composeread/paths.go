package composeread

import (
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// EntryPaths gives each path of a file or folder in an entry of the ledger, if it is
// relative, the value that move has for it. They are those that Docker resolves from
// the folder of its file.
func EntryPaths(e *ir.PlatformEntry, move func(string) string) {
	for _, object := range e.Objects {
		projectPaths(object, move)
	}
	segments := ir.SplitPath(e.On)
	switch {
	case e.Patch == nil:
	case e.On == "":
		projectPaths(e.Patch, move)
	case segments[0] == "workloads" || segments[0] == "services":
		servicePaths(e.Patch, move)
	case segments[0] == "configs" || segments[0] == "secrets":
		pathAt(e.Patch, move, "file")
	case segments[0] == "volumes":
		pathAt(e.Patch, move, "driver_opts", "device")
	}
}

func projectPaths(project *ir.Value, move func(string) string) {
	for _, section := range project.Members {
		for _, object := range section.Value.Members {
			switch section.Key {
			case "services":
				servicePaths(object.Value, move)
			case "configs", "secrets":
				pathAt(object.Value, move, "file")
			case "volumes":
				pathAt(object.Value, move, "driver_opts", "device")
			}
		}
	}
}

func servicePaths(s *ir.Value, move func(string) string) {
	pathAt(s, move, "build")
	pathAt(s, move, "build", "context")
	pathAt(s, move, "build", "additional_contexts", "*")
	pathAt(s, move, "env_file")
	pathAt(s, move, "env_file", "*")
	pathAt(s, move, "env_file", "*", "path")
	pathAt(s, move, "label_file")
	pathAt(s, move, "label_file", "*")
	pathAt(s, move, "extends", "file")
	pathAt(s, move, "develop", "watch", "*", "path")
	each(s, []string{"volumes", "*"}, func(v *ir.Value) {
		source, _, _ := strings.Cut(v.Text, ":")
		switch {
		case v.Kind == ir.StringValue && strings.HasPrefix(source, "."):
			v.Text = move(source) + strings.TrimPrefix(v.Text, source)
		case v.Kind == ir.MapValue && v.Get("type") != nil && v.Get("type").Text == types.VolumeTypeBind:
			pathAt(v, move, "source")
		}
	})
	each(s, []string{"security_opt", "*"}, func(v *ir.Value) {
		for _, option := range []string{"seccomp=", "seccomp:"} {
			if profile, ok := strings.CutPrefix(v.Text, option); ok && profile != "unconfined" && relativePath(profile) {
				v.Text = option + move(profile)
			}
		}
	})
}

// pathAt moves the texts at a place of a value; "*" stands for each member or item.
func pathAt(v *ir.Value, move func(string) string, place ...string) {
	each(v, place, func(v *ir.Value) {
		if v.Kind == ir.StringValue && relativePath(v.Text) {
			v.Text = move(v.Text)
		}
	})
}

func each(v *ir.Value, place []string, visit func(*ir.Value)) {
	if v == nil {
		return
	}
	if len(place) == 0 {
		visit(v)
		return
	}
	for _, m := range v.Members {
		if place[0] == "*" || m.Key == place[0] {
			each(m.Value, place[1:], visit)
		}
	}
	if place[0] == "*" {
		for _, item := range v.Items {
			each(item, place[1:], visit)
		}
	}
}

// relativePath reports whether a text of a Compose file is a path that begins where
// the file is: no address, no path of the host, nothing that a variable begins.
func relativePath(p string) bool {
	return p != "" && !strings.HasPrefix(p, "/") && !strings.HasPrefix(p, "~") && !strings.HasPrefix(p, "$") && !windowsPath(p) &&
		!strings.Contains(p, "://") && !strings.HasPrefix(p, "git@") && !strings.HasPrefix(p, types.ServicePrefix)
}

package composeread

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/docker/go-units"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// mounts reads volumes, folders of the host and scratch space.
func (r *reader) mounts(s *composeService) {
	entries, _ := s.f.take("volumes").([]any)
	carry := false
	for i, entry := range entries {
		m, _ := entry.(model)
		if !r.mount(s, m, s.f.at("volumes").item(i, len(entries))) {
			carry = true
		}
	}
	tmpfs := texts(s.f.take("tmpfs"))
	for i, entry := range tmpfs {
		if !r.tmpfs(s, entry, s.f.at("tmpfs").item(i, len(tmpfs))) {
			carry = true
			s.keepWhole("tmpfs")
		}
	}
	if carry {
		s.keepWhole("volumes")
		if len(tmpfs) > 0 {
			s.keepWhole("tmpfs")
		}
	}
}

// mount reads one entry; false when the spec cannot say all of it.
func (r *reader) mount(s *composeService, m model, p place) bool {
	f := newFields(clone(m), p)
	kind, source, target := f.text("type"), f.text("source"), f.text("target")
	target, plainTarget := r.plain(target)
	source, plainSource := r.plain(source)
	at := ir.JoinPath(s.path+".mounts", target)
	if !plainTarget || !plainSource {
		r.templated(p, at, "a mount")
		return false
	}
	if r.sharedMemory(s, kind, target, f) {
		return true
	}
	if !strings.HasPrefix(target, "/") && !windowsPath(target) {
		r.report(diag.Warning, r.dialect.Codes.Mount, p, at, fmt.Sprintf("a mount at %q is kept for "+r.dialect.Title+" alone", target), "Paths in a container begin with a slash. Other platforms get no such mount.")
		return false
	}
	if s.c.Mounts.Has(target) {
		return false
	}
	mount := ir.Mount{ReadOnly: f.flag("read_only")}
	for _, options := range []string{"volume", "bind", "tmpfs"} {
		f.in(options) // an empty mapping says nothing
	}
	switch kind {
	case "volume":
		if source == "" {
			mount.Scratch = &ir.Space{}
			break
		}
		declared, _ := r.model.m["volumes"].(model)
		if _, ok := declared[source]; !ok {
			r.report(diag.Error, r.dialect.Codes.Invalid, p, at, fmt.Sprintf("there is no volume %q", source), "Declare it under volumes: at the top of the file. A folder of the host begins with a dot or a slash.")
			return true
		}
		mount.Volume = r.names.volumes.Name(source)
		mount.Subpath = f.in("volume").text("subpath")
	case "bind":
		mount.Host = r.local(source)
		bind := f.in("bind")
		if bind.m["create_host_path"] == true {
			bind.take("create_host_path")
		}
		r.hostMount(s, &mount, p, at)
	case "tmpfs":
		mount.Memory = &ir.Space{}
		if size := f.in("tmpfs").text("size"); size != "" {
			mount.Memory.Size, _ = bytesOf(size)
		}
	default:
		r.report(diag.Warning, r.dialect.Codes.Mount, p, at, fmt.Sprintf("a mount of type %q is kept for "+r.dialect.Title+" alone", kind), "Other platforms get no such mount.")
		return false
	}
	s.c.Mounts.Set(target, mount)
	r.positions.Set(at, p.node())
	r.mountExpression(s, &mount, at, source, p)
	return len(f.rest()) == 0
}

// sharedMemory reads the form in which a stack says how large shared memory is.
func (r *reader) sharedMemory(s *composeService, kind, target string, f *fields) bool {
	options, _ := f.m["tmpfs"].(model)
	size, ok := bytesOf(scalar(options["size"]))
	if r.dialect.Stack == nil || kind != "tmpfs" || target != "/dev/shm" || !ok || size == 0 || len(options) != 1 || f.m["read_only"] == true {
		return false
	}
	s.c.Shm = size
	r.positions.Set(s.path+".shm", f.place.node())
	return true
}

// mountExpression keeps the variables of a folder of the host.
func (r *reader) mountExpression(s *composeService, mount *ir.Mount, at, source string, p place) {
	if mount.Host == "" {
		return
	}
	n := p.node()
	if inner := p.get("source"); inner.node() != nil && len(inner.node().Pairs) == 0 && n.Get("source") != nil {
		r.setLocal(at+".host", inner, source, mount.Host)
		return
	}
	w := r.variables.written[n]
	if w == nil {
		return
	}
	// A reference holds no colon, so that the source ends at the first one.
	if expression, rest, ok := strings.Cut(w.expression, ":"); ok && !strings.Contains(rest, "${vars.") {
		r.writeLocal(at+".host", n, expression, source, mount.Host)
	}
}

// hostMount says what a folder of one machine means elsewhere.
func (r *reader) hostMount(s *composeService, mount *ir.Mount, p place, at string) {
	if strings.HasPrefix(mount.Host, "/") || windowsPath(mount.Host) {
		return
	}
	what := "a folder"
	if r.exists(path.Join(r.root, mount.Host)) {
		what = "a file"
	}
	r.report(diag.Warning, r.dialect.Codes.Mount, p, at, what+" beside the "+r.dialect.File+" is mounted",
		"It is there on the machine with the files, and not on the nodes of a cluster. Build it into the image, or make it a config (a file) or a volume (data).")
}

func windowsPath(p string) bool { return len(p) > 2 && p[1] == ':' && (p[2] == '\\' || p[2] == '/') }

// tmpfsDefaults are the options that hold when nothing is said.
var tmpfsDefaults = []string{"rw", "noexec", "nosuid", "nodev"}

// tmpfs reads /path or /path:options; only the size has words in a spec.
func (r *reader) tmpfs(s *composeService, entry string, p place) bool {
	target, options, _ := strings.Cut(entry, ":")
	at := ir.JoinPath(s.path+".mounts", target)
	if !strings.HasPrefix(target, "/") || s.c.Mounts.Has(target) {
		return false
	}
	mount := ir.Mount{Memory: &ir.Space{}}
	whole := true
	for _, option := range strings.FieldsFunc(options, func(c rune) bool { return c == ',' }) {
		if slices.Contains(tmpfsDefaults, option) {
			continue
		}
		size, isSize := strings.CutPrefix(option, "size=")
		b, ok := bytesOf(size)
		if !isSize || !ok {
			whole = false
			continue
		}
		mount.Memory.Size = b
	}
	s.c.Mounts.Set(target, mount)
	r.positions.Set(at, p.node())
	return whole
}

// bytesOf reads a size as Docker does: every unit is a power of 1024.
func bytesOf(s string) (ir.Bytes, bool) {
	n, err := units.RAMInBytes(s)
	return ir.Bytes(n), err == nil && n >= 0
}

// files reads the configs and secrets that a container is given.
func (r *reader) files(s *composeService) {
	for _, kind := range []string{"configs", "secrets"} {
		entries, _ := s.f.take(kind).([]any)
		carry := false
		for i, entry := range entries {
			m, _ := entry.(model)
			if !r.fileMount(s, kind, m, s.f.at(kind).item(i, len(entries))) {
				carry = true
			}
		}
		if carry {
			s.keepWhole(kind)
		}
	}
}

func (r *reader) fileMount(s *composeService, kind string, m model, p place) bool {
	f := newFields(clone(m), p)
	source, target := f.text("source"), f.text("target")
	declared, _ := r.model.m[kind].(model)
	mount := ir.FileMount{}
	if kind == "configs" {
		mount.Config = r.names.configs.Name(source)
		if target == "" {
			target = source
		}
		target = path.Join("/", target)
	} else {
		mount.Secret = r.names.secrets.Name(source)
		if target == "" {
			target = source
		}
		if !strings.HasPrefix(target, "/") {
			target = path.Join("/run/secrets", target)
		}
	}
	at := ir.JoinPath(s.path+".files", target)
	if _, ok := declared[source]; !ok {
		r.report(diag.Error, r.dialect.Codes.Invalid, p, at, fmt.Sprintf("there is no %s %q", strings.TrimSuffix(kind, "s"), source), "Declare it under "+kind+": at the top of the file.")
		return true
	}
	if kind == "secrets" && scalar(m["target"]) == source && r.granted(s)[source] {
		return true // the config that reads it brings it along
	}
	if kind == "configs" && r.foreignConfig(source) || s.c.Files.Has(target) {
		return false
	}
	for _, id := range []struct {
		key string
		to  **int64
	}{{"uid", &mount.UID}, {"gid", &mount.GID}} {
		if n, ok := integer(f.m[id.key]); ok && n >= 0 {
			f.take(id.key)
			*id.to = &n
		}
	}
	if mode, ok := fileMode(f.m["mode"]); ok {
		f.take("mode")
		mount.Mode = &mode
	}
	s.c.Files.Set(target, mount)
	r.positions.Set(at, p.node())
	// The owner and mode of a file of the host are what they are; they stay as they stand.
	owned := mount.UID != nil || mount.GID != nil || mount.Mode != nil
	if m, _ = declared[source].(model); r.dialect.Stack != nil {
		return len(f.rest()) == 0
	}
	return len(f.rest()) == 0 && !(owned && kind == "secrets" && m["environment"] == nil)
}

// fileMode reads a mode: a number of YAML, in octal where it begins with a zero, or a
// text of octal digits.
func fileMode(v any) (ir.FileMode, bool) {
	switch v := v.(type) {
	case int:
		return ir.FileMode(v), v >= 0 && v <= 0o7777
	case string:
		m, err := ir.ParseFileMode(v)
		return m, err == nil
	}
	return 0, false
}

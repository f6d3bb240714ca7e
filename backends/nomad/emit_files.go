package nomad

import (
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/nomad/api"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// files renders configs and secrets in the task's folder and mounts them where the
// container looks for them.
func (t *task) files() {
	for i := range t.container.Files {
		target, f := t.container.Files[i].Key, &t.container.Files[i].Value
		if f.Secret != "" {
			t.secretFile(target, f)
			continue
		}
		config := t.unit.emitter.app.Configs.Ref(f.Config)
		switch {
		case config == nil:
		case config.Entries == nil:
			t.file(target, f, config.Content)
		case f.Key != "":
			entry, _ := config.Entries.Get(f.Key)
			t.file(target, f, entry)
		default:
			t.folder(target, f, config)
		}
	}
}

// secretFile mounts one value of a secret, or a folder of all when it has several.
func (t *task) secretFile(target string, f *ir.FileMount) {
	s := t.unit.emitter.app.Secrets.Ref(f.Secret)
	if s == nil {
		return
	}
	keys := secretKeys(s)
	if f.Key != "" || len(keys) == 1 && len(s.Keys) == 0 {
		t.file(target, f, secretText(f.Secret, f.Key))
		return
	}
	source := ""
	for _, key := range keys {
		source = t.render(path.Join(target, key), f, t.path("files", target), secretText(f.Secret, key))
	}
	t.bind(path.Dir(source), target)
}

func secretText(name, key string) ir.Text {
	return ir.Text{{Ref: ir.Ref{Kind: ir.RefSecret, Name: name, Field: key}}}
}

func (t *task) folder(target string, f *ir.FileMount, config *ir.Config) {
	source := ""
	for _, entry := range config.Entries {
		source = t.render(path.Join(target, entry.Key), f, t.path("files", target), entry.Value)
	}
	if source != "" {
		t.bind(strings.TrimSuffix(source, "/"+config.Entries[len(config.Entries)-1].Key), target)
	}
}

func (t *task) file(target string, f *ir.FileMount, content ir.Text) {
	source := t.render(target, f, t.path("files", target), content)
	if !inTask(target) {
		t.bind(source, target)
	}
}

// inTask reports a path that the container finds in its task's own folder, where
// nothing has to be mounted.
func inTask(target string) bool {
	clean := path.Clean(target)
	return strings.HasPrefix(clean, "/local/") || strings.HasPrefix(clean, "/secrets/")
}

// render adds the template of one file and returns where it is, below the task's
// folder. What holds a secret stays in memory.
func (t *task) render(target string, f *ir.FileMount, at string, content ir.Text) string {
	resolved := t.unit.emitter.resolve(content)
	if !printable(resolved) {
		t.unit.emitter.report(diag.Error, CodeBinary, at, "a file holds bytes that are no text",
			"Nomad's jobs hold text only; put the file into the image or on a volume.")
		return "local" + path.Clean("/"+target)
	}
	w := t.unit.delimited(at, resolved)
	data := w.write(resolved)
	if data == "" {
		data = w.left + ` "" ` + w.right // Nomad refuses a template without text.
	}
	destination := emittedFile(target, resolved)
	out := &api.Template{DestPath: &destination, EmbeddedTmpl: &data}
	if f.Mode != nil {
		out.Perms = new(f.Mode.String())
	}
	if f.UID != nil {
		out.Uid = new(int(*f.UID))
	}
	if f.GID != nil {
		out.Gid = new(int(*f.GID))
	}
	if t.unit.emitter.pass(passTemplateNoop) {
		out.ChangeMode = new("noop")
	}
	t.template(w, out)
	return destination
}

// bind mounts a path of the task's own folder, which every client allows.
func (t *task) bind(source, target string) {
	t.mount(map[string]any{"type": "bind", "source": driverString(source), "target": driverString(target), "readonly": true})
}

func (t *task) mount(m map[string]any) {
	mounts, _ := t.config["mount"].([]map[string]any)
	t.config["mount"] = append(mounts, m)
}

// mounts gives the container its volumes and its other places to read and write.
func (t *task) mounts() {
	for i := range t.container.Mounts {
		target, m := t.container.Mounts[i].Key, &t.container.Mounts[i].Value
		switch {
		case m.Volume != "":
			t.out.VolumeMounts = append(t.out.VolumeMounts, t.volumeMount(target, m))
		case m.Host != "":
			t.mount(readOnly(map[string]any{"type": "bind", "source": driverString(m.Host), "target": driverString(target)}, m.ReadOnly))
			t.unit.emitter.client(clientNeed{what: "folders of the node in containers", path: t.path("mounts", target),
				text: `plugin "docker" { config { volumes { enabled = true } } }`})
		case m.Scratch != nil:
			t.scratch(target, m)
		case m.Memory != nil:
			tmpfs := map[string]any{"type": "tmpfs", "target": driverString(target)}
			if m.Memory.Size != 0 {
				tmpfs["tmpfs_options"] = map[string]any{"size": int64(m.Memory.Size)}
			}
			t.mount(readOnly(tmpfs, m.ReadOnly))
		}
	}
}

func readOnly(m map[string]any, readOnly bool) map[string]any {
	if readOnly {
		m["readonly"] = true
	}
	return m
}

// scratch is a folder of the disk that the tasks of the group share, one for each
// path. The first is one that Nomad makes, which any user may write to; Docker makes
// the others, for root.
func (t *task) scratch(target string, m *ir.Mount) {
	n := slices.Index(t.unit.scratches, target)
	if n < 0 {
		n, t.unit.scratches = len(t.unit.scratches), append(t.unit.scratches, target)
	}
	if m.Scratch.Size != 0 {
		t.unit.reserveDisk(m.Scratch.Size, t.path("mounts", target, "scratch", "size"))
	}
	if n == 0 {
		t.mount(readOnly(map[string]any{"type": "bind", "source": sharedFolder, "target": driverString(target)}, m.ReadOnly))
		return
	}
	spec := "../alloc/scratch" + path.Clean("/"+target) + ":" + target
	if m.ReadOnly {
		spec += ":ro"
	}
	volumes, _ := t.config["volumes"].([]string)
	t.config["volumes"] = append(slices.Clone(volumes), driverString(spec))
	if s := t.container.Security; s != nil && s.User != "" && s.User != "0" && s.User != "root" {
		t.unit.emitter.report(diag.Warning, CodeScratchOwner, t.path("mounts", target), "a second scratch mount belongs to root",
			"Only the first scratch mount of a workload is open to other users; put both into one mount, or let a container of init change the owner.")
	}
}

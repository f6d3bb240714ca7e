package nomad

import (
	"path"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// bindOf is one place of the node or of the task's folder that a container sees.
type bindOf struct {
	source, target string
	readOnly       bool
	doc            *document.Value
	tmpfs, volume  bool
}

// binds lists the mounts of the driver's configuration: blocks, and the short form.
func (t *sourceTask) binds() []bindOf {
	config := or(t.doc.Get("config"))
	var out []bindOf
	for _, m := range blocksOf(config, "mount") {
		kind := textOf(m.Get("type"), "volume")
		out = append(out, bindOf{source: textOf(m.Get("source"), ""), target: textOf(m.Get("target"), ""), readOnly: textOf(m.Get("readonly"), "") == "true",
			doc: m, tmpfs: kind == "tmpfs", volume: kind == "volume"})
	}
	for _, item := range or(config.Get("volumes")).Items {
		parts := strings.Split(item.Text, ":")
		if len(parts) < 2 {
			continue
		}
		b := bindOf{source: parts[0], target: parts[1], doc: item}
		for _, mode := range strings.Split(strings.Join(parts[2:], ","), ",") {
			b.readOnly = b.readOnly || mode == "ro"
		}
		b.volume = textOf(config.Get("volume_driver"), "") != ""
		out = append(out, b)
	}
	for i := range out {
		if b := &out[i]; !path.IsAbs(b.source) && b.source != "" {
			b.source = path.Clean(strings.NewReplacer("${NOMAD_TASK_DIR}", "local", "${NOMAD_SECRETS_DIR}", "secrets", "${NOMAD_ALLOC_DIR}", "../alloc").Replace(b.source))
		}
		out[i].source = strings.NewReplacer("$${", "${").Replace(out[i].source)
		out[i].target = strings.NewReplacer("$${", "${").Replace(out[i].target)
	}
	return out
}

// mountedAt lists the paths at which the container sees a rendered file.
func (r *reader) mountedAt(t *sourceTask, destination string) []string {
	var targets []string
	for _, b := range t.binds() {
		if b.tmpfs || b.volume || !strings.HasPrefix(b.target, "/") {
			continue
		}
		if b.source == destination {
			targets = append(targets, b.target)
		} else if rest, below := strings.CutPrefix(destination, b.source+"/"); below && b.source != "" {
			targets = append(targets, path.Join(b.target, rest))
		}
	}
	return targets
}

// emittedFile is where the file of a target is rendered.
func emittedFile(target string, text ir.Text) string {
	if inTask(target) {
		return strings.TrimPrefix(path.Clean(target), "/")
	}
	folder := "local"
	if text.HasRef(ir.RefSecret) {
		folder = "secrets"
	}
	return folder + path.Clean("/"+target)
}

// mounts reads where the container reads and writes.
func (r *reader) mounts(t *sourceTask, config *document.Value) {
	for _, v := range blocksOf(t.doc, "volume_mount") {
		r.volumeMount(t, v)
	}
	for _, b := range t.binds() {
		r.bind(t, b)
	}
}

func (r *reader) bind(t *sourceTask, b bindOf) {
	at := ir.JoinPath(t.path()+".mounts", b.target)
	if !strings.HasPrefix(b.target, "/") || t.out.Mounts.Has(b.target) || t.out.Files.Has(b.target) {
		return
	}
	m := ir.Mount{ReadOnly: b.readOnly}
	switch {
	case b.tmpfs:
		m.Memory = &ir.Space{}
		if n, ok := intOf(or(b.doc.Get("tmpfs_options")).Get("size")); ok && n > 0 {
			m.Memory.Size = ir.Bytes(n)
		}
	case b.volume:
		r.report(diag.Warning, CodeDockerVolume, r.whereOf(b.doc), at, "a volume of the node's Docker is not one of Nomad's", "It stays in the ledger, for Nomad only. Make it a volume of the app, so that other platforms have it.")
		return
	case strings.Contains(b.source, "${"):
		r.report(diag.Warning, CodeRuntime, r.whereOf(b.doc), at, "only a client of Nomad knows "+b.source, "The mount stays in the ledger, for Nomad only.")
		return
	case path.IsAbs(b.source):
		m.Host = b.source
	case b.source == sharedFolder || strings.HasPrefix(b.source, "../alloc/"):
		m.Scratch = &ir.Space{}
	case r.rendered(t, b.source):
		return
	case b.source == "tmp" || b.source == "local" || strings.HasPrefix(b.source, "local/"):
		if len(blocksOf(t.doc, "artifact")) > 0 && b.source != "tmp" {
			r.report(diag.Warning, CodeArtifact, r.whereOf(b.doc), at, "what the container finds at "+b.target+" is fetched by Nomad", "The mount stays in the ledger, for Nomad only. Put the files into the image, a config or a volume.")
			return
		}
		m.Scratch = &ir.Space{}
	default:
		r.report(diag.Warning, CodeDockerVolume, r.whereOf(b.doc), at, "what the container finds at "+b.target+" is not known", "The mount stays in the ledger, for Nomad only.")
		return
	}
	t.out.Mounts.Set(b.target, m)
	r.said(at, b.doc)
	r.ids[b.doc] = b.target
}

// rendered reports whether templates of the task make what a mount shows.
func (r *reader) rendered(t *sourceTask, source string) bool {
	for destination := range t.files {
		if destination == source || strings.HasPrefix(destination, source+"/") {
			return true
		}
	}
	return false
}

package kubernetes

import (
	"fmt"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// onNames is the place of the ledger's entry that says what is called how on the
// cluster. Selectors and names of objects cannot be changed there, so an app that was
// read from manifests keeps them; one entry says it for the whole app.
//
//   - on: names
//     patch:
//     namespace: shop
//     workloads: {web: {container: server, selector: {app: web}}}
const onNames = "names"

// given is what a names entry says.
type given struct {
	entry     *ir.PlatformEntry
	namespace string
	workloads map[string]identity
	ingresses map[string]string // route → the Ingress that it is a rule of
}

// identity is what a workload is called; empty: as decamp calls it.
type identity struct {
	object    string // of what runs it
	container string // the main one
	service   string
	public    string // the Service of what it publishes
	noService bool
	selector  map[string]string
	claims    map[string]string // volume → claim template
}

// readNames reads the entry; unknown words are reported like targets of patches that
// do not exist.
func (e *emitter) readNames() {
	for i := range e.app.Platform {
		entry := &e.app.Platform[i]
		if entry.Platform == Name && entry.On == onNames && entry.Patch != nil {
			e.given.entry = entry
			e.targets = append(e.targets, onNames)
			e.readNamesEntry(entry)
		}
	}
}

func (e *emitter) readNamesEntry(entry *ir.PlatformEntry) {
	for _, m := range entry.Patch.Members {
		switch m.Key {
		case "namespace":
			e.given.namespace = m.Value.Text
		case "workloads":
			for _, w := range m.Value.Members {
				if !e.app.Workloads.Has(w.Key) {
					e.unknownName(entry, w.Key, e.app.Workloads.Keys())
					continue
				}
				e.given.workloads[w.Key] = e.readIdentity(entry, w.Value)
			}
		case "ingresses":
			for _, ingress := range m.Value.Members {
				for _, route := range ingress.Value.Items {
					if !e.app.Routes.Has(route.Text) {
						e.unknownName(entry, route.Text, e.app.Routes.Keys())
						continue
					}
					e.given.ingresses[route.Text] = ingress.Key
				}
			}
		default:
			e.unknownName(entry, m.Key, []string{"namespace", "workloads", "ingresses"})
		}
	}
}

func (e *emitter) readIdentity(entry *ir.PlatformEntry, v *ir.Value) identity {
	var id identity
	for _, m := range v.Members {
		switch m.Key {
		case "object":
			id.object = m.Value.Text
		case "container":
			id.container = m.Value.Text
		case "service":
			id.service, id.noService = m.Value.Text, m.Value.Text == ""
		case "public":
			id.public = m.Value.Text
		case "selector":
			id.selector = plainMap(m.Value)
		case "claims":
			id.claims = plainMap(m.Value)
		default:
			e.unknownName(entry, m.Key, []string{"object", "container", "service", "public", "selector", "claims"})
		}
	}
	return id
}

func plainMap(v *ir.Value) map[string]string {
	m := map[string]string{}
	for _, member := range v.Members {
		m[member.Key] = member.Value.Text
	}
	return m
}

func (e *emitter) unknownName(entry *ir.PlatformEntry, word string, known []string) {
	detail := "It can say " + strings.Join(known, ", ") + "."
	if closest := diag.Closest(word, known); closest != "" {
		detail = fmt.Sprintf("Did you mean %s? ", closest) + detail
	}
	e.fail(codePatchTarget, entry.Path, fmt.Sprintf("the names entry says %q, which concerns nothing", word), detail)
}

// recommends reports whether objects carry the recommended labels. What has a selector
// of its own is tied together by that.
func (e *emitter) recommends() bool { return e.given.entry == nil }

// or returns the first that is said.
func or(name, otherwise string) string {
	if name != "" {
		return name
	}
	return otherwise
}

// serviceOf is the name under which a workload is reached.
func (e *emitter) serviceOf(workload string) string {
	return or(e.given.workloads[workload].service, workload)
}

package nomad

import (
	"github.com/decamp-dev/decamp/backends/internal/document"
)

// wrapTasks gives each task that stands in the job itself a group of its own, and
// hands down the vault and secret blocks of the job and of the group, as Nomad does.
func (r *reader) wrapTasks(job *document.Value) {
	vault, secrets := job.Get("vault"), blocksOf(job, "secret")
	job.Delete("vault")
	job.Delete("secret")
	for i := range job.Members {
		if m := &job.Members[i]; m.Key == "task" {
			group := document.Block(m.Value.Labels, document.Member{Key: "task", Value: m.Value})
			r.places[group] = r.places[m.Value]
			m.Key, m.Value = "group", group
		}
	}
	for _, group := range blocksOf(job, "group") {
		of, handed := group.Get("vault"), append(blocksOf(group, "secret"), secrets...)
		group.Delete("vault")
		group.Delete("secret")
		if of == nil {
			of = vault
		}
		for _, task := range blocksOf(group, "task") {
			if of != nil && task.Get("vault") == nil {
				task.Add("vault", of)
			}
			for _, secret := range handed {
				task.Add("secret", secret)
			}
		}
	}
}

// inherit hands down to the groups what the job says for all of them, where moving it
// changes nothing.
func (r *reader) inherit(job *document.Value) {
	kind := textOf(job.Get("type"), "service")
	for _, key := range []string{"update", "migrate", "reschedule"} {
		of := job.Get(key)
		if of == nil || kind == "batch" && key == "update" || kind != "service" && key == "migrate" {
			continue
		}
		for _, group := range blocksOf(job, "group") {
			r.overlay(group, key, of)
		}
		job.Delete(key)
	}
}

// placementOf returns what job and group together say of nodes, where the spec has
// words for it: emitting says it for the job. rest is what the group says besides.
func placementOf(g *sourceGroup, key string) (neutralRules, rest []*document.Value) {
	for _, v := range blocksOf(g.job.doc, key) {
		if neutral(key, v) {
			neutralRules = append(neutralRules, v)
		}
	}
	for _, v := range blocksOf(g.doc, key) {
		if neutral(key, v) {
			neutralRules = append(neutralRules, v)
		} else {
			rest = append(rest, v)
		}
	}
	return neutralRules, rest
}

// neutral reports what the spec has words for, so that it becomes the placement of
// each group. The rest stays the job's.
func neutral(key string, v *document.Value) bool {
	switch key {
	case "constraint":
		return ruleOf(v, "is_set") != nil
	case "affinity":
		weight, said := intOf(v.Get("weight"))
		return ruleOf(v, "regexp") != nil && (!said || weight > 0)
	}
	return nodeLabel(textOf(v.Get("attribute"), "")) != ""
}

// overlay gives a group what the job says, below what it says itself.
func (r *reader) overlay(group *document.Value, key string, of *document.Value) {
	own := group.Get(key)
	if own == nil {
		group.Add(key, of)
		return
	}
	for _, m := range of.Members {
		if own.Get(m.Key) == nil {
			own.Members = append(own.Members, m)
		}
	}
}

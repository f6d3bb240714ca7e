package spec

import (
	"reflect"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// shortForm is what a person may write instead of a mapping, and the mapping that it
// stands for.
type shortForm struct {
	keys []string // that are given the scalar's value
	doc  string   // for the schema
}

// shortForms lists the one short form of each struct that has one: a scalar.
var shortForms = map[reflect.Type]shortForm{
	reflect.TypeFor[ir.Port]():      {[]string{"port"}, "the port number"},
	reflect.TypeFor[ir.Publish]():   {[]string{"port"}, "the port number outside"},
	reflect.TypeFor[ir.FileMount](): {[]string{"from"}, "a reference to a config or a secret"},
	reflect.TypeFor[ir.Space]():     {[]string{"size"}, "the size"},
	reflect.TypeFor[ir.GPUs]():      {[]string{"count"}, "the count"},
	reflect.TypeFor[ir.Restart]():   {[]string{"policy"}, "the policy"},
	reflect.TypeFor[ir.Build]():     {[]string{"context"}, "the context"},
	reflect.TypeFor[ir.Ulimit]():    {[]string{"soft", "hard"}, "the soft and the hard limit"},
}

// expandShortForm returns the mapping that a scalar stands for where the type has a
// short form, else the node itself.
func expandShortForm(n *tree.Node, t reflect.Type) *tree.Node {
	form, ok := shortForms[t]
	if !ok || n.IsNull() || !n.Kind.IsScalar() {
		return n
	}
	pairs := make([]tree.Pair, len(form.keys))
	for i, key := range form.keys {
		pairs[i] = tree.NewPair(key, n, n)
	}
	return tree.NewMapping(n, pairs...)
}

// listAsMapping turns a list of names into a mapping of names to nothing.
func listAsMapping(n *tree.Node) *tree.Node {
	if n.Kind != tree.Sequence {
		return n
	}
	pairs := make([]tree.Pair, 0, len(n.Items))
	for _, item := range n.Items {
		if item.Kind.IsScalar() {
			pairs = append(pairs, tree.NewPair(item.Value, tree.NewNull(item), item))
		}
	}
	return tree.NewMapping(n, pairs...)
}

// foreignKeys answers people who write what another format calls the same thing.
var foreignKeys = map[string]string{
	"command":           "What replaces the image's CMD is called args, what replaces its ENTRYPOINT entrypoint.",
	"cmd":               "What replaces the image's CMD is called args.",
	"environment":       "Variables stand under env, as a mapping.",
	"env_file":          "Files of variables stand under envFiles.",
	"volumes":           "What a container mounts stands under mounts, by path: {/data: {volume: data}}.",
	"volumeMounts":      "What a container mounts stands under mounts, by path: {/data: {volume: data}}.",
	"depends_on":        "Dependencies stand under needs: {db: ready}.",
	"healthcheck":       "Probes stand under health: {ready: {exec: […]}}.",
	"livenessProbe":     "It is called health.live here.",
	"readinessProbe":    "It is called health.ready here.",
	"startupProbe":      "It is called health.startup here.",
	"user":              "It stands under security: {user: 1000}.",
	"group":             "It stands under security: {group: 1000}.",
	"groups":            "It stands under security: {groups: [2000]}.",
	"privileged":        "It stands under security: {privileged: true}.",
	"read_only":         "It stands under security: {readOnlyRoot: true}.",
	"cap_add":           "It stands under security: {capabilities: {add: […]}}.",
	"cap_drop":          "It stands under security: {capabilities: {drop: […]}}.",
	"deploy":            "Its parts have names of their own here: replicas, resources, update, restart, placement.",
	"services":          "They are called workloads here.",
	"tmpfs":             "It is a mount here: {/tmp: {memory: 64Mi}}.",
	"stop_grace_period": "It is called stop: {grace: 30s} here.",
	"working_dir":       "It is called workdir here.",
	"logging":           "It is called log here.",
	"init_containers":   "They are called init here: a mapping of names to containers, in order.",
	"initContainers":    "They are called init here: a mapping of names to containers, in order.",
	"extra_hosts":       "Names outside of the app are endpoints here: {host, port, address}.",
	"value":             "A secret never has a value in a spec, only where the value comes from: env, file or external.",
}

// ShortForm returns what the one short form of a struct type is, a scalar, and
// whether the type has one.
func ShortForm(t reflect.Type) (doc string, ok bool) {
	form, ok := shortForms[t]
	return form.doc, ok
}

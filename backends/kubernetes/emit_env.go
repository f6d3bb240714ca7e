package kubernetes

import (
	"fmt"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// escape doubles every dollar: in values, commands, arguments and exec probes
// Kubernetes reads $(NAME) as a variable and $$ as a dollar.
func escape(s string) string { return strings.ReplaceAll(s, "$", "$$") }

// environment gathers the variables of one container. A value that is not known
// before the pod starts gets a variable of its own, which others name as $(NAME).
type environment struct {
	e       *emitter
	own     map[string]bool   // names that the app uses
	holders map[ir.Ref]string // reference → the variable that holds its value
	pending []corev1.EnvVar   // holders that stand before the variable being written
}

func newEnvironment(e *emitter, c *ir.Container) *environment {
	env := &environment{e: e, own: map[string]bool{}, holders: map[ir.Ref]string{}}
	for _, v := range c.Env {
		env.own[v.Key] = true
	}
	return env
}

// variables writes the app's variables in their order, each after those that it
// needs.
func (env *environment) variables(path string, c *ir.Container) []corev1.EnvVar {
	var list []corev1.EnvVar
	for _, v := range c.Env {
		if problems := validation.IsRelaxedEnvVarName(v.Key); len(problems) > 0 || !env.e.atLeast(32) && len(validation.IsEnvVarName(v.Key)) > 0 {
			env.e.fail(codeName, ir.JoinPath(path+".env", v.Key), fmt.Sprintf("%q cannot be the name of a variable on Kubernetes", v.Key), "Names are printable ASCII without an equals sign. Rename it.")
			continue
		}
		variable := corev1.EnvVar{Name: v.Key}
		if source := env.source(v.Value); source != nil {
			variable.ValueFrom = source
			if _, held := env.holders[env.normal(v.Value[0].Ref)]; !held {
				env.holders[env.normal(v.Value[0].Ref)] = v.Key
			}
		} else {
			variable.Value = env.text(v.Value)
		}
		list = append(list, env.pending...)
		env.pending = nil
		list = append(list, variable)
	}
	return list
}

// source returns where a value comes from that is one reference and nothing else.
func (env *environment) source(t ir.Text) *corev1.EnvVarSource {
	if len(t) != 1 || !t[0].IsRef() {
		return nil
	}
	return env.sourceOf(t[0].Ref)
}

func (env *environment) sourceOf(r ir.Ref) *corev1.EnvVarSource {
	switch r.Kind {
	case ir.RefSecret:
		return env.e.secretSource(r)
	case ir.RefConfig:
		if c := env.e.configs[r.Name]; c != nil && (c.single() || r.Field != "") && !c.rendered {
			return &corev1.EnvVarSource{ConfigMapKeyRef: &corev1.ConfigMapKeySelector{
				LocalObjectReference: corev1.LocalObjectReference{Name: c.object}, Key: c.keys[c.index(r.Field)],
			}}
		}
	}
	return nil
}

// normal gives the references of one value the same form.
func (env *environment) normal(r ir.Ref) ir.Ref {
	if r.Kind == ir.RefSecret && r.Field == "" {
		r.Field = env.e.secretKey(r.Name, "")
	}
	return r
}

// text writes a text for values, commands and arguments.
func (env *environment) text(t ir.Text) string {
	return t.Write(escape, func(r ir.Ref) string {
		if source := env.sourceOf(r); source != nil {
			return "$(" + env.holder(env.normal(r), source) + ")"
		}
		if r.Kind == ir.RefConfig {
			return env.text(env.e.configText(r))
		}
		text, _ := env.e.constant(r)
		return escape(text)
	})
}

// holder returns the variable that holds a reference's value.
func (env *environment) holder(r ir.Ref, source *corev1.EnvVarSource) string {
	if name, ok := env.holders[r]; ok {
		return name
	}
	base := variableName(r.Name)
	if secret := env.e.app.Secrets.Ref(r.Name); r.Kind == ir.RefSecret && secret != nil && len(secret.AllKeys()) > 1 {
		base += "_" + variableName(r.Field)
	}
	name := base
	for n := 2; env.own[name]; n++ {
		name = base + "_" + strconv.Itoa(n)
	}
	env.own[name] = true
	env.holders[r] = name
	env.pending = append(env.pending, corev1.EnvVar{Name: name, ValueFrom: source})
	return name
}

// variableName writes a name as variables are: DB_PASSWORD.
func variableName(name string) string {
	upper := strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToUpper(name))
	if upper != "" && upper[0] <= '9' && upper[0] >= '0' {
		upper = "_" + upper
	}
	return upper
}

func (env *environment) words(c *ir.Command) []string {
	if c == nil {
		return nil
	}
	words := make([]string, len(c.Words))
	for i, word := range c.Words {
		words[i] = env.text(word)
	}
	return words
}

// constants writes a command in which only what is known now can stand; false when
// it needs a secret.
func (e *emitter) constants(c *ir.Command, literal func(string) string) ([]string, bool) {
	if c == nil {
		return nil, false
	}
	words := make([]string, len(c.Words))
	for i, word := range c.Words {
		text, ok := e.plain(word)
		if !ok {
			return nil, false
		}
		words[i] = literal(text)
	}
	return words, true
}

// plain resolves a text of constants; false when it holds a secret.
func (e *emitter) plain(t ir.Text) (string, bool) {
	known := true
	text := t.Write(func(s string) string { return s }, func(r ir.Ref) string {
		text, ok := e.constant(r)
		known = known && ok
		return text
	})
	return text, known
}

// constant resolves a reference that is known when the app is compiled.
func (e *emitter) constant(r ir.Ref) (string, bool) {
	switch r.Kind {
	case ir.RefWorkloadHost:
		return e.serviceOf(r.Name), true
	case ir.RefWorkloadPort:
		if w := e.byName[r.Name]; w != nil {
			for _, p := range w.ports {
				if p.name == r.Field {
					return strconv.Itoa(p.Port.Port), true
				}
			}
		}
		return "", true
	case ir.RefEndpoint:
		endpoint, _ := e.app.Endpoints.Get(r.Name)
		return endpoint.Value(r.Field), true
	case ir.RefConfig:
		return e.plain(e.configText(r))
	}
	return "", false
}

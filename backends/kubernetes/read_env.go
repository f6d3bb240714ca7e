package kubernetes

import (
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// sourceEnvironment is the environment of one container as it is read.
type sourceEnvironment struct {
	r         *sourceReader
	namespace string
	variables ir.Map[ir.Text]
	known     map[string]ir.Text
}

// environment reads the variables of a container. What Kubernetes alone can fill in
// stays with it, and is said.
func (r *sourceReader) environment(w *sourceWorkload, path string, c *corev1.Container, n *tree.Node) *sourceEnvironment {
	env := &sourceEnvironment{r: r, namespace: w.namespace, known: map[string]ir.Text{}}
	for _, v := range r.allVariables(w, c) {
		at := ir.JoinPath(path+".env", v.EnvVar.Name)
		if v.index >= 0 {
			node := dig(n, v.index)
			r.comment(at, node)
			if value := node.Get("value"); value != nil {
				r.place(at, value)
			} else {
				r.place(at, node)
			}
		}
		text, ok := env.value(v.EnvVar)
		if !ok {
			r.report(diag.Warning, codeDownward, dig(n, v.index), at, "a variable is filled in by Kubernetes itself",
				"Its value is a fact of the pod ("+whatOf(v.ValueFrom)+"), which a spec has no words for. It stays in the ledger; elsewhere the variable has to be given.")
			continue
		}
		env.known[v.EnvVar.Name] = text
		env.variables.Set(v.EnvVar.Name, text)
	}
	return env
}

func whatOf(s *corev1.EnvVarSource) string {
	switch {
	case s == nil:
	case s.FieldRef != nil:
		return s.FieldRef.FieldPath
	case s.ResourceFieldRef != nil:
		return s.ResourceFieldRef.Resource
	}
	return "valueFrom"
}

// sourceVariable is a variable with its place in the list, -1 when it comes from a
// whole ConfigMap or Secret.
type sourceVariable struct {
	corev1.EnvVar
	index int
}

// allVariables lists what a container's environment is in the end: the keys of whole
// ConfigMaps and Secrets, then, over them, its own variables.
func (r *sourceReader) allVariables(w *sourceWorkload, c *corev1.Container) []sourceVariable {
	var list []sourceVariable
	own := map[string]bool{}
	for _, v := range c.Env {
		own[v.Name] = true
	}
	for _, v := range r.expandEnvFrom(w.namespace, c) {
		if !own[v.Name] {
			list = append(list, sourceVariable{v, -1})
		}
	}
	for i, v := range c.Env {
		list = append(list, sourceVariable{v, i})
	}
	return list
}

// expandEnvFrom writes the keys of whole ConfigMaps and Secrets as variables, where
// their keys are known.
func (r *sourceReader) expandEnvFrom(namespace string, c *corev1.Container) []corev1.EnvVar {
	var list []corev1.EnvVar
	at := map[string]int{}
	add := func(v corev1.EnvVar) {
		if i, ok := at[v.Name]; ok {
			list[i] = v // the last one counts
			return
		}
		at[v.Name] = len(list)
		list = append(list, v)
	}
	for _, from := range c.EnvFrom {
		switch {
		case from.ConfigMapRef != nil:
			for _, key := range r.configKeys(namespace, from.ConfigMapRef.Name) {
				add(corev1.EnvVar{Name: from.Prefix + key, ValueFrom: &corev1.EnvVarSource{ConfigMapKeyRef: &corev1.ConfigMapKeySelector{LocalObjectReference: from.ConfigMapRef.LocalObjectReference, Key: key}}})
			}
		case from.SecretRef != nil:
			if o := r.byKey[objectKey("Secret", namespace, from.SecretRef.Name)]; o != nil {
				for _, key := range secretKeysOf(o) {
					add(corev1.EnvVar{Name: from.Prefix + key, ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{LocalObjectReference: from.SecretRef.LocalObjectReference, Key: key}}})
				}
			}
		}
	}
	return list
}

// value reads the value of one variable; false for what only Kubernetes knows.
func (env *sourceEnvironment) value(v corev1.EnvVar) (ir.Text, bool) {
	from := v.ValueFrom
	switch {
	case from == nil:
		return env.text(v.Name, v.Value), true
	case from.SecretKeyRef != nil:
		name := env.r.secret(env.namespace, from.SecretKeyRef.Name, from.SecretKeyRef.Key)
		return ir.Text{{Ref: ir.Ref{Kind: ir.RefSecret, Name: name, Field: from.SecretKeyRef.Key}}}, true
	case from.ConfigMapKeyRef != nil:
		if ref, ok := env.r.configRef(env.namespace, from.ConfigMapKeyRef.Name, from.ConfigMapKeyRef.Key); ok {
			return ir.Text{{Ref: ref}}, true
		}
	}
	return nil, false
}

func (env *sourceEnvironment) command(words []string) *ir.Command {
	if len(words) == 0 {
		return nil
	}
	c := &ir.Command{}
	for _, word := range words {
		c.Words = append(c.Words, env.text("", word))
	}
	return c
}

// segment is a part of a text of Kubernetes: plain, or a variable's name.
type segment struct {
	plain, variable string
}

// segments takes a text apart as Kubernetes does: $(NAME) is a variable, $$ a dollar.
func segments(s string) []segment {
	var list []segment
	var plain strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '$' || i+1 == len(s) {
			plain.WriteByte(s[i])
			continue
		}
		switch s[i+1] {
		case '$':
			plain.WriteByte('$')
			i++
		case '(':
			end := strings.IndexByte(s[i:], ')')
			if end < 0 {
				plain.WriteByte('$')
				continue
			}
			if plain.Len() > 0 {
				list = append(list, segment{plain: plain.String()})
				plain.Reset()
			}
			list = append(list, segment{variable: s[i+2 : i+end]})
			i += end
		default:
			plain.WriteByte('$')
		}
	}
	if plain.Len() > 0 || len(list) == 0 {
		list = append(list, segment{plain: plain.String()})
	}
	return list
}

// isVariable tells what may be a variable from what a shell reads: $(seq 1 10) stays as
// it is, because no variable is called so.
var isVariable = pattern.New(`^[A-Za-z_][A-Za-z0-9_.-]*$`)

// unescape is the plain text of what Kubernetes expands.
func unescape(s string) string {
	var b strings.Builder
	for _, part := range segments(s) {
		if part.variable != "" {
			b.WriteString("$(" + part.variable + ")")
		}
		b.WriteString(part.plain)
	}
	return b.String()
}

// text reads a text in which variables of the container may stand, and finds the
// names of the app's own workloads in it.
func (env *sourceEnvironment) text(variable, s string) ir.Text {
	if s == "" {
		return ir.Literal("")
	}
	var t ir.Text
	for _, part := range segments(s) {
		if part.variable == "" {
			t = append(t, env.r.hostsIn(env.namespace, variable, part.plain, part.plain == s)...)
			continue
		}
		if known, ok := env.known[part.variable]; ok {
			t = append(t, known...)
		} else if !isVariable().MatchString(part.variable) {
			t = append(t, env.r.hostsIn(env.namespace, variable, "$("+part.variable+")", false)...)
		} else {
			t = append(t, ir.Part{Literal: "$(" + part.variable + ")"})
		}
	}
	return joinLiterals(t)
}

func joinLiterals(t ir.Text) ir.Text {
	var out ir.Text
	for _, p := range t {
		if last := len(out) - 1; last >= 0 && !p.IsRef() && !out[last].IsRef() {
			out[last].Literal += p.Literal
		} else if p.IsRef() || p.Literal != "" {
			out = append(out, p)
		}
	}
	if len(out) == 0 {
		return ir.Literal("")
	}
	return out
}

var (
	hostName     = pattern.New(`[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)*(?::[0-9]+)?`)
	hostVariable = pattern.New(`(?i)(HOST|HOSTNAME|HOSTS|SERVER|ADDR|ADDRESS|SERVICE|ENDPOINT|_DOMAIN)$`)
)

// usualPort is the port of the scheme that a text ends with; 0 when it ends with none.
func usualPort(before string) int32 {
	switch {
	case strings.HasSuffix(before, "http://"), strings.HasSuffix(before, "ws://"):
		return 80
	case strings.HasSuffix(before, "https://"), strings.HasSuffix(before, "wss://"):
		return 443
	}
	return 0
}

// hostsIn makes references of the names of the app's Services: where a port follows
// that the Service has, behind the slashes of a URL, and where the whole value of a
// variable that is called so is the name.
func (r *sourceReader) hostsIn(namespace, variable, s string, whole bool) ir.Text {
	var t ir.Text
	end := 0
	for _, at := range hostName().FindAllStringIndex(s, -1) {
		name, port, hasPort := strings.Cut(s[at[0]:at[1]], ":")
		service := r.host(namespace, name)
		if service == nil || service.workload == nil || at[0] > 0 && strings.ContainsRune("-._/$%\\", rune(s[at[0]-1])) && !strings.HasSuffix(s[:at[0]], "://") {
			continue
		}
		if at[1] < len(s) && strings.ContainsRune("-_.", rune(s[at[1]])) {
			continue
		}
		host := ir.Part{Ref: ir.Ref{Kind: ir.RefWorkloadHost, Name: service.workload.name}}
		before := s[:at[0]]
		inURL := strings.HasSuffix(before, "://") || strings.HasSuffix(before, "@") && strings.Contains(before, "://")
		number, _ := strconv.Atoi(port)
		switch {
		case hasPort:
			portName := service.portName(int32(number))
			if portName == "" {
				continue
			}
			t = append(t, ir.Part{Literal: s[end:at[0]]}, host, ir.Part{Literal: ":"}, ir.Part{Ref: ir.Ref{Kind: ir.RefWorkloadPort, Name: service.workload.name, Field: portName}})
		case inURL || whole && at[0] == 0 && at[1] == len(s) && hostVariable().MatchString(variable):
			t = append(t, ir.Part{Literal: s[end:at[0]]}, host)
			if usual := usualPort(before); inURL && usual > 0 && service.remaps(usual) {
				t = append(t, ir.Part{Literal: ":"}, ir.Part{Ref: ir.Ref{Kind: ir.RefWorkloadPort, Name: service.workload.name, Field: service.portName(usual)}})
			}
		default:
			continue
		}
		end = at[1]
	}
	return append(t, ir.Part{Literal: s[end:]})
}

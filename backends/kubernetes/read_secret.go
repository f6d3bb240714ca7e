package kubernetes

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

func secretKeysOf(o *sourceObject) []string {
	typed, ok := o.typed.(*corev1.Secret)
	if !ok {
		return nil
	}
	keys := map[string]bool{}
	for key := range typed.Data {
		keys[key] = true
	}
	for key := range typed.StringData {
		keys[key] = true
	}
	return slices.Sorted(maps.Keys(keys))
}

// readSecret keeps what a Secret is and never what it is worth.
func (r *sourceReader) readSecret(o *sourceObject, typed *corev1.Secret) {
	o.taken = true
	if typed.Type == corev1.SecretTypeServiceAccountToken {
		r.report(diag.Note, codeServerFields, o.node, "", fmt.Sprintf("Secret %s holds a token of the cluster and is left out", o.name), "Kubernetes makes such tokens itself.")
		return
	}
	name := r.unique(&r.names.secrets, o, func(name string) bool { return r.app.Secrets.Has(name) })
	s := ir.Secret{Keys: secretKeysOf(o)}
	switch typed.Type {
	case corev1.SecretTypeTLS:
		s.Type = "tls"
		if slices.Equal(s.Keys, []string{"tls.crt", "tls.key"}) || len(s.Keys) == 0 {
			s.Keys = nil
		}
	case corev1.SecretTypeDockerConfigJson, corev1.SecretTypeDockercfg:
		s.Type, s.Keys = "registry", nil
	}
	if name != o.name {
		s.External = o.name
	}
	r.secrets[o.key()] = name
	r.app.Secrets.Set(name, s)
	r.place(ir.JoinPath("secrets", name), dig(o.node, "metadata", "name"))
	keys := ""
	if list := secretKeysOf(o); len(list) > 0 {
		keys = " (" + strings.Join(list, ", ") + ")"
	}
	var also []string
	for _, key := range []string{"labels", "annotations"} {
		also = append(also, orderedKeys(o.node.Get("metadata"), key)...)
	}
	for _, key := range []string{"immutable", "type"} {
		if o.node.Get(key) != nil {
			also = append(also, key)
		}
	}
	detail := "A spec says where a secret comes from and never its value. Create it on each platform from where the value is kept, and take this file out of the repository."
	if o.namespace != "" {
		detail += " On Kubernetes it is in the namespace " + o.namespace + "."
	}
	if len(also) > 0 {
		detail += " Not kept either: " + strings.Join(also, ", ") + "."
	}
	d := r.report(diag.Note, codeSecretNeeded, dig(o.node, "metadata"), ir.JoinPath("secrets", name), fmt.Sprintf("the values of Secret %s%s are not copied", o.name, keys), detail)
	d.Redact = true
}

// secret returns the app's name of a Secret that something refers to, and declares
// the key.
func (r *sourceReader) secret(namespace, name, key string) string {
	id := objectKey("Secret", namespace, name)
	known, ok := r.secrets[id]
	if !ok {
		known = r.names.secrets.Name(name)
		if r.app.Secrets.Has(known) {
			known = r.names.secrets.Name(name + "-" + or(namespace, "default"))
		}
		s := ir.Secret{}
		if known != name {
			s.External = name
		}
		r.secrets[id] = known
		r.app.Secrets.Set(known, s)
		r.report(diag.Note, codeMissing, nil, ir.JoinPath("secrets", known), fmt.Sprintf("Secret %s is not in these files", name), "It is declared, and has to be created on each platform.")
	}
	if s := r.app.Secrets.Ref(known); key != "" && !slices.Contains(s.AllKeys(), key) || key != "" && len(s.Keys) == 0 && s.Type == "" {
		if s.Type == "tls" && len(s.Keys) == 0 {
			s.Keys = s.AllKeys()
		}
		if !slices.Contains(s.Keys, key) {
			s.Keys = append(slices.Clip(s.Keys), key)
		}
	}
	return known
}

func (r *sourceReader) secretMount(w *sourceWorkload, v *corev1.SecretVolumeSource, place string, m corev1.VolumeMount, out *ir.Container) {
	name := r.secret(w.namespace, v.SecretName, "")
	file := func(place, key string, item *int32) {
		if out.Files.Has(place) || out.Mounts.Has(place) {
			return
		}
		r.secret(w.namespace, v.SecretName, key)
		out.Files.Set(place, ir.FileMount{Secret: name, Key: key, Mode: modeOf(item, v.DefaultMode)})
	}
	filesOf(v.Items, m, place, file, func() {
		if s := r.app.Secrets.Ref(name); len(s.Keys) == 0 && s.Type != "tls" {
			s.Keys = []string{ir.DefaultSecretKey}
			r.report(diag.Warning, codeMissing, w.pod.Get("volumes"), ir.JoinPath("secrets", name), fmt.Sprintf("the keys of Secret %s are not known", v.SecretName), "All of it is mounted as a folder. List the names of its files under keys.")
		}
		out.Files.Set(place, ir.FileMount{Secret: name, Mode: modeOf(nil, v.DefaultMode)})
	})
}

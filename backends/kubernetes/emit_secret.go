package kubernetes

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// secretName is the name of the Secret on the cluster.
func secretName(name string, s *ir.Secret) string {
	if s.External != "" {
		return s.External
	}
	return name
}

// secretKeys lists the keys that the Secret has on the cluster.
func secretKeys(s *ir.Secret) []string {
	if s.Type == "registry" && len(s.Keys) == 0 {
		return []string{corev1.DockerConfigJsonKey}
	}
	return s.AllKeys()
}

// secretKey returns the key that is meant: the one given, or the first.
func (e *emitter) secretKey(name, key string) string {
	s := e.app.Secrets.Ref(name)
	if key != "" || s == nil {
		return key
	}
	return secretKeys(s)[0]
}

func (e *emitter) secretSource(r ir.Ref) *corev1.EnvVarSource {
	s := e.app.Secrets.Ref(r.Name)
	if s == nil {
		return nil
	}
	return &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
		LocalObjectReference: corev1.LocalObjectReference{Name: secretName(r.Name, s)}, Key: e.secretKey(r.Name, r.Field),
	}}
}

// secrets says how each secret is created.
func (e *emitter) secrets() {
	for i := range e.app.Secrets {
		item := &e.app.Secrets[i]
		if item.Value.External == "" {
			e.note(codeSecretNeeded, ir.JoinPath("secrets", item.Key),
				fmt.Sprintf("the Secret %q has to exist in the namespace before the app is deployed", item.Key),
				"Create it with: "+secretCommand(item.Key, &item.Value))
		}
	}
}

// secretCommand is the command that creates a secret. It names where the values come
// from and never holds one.
func secretCommand(name string, s *ir.Secret) string {
	switch {
	case s.Type == "registry" && s.File != "":
		return fmt.Sprintf("kubectl create secret docker-registry %s --from-file=%s=%s", name, corev1.DockerConfigJsonKey, shellWord(s.File))
	case s.Type == "registry" && s.Env != "":
		return fmt.Sprintf("kubectl create secret docker-registry %s --from-file=%s=<(printf %%s \"$%s\")", name, corev1.DockerConfigJsonKey, s.Env)
	case s.Type == "registry":
		return fmt.Sprintf("kubectl create secret docker-registry %s --from-file=%s=$HOME/.docker/config.json", name, corev1.DockerConfigJsonKey)
	case s.Type == "tls" && len(s.Keys) == 0:
		folder := strings.TrimSuffix(s.File, "/")
		if folder == "" {
			folder = "."
		}
		return fmt.Sprintf("kubectl create secret tls %s --cert=%s --key=%s", name, shellWord(folder+"/tls.crt"), shellWord(folder+"/tls.key"))
	}
	command := "kubectl create secret generic " + name
	keys := s.AllKeys()
	for _, key := range keys {
		source := shellWord(key)
		switch {
		case s.File != "" && len(keys) == 1:
			source = shellWord(s.File)
		case s.File != "":
			source = shellWord(strings.TrimSuffix(s.File, "/") + "/" + key)
		case s.Env != "" && len(keys) == 1:
			source = fmt.Sprintf("<(printf %%s \"$%s\")", s.Env)
		case s.Env != "":
			source = fmt.Sprintf("<(printf %%s \"$%s_%s\")", s.Env, variableName(key))
		case len(keys) == 1:
			source = "/dev/stdin"
		}
		command += fmt.Sprintf(" --from-file=%s=%s", key, source)
	}
	return command
}

// shellWord quotes what a shell would take apart.
func shellWord(s string) string {
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./") == "" && s != "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// secretsFile is a file of comments only, which kubectl reads as nothing: what has to
// be created by hand, and how.
func (e *emitter) secretsFile() string {
	if len(e.app.Secrets) == 0 {
		return ""
	}
	var b strings.Builder
	line := func(s string) {
		for l := range strings.Lines(strings.TrimRight(s, "\n") + "\n") {
			b.WriteString(strings.TrimRight("# "+strings.TrimRight(l, "\r\n"), " ") + "\n")
		}
	}
	line(e.header())
	line("\nNo manifest holds a secret. These have to exist in the namespace first; the commands are for bash.")
	for i := range e.app.Secrets {
		item := &e.app.Secrets[i]
		s := &item.Value
		line("")
		title := secretName(item.Key, s)
		if s.Description != "" {
			title += ": " + s.Description
		}
		line(title)
		if s.External != "" {
			line("  exists already, with the keys " + strings.Join(secretKeys(s), ", "))
			continue
		}
		line("  " + secretCommand(item.Key, s))
	}
	return b.String()
}

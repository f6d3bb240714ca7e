package kubernetes

import (
	"strconv"

	corev1 "k8s.io/api/core/v1"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// security reads what holds for one container: its own words, else the pod's.
func (r *sourceReader) security(pod *corev1.PodSecurityContext, s *corev1.SecurityContext) *ir.Security {
	s = effective(pod, s)
	if s == nil {
		return nil
	}
	out := ir.Security{}
	number := func(n *int64) string {
		if n == nil || *n < 0 {
			return ""
		}
		return strconv.FormatInt(*n, 10)
	}
	is := func(b *bool) bool { return b != nil && *b }
	out.User, out.Group = number(s.RunAsUser), number(s.RunAsGroup)
	out.ReadOnlyRoot, out.Privileged = is(s.ReadOnlyRootFilesystem), is(s.Privileged)
	out.NoNewPrivileges = s.AllowPrivilegeEscalation != nil && !*s.AllowPrivilegeEscalation
	if c := s.Capabilities; c != nil && len(c.Add)+len(c.Drop) > 0 {
		out.Capabilities = &ir.Capabilities{Add: capabilityNames(c.Add), Drop: capabilityNames(c.Drop)}
	}
	if p := s.SeccompProfile; p != nil {
		switch {
		case p.Type == corev1.SeccompProfileTypeRuntimeDefault:
			out.Seccomp = "default"
		case p.Type == corev1.SeccompProfileTypeUnconfined:
			out.Seccomp = "unconfined"
		case p.LocalhostProfile != nil:
			out.Seccomp = *p.LocalhostProfile
		}
	}
	if p := s.AppArmorProfile; p != nil {
		switch {
		case p.Type == corev1.AppArmorProfileTypeRuntimeDefault:
			out.AppArmor = "default"
		case p.Type == corev1.AppArmorProfileTypeUnconfined:
			out.AppArmor = "unconfined"
		case p.LocalhostProfile != nil:
			out.AppArmor = *p.LocalhostProfile
		}
	}
	if l := s.SELinuxOptions; l != nil && (*l != corev1.SELinuxOptions{}) {
		out.SELinux = &ir.SELinux{User: l.User, Role: l.Role, Type: l.Type, Level: l.Level}
	}
	if isZeroSecurity(&out) {
		return nil
	}
	return &out
}

// anyUser says that a container may not run as root, where a user is named beside the words that it may.
func (r *sourceReader) anyUser(path string, s *ir.Security, contexts ...*tree.Node) {
	if s == nil || s.User == "" || s.User == "0" {
		return
	}
	for _, context := range contexts {
		if n := context.Get("runAsNonRoot"); n != nil && n.Value == "false" {
			r.report(diag.Warning, codeNoEffect, n, path+".security.user", "runAsNonRoot: false has no effect here", "runAsUser names a user that is not root's, and that one it is. Take the line out.")
		}
	}
}

func isZeroSecurity(s *ir.Security) bool {
	return s.User == "" && s.Group == "" && !s.ReadOnlyRoot && !s.Privileged && !s.NoNewPrivileges && s.Capabilities == nil &&
		s.Seccomp == "" && s.AppArmor == "" && s.SELinux == nil
}

func capabilityNames(list []corev1.Capability) []string {
	var names []string
	for _, c := range capabilities(capabilityStrings(list)) {
		names = append(names, string(c))
	}
	return names
}

func capabilityStrings(list []corev1.Capability) []string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = string(c)
	}
	return out
}

// effective is what holds for a container: what its pod says, unless it says otherwise
// itself.
func effective(pod *corev1.PodSecurityContext, own *corev1.SecurityContext) *corev1.SecurityContext {
	if pod == nil {
		return own
	}
	s := &corev1.SecurityContext{}
	if own != nil {
		s = own.DeepCopy()
	}
	fill(&s.RunAsUser, pod.RunAsUser)
	fill(&s.RunAsGroup, pod.RunAsGroup)
	fill(&s.RunAsNonRoot, pod.RunAsNonRoot)
	fill(&s.SeccompProfile, pod.SeccompProfile)
	fill(&s.AppArmorProfile, pod.AppArmorProfile)
	fill(&s.SELinuxOptions, pod.SELinuxOptions)
	return s
}

func fill[T any](into **T, from *T) {
	if *into == nil {
		*into = from
	}
}

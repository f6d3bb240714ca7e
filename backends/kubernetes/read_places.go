package kubernetes

import (
	"cmp"
	"strings"

	"github.com/decamp-dev/decamp/compiler/tree"
)

// containerPlaces says in which field of a container each fact of it stands, and
// probePlaces the same of a probe. A fact that is not listed is shown at the field that
// it is part of.
var (
	containerPlaces = [][2]string{
		{"image", "image"}, {"pull", "imagePullPolicy"}, {"entrypoint", "command"}, {"args", "args"}, {"workdir", "workingDir"}, {"env", "env"}, {"ports", "ports"},
		{"tty", "tty"}, {"stdin", "stdin"}, {"files", "volumeMounts"}, {"mounts", "volumeMounts"},
		{"resources", "resources"},
		{"resources.cpu", "resources.requests.cpu"}, {"resources.memory", "resources.requests.memory"}, {"resources.disk", "resources.requests.ephemeral-storage"},
		{"resources.limits.cpu", "resources.limits.cpu"}, {"resources.limits.memory", "resources.limits.memory"}, {"resources.limits.disk", "resources.limits.ephemeral-storage"},
		{"security", "securityContext"},
	}
	// securityPlaces may stand in the pod as well, for all of its containers.
	securityPlaces = [][2]string{
		{"user", "runAsUser"}, {"group", "runAsGroup"}, {"readOnlyRoot", "readOnlyRootFilesystem"}, {"privileged", "privileged"},
		{"noNewPrivileges", "allowPrivilegeEscalation"}, {"capabilities", "capabilities"}, {"capabilities.add", "capabilities.add"},
		{"capabilities.drop", "capabilities.drop"}, {"seccomp", "seccompProfile"}, {"apparmor", "appArmorProfile"}, {"selinux", "seLinuxOptions"},
	}
	probePlaces = [][2]string{
		{"every", "periodSeconds"}, {"timeout", "timeoutSeconds"}, {"delay", "initialDelaySeconds"}, {"failures", "failureThreshold"}, {"successes", "successThreshold"},
		{"exec", "exec.command"}, {"http", "httpGet"}, {"http.path", "httpGet.path"}, {"http.port", "httpGet.port"}, {"http.scheme", "httpGet.scheme"}, {"http.host", "httpGet.host"},
		{"tcp", "tcpSocket"}, {"tcp.port", "tcpSocket.port"}, {"grpc", "grpc"}, {"grpc.port", "grpc.port"}, {"grpc.service", "grpc.service"},
	}
)

// placeAll notes where the facts of a list stand: path is that of what they belong to,
// and nodes are what may hold them, the first that does.
func (r *sourceReader) placeAll(path string, list [][2]string, nodes ...*tree.Node) {
	for _, p := range list {
		var found *tree.Node
		for _, n := range nodes {
			for _, key := range strings.Split(p[1], ".") {
				n = n.Get(key)
			}
			found = cmp.Or(found, n)
		}
		r.place(path+"."+p[0], found)
	}
}

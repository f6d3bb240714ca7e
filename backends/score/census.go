package score

import "github.com/decamp-dev/decamp/compiler/backend"

// fields says what becomes of each property of Score's schema. The probes of both
// kinds have one form, and so have reservations and limits.
func fields() []backend.FieldRow {
	const m, c, i = backend.Mapped, backend.Carried, backend.Ignored
	return []backend.FieldRow{
		{Field: "apiVersion", Verdict: i, Because: "it says that the file is Score's; anything but score.dev/v1b1 is refused"},
		{Field: "metadata.name", Verdict: m, Because: "the name of the workload"},
		{Field: "metadata.annotations", Verdict: m, Because: "annotations of the workload"},
		{Field: "metadata.*", Verdict: c, Because: "the schema leaves it open, and only Score's tools read it"},
		{Field: "service.ports.port", Verdict: m, Because: "the port, where no targetPort differs; else carried, with a warning: inside an app a workload is reached where it listens"},
		{Field: "service.ports.protocol", Verdict: m, Because: "the protocol of the port"},
		{Field: "service.ports.targetPort", Verdict: m, Because: "the port that the container listens on"},
		{Field: "containers.image", Verdict: m, Because: "the image; a single dot becomes a var"},
		{Field: "containers.command", Verdict: m, Because: "the entrypoint"},
		{Field: "containers.args", Verdict: m, Because: "the args"},
		{Field: "containers.variables", Verdict: m, Because: "env; placeholders become references"},
		{Field: "containers.files.target", Verdict: m, Because: "the path of the file, in the old form that is a list"},
		{Field: "containers.files.mode", Verdict: m, Because: "the mode of the file"},
		{Field: "containers.files.source", Verdict: m, Because: "a config with the content of that file"},
		{Field: "containers.files.content", Verdict: m, Because: "a config; a template where it has placeholders"},
		{Field: "containers.files.binaryContent", Verdict: m, Because: "a config with these bytes"},
		{Field: "containers.files.noExpand", Verdict: m, Because: "the content is taken as it stands"},
		{Field: "containers.volumes.target", Verdict: m, Because: "the path of the mount, in the old form that is a list"},
		{Field: "containers.volumes.source", Verdict: m, Because: "the volume: a resource, or one that is there already under that name"},
		{Field: "containers.volumes.path", Verdict: m, Because: "the subpath of the mount"},
		{Field: "containers.volumes.readOnly", Verdict: m, Because: "readOnly of the mount"},
		{Field: "containers.before.ready", Verdict: m, Because: "complete makes an init container; started and healthy are carried, with a warning"},
		{Field: "containers.resources.limits.cpu", Verdict: m, Because: "the limit"},
		{Field: "containers.resources.limits.memory", Verdict: m, Because: "the limit"},
		{Field: "containers.resources.requests.cpu", Verdict: m, Because: "the reservation; what exceeds the limit is carried, with a warning"},
		{Field: "containers.resources.requests.memory", Verdict: m, Because: "the reservation; what exceeds the limit is carried, with a warning"},
		{Field: "containers.livenessProbe", Verdict: m, Because: "health.live"},
		{Field: "containers.readinessProbe", Verdict: m, Because: "health.ready"},
		{Field: "probe.exec.command", Verdict: m, Because: "exec, which Score prefers to httpGet"},
		{Field: "probe.httpGet.host", Verdict: m, Because: "the Host header"},
		{Field: "probe.httpGet.scheme", Verdict: m, Because: "the scheme"},
		{Field: "probe.httpGet.path", Verdict: m, Because: "the path"},
		{Field: "probe.httpGet.port", Verdict: m, Because: "the port by its name; it is declared where the service does not name it"},
		{Field: "probe.httpGet.httpHeaders.name", Verdict: m, Because: "a header; one that is sent twice is carried, with a warning"},
		{Field: "probe.httpGet.httpHeaders.value", Verdict: m, Because: "the value of the header"},
		{Field: "resources.type", Verdict: m, Because: "a volume, a route, a var, a workload, or an endpoint with a secret; what is not known is carried, with a warning"},
		{Field: "resources.class", Verdict: c, Because: "only what provisions the resource knows the classes"},
		{Field: "resources.id", Verdict: m, Because: "resources of one type, class and id are one thing, and it is called so"},
		{Field: "resources.metadata.annotations", Verdict: c, Because: "only what provisions the resource reads them; the type of a route's path is mapped"},
		{Field: "resources.metadata.*", Verdict: c, Because: "the schema leaves it open, and only what provisions the resource reads it"},
		{Field: "resources.params", Verdict: c, Because: "only what provisions the resource reads them; those of routes, services and service-ports are mapped"},
	}
}

package main

func pattern(description, p string, alternatives ...any) object {
	text := object{{"type", "string"}, {"pattern", p}}
	if len(alternatives) == 0 {
		return append(object{{"description", description}}, text...)
	}
	return object{{"description", description}, {"anyOf", append([]any{text}, alternatives...)}}
}

var (
	integer  = object{{"type", "integer"}, {"minimum", 0}}
	number   = object{{"type", "number"}, {"minimum", 0}}
	variable = object{{"$ref", "#/$defs/constantReference"}}
	scalar   = object{{"type", []string{"string", "number", "boolean", "null"}}}
)

// specForms are the leaves of a spec, as a person writes them.
var specForms = map[string]object{
	"constantReference": pattern("A value that refers to vars or to the stage: ${vars.x}, ${stage}.", `\$\{(vars\.[A-Za-z0-9_-]+|stage)\}`),
	"size":              pattern("A size: 64Mi, 2Gi (powers of 1024), 512M (powers of 1000), or a number of bytes.", `^[0-9]+(\.[0-9]+)?(Ki|Mi|Gi|Ti|Pi|k|K|M|G|T|P)?$`, integer, variable),
	"cpu":               pattern("An amount of CPU: 250m, 0.25 or 2 cores.", `^([0-9]+m|[0-9]+(\.[0-9]{1,3})?)$`, number, variable),
	"duration":          pattern("A span of time: 500ms, 10s, 1h30m, 7d.", `^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$|^[0-9]+d$`, variable),
	"fileMode":          pattern("Permission bits in octal: 0440.", `^(0o)?[0-7]{3,4}$`, integer, variable),
	"amount":            pattern("A count, or a share of the replicas: 2, 25%.", `^[0-9]+%?$`, integer, variable),
	"text":              append(object{{"description", "Text that may hold references: ${secrets.x}, ${configs.x}, ${workloads.x.host}, ${workloads.x.ports.y}, ${endpoints.x.url}, ${vars.x}, ${stage}; $$ is a dollar."}}, scalar...),
	"command": {{"description", "A list of words. A string is split into words as a shell would (exec of probes and hooks: run by /bin/sh -c)."}, {"anyOf", []any{
		object{{"type", "array"}, {"items", scalar}}, object{{"type", "string"}}}}},
	"portReference": pattern("A port of a workload: web.http.", `^[a-z0-9-]+\.[a-z0-9-]+$`),
	"condition":     {{"description", "started: its containers run; ready: its readiness probe passes; completed: its job has ended well."}, {"enum", []string{"started", "ready", "completed"}}},
	"anything":      {{"description", "Merged into what is emitted for the platform."}, {"type", []string{"object", "array"}}},
	"objects":       {{"description", "Added whole to what is emitted for the platform."}, {"type", "array"}, {"items", object{{"type", "object"}}}},
	"nodeRule":      pattern("A condition on a label of nodes: node.zone == a, node.disk != hdd, node.zone in [a, b], node.zone not in [c], node.gpu exists.", `^\s*node\.\S+\s+(==|!=|in|not in|exists)`),
	"peer":          {{"description", "A workload, an endpoint, a route (in ingress), host:port, a CIDR or CIDR:port."}, {"type", "string"}},
}

var textPart = object{{"type", "object"}, {"additionalProperties", false}, {"minProperties", 1}, {"maxProperties", 1}, {"properties", object{
	{"text", object{{"type", "string"}}}, {"ref", object{{"description", "What is referred to, as in a spec without the braces."}, {"type", "string"}}}}}}

// irForms are the same leaves as the compiler prints them.
var irForms = map[string]object{
	"size":          specForms["size"].without("anyOf", `^[0-9]+(Ki|Mi|Gi|Ti|Pi|k|K|M|G|T|P)?$`),
	"cpu":           specForms["cpu"].without("anyOf", `^[0-9]+m?$`),
	"duration":      specForms["duration"].without("anyOf", `^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$`),
	"fileMode":      specForms["fileMode"].without("anyOf", `^[0-7]{4}$`),
	"amount":        specForms["amount"].without("anyOf", `^[0-9]+%?$`),
	"text":          {{"description", "A literal, or a list of literal and reference parts."}, {"anyOf", []any{object{{"type", "string"}}, object{{"type", "array"}, {"items", textPart}}}}},
	"command":       {{"description", "An argument vector; empty clears what the image says."}, {"type", "array"}, {"items", object{{"$ref", "#/$defs/text"}}}},
	"portReference": specForms["portReference"],
	"condition":     specForms["condition"],
	"anything":      {{"description", "A piece of the platform's own format."}},
	"objects":       {{"type", "array"}},
	"nodeRule":      specForms["nodeRule"],
	"peer": {{"description", "One end of an allowed connection."}, {"type", "object"}, {"additionalProperties", false}, {"properties", object{
		{"workload", object{{"type", "string"}}}, {"endpoint", object{{"type", "string"}}}, {"route", object{{"type", "string"}}},
		{"host", object{{"type", "string"}}}, {"cidr", object{{"type", "string"}}}, {"port", object{{"type", "integer"}}}}}},
}

// without returns the description with a plain pattern instead of the alternatives.
func (o object) without(key, p string) object {
	kept := object{}
	for _, m := range o {
		if m.key != key {
			kept = append(kept, m)
		}
	}
	return append(kept, member{"type", "string"}, member{"pattern", p})
}

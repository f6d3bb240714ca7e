package swarm

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/decamp-dev/decamp/backends/internal/composeread"
	"github.com/decamp-dev/decamp/backends/internal/jsonschema"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
	"github.com/decamp-dev/decamp/compiler/source"
)

// detect recognises a stack file by its name, or by its head where this backend has
// written it. Any file with services may be one.
func detect(f *source.File) backend.Confidence {
	switch {
	case composeread.TopKey(f.Data, "apiVersion") || composeread.TopKey(f.Data, "decamp") || !composeread.TopKey(f.Data, "services"):
		return backend.No
	case composeread.NamesStack(f.Name) || ownStack(string(f.Data)) != "":
		return backend.Sure
	}
	return backend.Maybe
}

// Read turns stack files, merged in their order, into an app.
func Read(s backend.Source) (backend.Reading, diag.List) { return composeread.Read(dialect(), s) }

// specification is the JSON Schema of stack files, as docker/cli has it (Apache-2.0),
// without definitions.constraints, which nothing refers to.
//
//go:embed stack-schema.json
var specification []byte

var stackSchema = sync.OnceValues(func() (*jsonschema.Schema, error) { return jsonschema.Parse(specification, nil) })

// dialect is what docker stack deploy makes of the form that it shares with Compose.
func dialect() *composeread.Dialect {
	return &composeread.Dialect{
		Platform: Name, Title: "Swarm", File: "stack file",
		Codes: composeread.Codes{
			Invalid: CodeInvalidSource, Legacy: CodeLegacySource, OpenVariable: CodeOpenVariable, Template: CodeTemplate, Baked: CodeBaked, Ignored: CodeIgnored,
			Port: CodePort, Mount: CodeMount, Network: CodeNetwork, Config: CodeConfig, Order: CodeOrder, Clamped: CodeClamped, Rounded: CodeRounded, SecretNeeded: CodeSecretNeeded,
		},
		Schema: stackSchema, Authority: "docker stack deploy takes the versions 3.0 to 3.13 of the form, and nothing of the newer Compose Specification.",
		Library:      "docker stack deploy reads its files by the same rules.",
		VariableFile: "a file that --var-file names: docker stack deploy reads no .env",
		Debts:        debts,
		Crontab:      composeread.Crontab{Waits: noReplicas, Line: cronLine},
		Stack: &composeread.Stack{
			Version: version, Refused: refusedKeys, Ignored: readOver, Own: ownStack, Plain: plainText, PlainConfig: plainConfig, Slot: slot,
			Constraint: constraint, Pin: func(stack, volume string) string { return "node.labels." + stack + "." + volume + " == true" }, GPUs: gpuVendor, ObjectName: hashedName,
		},
	}
}

var versions = pattern.New(`^3(\.([0-9]|1[0-3]))?$`)

func version(v string) bool { return versions().MatchString(v) }

// refusedKeys are those of services that the loader forbids.
var refusedKeys = map[string]string{
	"extends":       "Write the service out, or share what is common by an anchor.",
	"volume_driver": "Declare the volume under volumes: at the top, with its driver.",
	"volumes_from":  "Declare the volume under volumes: at the top, and mount it in both services.",
	"cpu_quota":     "Set deploy.resources.limits.cpus instead.",
	"cpu_shares":    "Set deploy.resources instead.",
	"cpuset":        "Set deploy.resources instead.",
	"mem_limit":     "Set deploy.resources.limits.memory instead.",
	"memswap_limit": "Set deploy.resources.limits.memory instead.",
}

// readOver are the keys of services that mean nothing to a stack, most of them without a
// word.
var readOver = map[string]string{
	"build":          "Swarm builds nothing: each node pulls the image. Say build beside image in the spec where decamp is to know how it is made.",
	"cgroupns_mode":  "Take it out; the engines of the nodes decide.",
	"cgroup_parent":  "Take it out; the engines of the nodes decide.",
	"container_name": "Tasks have names of their own. Others reach the service by its name, or by an alias in a network.",
	"depends_on":     "All services start at once. Say needs in the spec where an order counts; decamp then deploys one file after the other.",
	"devices":        "Tasks get no devices. Keep the workload on a platform that has them, and say devices in the spec.",
	"domainname":     "Say hostname with the whole name.",
	"external_links": "Join the network of the other service instead.",
	"ipc":            "Each task has its own. Say security.ipc in the spec for platforms that share it.",
	"links":          "Services of one network reach each other by name. Say an alias in a network where another name is meant.",
	"mac_address":    "Take it out; tasks have the address that they are given.",
	"network_mode":   "Say networks. The node's own network is an external one of the name host.",
	"pid":            "Each task has its own. Say security.pid in the spec for platforms that share it.",
	"privileged":     "Tasks are never privileged. Add the capabilities that the process needs with cap_add.",
	"restart":        "What counts is deploy.restart_policy; without one, what ends is started again.",
	"security_opt":   "Set it for the engines of the nodes, or say security in the spec for platforms that have it.",
	"shm_size":       "Mount a tmpfs of that size at /dev/shm instead.",
	"tmpfs":          "Write a mount of type tmpfs under volumes instead.",
	"userns_mode":    "Take it out; the engines of the nodes decide.",
}

// debts are in the order in which they stand in the ledger; what is in none of them is
// of the last one.
var debts = []composeread.Debt{
	{Keys: []string{"deploy"}, Why: "Swarm places, updates or publishes the service in a way that a spec cannot say", Exit: "drop it, or find the platform's own setting"},
	{Keys: []string{"networks", "dns", "dns_search", "extra_hosts"}, Why: "the container's network differs from that of the app", Exit: "give the platform's DNS these names, or write the addresses into the configuration"},
	{Keys: []string{"ports"}, Why: "ports are published in a way that a spec cannot say", Exit: "publish each port under one number, or use a route"},
	{Keys: []string{"volumes"}, Why: "files are mounted with options of Docker", Exit: "drop the options, or find the platform's own for the volume"},
	{Keys: []string{"configs", "secrets", "env_file", "environment", "hostname"}, Why: "files, variables or names are given in a way that a spec cannot say", Exit: "make them configs, secrets and variables of the spec"},
	{Keys: []string{"healthcheck"}, Why: "it changes what the image says about its health", Exit: "write the probes of the workload out"},
	{Keys: []string{"credential_spec", "isolation"}, Why: "Docker isolates the container in a way of its own", Exit: "ask for what the platform has instead, or drop it"},
	{Why: "Docker's own settings for the container", Exit: "drop it, or find the platform's own setting"},
}

// headCommand is the command in the head of a file of this backend, which names the stack.
var headCommand = pattern.New(`(?m)^# docker stack deploy --detach=false .*--compose-file \S+ (\S+)\r?$`)

// ownStack returns the name of the stack of a file that this backend has written.
func ownStack(text string) string {
	text = strings.TrimPrefix(text, "\ufeff")
	if !strings.HasPrefix(text, "# Code generated by decamp from ") {
		return ""
	}
	head, _, _ := strings.Cut(text, "\nservices:")
	if m := headCommand().FindStringSubmatch(head); m != nil {
		return m[1]
	}
	return ""
}

// constraint is the inverse of constraints: labels of nodes, names, systems and
// processors. Roles are Swarm's alone.
func constraint(text string) (rule ir.NodeRule, os, arch string, ok bool) {
	for _, operator := range []string{"==", "!="} {
		label, value, found := strings.Cut(text, operator)
		if !found {
			continue
		}
		label, value = strings.TrimSpace(label), strings.TrimSpace(value)
		name, isLabel := strings.CutPrefix(label, "node.labels.")
		own := nodeLabels[name]
		switch {
		case value == "" || strings.ContainsAny(label+value, " []"):
			return rule, "", "", false
		case isLabel && name != "" && own == "":
			return ir.NodeRule{Label: name, Operator: operator, Values: []string{value}}, "", "", true
		case label == "node.hostname":
			return ir.NodeRule{Label: "host", Operator: operator, Values: []string{value}}, "", "", true
		case label == "node.platform.os" && operator == "==" && (value == "linux" || value == "windows"):
			return rule, value, "", true
		case label == "node.platform.arch" && operator == "==":
			for name, kernel := range arches {
				if kernel == value {
					return rule, "", name, true
				}
			}
		}
		return rule, "", "", false
	}
	return rule, "", "", false
}

// gpuVendor is the inverse of gpuKind.
func gpuVendor(kind string) (vendor string, ok bool) {
	for _, vendor := range []string{"", "amd", "intel"} {
		if kind == gpuKind(&ir.GPUs{Vendor: vendor}) {
			return vendor, true
		}
	}
	return "", false
}

var nameHash = pattern.New(`-[0-9a-f]{8}$`)

// hashedName reports whether the name of a config is the one that objectName makes.
func hashedName(stack, key, name string) bool {
	own, _, _ := strings.Cut(objectName(stack+"_"+key, ""), "\x00")
	plain, hash := nameHash().ReplaceAllString(name, ""), nameHash().MatchString(name)
	return hash && plain == nameHash().ReplaceAllString(own, "")
}

// noReplicas reports whether a service runs only when it is started.
func noReplicas(service map[string]any) bool {
	deploy, _ := service["deploy"].(map[string]any)
	mode, _ := deploy["mode"].(string)
	return deploy["replicas"] == 0 && (mode == "" || mode == "replicated")
}

var startPattern = pattern.New(`docker service (?:update --detach --quiet --force --replicas 1|scale --detach) ([^\s=&;']+)(=1)?`)

// cronLine reads a line of the crontab: the last service that it starts is the job.
func cronLine(command string) (line composeread.CronLine, ok bool) {
	for _, m := range startPattern().FindAllStringSubmatch(command, -1) {
		scaled := strings.Contains(m[0], " scale ")
		switch {
		case scaled && m[2] == "": // it is ended again
		case scaled:
			line.Others = append(line.Others, m[1])
		default:
			if line.Service != "" {
				line.Others = append(line.Others, line.Service)
			}
			line.Service = m[1]
		}
	}
	slices.Sort(line.Others)
	line.Overlap = "replace"
	if strings.HasPrefix(command, "docker service ps ") {
		line.Overlap = "forbid"
	}
	return line, line.Service != ""
}

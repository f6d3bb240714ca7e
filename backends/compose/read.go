package compose

import (
	"bytes"
	"path"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/composeread"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
	"github.com/decamp-dev/decamp/compiler/source"
)

// detect recognises a Compose file by services at its top, or by its name.
func detect(f *source.File) backend.Confidence {
	name := path.Base(strings.ToLower(f.Name))
	named := strings.HasPrefix(name, "compose") || strings.HasPrefix(name, "docker-compose")
	yaml := strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
	top := composeread.TopKey(f.Data, "services") || composeread.TopKey(f.Data, "include")
	switch {
	case composeread.TopKey(f.Data, "apiVersion") || composeread.TopKey(f.Data, "decamp"):
		return backend.No
	case top && deployed(name, f.Data):
		return backend.Maybe // as a stack, most likely
	case top || named && yaml:
		return backend.Sure
	}
	for _, line := range bytes.Split(f.Data, []byte("\n")) {
		// The first layout has services at the top, each with an image or a build.
		if bytes.HasPrefix(line, []byte("  image:")) || bytes.HasPrefix(line, []byte("  build:")) {
			return backend.Maybe
		}
	}
	return backend.No
}

// deployed reports whether a file is for docker stack deploy, by its name or by what its
// head says.
func deployed(name string, data []byte) bool {
	head, _, _ := bytes.Cut(data, []byte("\nservices:"))
	return composeread.NamesStack(name) || bytes.Contains(head, []byte("\n# docker stack deploy "))
}

// Read turns Compose files, merged in their order, into an app.
func Read(s backend.Source) (backend.Reading, diag.List) { return composeread.Read(dialect(), s) }

// dialect is what Compose makes of the form.
func dialect() *composeread.Dialect {
	return &composeread.Dialect{
		Platform: Name, Title: "Compose", File: "Compose file",
		Codes: composeread.Codes{
			Invalid: CodeInvalidSource, Legacy: CodeLegacySource, OpenVariable: CodeOpenVariable, Baked: CodeBaked, Ignored: CodeIgnored, Port: CodePort,
			Mount: CodeMount, Network: CodeNetwork, Config: CodeConfig, Order: CodeOrder, Clamped: CodeClamped, Rounded: CodeRounded, SecretNeeded: CodeSecretNeeded,
		},
		Schema: composeSchema, Authority: "The schema of the Compose Specification says so.",
		Library:      "It is what compose-go says, the library that Docker Compose reads its files with.",
		VariableFile: "the file .env beside the Compose file",
		Debts:        debts,
		InitRestart:  initRestart,
		Crontab:      composeread.Crontab{Waits: inCronProfile, Marks: []string{"profiles"}, Line: cronLine},
	}
}

// debts are in the order in which they stand in the ledger; what is in none of them is
// of the last one.
var debts = []composeread.Debt{
	{Keys: []string{"container_name", "attach", "labels"}, Why: "people and scripts on the host know the container by this", Exit: "drop it; other platforms name containers themselves"},
	{Keys: []string{"profiles"}, Why: "the service starts only when its profile is asked for", Exit: "leave the workload out of the stages that do not need it"},
	{Keys: []string{"develop"}, Why: "docker compose watch rebuilds while somebody works on it", Exit: "drop it; elsewhere a pipeline builds"},
	{Keys: []string{"build"}, Why: "the image is built with more than a spec can say", Exit: "move it into the Dockerfile, or into the pipeline that builds the image"},
	{Keys: []string{"deploy"}, Why: "Docker Swarm's own settings, which Docker Compose mostly reads over", Exit: "drop it unless the file is deployed to Swarm too"},
	{Keys: []string{"depends_on"}, Why: "Compose waits in a way that a spec cannot say", Exit: "let the process try again until what it needs is there"},
	{Keys: []string{"networks", "network_mode", "dns", "dns_opt", "dns_search", "domainname", "extra_hosts", "external_links", "mac_address", "expose"}, Why: "the container's network differs from that of the app", Exit: "give the platform's DNS these names, or write the addresses into the configuration"},
	{Keys: []string{"ports"}, Why: "ports are published in a way that a spec cannot say", Exit: "publish each port under one number, or use a route"},
	{Keys: []string{"volumes", "tmpfs", "volumes_from", "volume_driver", "storage_opt"}, Why: "files are mounted with options of Docker", Exit: "drop the options, or find the platform's own for the volume"},
	{Keys: []string{"environment"}, Why: "a variable is there only where whoever starts the app has it set", Exit: "give it a value, or make it a var of the spec"},
	{Keys: []string{"configs", "secrets", "env_file", "label_file"}, Why: "files are given in a way that a spec cannot say", Exit: "make them configs and secrets of the spec"},
	{Keys: []string{"healthcheck"}, Why: "it changes what the image says about its health", Exit: "write the probes of the workload out"},
	{Keys: []string{"platform"}, Why: "the image is for a platform that a spec has no words for", Exit: "find an image for the nodes of the platform that you move to"},
	{Keys: []string{"restart"}, Why: "Compose starts the container again in a way of its own", Exit: "drop it"},
	{Keys: []string{"cap_add", "cap_drop", "cgroup", "cgroup_parent", "security_opt", "userns_mode", "user", "group_add", "credential_spec", "device_cgroup_rules", "devices", "runtime", "isolation", "ipc", "pid", "uts", "use_api_socket", "umask", "gpus"}, Why: "Docker isolates the container in a way of its own", Exit: "ask for what the platform has instead, or drop it"},
	{Keys: []string{"pre_start", "post_start", "pre_stop", "init"}, Why: "Docker runs or stops the process in a way of its own", Exit: "make it an init container, or part of the image's entrypoint"},
	{Keys: nil, Why: "Docker's own settings for the container", Exit: "drop it, or find the platform's own setting"},
}

// inCronProfile reports whether a service is in the profile of what the clock starts.
func inCronProfile(service map[string]any) bool {
	list, _ := service["profiles"].([]any)
	return len(list) == 1 && list[0] == cronProfile
}

var timeoutPattern = pattern.New(`\btimeout (\d+) docker compose`)

// cronLine reads a line of the crontab.
func cronLine(command string) (line composeread.CronLine, ok bool) {
	if !strings.Contains(command, "docker compose ") {
		return line, false
	}
	line.Service = startedBy(command)
	switch {
	case strings.HasPrefix(command, "flock --nonblock "):
		line.Overlap = "forbid"
	case strings.HasPrefix(command, "docker rm --force "):
		line.Overlap = "replace"
	}
	if t := timeoutPattern().FindStringSubmatch(command); t != nil {
		line.Timeout, _ = ir.ParseDuration(t[1] + "s")
	}
	return line, true
}

// startedBy returns the service that a command starts: the last word of run, or what is
// waited for.
func startedBy(command string) string {
	if _, waited, ok := strings.Cut(command, "docker compose wait "); ok {
		name, _, _ := strings.Cut(waited, ";")
		return strings.TrimSpace(name)
	}
	words := strings.Fields(strings.Trim(command, "'"))
	return words[len(words)-1]
}

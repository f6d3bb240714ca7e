//go:build conformance

package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/decamp-dev/decamp/testdata/conformance/judge"
)

// swarmExceptions are differences that a user of the spec would accept.
var swarmExceptions = []tripException{
	{"docker-compose-deploy.yaml", regexp.MustCompile(`^decamp: .*has replicas, and runs on each node`), "docker stack config lets it pass, docker stack deploy refuses it in these words: replicas can only be used with replicated mode"},
	{"docker-compose-full-example.yaml", regexp.MustCompile(`^decamp: .*there is no (network|volume) `), "docker stack config lets it pass, docker stack deploy refuses what is not declared"},
	{"stack-with-named-resources.yml", regexp.MustCompile(`^secrets\.secret[12]\.(external|file|name): `), "a secret is created of its file before the stack, which only names it: its value is in no file of decamp's"},
}

// compareSwarm compares what docker stack config makes of the files.
func compareSwarm(t testing.TB, way trip) (accepted bool, differences []string) {
	before, ok := swarmModel(t, way.environment, way.files[0])
	if !ok {
		return false, nil
	}
	files, err := filepath.Glob(filepath.Join(way.folder, "stack*.yaml"))
	if err != nil || len(files) != 1 {
		return true, []string{fmt.Sprintf("stack: %d files came back, and nothing asks for an order", len(files))}
	}
	after, ok := swarmModel(t, way.environment, files[0])
	if !ok {
		return true, []string{fmt.Sprintf("stack: docker stack refuses what came back: %v", after)}
	}
	return true, different("", before, after)
}

// readOver are keys of a service that docker stack reads, shows, and makes nothing of.
var readOver = strings.Fields(`build cgroupns_mode cgroup_parent container_name depends_on devices domainname env_file expose external_links ipc links
	mac_address network_mode pid privileged security_opt shm_size tmpfs userns_mode`)

// swarmModel is what docker stack says of a file, with nothing left of how it was written.
func swarmModel(t testing.TB, environment []string, file string) (any, bool) {
	t.Helper()
	text, ok := judge.SwarmConfig(t, environment, file)
	if !ok {
		return text, false
	}
	var model object
	if err := yaml.Unmarshal([]byte(text), &model); err != nil {
		t.Fatal(err)
	}
	model = plainNumbers(model).(object)
	withoutExtensions(model)
	delete(model, "version")
	for _, name := range []string{"services", "networks", "volumes", "configs", "secrets"} {
		labelled(model, name)
		if all, _ := model[name].(object); len(all) == 0 {
			delete(model, name)
		}
	}
	members(model, "services", plainTask)
	members(model, "networks", func(n object) { absent(n, "driver", "overlay") })
	members(model, "configs", func(c object) {
		if file, ok := c["file"].(string); ok { // a config is its content
			if data, err := os.ReadFile(file); err == nil {
				delete(c, "file")
				c["content"] = string(data)
			}
		}
		if name, _ := c["name"].(string); hashedName.MatchString(name) {
			delete(c, "name") // made of the content
		}
	})
	for _, section := range []string{"networks", "volumes", "configs", "secrets"} {
		all, _ := model[section].(object)
		for name, v := range all {
			if m, ok := v.(object); ok && len(m) == 0 {
				all[name] = nil
			}
		}
	}
	return model, true
}

var hashedName = regexp.MustCompile(`-[0-9a-f]{8}$`)

// plainNumbers gives numbers one type, as the model of Compose has them.
func plainNumbers(v any) any {
	switch v := v.(type) {
	case object:
		for key := range v {
			v[key] = plainNumbers(v[key])
		}
	case []any:
		for i := range v {
			v[i] = plainNumbers(v[i])
		}
	case int:
		return float64(v)
	}
	return v
}

// plainTask writes what Swarm does when nothing is said, and other ways to say the same, as one.
func plainTask(s object) {
	for _, key := range readOver {
		delete(s, key)
	}
	deploy, _ := s["deploy"].(object)
	if deploy == nil {
		deploy = object{}
		s["deploy"] = deploy
	}
	plainPolicy(s, deploy)
	absent(deploy, "mode", "replicated")
	absent(deploy, "replicas", 1.0)
	absent(deploy, "endpoint_mode", "vip")
	for _, key := range []string{"update_config", "rollback_config"} {
		c, _ := deploy[key].(object)
		absent(c, "parallelism", 1.0)
		absent(c, "failure_action", "pause")
		absent(c, "order", "stop-first")
	}
	placement, _ := deploy["placement"].(object)
	constraints, _ := placement["constraints"].([]any)
	for i := range constraints {
		constraints[i] = strings.ReplaceAll(fmt.Sprint(constraints[i]), " ", "")
	}
	slices.SortFunc(constraints, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	resources, _ := deploy["resources"].(object)
	members(deploy, "resources", func(r object) {
		if cores, err := strconv.ParseFloat(fmt.Sprint(r["cpus"]), 64); err == nil {
			r["cpus"] = cores
		}
	})
	withoutEmpty(resources)
	withoutEmpty(deploy)
	if len(deploy) == 0 {
		delete(s, "deploy")
	}
	check, _ := s["healthcheck"].(object)
	absent(check, "timeout", "30s")
	absent(check, "interval", "30s")
	absent(check, "retries", 3.0)
	absent(check, "start_interval", "5s")
	plainReferences(s)
}

// plainPolicy writes the older key for restarts as the policy that it stands for.
func plainPolicy(s, deploy object) {
	word, attempts, _ := strings.Cut(fmt.Sprint(s["restart"]), ":")
	if deploy["restart_policy"] == nil && word == "on-failure" {
		p := object{"condition": "on-failure"}
		if n, err := strconv.Atoi(attempts); err == nil && n > 0 {
			p["max_attempts"] = float64(n)
		}
		deploy["restart_policy"] = p
	}
	delete(s, "restart")
	policy, _ := deploy["restart_policy"].(object)
	absent(policy, "condition", "any")
	absent(policy, "max_attempts", 0.0)
}

// plainReferences gives what a service refers to its name in a spec, and lists without an order one.
func plainReferences(s object) {
	environment, _ := s["environment"].(object)
	for name, v := range environment {
		if v == `{{""}}` {
			environment[name] = "" // which is how an empty variable is kept from the deployer's own
		}
	}
	for key, folder := range map[string]string{"configs": "/", "secrets": "/run/secrets/"} {
		list, _ := s[key].([]any)
		for _, entry := range list {
			m := entry.(object)
			target, _ := m["target"].(string)
			if target == "" {
				target = fmt.Sprint(m["source"])
			}
			if !strings.HasPrefix(target, "/") {
				target = folder + target
			}
			m["target"], m["source"] = target, label(fmt.Sprint(m["source"]))
		}
	}
	mounts, _ := s["volumes"].([]any)
	for _, entry := range mounts {
		m := entry.(object)
		if m["type"] == "volume" && m["source"] != nil {
			m["source"] = label(fmt.Sprint(m["source"]))
		}
		for _, key := range []string{"volume", "bind", "tmpfs"} {
			if options, ok := m[key].(object); ok && len(options) == 0 {
				delete(m, key)
			}
		}
		if source, ok := m["source"].(string); ok && m["type"] == "bind" {
			m["source"] = filepath.Clean(source)
		}
	}
	slices.SortStableFunc(mounts, func(a, b any) int {
		return strings.Compare(fmt.Sprint(a.(object)["target"]), fmt.Sprint(b.(object)["target"]))
	})
	ports, _ := s["ports"].([]any)
	for _, entry := range ports {
		absent(entry.(object), "mode", "ingress")
		absent(entry.(object), "protocol", "tcp")
	}
	slices.SortStableFunc(ports, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	labelled(s, "networks")
	networks, _ := s["networks"].(object)
	for name, v := range networks {
		if m, ok := v.(object); ok && len(m) == 0 {
			networks[name] = nil
		}
	}
}

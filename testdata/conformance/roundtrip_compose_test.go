//go:build conformance

package conformance

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/testdata/conformance/judge"
)

// composeExceptions are differences that a user of the spec would accept.
var composeExceptions = []tripException{
	{"*", regexp.MustCompile(`^services\.[^.]+\.links: `), "a link is an order and a name: both stand where the spec has them, in depends_on and in aliases"},
	{"*", regexp.MustCompile(`^services\.[^.]+\.depends_on\.[^.]+\.restart: true is null`), "Compose adds it to what is linked, so that addresses that were written at the start are written again; names are asked for each time"},
	{"*", regexp.MustCompile(`^services\.[^.]+\.networks\.[^.]+(\.aliases)?: .*aliases|^services\.[^.]+\.networks\.[^.]+\.aliases`), "a name by which others call a container becomes an alias: a container's own name, a link's, one that is no DNS label"},
	{"*", regexp.MustCompile(`^services\.(client-server|server|db-mydb|mydb|zot-with-network-mode|with-network-mode): `), "a container that shares the network of another is one of its workload and is called after it; nothing reaches it by name, and a note says so"},
	{"*/compose-endpoint-mode-[12].yaml", regexp.MustCompile(`^services\.wordpress(-http-relay: |\.ports: |\.expose: )`), "two replicas cannot have the same port of the host: Compose fails at the second, what came back puts a relay before them"},
	{"*/env-dotenv/compose.yaml", regexp.MustCompile(`MINIO_PASSWORD: "infini_rag_flow" is "conformance"`), "the value of a secret is asked for, and not taken from a file that is read"},
}

// compareCompose compares what docker compose config makes of the files.
func compareCompose(t testing.TB, way trip) (accepted bool, differences []string) {
	before, ok := composeModel(t, way.environment, way.files...)
	if !ok {
		return false, nil
	}
	after, ok := composeModel(t, way.environment, filepath.Join(way.folder, "compose.yaml"))
	if !ok {
		return true, []string{fmt.Sprintf("compose refuses what came back: %v", after)}
	}
	return true, different("", before, after)
}

// composeModel is what Compose says of files, with nothing left of how they were written.
func composeModel(t testing.TB, environment []string, files ...string) (any, bool) {
	t.Helper()
	text, ok := judge.ComposeConfig(t, environment, files...)
	if !ok {
		return text, false
	}
	var model object
	if err := json.Unmarshal([]byte(text), &model); err != nil {
		t.Fatal(err)
	}
	withoutExtensions(model)
	project, _ := model["name"].(string)
	for _, name := range []string{"services", "networks", "volumes", "configs", "secrets"} {
		labelled(model, name)
	}
	members(model, "services", func(s object) { plainService(s) })
	members(model, "configs", func(c object) {
		// a config is its content, wherever that stands
		if file, ok := c["file"].(string); ok {
			if data, err := os.ReadFile(file); err == nil {
				delete(c, "file")
				c["content"] = string(data)
			}
		}
	})
	for _, section := range []string{"configs", "secrets"} {
		members(model, section, func(o object) {
			if name, _ := o["name"].(string); o["external"] != true && strings.HasPrefix(name, project+"_") {
				delete(o, "name") // which only Swarm asks for
			}
		})
	}
	return model, true
}

type object = map[string]any

// labelled gives the members of a section the names that they have in a spec: DNS labels. What Docker itself calls them
// stands within.
func labelled(model object, section string) {
	all, _ := model[section].(object)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if own := label(name); own != name {
			all[own] = all[name]
			delete(all, name)
		}
	}
}

var notInLabels = regexp.MustCompile(`[^a-z0-9]+`)

func label(name string) string { return notInLabels.ReplaceAllString(strings.ToLower(name), "-") }

// plainService writes what Docker does when nothing is said, and other ways to say the same, as one.
func plainService(s object) {
	absent(s, "restart", "no")
	deploy, _ := s["deploy"].(object)
	if deploy == nil {
		deploy = object{}
	}
	resources, _ := deploy["resources"].(object)
	if resources == nil {
		resources = object{}
	}
	if s["scale"] != nil {
		deploy["replicas"] = s["scale"]
		delete(s, "scale")
	}
	for key, place := range map[string][2]string{"mem_limit": {"limits", "memory"}, "mem_reservation": {"reservations", "memory"}, "cpus": {"limits", "cpus"}, "pids_limit": {"limits", "pids"}} {
		inner, _ := resources[place[0]].(object)
		if s[key] != nil && inner[place[1]] == nil {
			if inner == nil {
				inner = object{}
				resources[place[0]] = inner
			}
			inner[place[1]] = s[key]
		}
		delete(s, key)
	}
	deploy["resources"] = resources
	absent(deploy, "replicas", 1.0)
	absent(deploy, "mode", "replicated")
	withoutEmpty(deploy)
	if s["deploy"] = deploy; len(deploy) == 0 {
		delete(s, "deploy")
	}
	check, _ := s["healthcheck"].(object)
	absent(check, "timeout", "30s")
	absent(check, "interval", "30s")
	absent(check, "retries", 3.0)
	for _, key := range []string{"cap_add", "cap_drop"} {
		list, _ := s[key].([]any)
		for i := range list {
			list[i] = strings.TrimPrefix(strings.ToUpper(fmt.Sprint(list[i])), "CAP_")
		}
	}
	limits, _ := s["ulimits"].(object)
	for name, v := range limits {
		if both, ok := v.(object); ok && both["soft"] == both["hard"] {
			limits[name] = both["soft"]
		}
	}
	plainMounts(s)
	plainPorts(s)
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
	for _, key := range []string{"depends_on", "networks"} {
		labelled(s, key)
	}
	networks, _ := s["networks"].(object)
	for name, v := range networks {
		if m, ok := v.(object); ok && len(m) == 0 {
			networks[name] = nil
		}
	}
	for _, key := range []string{"network_mode", "ipc", "pid"} {
		if mode, _ := s[key].(string); strings.HasPrefix(mode, "service:") {
			s[key] = "service:" + label(strings.TrimPrefix(mode, "service:"))
		}
	}
}

// plainPorts leaves out what is exposed of the ports that are published: those are.
func plainPorts(s object) {
	published := map[string]bool{}
	ports, _ := s["ports"].([]any)
	for _, entry := range ports {
		p := entry.(object)
		published[fmt.Sprint(p["target"])] = true
	}
	var expose []any
	exposed, _ := s["expose"].([]any)
	for _, v := range exposed {
		first, last, isRange := strings.Cut(fmt.Sprint(v), "-")
		from, _ := strconv.Atoi(first)
		to, _ := strconv.Atoi(last)
		if !isRange {
			expose = append(expose, v)
		}
		for n := from; isRange && n <= to; n++ {
			expose = append(expose, strconv.Itoa(n))
		}
	}
	expose = slices.DeleteFunc(expose, func(v any) bool { return published[fmt.Sprint(v)] })
	if s["expose"] = expose; len(expose) == 0 {
		delete(s, "expose")
	}
}

// plainMounts writes a tmpfs as the mount that Docker makes of it. Options that say nothing are left out: with them
// goes that the long form of a mount makes no folder of the host that is missing.
func plainMounts(s object) {
	mounts, _ := s["volumes"].([]any)
	tmpfs, _ := s["tmpfs"].([]any)
	for _, entry := range tmpfs {
		target, options, _ := strings.Cut(fmt.Sprint(entry), ":")
		mount := object{"type": "tmpfs", "target": target}
		for option := range strings.SplitSeq(options, ",") {
			if !slices.Contains([]string{"", "rw", "noexec", "nosuid", "nodev"}, option) {
				mount["options"] = options
			}
		}
		mounts = append(mounts, mount)
	}
	delete(s, "tmpfs")
	for _, entry := range mounts {
		m := entry.(object)
		for _, key := range []string{"volume", "bind", "tmpfs"} {
			if options, ok := m[key].(object); ok && len(options) == 0 {
				delete(m, key)
			}
		}
		if m["type"] == "volume" && m["source"] != nil {
			m["source"] = label(fmt.Sprint(m["source"]))
		}
	}
	slices.SortStableFunc(mounts, func(a, b any) int {
		return strings.Compare(fmt.Sprint(a.(object)["target"]), fmt.Sprint(b.(object)["target"]))
	})
	if len(mounts) > 0 {
		s["volumes"] = mounts
	}
}

// absent takes a member out that says what holds anyway.
func absent(m object, key string, otherwise any) {
	if m[key] == otherwise {
		delete(m, key)
	}
}

func withoutEmpty(m object) {
	for key, v := range m {
		if inner, ok := v.(object); ok {
			withoutEmpty(inner)
			if len(inner) == 0 {
				delete(m, key)
			}
		}
	}
}

func members(model object, name string, visit func(object)) {
	all, _ := model[name].(object)
	for _, v := range all {
		if m, ok := v.(object); ok {
			visit(m)
		}
	}
}

// withoutExtensions takes out the keys that Compose itself reads over.
func withoutExtensions(v any) {
	switch v := v.(type) {
	case object:
		for key := range v {
			if strings.HasPrefix(key, "x-") {
				delete(v, key)
				continue
			}
			withoutExtensions(v[key])
		}
	case []any:
		for _, entry := range v {
			withoutExtensions(entry)
		}
	}
}

// different lists in what two models differ: a line for each value.
func different(at string, a, b any) []string {
	x, isX := a.(object)
	y, isY := b.(object)
	if isX && isY {
		keys := slices.Sorted(maps.Keys(x))
		for key := range y {
			if _, ok := x[key]; !ok {
				keys = append(keys, key)
			}
		}
		slices.Sort(keys)
		var list []string
		for _, key := range keys {
			list = append(list, different(strings.TrimPrefix(at+"."+key, "."), x[key], y[key])...)
		}
		return list
	}
	if reflect.DeepEqual(a, b) {
		return nil
	}
	return []string{fmt.Sprintf("%s: %s is %s", at, shown(a), shown(b))}
}

func shown(v any) string {
	text, _ := json.Marshal(v)
	if len(text) > 300 {
		text = append(text[:300], "…"...)
	}
	return string(text)
}

package swarm

import (
	"fmt"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/pattern"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// Check holds the stack files against what `docker stack deploy` refuses, or reads over
// without a word: keys that the schema does not have, references to what is not
// declared, services that the manager would not take.
func Check(artifacts []backend.Artifact) diag.List {
	var list diag.List
	for _, a := range artifacts {
		if a.Unmarked || !strings.HasSuffix(a.Path, ".yaml") {
			continue
		}
		documents, problems := tree.ParseAll(source.NewFile(a.Path, a.Data), tree.Limits{})
		if problems.HasErrors() || len(documents) != 1 {
			list = append(list, refused(a.Path, "it is no single YAML document"))
			continue
		}
		c := &checker{file: a.Path, root: documents[0]}
		c.keys("", c.root, topKeys)
		c.section("networks", networkKeys)
		c.section("volumes", volumeKeys)
		c.section("configs", configKeys)
		c.section("secrets", secretKeys)
		for _, p := range pairs(c.root.Get("services")) {
			c.service(p.Key.Value, p.Value)
		}
		list = append(list, c.list...)
	}
	return list
}

func refused(file, why string) diag.Diagnostic {
	return diag.Diagnostic{Severity: diag.Error, Code: CodeInvalidOutput, Target: Name,
		Summary: "docker stack deploy would not take " + file + ": " + why,
		Detail:  "Look at the platform entries for swarm first. Where there are none, this is a defect of decamp."}
}

// The keys of schema 3.13. Those that the schema has and Swarm reads over are not among
// them: whoever writes one in a platform entry expects something of it.
var (
	topKeys     = fields("version services networks volumes configs secrets")
	networkKeys = fields("name external driver driver_opts internal attachable ipam labels")
	volumeKeys  = fields("name external driver driver_opts labels x-cluster-spec")
	configKeys  = fields("name file external template_driver labels")
	secretKeys  = fields("name file external driver driver_opts template_driver labels")
	serviceKeys = fields(`cap_add cap_drop command configs credential_spec depends_on deploy dns dns_search entrypoint env_file
		environment extra_hosts healthcheck hostname image init isolation labels logging networks oom_score_adj ports read_only secrets
		stdin_open stop_grace_period stop_signal sysctls tty ulimits user volumes working_dir`)
	ignoredKeys = fields(`build cgroupns_mode cgroup_parent container_name devices domainname expose external_links ipc links mac_address
		network_mode pid privileged restart security_opt shm_size tmpfs userns_mode`)
	deployKeys = fields("mode endpoint_mode replicas labels rollback_config update_config resources restart_policy placement")
)

func fields(s string) []string { return strings.Fields(s) }

type checker struct {
	file string
	root *tree.Node
	list diag.List
}

func (c *checker) refuse(format string, words ...any) {
	c.list = append(c.list, refused(c.file, fmt.Sprintf(format, words...)))
}

func (c *checker) keys(at string, n *tree.Node, known []string) {
	for _, key := range n.Keys() {
		if !slices.Contains(known, key) && !strings.HasPrefix(key, "x-") {
			c.refuse("%s has no key %q", strings.TrimPrefix(at, "."), key)
		}
	}
}

func (c *checker) section(name string, known []string) {
	for _, p := range pairs(c.root.Get(name)) {
		c.keys(name+"."+p.Key.Value, p.Value, known)
	}
}

func pairs(n *tree.Node) []tree.Pair {
	if n == nil || n.Kind != tree.Mapping {
		return nil
	}
	return n.Pairs
}

var serviceName = pattern.New(`^[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*$`)

func (c *checker) service(name string, s *tree.Node) {
	at := "services." + name
	if !serviceName().MatchString(name) {
		c.refuse("%s is no name of a service", at)
	}
	for _, key := range s.Keys() {
		if slices.Contains(ignoredKeys, key) {
			c.refuse("%s.%s is read over, and does nothing", at, key)
		} else if !slices.Contains(serviceKeys, key) && !strings.HasPrefix(key, "x-") {
			c.refuse("%s has no key %q", at, key)
		}
	}
	if image := s.Get("image"); image == nil || image.Value == "" {
		c.refuse("%s has no image", at)
	}
	c.references(at, s)
	c.deploy(at, s)
}

// references demands that what a service names is declared.
func (c *checker) references(at string, s *tree.Node) {
	declared := func(section, name string) {
		if name != "" && c.root.Get(section).Get(name) == nil && !slices.Contains(c.root.Get(section).Keys(), name) {
			c.refuse("%s names %s.%s, which is not declared", at, section, name)
		}
	}
	for _, section := range []string{"configs", "secrets"} {
		for _, item := range elements(s.Get(section)) {
			declared(section, objectOf(item))
		}
	}
	for _, item := range elements(s.Get("volumes")) {
		if kind := item.Get("type"); kind != nil && kind.Value == "volume" {
			declared("volumes", objectOf(item))
		}
	}
	names := s.Get("networks").Keys()
	for _, item := range elements(s.Get("networks")) {
		names = append(names, item.Value)
	}
	for _, n := range names {
		if n != defaultNetwork {
			declared("networks", n)
		}
	}
}

func elements(n *tree.Node) []*tree.Node {
	if n == nil || n.Kind != tree.Sequence {
		return nil
	}
	return n.Items
}

// objectOf is what an entry of a list in the short or the long form is about.
func objectOf(item *tree.Node) string {
	if item.Kind.IsScalar() {
		return item.Value
	}
	if s := item.Get("source"); s != nil {
		return s.Value
	}
	return ""
}

// deploy holds what the manager refuses.
func (c *checker) deploy(at string, s *tree.Node) {
	d := s.Get("deploy")
	c.keys(at+".deploy", d, deployKeys)
	mode, endpoint, replicas := text(d, "mode"), text(d, "endpoint_mode"), d.Get("replicas")
	switch {
	case !slices.Contains([]string{"", "replicated", "global", "replicated-job", "global-job"}, mode):
		c.refuse("%s.deploy.mode is %q", at, mode)
	case strings.HasPrefix(mode, "global") && replicas != nil:
		c.refuse("%s has replicas, and runs on each node", at)
	case strings.HasSuffix(mode, "-job") && (d.Get("update_config") != nil || d.Get("rollback_config") != nil):
		c.refuse("%s is a job, which is not updated", at)
	}
	for _, p := range elements(s.Get("ports")) {
		if endpoint == "dnsrr" && text(p, "mode") != "host" {
			c.refuse("%s publishes on the mesh, which needs a virtual address (endpoint_mode: vip)", at)
		}
	}
	for _, of := range []string{"limits", "reservations"} {
		if n := d.Get("resources").Get(of).Get("cpus"); n != nil && n.Kind != tree.String {
			c.refuse("%s.deploy.resources.%s.cpus has to be a text", at, of)
		}
	}
}

func text(n *tree.Node, key string) string {
	if v := n.Get(key); v != nil {
		return v.Value
	}
	return ""
}

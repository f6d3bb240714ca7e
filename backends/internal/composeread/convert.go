package composeread

import (
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// converter turns a tree into a model, filling variables in.
type converter struct {
	r      *reader
	resets [][]string
}

// absent stands for a value that the document takes away.
type absent struct{}

// value converts a node. path leads to it in the document.
func (c *converter) value(n *tree.Node, path []string) any {
	switch {
	case c.r.dialect.Stack != nil: // which knows no tags
	case n.Tag == "!reset":
		c.resets = append(c.resets, append([]string(nil), path...))
		return absent{}
	case n.Tag == "!override":
		c.resets = append(c.resets, append([]string(nil), path...))
	}
	switch n.Kind {
	case tree.Mapping:
		return c.mapping(n, path)
	case tree.Sequence:
		list := make([]any, 0, len(n.Items))
		for i, item := range n.Items {
			if v := c.value(item, append(path, strconv.Itoa(i))); v != (absent{}) {
				list = append(list, v)
			}
		}
		return list
	}
	return c.scalar(n, path)
}

func (c *converter) mapping(n *tree.Node, path []string) model {
	m := make(model, len(n.Pairs))
	for _, p := range n.Pairs {
		key := p.Key.Value
		if strings.HasPrefix(key, "x-") && !mayBeginWithX(path) {
			if len(path) == 2 && path[0] == "volumes" && key == "x-cluster-spec" && c.r.dialect.Stack != nil {
				m[key] = c.value(p.Value, append(path, key))
				continue
			}
			if key != "x-develop" || c.r.dialect.Stack != nil {
				c.r.extensions = append(c.r.extensions, p.Key)
				continue
			}
			key = "develop"
		}
		if v := c.value(p.Value, append(path, key)); v != (absent{}) {
			m[key] = v
		}
	}
	if len(path) == 2 {
		flattenExternal(m)
	}
	return m
}

// mayBeginWithX reports whether the members of a mapping have names of the user's.
func mayBeginWithX(path []string) bool {
	if len(path) == 0 {
		return false
	}
	switch path[len(path)-1] {
	case "services", "volumes", "networks", "secrets", "configs", "models":
		return len(path) == 1
	case "environment", "labels", "annotations", "depends_on", "args", "driver_opts", "options", "extra_hosts", "sysctls", "headers":
		return true
	}
	return false
}

// flattenExternal rewrites external: {name: x}, the form of old files.
func flattenExternal(m model) {
	if external, ok := m["external"].(model); ok {
		if name, ok := external["name"]; ok && m["name"] == nil {
			m["name"] = name
		}
		m["external"] = true
	}
}

func (c *converter) scalar(n *tree.Node, path []string) any {
	switch n.Kind {
	case tree.Null:
		return nil
	case tree.Bool:
		v, _ := n.AsBool()
		return v
	case tree.Int:
		// A leading zero means octal, as it does to the library that Compose reads with.
		if v, err := strconv.ParseInt(strings.ReplaceAll(n.Value, "_", ""), 0, 64); err == nil {
			return int(v)
		}
		if v, err := strconv.ParseUint(n.Value, 0, 64); err == nil {
			return v
		}
	case tree.Float:
		if v, ok := n.AsFloat(); ok {
			return v
		}
	}
	text := n.Value
	if strings.Contains(text, "$") && !isExtension(path) {
		text = c.r.variables.fill(c.r, n, path)
	}
	return c.cast(n, path, text)
}

func isExtension(path []string) bool { return len(path) > 0 && strings.HasPrefix(path[0], "x-") }

// cast gives a string the type that its key asks for.
func (c *converter) cast(n *tree.Node, path []string, text string) any {
	if len(path) < 2 {
		return text
	}
	kind := castOf(path)
	if c.r.dialect.Stack != nil {
		kind = stackCastOf(path, kind, text != n.Value)
	}
	var v any
	var err error
	switch kind {
	case castNone:
		return text
	case castBool:
		switch strings.ToLower(text) {
		case "true", "y", "yes", "on":
			return true
		case "false", "n", "no", "off":
			return false
		}
		err = strconv.ErrSyntax
	case castInt:
		v, err = strconv.Atoi(text)
	case castFloat:
		v, err = strconv.ParseFloat(text, 64)
	case castUmask:
		v, err = strconv.ParseUint(text, 0, 32)
	}
	if err == nil {
		return v
	}
	if text == "" && strings.Contains(n.Value, "$") {
		return absent{} // a variable without a value, which is said elsewhere
	}
	c.r.report(diag.Error, c.r.dialect.Codes.Invalid, n, "", strings.Join(path, ".")+" has to be "+kind.String(), "")
	return absent{}
}

type castKind uint8

const (
	castNone castKind = iota
	castBool
	castInt
	castFloat
	castUmask
)

func (k castKind) String() string {
	return [...]string{"a text", "true or false", "a whole number", "a number", "a umask"}[k]
}

// stackCastOf returns the type that a stack file has a string cast to: only what a variable
// was filled in of, and of numbers alone those that its schema has.
func stackCastOf(path []string, kind castKind, filled bool) castKind {
	last := path[len(path)-1]
	switch {
	case !filled, kind == castFloat && last == "cpus", len(path) == 3 && (last == "init" || last == "scale"):
		return castNone
	case len(path) == 5 && path[2] == "ports" && last == "published", len(path) == 5 && (path[2] == "configs" || path[2] == "secrets") && last == "mode":
		return castInt
	}
	return kind
}

// castOf returns the type that compose-go casts a string at a path to.
func castOf(path []string) castKind {
	last := path[len(path)-1]
	if path[0] != "services" {
		switch last {
		case "external", "internal", "attachable", "enable_ipv4", "enable_ipv6":
			if len(path) == 3 {
				return castBool
			}
		}
		return castNone
	}
	if len(path) < 3 {
		return castNone
	}
	switch inner := path[2:]; {
	case len(inner) == 1:
		switch last {
		case "init", "oom_kill_disable", "privileged", "read_only", "stdin_open", "tty":
			return castBool
		case "cpu_count", "cpu_period", "cpu_quota", "cpu_rt_period", "cpu_rt_runtime", "cpu_shares", "oom_score_adj", "pids_limit", "scale":
			return castInt
		case "cpu_percent", "cpus":
			return castFloat
		case "umask":
			return castUmask
		}
	case inner[0] == "ulimits":
		return castInt
	case inner[0] == "healthcheck" && len(inner) == 2:
		switch last {
		case "retries":
			return castInt
		case "disable":
			return castBool
		}
	case inner[0] == "volumes" && (last == "read_only" || last == "nocopy"), inner[0] == "depends_on" && len(inner) == 3 && (last == "required" || last == "restart"):
		return castBool
	case inner[0] == "ports" && last == "target":
		return castInt
	case inner[0] == "deploy":
		switch last {
		case "replicas", "parallelism", "max_attempts", "max_replicas_per_node":
			return castInt
		case "max_failure_ratio":
			return castFloat
		}
	}
	return castNone
}

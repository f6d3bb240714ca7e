package contract

import (
	"bytes"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

func (c *Chapter) spec(root string) ([]byte, error) {
	if c.Source != nil {
		return c.Source(root)
	}
	return c.Assemble()
}

// Assemble merges the scenes of a chapter into one spec.
func (c *Chapter) Assemble() ([]byte, error) {
	root := &yaml.Node{Kind: yaml.MappingNode}
	set(root, "decamp", scalar("v1"))
	set(root, "name", scalar(c.Name))
	for _, s := range c.Scenes {
		var part yaml.Node
		if err := yaml.Unmarshal([]byte(s.Spec), &part); err != nil {
			return nil, fmt.Errorf("%s: %w\n%s", c.Name, err, s.Spec)
		}
		if len(part.Content) == 0 {
			continue
		}
		if err := merge(root, part.Content[0]); err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
	}
	if workloads := get(root, "workloads"); workloads != nil {
		for i := 1; i < len(workloads.Content); i += 2 {
			complete(workloads.Content[i])
			if get(workloads.Content[i], "kind") == nil && get(workloads.Content[i], "update") == nil {
				set(workloads.Content[i], "update", parsed(promptly))
			}
		}
	}
	return encode(root)
}

func encode(node *yaml.Node) ([]byte, error) {
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	err := encoder.Encode(node)
	return text.Bytes(), err
}

// leaveOut returns the spec without the workloads and volumes of these names.
func leaveOut(spec []byte, names []string) ([]byte, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(spec, &document); err != nil {
		return nil, err
	}
	for _, name := range names {
		found := false
		for _, section := range []string{"workloads", "volumes"} {
			things := get(document.Content[0], section)
			for i := 0; things != nil && i < len(things.Content); i += 2 {
				if things.Content[i].Value == name {
					things.Content = slices.Delete(things.Content, i, i+2)
					found = true
					break
				}
			}
		}
		if !found {
			return nil, fmt.Errorf("the spec has no %s", name)
		}
	}
	return encode(document.Content[0])
}

// merge adds the sections of a part; two scenes must not give the same name to two things.
func merge(root, part *yaml.Node) error {
	for i := 0; i < len(part.Content); i += 2 {
		section, value := part.Content[i].Value, part.Content[i+1]
		have := get(root, section)
		if have == nil {
			set(root, section, value)
			continue
		}
		for j := 0; j < len(value.Content); j += 2 {
			if name := value.Content[j].Value; get(have, name) != nil {
				return fmt.Errorf("%s.%s is in two scenes", section, name)
			}
			have.Content = append(have.Content, value.Content[j], value.Content[j+1])
		}
	}
	return nil
}

func get(m *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			return m.Content[i+1]
		}
	}
	return nil
}

func set(m *yaml.Node, key string, value *yaml.Node) {
	m.Content = append(m.Content, scalar(key), value)
}

func scalar(text string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: text} }

// What a scene leaves out: the image, resources so small that a hundred containers fit on one node, and that a replica counts as
// healthy after a second, where platforms would wait for ten.
const (
	promptly  = "{healthy: 1s}"
	image     = "localhost/probe-tools:dev"
	resources = "{cpu: 10m, memory: 16Mi, limits: {memory: 128Mi}}"
)

func parsed(text string) *yaml.Node {
	var node yaml.Node
	if err := yaml.Unmarshal([]byte(text), &node); err != nil {
		panic(err)
	}
	return node.Content[0]
}

func complete(container *yaml.Node) {
	container.Style = 0
	if get(container, "image") == nil {
		set(container, "image", scalar(image))
	}
	if get(container, "resources") == nil {
		set(container, "resources", parsed(resources))
	}
	for _, kind := range []string{"init", "sidecars"} {
		if others := get(container, kind); others != nil {
			for i := 1; i < len(others.Content); i += 2 {
				complete(others.Content[i])
			}
		}
	}
}

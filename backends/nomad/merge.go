package nomad

import (
	"fmt"
	"slices"

	"github.com/decamp-dev/decamp/backends/internal/document"
)

// mergeBody applies a patch to a body of a job. Beyond what document.Merge does:
//   - blocks that repeat without labels are members of a map under their identity:
//     service: {http: {…}} is the service of the port http;
//   - a list takes the place of all blocks of its key;
//   - a service that a group is given under the port of a task's service is that
//     service, moved.
func mergeBody(base, patch *document.Value) error {
	for i := range patch.Members {
		m := &patch.Members[i]
		if err := mergeField(base, m); err != nil {
			return fmt.Errorf("%s: %w", m.Key, err)
		}
	}
	return nil
}

func mergeField(base *document.Value, m *document.Member) error {
	at := slices.IndexFunc(base.Members, func(b document.Member) bool { return b.Key == m.Key })
	blocks := at >= 0 && base.Members[at].Value.Kind == document.KindBlock
	switch {
	case m.Value.Kind == document.KindNull:
		base.Delete(m.Key)
		return nil
	case identities[m.Key] != nil && keyedMap(m.Value):
		return mergeIdentified(base, m)
	case m.Value.Kind == document.KindList && blocks:
		return replaceBlocks(base, m)
	case m.Value.Kind == document.KindMap && at < 0:
		body := document.Map()
		base.Members = append(base.Members, document.Member{Key: m.Key, Value: body, Comment: m.Comment})
		return mergeBody(body, m.Value)
	case m.Value.Kind != document.KindMap || !blocks:
		return document.Merge(base, document.Map(document.Member{Key: m.Key, Value: m.Value, Comment: m.Comment}))
	case len(base.Members[at].Value.Labels) > 0:
		return mergeLabelled(base, m)
	}
	return mergeBody(base.Members[at].Value, m.Value)
}

func mergeLabelled(base *document.Value, m *document.Member) error {
	for _, named := range m.Value.Members {
		block := labelled(base, m.Key, named.Key)
		if block == nil && named.Value.Kind == document.KindMap {
			block = document.Block([]string{named.Key})
			at := slices.IndexFunc(base.Members, func(b document.Member) bool { return b.Key == m.Key })
			for at < len(base.Members) && base.Members[at].Key == m.Key {
				at++
			}
			base.Members = slices.Insert(base.Members, at, document.Member{Key: m.Key, Value: block})
		}
		if block == nil || named.Value.Kind != document.KindMap {
			one := document.Map(document.Member{Key: m.Key, Value: document.Map(named)})
			if err := document.Merge(base, one); err != nil {
				return err
			}
			continue
		}
		if err := mergeBody(block, named.Value); err != nil {
			return fmt.Errorf("%s: %w", named.Key, err)
		}
	}
	return nil
}

func replaceBlocks(base *document.Value, m *document.Member) error {
	at := slices.IndexFunc(base.Members, func(b document.Member) bool { return b.Key == m.Key })
	base.Delete(m.Key)
	for i, item := range m.Value.Items {
		block := item.Clone()
		if block.Kind != document.KindMap {
			return fmt.Errorf("[%d] is no map", i)
		}
		block.Kind = document.KindBlock
		base.Members = slices.Insert(base.Members, at+i, document.Member{Key: m.Key, Value: block})
	}
	return nil
}

// keyedMap reports a map of maps: blocks under their identities.
func keyedMap(v *document.Value) bool {
	for _, m := range v.Members {
		if m.Value.Kind != document.KindMap && m.Value.Kind != document.KindNull {
			return false
		}
	}
	return v.Kind == document.KindMap && len(v.Members) > 0
}

func mergeIdentified(base *document.Value, m *document.Member) error {
	for _, named := range m.Value.Members {
		at := identified(base, m.Key, named.Key)
		if at < 0 && m.Key == "service" && named.Value.Kind != document.KindNull {
			at = moveService(base, named.Key)
		}
		switch {
		case at >= 0 && named.Value.Kind == document.KindNull:
			base.Members = slices.Delete(base.Members, at, at+1)
		case at >= 0:
			if err := mergeBody(base.Members[at].Value, named.Value); err != nil {
				return fmt.Errorf("%s: %w", named.Key, err)
			}
		case named.Value.Kind == document.KindMap:
			block := document.Block(nil)
			if err := mergeBody(block, named.Value); err != nil {
				return fmt.Errorf("%s: %w", named.Key, err)
			}
			base.Add(m.Key, block)
		}
	}
	return nil
}

// identified finds the block of an identity, -1 when there is none.
func identified(base *document.Value, key, identity string) int {
	return slices.IndexFunc(base.Members, func(b document.Member) bool {
		return b.Key == key && b.Value.Kind == document.KindBlock && identityOf(key, b.Value) == identity
	})
}

// identityOf is the identity of a block that repeats without a label.
func identityOf(key string, block *document.Value) string {
	for _, attribute := range identities[key] {
		if v := block.Get(attribute); v != nil && v.Kind.Scalar() && v.Text != "" {
			return v.Text
		}
	}
	return ""
}

// moveService takes the service of a port from the task that has it to the group.
func moveService(group *document.Value, port string) int {
	for _, task := range group.Members {
		if task.Key != "task" {
			continue
		}
		if at := identified(task.Value, "service", port); at >= 0 {
			service := task.Value.Members[at]
			task.Value.Members = slices.Delete(task.Value.Members, at, at+1)
			group.Members = append(group.Members, service)
			return len(group.Members) - 1
		}
	}
	return -1
}

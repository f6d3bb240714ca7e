package ir

// Item is one named member of a Map.
type Item[V any] struct {
	Key   string
	Value V
}

// Map is a map that keeps the order in which its author wrote it. It is a plain
// slice, so a literal is written as Map[int]{{"http", 80}}.
type Map[V any] []Item[V]

// Get returns the value of key and whether it is there.
func (m Map[V]) Get(key string) (V, bool) {
	if p := m.Ref(key); p != nil {
		return *p, true
	}
	var zero V
	return zero, false
}

// Ref returns the address of key's value, nil when key is absent. The address is
// valid until the map grows.
func (m Map[V]) Ref(key string) *V {
	for i := range m {
		if m[i].Key == key {
			return &m[i].Value
		}
	}
	return nil
}

// Has reports whether key is there.
func (m Map[V]) Has(key string) bool { return m.Ref(key) != nil }

// Set gives key the value, in its old place or at the end.
func (m *Map[V]) Set(key string, value V) {
	if p := m.Ref(key); p != nil {
		*p = value
		return
	}
	*m = append(*m, Item[V]{key, value})
}

// Keys returns the names in order.
func (m Map[V]) Keys() []string {
	keys := make([]string, len(m))
	for i := range m {
		keys[i] = m[i].Key
	}
	return keys
}

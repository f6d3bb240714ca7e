package ir

// ValueKind tells the kinds of Value apart; its zero value is invalid.
type ValueKind uint8

// The kinds of a Value.
const (
	NullValue ValueKind = iota + 1
	BoolValue
	NumberValue
	StringValue
	ListValue
	MapValue
)

// Value is a piece of a platform's own format that is carried verbatim: a patch or
// an object of a platform entry. Nothing in it is understood here.
type Value struct {
	Kind    ValueKind
	Text    string      // of a scalar, as a JSON or YAML core scalar without quotes
	Items   []*Value    // of a list
	Members Map[*Value] // of a map, in order
}

// Get returns the member of a map, nil when it is absent or v is no map.
func (v *Value) Get(key string) *Value {
	if v == nil || v.Kind != MapValue {
		return nil
	}
	member, _ := v.Members.Get(key)
	return member
}

// Equal reports whether two values say the same; the order of members counts not.
func (v *Value) Equal(o *Value) bool {
	if v == nil || o == nil {
		return v == o
	}
	if v.Kind != o.Kind || v.Text != o.Text || len(v.Items) != len(o.Items) || len(v.Members) != len(o.Members) {
		return false
	}
	for i := range v.Items {
		if !v.Items[i].Equal(o.Items[i]) {
			return false
		}
	}
	for _, m := range v.Members {
		if !m.Value.Equal(o.Get(m.Key)) {
			return false
		}
	}
	return true
}

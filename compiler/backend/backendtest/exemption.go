package backendtest

import (
	"slices"
)

// Exemption says that a change of a fact may leave the files as they are, although
// the table does not call the fact dropped. From and To are values as a violation
// writes them, in either order; one of them may be empty and stands for every value.
type Exemption struct {
	Kind     string
	From, To string
	Reason   string
	// Unread says, instead, that facts of the kind cannot be told from what was emitted;
	// with From, only facts of that value.
	Unread bool
}

// everywhere lists what holds for every platform.
var everywhere = []Exemption{
	{Kind: "container.health.startup.successes", From: "1", To: "nothing", Reason: "1 is what is meant when nothing is said, and the only value there is"},
	{Kind: "container.health.live.successes", From: "1", To: "nothing", Reason: "1 is what is meant when nothing is said, and the only value there is"},
	{Kind: "endpoint.real", To: "nothing", Reason: "real is what is in force when nothing is said; it is said to undo another binding"},
}

// about returns the exemptions that are about reading, or those that are not.
func about(exemptions []Exemption, reading bool) []Exemption {
	return slices.DeleteFunc(slices.Clone(exemptions), func(e Exemption) bool { return e.Unread != reading })
}

func (e *Exemption) covers(m *mutation) bool {
	match := func(want, have string) bool { return want == "" || want == have || `"`+want+`"` == have }
	return e.Kind == m.place.kind && (match(e.From, m.from) && match(e.To, m.to) || match(e.From, m.to) && match(e.To, m.from))
}

package nomad

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/decamp-dev/decamp/backends/internal/document"
)

// normalizer brings a job's document into one form, whichever of the ways that Nomad
// takes it was written in: blocks as blocks, maps as maps, durations as people write
// them. Values keep their addresses, so that what is known of them stays known.
type normalizer struct {
	schema schema
	// unknown is called for what Nomad does not have; it is taken out.
	unknown func(body *body, m *document.Member)
	refuse  func(m *document.Member, why string) // called for blocks that stand where they cannot; they are taken out
	passed  func(m *document.Member)             // called for shorthands that Nomad's own reader makes nothing of
	keep    bool                                 // keep what Nomad does not have
}

func (n *normalizer) body(v *document.Value, b *body) {
	v.Kind = document.KindBlock
	if ruleShorthands[b.name] != nil {
		n.rule(v, b)
	}
	var members []document.Member
	there := map[string]bool{} // names of members, and names with labels
	labelled := func(m document.Member) string { return m.Key + "\x00" + strings.Join(m.Value.Labels, "\x00") }
	for i := range v.Members {
		m := v.Members[i]
		f := b.fields[m.Key]
		switch {
		case f == nil:
			if n.unknown != nil {
				n.unknown(b, &m)
			}
			if n.keep {
				members = append(members, m)
			}
		case m.Value.Kind == document.KindNull:
		case n.refuse != nil && (f.form == blockForm || f.form == freeForm || f.form == scalarForm) && there[m.Key]:
			n.refuse(&m, "stands here once too often")
		case n.refuse != nil && f.form == labelledForm && m.Value.Kind == document.KindBlock && len(m.Value.Labels) == 0:
			n.refuse(&m, "has no label")
		case n.refuse != nil && f.form == labelledForm && m.Value.Kind == document.KindBlock && there[labelled(m)]:
			n.refuse(&m, `"`+m.Value.Labels[0]+`" stands here once too often`)
		default:
			for _, made := range n.field(m, f) {
				members = append(members, made)
				there[made.Key], there[labelled(made)] = true, true
			}
		}
	}
	v.Members = members
}

// field returns what one member becomes.
func (n *normalizer) field(m document.Member, f *bodyField) []document.Member {
	switch f.form {
	case blockForm, blocksForm, labelledForm:
		blocks := asBlocks(m, f.form == labelledForm)
		for _, block := range blocks {
			if f.form == blockForm {
				block.Value.Labels = nil
			}
			n.body(block.Value, f.body)
		}
		return blocks
	case freeForm:
		if m.Value.Kind == document.KindList && len(m.Value.Items) == 1 {
			m.Value = m.Value.Items[0]
		}
		n.free(m.Value)
		m.Value.Kind = document.KindBlock
	case textsForm, headersForm:
		if m.Value.Kind == document.KindList && len(m.Value.Items) == 1 {
			m.Value = m.Value.Items[0]
		}
		m.Value.Kind = document.KindMap
		for i := range m.Value.Members {
			if item := m.Value.Members[i].Value; f.form == textsForm {
				asString(item)
			}
		}
	case durationForm:
		asDuration(m.Value)
	case listForm:
		if m.Value.Kind != document.KindList {
			m.Value = document.List(m.Value)
		}
		for _, item := range m.Value.Items {
			asScalar(item, f.scalarType())
		}
	case scalarForm:
		asScalar(m.Value, f.scalarType())
	}
	return []document.Member{m}
}

// asBlocks turns a map or a list of maps into blocks.
func asBlocks(m document.Member, labelled bool) []document.Member {
	v := m.Value
	var out []document.Member
	switch {
	case v.Kind == document.KindBlock:
		return []document.Member{m}
	case v.Kind == document.KindList:
		for _, item := range v.Items {
			out = append(out, asBlocks(document.Member{Key: m.Key, Value: item}, labelled)...)
		}
	case v.Kind == document.KindMap && labelled:
		for _, named := range v.Members {
			for _, block := range asBlocks(document.Member{Key: m.Key, Value: named.Value}, false) {
				block.Value.Labels = []string{named.Key}
				out = append(out, block)
			}
		}
	case v.Kind == document.KindMap:
		v.Kind = document.KindBlock
		return []document.Member{m}
	}
	return out
}

// free brings the body of a plugin's configuration into one form.
func (n *normalizer) free(v *document.Value) {
	if v.Kind == document.KindBlock && len(v.Labels) == 0 {
		v.Kind = document.KindMap
	}
	listBlocks(v, false)
	var members []document.Member
	for _, m := range v.Members {
		labels, block := freeBlocks[m.Key]
		switch {
		case m.Value.Kind == document.KindNull:
			continue
		case block && (m.Value.Kind == document.KindMap || m.Value.Kind == document.KindBlock || listOfMaps(m.Value)):
			found := asBlocks(m, labels == 1)
			if labels == 1 {
				found = labelInside(found)
			}
			for _, b := range found {
				n.free(b.Value)
				b.Value.Kind = document.KindBlock
			}
			members = append(members, found...)
			continue
		case listOfMaps(m.Value) && len(m.Value.Items) == 1:
			m.Value = m.Value.Items[0]
			withoutNulls(m.Value)
		default:
			withoutNulls(m.Value)
		}
		members = append(members, m)
	}
	v.Members = members
}

func withoutNulls(v *document.Value) {
	v.Members = slices.DeleteFunc(v.Members, func(m document.Member) bool { return m.Value.Kind == document.KindNull })
	for _, m := range v.Members {
		withoutNulls(m.Value)
	}
	for _, item := range v.Items {
		withoutNulls(item)
	}
}

// listBlocks writes blocks whose shape nobody knows as Nomad hands them to a plugin:
// as lists of maps, by their labels in maps within each other. In the configuration
// itself one that does not repeat is a map, which Nomad makes a list.
func listBlocks(v *document.Value, inner bool) {
	lists := map[string]*document.Value{}
	var members []document.Member
	for _, m := range v.Members {
		if inner && m.Value.Kind == document.KindMap {
			m.Value = document.List(m.Value) // as Nomad does with maps of blocks
		}
		if _, known := freeBlocks[m.Key]; known && !inner || m.Value.Kind != document.KindBlock {
			members = append(members, m)
			continue
		}
		item, labels := m.Value, m.Value.Labels
		item.Kind, item.Labels = document.KindMap, nil
		listBlocks(item, true)
		for _, label := range slices.Backward(labels) {
			item = document.Map(document.Member{Key: label, Value: document.List(item)})
		}
		if list := lists[m.Key]; list != nil {
			list.Items = append(list.Items, item)
			continue
		}
		m.Value = document.List(item)
		lists[m.Key] = m.Value
		members = append(members, m)
	}
	for i := range members {
		if list := lists[members[i].Key]; list != nil && !inner && len(list.Items) == 1 {
			members[i].Value = list.Items[0]
		}
	}
	v.Members = members
}

// labelInside makes check "cpu" {…} of check { cpu {…} }.
func labelInside(blocks []document.Member) []document.Member {
	var out []document.Member
	for _, b := range blocks {
		if len(b.Value.Labels) > 0 || !onlyBodies(b.Value) {
			out = append(out, b)
			continue
		}
		out = append(out, asBlocks(document.Member{Key: b.Key, Value: &document.Value{Kind: document.KindMap, Members: unwrapped(b.Value.Members)}}, true)...)
	}
	return out
}

func unwrapped(members []document.Member) []document.Member {
	for i := range members {
		if v := members[i].Value; v.Kind == document.KindBlock {
			v.Kind = document.KindMap
		}
	}
	return members
}

func onlyBodies(v *document.Value) bool {
	for _, m := range v.Members {
		if m.Value.Kind != document.KindMap && m.Value.Kind != document.KindBlock && !listOfMaps(m.Value) {
			return false
		}
	}
	return len(v.Members) > 0
}

func listOfMaps(v *document.Value) bool {
	for _, item := range v.Items {
		if item.Kind != document.KindMap && item.Kind != document.KindBlock {
			return false
		}
	}
	return v.Kind == document.KindList && len(v.Items) > 0
}

func asString(v *document.Value) {
	if v.Kind == document.KindNumber || v.Kind == document.KindBool {
		v.Kind = document.KindString
	}
}

func asScalar(v *document.Value, kind reflect.Kind) {
	switch kind {
	case reflect.String:
		asString(v)
	case reflect.Bool:
		if b, err := strconv.ParseBool(v.Text); err == nil && v.Kind == document.KindString {
			v.Kind, v.Text = document.KindBool, strconv.FormatBool(b)
		}
	default:
		if f, err := strconv.ParseFloat(v.Text, 64); err == nil && (v.Kind == document.KindString || v.Kind == document.KindNumber) {
			v.Kind, v.Text = document.KindNumber, strconv.FormatFloat(f, 'f', -1, 64)
		}
	}
}

func asDuration(v *document.Value) {
	d, ok := duration(v)
	if ok {
		v.Kind, v.Text = document.KindString, document.FormatDuration(d)
	}
}

// duration reads a duration: "30s", or a number of nanoseconds.
func duration(v *document.Value) (time.Duration, bool) {
	if v == nil {
		return 0, false
	}
	if v.Kind == document.KindNumber {
		n, err := strconv.ParseInt(v.Text, 10, 64)
		return time.Duration(n), err == nil
	}
	d, err := time.ParseDuration(strings.TrimSpace(v.Text))
	return d, err == nil && v.Kind == document.KindString
}

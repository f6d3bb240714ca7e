package ir

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// values finds values that their fields do not take: words that are none of an
// enumeration, numbers out of range. A spec's decoder refuses them at once; apps
// that come from readers are held to the same.
func (v *verifier) values() {
	Walk(v.app, func(f *Fact) {
		field := f.Field()
		if len(field.Enum) == 0 && field.Min == "" && field.Max == "" {
			return
		}
		word := f.Word()
		if word == "" {
			return
		}
		if len(field.Enum) > 0 && !slices.Contains(field.Enum, word) {
			p := v.add(CodeConflict, f.Path(), fmt.Sprintf("%q is not one of %s", word, strings.Join(field.Enum, ", ")), "Use one of these words.")
			p.Word, p.Candidates = word, field.Enum
		}
		number, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			return
		}
		if low, err := strconv.ParseInt(field.Min, 10, 64); err == nil && number < low {
			v.add(CodeConflict, f.Path(), fmt.Sprintf("%d is less than %d", number, low), "Raise it, or leave it out.")
		}
		if high, err := strconv.ParseInt(field.Max, 10, 64); err == nil && number > high {
			v.add(CodeConflict, f.Path(), fmt.Sprintf("%d is more than %d", number, high), "Lower it.")
		}
	})
}

// contents finds secrets whose keys contradict their type, and references to nothing
// in the templates among the configs.
func (v *verifier) contents() {
	for i := range v.app.Secrets {
		s, path := &v.app.Secrets[i].Value, JoinPath("secrets", v.app.Secrets[i].Key)
		if s.Type == "tls" && len(s.Keys) > 0 && !slices.Equal(s.Keys, []string{"tls.crt", "tls.key"}) {
			v.add(CodeConflict, path+".keys", "a secret of type tls holds tls.crt and tls.key", "Take the keys out, or the type.")
		}
	}
	for i := range v.app.Configs {
		c, path := &v.app.Configs[i].Value, JoinPath("configs", v.app.Configs[i].Key)
		v.refs(path, c.Content)
		for _, e := range c.Entries {
			v.refs(path, e.Value)
		}
	}
}

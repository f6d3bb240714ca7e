package composeread

import (
	"net/netip"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/reference"
	"github.com/decamp-dev/decamp/backends/internal/segment"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// network reads which networks a service joins.
func (r *reader) network(s *composeService) {
	if s.role == ir.Sidecar {
		s.f.take("network_mode") // it is the workload's
		return
	}
	networks, _ := s.f.take("networks").(model)
	if s.role == ir.Init {
		return // those of its workload
	}
	rest := model{}
	for _, name := range s.f.at("networks").keys(networks) {
		r.attachment(s, name, newFields(clone(networks[name]), s.f.at("networks").get(name)), rest)
	}
	if len(rest) > 0 {
		s.rest["networks"] = rest
	}
	if len(s.w.Networks) == 1 && s.w.Networks[0].Key == segment.Default {
		r.onlyDefault(s)
	}
	if mode := scalar(s.f.m["network_mode"]); mode != "" && r.dialect.Stack == nil {
		r.report(diag.Warning, r.dialect.Codes.Network, s.f.at("network_mode"), s.path, "the network of "+s.name+" is "+r.dialect.Title+"'s alone: "+mode, "It stays as it is for "+r.dialect.Title+". On other platforms the workload is in the network of the app.")
	}
}

// onlyDefault leaves out what is so when nothing is said.
func (r *reader) onlyDefault(s *composeService) {
	a := s.w.Networks[0].Value
	if len(a.Addresses) > 0 {
		return
	}
	for _, alias := range a.Aliases {
		r.alias(s, alias, s.f.at("networks").get(segment.Default).get("aliases"))
	}
	s.w.Networks = nil
}

func (r *reader) attachment(s *composeService, name string, f *fields, rest model) {
	if r.hostNetwork(name) {
		if s.c.Security == nil {
			s.c.Security = &ir.Security{}
		}
		s.c.Security.Network = "host"
		r.positions.Set(s.path+".security.network", f.place.node())
		return
	}
	label := segment.Default
	if name != segment.Default {
		declared, _ := r.model.m["networks"].(model)
		if _, ok := declared[name]; !ok {
			r.report(diag.Error, r.dialect.Codes.Invalid, f.place, s.path+".networks", "there is no network "+name, "Declare it under networks: at the top of the file.")
			return
		}
		label = r.names.networks.Name(name)
	}
	a := ir.Attachment{Aliases: texts(f.take("aliases"))}
	for _, key := range []string{"ipv4_address", "ipv6_address"} {
		if r.dialect.Stack != nil && f.m[key] != nil {
			f.take(key)
			r.report(diag.Warning, r.dialect.Codes.Ignored, f.at(key), s.path+".networks", "docker stack deploy ignores "+key, "A task has the address that it is given. Use names.")
			continue
		}
		if text := f.text(key); text != "" {
			if _, err := netip.ParseAddr(text); err != nil {
				r.report(diag.Error, r.dialect.Codes.Invalid, f.at(key), s.path+".networks", "an address is none: "+text, "")
				continue
			}
			a.Addresses = append(a.Addresses, text)
		}
	}
	s.w.Networks.Set(label, a)
	r.positions.Set(ir.JoinPath(s.path+".networks", label), f.place.node())
	if left := f.rest(); len(left) > 0 {
		rest[label] = left
	}
}

// containerNames makes the names of containers, by which others reach them, aliases
// where another service names them.
func (r *reader) containerNames() {
	var named []*composeService
	for _, s := range r.services {
		if r.dialect.Stack != nil {
			return
		}
		if name := scalar(s.f.m["container_name"]); name != "" && name != s.workload && s.role == ir.Main {
			named = append(named, s)
		}
	}
	if len(named) == 0 {
		return
	}
	mentioned := r.mentioned()
	for _, s := range named {
		name := scalar(s.f.m["container_name"])
		by := mentioned[name]
		if delete(by, s); len(by) > 0 {
			r.alias(s, name, s.f.at("container_name"))
		}
	}
}

// mentioned returns the words in the environment and the commands of services, with
// who says them.
func (r *reader) mentioned() map[string]map[*composeService]bool {
	words := map[string]map[*composeService]bool{}
	for _, s := range r.services {
		reference.EachText(s.c, func(t ir.Text) {
			for _, p := range t {
				for _, word := range strings.FieldsFunc(p.Literal, func(c rune) bool { return !isNameRune(c) }) {
					if words[word] == nil {
						words[word] = map[*composeService]bool{}
					}
					words[word][s] = true
				}
			}
		})
	}
	return words
}

func isNameRune(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.'
}

package score

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// container reads all of a container but its probes, which need the ports of the
// whole workload.
func (r *reader) container(w *workload, c member[container], path string, into *ir.Container) {
	if path != w.path() {
		r.place(path, c.Key, c.Key)
	}
	r.image(w, c, path, into)
	into.Entrypoint = r.command(c.Value.Command, w.root.Get("containers").Get(c.Name).Get("command"), path+".entrypoint")
	into.Args = r.command(c.Value.Args, w.root.Get("containers").Get(c.Name).Get("args"), path+".args")
	for _, v := range c.Value.Variables {
		at := ir.JoinPath(path+".env", v.Name)
		r.place(at, v.Key, v.Value.Node)
		into.Env.Set(v.Name, r.text(w, v.Value.Node, at))
	}
	r.files(w, c, path, into)
	r.mounts(w, c, path, into)
	r.resourcesOf(w, c, path, into)
}

// image of a container. A single dot is Score's way of leaving it to the command that
// generates: here it is a var.
func (r *reader) image(w *workload, c member[container], path string, into *ir.Container) {
	r.place(path+".image", c.Value.Image.Node, c.Value.Image.Node)
	into.Image = c.Value.Image.Text
	if into.Image != "." {
		return
	}
	name := w.name + "-image"
	if c.Name != w.main {
		name = w.name + "-" + c.Name + "-image"
	}
	value, open := r.variable(name, "", "image of "+strings.TrimPrefix(path, "workloads.")+", which Score leaves to whoever generates", c.Value.Image.Node)
	if value != "" {
		into.Image = value
	}
	if open {
		r.reading.Expressions[path+".image"] = "${vars." + r.names.vars.Name(name) + "}"
	}
}

// dollars finds doubled dollars before something that a shell would expand.
var dollars = pattern.New(`\$\$([A-Za-z_{(])`)

// command reads words. Score expands none of them.
func (r *reader) command(words []scalar, n *tree.Node, path string) *ir.Command {
	if n.IsNull() {
		return nil
	}
	r.positions.Set(path, n)
	c := &ir.Command{Words: []ir.Text{}}
	for i, word := range words {
		at := fmt.Sprintf("%s[%d]", path, i)
		r.positions.Set(at, word.Node)
		text := dollars().ReplaceAllString(word.Text, "$$$1")
		if text != word.Text {
			r.report(diag.Note, CodeDollar, word.Node, at, "a doubled dollar in a command is taken as one", "Files are written so because Docker Compose halves it. A shell would read $${X} as its process id and {X}.")
		}
		c.Words = append(c.Words, ir.Literal(text))
	}
	return c
}

// resourcesOf reads reservations and limits.
func (r *reader) resourcesOf(w *workload, c member[container], path string, into *ir.Container) {
	said := c.Value.Resources
	if said == nil {
		return
	}
	result := &ir.Resources{}
	var requests, limits amounts
	if said.Requests != nil {
		requests = *said.Requests
	}
	if said.Limits != nil {
		limits = *said.Limits
	}
	at := path + ".resources"
	result.CPU = r.cpu(requests.CPU, at+".cpu")
	result.Memory = r.memory(requests.Memory, at+".memory")
	most := ir.Limits{CPU: r.cpu(limits.CPU, at+".limits.cpu"), Memory: r.memory(limits.Memory, at+".limits.memory")}
	if most.CPU > 0 && result.CPU > most.CPU {
		r.clamp(w, c, requests.CPU, "cpu", at+".cpu", most.CPU.String())
		result.CPU = most.CPU
	}
	if most.Memory > 0 && result.Memory > most.Memory {
		r.clamp(w, c, requests.Memory, "memory", at+".memory", most.Memory.String())
		result.Memory = most.Memory
	}
	if most != (ir.Limits{}) {
		result.Limits = &most
	}
	if result.CPU != 0 || result.Memory != 0 || result.Limits != nil {
		into.Resources = result
	}
}

// clamp says that a reservation beyond its limit was lowered.
func (r *reader) clamp(w *workload, c member[container], s scalar, key, path, limit string) {
	r.report(diag.Warning, CodeClamped, s.Node, path, "more "+key+" is requested than the limit allows", "The limit, "+limit+", is taken as the reservation: nothing gets more than that.")
	r.carry(w, "more "+key+" is requested than the limit allows, which most platforms refuse", "drop it", s.Node, piece{[]string{"containers", c.Name, "resources", "requests", key}, s.Node})
}

func (r *reader) cpu(s scalar, path string) ir.CPU {
	if !s.said() {
		return 0
	}
	r.positions.Set(path, s.Node)
	value, err := ir.ParseCPU(s.Text)
	if err == nil {
		return value
	}
	if f, wrong := strconv.ParseFloat(s.Text, 64); wrong == nil && f > 0 && f < 1e6 {
		value = ir.CPU(int64(f*1000) + 1)
		r.report(diag.Note, codeRounded, s.Node, path, fmt.Sprintf("%s is rounded up to %s", s.Text, value), "A thousandth of a core is the smallest amount.")
		return value
	}
	r.report(diag.Error, CodeValue, s.Node, path, err.Error(), "")
	return 0
}

func (r *reader) memory(s scalar, path string) ir.Bytes {
	if !s.said() {
		return 0
	}
	r.positions.Set(path, s.Node)
	text, factor := s.Text, int64(1)
	for suffix, larger := range map[string]struct {
		unit   string
		factor int64
	}{"Ei": {"Pi", 1024}, "E": {"P", 1000}} {
		if rest, ok := strings.CutSuffix(text, suffix); ok {
			text, factor = rest+larger.unit, larger.factor
			break
		}
	}
	value, err := ir.ParseBytes(text)
	if err == nil && int64(value) <= (1<<63-1)/factor {
		return value * ir.Bytes(factor)
	}
	if strings.Contains(fmt.Sprint(err), "not a whole number of bytes") {
		value = r.roundedMemory(text)
		r.report(diag.Note, codeRounded, s.Node, path, fmt.Sprintf("%s is rounded up to %s", s.Text, value), "A byte is the smallest amount.")
		return value
	}
	if err == nil {
		err = fmt.Errorf("%q is out of range for a size", s.Text)
	}
	r.report(diag.Error, CodeValue, s.Node, path, err.Error(), "")
	return 0
}

// roundedMemory reads a size that is no whole number of bytes, rounded up.
func (r *reader) roundedMemory(text string) ir.Bytes {
	number := strings.TrimRight(text, "KMGTPikmgtp")
	unit, err := ir.ParseBytes("1" + strings.TrimPrefix(text, number))
	f, wrong := strconv.ParseFloat(number, 64)
	if err != nil || wrong != nil {
		return 0
	}
	return ir.Bytes(f*float64(unit)) + 1
}

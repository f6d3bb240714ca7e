package score

import (
	"fmt"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
)

// order is the containers of a workload in the order in which they start.
type order struct {
	containers members[container]
	init       map[string]bool
	circle     bool // the order is none
}

// order tells init containers from the others and chooses the main container.
// Score's before stands in the container that comes first: before: {x: {ready:
// complete}} lets x wait until this one has ended.
func (r *reader) order(w *workload) order {
	o := order{init: map[string]bool{}}
	before := map[string][]string{}
	for _, c := range w.Containers {
		all := len(c.Value.Before) > 0
		for _, b := range c.Value.Before {
			all = all && b.Value.Ready.Text == "complete"
			r.checkBefore(w, &c, b)
			before[c.Name] = append(before[c.Name], b.Name)
		}
		o.init[c.Name] = all
	}
	if cycle := circle(w.Containers, before); cycle != "" {
		r.report(diag.Error, CodeOrder, w.root.Pair("containers").Key, w.path(), "containers wait for each other in a circle: "+cycle, "None of them could ever start. Take one of the before entries out.")
		o.init, o.circle, before = map[string]bool{}, true, nil
	}
	w.main = chooseMain(w, o.init)
	o.containers = sorted(w.Containers, o.init, before)
	for _, c := range w.Containers {
		r.weighBefore(w, &c, o)
	}
	return o
}

func (r *reader) checkBefore(w *workload, c *member[container], b member[beforeEntry]) {
	path := w.path() + ".containers." + c.Name
	switch {
	case w.Containers.get(b.Name) == nil || b.Name == c.Name:
		r.report(diag.Error, CodeOrder, b.Key, path, fmt.Sprintf("container %s is to come before %q, which is no other container", c.Name, b.Name), "The containers are "+strings.Join(containerNames(w), ", ")+".")
	case !slices.Contains([]string{"started", "healthy", "complete"}, b.Value.Ready.Text) && b.Value.Ready.said():
		r.report(diag.Error, CodeValue, b.Value.Ready.Node, path, fmt.Sprintf("ready: %q is none of started, healthy and complete", b.Value.Ready.Text), "")
	}
}

// weighBefore says where the order of the spec is not that of the file.
func (r *reader) weighBefore(w *workload, c *member[container], o order) {
	if !o.init[c.Name] {
		for _, b := range c.Value.Before {
			if w.Containers.get(b.Name) == nil || b.Name == c.Name || o.circle {
				continue // said already
			}
			r.report(diag.Warning, CodeOrder, b.Key, w.path(), fmt.Sprintf("container %s comes before %s (%s) on Score only", c.Name, b.Name, b.Value.Ready.Text),
				"The containers of a workload start together, except for init containers, which have ended then. Let the one try again until the other answers.")
			r.carry(w, fmt.Sprintf("container %s has to be %s before %s starts, and only init containers have an order here", c.Name, b.Value.Ready.Text, b.Name), "let "+b.Name+" wait by itself", b.Key,
				piece{[]string{"containers", c.Name, "before", b.Name, "ready"}, b.Value.Ready.Node})
		}
		return
	}
	var others []string
	for _, other := range w.Containers {
		if !o.init[other.Name] && c.Value.Before.get(other.Name) == nil {
			others = append(others, other.Name)
		}
	}
	if len(others) > 0 && len(others) < len(w.Containers) && !leadsTo(w, c.Name, others) {
		r.report(diag.Warning, CodeOrder, c.Value.Before[0].Key, w.path(), fmt.Sprintf("%s waits for container %s too", strings.Join(others, ", "), c.Name), "An init container has ended before any other container of its workload starts.")
	}
}

// leadsTo reports whether all of the others wait for the container by way of init
// containers in between.
func leadsTo(w *workload, name string, others []string) bool {
	reached := map[string]bool{}
	var visit func(string)
	visit = func(at string) {
		if c := w.Containers.get(at); c != nil && !reached[at] {
			reached[at] = true
			for _, b := range c.Value.Before {
				visit(b.Name)
			}
		}
	}
	visit(name)
	return !slices.ContainsFunc(others, func(o string) bool { return !reached[o] })
}

// chooseMain returns the container that is called as its workload, else main, else
// the first that is no init container.
func chooseMain(w *workload, init map[string]bool) string {
	first := ""
	for _, wanted := range []string{w.Metadata.Name.Text, "main"} {
		if w.Containers.get(wanted) != nil && !init[wanted] {
			return wanted
		}
	}
	for _, c := range slices.Backward(w.Containers) {
		if !init[c.Name] {
			first = c.Name
		}
	}
	return first
}

// sorted returns the init containers in an order that holds to before, then the
// others, each in the order of the file where nothing else is said.
func sorted(all members[container], init map[string]bool, before map[string][]string) members[container] {
	var result members[container]
	done := map[string]bool{}
	for range all {
		for _, c := range all {
			if done[c.Name] || !init[c.Name] || slices.ContainsFunc(all, func(o member[container]) bool {
				return init[o.Name] && !done[o.Name] && slices.Contains(before[o.Name], c.Name)
			}) {
				continue
			}
			done[c.Name] = true
			result = append(result, c)
			break
		}
	}
	for _, c := range all {
		if !done[c.Name] {
			result = append(result, c)
		}
	}
	return result
}

// circle returns a circle of containers that come before each other, "" when there
// is none.
func circle(all members[container], before map[string][]string) string {
	const open, done = 1, 2
	state := map[string]int{}
	var trail []string
	var visit func(name string) string
	visit = func(name string) string {
		state[name] = open
		trail = append(trail, name)
		for _, next := range before[name] {
			if state[next] == open && next != name {
				return strings.Join(trail[slices.Index(trail, next):], " → ") + " → " + next
			}
			if state[next] == 0 {
				if found := visit(next); found != "" {
					return found
				}
			}
		}
		state[name] = done
		trail = trail[:len(trail)-1]
		return ""
	}
	for _, c := range all {
		if state[c.Name] == 0 {
			if found := visit(c.Name); found != "" {
				return found
			}
		}
	}
	return ""
}

func containerNames(w *workload) []string {
	var names []string
	for _, c := range w.Containers {
		names = append(names, c.Name)
	}
	return names
}

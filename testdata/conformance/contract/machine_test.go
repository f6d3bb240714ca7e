//go:build conformance

package contract

import (
	"cmp"
	"slices"
	"sync"
)

// mostUp is how many apps are up at once: a small machine that runs more answers too late.
const mostUp = 5

// machine is what all platforms share: one app is deployed at a time, and a few are up.
type machine struct {
	running sync.WaitGroup // platforms whose chapters are not done yet
	alone   sync.Mutex

	mutex     sync.Mutex
	changed   *sync.Cond
	waiting   []*place // those that are to come up first stand in front
	up        []*place
	deploying bool
}

// place is one chapter on one platform.
type place struct {
	platform, chapter string
	order             int
}

func newMachine() *machine {
	m := &machine{}
	m.changed = sync.NewCond(&m.mutex)
	return m
}

// enter waits until the chapter may be deployed.
func (m *machine) enter(platform, chapter string, order int) *place {
	p := &place{platform, chapter, order}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.waiting = append(m.waiting, p)
	slices.SortStableFunc(m.waiting, func(a, b *place) int { return cmp.Compare(a.order, b.order) })
	for m.next() != p {
		m.changed.Wait()
	}
	m.waiting = slices.DeleteFunc(m.waiting, func(other *place) bool { return other == p })
	m.up, m.deploying = append(m.up, p), true
	return p
}

// next is the chapter whose turn it is, nil where none may come up now.
func (m *machine) next() *place {
	if m.deploying || len(m.up) >= mostUp {
		return nil
	}
	for _, p := range m.waiting {
		if !slices.ContainsFunc(m.up, p.collides) {
			return p
		}
	}
	return nil
}

// collides says whether two apps would take ports, networks and volumes from each other: the same one twice on the one engine.
func (p *place) collides(other *place) bool {
	return p.chapter == other.chapter && p.platform != "kubernetes" && other.platform != "kubernetes"
}

// deployed lets the next app be deployed.
func (m *machine) deployed() { m.set(func() { m.deploying = false }) }

// leave makes room for another app.
func (m *machine) leave(p *place) {
	m.set(func() { m.up = slices.DeleteFunc(m.up, func(other *place) bool { return other == p }) })
}

func (m *machine) set(change func()) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	change()
	m.changed.Broadcast()
}

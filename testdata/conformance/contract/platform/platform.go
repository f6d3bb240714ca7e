// Package platform deploys apps on the real platforms and looks at what runs there. It is a small driver for each, and
// knows nothing of what is asked: the contract asks. Apps are deployed by the very lines of docs/deploy.md.
package platform

import (
	"context"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// Deployment is one app on one platform: its spec lies in Folder, and the lines of docs/deploy.md run there.
type Deployment struct {
	App         *ir.App
	Folder      string            // with decamp.yaml; the lines write below it
	Environment []string          // NAME=VALUE: vars and the values of secrets, as whoever deploys has them
	Commands    []string          // the commands that the findings name for creating secrets
	Secrets     map[string]string // NAME or NAME.KEY → value
}

// Instance is one container, running or ended.
type Instance struct {
	Workload  string
	Container string // of a sidecar or an init container; empty for the main one
	Replica   string // the same for all containers that are placed together
	ID        string // in the platform's own words
	Address   string // of the replica, as the node reaches it
	Running   bool
	Ready     bool // the platform sends it traffic, or says that it is healthy
	ExitCode  int
	Restarts  int
	Started   time.Time
	Labels    map[string]string // of the container, or of what stands for it
	Object    string            // what the platform calls the replica in its own messages
}

// Platform is a running platform.
type Platform interface {
	Name() string
	// Version is what the platform says of itself.
	Version() string
	// Missing says why the platform cannot be asked; empty when it is up.
	Missing() string
	// Prepare makes what an app finds there when it is deployed first: its place, its secrets, its volumes.
	Prepare(d *Deployment) error
	// Environment is what the lines of docs/deploy.md run in, besides the deployment's own.
	Environment(d *Deployment) []string
	// Instances lists the containers of an app.
	Instances(d *Deployment) ([]Instance, error)
	// Dial reaches an address of an instance from its node.
	Dial(ctx context.Context, network, address string) (net.Conn, error)
	// Addresses lists the addresses of the node, without the loopback.
	Addresses() ([]string, error)
	// Output is what a container has written, its earlier starts included where the platform keeps them.
	Output(d *Deployment, i Instance) (string, error)
	// Kill ends the process of an instance as a fault would: by SIGKILL, unannounced.
	Kill(d *Deployment, i Instance) error
	// Stop ends the replica of an instance as whoever operates the platform would, and has another one take its place.
	Stop(d *Deployment, i Instance) error
	// Outside is the address at which a published port is reached from outside.
	Outside(d *Deployment, workload, port string) (string, error)
	// Labels are the labels and annotations of an instance's workload, as the platform shows them.
	Labels(d *Deployment, i Instance) (map[string]string, error)
	// Rank is the number by which the platform ranks a workload where there is not room for all: the higher is kept.
	Rank(d *Deployment, workload string) (int, error)
	// Scale has so many replicas run, as whoever operates the platform would.
	Scale(d *Deployment, workload string, n int) error
	// Drain empties the app's node as for maintenance, as far as the app lets it, and does not wait for its end; Undrain ends that.
	Drain(d *Deployment) error
	Undrain(d *Deployment) error
	// Restart restarts the daemon of the node that keeps the containers, and comes back when it answers.
	Restart() error
	// Describe says what the platform knows about a workload that does not run as it should.
	Describe(d *Deployment, workload string) string
	// Forget removes what Prepare made and all that the lines may have left.
	Forget(d *Deployment) error
}

// All returns the drivers of all platforms.
func All() []Platform { return []Platform{&compose{}, &swarm{}, &nomad{}, &kubernetes{}} }

// containers lists the names of a workload's containers beside the main one.
func containers(w *ir.Workload) (names []string) {
	for _, c := range w.Init {
		names = append(names, c.Key)
	}
	for _, c := range w.Sidecars {
		names = append(names, c.Key)
	}
	return names
}

// longest orders names so that "web-proxy" is tried before "web".
func longest(names []string) []string {
	slices.SortFunc(names, func(a, b string) int { return len(b) - len(a) })
	return names
}

func lines(text string) (list []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

package platform

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

// nomad is a Nomad agent with the docker driver.
type nomad struct {
	details sync.Map // allocation → allocation with what the lists leave out, once it has an address
}

// Where the agent of the tests is.
const (
	nomadNetwork = "/run/netns/decamp-nomad"
	nomadNode    = "10.99.4.1"
)

func (*nomad) Name() string { return "nomad" }

func (*nomad) Version() string {
	v, _ := command(nil, "nomad", "version")
	return strings.TrimSpace(strings.SplitN(v, "\n", 2)[0]) + ", " + engineVersion()
}

func (*nomad) Missing() string {
	if os.Getenv("NOMAD_ADDR") == "" {
		return "NOMAD_ADDR is not set"
	}
	var nodes []struct{ Status string }
	if err := nomadAPI().get("/v1/nodes", &nodes); err != nil {
		return err.Error()
	}
	return ""
}

func (*nomad) Prepare(d *Deployment) error {
	for _, c := range d.Commands {
		if _, err := Run(d.Folder, d.Environment, time.Minute, c); err != nil {
			return err
		}
	}
	return nil
}

func (*nomad) Environment(*Deployment) []string { return nil }

func (*nomad) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	// what has no ports is in no network of Nomad's: Docker gives it an address on the machine
	if strings.HasPrefix(address, "172.26.") || strings.HasPrefix(address, "127.") {
		return dialIn(ctx, nomadNetwork, network, address)
	}
	return (&net.Dialer{Timeout: 3 * time.Second}).DialContext(ctx, network, address)
}

func (*nomad) Addresses() ([]string, error) { return []string{nomadNode}, nil }

type allocation struct {
	ID, Name, TaskGroup, JobID  string
	ClientStatus, DesiredStatus string
	CreateTime                  int64
	DeploymentStatus            *struct{ Healthy *bool }
	TaskStates                  map[string]struct {
		State     string
		Failed    bool
		Restarts  int
		StartedAt time.Time
		Events    []struct {
			Type, DisplayMessage string
			Time                 int64
			ExitCode             int
			Details              map[string]string
		}
	}
	NetworkStatus      *struct{ Address string }
	AllocatedResources struct {
		Shared struct {
			Ports []struct {
				Label, HostIP string
				Value, To     int
			}
		}
	}
}

// allocations lists those of an app by workload, those of periodic runs too.
func (n *nomad) allocations(d *Deployment) (map[string][]allocation, error) {
	var all []allocation
	if err := nomadAPI().get("/v1/allocations?task_states=true", &all); err != nil {
		return nil, err
	}
	found := map[string][]allocation{}
	for _, a := range all {
		job, _, _ := strings.Cut(a.JobID, "/")
		workload, ours := strings.CutPrefix(job, d.App.Name+"-")
		if !ours || d.App.Workloads.Ref(workload) == nil {
			continue
		}
		known, there := n.details.Load(a.ID)
		if !there {
			var detail allocation
			if err := nomadAPI().get("/v1/allocation/"+a.ID, &detail); err != nil {
				continue // collected in between
			}
			if detail.NetworkStatus != nil && detail.NetworkStatus.Address != "" {
				n.details.Store(a.ID, detail)
			}
			known = detail
		}
		a.NetworkStatus, a.AllocatedResources = known.(allocation).NetworkStatus, known.(allocation).AllocatedResources
		found[workload] = append(found[workload], a)
	}
	return found, nil
}

func (n *nomad) Instances(d *Deployment) ([]Instance, error) {
	var instances []Instance
	all, err := n.allocations(d)
	if err != nil {
		return nil, err
	}
	list, err := dockerContainers("label", "com.hashicorp.nomad.alloc_id")
	addresses := map[string]string{}
	for _, c := range list {
		for _, network := range c.NetworkSettings.Networks {
			addresses[strings.TrimPrefix(c.Name, "/")] = network.IPAddress
		}
		if c.HostConfig.NetworkMode == "host" { // the host of the tests' engine is the machine, and not where the agent is
			if own, err := machineAddresses(); err == nil && len(own) > 0 {
				addresses[strings.TrimPrefix(c.Name, "/")] = own[0]
			}
		}
	}
	for _, w := range d.App.Workloads {
		for _, a := range all[w.Key] {
			for task, state := range a.TaskStates {
				container, known := "", task == w.Key
				for _, c := range containers(&w.Value) {
					if task == c {
						container, known = c, true
					}
				}
				if !known {
					continue
				}
				i := Instance{Workload: w.Key, Container: container, Replica: a.ID, ID: task, Running: state.State == "running",
					Restarts: state.Restarts, Started: state.StartedAt, Object: a.Name}
				if a.NetworkStatus != nil {
					i.Address = a.NetworkStatus.Address
				}
				if own := addresses[task+"-"+a.ID]; i.Address == "" && own != "" {
					i.Address = own
				} else if i.Address == "" {
					i.Address = nomadNode
				}
				for _, e := range state.Events {
					if e.Type == "Terminated" {
						i.ExitCode = e.ExitCode
					}
				}
				i.Ready = i.Running && (a.DeploymentStatus == nil || a.DeploymentStatus.Healthy == nil || *a.DeploymentStatus.Healthy)
				instances = append(instances, i)
			}
		}
	}
	return instances, err
}

func (*nomad) Output(_ *Deployment, i Instance) (string, error) {
	var output strings.Builder
	for _, stream := range []string{"stdout", "stderr"} {
		text, err := nomadAPI().send(http.MethodGet, "/v1/client/fs/logs/"+i.Replica+"?plain=true&task="+i.ID+"&type="+stream, "")
		if err != nil {
			return output.String(), err
		}
		output.Write(text)
	}
	return output.String(), nil
}

func (*nomad) Kill(_ *Deployment, i Instance) error { return dockerKill(i.ID + "-" + i.Replica) }

func (*nomad) Stop(_ *Deployment, i Instance) error {
	_, err := command(nil, "nomad", "alloc", "stop", "-detach", i.Replica)
	return err
}

func (n *nomad) Outside(d *Deployment, workload, port string) (string, error) {
	all, err := n.allocations(d)
	for _, a := range all[workload] {
		if a.ClientStatus != "running" {
			continue
		}
		for _, p := range a.AllocatedResources.Shared.Ports {
			if p.Label == port || p.Label == strings.ReplaceAll(port, "-", "_") {
				return fmt.Sprintf("%s:%d", p.HostIP, p.Value), nil
			}
		}
	}
	return "", err
}

func (n *nomad) Describe(d *Deployment, workload string) string {
	var text strings.Builder
	all, _ := n.allocations(d)
	for _, a := range all[workload] {
		fmt.Fprintf(&text, "%s: %s (wanted: %s)\n", a.Name, a.ClientStatus, a.DesiredStatus)
		for task, state := range a.TaskStates {
			for _, e := range state.Events[max(0, len(state.Events)-6):] {
				fmt.Fprintf(&text, "  %s: %s: %s\n", task, e.Type, e.DisplayMessage)
			}
		}
	}
	status, _ := command(nil, "nomad", "job", "status", d.App.Name+"-"+workload)
	return text.String() + tail(status, 25)
}

func (*nomad) Forget(d *Deployment) error {
	prefix := d.App.Name + "-"
	var jobs []struct{ ID, ParentID string }
	err := nomadAPI().get("/v1/jobs?prefix="+prefix, &jobs)
	for _, j := range jobs {
		if j.ParentID == "" {
			_, failed := nomadAPI().send(http.MethodDelete, "/v1/job/"+j.ID+"?purge=true", "")
			err = errors.Join(err, failed)
		}
	}
	var variables []struct{ Path string }
	err = errors.Join(err, nomadAPI().get("/v1/vars?prefix=nomad/jobs/"+prefix, &variables))
	variables = append(variables, struct{ Path string }{"decamp/" + d.App.Name})
	for _, v := range variables {
		_, failed := nomadAPI().send(http.MethodDelete, "/v1/var/"+v.Path, "")
		err = errors.Join(err, failed)
	}
	// a volume is kept as long as an allocation that has ended is not yet taken down
	for try := 0; err == nil && try < 10; try++ {
		var volumes []struct{ ID, Name string }
		err = nomadAPI().get("/v1/volumes?type=host", &volumes)
		left := 0
		for _, v := range volumes {
			if strings.HasPrefix(v.Name, prefix) {
				if _, used := nomadAPI().send(http.MethodDelete, "/v1/volume/host/"+v.ID+"/delete", ""); used != nil {
					left++
				}
			}
		}
		if left == 0 {
			break
		}
		time.Sleep(2 * time.Second)
	}
	return err
}

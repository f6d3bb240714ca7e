package platform

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// nomad is a Nomad agent with the docker driver.
type nomad struct{}

const nomadNetwork = "/run/netns/decamp-nomad"

func (*nomad) Name() string { return "nomad" }

func (*nomad) Version() string {
	v, _ := command(nil, "nomad", "version")
	return strings.TrimSpace(strings.SplitN(v, "\n", 2)[0]) + ", " + engineVersion()
}

func (n *nomad) Missing() string {
	if os.Getenv("NOMAD_ADDR") == "" {
		return "NOMAD_ADDR is not set"
	}
	var nodes []struct{ Status string }
	if err := n.get("/v1/nodes", &nodes); err != nil {
		return err.Error()
	}
	return ""
}

func (*nomad) get(path string, into any) error {
	client := http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{Proxy: nil}}
	response, err := client.Get(os.Getenv("NOMAD_ADDR") + path)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s %s %v", path, response.Status, text, err)
	}
	return json.Unmarshal(text, into)
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
	return dialIn(ctx, nomadNetwork, network, address)
}

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

// allocations lists those of a workload, newest first, those of its periodic runs too.
func (n *nomad) allocations(d *Deployment, workload string) ([]allocation, error) {
	var jobs []struct{ ID, ParentID string }
	job := d.App.Name + "-" + workload
	if err := n.get("/v1/jobs?prefix="+url.QueryEscape(job), &jobs); err != nil {
		return nil, err
	}
	var all []allocation
	for _, j := range jobs {
		if j.ID != job && j.ParentID != job {
			continue
		}
		var stubs []allocation
		if err := n.get("/v1/job/"+url.PathEscape(j.ID)+"/allocations", &stubs); err != nil {
			return nil, err
		}
		for _, stub := range stubs {
			a := stub
			if err := n.get("/v1/allocation/"+stub.ID, &a); err == nil {
				all = append(all, a)
			}
		}
	}
	return all, nil
}

func (n *nomad) Instances(d *Deployment) ([]Instance, error) {
	var instances []Instance
	for _, w := range d.App.Workloads {
		allocations, err := n.allocations(d, w.Key)
		if err != nil {
			return nil, err
		}
		for _, a := range allocations {
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
				if i.Address == "" {
					i.Address = "10.99.4.1"
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
	return instances, nil
}

func (*nomad) Output(_ *Deployment, i Instance) (string, error) {
	stdout, err := command(nil, "nomad", "alloc", "logs", "-task", i.ID, i.Replica)
	stderr, _ := command(nil, "nomad", "alloc", "logs", "-stderr", "-task", i.ID, i.Replica)
	return stdout + stderr, err
}

func (*nomad) Kill(_ *Deployment, i Instance) error {
	_, err := command(nil, "sh", "-c", "kill -9 $(docker inspect --format '{{.State.Pid}}' "+i.ID+"-"+i.Replica+")")
	return err
}

func (*nomad) Stop(_ *Deployment, i Instance) error {
	_, err := command(nil, "nomad", "alloc", "stop", "-detach", i.Replica)
	return err
}

func (n *nomad) Outside(d *Deployment, workload, port string) (string, error) {
	allocations, err := n.allocations(d, workload)
	for _, a := range allocations {
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
	allocations, _ := n.allocations(d, workload)
	for _, a := range allocations {
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
	_, err := command(nil, "sh", "-c", fmt.Sprintf(`
		for job in $(curl -sf "$NOMAD_ADDR/v1/jobs?prefix=%[1]s-" | jq -r '.[] | select(.ParentID == "") | .ID'); do nomad job stop -purge -detach "$job" >/dev/null; done
		for variable in $(nomad var list -out json nomad/jobs/%[1]s- 2>/dev/null | jq -r '.[].Path'); do nomad var purge "$variable" >/dev/null; done`, d.App.Name))
	return err
}

package platform

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// swarm is Docker's Swarm on one node. Its networks are not seen from the node, so a container is asked from within its own
// network namespace, at the loopback.
type swarm struct {
	processes sync.Map // address → number of the container's process
	nodes     sync.Mutex
	crons     sync.Map // deployment → *cron
}

func (*swarm) Name() string { return "swarm" }

func (*swarm) Version() string { return engineVersion() + ", swarm mode" }

func (*swarm) Missing() string {
	state, err := command(nil, "docker", "info", "--format", "{{.Swarm.LocalNodeState}}")
	if err != nil {
		return err.Error()
	}
	if strings.TrimSpace(state) != "active" {
		return "the engine is not in swarm mode"
	}
	return ""
}

// Prepare makes the secrets by the command that the findings name, and gives the node the labels that pin volumes to it.
func (s *swarm) Prepare(d *Deployment) error {
	for name, value := range d.Secrets {
		process := exec.Command("docker", "secret", "create", stackName(d)+"_"+name, "-")
		process.Stdin = strings.NewReader(value)
		if output, err := process.CombinedOutput(); err != nil {
			return fmt.Errorf("docker secret create: %w: %s", err, output)
		}
	}
	c, err := startCron(d)
	if err != nil {
		return err
	}
	s.crons.Store(d, c)
	s.nodes.Lock() // two updates of a node at once refuse each other
	defer s.nodes.Unlock()
	for _, v := range d.App.Volumes {
		if _, err := command(nil, "sh", "-c", "docker node update --label-add "+stackName(d)+"."+v.Key+"=true $(docker node ls -q)"); err != nil {
			return err
		}
	}
	return nil
}

func stackName(d *Deployment) string { return project(d.App) }

func (*swarm) Environment(*Deployment) []string { return nil }

func (s *swarm) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	process, there := s.processes.Load(host)
	if !there { // an address of the node
		return (&net.Dialer{Timeout: 3 * time.Second}).DialContext(ctx, network, address)
	}
	return dialIn(ctx, fmt.Sprintf("/proc/%v/ns/net", process), network, "127.0.0.1:"+port)
}

func (*swarm) Addresses() ([]string, error) { return machineAddresses() }

func (s *swarm) Instances(d *Deployment) ([]Instance, error) {
	list, err := dockerContainers("label", "com.docker.stack.namespace="+stackName(d))
	var instances []Instance
	for _, c := range list {
		service := strings.TrimPrefix(c.Config.Labels["com.docker.swarm.service.name"], stackName(d)+"_")
		workload, container, known := serviceOf(d.App, service)
		if !known {
			continue
		}
		i := Instance{Workload: workload, Container: container, ID: c.ID, Replica: c.ID, Running: c.State.Running, ExitCode: c.State.ExitCode,
			Started: c.State.StartedAt, Labels: c.Config.Labels, Object: c.Name}
		for _, n := range c.NetworkSettings.Networks {
			if n.IPAddress != "" && i.Address == "" {
				i.Address = n.IPAddress
			}
		}
		if c.State.Running {
			if i.Address == "" {
				i.Address = "127.0.0.1"
			}
			s.processes.Store(i.Address, c.State.Pid)
		}
		i.Ready = c.State.Running && (c.State.Health == nil || c.State.Health.Status == "healthy")
		instances = append(instances, i)
	}
	return instances, err
}

func (*swarm) Output(_ *Deployment, i Instance) (string, error) { return dockerLogs(i.ID) }

func (*swarm) Kill(_ *Deployment, i Instance) error {
	return dockerKill(i.ID)
}

func (*swarm) Stop(_ *Deployment, i Instance) error {
	_, err := command(nil, "docker", "service", "update", "--detach", "--force", i.Labels["com.docker.swarm.service.name"])
	return err
}

func (*swarm) Outside(d *Deployment, workload, port string) (string, error) {
	text, err := command(nil, "docker", "service", "inspect", stackName(d)+"_"+workload)
	if err != nil {
		return "", err
	}
	var services []struct {
		Spec struct {
			EndpointSpec struct {
				Ports []struct{ TargetPort, PublishedPort int }
			}
		}
	}
	if err := json.Unmarshal([]byte(text), &services); err != nil {
		return "", err
	}
	var numbers []int
	for _, service := range services {
		for _, p := range service.Spec.EndpointSpec.Ports {
			if number := d.App.Workloads.Ref(workload).Ports.Ref(port); number != nil && number.Port == p.TargetPort {
				numbers = append(numbers, p.PublishedPort)
			}
		}
	}
	// all numbers of a range are the task's, and an Engine need not forward each of them
	for _, number := range numbers {
		if conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", number), time.Second); err == nil {
			conn.Close()
			return fmt.Sprintf("127.0.0.1:%d", number), nil
		}
	}
	return "", nil
}

func (*swarm) Describe(d *Deployment, workload string) string {
	text, _ := command(nil, "docker", "stack", "ps", "--no-trunc", "--format", "{{.Name}} {{.CurrentState}} {{.Error}}", stackName(d))
	var kept []string
	for _, line := range lines(text) {
		if workload == "" || strings.HasPrefix(line, stackName(d)+"_"+workload) {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept[:min(len(kept), 20)], "\n")
}

// Forget removes the stack, and the containers that an Engine before 23 leaves of its jobs.
func (s *swarm) Forget(d *Deployment) error {
	if c, there := s.crons.LoadAndDelete(d); there {
		close(c.(*cron).stop)
	}
	_, err := command(nil, "sh", "-c", fmt.Sprintf(`docker service ls -q --filter label=com.docker.stack.namespace=%[1]s --filter mode=replicated-job | xargs -r -I{} docker service scale --detach {}=0 >/dev/null 2>&1
		docker stack rm %[1]s >/dev/null 2>&1
		for try in $(seq 30); do [ -z "$(docker ps -q --filter label=com.docker.stack.namespace=%[1]s; docker network ls -q --filter label=com.docker.stack.namespace=%[1]s)" ] && break; sleep 1; done
		docker ps -aq --filter label=com.docker.stack.namespace=%[1]s | xargs -r docker rm -f >/dev/null
		docker volume ls -q --filter label=com.docker.stack.namespace=%[1]s | xargs -r docker volume rm -f >/dev/null
		docker secret ls -q --filter name=%[1]s | xargs -r docker secret rm >/dev/null
		docker config ls -q --filter label=com.docker.stack.namespace=%[1]s | xargs -r docker config rm >/dev/null`, stackName(d)))
	return err
}

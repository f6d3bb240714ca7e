package platform

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// What whoever operates a platform does to it, and is told by it. Each platform's own tools do it.

// restart restarts the daemon that keeps the containers of a node, by the script that has started it.
func restart(name string) error {
	script, err := filepath.Abs(filepath.Join("..", "..", "platforms", "restart")) // tests run in the contract's folder
	if err == nil {
		_, err = Run(".", nil, 3*time.Minute, script+" "+name)
	}
	return err
}

func (*compose) Restart() error    { return restart("engine") }
func (*swarm) Restart() error      { return restart("swarm") }
func (*kubernetes) Restart() error { return restart("kubernetes") }
func (*nomad) Restart() error      { return restart("nomad") }

func (*compose) Labels(_ *Deployment, i Instance) (map[string]string, error)    { return i.Labels, nil }
func (*kubernetes) Labels(_ *Deployment, i Instance) (map[string]string, error) { return i.Labels, nil }

// Labels of the service are not those of its containers.
func (*swarm) Labels(_ *Deployment, i Instance) (map[string]string, error) {
	text, err := command(nil, "docker", "service", "inspect", "--format", "{{json .Spec.Labels}}", i.Labels["com.docker.swarm.service.name"])
	labels := map[string]string{}
	if err == nil {
		err = json.Unmarshal([]byte(text), &labels)
	}
	maps.Copy(labels, i.Labels)
	return labels, err
}

// Labels of a workload are the meta of its job, and its annotations labels of its containers.
func (n *nomad) Labels(d *Deployment, i Instance) (map[string]string, error) {
	var job struct{ Meta map[string]string }
	if err := nomadAPI().get("/v1/job/"+d.App.Name+"-"+i.Workload, &job); err != nil {
		return nil, err
	}
	list, err := dockerContainers("name", i.ID+"-"+i.Replica)
	labels := maps.Clone(job.Meta)
	for _, c := range list {
		maps.Copy(labels, c.Config.Labels)
	}
	return labels, err
}

// Rank is the same for all where there are no priorities.
func (*compose) Rank(*Deployment, string) (int, error) { return 0, nil }
func (*swarm) Rank(*Deployment, string) (int, error)   { return 0, nil }

func (*kubernetes) Rank(d *Deployment, workload string) (int, error) {
	text, err := command(nil, "kubectl", "-n", namespace(d.App), "get", "pods", "-l", "app.kubernetes.io/name="+workload, "-o", "jsonpath={.items[0].spec.priority}")
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(text)
}

func (*nomad) Rank(d *Deployment, workload string) (int, error) {
	var job struct{ Priority int }
	err := nomadAPI().get("/v1/job/"+d.App.Name+"-"+workload, &job)
	return job.Priority, err
}

func (*compose) Scale(d *Deployment, workload string, n int) error {
	_, err := Run(filepath.Join(d.Folder, "deploy", "compose"), d.Environment, time.Minute,
		fmt.Sprintf("docker compose up --detach --no-recreate --no-deps --scale %[1]s=%[2]d %[1]s", workload, n))
	return err
}

func (*swarm) Scale(d *Deployment, workload string, n int) error {
	_, err := command(nil, "docker", "service", "scale", "--detach", fmt.Sprintf("%s_%s=%d", stackName(d), workload, n))
	return err
}

func (*kubernetes) Scale(d *Deployment, workload string, n int) error {
	_, err := command(nil, "kubectl", "-n", namespace(d.App), "scale", "deployment/"+workload, fmt.Sprintf("--replicas=%d", n))
	return err
}

func (*nomad) Scale(d *Deployment, workload string, n int) error {
	_, err := command(nil, "nomad", "job", "scale", "-detach", d.App.Name+"-"+workload, workload, strconv.Itoa(n))
	return err
}

// Drain of the one host is to stop the app: Compose knows nothing of maintenance.
func (*compose) Drain(d *Deployment) error {
	_, err := Run(filepath.Join(d.Folder, "deploy", "compose"), d.Environment, time.Minute, "docker compose stop")
	return err
}

func (*compose) Undrain(d *Deployment) error {
	_, err := Run(filepath.Join(d.Folder, "deploy", "compose"), d.Environment, time.Minute, "docker compose start")
	return err
}

func (*swarm) Drain(*Deployment) error {
	_, err := command(nil, "sh", "-c", "docker node update --availability drain $(docker node ls -q)")
	return err
}

func (*swarm) Undrain(*Deployment) error {
	_, err := command(nil, "sh", "-c", "docker node update --availability active $(docker node ls -q)")
	return err
}

// Drain asks for 15 seconds for what may be taken: what may not, keeps it from its end.
func (*kubernetes) Drain(d *Deployment) error {
	output, err := command(nil, "sh", "-c", "kubectl drain $(kubectl get nodes -o name | cut -d/ -f2) --pod-selector app.kubernetes.io/part-of="+d.App.Name+
		" --ignore-daemonsets --delete-emptydir-data --timeout 15s 2>&1")
	if err != nil && strings.Contains(output, "evicting pod") {
		return nil
	}
	return err
}

func (*kubernetes) Undrain(*Deployment) error {
	_, err := command(nil, "sh", "-c", "kubectl uncordon $(kubectl get nodes -o name)")
	return err
}

func (*nomad) Drain(*Deployment) error {
	_, err := command(nil, "sh", "-c", "nomad node drain -enable -yes -detach -deadline 10m $(curl -sf $NOMAD_ADDR/v1/nodes | jq -r '.[].ID')")
	return err
}

func (*nomad) Undrain(*Deployment) error {
	_, err := command(nil, "sh", "-c", "nomad node drain -disable -yes $(curl -sf $NOMAD_ADDR/v1/nodes | jq -r '.[].ID')")
	return err
}

// IPC names the IPC namespace of the node: that of this machine, on all platforms here.
func IPC() string {
	name, _ := os.Readlink("/proc/self/ns/ipc")
	return name
}

package platform

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// kubernetes is a cluster of one node.
type kubernetes struct{ provisioners sync.Map } // deployment → channel that ends its provisioner

const kubernetesNetwork = "/run/netns/decamp-kube"

func (*kubernetes) Name() string { return "kubernetes" }

func (*kubernetes) Version() string {
	text, _ := command(nil, "kubectl", "get", "node", "-o", "jsonpath={.items[0].status.nodeInfo.kubeletVersion}, {.items[0].status.nodeInfo.containerRuntimeVersion}")
	return "Kubernetes " + strings.ReplaceAll(text, "://", " ")
}

func (*kubernetes) Missing() string {
	if os.Getenv("PLATFORMS_KUBE_NODE") == "" {
		return "PLATFORMS_KUBE_NODE is not set"
	}
	if _, err := command(nil, "kubectl", "get", "nodes", "-o", "name"); err != nil {
		return err.Error()
	}
	return ""
}

func namespace(app *ir.App) string { return project(app) }

// Prepare makes the namespace, and a kubeconfig that means it: no manifest names one.
func (k *kubernetes) Prepare(d *Deployment) error {
	script := fmt.Sprintf(`kubectl wait --for=delete namespace/%[1]s --timeout 120s
		kubectl create namespace %[1]s
		kubectl config view --raw >kubeconfig
		KUBECONFIG=$PWD/kubeconfig kubectl config set-context --current --namespace %[1]s
		until kubectl -n %[1]s get serviceaccount default; do sleep 0.2; done`, namespace(d.App))
	if _, err := Run(d.Folder, nil, time.Minute, script); err != nil {
		return err
	}
	stop := make(chan bool)
	k.provisioners.Store(d, stop)
	go provision(namespace(d.App), stop)
	for _, s := range d.App.Secrets {
		if err := k.secret(d, s.Key); err != nil {
			return err
		}
	}
	return nil
}

// secret gives the values to the command that the findings name: on standard input, or in files called as the keys.
func (k *kubernetes) secret(d *Deployment, name string) error {
	folder := filepath.Join(d.Folder, "secret-values")
	defer os.RemoveAll(folder)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	for key, value := range d.Secrets {
		if s, k, _ := strings.Cut(key, "."); s == name && k != "" {
			if err := os.WriteFile(filepath.Join(folder, k), []byte(value), 0o600); err != nil {
				return err
			}
		}
	}
	if err := os.WriteFile(filepath.Join(folder, ".value"), []byte(d.Secrets[name]), 0o600); err != nil {
		return err
	}
	where := folder
	if s := d.App.Secrets.Ref(name); s != nil && s.File != "" { // it stands beside the spec
		where = d.Folder
	}
	for _, c := range d.Commands {
		if strings.Contains(c, "secret") && strings.Contains(c, " "+name+" ") {
			if _, err := Run(where, append(k.Environment(d), d.Environment...), time.Minute, c+" <"+filepath.Join(folder, ".value")); err != nil {
				return err
			}
		}
	}
	return nil
}

func (*kubernetes) Environment(d *Deployment) []string {
	return []string{"KUBECONFIG=" + filepath.Join(d.Folder, "kubeconfig")}
}

func (*kubernetes) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	return dialIn(ctx, kubernetesNetwork, network, address)
}

func (*kubernetes) Addresses() ([]string, error) { return []string{"10.99.0.1"}, nil }

type containerStatus struct {
	Name         string
	Ready        bool
	RestartCount int
	State        struct {
		Running    *struct{ StartedAt time.Time }
		Terminated *struct {
			ExitCode  int
			StartedAt time.Time
		}
		Waiting *struct{ Reason, Message string }
	}
	LastState struct{ Terminated *struct{ ExitCode int } }
}

type pod struct {
	Metadata struct {
		Name              string
		Labels            map[string]string
		Annotations       map[string]string
		DeletionTimestamp *time.Time
	}
	Status struct {
		Phase, PodIP, Message string
		ContainerStatuses     []containerStatus
		InitContainerStatuses []containerStatus
	}
}

// clusterGet asks the cluster for one object or list.
func clusterGet(path string, into any) error {
	cluster, err := clusterAPI()
	if err != nil {
		return err
	}
	return cluster.get(path, into)
}

func (k *kubernetes) pods(d *Deployment) ([]pod, error) {
	var list struct{ Items []pod }
	err := clusterGet("/api/v1/namespaces/"+namespace(d.App)+"/pods", &list)
	return list.Items, err
}

func (k *kubernetes) Instances(d *Deployment) ([]Instance, error) {
	pods, err := k.pods(d)
	var instances []Instance
	for _, p := range pods {
		name := p.Metadata.Labels["app.kubernetes.io/name"]
		w := d.App.Workloads.Ref(name)
		if w == nil {
			continue
		}
		labels := map[string]string{}
		for key, value := range p.Metadata.Labels {
			labels[key] = value
		}
		for key, value := range p.Metadata.Annotations {
			labels[key] = value
		}
		for _, c := range append(p.Status.ContainerStatuses, p.Status.InitContainerStatuses...) {
			i := Instance{Workload: name, Replica: p.Metadata.Name, ID: c.Name, Address: p.Status.PodIP, Running: c.State.Running != nil,
				Ready: c.Ready && p.Metadata.DeletionTimestamp == nil, Restarts: c.RestartCount, Labels: labels, Object: p.Metadata.Name}
			known := c.Name == name
			for _, other := range containers(w) {
				if c.Name == other {
					i.Container, known = other, true
				}
			}
			if !known {
				continue
			}
			switch {
			case c.State.Running != nil:
				i.Started = c.State.Running.StartedAt
			case c.State.Terminated != nil:
				i.ExitCode, i.Started = c.State.Terminated.ExitCode, c.State.Terminated.StartedAt
			}
			if i.Running && c.LastState.Terminated != nil {
				i.ExitCode = c.LastState.Terminated.ExitCode
			}
			instances = append(instances, i)
		}
	}
	return instances, err
}

func (*kubernetes) Output(d *Deployment, i Instance) (string, error) {
	cluster, err := clusterAPI()
	if err != nil {
		return "", err
	}
	text, err := cluster.send(http.MethodGet, "/api/v1/namespaces/"+namespace(d.App)+"/pods/"+i.Replica+"/log?container="+i.ID, "")
	return string(text), err
}

func (*kubernetes) Kill(d *Deployment, i Instance) error {
	id, err := command(nil, "kubectl", "-n", namespace(d.App), "get", "pod", i.Replica, "-o",
		fmt.Sprintf(`jsonpath={.status.containerStatuses[?(@.name=="%s")].containerID}`, i.ID))
	if err != nil {
		return err
	}
	_, err = command(nil, "ctr", "-a", filepath.Join(filepath.Dir(os.Getenv("PLATFORMS_KUBE_PV")), "containerd.sock"), "-n", "k8s.io",
		"task", "kill", "-s", "SIGKILL", strings.TrimPrefix(id, "containerd://"))
	return err
}

func (*kubernetes) Stop(d *Deployment, i Instance) error {
	_, err := command(nil, "kubectl", "-n", namespace(d.App), "delete", "pod", i.Replica, "--wait=false")
	return err
}

func (*kubernetes) Outside(d *Deployment, workload, port string) (string, error) {
	var list struct {
		Items []struct {
			Metadata struct{ Labels map[string]string }
			Spec     struct {
				Type     string
				Selector map[string]string
				Ports    []struct {
					Name           string
					Port, NodePort int
				}
			}
		}
	}
	if err := clusterGet("/api/v1/namespaces/"+namespace(d.App)+"/services", &list); err != nil {
		return "", err
	}
	for _, s := range list.Items {
		for _, p := range s.Spec.Ports {
			if s.Spec.Selector["app.kubernetes.io/name"] == workload && p.Name == port && p.NodePort != 0 {
				return fmt.Sprintf("10.99.0.1:%d", p.NodePort), nil
			}
		}
	}
	return "", nil
}

func (*kubernetes) Describe(d *Deployment, workload string) string {
	text, _ := command(nil, "kubectl", "-n", namespace(d.App), "describe", "pods", "-l", "app.kubernetes.io/name="+workload)
	if at := strings.Index(text, "Events:"); at >= 0 {
		text = text[:min(len(text), 3000)] + "\n…\n" + tail(text[at:], 15)
	}
	return text
}

func (k *kubernetes) Forget(d *Deployment) error {
	if stop, there := k.provisioners.LoadAndDelete(d); there {
		close(stop.(chan bool))
	}
	_, err := command(nil, "sh", "-c", fmt.Sprintf(`kubectl delete namespace %[1]s --ignore-not-found --wait=false
		kubectl delete pv -l contract=%[1]s --ignore-not-found --wait=false`, namespace(d.App)))
	return err
}

package platform

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// compose is Docker Compose on a Docker Engine.
type compose struct{ crons sync.Map } // deployment → *cron

func (*compose) Name() string { return "compose" }

func (*compose) Version() string {
	v, _ := command(nil, "docker", "compose", "version", "--short")
	return "Compose " + strings.TrimSpace(v) + ", " + engineVersion()
}

func engineVersion() string {
	v, _ := command(nil, "docker", "version", "--format", "{{.Server.Version}}")
	return "Docker Engine " + strings.TrimSpace(v)
}

func (*compose) Missing() string {
	if os.Getenv("DOCKER_CONFIG") == "" {
		return "DOCKER_CONFIG is not set"
	}
	if _, err := command(nil, "docker", "compose", "ls", "--quiet"); err != nil {
		return err.Error()
	}
	return ""
}

func (p *compose) Prepare(d *Deployment) error {
	c, err := startCron(d)
	p.crons.Store(d, c)
	return err
}

func (*compose) Environment(*Deployment) []string { return nil }
func (*compose) Dial(ctx context.Context, n, a string) (net.Conn, error) {
	return (&net.Dialer{Timeout: 3 * time.Second}).DialContext(ctx, n, a)
}

func (*compose) Addresses() ([]string, error) { return machineAddresses() }

// project is the name under which Compose keeps an app and a stage.
func project(app *ir.App) string {
	if app.Stage != "" {
		return app.Name + "-" + app.Stage
	}
	return app.Name
}

// dockerContainer is what `docker inspect` says of a container, as far as it is read here.
type dockerContainer struct {
	ID, Name, Created string
	RestartCount      int
	State             struct {
		Status    string
		Running   bool
		ExitCode  int
		Pid       int
		StartedAt time.Time
		Health    *struct{ Status string }
	}
	Config          struct{ Labels map[string]string }
	HostConfig      struct{ NetworkMode string }
	NetworkSettings struct {
		Networks map[string]struct{ IPAddress string }
		Ports    map[string][]struct{ HostIp, HostPort string }
	}
}

// dockerContainers lists the containers that a filter of `docker ps` finds, running or not.
func dockerContainers(key, value string) ([]dockerContainer, error) {
	filter, err := json.Marshal(map[string][]string{key: {value}})
	if err != nil {
		return nil, err
	}
	var found []struct{ ID string }
	if err := engineAPI().get("/containers/json?all=1&filters="+url.QueryEscape(string(filter)), &found); err != nil {
		return nil, err
	}
	var list []dockerContainer
	for _, f := range found {
		var c dockerContainer
		if engineAPI().get("/containers/"+f.ID+"/json", &c) == nil { // else it was removed in between
			list = append(list, c)
		}
	}
	return list, nil
}

func (*compose) Instances(d *Deployment) ([]Instance, error) {
	list, err := dockerContainers("label", "com.docker.compose.project="+project(d.App))
	addresses := map[string]string{}
	for _, c := range list {
		for _, n := range c.NetworkSettings.Networks {
			if n.IPAddress != "" {
				addresses[c.ID] = n.IPAddress
			}
		}
		if c.HostConfig.NetworkMode == "host" {
			addresses[c.ID] = "127.0.0.1"
		}
	}
	var instances []Instance
	for _, c := range list {
		service := c.Config.Labels["com.docker.compose.service"]
		workload, container, known := serviceOf(d.App, service)
		if !known || c.Config.Labels["com.docker.compose.oneoff"] == "True" && workload == "" {
			continue
		}
		i := Instance{Workload: workload, Container: container, ID: c.ID, Replica: c.ID, Address: addresses[c.ID], Running: c.State.Running,
			ExitCode: c.State.ExitCode, Restarts: c.RestartCount, Started: c.State.StartedAt, Labels: c.Config.Labels, Object: c.Name}
		if owner, joined := strings.CutPrefix(c.HostConfig.NetworkMode, "container:"); joined {
			i.Replica, i.Address = owner, addresses[owner]
		}
		i.Ready = c.State.Running && (c.State.Health == nil || c.State.Health.Status == "healthy")
		instances = append(instances, i)
	}
	return instances, err
}

var numbered = regexp.MustCompile(`^-[0-9]+`)

// serviceOf finds what a service of the Compose file is in the app: web, web-0 and web-0-proxy belong to web.
func serviceOf(app *ir.App, service string) (workload, container string, known bool) {
	var names []string
	for _, w := range app.Workloads {
		names = append(names, w.Key)
	}
	for _, name := range longest(names) {
		rest, found := strings.CutPrefix(service, name)
		if !found {
			continue
		}
		if rest = numbered.ReplaceAllString(rest, ""); rest == "" {
			return name, "", true
		}
		for _, c := range containers(app.Workloads.Ref(name)) {
			if rest == "-"+c {
				return name, c, true
			}
		}
	}
	return "", "", false
}

func (*compose) Output(_ *Deployment, i Instance) (string, error) { return dockerLogs(i.ID) }

// dockerLogs returns what a container has written to both streams.
func dockerLogs(id string) (string, error) {
	text, err := engineAPI().send(http.MethodGet, "/containers/"+id+"/logs?stdout=1&stderr=1", "")
	return unwrapStreams(text), err
}

func (*compose) Kill(_ *Deployment, i Instance) error {
	return dockerKill(i.ID)
}

// dockerKill ends the process of a container by SIGKILL and past the Engine, which would take `docker kill` for a wish.
func dockerKill(id string) error {
	var c dockerContainer
	if err := engineAPI().get("/containers/"+id+"/json", &c); err != nil {
		return err
	}
	return syscall.Kill(c.State.Pid, syscall.SIGKILL)
}

func (*compose) Stop(d *Deployment, i Instance) error {
	service := i.Labels["com.docker.compose.service"]
	_, err := Run(filepath.Dir(i.Labels["com.docker.compose.project.config_files"]), d.Environment, 2*time.Minute,
		"docker compose stop "+service+"\ndocker compose start "+service)
	return err
}

func (p *compose) Outside(d *Deployment, workload, port string) (string, error) {
	publish := d.App.Workloads.Ref(workload).Publish.Ref(port)
	if publish != nil && publish.Port != 0 {
		return fmt.Sprintf("127.0.0.1:%d", publish.Port), nil
	}
	list, err := dockerContainers("label", "com.docker.compose.project="+project(d.App))
	for _, c := range list {
		if name, _, _ := serviceOf(d.App, c.Config.Labels["com.docker.compose.service"]); name != workload {
			continue
		}
		for _, bindings := range c.NetworkSettings.Ports {
			for _, b := range bindings {
				return "127.0.0.1:" + b.HostPort, nil
			}
		}
	}
	return "", err
}

func (p *compose) Describe(d *Deployment, workload string) string {
	list, _ := dockerContainers("label", "com.docker.compose.project="+project(d.App))
	var text strings.Builder
	for _, c := range list {
		if name, _, _ := serviceOf(d.App, c.Config.Labels["com.docker.compose.service"]); workload == "" || name == workload {
			fmt.Fprintf(&text, "%s: %s, exit %d, %d restarts", c.Name, c.State.Status, c.State.ExitCode, c.RestartCount)
			if c.State.Health != nil {
				fmt.Fprintf(&text, ", %s", c.State.Health.Status)
			}
			text.WriteString("\n")
		}
	}
	return text.String()
}

func (p *compose) Forget(d *Deployment) error {
	if c, there := p.crons.LoadAndDelete(d); there && c.(*cron) != nil {
		close(c.(*cron).stop)
	}
	filter := "label=com.docker.compose.project=" + project(d.App)
	_, err := command(nil, "sh", "-c", fmt.Sprintf(`docker ps -aq --filter %[1]s | xargs -r docker rm -fv >/dev/null
		docker network ls -q --filter %[1]s | xargs -r docker network rm >/dev/null
		docker volume ls -q --filter %[1]s | xargs -r docker volume rm -f >/dev/null`, filter))
	return err
}

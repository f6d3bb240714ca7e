package contract

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// sockShop is a whole app of the examples, with the probe in the place of its images.
func sockShop() *Chapter {
	return &Chapter{Name: "sock-shop", Title: "A whole app", Stage: "dev", Source: shopWithProbes, Scenes: []Scene{{
		Concept: "a whole app",
		Spec:    "# examples/sock-shop/decamp.yaml, stage dev, with the probe in the place of its images\n",
		Secrets: map[string]string{"catalogue-db-root": canary + "-root"},
		Rows: []Row{
			{Name: "shop-reached", Says: "Every dependency of the app is reached, by whoever has it.", Facts: []string{"workloads.orders.image", "workloads.front-end.image"},
				Check: func(o *Observer) {
					for _, w := range o.Deployment.App.Workloads {
						if w.Value.Ingress == nil {
							continue
						}
						for _, peer := range w.Value.Ingress.Peers {
							for _, p := range w.Value.Ports {
								address := fmt.Sprintf("%s:%d", o.Instance(w.Key).Address, p.Value.Port)
								o.Eventually(60*time.Second, peer.Workload+" reaches "+w.Key, func() bool {
									return o.Connects(peer.Workload, address, portOf(o, peer.Workload))
								})
							}
						}
					}
				}},
			{Name: "shop-named", Says: "Every dependency answers under its name.", Facts: []string{"workloads.orders-db.ports", "workloads.user-db.ports"},
				Check: func(o *Observer) {
					for _, w := range o.Deployment.App.Workloads {
						if w.Value.Ingress == nil {
							continue
						}
						for _, peer := range w.Value.Ingress.Peers {
							url := fmt.Sprintf("http://%s:%d/who", w.Key, w.Value.Ports[0].Value.Port)
							o.Eventually(60*time.Second, peer.Workload+" reaches "+url, func() bool {
								status, _ := o.Fetch(peer.Workload, url, portOf(o, peer.Workload))
								return status == 200
							})
						}
					}
				},
				Otherwise: map[string]Otherwise{"nomad": differs("typed names do not resolve", func(o *Observer) {
					o.Equal("addresses of the name", len(o.Resolves("orders", "orders-db", 80)), 0)
				})}},
			{Name: "shop-refused", Says: "Who has no business with a database does not reach it.", Facts: []string{"workloads.orders-db.ingress"}, Atlas: []int{27},
				Check:     func(o *Observer) { o.refused("payment", o.Instance("orders-db").Address+":27017", 80) },
				Otherwise: map[string]Otherwise{"compose": unseen("ports that are published")}},
		},
	}}}
}

func portOf(o *Observer, workload string) int {
	return o.Deployment.App.Workloads.Ref(workload).Ports[0].Value.Port
}

// shopWithProbes puts the probe in the place of the images, on the ports that they listen on. What listens below 1024 runs
// as root, since the probe has no rights of its own as a file; numbers outside are moved, since other apps may have them.
func shopWithProbes(root string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(root, "examples", "sock-shop", "decamp.yaml"))
	if err != nil {
		return nil, err
	}
	var spec map[string]any
	if err := yaml.Unmarshal(text, &spec); err != nil {
		return nil, err
	}
	for name, value := range spec["workloads"].(map[string]any) {
		w := value.(map[string]any)
		withProbe(w)
		if name == "user-sim" {
			w["args"] = []string{"fetch", "http://${workloads.edge-router.host}:${workloads.edge-router.ports.http}/who"}
		}
		if name == "edge-router" {
			w["publish"] = map[string]any{"http": 18180, "dashboard": 18181}
		}
		if others, there := w["sidecars"].(map[string]any); there {
			for _, other := range others {
				withProbe(other.(map[string]any))
			}
		}
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	err = encoder.Encode(spec)
	return out.Bytes(), err
}

func withProbe(c map[string]any) {
	c["image"] = image
	c["resources"] = map[string]any{"cpu": "10m", "memory": "16Mi", "limits": map[string]any{"memory": "128Mi"}}
	delete(c, "entrypoint")
	delete(c, "args")
	var numbers []string
	privileged := false
	if ports, there := c["ports"].(map[string]any); there {
		for _, number := range ports {
			numbers = append(numbers, fmt.Sprint(number))
			privileged = privileged || number.(int) < 1024
		}
	}
	env, _ := c["env"].(map[string]any)
	if env == nil {
		env = map[string]any{}
	}
	if len(numbers) > 0 {
		env["PORT"], env["PORTS"] = numbers[0], strings.Join(numbers[1:], " ")
	}
	c["env"] = env
	// maps that are written as anchors are the same in several workloads
	security := map[string]any{}
	if old, there := c["security"].(map[string]any); there {
		for key, value := range old {
			security[key] = value
		}
	}
	if privileged {
		security["user"], security["group"] = 0, 0
	}
	if len(security) > 0 {
		c["security"] = security
	}
}

package contract

import (
	"strings"
	"time"
)

// onSwarm says, row by row, how the differences are seen that the table of Docker Swarm states: most come from one fact, that
// Swarm has no pods and one check.
func onSwarm() map[string]Otherwise {
	apart := func(row func(*Observer)) Otherwise { return differs("the sidecar is a service of its own", row) }
	peers := unseen("that it reaches back, and addresses of the host itself")
	return map[string]Otherwise{
		"secret-env":    unseen("that the value stands in the definition of the service"),
		"secret-in-url": unseen("that the value stands in the definition of the service"),
		"secret-args":   unseen("that the value stands in the definition of the service"),
		"secret-source": unseen("that the value stands in the definition of the service"),
		"sidecar-localhost": apart(func(o *Observer) {
			status, _ := o.Fetch("pod", "http://localhost:8081/who")
			o.Equal("answer at localhost", status, 0)
		}),
		"sidecar-restart": apart(func(o *Observer) {
			o.True(len(o.All("pod", "mate")) > 0 && o.All("pod", "mate")[0].Replica != o.Instance("pod").Replica, "the sidecar is in the workload's own place")
		}),
		"publish-range":    unseen("that all numbers of the range are taken"),
		"ready-no-traffic": differs("a replica that is not ready is replaced", func(o *Observer) { replacedReplica(o, "gate") }),
		"ready-no-restart": differs("a replica that is not ready is replaced", func(o *Observer) { replacedReplica(o, "asked-by-exec") }),
		"ready-tcp":        unseen("nc is in the image"),
		"live-restarts":    unseen("wget is in the image"),
		"probe-timeout":    unseen("that readiness has no pace of its own"),
		"startup-protects": unseen("that the check has one timeout"),
		"volume-shared":    unseen("the size, and that both have to be on one node"),
		"volume-survives":  unseen("the size"),
		"update-volume":    unseen("the size"),
		"placement-fits":   unseen("that no node is preferred"),
		"volume-subpath":   differs("this Engine is older than 26, and mounts the whole volume", wholeVolume),
		"volume-each":      unseen("that the numbers begin with 1, and that one node has the label"),
		"stateful-name": differs("the numbers begin with 1, and others reach all replicas by one name", func(o *Observer) {
			o.all("each", 2)
			for _, i := range o.Instances("each") {
				_, body, err := o.Ask(i, 8080, "/who")
				o.True(err == nil && strings.HasPrefix(hostIn(body), "each-"), "a replica is called %s %v", body, err)
			}
		}),
		"network-host":    unseen("that names of the stack are not seen"),
		"job-sidecar":     apart(func(o *Observer) { o.True(len(o.All("helped", "mate")) > 0, "the sidecar was never started") }),
		"cron-timezone":   unseen("which cron reads the crontab"),
		"egress-allowed":  peers,
		"egress-refused":  peers,
		"egress-nothing":  peers,
		"egress-at-once":  peers,
		"ingress-allowed": peers,
		"ingress-refused": peers,
		"shop-refused":    peers,
		"update-bad":      unseen("that replicas which are not ready are replaced again and again"),
		"ready-grpc": differs("the image has no grpc_health_probe, so that it is replaced again and again", func(o *Observer) {
			time.Sleep(10 * time.Second)
			o.True(len(o.Instances("rpc")) == 0 || !o.Instances("rpc")[0].Ready, "it is ready")
		}),
	}
}

// replacedReplica makes one replica say that it is not ready, and waits until it is gone.
func replacedReplica(o *Observer, workload string) {
	first := o.Instance(workload)
	_, _, err := o.Ask(first, 8080, "/ready?v=0")
	o.True(err == nil, "%v", err)
	o.Eventually(60*time.Second, "the replica is gone", func() bool {
		for _, i := range o.Instances(workload) {
			if i.ID == first.ID {
				return false
			}
		}
		return len(o.Instances(workload)) > 0
	})
}

package kubernetes

import "github.com/decamp-dev/decamp/compiler/backend"

// The named passes.
const (
	passNativeSidecars   = "native-sidecars"
	passHashedConfigs    = "hashed-configs"
	passRecreate         = "recreate-unshared"
	passServiceLinks     = "no-service-links"
	passNoToken          = "no-token"
	passSeccomp          = "runtime-seccomp"
	passDrain            = "drain-before-stop"
	passSpread           = "topology-spread"
	passDisruptionBudget = "disruption-budget"
)

// drainSeconds is how long a container that is to stop goes on serving, so that
// proxies learn of it before the signal. Measured: without it a rollout drops
// requests.
const drainSeconds = 5

func passes() []backend.Pass {
	return []backend.Pass{
		{
			Name: passNativeSidecars, Default: true,
			Doc:  "sidecars are init containers that are restarted for ever (from 1.29): they start before the main container, stop after it and do not keep a job from ending",
			Debt: "a cluster below 1.29 refuses or misreads such a pod; elsewhere the order of start and stop has to be given in another way",
		},
		{
			Name: passHashedConfigs, Default: true,
			Doc:  "the names of ConfigMaps carry a hash of their content, so that a changed config is rolled out like a changed image",
			Debt: "old ConfigMaps stay until someone deletes them; elsewhere a changed config has to restart its readers in another way",
		},
		{
			Name: passRecreate, Default: true,
			Doc:  "a Deployment whose volume cannot be shared is recreated: the new pod starts when the old one has ended, and never beside it",
			Debt: "a release is a short outage; without the pass the old pod is told to end first, and the new one starts while it does",
		},
		{
			Name: passServiceLinks, Default: true,
			Doc:  "no variables of the kind DB_PORT=tcp://… are put into containers for each Service, which would override the app's own",
			Debt: "none: what is switched off exists on Kubernetes only",
		},
		{
			Name: passNoToken, Default: true,
			Doc:  "containers get no token of the API server unless the workload names a serviceAccount",
			Debt: "none: what is switched off exists on Kubernetes only",
		},
		{
			Name: passSeccomp, Default: true,
			Doc:  "pods get the runtime's default seccomp profile, which Docker and Podman apply anyway and Kubernetes does not",
			Debt: "none: other platforms do it by themselves",
		},
		{
			Name: passDrain, Default: true,
			Doc:  "a service with ports waits 5s before it is told to stop (from 1.30), so that no request is sent to a pod that is gone",
			Debt: "each stop takes 5s longer; elsewhere the proxy has to drain connections",
		},
		{
			Name: passSpread, Default: true,
			Doc:  "replicas without a placement of their own are spread over zones and hosts as well as room allows",
			Debt: "elsewhere the same has to be said as placement.spread",
		},
		{
			Name: passDisruptionBudget, Default: true,
			Doc:  "maintenance takes away one replica at a time of a service that has several",
			Debt: "elsewhere the same has to be said as disruption",
		},
	}
}

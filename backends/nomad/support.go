package nomad

import (
	"slices"

	"github.com/decamp-dev/decamp/compiler/support"
)

// table says what becomes of each kind of fact. Sources name pages of Nomad's job
// specification ("job: update"), of the docker driver ("docker: mount") and of the
// operations around them.
func table() support.Table {
	return slices.Concat(appRows(), workloadRows(), updateRows(), reachRows(), containerRows(), mountRows(), healthRows(), resourceRows(), securityRows())
}

// The levels in short.
const (
	native       = support.Native
	emulated     = support.Emulated
	approximated = support.Approximated
	dropped      = support.Dropped
)

// appRows are about what stands beside the workloads.
func appRows() support.Table {
	return support.Table{
		{Fact: "app", Level: native, Source: "job: meta"},
		{Fact: "volume", Level: native, Source: "job: volume; volume specification"},
		{Fact: "volume.size", Level: approximated, Source: "volume specification: capacity_min",
			Means: "The size is asked of the plugin that makes the volume; the built-in one makes folders and enforces none"},
		{Fact: "volume.class", Level: native, Source: "volume specification: plugin_id",
			Cases: []support.Case{{When: volumeHasDriver, Level: dropped, Means: "The driver says which plugin makes the volume; say the class in options, in the plugin's words"}}},
		{Fact: "volume.options", Level: approximated, Source: "volume specification: parameters",
			Means: "Options are passed to the plugin that makes the volume as its parameters, and the built-in plugin knows mode, uid and gid only"},
		{Fact: "volume.labels", Level: dropped, Source: "volume specification",
			Means: "Volumes of Nomad have no labels; keep what they say in the name"},
		{Fact: "config", Level: native, Source: "job: template"},
		{Fact: "secret", Level: native, Source: "concepts: variables; job: template, nomadVar",
			Cases: []support.Case{{When: registrySecret, Level: dropped,
				Means: "A login in a job would be stored in plain text; configure the clients' docker plugin with auth.helper or auth.config"}}},
		{Fact: "secret.env", Level: emulated, Source: "command: var put",
			Means: "by the command above the job, which puts the variable's value into Nomad",
			Cases: []support.Case{{When: registrySecret, Level: dropped, Means: "Configure the clients' docker plugin with auth.helper or auth.config"}}},
		{Fact: "secret.file", Level: emulated, Source: "command: var put",
			Means: "by the command above the job, which puts the file's content into Nomad",
			Cases: []support.Case{{When: registrySecret, Level: dropped, Means: "Configure the clients' docker plugin with auth.helper or auth.config"}}},
		{Fact: "route", Level: approximated, Source: "job: service, tags; Traefik's Nomad provider",
			Means: "The services carry tags for Traefik, and nothing answers until a Traefik with its Nomad provider runs in the cluster"},
		{Fact: "route.tls", Level: approximated, Source: "Traefik's routers",
			Means: "Traefik ends TLS with the certificates that it is configured with; give it the one that the comment names"},
		{Fact: "route.tls.secret", Level: dropped, Source: "Traefik's certificate stores",
			Means: "Traefik finds a certificate by the name that it is for; a comment tells the person who configures Traefik which one that is"},
		{Fact: "network", Level: dropped, Source: "job: network",
			Means: "The groups of Nomad's jobs share one network; keep workloads apart by rules of the nodes' firewalls or by a CNI plugin",
			Cases: oneNetwork()},
		{Fact: "endpoint", Level: native, Source: "docker: extra_hosts"},
		{Fact: "endpoint.workload", Level: emulated, Source: "job: task, lifecycle",
			Means: "by a copy of the stub in the group of each workload that uses the endpoint, which finds it at 127.0.0.1 under the endpoint's name"},
	}
}

// oneNetwork is the case of a network that could as well be the default one.
func oneNetwork() []support.Case {
	return []support.Case{{When: separatesNothing, Level: approximated,
		Means: "Every workload joins this network, so that it keeps none apart; on Nomad they are all in the network of the nodes' bridge"}}
}

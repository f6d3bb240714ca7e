package compose

import (
	"slices"

	"github.com/decamp-dev/decamp/compiler/support"
)

// Sources of the rows.
const (
	specServices = "Compose Specification, services"
	specDeploy   = "Compose Specification, deploy"
	specNetworks = "Compose Specification, networks"
	specVolumes  = "Compose Specification, volumes"
	specConfigs  = "Compose Specification, configs"
	specSecrets  = "Compose Specification, secrets"
	composeCode  = "Docker Compose v5, pkg/compose/create.go"
	fileCode     = "Docker Compose v5, pkg/compose/secrets.go"
	engineDocs   = "Docker Engine documentation"
	engineRun    = "run on a Docker Engine"
)

// table says what becomes of each kind of fact.
func table() support.Table {
	return slices.Concat(appRows(), workloadRows(), kindRows(), peerRows(), containerRows(), fileRows(), healthRows(), resourceRows(), securityRows())
}

func native(fact, source string, cases ...support.Case) support.Row {
	return support.Row{Fact: fact, Level: support.Native, Cases: cases, Source: source}
}

func emulated(fact, means, source string, cases ...support.Case) support.Row {
	return support.Row{Fact: fact, Level: support.Emulated, Means: means, Cases: cases, Source: source}
}

func approximated(fact, means, source string, cases ...support.Case) support.Row {
	return support.Row{Fact: fact, Level: support.Approximated, Means: means, Cases: cases, Source: source}
}

func dropped(fact, means, source string, cases ...support.Case) support.Row {
	return support.Row{Fact: fact, Level: support.Dropped, Means: means, Cases: cases, Source: source}
}

func isNative(c support.Condition) support.Case { return support.Case{When: c, Level: support.Native} }

func isEmulated(c support.Condition, means string) support.Case {
	return support.Case{When: c, Level: support.Emulated, Means: means}
}

func isApproximated(c support.Condition, means string) support.Case {
	return support.Case{When: c, Level: support.Approximated, Means: means}
}

func isDropped(c support.Condition, means string) support.Case {
	return support.Case{When: c, Level: support.Dropped, Means: means}
}

// appRows are about what belongs to the app as a whole.
func appRows() support.Table {
	elsewhere := when("with external", foreignVolume)
	other := when("with external", foreignNetwork)
	const notOurs = "What exists already is used as it is. Take this out, or take external out."
	const staleConfig = "A container keeps the content that it was made with: docker compose up does not see that a config alone has changed. Say docker compose up --force-recreate SERVICE then."
	return support.Table{
		native("app.name", specServices),
		native("app.stage", "the project's name: one stage beside another on one host"),
		native("app.labels", specServices),

		native("route", "Caddyfile"),
		emulated("route.host", "by Caddy, a service of its own in front that publishes port 80", "Caddyfile"),
		emulated("route.path", "by Caddy, a service of its own in front", "Caddyfile"),
		emulated("route.match", "by Caddy, a service of its own in front", "Caddyfile"),
		emulated("route.to", "by Caddy, a service of its own in front", "Caddyfile"),
		emulated("route.tls", "by Caddy, a service of its own in front that publishes port 443 and is given the certificate", "Caddyfile"),

		native("volume", specVolumes),
		dropped("volume.size", "A volume here takes what its disk has. Use a disk or a partition of that size where it counts.", specVolumes),
		dropped("volume.class", "Name a driver and its options instead: there are no classes of storage.", specVolumes),
		emulated("volume.shared", "by the one host, on which all containers can share a volume", specVolumes),
		emulated("volume.each", "by one volume for each numbered replica", specVolumes),
		native("volume.driver", specVolumes, isDropped(elsewhere, notOurs)),
		native("volume.options", specVolumes, isDropped(elsewhere, notOurs)),
		native("volume.labels", specVolumes, isDropped(elsewhere, notOurs)),

		native("config", specConfigs),
		approximated("config.content", staleConfig, "run with Docker Compose v5.2"),
		approximated("config.entries", staleConfig, "run with Docker Compose v5.2"),
		native("secret", specSecrets),
		emulated("secret.type", "by the names of its values, tls.crt and tls.key; a login to a registry is the one of docker login", specSecrets),
		emulated("secret.keys", "by one secret for each value", specSecrets),
		native("secret.description", "comment, or message of the required variable"),
		dropped("secret.external", "Compose without Swarm keeps no secrets. Name a variable (env) or a file for this stage; until then a variable called after the secret is asked for.", fileCode),

		native("network", specNetworks),
		native("network.internal", specNetworks, isDropped(other, notOurs)),
		native("network.subnet", specNetworks, isDropped(other, notOurs)),
		native("network.driver", specNetworks, isDropped(other, notOurs)),
		native("network.options", specNetworks, isDropped(other, notOurs)),
		native("network.labels", specNetworks, isDropped(other, notOurs)),

		native("endpoint", specServices),
		emulated("endpoint.workload", "by an alias of the stub in its networks", specNetworks),
		native("endpoint.address", "extra_hosts"),
	}
}

package swarm

import (
	"slices"

	"github.com/decamp-dev/decamp/backends/internal/row"
	"github.com/decamp-dev/decamp/compiler/support"
)

// Sources of the rows.
const (
	form       = "docker/cli, cli/compose/schema 3.13"
	conversion = "docker/cli, cli/compose/convert"
	unread     = "docker/cli, cli/compose/types: UnsupportedProperties"
	swarmkit   = "moby/swarmkit"
	engineRun  = "run on a Docker Engine in swarm mode"
	engineDocs = "Docker Engine documentation"
	cronDocs   = "crontab(5)"
)

// table says what becomes of each kind of fact.
func table() support.Table {
	return slices.Concat(appRows(), workloadRows(), kindRows(), peerRows(), containerRows(), fileRows(), healthRows(), resourceRows(), securityRows())
}

// appRows are about what belongs to the app as a whole.
func appRows() support.Table {
	elsewhere := row.When("with external", foreignVolume)
	other := row.When("with external", foreignNetwork)
	const notOurs = "What exists already is used as it is. Take this out, or take external out."
	const proxy = "by Caddy, a service of its own in front that publishes port 80 on every node"
	return support.Table{
		row.Native("app.name", "the stack's name"),
		row.Native("app.stage", "the stack's name: one stage beside another in one cluster"),
		row.Native("app.labels", form),

		row.Emulated("route", proxy, "Caddyfile"),
		row.Emulated("route.tls", "by Caddy, a service of its own in front that publishes port 443 and is given the certificate", "Caddyfile"),

		row.Native("volume", conversion),
		row.Dropped("volume.size", "A volume takes what the disk of its node has. Use a disk or a partition of that size where it counts, or a volume driver that has sizes.", form),
		row.Dropped("volume.class", "Name a driver and its options instead: there are no classes of storage.", form),
		row.Approximated("volume.shared", "A volume is on one node, and what shares it runs there, together. Name a driver whose volumes reach several nodes.", engineDocs,
			row.IsNative(row.When("of a driver that reaches several nodes, or external", foreignStorage))),
		row.Approximated("volume.each", "Each replica has a volume with its number, counted from 1 ({{.Task.Slot}}), all of them on nodes with the volume's label. Give the label to one node only: a replica that is moved to another finds an empty volume there.", engineRun),
		row.Native("volume.driver", conversion, row.IsDropped(elsewhere, notOurs)),
		row.Native("volume.options", conversion, row.IsDropped(elsewhere, notOurs)),
		row.Native("volume.labels", conversion, row.IsDropped(elsewhere, notOurs)),

		row.Native("config", form),
		row.Emulated("config.content", "by a config whose name has a hash of the content, since Swarm never changes one", engineRun,
			row.IsEmulated(row.When("with a secret in it", configWithSecret), "by a template that the node fills in (template_driver: golang) from the secrets of the container, which has them under /run/secrets too")),
		row.Emulated("config.entries", "by one config for each file", form),

		row.Native("secret", form),
		row.Emulated("secret.type", "by the names of its values, tls.crt and tls.key; a login to a registry is the one of docker login, which --with-registry-auth hands on", engineDocs),
		row.Emulated("secret.keys", "by one secret for each value", form),
		row.Native("secret.description", "comment, or message of the required variable"),
		row.Emulated("secret.env", "by docker secret create, which takes it from there before the first start", engineDocs),
		row.Emulated("secret.file", "by docker secret create, which takes it from there before the first start", engineDocs),

		row.Native("network", form),
		row.Native("network.internal", form, row.IsDropped(other, notOurs)),
		row.Native("network.subnet", form, row.IsDropped(other, notOurs)),
		row.Native("network.driver", form, row.IsDropped(other, notOurs),
			row.IsDropped(row.When("of one node: bridge, host, none", plainDriver), "A service joins no network of one node. The network is an overlay, which all nodes share.")),
		row.Native("network.options", form, row.IsDropped(other, notOurs)),
		row.Native("network.labels", form, row.IsDropped(other, notOurs)),

		row.Native("endpoint", form),
		row.Emulated("endpoint.workload", "by an alias of the stub in its networks", form),
		row.Native("endpoint.address", "extra_hosts"),
	}
}

package swarm

import "github.com/decamp-dev/decamp/compiler/diag"

// The codes of what only this backend finds.
const (
	CodeNameCollision diag.Code = "name-collision"
	CodeNameTooLong   diag.Code = "swarm-name-too-long"
	CodeRounded       diag.Code = "rounded"
	CodeSecretNeeded  diag.Code = "secret-needed"
	CodeNodeLabel     diag.Code = "swarm-node-label"
	CodeImageNeeded   diag.Code = "swarm-image-needed"
	CodeConfigSize    diag.Code = "swarm-config-size"
	CodePortTaken     diag.Code = "port-taken"
	CodeCronInstall   diag.Code = "swarm-cron-install"
	CodePatchTarget   diag.Code = "patch-target"
	CodeUnprintable   diag.Code = "unprintable"
	CodeInvalidOutput diag.Code = "swarm-invalid-output"

	// Of the reader.
	CodeInvalidSource diag.Code = "swarm-invalid"
	CodeLegacySource  diag.Code = "swarm-legacy"
	CodeOpenVariable  diag.Code = "swarm-variable"
	CodeTemplate      diag.Code = "swarm-template"
	CodeBaked         diag.Code = "swarm-baked"
	CodeIgnored       diag.Code = "swarm-ignored"
	CodePort          diag.Code = "swarm-port"
	CodeMount         diag.Code = "swarm-mount"
	CodeNetwork       diag.Code = "swarm-network"
	CodeConfig        diag.Code = "swarm-config"
	CodeOrder         diag.Code = "swarm-order"
	CodeClamped       diag.Code = "swarm-request"
)

// Codes describes the codes of this backend, for the catalogue.
func Codes() []diag.Entry {
	return []diag.Entry{
		{Code: CodeNameCollision, Title: "Two things would have the same name on the platform",
			Doc: "Names that the platform needs are made of names of the spec, and two of them came out equal: a workload web with a sidecar proxy and a workload web-proxy, for instance. Rename one of them."},
		{Code: CodeNameTooLong, Title: "A name is longer than the platform takes",
			Doc: "Swarm takes names of services up to 63 characters, of which the stack's name and an underscore are a part. Shorten the name of the app, the stage or the workload."},
		{Code: CodeRounded, Title: "A value is rounded",
			Doc: "The platform counts in coarser units. The value is rounded to the safe side: a time upwards."},
		{Code: CodeSecretNeeded, Title: "A secret has to be provided",
			Doc: "The output says where a secret's value comes from and never what it is. The message says how to provide it before the first start."},
		{Code: CodeNodeLabel, Title: "A node has to be chosen for a volume",
			Doc: "A volume of Swarm is on one node. What mounts it runs on the node that has the volume's label, and waits until a node has it. The message gives the command; the pass pin-volumes switches this off."},
		{Code: CodeImageNeeded, Title: "An image that is built has no name",
			Doc: "Swarm builds nothing: each node pulls the image from a registry, under a name that leads there. Say image beside build."},
		{Code: CodeConfigSize, Title: "A config is larger than the platform takes",
			Doc: "Swarm keeps configs up to 1000 KiB. Put larger files into the image, or into a volume."},
		{Code: CodePortTaken, Title: "Routes and a published port want the same number",
			Doc: "Routes are served by a proxy at the ports 80 and 443 of every node. Publish the workload under another number."},
		{Code: CodeCronInstall, Title: "A crontab has to be installed",
			Doc: "Docker Swarm has no clock. The file crontab starts the cron jobs at their times once it is installed on a manager."},
		{Code: CodePatchTarget, Title: "A platform entry is for something that is not there",
			Doc: "An entry of the platform section changes what is emitted for a neutral path (workloads.web) or an object of the platform (services.web). The one that it names is not emitted. The message lists the closest names."},
		{Code: CodeUnprintable, Title: "A value has no form in the output",
			Doc: "A text is not valid UTF-8, or a patch holds something that YAML cannot say."},
		{Code: CodeInvalidOutput, Title: "The platform would refuse the output",
			Doc: "The stack file says something that docker stack deploy refuses. Where no platform entry is the cause, it is a defect of decamp."},

		{Code: CodeInvalidSource, Title: "A stack file is not one that Swarm takes", Doc: "docker stack deploy refuses it too: a key that the versions 3.0 to 3.13 of the form do not know, a value of another type, a reference to something that is not declared."},
		{Code: CodeLegacySource, Title: "A stack file has the layout of Compose 1", Doc: "Services stood at the top of the file until 2016. docker stack deploy does not read that: indent the whole file under services:."},
		{Code: CodeOpenVariable, Title: "Variables of a stack file have no value", Doc: "docker stack deploy fills them in with nothing. In the spec they are vars without a default, so that whoever compiles has to give them."},
		{Code: CodeTemplate, Title: "Something in a stack file is filled in by the node", Doc: "Nodes run variables, the host name and mounts through Go templates, such as {{.Node.Hostname}}. A spec has no word for that: it stays in the ledger."},
		{Code: CodeBaked, Title: "A variable of a stack file is replaced by its value", Doc: "A spec holds vars in texts. In numbers, and in what is carried for Swarm alone, stands the value that the variable has now."},
		{Code: CodeIgnored, Title: "Something in a stack file means nothing", Doc: "docker stack deploy reads it over, some of it without a word. It is not read as a fact of the app, which has done without it. The message says what to write instead."},
		{Code: CodePort, Title: "A port that the spec cannot say as it is", Doc: "A spec publishes a port under one number or a range. What Swarm says besides stays in the ledger."},
		{Code: CodeMount, Title: "A mount that means less elsewhere", Doc: "A folder beside the stack file is on one machine only; other kinds of mounts are Docker's own."},
		{Code: CodeNetwork, Title: "A network that only Docker has", Doc: "It stays in the ledger."},
		{Code: CodeConfig, Title: "A config whose content is not in the files", Doc: "An external config, or one that the node fills in, stays in the ledger. Other platforms need its content."},
		{Code: CodeOrder, Title: "An order or a kind of run that the spec cannot say", Doc: "A job on each node is read as a job, and stays in the ledger; what a crontab starts besides a job is a service of its own."},
		{Code: CodeClamped, Title: "More is reserved than the limit allows", Doc: "No container gets more than its limit, so the limit is taken as the reservation."},
	}
}

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
	}
}

package compose

import "github.com/decamp-dev/decamp/compiler/diag"

// The codes of what only this backend finds.
const (
	CodeNameCollision diag.Code = "name-collision"
	CodeRounded       diag.Code = "rounded"
	CodeSecretNeeded  diag.Code = "secret-needed"
	CodeConfigSecret  diag.Code = "config-secret"
	CodePortTaken     diag.Code = "port-taken"
	CodeCronInstall   diag.Code = "cron-install"
	CodePatchTarget   diag.Code = "patch-target"
	CodeUnprintable   diag.Code = "unprintable"
	CodeInvalidOutput diag.Code = "invalid-output"

	// Of the reader.
	CodeInvalidSource diag.Code = "compose-invalid"
	CodeLegacySource  diag.Code = "compose-legacy"
	CodeOpenVariable  diag.Code = "compose-variable"
	CodeBaked         diag.Code = "compose-baked"
	CodeIgnored       diag.Code = "compose-ignored"
	CodePort          diag.Code = "compose-port"
	CodeMount         diag.Code = "compose-mount"
	CodeNetwork       diag.Code = "compose-network"
	CodeConfig        diag.Code = "compose-config"
	CodeOrder         diag.Code = "compose-order"
	CodeClamped       diag.Code = "compose-request"

	codeRenamed        diag.Code = "renamed"
	codeFileMissing    diag.Code = "file-missing"
	codeTemplateSource diag.Code = "template-source"
)

// Codes describes the codes of this backend, for the catalogue.
func Codes() []diag.Entry {
	return []diag.Entry{
		{Code: CodeNameCollision, Title: "Two things would have the same name on the platform",
			Doc: "Names that the platform needs are made of names of the spec, and two of them came out equal: a workload web with a sidecar proxy and a workload web-proxy, for instance. Rename one of them."},
		{Code: CodeRounded, Title: "A value is rounded",
			Doc: "The platform counts in coarser units. The value is rounded to the safe side: a time upwards."},
		{Code: CodeSecretNeeded, Title: "A secret has to be provided",
			Doc: "The output says where a secret's value comes from and never what it is. The message says how to provide it before the first start."},
		{Code: CodeConfigSecret, Title: "A config with a secret cannot be written as a file",
			Doc: "Docker Compose fills secrets into the content of a config only where that stands in compose.yaml, and it cannot write such content into a container with a read-only root. A value is never written to a file of the output. Mount the secret as a file of its own."},
		{Code: CodePortTaken, Title: "Routes and a published port want the same number",
			Doc: "Routes are served by a proxy at the ports 80 and 443 of the host. Publish the workload under another number."},
		{Code: CodeCronInstall, Title: "A crontab has to be installed",
			Doc: "Docker Compose has no clock. The file crontab starts the cron jobs at their times once it is installed on the host."},
		{Code: CodePatchTarget, Title: "A platform entry is for something that is not there",
			Doc: "An entry of the platform section changes what is emitted for a neutral path (workloads.web) or an object of the platform (services.web). The one that it names is not emitted. The message lists the closest names."},
		{Code: CodeUnprintable, Title: "A value has no form in the output",
			Doc: "A text is not valid UTF-8, or a patch holds something that YAML cannot say."},
		{Code: CodeInvalidOutput, Title: "The platform's own library refuses the output",
			Doc: "compose-go, the library that Docker Compose reads its files with, does not take what was written. Where no platform entry is the cause, it is a defect of decamp."},

		{Code: CodeInvalidSource, Title: "A Compose file is not one that Compose takes", Doc: "Docker Compose refuses it too: a key that the Compose Specification does not know, a value of another type, a reference to something that is not declared."},
		{Code: CodeLegacySource, Title: "A Compose file has the layout of Compose 1", Doc: "Services stood at the top of the file until 2016. No Compose reads that any more: indent the whole file under services:."},
		{Code: CodeOpenVariable, Title: "Variables of a Compose file have no value", Doc: "Compose fills them in with nothing. In the spec they are vars without a default, so that whoever compiles has to give them."},
		{Code: CodeBaked, Title: "A variable of a Compose file is replaced by its value", Doc: "A spec holds vars in texts. In numbers, and in what is carried for Compose alone, stands the value that the variable has now."},
		{Code: CodeIgnored, Title: "Something in a Compose file means nothing", Doc: "Compose itself does not read it: keys that begin with x-, or version."},
		{Code: CodePort, Title: "A port that the spec cannot say as it is", Doc: "A spec publishes a port under one number or a range. What Compose says besides stays in the ledger."},
		{Code: CodeMount, Title: "A mount that means less elsewhere", Doc: "A folder beside the Compose file is on one machine only; other kinds of mounts are Docker's own."},
		{Code: CodeNetwork, Title: "A network that only Docker has", Doc: "network_mode none, bridge or container:… stays in the ledger."},
		{Code: CodeConfig, Title: "A config whose content is not in the files", Doc: "An external config stays in the ledger. Other platforms need its content."},
		{Code: CodeOrder, Title: "An order that the spec cannot say", Doc: "A job ends and is not restarted; what the clock starts cannot be waited for. The order stays in the ledger."},
		{Code: CodeClamped, Title: "More is reserved than the limit allows", Doc: "No container gets more than its limit, so the limit is taken as the reservation."},
		{Code: codeRenamed, Title: "Something has another name", Doc: "Names in a spec are DNS labels, each once."},
	}
}

package nomad

import "github.com/decamp-dev/decamp/compiler/diag"

// The codes of what the capability table cannot know.
const (
	CodeNameCollision  diag.Code = "nomad-name-collision"
	CodeNameTooLong    diag.Code = "nomad-name-too-long"
	CodeVariableName   diag.Code = "nomad-variable-name"
	CodeBinary         diag.Code = "nomad-binary-content"
	CodeNoAddress      diag.Code = "nomad-no-address"
	CodeAddress        diag.Code = "nomad-endpoint-address"
	CodePortConflict   diag.Code = "nomad-port-conflict"
	CodeImageNeeded    diag.Code = "nomad-image-needed"
	CodeUpdateDeadline diag.Code = "nomad-update-deadline"
	CodeDefaultMemory  diag.Code = "nomad-default-memory"
	CodeScratchOwner   diag.Code = "nomad-scratch-owner"
	CodeClientConfig   diag.Code = "nomad-client-config"
	CodeFixedPort      diag.Code = "nomad-fixed-port"
	CodeInvalidJob     diag.Code = "nomad-invalid-job"
	CodePrint          diag.Code = "nomad-print"

	CodeSecretNeeded diag.Code = "secret-needed"
	CodeVolumeNeeded diag.Code = "volume-needed"
	CodeRounded      diag.Code = "rounded"
	CodePatchTarget  diag.Code = "patch-target"
	CodePatchForm    diag.Code = "patch-form"
)

// Codes describes the codes that this backend raises itself.
func Codes() []diag.Entry {
	entry := func(code diag.Code, title, doc string) diag.Entry {
		return diag.Entry{Code: code, Title: title, Doc: doc}
	}
	return []diag.Entry{
		entry(CodeNameCollision, "two names become one on Nomad", "Services are named by app, workload and port, joined by dashes, and items of a secret's variable by secret and key, joined by underscores. Rename one of the two."),
		entry(CodeNameTooLong, "a name is too long for Nomad", "The path of a job's secrets, nomad/jobs/<app>-<workload>, has at most 128 characters. Shorten the app's or the workload's name."),
		entry(CodeVariableName, "a variable's name cannot be rendered by a template", "Variables that refer to secrets or workloads are rendered by a template, whose reader takes names of letters, digits, _ . and / only."),
		entry(CodeBinary, "content is no text", "A Nomad job holds text only. Put the file into the image or on a volume, or give it as a secret."),
		entry(CodeNoAddress, "a workload without ports is referred to", "Nomad knows the addresses of services, and a service belongs to a port. Give the workload the port on which it is reached."),
		entry(CodeAddress, "an endpoint is bound to a name", "The binding is written to the tasks' hosts file, which holds addresses only."),
		entry(CodePortConflict, "a stub's port is taken in the group that it joins", "A copy of the stub shares the network of each workload that uses its endpoint, so that no port can be there twice."),
		entry(CodeImageNeeded, "a container has no image", "Nomad builds nothing: push what you have built and name it in image."),
		entry(CodeUpdateDeadline, "times of an update do not fit each other", "Nomad wants update.healthy and update.delay together to be shorter than update.deadline, and stop.grace no longer than it."),
		entry(CodeDefaultMemory, "a container says nothing about memory", "Nomad reserves and enforces 300 MiB for it. Say resources.memory."),
		entry(CodeScratchOwner, "a scratch mount belongs to root", "Nomad makes one folder for each workload that every user may write to; further ones are made by Docker, for root."),
		entry(CodeClientConfig, "the clients have to be configured for the job", "Something that the job asks for is switched off in Nomad's clients by default. The detail has the lines of the client's configuration."),
		entry(CodeFixedPort, "replicas with a fixed port need a node each", "A published port is a number of the node, which one replica can have. Have as many nodes as replicas, or let a proxy reach the replicas under the numbers that Nomad chooses."),
		entry(CodeInvalidJob, "Nomad's library refuses a job", "The job that was written cannot be read back. Unless a patch did it, this is a defect of the backend."),
		entry(CodePrint, "a job cannot be written", "A value has no form in a job file. Unless a patch did it, this is a defect of the backend."),
		entry(CodeSecretNeeded, "a secret has to be there before the first deployment", "The detail has the command that makes it; values are never written into files."),
		entry(CodeVolumeNeeded, "a volume has to be there before the first deployment", "The detail has the command that makes it from the specification beside the jobs."),
		entry(CodeRounded, "a value is rounded", "The platform counts in coarser units; the value is rounded to the safe side."),
		entry(CodePatchTarget, "a patch is for something that is not emitted", "On names a workload or volume of the app, or job/<id>, group/<name>, task/<group>.<name> or volume/<name>."),
		entry(CodePatchForm, "a patch cannot be applied in this form", "Patches and objects are in the words of HCL: maps for blocks, with labels as keys: {group: {web: {count: 2}}}."),
	}
}

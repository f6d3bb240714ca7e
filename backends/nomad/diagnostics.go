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
	CodeUnreached      diag.Code = "nomad-unreached"
	CodeScratchOwner   diag.Code = "nomad-scratch-owner"
	CodeClientConfig   diag.Code = "nomad-client-config"
	CodeFixedPort      diag.Code = "nomad-fixed-port"
	CodeJobConflict    diag.Code = "nomad-job-conflict"
	CodeInvalidJob     diag.Code = "nomad-invalid-job"
	CodePrint          diag.Code = "nomad-print"

	CodeSourceSyntax   diag.Code = "nomad-syntax"
	CodeSourceValue    diag.Code = "nomad-value"
	CodeSourceVariable diag.Code = "nomad-variable"
	CodeUnresolved     diag.Code = "nomad-unresolved"
	CodeBaked          diag.Code = "nomad-baked"
	CodeVariableCheck  diag.Code = "nomad-validation"
	CodeNoJob          diag.Code = "nomad-no-job"
	CodeTwice          diag.Code = "nomad-twice"
	CodeUnknownKey     diag.Code = "nomad-unknown-key"
	CodeServerField    diag.Code = "nomad-server-field"
	CodeDriver         diag.Code = "nomad-driver"
	CodeTask           diag.Code = "nomad-task"
	CodePort           diag.Code = "nomad-port"
	CodeCheck          diag.Code = "nomad-check"
	CodeRoute          diag.Code = "nomad-route"
	CodeKind           diag.Code = "nomad-kind"
	CodeSchedule       diag.Code = "nomad-schedule"
	CodeScale          diag.Code = "nomad-scale"
	CodeRuntime        diag.Code = "nomad-runtime"
	CodeTemplate       diag.Code = "nomad-template"
	CodeArtifact       diag.Code = "nomad-artifact"
	CodeDockerVolume   diag.Code = "nomad-docker-volume"
	CodeVolumeUnused   diag.Code = "nomad-volume-unused"
	CodeSecretShared   diag.Code = "nomad-secret-shared"

	CodeTemplateSource diag.Code = "template-source" // described by the compiler
	CodeFileMissing    diag.Code = "file-missing"    // described by the compiler
	CodeRenamed        diag.Code = "renamed"

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
		entry(CodeUnreached, "a workload that others need says no port", "Other platforms let the workloads of an app reach each other by name, whatever they listen on. On Nomad a service belongs to a port, and without one nobody finds the workload. Say its ports."),
		entry(CodeScratchOwner, "a scratch mount belongs to root", "Nomad makes one folder for each workload that every user may write to; further ones are made by Docker, for root."),
		entry(CodeClientConfig, "the clients have to be configured for the job", "Something that the job asks for is switched off in Nomad's clients by default. The detail has the lines of the client's configuration."),
		entry(CodeFixedPort, "replicas with a fixed port need a node each", "A published port is a number of the node, which one replica can have. Have as many nodes as replicas, or let a proxy reach the replicas under the numbers that Nomad chooses."),
		entry(CodeJobConflict, "workloads of one job differ in what belongs to the job", "Workloads to which the ledger gives the same id are groups of one job, which has one type, one priority, one schedule and one set of labels."),
		entry(CodeInvalidJob, "Nomad's library refuses a job", "The job that was written cannot be read back. Unless a patch did it, this is a defect of the backend."),
		entry(CodePrint, "a job cannot be written", "A value has no form in a job file. Unless a patch did it, this is a defect of the backend."),
		entry(CodeSourceSyntax, "a job file is not what HCL or Nomad takes", "The message is that of HashiCorp's library, with the place."),
		entry(CodeSourceValue, "a value does not fit where it stands", "The types of variables, and what for_each iterates over, are checked before anything is read."),
		entry(CodeSourceVariable, "a variable or local is not declared", "Variables are declared in the file that uses them: variable \"NAME\" { … }."),
		entry(CodeUnresolved, "variables have no value", "They decide more than a text, so that the app cannot be read without them. Give all of them by --var or --var-file."),
		entry(CodeBaked, "a variable became a value", "A variable stays open in the spec where it is a text, or part of one. Elsewhere (numbers, conditions, blocks, the ledger) its value stands in its place."),
		entry(CodeVariableCheck, "a variable's validation is not kept", "The vars of a spec have a default and a description, and no rules."),
		entry(CodeNoJob, "a file is not part of an app", "Jobs and specifications of volumes are read. Node pools, policies, quotas and the configuration of agents belong to the cluster."),
		entry(CodeTwice, "two files describe the same job", "The first one counts."),
		entry(CodeUnknownKey, "Nomad does not know a name", "It is a typo, or of another version than the one whose API types are compiled in."),
		entry(CodeServerField, "JSON of the API has fields that job files do not have", "Nomad's servers fill in versions, times and states. They are no part of a job."),
		entry(CodeDriver, "a task runs no container", "Tasks of the drivers exec, java, raw_exec, qemu and others run programs of the node. They are carried whole, and never turned into containers."),
		entry(CodeTask, "a task has no place in a workload", "A workload has a main container, sidecars and init containers. Tasks that run after the start or after the end are carried."),
		entry(CodePort, "a port cannot be said", "A port of the spec has a number that is known, and each number is listened on once."),
		entry(CodeCheck, "a check cannot be said", "A container has one probe for each question; checks by other means are carried."),
		entry(CodeRoute, "a rule of Traefik cannot be said", "A route has a host and a path, as a prefix or exact."),
		entry(CodeKind, "a kind of job that the spec does not have", "sysbatch and parameterized jobs are read as jobs, and what they are on Nomad is carried."),
		entry(CodeSchedule, "a schedule is more than five fields", "Seconds, years and several schedules are carried."),
		entry(CodeScale, "a scaling policy that the spec does not have", "The spec scales by the use of CPU or memory."),
		entry(CodeRuntime, "only a client of Nomad knows a value", "References such as ${attr.unique.hostname} or ${NOMAD_ALLOC_ID} are replaced where the task runs. Those that are the same everywhere, such as ${NOMAD_PORT_http}, are replaced while reading."),
		entry(CodeTemplate, "a template is filled in by Nomad", "Templates of literal text, of Nomad variables and of addresses of the app's own services are read; others ask Consul, Vault or the cluster, and are carried."),
		entry(CodeArtifact, "files are fetched by Nomad", "Artifacts are carried: elsewhere the files have to be in the image, in a config or on a volume."),
		entry(CodeDockerVolume, "a disk that is no volume of Nomad", "Volumes of the node's Docker have no counterpart that follows a workload."),
		entry(CodeVolumeUnused, "no job asks for a volume", "The specification is left out."),
		entry(CodeSecretShared, "two jobs have a secret of one name", "Each job has a variable of its own on Nomad, and the app has one secret of a name."),
		entry(CodeRenamed, "something has another name", "Names in a spec are DNS labels, each once."),
		entry(CodeSecretNeeded, "a secret has to be there before the first deployment", "The detail has the command that makes it; values are never written into files."),
		entry(CodeVolumeNeeded, "a volume has to be there before the first deployment", "The detail has the command that makes it from the specification beside the jobs."),
		entry(CodeRounded, "a value is rounded", "The platform counts in coarser units; the value is rounded to the safe side."),
		entry(CodePatchTarget, "a patch is for something that is not emitted", "On names a workload or volume of the app, or job/<id>, group/<name>, task/<group>.<name> or volume/<name>."),
		entry(CodePatchForm, "a patch cannot be applied in this form", "Patches and objects are in the words of HCL: maps for blocks, with labels as keys: {group: {web: {count: 2}}}."),
	}
}

package kubernetes

import (
	"github.com/decamp-dev/decamp/compiler/diag"
)

// The codes of this backend. What is lost is said by the core from the table; these
// are about what the table cannot know.
const (
	codeName          diag.Code = "kubernetes-name"
	codeCollision     diag.Code = "kubernetes-name-collision"
	codeImage         diag.Code = "image-needed"
	codeSecretNeeded  diag.Code = "secret-needed"
	codeRounded       diag.Code = "rounded"
	codeDefault       diag.Code = "default-chosen"
	codeLabel         diag.Code = "label-moved"
	codeSysctl        diag.Code = "sysctl-conflict"
	codeAddress       diag.Code = "endpoint-address"
	codeConfig        diag.Code = "config-unfit"
	codePatchTarget   diag.Code = "patch-target"
	codePatch         diag.Code = "patch-failed"
	codeSecretValue   diag.Code = "secret-value"
	codeInvalid       diag.Code = "kubernetes-invalid"
	codeUnknownObject diag.Code = "kubernetes-unknown-kind"

	codeNoObjects     diag.Code = "kubernetes-no-objects"
	codeNoObject      diag.Code = "kubernetes-no-object"
	codeTwice         diag.Code = "kubernetes-twice"
	codeTemplate      diag.Code = "template-source"
	codeKustomization diag.Code = "kubernetes-kustomization"
	codeSourceInvalid diag.Code = "kubernetes-source"
	codeUnknownField  diag.Code = "kubernetes-unknown-field"
	codeUpgraded      diag.Code = "kubernetes-upgraded"
	codeServerFields  diag.Code = "kubernetes-server-fields"
	codeRenamed       diag.Code = "renamed"
	codeDownward      diag.Code = "kubernetes-downward"
	codeService       diag.Code = "kubernetes-service"
	codeRemapped      diag.Code = "kubernetes-remapped"
	codePublished     diag.Code = "kubernetes-published"
	codeMissing       diag.Code = "kubernetes-missing"
	codeShared        diag.Code = "kubernetes-shared"
	codeVolume        diag.Code = "kubernetes-volume"
	codeRoute         diag.Code = "kubernetes-route"
	codeScale         diag.Code = "kubernetes-scale"
	codePolicy        diag.Code = "kubernetes-policy"
	codeCarried       diag.Code = "kubernetes-carried"
	codeNoEffect      diag.Code = "kubernetes-no-effect"
)

// Codes describes the codes of this backend, for the catalogue.
func Codes() []diag.Entry { return append(emitCodes(), readCodes()...) }

// readCodes are about manifests that are read.
func readCodes() []diag.Entry {
	return []diag.Entry{
		{Code: codeNoObjects, Title: "Files without an object of Kubernetes", Doc: "An object has apiVersion, kind and metadata. Name the manifests, or say with --from what the files are."},
		{Code: codeNoObject, Title: "A document that is no object", Doc: "Every document of a manifest has apiVersion, kind and metadata.name. Leave other files out."},
		{Code: codeTwice, Title: "An object that is there twice", Doc: "Two documents have the same kind, namespace and name. As when both are applied, the last one counts; import the variants apart where they are meant for different places."},
		{Code: codeKustomization, Title: "A kustomization among manifests", Doc: "It tells kustomize what to do with manifests. One that only lists the files that are read changes nothing. Where it patches, renames, generates or adds from elsewhere, no file is what is applied: build it with `kustomize build` and import the result."},
		{Code: codeSourceInvalid, Title: "A manifest that Kubernetes would refuse", Doc: "A value has another type than the field, or something is missing without which no cluster takes the object. Correct it: what it means cannot be told."},
		{Code: codeUnknownField, Title: "A field that Kubernetes does not know", Doc: "A cluster drops such a field without a word, or refuses the object where validation is strict. It is left out; look whether it is misspelt or stands at the wrong depth."},
		{Code: codeUpgraded, Title: "An object was written in today's version", Doc: "Clusters have dropped the version, or the kind is what another one manages today. Pods, ReplicaSets and ReplicationControllers become Deployments, and pods that end become Jobs."},
		{Code: codeServerFields, Title: "What a cluster writes was left out", Doc: "status, uid, resourceVersion and the like, tokens, and objects that others own tell of one cluster and not of the app."},
		{Code: codeRenamed, Title: "A thing has another name in the spec", Doc: "Names in a spec are DNS labels, each once. The object keeps its own name on Kubernetes: an entry of the ledger says it."},
		{Code: codeDownward, Title: "A variable that Kubernetes fills in", Doc: "The value comes from the pod itself (its name, address, node or resources). It stays in the ledger; on another platform give it in that platform's way."},
		{Code: codeService, Title: "A Service that is no name of one workload", Doc: "In a spec every workload has a name of its own. A Service that leads to none or several, or outside, is carried as it is or becomes an endpoint."},
		{Code: codeRemapped, Title: "A Service answers at another number than the container", Doc: "In a spec a workload is reached at the number that it listens on, because no other platform translates. References in variables and commands follow; Kubernetes keeps both numbers."},
		{Code: codePublished, Title: "Two workloads are published under one number", Doc: "Load balancers have an address each, and the nodes of other platforms share theirs. The second one is left to Kubernetes."},
		{Code: codeMissing, Title: "Something that is referred to is not in the files", Doc: "Import the file too, or see to it that the thing exists on each platform."},
		{Code: codeShared, Title: "Storage that several share", Doc: "Containers share a disk under several paths, or pods a claim that one node at a time can have. The message says what that means elsewhere."},
		{Code: codeVolume, Title: "A volume of a sort that only Kubernetes has", Doc: "Projected volumes, CSI, NFS and others stay in the ledger. Declare a volume for what the app needs elsewhere."},
		{Code: codeRoute, Title: "A route that a spec has no words for", Doc: "It matches headers, filters, or leads to what is not in the files. It stays in the ledger."},
		{Code: codeScale, Title: "Scaling or a budget that a spec has no words for", Doc: "It follows other metrics than CPU and memory, concerns several workloads, or allows nothing. It stays in the ledger."},
		{Code: codePolicy, Title: "A NetworkPolicy that ingress and egress cannot say", Doc: "It is about namespaces, several workloads, some ports or everybody. It stays in the ledger, so Kubernetes keeps it; elsewhere what it isolates is open until you say ingress and egress."},
		{Code: codeNoEffect, Title: "A value that Kubernetes reads over", Doc: "Something else in the manifest decides, so that the value changes nothing on a cluster, and it is left out. The message says what decides."},
		{Code: codeCarried, Title: "Something stays with Kubernetes", Doc: "It is kept word for word in the ledger (platform.kubernetes), with a reason, so that Kubernetes gets it again. Each entry is a debt: look through them when you leave."},
	}
}

func emitCodes() []diag.Entry {
	return []diag.Entry{
		{Code: codeName, Title: "A name that Kubernetes does not take",
			Doc: "Services have to begin with a letter; CronJobs may have 52 characters and StatefulSets too, since Kubernetes appends to their names. Rename the workload, the alias or the port."},
		{Code: codeCollision, Title: "Two things of the app have the same name on Kubernetes",
			Doc: "Workloads, aliases, published ports and stubs of endpoints each become a Service, and long or foreign names are shortened. Rename one of the two."},
		{Code: codeImage, Title: "A container without an image",
			Doc: "A cluster pulls images and builds none. Build the image, push it to a registry, and give its name as image beside build."},
		{Code: codeSecretNeeded, Title: "A secret to be created before the first deployment",
			Doc: "Manifests refer to secrets and never hold their values. The message has the command that creates the secret; secrets.yaml lists all of them."},
		{Code: codeRounded, Title: "A value was rounded",
			Doc: "Kubernetes counts most times in whole seconds. Times are rounded up, so that nothing is given up too early."},
		{Code: codeDefault, Title: "A value that the platform demands was chosen",
			Doc: "Kubernetes cannot do without the value and the spec does not say it. The message has the default; say the value in the spec to choose another."},
		{Code: codeLabel, Title: "A label was written as an annotation",
			Doc: "Values of labels are at most 63 characters of a small set on Kubernetes, and the labels app.kubernetes.io/name and app.kubernetes.io/part-of tie objects together. Other texts are kept as annotations, by which nothing can be selected."},
		{Code: codeSysctl, Title: "Containers of one pod want different values of a sysctl",
			Doc: "Sysctls belong to the whole pod. Give the containers the same value, or make them two workloads."},
		{Code: codeAddress, Title: "An endpoint is bound to something that is no IP address",
			Doc: "The name is bound in the hosts file of the pods, which knows addresses only. Give an IPv4 or IPv6 address."},
		{Code: codeConfig, Title: "A config that no ConfigMap can hold",
			Doc: "A ConfigMap holds at most 1 MiB, and configs with secrets in them have to be text. Put large content into the image or a volume."},
		{Code: codePatchTarget, Title: "A platform entry that concerns nothing",
			Doc: "`on` names a neutral path such as workloads.web, volumes.data, routes.shop, configs.web, or an emitted object as Kind/name. Nothing was emitted for it."},
		{Code: codePatch, Title: "A platform entry that cannot be merged",
			Doc: "The patch has another shape than what it is merged into, for instance a list where a map is."},
		{Code: codeSecretValue, Title: "A secret's value in a platform entry",
			Doc: "A Secret with data in it must not be in a spec or in generated files. Declare the secret under secrets and create it on the cluster."},
		{Code: codeInvalid, Title: "A manifest that Kubernetes would refuse",
			Doc: "The Kubernetes libraries cannot read what was emitted. Where a platform entry has made it so, correct the entry; otherwise this is a defect of decamp."},
		{Code: codeUnknownObject, Title: "An object of a kind that is not built into Kubernetes",
			Doc: "The object comes from a platform entry and was passed on unchecked: the cluster needs its custom resource definition."},
	}
}

func (e *emitter) report(s diag.Severity, code diag.Code, path, summary, detail string) *diag.Diagnostic {
	e.list = append(e.list, diag.Diagnostic{
		Severity: s, Code: code, Path: path, Summary: summary, Detail: detail,
		Target: Name, Subject: e.app.Locate(path),
	})
	return &e.list[len(e.list)-1]
}

func (e *emitter) fail(code diag.Code, path, summary, detail string) *diag.Diagnostic {
	return e.report(diag.Error, code, path, summary, detail)
}

func (e *emitter) note(code diag.Code, path, summary, detail string) {
	e.report(diag.Note, code, path, summary, detail)
}

// related adds the other place that a finding is about.
func (e *emitter) related(d *diag.Diagnostic, path, message string) {
	if r := e.app.Locate(path); !r.IsZero() {
		d.Related = append(d.Related, diag.Related{Range: r, Message: message})
	}
}

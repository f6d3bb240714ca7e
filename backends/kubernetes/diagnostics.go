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
)

// Codes describes the codes of this backend, for the catalogue.
func Codes() []diag.Entry {
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

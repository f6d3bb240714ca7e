package spec

import "github.com/decamp-dev/decamp/compiler/diag"

// web is the shortest spec that compiles; examples add to it.
const web = "decamp: v1\nname: shop\nworkloads:\n  web: {image: \"web:1\"}\n"

// Codes describes the findings of this package.
func Codes() []diag.Entry {
	entry := func(code diag.Code, title, doc, example string) diag.Entry {
		return diag.Entry{Code: code, Title: title, Doc: doc, ExampleKind: diag.ExampleSpec, Example: example}
	}
	return []diag.Entry{
		entry(CodeVersion, "The spec does not say a version that this decamp reads",
			"Every spec begins with `decamp: v1`, so that a later version of the language can never be mistaken for this one. A file of another tool is recognised by the lack of it; `decamp import` reads those.",
			"name: shop\nworkloads: {}\n"),
		entry(CodeUnknownKey, "A key is not part of the language",
			"Keys that are not known are errors, since a typing mistake would otherwise be lost in silence. Keys that begin with `x-` are yours and are ignored.",
			"decamp: v1\nname: shop\nworkloads:\n  web: {image: \"web:1\", replica: 2}\n"),
		entry(CodeWrongType, "A value has the wrong type", "A mapping stands where a list belongs, a list where a single value belongs, and so on. The message shows the form that is expected.",
			"decamp: v1\nname: shop\nworkloads: [web]\n"),
		entry(CodeBadValue, "A value is not of the form that its field takes", "Sizes are 64Mi, CPU 250m or 0.25, durations 10s, modes 0440; some fields take one of a few words.",
			"decamp: v1\nname: shop\nworkloads:\n  web: {image: \"web:1\", kind: deamon}\n"),
		entry(CodeMissing, "Something that has to be said is missing", "The message names the field and shows an example.", "decamp: v1\nworkloads:\n  web: {image: \"web:1\"}\n"),
		entry(CodeBadReference, "A reference refers to nothing that a spec knows",
			"`${…}` in a string refers to vars, the stage, secrets, configs, workloads and endpoints. The environment of the machine that compiles is never read. A dollar is written `$$`.",
			"decamp: v1\nname: shop\nworkloads:\n  web: {image: \"web:1\", env: {HOME_DIR: \"${HOME}\"}}\n"),
		entry(CodeMisplacedRef, "A value of run time cannot stand here", "Secrets, hosts and ports of workloads are known only where the app runs. env, entrypoint, args and templates of configs can hold them; an image or a label cannot.",
			"decamp: v1\nname: shop\nsecrets: {tag: {}}\nworkloads:\n  web: {image: \"web:${secrets.tag}\"}\n"),
		entry(CodeUnknownVar, "A var is not declared", "Every var that is used or given stands under vars.", "decamp: v1\nname: shop\nworkloads:\n  web: {image: \"web:${vars.tag}\"}\n"),
		entry(CodeMissingVar, "A var has no value", "It has no default and none was given.", "decamp: v1\nname: shop\nvars: {tag: {description: version}}\nworkloads:\n  web: {image: \"web:${vars.tag}\"}\n"),
		{Code: CodeUnknownStage, Title: "There is no such stage", Doc: "Stages stand under stages. `--stage` and `extends` name them.", ExampleKind: diag.ExampleSpec, Example: web + "stages:\n  prod: {extends: production}\n"},
		entry(CodeStageVary, "A stage varies the deliverable",
			"Stages are the same deliverable: image, command, environment, probes, security and egress cannot differ, or a test in one stage would say nothing about another. What has to differ all the same is admitted by a parity entry with its reason.",
			web+"stages:\n  dev: {vary: {workloads.web.image: \"web:dev\"}}\n"),
		entry(CodeStagePath, "A stage varies what the spec does not have", "The path has to begin with something that is declared.", web+"stages:\n  dev: {vary: {workloads.wep.replicas: 1}}\n"),
		entry(CodeFileMissing, "A file cannot be read", "Paths are relative to the folder of the spec.", web+"configs: {web: {file: web.yaml}}\n"),
		entry(CodeFileOutside, "A file is outside of the spec's folder", "A spec that reads elsewhere means something else on each machine, and could be made to copy what it should not. `--allow-outside` admits it.",
			web+"configs: {web: {file: ../../etc/passwd}}\n"),
		{Code: CodeEnvFile, Title: "A line of an env file cannot be read", Doc: "Lines are NAME=VALUE; comments begin with #."},
		entry(CodeSecretValue, "A secret's value is written into the spec", "The spec, and everything that is generated from it, can be read by many. It says where the value comes from, never the value; the message does not repeat it.",
			web+"secrets: {db-password: {value: not-a-real-one}}\n"),
		entry(CodePlainSecret, "A variable looks like a secret and has a plain value", "Its name says so. If it is one, declare it under secrets and refer to it; if it is not, another name avoids the question.",
			"decamp: v1\nname: shop\nworkloads:\n  web: {image: \"web:1\", env: {API_TOKEN: not-a-real-one}}\n"),
		entry(CodePlatformEntry, "An entry of the platform section is not complete", "Each entry does one thing (patch, objects or accept), says what it concerns and why: the section is the list of what the team owes to a platform.",
			web+"platform:\n  x: [{on: workloads.web, patch: {a: 1}}]\n"),
		{Code: CodeNotFormatted, Title: "A spec cannot be laid out", Doc: "`decamp fmt` compares what a spec says, and its comments, before and after. Where it would change either, it leaves the file as it is."},
		{Code: CodeNotSayable, Title: "A spec has no words for a fact", Doc: "What is printed as a spec is read again and compared. This fact of what was imported did not come back, for instance since a name of it cannot be referred to."},
		{Code: CodeUnknownTarget, Title: "There is no such platform", Doc: "`decamp targets` lists the platforms."},
	}
}

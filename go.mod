module github.com/decamp-dev/decamp

go 1.26.0

require (
	github.com/compose-spec/compose-go/v2 v2.16.2 // the types and the loader of Compose files
	github.com/docker/go-units v0.5.0 // sizes as Compose files write them
	github.com/google/go-cmp v0.7.0 // differences in tests that a person can read
	github.com/hashicorp/hcl/v2 v2.25.0 // the language of Nomad jobs, for reading and for proving what is written
	github.com/hashicorp/nomad/api v0.0.0-20260907080526-08ef8f3d26da // the types of Nomad jobs
	github.com/mattn/go-shellwords v1.0.16 // a command that is one string, split as a shell would
	github.com/pmezard/go-difflib v1.0.0 // the unified diff of --check
	github.com/rivo/uniseg v0.4.7 // the width of characters under which a caret stands
	github.com/rogpeppe/go-internal v1.16.0 // testscript: the command line tested by short scripts
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3 // proves, in tests, that specs and reports fit their schemas
	github.com/spf13/cobra v1.10.2 // the command line: verbs, help, completions
	github.com/spf13/pflag v1.0.9 // the flags of cobra, which have no other name
	github.com/xhit/go-str2duration/v2 v2.1.0 // durations as Compose files write them
	github.com/zclconf/go-cty v1.20.0 // the values of HCL
	go.yaml.in/yaml/v3 v3.0.6 // YAML with places and comments
	go.yaml.in/yaml/v4 v4.0.0-rc.4 // proves, in tests, that Compose's own reader reads what is written
	golang.org/x/sync v0.24.0 // several apps at once, with the first error
	golang.org/x/term v0.47.0 // whether there is a terminal, and how wide it is
	golang.org/x/tools v0.38.0 // txtar, the form of tests with several files
	k8s.io/api v0.35.4 // the types of Kubernetes objects
	k8s.io/apimachinery v0.35.4 // quantities, names and the strict decoding of Kubernetes objects
	sigs.k8s.io/json v0.0.0-20250730193827-2d320260d730 // strict decoding of Kubernetes objects, as the API server does it
	sigs.k8s.io/yaml v1.6.0 // proves, in tests, that kubectl's reader reads what is written
)

require (
	github.com/agext/levenshtein v1.2.1 // indirect
	github.com/apparentlymart/go-textseg/v15 v15.0.0 // indirect
	github.com/apparentlymart/go-textseg/v17 v17.0.1 // indirect
	github.com/distribution/reference v0.5.0 // indirect
	github.com/docker/go-connections v0.4.0 // indirect
	github.com/fxamacker/cbor/v2 v2.9.0 // indirect
	github.com/go-logr/logr v1.4.3 // indirect
	github.com/go-viper/mapstructure/v2 v2.5.0 // indirect
	github.com/gorilla/websocket v1.5.4-0.20250319132907-e064f32e3674 // indirect
	github.com/hashicorp/cronexpr v1.1.3 // indirect
	github.com/hashicorp/go-cleanhttp v0.5.2 // indirect
	github.com/hashicorp/go-rootcerts v1.0.2 // indirect
	github.com/inconshreveable/mousetrap v1.1.0 // indirect
	github.com/json-iterator/go v1.1.12 // indirect
	github.com/kr/text v0.2.0 // indirect
	github.com/mitchellh/go-homedir v1.1.0 // indirect
	github.com/mitchellh/go-wordwrap v1.0.1 // indirect
	github.com/modern-go/concurrent v0.0.0-20180306012644-bacd9c7ef1dd // indirect
	github.com/modern-go/reflect2 v1.0.3-0.20250322232337-35a7c28c31ee // indirect
	github.com/opencontainers/go-digest v1.0.0 // indirect
	github.com/sirupsen/logrus v1.10.1 // indirect
	github.com/x448/float16 v0.8.4 // indirect
	go.yaml.in/yaml/v2 v2.4.3 // indirect
	golang.org/x/mod v0.29.0 // indirect
	golang.org/x/net v0.47.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.31.0 // indirect
	gopkg.in/inf.v0 v0.9.1 // indirect
	k8s.io/klog/v2 v2.130.1 // indirect
	k8s.io/kube-openapi v0.0.0-20250910181357-589584f1c912 // indirect
	k8s.io/utils v0.0.0-20251002143259-bc988d571ff4 // indirect
	sigs.k8s.io/randfill v1.0.0 // indirect
	sigs.k8s.io/structured-merge-diff/v6 v6.3.0 // indirect
)

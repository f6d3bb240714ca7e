// Package composeread reads Compose files, and what shares their form, as apps: Docker's
// stack files. What the platforms that run them make of the same words is said by a
// Dialect, one for each.
package composeread

import (
	"path"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/jsonschema"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
)

// Dialect is what one platform makes of the form.
type Dialect struct {
	Platform string // name of the backend, and of the ledger's entries
	Title    string // of the platform, in messages: Compose
	File     string // what one of its files is called: Compose file
	Codes    Codes

	// Schema is the JSON Schema of the form, Authority the sentence that says whose it is;
	// Library says the same of what is found when files are merged.
	Schema             func() (*jsonschema.Schema, error)
	Authority, Library string
	VariableFile       string // where values of variables may stand

	// Debts are in the order in which they stand in the ledger; what is in none of them
	// is of the last one.
	Debts []Debt

	// Stack is what differs where files are deployed as stacks; nil where they are not.
	Stack *Stack

	// InitRestart is the restart policy with which init containers of a workload are written.
	InitRestart func(*ir.Workload) string
	Crontab     Crontab
}

// stackNames are file names that only files for docker stack deploy have.
var stackNames = pattern.New(`^(docker-)?stack([-_.].*)?\.ya?ml$|(^|[-_.])swarm([-_.].*)?\.ya?ml$`)

// NamesStack reports whether a file is called as only stack files are.
func NamesStack(name string) bool { return stackNames().MatchString(path.Base(strings.ToLower(name))) }

// Stack is what a platform makes of files that it deploys as stacks.
type Stack struct {
	// Version reports whether a version of the form can be deployed.
	Version func(version string) bool
	// Refused are keys of services that are refused, and what to write instead; Ignored
	// those that are read over, and what that means.
	Refused, Ignored map[string]string
	// Own reads the name of the stack in the head of a file that the platform's backend
	// has written; "" in any other file.
	Own func(text string) string
	// Plain returns the text that a template of the node stands for, false where only the
	// node knows it.
	Plain func(text string) (string, bool)
	// PlainConfig does so for a config that the node fills in; secrets are the names of
	// files that it reads, between the literal parts.
	PlainConfig func(text string) (parts []ConfigPart, ok bool)
	// Slot is the template for the number of a replica.
	Slot string
	// Constraint reads a rule about nodes: whether it stands for a rule of the spec, an
	// operating system or an architecture.
	Constraint func(text string) (rule ir.NodeRule, os, arch string, ok bool)
	// Pin is the constraint by which the backend keeps what mounts a volume on its node.
	Pin func(stack, volume string) string
	// GPUs reads a kind of generic resource.
	GPUs func(kind string) (vendor string, ok bool)
	// ObjectName reports whether a name is the one that the backend gives a config.
	ObjectName func(stack, key, name string) bool
}

// ConfigPart is a part of a config that the node fills in: a literal, or the file of a
// secret.
type ConfigPart struct{ Literal, Secret string }

// Codes are those of a dialect's findings.
type Codes struct {
	Invalid, Legacy, OpenVariable, Template, Baked, Ignored, Port, Mount, Network, Config, Order, Clamped, Rounded, SecretNeeded diag.Code
}

// Codes that every reader has.
const (
	codeRenamed        diag.Code = "renamed"
	codeFileMissing    diag.Code = "file-missing"
	codeTemplateSource diag.Code = "template-source"
)

// Debt is a group of keys that a spec has no words for: why they are there, and what to
// do with them when the platform is left.
type Debt struct {
	Keys      []string
	Why, Exit string
}

// CrontabFile is the crontab beside the files, of what the clock starts.
const CrontabFile = "crontab"

// Crontab is the form in which a platform's backend writes cron jobs: services that the
// lines of a crontab start.
type Crontab struct {
	// Waits reports whether a service only runs when it is started.
	Waits func(service map[string]any) bool
	// Marks are the keys that say so, which are not carried where a line of the crontab
	// starts the service.
	Marks []string
	// Line reads a command of the crontab: the service that it starts, as the stack or
	// project knows it. ok is false for other commands.
	Line func(command string) (line CronLine, ok bool)
}

// CronLine is what a command of a crontab says.
type CronLine struct {
	Service string   // as the platform knows it: with the name of the stack before it
	Others  []string // services that it starts too
	Overlap string   // "", forbid or replace
	Timeout ir.Duration
}

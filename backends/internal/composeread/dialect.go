// Package composeread reads Compose files, and what shares their form, as apps: Docker's
// stack files. What the platforms that run them make of the same words is said by a
// Dialect, one for each.
package composeread

import (
	"github.com/decamp-dev/decamp/backends/internal/jsonschema"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
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

	// Debts are in the order in which they stand in the ledger; what is in none of them
	// is of the last one.
	Debts []Debt

	// InitRestart is the restart policy with which init containers of a workload are written.
	InitRestart func(*ir.Workload) string
	Crontab     Crontab
}

// Codes are those of a dialect's findings.
type Codes struct {
	Invalid, Legacy, OpenVariable, Baked, Ignored, Port, Mount, Network, Config, Order, Clamped, Rounded, SecretNeeded diag.Code
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
	Service string
	Overlap string // "", forbid or replace
	Timeout ir.Duration
}

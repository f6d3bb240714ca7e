package score

import (
	"github.com/decamp-dev/decamp/compiler/diag"
)

// The codes that only this reader raises.
const (
	CodeVersion     diag.Code = "score-version"
	CodeShape       diag.Code = "score-shape"
	CodeUnknown     diag.Code = "score-unknown-key"
	CodeTwice       diag.Code = "score-twice"
	CodePlaceholder diag.Code = "score-placeholder"
	CodeOrder       diag.Code = "score-order"
	CodePort        diag.Code = "score-port"
	CodeHost        diag.Code = "score-host"
	CodeOutside     diag.Code = "score-outside"
	CodeResource    diag.Code = "score-resource"
	CodeProbe       diag.Code = "score-probe"
	CodeRoute       diag.Code = "score-route"
	CodeValue       diag.Code = "score-value"
	CodeClamped     diag.Code = "score-request"
	CodeVariable    diag.Code = "score-variable"
	CodeDollar      diag.Code = "score-dollar"

	codeRounded      diag.Code = "rounded"
	codeRenamed      diag.Code = "renamed"
	codeFileMissing  diag.Code = "file-missing"
	codeSecretNeeded diag.Code = "secret-needed"
)

// Codes describes them.
func Codes() []diag.Entry {
	return []diag.Entry{
		{Code: CodeVersion, Title: "The file is not of the version of Score that is read", Doc: "score.dev/v1b1 is read. A file says so with its apiVersion."},
		{Code: CodeShape, Title: "A Score file does not have the form that Score asks for", Doc: "Something is missing, or has another type than the schema score-v1b1 says."},
		{Code: CodeUnknown, Title: "A Score file has a key that Score does not know", Doc: "It is kept as it stands in the ledger, under platform.score. Score's own tools refuse the file."},
		{Code: CodeTwice, Title: "Two Score files describe the same workload", Doc: "The workloads of one app have different names. The first file counts; leave the other out, or import it apart."},
		{Code: CodePlaceholder, Title: "A placeholder refers to nothing", Doc: "Placeholders are ${metadata.…} and ${resources.NAME.OUTPUT}; for the text itself write $${…}, or noExpand: true in a file."},
		{Code: CodeOrder, Title: "An order of containers that the spec cannot say, or says more strictly", Doc: "Init containers run to completion before all others. Other orders within a workload are kept in the ledger only."},
		{Code: CodePort, Title: "A service has another port outside than the workload listens on", Doc: "Inside an app a workload is reached at the port that it listens on. What uses the service's other number has to be changed; references follow by themselves."},
		{Code: CodeHost, Title: "A host name that Score leaves to the platform", Doc: "Score does not say under which name something is reached. A name stands in its place until the real one is written."},
		{Code: CodeOutside, Title: "A service is not among the files", Doc: "Its name stands where the reference stood. Import its Score file together with this one, and the reference becomes one."},
		{Code: CodeResource, Title: "A type of resource that is not known", Doc: "What it puts out is asked for as the values of a secret, and the resource is kept in the ledger."},
		{Code: CodeProbe, Title: "A probe that the spec cannot say as it is", Doc: "A probe asks in one way, and of a port of its own container."},
		{Code: CodeRoute, Title: "A route that the spec cannot say", Doc: "A route has a host, a literal path and a port of its workload. The resource is kept in the ledger; write a route instead."},
		{Code: CodeValue, Title: "A value in a Score file cannot be read", Doc: "Numbers of ports, sizes, amounts of CPU, modes and base64 are checked as Score's schema says."},
		{Code: CodeClamped, Title: "More is requested than the limit allows", Doc: "No container gets more than its limit, so the limit is taken as the reservation."},
		{Code: CodeVariable, Title: "A value for a variable that the files do not have", Doc: "The vars of a Score app are images that are \".\", host names of dns resources and outputs of environment resources."},
		{Code: CodeDollar, Title: "A doubled dollar in a command", Doc: "Score does not expand commands, but files are written with $$ because Docker Compose halves it; a shell would read $${X} as its process id and {X}. One dollar is taken."},
		{Code: codeRounded, Title: "A value was rounded", Doc: "What is finer than the spec or the platform can hold is rounded to the safe side."},
		{Code: codeRenamed, Title: "Something has another name", Doc: "Names in a spec are DNS labels, each once."},
	}
}

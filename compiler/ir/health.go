package ir

// Health asks three questions, never one.
type Health struct {
	// Startup: has it begun? The other two wait for it.
	Startup *Probe `spec:"startup"`
	// Ready: send it traffic?
	Ready *Probe `spec:"ready"`
	// Live: replace it?
	Live *Probe `spec:"live"`
}

// Probe is one question and how it is asked. Exactly one of Exec, HTTP, TCP and
// GRPC is set.
type Probe struct {
	// Exec asks by a command in the container: a list is an argv, a string is run by /bin/sh -c.
	Exec *Command `spec:"exec" example:"[pg_isready]"`
	// HTTP asks by a request; 200 to 399 is yes.
	HTTP *HTTPAction `spec:"http"`
	// TCP asks by opening a connection.
	TCP *TCPAction `spec:"tcp"`
	// GRPC asks by the gRPC health protocol.
	GRPC *GRPCAction `spec:"grpc"`
	// Every is the time between questions; 10s when nothing is said.
	Every Duration `spec:"every" example:"10s"`
	// Timeout of one question; 1s when nothing is said.
	Timeout Duration `spec:"timeout" example:"2s"`
	// Delay before the first question.
	Delay Duration `spec:"delay" example:"5s"`
	// Failures in a row that make the answer no; 3 when nothing is said.
	Failures int `spec:"failures" min:"1" example:"3"`
	// Successes in a row that make the answer yes again; 1 when nothing is said.
	Successes int `spec:"successes" min:"1" example:"1"`
}

// The defaults of a probe, which every backend writes out, because no two
// platforms have the same.
const (
	DefaultProbeEvery     = Duration(10e9)
	DefaultProbeTimeout   = Duration(1e9)
	DefaultProbeFailures  = 3
	DefaultProbeSuccesses = 1
)

// EveryOrDefault returns the time between questions.
func (p *Probe) EveryOrDefault() Duration { return orDefault(p.Every, DefaultProbeEvery) }

// TimeoutOrDefault returns the timeout of one question.
func (p *Probe) TimeoutOrDefault() Duration { return orDefault(p.Timeout, DefaultProbeTimeout) }

// FailuresOrDefault returns how many failures in a row mean no.
func (p *Probe) FailuresOrDefault() int { return orDefault(p.Failures, DefaultProbeFailures) }

// SuccessesOrDefault returns how many successes in a row mean yes.
func (p *Probe) SuccessesOrDefault() int { return orDefault(p.Successes, DefaultProbeSuccesses) }

func orDefault[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// HTTPAction is a GET request to the container itself.
type HTTPAction struct {
	// Port by name, of this container.
	Port string `spec:"port" required:"true" example:"http"`
	// Path of the request; "/" when nothing is said.
	Path string `spec:"path" example:"/healthz"`
	// Scheme of the request; http when nothing is said.
	Scheme string `spec:"scheme" enum:"http,https"`
	// Host header of the request.
	Host string `spec:"host" example:"localhost"`
	// Headers of the request.
	Headers Map[string] `spec:"headers" example:"{X-Probe: \"1\"}"`
}

// PathOrDefault returns the path, "/" when nothing is said.
func (a *HTTPAction) PathOrDefault() string { return orDefault(a.Path, "/") }

// SchemeOrDefault returns the scheme, http when nothing is said.
func (a *HTTPAction) SchemeOrDefault() string { return orDefault(a.Scheme, "http") }

// TCPAction is a connection to the container itself.
type TCPAction struct {
	// Port by name, of this container.
	Port string `spec:"port" required:"true" example:"sql"`
}

// GRPCAction is a call of grpc.health.v1.Health/Check of the container itself.
type GRPCAction struct {
	// Port by name, of this container.
	Port string `spec:"port" required:"true" example:"grpc"`
	// Service that is asked about; the server as a whole when nothing is said.
	Service string `spec:"service" example:"acme.Web"`
}

package ir

import (
	"net"
	"strconv"
)

// App is one application at one stage: what is deployed together, under one name.
type App struct {
	// Name of the application: what a platform groups its objects under.
	Name string `spec:"name" example:"shop"`
	// Stage that this app was resolved for; empty when the spec has no stages.
	Stage string `spec:"-" json:"stage"`
	// Labels for every object of the app that can carry them.
	Labels Map[string] `spec:"labels" example:"{team: storefront}"`
	// Workloads of the app by name; each is reachable inside the app under that name.
	Workloads Map[Workload] `spec:"workloads" fact:"workload"`
	// Routes are the HTTP(S) names and paths under which workloads answer from outside.
	Routes Map[Route] `spec:"routes" fact:"route"`
	// Volumes are the disks that outlive the containers that mount them.
	Volumes Map[Volume] `spec:"volumes" fact:"volume"`
	// Configs are files and texts that containers are given.
	Configs Map[Config] `spec:"configs" fact:"config"`
	// Secrets that containers are given; never their values, only where those come from.
	Secrets Map[Secret] `spec:"secrets" fact:"secret"`
	// Networks besides the one that every workload joins by default.
	Networks Map[Network] `spec:"networks" fact:"network"`
	// Endpoints are what the app needs and does not run itself.
	Endpoints Map[Endpoint] `spec:"endpoints" fact:"endpoint"`
	// Platform is the ledger of what is said for one platform only.
	Platform []PlatformEntry `spec:"-" json:"platform"`
	// Locator finds the place in the source that a path of this app came from; may be nil.
	Locator Locator `spec:"-" json:"-"`
}

// Route makes a port of a workload answer under a host name and path.
type Route struct {
	// Host is the DNS name under which the route answers; empty means every name.
	Host string `spec:"host" example:"shop.example.com"`
	// Path that the route serves; "/" when nothing is said.
	Path string `spec:"path" example:"/"`
	// Match says whether the path stands for itself only, or for everything below it (prefix, the default).
	Match string `spec:"match" enum:"prefix,exact"`
	// To names the port that answers, as workload.port.
	To PortRef `spec:"to" required:"true" example:"web.http"`
	// TLS ends encryption at the route, with a certificate from a secret.
	TLS *RouteTLS `spec:"tls"`
}

// PortRef names a port of a workload; in a spec "web.http".
type PortRef struct {
	Workload string
	Port     string
}

// String writes "web.http".
func (p PortRef) String() string { return p.Workload + "." + p.Port }

// RouteTLS is the encryption of a route.
type RouteTLS struct {
	// Secret of type tls that holds the certificate and its key.
	Secret string `spec:"secret" required:"true" example:"storefront-cert"`
}

// Volume is a disk with a life of its own.
type Volume struct {
	// Size that is asked for; platforms without sizes take what the disk has.
	Size Bytes `spec:"size" example:"20Gi"`
	// Shared says that several workloads or replicas, on several nodes, may write to it at once.
	Shared bool `spec:"shared"`
	// Each gives every replica of a stateful workload a volume of its own.
	Each bool `spec:"each"`
	// Class of storage, by the platform's own name for it.
	Class string `spec:"class" example:"fast"`
	// External names a volume that exists already and is not made by this app.
	External string `spec:"external" example:"shared-media"`
	// Driver that makes the volume, where the platform has volume drivers.
	Driver string `spec:"driver" example:"local"`
	// Options of the driver.
	Options Map[string] `spec:"options" example:"{type: nfs}"`
	// Labels of the volume.
	Labels Map[string] `spec:"labels"`
}

// Config is content that containers are given as a file or in a variable.
type Config struct {
	// Content of a config that is one file; may hold references when the spec calls it a template.
	Content Text `spec:"-" json:"content"`
	// Entries of a config that is a folder, by file name.
	Entries Map[Text] `spec:"-" json:"entries"`
	// Origin is the file or folder the content was read from, relative to the spec; empty for text in the spec itself.
	Origin string `spec:"-" json:"origin" fact:"-"`
}

// Secret says what a secret is and where it comes from, never what it is worth.
type Secret struct {
	// Type of the secret: opaque (any values), tls (a certificate and its key) or registry (a login for pulling images).
	Type string `spec:"type" enum:"opaque,tls,registry"`
	// Keys of the values that it holds; one unnamed value when nothing is said.
	Keys []string `spec:"keys" example:"[username, password]"`
	// Description tells the person who creates the secret what it is for.
	Description string `spec:"description" example:"password of the application's database user"`
	// Env is the variable of the deploying environment that the value is taken from.
	Env string `spec:"env" example:"DB_PASSWORD"`
	// File is the path, where the app is deployed, of the file that the value is taken from.
	File string `spec:"file" example:"./secrets/db-password"`
	// External is the name of a secret that exists already on the platform.
	External string `spec:"external" example:"prod-db-password"`
}

// Network is a segment that workloads join by name.
type Network struct {
	// Internal networks have no way out.
	Internal bool `spec:"internal"`
	// Subnet in CIDR form; needed only for fixed addresses.
	Subnet string `spec:"subnet" example:"172.28.0.0/24"`
	// External names a network that exists already and is not made by this app.
	External string `spec:"external" example:"proxy"`
	// Driver of the network, where the platform has network drivers.
	Driver string `spec:"driver" example:"bridge"`
	// Options of the driver.
	Options Map[string] `spec:"options"`
	// Labels of the network.
	Labels Map[string] `spec:"labels"`
}

// Endpoint is something that the app reaches under the same name and port in every
// stage; what stands behind the name is bound per stage.
type Endpoint struct {
	// Host name under which the app reaches it, the same in every stage.
	Host string `spec:"host" required:"true" example:"payments.example.com"`
	// Port under which the app reaches it, the same in every stage.
	Port int `spec:"port" required:"true" min:"1" max:"65535" example:"443"`
	// Scheme of the URL that ${endpoints.NAME.url} stands for.
	Scheme string `spec:"scheme" example:"https"`
	// Workload of this app that stands behind the name (a stub); it has to listen on the endpoint's port.
	Workload string `spec:"workload" example:"payments-stub"`
	// Address that the name is bound to instead of what DNS says.
	Address string `spec:"address" example:"10.0.0.5"`
	// Real says that the name is the real one: what DNS says. It is the default; a stage says it to undo another binding.
	Real bool `spec:"real"`
}

// defaultPorts of the schemes that have one: a URL leaves it out.
var defaultPorts = map[string]int{"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21, "ldap": 389, "ldaps": 636}

// Value returns a fact of the endpoint that a text refers to: host, port, scheme or
// url. All of them are constants of the spec, the same in every stage.
func (e *Endpoint) Value(field string) string {
	switch field {
	case "host":
		return e.Host
	case "port":
		return strconv.Itoa(e.Port)
	case "scheme":
		return e.Scheme
	}
	url := e.Host
	if defaultPorts[e.Scheme] != e.Port {
		url = net.JoinHostPort(e.Host, strconv.Itoa(e.Port))
	}
	if e.Scheme != "" {
		url = e.Scheme + "://" + url
	}
	return url
}

// PlatformEntry is one line of the debt ledger: something that is said for one
// platform only, and why.
type PlatformEntry struct {
	// Platform that the entry is for.
	Platform string `spec:"-" json:"platform"`
	// On is what the entry concerns: a path of the spec, an object of the platform (Kind/name), or for accept a kind of fact (workload.ingress), wherever it stands.
	On string `spec:"on" example:"workloads.web"`
	// Patch is merged into what the platform's backend emits for On.
	Patch *Value `spec:"patch"`
	// Objects are added whole to what the backend emits.
	Objects []*Value `spec:"objects"`
	// Accept is the reason for which the team takes the loss of On on this platform.
	Accept string `spec:"accept" example:"laptops do not autoscale"`
	// Why the entry is there.
	Why string `spec:"why" example:"the shared cluster evicts unlabelled pods first"`
	// Exit is what to do with the entry when the platform is left.
	Exit string `spec:"exit" example:"drop it; other platforms here have no shared nodes"`
	// Path of the entry itself, for diagnostics: platform.kubernetes[0] or workloads.web.platform.kubernetes[0].
	Path string `spec:"-" json:"path"`
}

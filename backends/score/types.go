package score

import "github.com/decamp-dev/decamp/compiler/tree"

// The types follow the JSON Schema score-v1b1.json property by property; a test holds
// them to it. Score's own Go types have no positions, and those are needed for every
// finding.

// scalar is a single value with its place; not said when it has no node.
type scalar struct {
	Text string
	Node *tree.Node
}

func (s scalar) said() bool { return s.Node != nil }

// member is one entry of a mapping with names.
type member[T any] struct {
	Name  string
	Key   *tree.Node
	Value T
}

// members is a mapping with names, in the order of the file.
type members[T any] []member[T]

// get returns the member of that name, nil when there is none.
func (m members[T]) get(name string) *member[T] {
	for i := range m {
		if m[i].Name == name {
			return &m[i]
		}
	}
	return nil
}

type document struct {
	APIVersion scalar             `score:"apiVersion,required"`
	Metadata   metadata           `score:"metadata,required"`
	Service    *service           `score:"service"`
	Containers members[container] `score:"containers,required"`
	Resources  members[resource]  `score:"resources"`
}

type metadata struct {
	Name        scalar          `score:"name,required"`
	Annotations members[scalar] `score:"annotations"`
	// Others is what the schema leaves open.
	Others members[*tree.Node] `score:"*"`
}

type service struct {
	Ports members[servicePort] `score:"ports"`
}

type servicePort struct {
	Port       scalar `score:"port,required"`
	Protocol   scalar `score:"protocol"`
	TargetPort scalar `score:"targetPort"`
}

// target is the port that the workload listens on.
func (p *servicePort) target() scalar {
	if p.TargetPort.said() {
		return p.TargetPort
	}
	return p.Port
}

type container struct {
	Image          scalar               `score:"image,required"`
	Command        []scalar             `score:"command"`
	Args           []scalar             `score:"args"`
	Variables      members[scalar]      `score:"variables"`
	Files          members[file]        `score:"files,target"`
	Volumes        members[mount]       `score:"volumes,target"`
	Before         members[beforeEntry] `score:"before"`
	Resources      *computeResources    `score:"resources"`
	LivenessProbe  *probe               `score:"livenessProbe"`
	ReadinessProbe *probe               `score:"readinessProbe"`
}

type file struct {
	Target        scalar `score:"target"`
	Mode          scalar `score:"mode"`
	Source        scalar `score:"source"`
	Content       scalar `score:"content"`
	BinaryContent scalar `score:"binaryContent"`
	NoExpand      scalar `score:"noExpand"`
}

type mount struct {
	Target   scalar `score:"target"`
	Source   scalar `score:"source,required"`
	Path     scalar `score:"path"`
	ReadOnly scalar `score:"readOnly"`
}

type beforeEntry struct {
	Ready scalar `score:"ready,required"`
}

type computeResources struct {
	Limits   *amounts `score:"limits"`
	Requests *amounts `score:"requests"`
}

type amounts struct {
	CPU    scalar `score:"cpu"`
	Memory scalar `score:"memory"`
}

type probe struct {
	HTTPGet *httpProbe `score:"httpGet"`
	Exec    *execProbe `score:"exec"`
}

type execProbe struct {
	Command []scalar `score:"command,required"`
}

type httpProbe struct {
	Host        scalar       `score:"host"`
	Scheme      scalar       `score:"scheme"`
	Path        scalar       `score:"path,required"`
	Port        scalar       `score:"port,required"`
	HTTPHeaders []httpHeader `score:"httpHeaders"`
}

type httpHeader struct {
	Name  scalar `score:"name,required"`
	Value scalar `score:"value,required"`
}

type resource struct {
	Type     scalar           `score:"type,required"`
	Class    scalar           `score:"class"`
	ID       scalar           `score:"id"`
	Metadata resourceMetadata `score:"metadata"`
	// Params are the provisioner's own.
	Params members[*tree.Node] `score:"params"`
}

type resourceMetadata struct {
	Annotations members[scalar]     `score:"annotations"`
	Others      members[*tree.Node] `score:"*"`
}

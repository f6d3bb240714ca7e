package contract

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// operating is what whoever operates a platform sees of an app and does to it.
func operating() *Chapter {
	return &Chapter{Name: "operating", Title: "Operating", Scenes: []Scene{shown(), identity(), scale(), logs()}}
}

func shown() Scene {
	return Scene{
		Concept: "labels, annotations",
		Spec: `
labels: {team: storefront}
workloads:
  labelled:
    labels: {tier: front}
    annotations: {owner: "team@example.com"}
`,
		Rows: []Row{
			{Name: "labels", Says: "Whoever operates the platform sees the labels of the app and of the workload.", Facts: []string{"labels", "workloads.labelled.labels"},
				Check: func(o *Observer) {
					labels := o.labels("labelled")
					o.Equal("labels", []string{labels["team"], labels["tier"]}, []string{"storefront", "front"})
				}},
			{Name: "annotations", Says: "Whoever operates the platform sees the annotations of the workload.", Facts: []string{"workloads.labelled.annotations"},
				Check: func(o *Observer) { o.Equal("owner", o.labels("labelled")["owner"], "team@example.com") },
				Otherwise: map[string]Otherwise{"compose": differs("this Engine is older than 24, and leaves them out", func(o *Observer) {
					_, there := o.labels("labelled")["owner"]
					o.True(!there, "the owner is seen")
				})}},
		},
	}
}

func (o *Observer) labels(workload string) map[string]string {
	labels, err := o.Platform.Labels(o.Deployment, o.Instance(workload))
	if err != nil {
		o.Fail("%v", err)
	}
	return labels
}

func identity() Scene {
	return Scene{
		Concept: "serviceAccount, priority",
		Spec: `
workloads:
  nameless: {}
  named: {serviceAccount: teller}
  first: {priority: 70}
  last: {priority: 30}
`,
		Rows: []Row{
			{Name: "service-account-none", Says: "Without a service account the process is given nothing by which the platform would know it.", Facts: []string{"workloads.nameless.image"},
				Check: func(o *Observer) { o.Equal("accounts", o.accounts("nameless"), []string{}) }},
			{Name: "service-account", Says: "The process is known to the platform as the service account that is said: it is given a token of that name.", Facts: []string{"workloads.named.serviceAccount"},
				Check: func(o *Observer) { o.Equal("accounts", o.accounts("named"), []string{"teller"}) }},
			{Name: "priority", Says: "The platform ranks a workload above another whose priority is lower. Who is sent away where there is not room for all is not tried.",
				Facts: []string{"workloads.first.priority", "workloads.last.priority"},
				Check: func(o *Observer) {
					first, err := o.Platform.Rank(o.Deployment, "first")
					if err != nil {
						o.Fail("%v", err)
					}
					last, err := o.Platform.Rank(o.Deployment, "last")
					o.True(err == nil && first > last, "the ranks are %d and %d %v", first, last, err)
				}},
		},
	}
}

// accounts are the names in the tokens that a process finds at the places where platforms put them.
func (o *Observer) accounts(workload string) []string {
	names := []string{}
	o.Report(workload) // it runs, so that a file that is not there is no accident
	for _, path := range []string{"/var/run/secrets/kubernetes.io/serviceaccount/token", "/secrets/nomad_token"} {
		parts := strings.Split(o.Stat(workload, path).Text(), ".")
		if len(parts) != 3 {
			continue
		}
		var claims struct{ Sub string }
		text, err := base64.RawURLEncoding.DecodeString(parts[1])
		o.True(err == nil && json.Unmarshal(text, &claims) == nil, "the token at %s cannot be read", path)
		names = append(names, claims.Sub[strings.LastIndex(claims.Sub, ":")+1:])
	}
	return names
}

func scale() Scene {
	return Scene{
		Concept: "scale",
		Spec: `
workloads:
  scaled: {scale: {min: 2, max: 3, cpu: 70, memory: 80}}
`,
		Rows: []Row{
			{Name: "scale-min", Says: "At least the smallest number of replicas runs, whatever is known of the load.", Facts: []string{"workloads.scaled.scale.min"},
				Check: func(o *Observer) {
					o.Eventually(90*time.Second, "two run", func() bool { return len(o.Instances("scaled")) >= 2 })
				},
				Otherwise: map[string]Otherwise{
					"compose": unseen("that no more than these run"), "swarm": unseen("that no more than these run"), "nomad": unseen("that nothing measures the load"),
				}},
			{Name: "scale-max", Says: "No more replicas than the largest number stay, whoever asks for them.", Facts: []string{"workloads.scaled.scale.max"},
				Check: func(o *Observer) {
					o.Eventually(90*time.Second, "two run", func() bool { return len(o.Instances("scaled")) >= 2 })
					refused := o.Platform.Scale(o.Deployment, "scaled", 5)
					if refused == nil {
						time.Sleep(40 * time.Second)
					}
					o.True(len(o.Instances("scaled")) <= 3, "%d run", len(o.Instances("scaled")))
				},
				Otherwise: map[string]Otherwise{"nomad": unseen("that nothing measures the load")}},
		},
	}
}

func logs() Scene {
	return Scene{
		Concept: "log",
		Spec: `
workloads:
  talker: {log: {driver: json-file, options: {max-size: 20k, max-file: "2"}}}
`,
		Rows: []Row{
			{Name: "log-rotation", Says: "Of what a process writes no more is kept than the options of its log say, and the last of it.", Facts: []string{"workloads.talker.log"},
				Check: func(o *Observer) {
					kept, written := o.talked()
					o.True(kept < written/4, "%d of %d lines are kept", kept, written)
				},
				Otherwise: map[string]Otherwise{"nomad": differs("the agent keeps a copy of its own", func(o *Observer) {
					kept, written := o.talked()
					o.True(kept > written/4, "%d of %d lines are kept", kept, written)
				})}},
		},
	}
}

// talked has the talker write lines of 100 bytes, bit by bit so that whoever reads them keeps pace, and counts what is kept.
func (o *Observer) talked() (kept, written int) {
	const part, parts = 200, 15
	for range parts {
		o.Tell("talker", fmt.Sprintf("/say?lines=%d", part))
		time.Sleep(300 * time.Millisecond)
	}
	o.Eventually(30*time.Second, "the last line is there", func() bool {
		lines := strings.Split(strings.TrimSpace(o.Output("talker", "")), "\n")
		kept = len(lines)
		return strings.HasPrefix(lines[kept-1], fmt.Sprintf("%08d .", part))
	})
	return kept, part * parts
}

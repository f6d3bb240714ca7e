package contract

import (
	"fmt"
	"regexp"
	"strings"
)

// Steps are the shell lines of docs/deploy.md, by platform and step: "compose apply".
type Steps map[string]string

var block = regexp.MustCompile("(?s)<!-- run: ([a-z]+ [a-z]+) -->\n+```console\n(.*?)```")

// ReadSteps takes the lines out of the document: those that begin with "$ " in the blocks that are marked as run.
func ReadSteps(document string) Steps {
	steps := Steps{}
	for _, m := range block.FindAllStringSubmatch(document, -1) {
		var script []string
		for line := range strings.Lines(m[2]) {
			if command, found := strings.CutPrefix(line, "$ "); found {
				script = append(script, strings.TrimRight(command, "\n"))
			} else if command, found := strings.CutPrefix(line, "> "); found {
				script = append(script, strings.TrimRight(command, "\n"))
			}
		}
		steps[m[1]] = strings.Join(script, "\n")
	}
	return steps
}

// For returns the lines of one step for another app than the document's, which is called shop and has no stages.
func (s Steps) For(platform, step, app, stage string) (string, error) {
	script, found := s[platform+" "+step]
	if !found {
		return "", fmt.Errorf("docs/deploy.md has no lines for %s %s", platform, step)
	}
	name := app
	if stage != "" && platform == "swarm" { // a stack has no stage but in its name
		name += "-" + stage
	}
	script = regexp.MustCompile(`\bshop\b`).ReplaceAllString(script, name)
	if stage != "" {
		script = strings.ReplaceAll(script, "deploy/"+platform, "deploy/"+stage+"/"+platform)
		script = strings.ReplaceAll(script, "decamp compile", "decamp compile -s "+stage)
	}
	// no registry can be asked here, and the kernel may lack IPVS
	script = strings.ReplaceAll(script, "docker stack deploy ", "docker stack deploy --resolve-image never ")
	script = strings.ReplaceAll(script, "-t swarm -o deploy", "-t swarm --optimize default,host-ports,dns-round-robin -o deploy")
	return strings.ReplaceAll(script, "-o deploy", "-o deploy --allow-loss all"), nil
}

package diag

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// printGitHub writes one workflow command for each finding.
func printGitHub(w io.Writer, l List, o PrintOptions) error {
	out := bufio.NewWriter(w)
	for _, d := range l {
		var properties []string
		add := func(name, value string) {
			properties = append(properties, name+"="+escapeProperty(value))
		}
		if !d.Subject.IsZero() {
			add("file", o.fileName(d.Subject.Name()))
			if start, end := d.Subject.Start, d.Subject.End; !start.IsZero() {
				add("line", fmt.Sprint(start.Line))
				add("col", fmt.Sprint(start.Column))
				if !end.IsZero() {
					add("endLine", fmt.Sprint(end.Line))
				}
				// The annotation is refused with an end column in another line.
				if end.Line == start.Line && end.Column > start.Column {
					add("endColumn", fmt.Sprint(end.Column))
				}
			}
		}
		title := string(d.Code)
		if d.Target != "" {
			title += " (" + d.Target + ")"
		}
		add("title", title)
		fmt.Fprintf(out, "::%s %s::%s\n", gitHubCommand(d.Severity), strings.Join(properties, ","), escapeData(gitHubMessage(d)))
	}
	return out.Flush()
}

func gitHubCommand(s Severity) string {
	switch s {
	case Warning:
		return "warning"
	case Note:
		return "notice"
	}
	return "error"
}

func gitHubMessage(d Diagnostic) string {
	message := d.Summary
	if d.Path != "" {
		message += " (" + d.Path + ")"
	}
	if d.Detail != "" {
		message += "\n" + d.Detail
	}
	if d.Fix != nil {
		message += "\nhelp: " + d.Fix.Message
	}
	return message
}

// escapeData escapes the message of a workflow command.
func escapeData(text string) string {
	return strings.NewReplacer("%", "%25", "\n", "%0A", "\r", "%0D").Replace(visibleLines(text))
}

// escapeProperty escapes the value of a workflow command's property.
func escapeProperty(text string) string {
	return strings.NewReplacer("%", "%25", "\n", "%0A", "\r", "%0D", ":", "%3A", ",", "%2C").Replace(visible(text))
}

package support

import "github.com/decamp-dev/decamp/compiler/diag"

// Codes describes the findings of this package: what a platform makes of facts.
func Codes() []diag.Entry {
	return []diag.Entry{
		{Code: CodeDropped, Title: "The platform cannot do this",
			Doc: "What the spec says has no counterpart there and is not in the output. It is an error where the app would break, lose data, isolation or a secret's protection; a warning where only running it suffers. An accept entry in the platform section, with its reason, or --allow-loss turns it into a note."},
		{Code: CodeApproximated, Title: "The platform does something similar", Doc: "The output behaves differently in the way that the message states. --strict makes it an error."},
		{Code: CodeEmulated, Title: "The platform does it by other means", Doc: "The behaviour is the same; the message says what was added to get it."},
		{Code: CodePlatformOnly, Title: "Another platform gets something that this one does not", Doc: "A patch or object of the platform section belongs to one platform. The entry says why it is there and what to do when leaving."},
		{Code: CodeNoRow, Title: "A backend has not decided what becomes of a fact", Doc: "A defect of the backend: every kind of fact needs a row in its table."},
	}
}

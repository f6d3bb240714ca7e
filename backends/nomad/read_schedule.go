package nomad

import (
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
)

// schedule reads when a periodic job is started.
func (r *reader) schedule(g *sourceGroup, periodic *document.Value) {
	var specs []*document.Value
	if v := periodic.Get("cron"); v != nil {
		specs = append(specs, v)
	}
	specs = append(specs, or(periodic.Get("crons")).Items...)
	if len(specs) == 0 {
		return
	}
	at := g.path() + ".schedule"
	cron, exact := fiveFields(specs[0].Text)
	if len(specs) > 1 || !exact {
		r.report(diag.Warning, CodeSchedule, r.whereOf(periodic), at, "the schedule is more than five fields can say",
			"The ledger keeps it for Nomad. Elsewhere the job is started by its first line, without seconds and years: "+cron+".")
	}
	if cron == "" {
		return
	}
	g.workload.Kind = ir.Cron
	s := &ir.Schedule{Cron: cron, Timezone: textOf(periodic.Get("time_zone"), "")}
	switch textOf(periodic.Get("prohibit_overlap"), "") {
	case "true":
		s.Overlap = "forbid"
	case "false":
		s.Overlap = "allow"
	}
	s.Suspend = textOf(periodic.Get("enabled"), "true") == "false"
	g.workload.Schedule = s
	r.said(at, periodic)
	r.saidText(at+".cron", specs[0])
	r.saidText(at+".timezone", periodic.Get("time_zone"))
}

// namedSchedules are those that have a name.
var namedSchedules = map[string]string{
	"@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
}

// cronField is what five fields may be made of.
var cronField = pattern.New(`^(\*|[0-9A-Za-z]+(-[0-9A-Za-z]+)?)(/[1-9][0-9]*)?(,(\*|[0-9A-Za-z]+(-[0-9A-Za-z]+)?)(/[1-9][0-9]*)?)*$`)

// fiveFields brings a schedule into five fields, "" when that cannot be. With six,
// the last is the year; with seven, the first is the second.
func fiveFields(spec string) (cron string, exact bool) {
	if named := namedSchedules[strings.ToLower(strings.TrimSpace(spec))]; named != "" {
		return named, true
	}
	fields := strings.Fields(spec)
	exact = true
	switch len(fields) {
	case 7:
		exact = fields[0] == "0" && fields[6] == "*"
		fields = fields[1:6]
	case 6:
		exact = fields[5] == "*"
		fields = fields[:5]
	case 5:
	default:
		return "", false
	}
	for i, f := range fields {
		if f == "?" {
			f, fields[i] = "*", "*"
		}
		if !cronField().MatchString(f) || !cronBounds(i, f) {
			return "", false
		}
	}
	return strings.Join(fields, " "), exact
}

// cronBounds checks the numbers of a field.
func cronBounds(field int, text string) bool {
	bounds := [5][2]int{{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 7}}[field]
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '-' }) {
		part, _, _ = strings.Cut(part, "/")
		if part == "*" {
			continue
		}
		n, numeric := intOf(document.String(part))
		if !numeric {
			if field < 3 || !slices.Contains(strings.Fields("jan feb mar apr may jun jul aug sep oct nov dec sun mon tue wed thu fri sat"), strings.ToLower(part)) {
				return false
			}
			continue
		}
		if n < bounds[0] || n > bounds[1] {
			return false
		}
	}
	return true
}

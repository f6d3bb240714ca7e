package backendtest

import (
	"reflect"
	"strconv"

	"github.com/decamp-dev/decamp/compiler/ir"
)

var textType = reflect.TypeFor[ir.Text]()

// othersByType returns other values of a leaf that needs no particular form.
func othersByType(p *place, old reflect.Value) []any {
	switch v := old.Interface().(type) {
	case *ir.Command:
		return otherCommands(p, v)
	case *ir.Duration:
		return []any{*v*2 + 60e9, *v / 5}
	case ir.Duration:
		return []any{v*2 + 60e9, v / 2 / 1e9 * 1e9}
	case ir.Bytes:
		return []any{v*2 + 64<<20, v / 2}
	case ir.CPU:
		return []any{v*2 + 500, v / 2, v * 3 / 2}
	case *ir.FileMode:
		return []any{*v ^ 0o044, *v ^ 0o200}
	case ir.Amount:
		if v.Percent { // far enough that a count of few replicas changes, too
			return []any{ir.Amount{Value: min(100, v.Value+45), Percent: true}, ir.Amount{Value: 3}}
		}
		return []any{ir.Amount{Value: v.Value + 1}, ir.Amount{Value: 90, Percent: true}}
	case []string:
		return otherLists(p, v)
	case []int64:
		return []any{append(append([]int64{}, v...), 9000), []int64{9001}}
	case string:
		return []any{otherString(v)}
	}
	switch old.Kind() {
	case reflect.Pointer: // of a number
		n := old.Elem().Int()
		return []any{n + 1, n * 2, int64(0)}
	case reflect.Int, reflect.Int64:
		n := old.Int()
		return []any{n + n/2 + 1, n - 1, n * 2, n / 2}
	}
	return nil // a bool has no other value than to be absent
}

// otherString keeps numbers numbers and paths paths.
func otherString(s string) string {
	if n, err := strconv.Atoi(s); err == nil {
		return strconv.Itoa(n + 1)
	}
	return s + "x"
}

func otherLists(p *place, old []string) []any {
	word := listWords[p.kind]
	if word == "" {
		word = "changed"
	}
	lists := []any{append(append([]string{}, old...), word)}
	if len(old) > 1 {
		return append(lists, old[:len(old)-1])
	}
	return append(lists, []string{word})
}

// listWords are elements that fit where not every word does.
var listWords = map[string]string{
	"container.build.platforms":            "linux/s390x",
	"container.security.capabilities.add":  "SYS_TIME",
	"container.security.capabilities.drop": "SETUID",
	"workload.placement.spread":            "rack",
}

func otherCommands(p *place, old *ir.Command) []any {
	longer := &ir.Command{Words: append(append([]ir.Text{}, old.Words...), ir.Literal("changed word"))}
	commands := []any{longer}
	if len(old.Words) > 0 {
		first := &ir.Command{Words: append([]ir.Text{ir.Literal("/changed")}, old.Words[1:]...)}
		commands = append(commands, first)
	}
	return commands
}

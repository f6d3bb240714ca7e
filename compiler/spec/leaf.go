package spec

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/mattn/go-shellwords"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// leaf decodes a scalar, a list of scalars, a text or a command.
func (d *decoder) leaf(n *tree.Node, v reflect.Value, f *ir.Field) {
	switch v.Addr().Interface().(type) {
	case *ir.Text:
		v.Set(reflect.ValueOf(d.text(n)))
		return
	case **ir.Command:
		if c := d.command(n, f.Key == "exec"); c != nil {
			v.Set(reflect.ValueOf(c))
		}
		return
	case **ir.Value, *[]*ir.Value:
		return // of platform entries, which are decoded apart
	}
	if v.Kind() == reflect.Slice {
		d.scalars(n, v, f)
		return
	}
	text, ok := d.constant(n)
	if !ok {
		return
	}
	if err := setScalar(v, text, n, f); err != nil {
		d.fail(CodeBadValue, n, err.Error(), exampleOf(f)+didYouMean(text, f.Enum))
	}
}

func (d *decoder) scalars(n *tree.Node, v reflect.Value, f *ir.Field) {
	if n.Kind != tree.Sequence {
		d.fail(CodeWrongType, n, fmt.Sprintf("a %s stands where a list belongs", n.Kind), exampleOf(f))
		return
	}
	items := reflect.MakeSlice(v.Type(), len(n.Items), len(n.Items))
	for i, item := range n.Items {
		d.push(fmt.Sprintf("[%d]", i))
		if text, ok := d.constant(item); ok {
			if err := setScalar(items.Index(i), text, item, f); err != nil {
				d.fail(CodeBadValue, item, err.Error(), exampleOf(f))
			}
		}
		d.pop()
	}
	v.Set(items)
}

// text decodes a string that may refer to secrets, workloads and the like.
func (d *decoder) text(n *tree.Node) ir.Text {
	if !n.Kind.IsScalar() {
		d.fail(CodeWrongType, n, fmt.Sprintf("a %s stands where a string belongs", n.Kind), "")
		return nil
	}
	if n.IsNull() {
		return ir.Literal("")
	}
	text, err := d.expand.parse(n.Value)
	if err != nil {
		d.fail(err.code, n, err.summary, err.detail)
	}
	return text
}

// constant decodes a string that may refer to vars and to the stage only.
func (d *decoder) constant(n *tree.Node) (string, bool) {
	if !n.Kind.IsScalar() || n.IsNull() {
		d.fail(CodeWrongType, n, fmt.Sprintf("a %s stands where a single value belongs", n.Kind), "")
		return "", false
	}
	if !strings.Contains(n.Value, "$") {
		return n.Value, true
	}
	text, err := d.expand.parse(n.Value)
	if err != nil {
		d.fail(err.code, n, err.summary, err.detail)
		return "", false
	}
	s, plain := text.Plain()
	if !plain {
		d.fail(CodeMisplacedRef, n, "${"+text.Refs()[0].String()+"} cannot stand here", "Only env, entrypoint, args and templates of configs can hold values that are known when the app runs. Here vars and the stage can be referred to.")
		return "", false
	}
	return s, true
}

// command decodes an argument vector. A string is split into words as a shell
// would; where shell is true it is run by one.
func (d *decoder) command(n *tree.Node, shell bool) *ir.Command {
	switch {
	case n.Kind == tree.Sequence:
		c := &ir.Command{Words: make([]ir.Text, 0, len(n.Items))}
		for i, item := range n.Items {
			d.push(fmt.Sprintf("[%d]", i))
			c.Words = append(c.Words, d.text(item))
			d.pop()
		}
		return c
	case !n.Kind.IsScalar():
		d.fail(CodeWrongType, n, fmt.Sprintf("a %s stands where a command belongs", n.Kind), "A command is a list of words, or one string.")
		return nil
	case shell:
		return &ir.Command{Words: []ir.Text{ir.Literal("/bin/sh"), ir.Literal("-c"), d.text(n)}}
	}
	parser := shellwords.NewParser()
	words, err := parser.Parse(n.Value)
	switch {
	case err != nil:
		d.fail(CodeBadValue, n, "the command cannot be split into words: "+err.Error(), "Write it as a list: [first, second].")
		return nil
	case parser.Position >= 0:
		d.fail(CodeBadValue, n, "the command needs a shell, and none is added", "It has one of ; & | < >. Write [/bin/sh, -c, …] where the image has a shell, or quote the character.")
		return nil
	}
	c := &ir.Command{}
	for _, w := range words {
		text, err := d.expand.parse(w)
		if err != nil {
			d.fail(err.code, n, err.summary, err.detail)
		}
		c.Words = append(c.Words, text)
	}
	return c
}

// setScalar gives a place the value that a text stands for.
func setScalar(v reflect.Value, text string, n *tree.Node, f *ir.Field) error {
	if v.Kind() == reflect.Pointer {
		p := reflect.New(v.Type().Elem())
		v.Set(p)
		v = p.Elem()
	}
	switch p := v.Addr().Interface().(type) {
	case *ir.Bytes:
		return parseInto(p, text, ir.ParseBytes)
	case *ir.CPU:
		return parseInto(p, text, ir.ParseCPU)
	case *ir.Duration:
		return parseInto(p, text, ir.ParseDuration)
	case *ir.FileMode:
		return parseInto(p, text, ir.ParseFileMode)
	case *ir.Amount:
		return parseInto(p, text, ir.ParseAmount)
	case *ir.PortRef:
		return parseInto(p, text, parsePortRef)
	}
	switch v.Kind() {
	case reflect.String:
		if len(f.Enum) > 0 && !slices.Contains(f.Enum, text) {
			return fmt.Errorf("%q is not one of %s", text, strings.Join(f.Enum, ", "))
		}
		v.SetString(text)
	case reflect.Bool:
		if text != "true" && text != "false" {
			return fmt.Errorf("%q is not true or false", text)
		}
		v.SetBool(text == "true")
	case reflect.Int, reflect.Int64:
		i, err := strconv.ParseInt(text, 0, 64)
		if err != nil {
			return fmt.Errorf("%q is not a whole number", text)
		}
		if err := within(i, f); err != nil {
			return err
		}
		v.SetInt(i)
	default:
		return fmt.Errorf("a value of this type cannot be read")
	}
	return nil
}

func parseInto[T any](place *T, text string, parse func(string) (T, error)) error {
	value, err := parse(text)
	if err == nil {
		*place = value
	}
	return err
}

func parsePortRef(s string) (ir.PortRef, error) {
	workload, port, ok := strings.Cut(s, ".")
	if !ok || workload == "" || port == "" {
		return ir.PortRef{}, fmt.Errorf("%q is not workload.port, such as web.http", s)
	}
	return ir.PortRef{Workload: workload, Port: port}, nil
}

func within(i int64, f *ir.Field) error {
	if low, err := strconv.ParseInt(f.Min, 10, 64); err == nil && i < low {
		return fmt.Errorf("%d is less than %d", i, low)
	}
	if high, err := strconv.ParseInt(f.Max, 10, 64); err == nil && i > high {
		return fmt.Errorf("%d is more than %d", i, high)
	}
	return nil
}

package document

import "github.com/decamp-dev/decamp/compiler/ir"

// Carried turns a value of the ledger into a document. It is the platform's own text, in which nothing is a reference. nil is
// null.
func Carried(v *ir.Value) *Value {
	if v == nil {
		return Null()
	}
	switch v.Kind {
	case ir.BoolValue:
		return &Value{Kind: KindBool, Text: v.Text}
	case ir.NumberValue:
		return &Value{Kind: KindNumber, Text: v.Text}
	case ir.StringValue:
		return String(v.Text)
	case ir.ListValue:
		list := List()
		for _, item := range v.Items {
			list.Items = append(list.Items, Carried(item))
		}
		return list
	case ir.MapValue:
		m := Map()
		for _, member := range v.Members {
			m.Add(member.Key, Carried(member.Value))
		}
		return m
	}
	return Null()
}

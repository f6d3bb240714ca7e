package nomad

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/netip"
	"net/url"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	yaml "go.yaml.in/yaml/v3"
)

// unavailable are functions of Nomad whose value is another one each time, or that
// need a key: what they give cannot be part of a spec.
var unavailable = map[string]string{
	"bcrypt":      "it gives another value each time",
	"uuidv4":      "it gives another value each time",
	"timestamp":   "it gives another value each time",
	"rsadecrypt":  "it brings a secret into the open",
	"cidrsubnets": "use cidrsubnet for each of the networks",
	"fileset":     "it depends on what else lies in the folder",
	"pathexpand":  "it depends on who runs it",
	"abspath":     "it depends on where it is run",
}

// functions are those of Nomad's job files.
func (e *evaluator) functions() map[string]function.Function {
	if e.reader.functionsOf == nil {
		e.reader.functionsOf = map[string]map[string]function.Function{}
	}
	folder := e.folder()
	if known := e.reader.functionsOf[folder]; known != nil {
		return known
	}
	all := map[string]function.Function{
		"abs": stdlib.AbsoluteFunc, "ceil": stdlib.CeilFunc, "chomp": stdlib.ChompFunc, "chunklist": stdlib.ChunklistFunc,
		"coalesce": stdlib.CoalesceFunc, "coalescelist": stdlib.CoalesceListFunc, "compact": stdlib.CompactFunc, "concat": stdlib.ConcatFunc,
		"contains": stdlib.ContainsFunc, "csvdecode": stdlib.CSVDecodeFunc, "distinct": stdlib.DistinctFunc, "element": stdlib.ElementFunc,
		"flatten": stdlib.FlattenFunc, "floor": stdlib.FloorFunc, "format": stdlib.FormatFunc, "formatdate": stdlib.FormatDateFunc,
		"formatlist": stdlib.FormatListFunc, "indent": stdlib.IndentFunc, "index": stdlib.IndexFunc, "join": stdlib.JoinFunc,
		"jsondecode": stdlib.JSONDecodeFunc, "jsonencode": stdlib.JSONEncodeFunc, "keys": stdlib.KeysFunc, "length": stdlib.LengthFunc,
		"log": stdlib.LogFunc, "lookup": stdlib.LookupFunc, "lower": stdlib.LowerFunc, "max": stdlib.MaxFunc, "merge": stdlib.MergeFunc,
		"min": stdlib.MinFunc, "parseint": stdlib.ParseIntFunc, "pow": stdlib.PowFunc, "range": stdlib.RangeFunc, "reverse": stdlib.ReverseListFunc,
		"replace": stdlib.ReplaceFunc, "regex_replace": stdlib.RegexReplaceFunc, "setintersection": stdlib.SetIntersectionFunc,
		"setproduct": stdlib.SetProductFunc, "setunion": stdlib.SetUnionFunc, "signum": stdlib.SignumFunc, "slice": stdlib.SliceFunc,
		"sort": stdlib.SortFunc, "split": stdlib.SplitFunc, "strlen": stdlib.StrlenFunc, "strrev": stdlib.ReverseFunc, "substr": stdlib.SubstrFunc,
		"timeadd": stdlib.TimeAddFunc, "title": stdlib.TitleFunc, "trim": stdlib.TrimFunc, "trimprefix": stdlib.TrimPrefixFunc,
		"trimspace": stdlib.TrimSpaceFunc, "trimsuffix": stdlib.TrimSuffixFunc, "upper": stdlib.UpperFunc, "values": stdlib.ValuesFunc,
		"zipmap": stdlib.ZipmapFunc, "try": tryfunc.TryFunc, "can": tryfunc.CanFunc,
		"convert": typeexpr.ConvertFunc,

		"base64encode": textFunction(func(s string) (string, error) { return base64.StdEncoding.EncodeToString([]byte(s)), nil }),
		"base64decode": textFunction(base64decode),
		"md5":          digest(func(b []byte) []byte { s := md5.Sum(b); return s[:] }),
		"sha1":         digest(func(b []byte) []byte { s := sha1.Sum(b); return s[:] }),
		"sha256":       digest(func(b []byte) []byte { s := sha256.Sum256(b); return s[:] }),
		"sha512":       digest(func(b []byte) []byte { s := sha512.Sum512(b); return s[:] }),
		"urlencode":    textFunction(func(s string) (string, error) { return url.QueryEscape(s), nil }),
		"basename":     textFunction(func(s string) (string, error) { return path.Base(s), nil }),
		"dirname":      textFunction(func(s string) (string, error) { return path.Dir(s), nil }),
		"yamlencode":   yamlEncode,
		"yamldecode":   yamlDecode,
		"cidrhost":     cidrHost,
		"cidrnetmask":  textFunction(cidrNetmask),
		"cidrsubnet":   cidrSubnet,
		"file":         textFunction(e.readText),
		"filebase64": textFunction(func(name string) (string, error) {
			data, err := e.readFile(name)
			return base64.StdEncoding.EncodeToString(data), err
		}),
		"fileexists": e.fileExists(),
		"uuidv5":     uuidv5,
	}
	for name, why := range unavailable {
		if _, there := all[name]; !there {
			all[name] = refused(name, why)
		}
	}
	e.reader.functionsOf[folder] = all
	return all
}

// refused is a function that says why it is not there.
func refused(name, why string) function.Function {
	return function.New(&function.Spec{
		VarParam: &function.Parameter{Name: "arguments", Type: cty.DynamicPseudoType, AllowNull: true, AllowDynamicType: true},
		Type: func([]cty.Value) (cty.Type, error) {
			return cty.DynamicPseudoType, fmt.Errorf("the function %s cannot be read: %s; write its result, or give it by a variable", name, why)
		},
	})
}

// textFunction makes a function of one text.
func textFunction(f func(string) (string, error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "text", Type: cty.String}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			s, err := f(args[0].AsString())
			return cty.StringVal(s), err
		},
	})
}

func digest(sum func([]byte) []byte) function.Function {
	return textFunction(func(s string) (string, error) { return hex.EncodeToString(sum([]byte(s))), nil })
}

func base64decode(s string) (string, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err == nil && !utf8.Valid(b) {
		err = fmt.Errorf("what is encoded is no text")
	}
	return string(b), err
}

func (e *evaluator) readFile(name string) ([]byte, error) {
	if path.IsAbs(name) {
		return nil, fmt.Errorf("%s is outside of the folder of the job files", name)
	}
	for _, at := range []string{path.Join(e.folder(), name), path.Clean(name)} {
		if data, err := fs.ReadFile(e.reader.source.FS, at); err == nil {
			return data, nil
		}
	}
	return nil, fmt.Errorf("%s is not there", name)
}

func (e *evaluator) readText(name string) (string, error) {
	data, err := e.readFile(name)
	if err == nil && !utf8.Valid(data) {
		err = fmt.Errorf("%s is no text", name)
	}
	return string(data), err
}

func (e *evaluator) fileExists() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "path", Type: cty.String}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			_, err := e.readFile(args[0].AsString())
			return cty.BoolVal(err == nil), nil
		},
	})
}

var yamlEncode = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "value", Type: cty.DynamicPseudoType, AllowNull: true}},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		data, err := yaml.Marshal(plainValue(args[0]))
		return cty.StringVal(string(data)), err
	},
})

var yamlDecode = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "text", Type: cty.String}},
	Type: func(args []cty.Value) (cty.Type, error) {
		v, err := decodeYAML(args[0])
		return v.Type(), err
	},
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return decodeYAML(args[0]) },
})

func decodeYAML(v cty.Value) (cty.Value, error) {
	var out any
	if err := yaml.Unmarshal([]byte(v.AsString()), &out); err != nil {
		return cty.DynamicVal, err
	}
	return ctyOf(out), nil
}

func ctyOf(v any) cty.Value {
	switch v := v.(type) {
	case nil:
		return cty.NullVal(cty.DynamicPseudoType)
	case bool:
		return cty.BoolVal(v)
	case int:
		return cty.NumberIntVal(int64(v))
	case float64:
		return cty.NumberFloatVal(v)
	case []any:
		var items []cty.Value
		for _, item := range v {
			items = append(items, ctyOf(item))
		}
		return cty.TupleVal(items)
	case map[string]any:
		fields := map[string]cty.Value{}
		for key, item := range v {
			fields[key] = ctyOf(item)
		}
		return cty.ObjectVal(fields)
	}
	return cty.StringVal(fmt.Sprint(v))
}

// plainValue turns a value of HCL into one that encoders know.
func plainValue(v cty.Value) any {
	switch {
	case v.IsNull():
		return nil
	case v.Type() == cty.String:
		return v.AsString()
	case v.Type() == cty.Bool:
		return v.True()
	case v.Type() == cty.Number:
		if n, accuracy := v.AsBigFloat().Int64(); accuracy == 0 {
			return n
		}
		f, _ := v.AsBigFloat().Float64()
		return f
	case v.Type().IsObjectType() || v.Type().IsMapType():
		out := map[string]any{}
		for it := v.ElementIterator(); it.Next(); {
			key, item := it.Element()
			out[key.AsString()] = plainValue(item)
		}
		return out
	}
	out := []any{}
	for it := v.ElementIterator(); it.Next(); {
		_, item := it.Element()
		out = append(out, plainValue(item))
	}
	return out
}

// uuidv5 names a text within a namespace: RFC 9562, section 5.5.
var uuidv5 = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "namespace", Type: cty.String}, {Name: "name", Type: cty.String}},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		space := args[0].AsString()
		if known := map[string]string{"dns": "0", "url": "1", "oid": "2", "x500": "4"}[space]; known != "" {
			space = "6ba7b81" + known + "-9dad-11d1-80b4-00c04fd430c8"
		}
		raw, err := hex.DecodeString(strings.ReplaceAll(space, "-", ""))
		if err != nil || len(raw) != 16 {
			return cty.NilVal, fmt.Errorf("%s is no namespace: dns, url, oid, x500 or a UUID", args[0].AsString())
		}
		sum := sha1.Sum(append(raw, args[1].AsString()...))
		sum[6], sum[8] = sum[6]&0x0f|0x50, sum[8]&0x3f|0x80
		u := hex.EncodeToString(sum[:16])
		return cty.StringVal(u[:8] + "-" + u[8:12] + "-" + u[12:16] + "-" + u[16:20] + "-" + u[20:]), nil
	},
})

var cidrHost = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "prefix", Type: cty.String}, {Name: "number", Type: cty.Number}},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		prefix, err := netip.ParsePrefix(args[0].AsString())
		n, _ := args[1].AsBigFloat().Int64()
		if err != nil || n < 0 || n > 1<<20 {
			return cty.NilVal, fmt.Errorf("no host %d in %s", n, args[0].AsString())
		}
		address := prefix.Masked().Addr()
		for range n {
			address = address.Next()
		}
		if !prefix.Contains(address) {
			return cty.NilVal, fmt.Errorf("%s has no host %d", prefix, n)
		}
		return cty.StringVal(address.String()), nil
	},
})

func cidrNetmask(s string) (string, error) {
	prefix, err := netip.ParsePrefix(s)
	if err != nil || !prefix.Addr().Is4() {
		return "", fmt.Errorf("%s is no IPv4 prefix", s)
	}
	mask := ^uint32(0) << (32 - prefix.Bits())
	if prefix.Bits() == 0 {
		mask = 0
	}
	return netip.AddrFrom4([4]byte{byte(mask >> 24), byte(mask >> 16), byte(mask >> 8), byte(mask)}).String(), nil
}

var cidrSubnet = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "prefix", Type: cty.String}, {Name: "bits", Type: cty.Number}, {Name: "number", Type: cty.Number}},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		prefix, err := netip.ParsePrefix(args[0].AsString())
		bits, _ := args[1].AsBigFloat().Int64()
		n, _ := args[2].AsBigFloat().Int64()
		if err != nil || !prefix.Addr().Is4() || bits < 0 || int64(prefix.Bits())+bits > 32 || n < 0 || n >= 1<<bits {
			return cty.NilVal, fmt.Errorf("no such network in %s", args[0].AsString())
		}
		length := prefix.Bits() + int(bits)
		raw := prefix.Masked().Addr().As4()
		value := uint32(raw[0])<<24 | uint32(raw[1])<<16 | uint32(raw[2])<<8 | uint32(raw[3])
		value |= uint32(n) << (32 - length)
		address := netip.AddrFrom4([4]byte{byte(value >> 24), byte(value >> 16), byte(value >> 8), byte(value)})
		return cty.StringVal(netip.PrefixFrom(address, length).String()), nil
	},
})

package document

// flowLine prints a list or map on the rest of the line, and reports false,
// with nothing printed, where it does not fit or cannot be written so.
func (p *yamlPrinter) flowLine(v *Value) bool {
	start := len(p.buf)
	line := start
	for line > 0 && p.buf[line-1] != '\n' {
		line--
	}
	p.buf = append(p.buf, ' ')
	if v.Kind.Scalar() || !p.flow(v, 0) || len(p.buf)-line > p.o.FlowWidth {
		p.buf = p.buf[:start]
		return false
	}
	p.buf = append(p.buf, '\n')
	return true
}

// flow appends a value in flow style. Values with comments or anchors, and
// whatever would fail, are left to the block style.
func (p *yamlPrinter) flow(v *Value, depth int) bool {
	if v == nil || v.Alias != "" || depth > 0 && (v.Anchor != "" || v.Comment != "") || depth > 4 {
		return false
	}
	switch v.Kind {
	case KindList:
		p.buf = append(p.buf, '[')
		for i, item := range v.Items {
			if i > 0 {
				p.buf = append(p.buf, ", "...)
			}
			if !p.flow(item, depth+1) {
				return false
			}
		}
		p.buf = append(p.buf, ']')
		return true
	case KindMap:
		return p.flowMap(v, depth)
	case KindString:
		var ok bool
		p.buf, ok = appendFlowString(p.buf, v.Text)
		return ok
	}
	var err error
	p.buf, err = appendScalar(p.buf, v, 0)
	return err == nil
}

func (p *yamlPrinter) flowMap(v *Value, depth int) bool {
	if _, twice := duplicateKey(v.Members); twice {
		return false
	}
	p.buf = append(p.buf, '{')
	for i := range v.Members {
		m := &v.Members[i]
		if m.Comment != "" || len(m.Key) > implicitKeySize/8 {
			return false
		}
		if i > 0 {
			p.buf = append(p.buf, ", "...)
		}
		var ok bool
		if p.buf, ok = appendKey(p.buf, m.Key, true); !ok {
			return false
		}
		p.buf = append(p.buf, ": "...)
		if !p.flow(m.Value, depth+1) {
			return false
		}
	}
	p.buf = append(p.buf, '}')
	return true
}

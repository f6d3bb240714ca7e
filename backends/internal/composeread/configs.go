package composeread

import (
	"path"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// foreignConfig reports a config whose content the files do not give.
func (r *reader) foreignConfig(name string) bool {
	all, _ := r.model.m["configs"].(model)
	m, _ := all[name].(model)
	if m["template_driver"] != nil && r.dialect.Stack != nil && r.configParts(name) == nil {
		return true // only the node knows it
	}
	return m["file"] == nil && m["content"] == nil && m["environment"] == nil
}

func (r *reader) configs() {
	r.eachObject("configs", func(name, label, at string, f *fields) {
		c := ir.Config{}
		r.configName(name, f)
		if r.own != nil && len(r.ownLabels(f)) > 0 {
			f.keep("labels")
		}
		if text, ok := r.templateConfig(name); ok {
			c.Content = text
			f.take("file")
			f.take("template_driver")
			r.positions.Set(at+".text", f.at("file").node())
			r.app.Configs = append(r.app.Configs, ir.Item[ir.Config]{Key: label, Value: c})
			return
		}
		switch {
		case r.foreignConfig(name):
			r.topRest = append(r.topRest, carriedPart{"configs", model{name: f.m}, f.place})
			for key := range f.m {
				f.take(key)
			}
			what := "a config exists elsewhere: "
			if f.m["template_driver"] != nil && f.m["file"] != nil {
				what = "a config is a template, which the node fills in: "
			}
			r.report(diag.Warning, r.dialect.Codes.Config, f.place, "", what+name, "Its content is not in the files. It stays as it is for "+r.dialect.Title+"; give its content as a config of the spec for other platforms.")
			return
		case f.m["content"] != nil:
			c.Content = r.variables.text(f.text("content"))
			r.set(at+".text", f.at("content"), "")
		case f.m["file"] != nil:
			file := f.text("file")
			data, err := r.data(path.Join(r.folder, file))
			if err != nil {
				r.report(diag.Warning, codeFileMissing, f.at("file"), at, "the file of a config is missing: "+file, "The config is empty in what is read. The entry stays as it is for "+r.dialect.Title+".")
				f.keep("file")
				r.carryNull(f, "content")
			}
			if err == nil {
				c.Origin = r.local(file)
			}
			c.Content = ir.Literal(string(data))
			r.positions.Set(at+".file", f.at("file").node())
		case f.m["environment"] != nil:
			c.Content = r.configVariable(at, f)
		}
		r.app.Configs = append(r.app.Configs, ir.Item[ir.Config]{Key: label, Value: c})
	})
}

// configVariable reads a config whose content is a variable.
func (r *reader) configVariable(at string, f *fields) ir.Text {
	name := f.text("environment")
	r.positions.Set(at+".text", f.at("environment").node())
	if namesSecret(name) && !r.source.Bake {
		return ir.Text{{Ref: ir.Ref{Kind: ir.RefSecret, Name: r.variables.secret(r, name)}}}
	}
	value, has := r.variables.lookup(r)(name)
	if set, there := r.variables.set[name]; !has && there { // the config is that of an included file
		value, has = set.value, true
	}
	if !r.source.Bake {
		r.reading.Expressions[at+".text"] = r.variables.variable(r, name, value, has)
	}
	if !has {
		r.variables.open = append(r.variables.open, name)
		r.variables.places[name] = f.at("environment").node()
	}
	return ir.Literal(value)
}

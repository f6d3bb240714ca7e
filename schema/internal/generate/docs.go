package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"strings"
)

// docComments reads the doc comments of types ("Workload") and of their fields
// ("Workload.Replicas") from the Go files of a folder.
func docComments(folder string) (map[string]string, error) {
	notTest := func(info fs.FileInfo) bool { return !strings.HasSuffix(info.Name(), "_test.go") }
	packages, err := parser.ParseDir(token.NewFileSet(), folder, notTest, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	docs := map[string]string{}
	for _, p := range packages {
		ast.Inspect(p, func(n ast.Node) bool {
			declaration, ok := n.(*ast.GenDecl)
			if !ok {
				return true
			}
			for _, s := range declaration.Specs {
				if t, ok := s.(*ast.TypeSpec); ok {
					docs[t.Name.Name] = oneLine(declaration.Doc.Text())
					fieldComments(docs, t)
				}
			}
			return false
		})
	}
	return docs, nil
}

func fieldComments(docs map[string]string, t *ast.TypeSpec) {
	s, ok := t.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, f := range s.Fields.List {
		for _, name := range f.Names {
			docs[t.Name.Name+"."+name.Name] = oneLine(f.Doc.Text())
		}
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

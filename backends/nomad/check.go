package nomad

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/nomad/api"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
)

// Check reads the files back: HCL by HashiCorp's parser, with every name held
// against the tags of the API's types, and JSON by those types themselves.
func Check(artifacts []backend.Artifact) diag.List {
	var list diag.List
	refuse := func(path, detail string) {
		list = append(list, diag.Diagnostic{
			Severity: diag.Error, Code: CodeInvalidJob, Target: Name, Path: path,
			Summary: "Nomad's library refuses " + path, Detail: detail,
		})
	}
	for _, a := range artifacts {
		switch {
		case strings.HasSuffix(a.Path, ".json"):
			if err := checkJSON(a.Data); err != nil {
				refuse(a.Path, err.Error()+".")
			}
		case strings.HasSuffix(a.Path, ".hcl"):
			for _, problem := range checkHCL(a) {
				refuse(a.Path, problem)
			}
		}
	}
	return list
}

func checkJSON(data []byte) error {
	var in struct{ Job *api.Job }
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&in); err != nil {
		return err
	}
	if in.Job == nil || in.Job.ID == nil {
		return fmt.Errorf("there is no job")
	}
	in.Job.Canonicalize()
	return nil
}

func checkHCL(a backend.Artifact) []string {
	f, problems := hclsyntax.ParseConfig(a.Data, a.Path, hcl.InitialPos)
	if problems.HasErrors() {
		return []string{problems.Error()}
	}
	body := f.Body.(*hclsyntax.Body)
	if strings.HasSuffix(a.Path, ".volume.hcl") {
		return nil
	}
	var found []string
	for _, block := range body.Blocks {
		if block.Type != "job" || len(block.Labels) != 1 {
			found = append(found, "a job file has no block "+block.Type)
			continue
		}
		found = append(found, names(block.Body, reflect.TypeFor[api.Job](), "job")...)
	}
	return found
}

// names returns the attributes and blocks that a type of the API does not have.
func names(body *hclsyntax.Body, t reflect.Type, path string) []string {
	fields := hclFields(t)
	var found []string
	for _, name := range slices.Sorted(maps.Keys(body.Attributes)) {
		if _, known := fields[name]; !known {
			found = append(found, fmt.Sprintf("%s has no attribute %s", path, name))
		}
	}
	for _, block := range body.Blocks {
		field, known := fields[block.Type]
		below := path + "." + block.Type
		switch {
		case !known:
			found = append(found, fmt.Sprintf("%s has no block %s", path, block.Type))
		case field.Kind() == reflect.Struct:
			found = append(found, names(block.Body, field, below)...)
		}
	}
	return found
}

// hclFields lists what a type takes in HCL: structs are entered, maps are not.
func hclFields(t reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("hcl"), ",")
		if name == "" {
			continue
		}
		below := t.Field(i).Type
		for below.Kind() == reflect.Pointer || below.Kind() == reflect.Slice || below.Kind() == reflect.Map && structure(below.Elem()) {
			below = below.Elem()
		}
		fields[name] = below
	}
	return fields
}

func structure(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct
}

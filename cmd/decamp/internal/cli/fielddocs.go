package cli

import (
	"encoding/json"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/schema"
)

// fieldDocs are the descriptions of the fields of an app, from its schemas.
type fieldDocs []schemaTypes

// schemaTypes is what is read of a schema: its types and their fields.
type schemaTypes map[string]struct {
	Description string `json:"description"`
	Properties  map[string]struct {
		Description string `json:"description"`
	} `json:"properties"`
}

func newDocs() fieldDocs {
	var docs fieldDocs
	for _, text := range [][]byte{schema.Spec(), schema.IR()} {
		var document struct {
			Types schemaTypes `json:"$defs"`
		}
		if json.Unmarshal(text, &document) == nil { // an embedded file, which the schema's test reads
			docs = append(docs, document.Types)
		}
	}
	return docs
}

// of returns the description of a kind of fact, "" when there is none.
func (d fieldDocs) of(kind ir.KindInfo) string {
	if kind.Field == nil {
		return ""
	}
	structure, _, _ := strings.Cut(kind.Field.GoName, ".")
	for _, types := range d {
		if doc := types[structure].Properties[kind.Field.Key].Description; doc != "" {
			return doc
		}
	}
	return ""
}

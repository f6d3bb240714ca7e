// Command generate writes spec.json and ir.json from the types of the IR: keys,
// words and examples from their tags, descriptions from their doc comments.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"log"
	"os"
	"path/filepath"
)

func main() {
	out := flag.String("out", ".", "folder to write the schemas to")
	sources := flag.String("sources", "../compiler/ir", "folder of the types' source, for their doc comments")
	flag.Parse()
	docs, err := docComments(*sources)
	if err != nil {
		log.Fatal(err)
	}
	for name, generate := range map[string]func(map[string]string) object{"spec.json": specSchema, "ir.json": irSchema} {
		text, err := marshal(generate(docs))
		if err == nil {
			err = os.WriteFile(filepath.Join(*out, name), text, 0o644)
		}
		if err != nil {
			log.Fatal(err)
		}
	}
}

// object is a JSON object that keeps the order of its members.
type object []member

type member struct {
	key   string
	value any
}

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := marshal(m.key)
		if err != nil {
			return nil, err
		}
		value, err := marshal(m.value)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return b.Bytes(), err
}

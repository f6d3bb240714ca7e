package tree

import (
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// maxProbe is the longest text that is read again to find where reading fails.
const maxProbe = 8 << 20

// failure is where and why the library gave up.
type failure struct {
	message string // without position
	line    int    // as the library tells it; 0 when it does not. Often the line where the enclosing value begins
	offset  int    // bytes that the library had asked for: a few behind the place itself
}

// messagePattern takes the library's messages apart.
var messagePattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^yaml: (?:line (\d+): )?((?s:.*))$`)
})

// locate finds where reading fails. The library names a line, which is off by one
// or the start of the enclosing value in many cases; so the text is read again,
// in single bytes, to see how far the library gets.
func locate(data []byte, message string) failure {
	found := failure{message: strings.TrimPrefix(message, "yaml: "), offset: -1}
	if parts := messagePattern().FindStringSubmatch(message); parts != nil {
		found.line, _ = strconv.Atoi(parts[1])
		found.message = parts[2]
	}
	if len(data) > maxProbe {
		return found
	}
	reader := &byteReader{data: data}
	decoder := yaml.NewDecoder(reader)
	for {
		var document yaml.Node
		if err := decode(decoder, &document); err != nil {
			found.offset = reader.offset
			return found
		}
	}
}

// byteReader hands out one byte at a time and counts them.
type byteReader struct {
	data   []byte
	offset int
}

func (r *byteReader) Read(into []byte) (int, error) {
	if r.offset == len(r.data) {
		return 0, io.EOF
	}
	if len(into) == 0 {
		return 0, nil
	}
	into[0] = r.data[r.offset]
	r.offset++
	return 1, nil
}

package source

import (
	"bytes"
	"sort"
)

// lineOffsets returns the byte offset of each line, finding them on first use:
// most files are read without a single finding and never need them.
func (f *File) lineOffsets() []int32 {
	f.index.Do(func() { f.lines = findLines(f.Data) })
	return f.lines
}

func findLines(data []byte) []int32 {
	lines := make([]int32, 1, bytes.Count(data, []byte{'\n'})+2)
	if bytes.IndexByte(data, '\r') < 0 {
		for offset := 0; ; {
			next := bytes.IndexByte(data[offset:], '\n')
			if next < 0 {
				return lines
			}
			offset += next + 1
			lines = append(lines, int32(offset))
		}
	}
	for i, c := range data {
		if c == '\n' || c == '\r' && (i+1 == len(data) || data[i+1] != '\n') {
			lines = append(lines, int32(i+1))
		}
	}
	return lines
}

// lineBounds returns the offsets of line n's first byte and of its line end.
func (f *File) lineBounds(n int) (start, end int, ok bool) {
	offsets := f.lineOffsets()
	if n < 1 || n > len(offsets) {
		return 0, 0, false
	}
	start, end = int(offsets[n-1]), len(f.Data)
	if n < len(offsets) {
		end = int(offsets[n])
	}
	if end > start && n < len(offsets) {
		end--
		if f.Data[end] == '\n' && end > start && f.Data[end-1] == '\r' {
			end--
		}
	}
	return start, end, true
}

// lineAt returns the line, counted from 1, that holds a byte offset.
func (f *File) lineAt(offset int) int {
	offsets := f.lineOffsets()
	return sort.Search(len(offsets), func(i int) bool { return int(offsets[i]) > offset })
}

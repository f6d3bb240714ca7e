package source

import (
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestLines(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"empty", "", []string{""}},
		{"no line end", "a", []string{"a"}},
		{"line end last", "a\n", []string{"a", ""}},
		{"several", "a\n\nb", []string{"a", "", "b"}},
		{"windows", "a\r\n\r\nb\r\n", []string{"a", "", "b", ""}},
		{"old mac", "a\rb\r", []string{"a", "b", ""}},
		{"mixed", "a\r\nb\nc\rd", []string{"a", "b", "c", "d"}},
		{"byte order mark", "\xef\xbb\xbfa\nb", []string{"a", "b"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := NewFile("f", []byte(test.text))
			var got []string
			for n := 1; n <= file.LineCount(); n++ {
				got = append(got, file.Line(n))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if file.Line(0) != "" || file.Line(file.LineCount()+1) != "" {
				t.Error("lines outside of the file are not empty")
			}
		})
	}
}

func TestPositionsAndOffsets(t *testing.T) {
	file := NewFile("f", []byte("añb\r\n日本\nx"))
	for _, test := range []struct {
		offset int
		want   Pos
	}{
		{-5, Pos{1, 1}},
		{0, Pos{1, 1}},
		{1, Pos{1, 2}},
		{3, Pos{1, 3}},
		{6, Pos{2, 1}},
		{9, Pos{2, 2}},
		{13, Pos{3, 1}},
		{14, Pos{3, 2}},
		{99, Pos{3, 2}},
	} {
		if got := file.Position(test.offset); got != test.want {
			t.Errorf("Position(%d) = %v, want %v", test.offset, got, test.want)
		}
		if want := max(0, min(test.offset, 14)); file.Offset(test.want) != want {
			t.Errorf("Offset(%v) = %d, want %d", test.want, file.Offset(test.want), want)
		}
	}
	for _, test := range []struct {
		pos  Pos
		want int
	}{
		{Pos{0, 0}, 0},
		{Pos{1, 99}, 4}, // the line's end, not the next line
		{Pos{99, 1}, 14},
	} {
		if got := file.Offset(test.pos); got != test.want {
			t.Errorf("Offset(%v) = %d, want %d", test.pos, got, test.want)
		}
	}
}

func TestRangeString(t *testing.T) {
	file := NewFile("dir/app.yaml", nil)
	for _, test := range []struct {
		r    Range
		want string
	}{
		{Range{}, ""},
		{Range{File: file}, "dir/app.yaml"},
		{Range{File: file, Start: Pos{3, 7}}, "dir/app.yaml:3:7"},
	} {
		if got := test.r.String(); got != test.want {
			t.Errorf("String() = %q, want %q", got, test.want)
		}
	}
	if !(Range{}).IsZero() || (Range{File: file}).IsZero() {
		t.Error("IsZero is wrong")
	}
}

func TestCompare(t *testing.T) {
	a, b := NewFile("a", nil), NewFile("b", nil)
	ordered := []Range{
		{},
		{File: a},
		{File: a, Start: Pos{1, 2}, End: Pos{1, 3}},
		{File: a, Start: Pos{1, 2}, End: Pos{1, 4}},
		{File: a, Start: Pos{1, 10}},
		{File: a, Start: Pos{2, 1}},
		{File: b, Start: Pos{1, 1}},
	}
	for i := range ordered {
		for j := range ordered {
			want := 0
			if i < j {
				want = -1
			} else if i > j {
				want = 1
			}
			if got := Compare(ordered[i], ordered[j]); got != want {
				t.Errorf("Compare(%v, %v) = %d, want %d", ordered[i], ordered[j], got, want)
			}
		}
	}
}

func TestEqual(t *testing.T) {
	a := Range{File: NewFile("a", []byte("x")), Start: Pos{1, 1}}
	b := Range{File: NewFile("a", []byte("x")), Start: Pos{1, 1}}
	if diff := cmp.Diff(a, b); diff != "" {
		t.Error(diff)
	}
	if cmp.Equal(a, Range{File: NewFile("a", []byte("y")), Start: Pos{1, 1}}) || cmp.Equal(a, Range{Start: Pos{1, 1}}) {
		t.Error("different files are equal")
	}
}

// TestConcurrentReaders is for the race detector.
func TestConcurrentReaders(t *testing.T) {
	file := NewFile("f", []byte("a\nb\nc\n"))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if file.LineCount() != 4 {
				t.Error("wrong number of lines")
			}
		})
	}
	group.Wait()
}

func FuzzPosition(f *testing.F) {
	f.Add("a\r\nb\xff\r\u2028é\n", 3)
	f.Fuzz(func(t *testing.T, text string, offset int) {
		file := NewFile("f", []byte(text))
		pos := file.Position(offset)
		if line := file.Line(int(pos.Line)); int(pos.Column) > utf8.RuneCountInString(line)+3 {
			t.Errorf("column %d is outside of line %q", pos.Column, line)
		}
		if back := file.Position(file.Offset(pos)); back.Line != pos.Line || back.Column > pos.Column {
			t.Errorf("%v leads back to %v", pos, back)
		}
	})
}

package diag

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/decamp-dev/decamp/compiler/source"
)

func print(t *testing.T, l List, f Format, o PrintOptions) string {
	t.Helper()
	var out bytes.Buffer
	if err := Print(&out, l, f, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// lines joins lines, which keeps the spaces of goldens visible.
func lines(text ...string) string { return strings.Join(text, "\n") + "\n" }

func TestPrintText(t *testing.T) {
	file := source.NewFile("/w/app.yaml", []byte("name: x\n\tscale: {max: 日本 0}\nfoo: \x1b[31mbar\u202e\n"+
		strings.Repeat("abcdefgh ", 40)+"HERE "+strings.Repeat("xyz ", 50)+"\n"+"e\u0301: x\n"))
	many := source.NewFile("many.yaml", []byte(strings.Repeat("a: 1\n", 60)))
	var forty, pathsOnly List
	for i := int32(1); i <= 40; i++ {
		forty = append(forty, Diagnostic{Severity: Error, Code: "c", Summary: "s", Detail: "d", Subject: place(many, i, 1, 2), Path: "p"})
	}
	for _, path := range []string{"w.b", "w.a"} {
		pathsOnly = append(pathsOnly, Diagnostic{Severity: Warning, Code: "c", Summary: "s", Path: path, Target: "compose"})
	}
	for _, test := range []struct {
		name    string
		list    List
		options PrintOptions
		want    string
	}{
		{"nothing", nil, PrintOptions{}, ""},
		{"whole", List{{
			Severity: Error, Code: "c", Summary: "one", Path: "scale.max", Subject: place(file, 1, 7, 8),
			Detail:  "Words that are wrapped because they do not fit.\n  an example that is kept as it is, even when it is long\nnext",
			Related: []Related{{place(file, 2, 2, 3), "as said here"}, {Message: "in general"}},
			Fix:     &Fix{Message: "put it in quotes"},
		}}, PrintOptions{Width: 40, WorkingDir: "/w"}, lines(
			"error[c]: one",
			" --> app.yaml:1:7 (scale.max)",
			"  |",
			"1 | name: x",
			"  |       ^",
			"   = app.yaml:2:2: as said here",
			"   = in general",
			"  Words that are wrapped because they do",
			"  not fit.",
			"    an example that is kept as it is, even when it is long",
			"  next",
			"  help: put it in quotes")},
		{"tab and wide characters", List{{Severity: Warning, Code: "c", Summary: "s", Subject: place(file, 2, 15, 17)}}, PrintOptions{}, lines(
			"warning[c]: s",
			" --> /w/app.yaml:2:15",
			"  |",
			"2 |     scale: {max: 日本 0}",
			"  |                  ^^^^")},
		{"escape sequences", List{{Severity: Note, Code: "c", Summary: "a\x1b[0m\nb", Detail: "\x07", Path: "p\r", Subject: place(file, 3, 6, 15)}}, PrintOptions{}, lines(
			`note[c]: a\x1b[0m b`,
			` --> /w/app.yaml:3:6 (p\x0d)`,
			`  |`,
			`3 | foo: \x1b[31mbar\u202e`,
			`  |      ^^^^^^^^^^^^^^^^^`,
			`  \x07`)},
		{"long line", List{{Severity: Note, Code: "c", Summary: "s", Subject: place(file, 4, 361, 365)}}, PrintOptions{Width: 60}, lines(
			"note[c]: s",
			" --> /w/app.yaml:4:361",
			"  |",
			"4 | …abcdefgh abcdefgh HERE xyz xyz xyz xyz xyz xyz xyz xyz…",
			"  |                    ^^^^")},
		{"end of a line", List{{Severity: Note, Code: "c", Summary: "s", Subject: place(file, 1, 8, 8)}}, PrintOptions{}, lines(
			"note[c]: s",
			" --> /w/app.yaml:1:8",
			"  |",
			"1 | name: x",
			"  |        ^")},
		{"several lines", List{{Severity: Note, Code: "c", Summary: "s", Subject: source.Range{File: file, Start: source.Pos{Line: 1, Column: 3}, End: source.Pos{Line: 2, Column: 2}}}}, PrintOptions{}, lines(
			"note[c]: s",
			" --> /w/app.yaml:1:3",
			"  |",
			"1 | name: x",
			"  |   ^^^^^")},
		{"combined character", List{{Severity: Note, Code: "c", Summary: "s", Subject: place(file, 5, 5, 6)}}, PrintOptions{}, lines(
			"note[c]: s",
			" --> /w/app.yaml:5:5",
			"  |",
			"5 | e\u0301: x",
			"  |    ^")},
		{"redacted", List{{Severity: Error, Code: "c", Summary: "s", Subject: place(file, 1, 7, 8), Redact: true}}, PrintOptions{}, lines(
			"error[c]: s",
			" --> /w/app.yaml:1:7")},
		{"whole file", List{{Severity: Error, Code: "c", Summary: "s", Subject: source.Range{File: file}}}, PrintOptions{}, lines(
			"error[c]: s",
			" --> /w/app.yaml")},
		{"line that is not there", List{{Severity: Error, Code: "c", Summary: "s", Subject: place(file, 99, 1, 2)}}, PrintOptions{}, lines(
			"error[c]: s",
			"  --> /w/app.yaml:99:1")},
		{"paths only", pathsOnly, PrintOptions{}, lines(
			"warning[c]: s [compose]",
			" --> w.a",
			" --> w.b")},
		{"many places", forty, PrintOptions{}, lines(
			"error[c]: s",
			" --> many.yaml:1:1 (p)", "  |", "1 | a: 1", "  | ^",
			" --> many.yaml:2:1 (p)", "  |", "2 | a: 1", "  | ^",
			" --> many.yaml:3:1 (p)", "  |", "3 | a: 1", "  | ^",
			"   > many.yaml:4:1  p",
			"   > many.yaml:5:1  p",
			"   > many.yaml:6:1  p",
			"   > many.yaml:7:1  p",
			"   > many.yaml:8:1  p",
			"   > many.yaml:9:1  p",
			"   > many.yaml:10:1  p",
			"     and 30 more",
			"  d")},
		{"different findings", List{{Severity: Error, Code: "c", Summary: "s", Path: "p"}, {Severity: Error, Code: "d", Summary: "s", Path: "p"}}, PrintOptions{}, lines(
			"error[c]: s", " --> p", "", "error[d]: s", " --> p")},
		{"colour", List{{Severity: Error, Code: "c", Summary: "s", Subject: place(file, 1, 1, 5)}}, PrintOptions{Color: true}, lines(
			"\x1b[1;31merror[c]\x1b[0m\x1b[1m: s\x1b[0m",
			"\x1b[1;34m --> \x1b[0m/w/app.yaml:1:1",
			"\x1b[1;34m  |\x1b[0m",
			"\x1b[1;34m1 |\x1b[0m name: x",
			"\x1b[1;34m  |\x1b[0m \x1b[1;31m^^^^\x1b[0m")},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, print(t, test.list, Text, test.options)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// sample is a list that uses every field.
func sample() List {
	file := source.NewFile("/w/my app.yaml", []byte("a: 1\nb: 2\n"))
	return List{
		{Severity: Note, Code: "plain", Summary: "100% <ok>"},
		{
			Severity: Error, Code: CodeDuplicateKey, Summary: "s: 1, 2", Detail: "first\nsecond",
			Subject: place(file, 1, 4, 5), Path: "w.a", Target: "compose",
			Related: []Related{{place(file, 2, 1, 2), "here"}},
			Fix:     &Fix{Message: "quote", Edits: []Edit{{place(file, 1, 4, 5), `"1"`}}},
			Redact:  true,
		},
	}
}

func TestPrintJSON(t *testing.T) {
	want := `{
  "version": 1,
  "diagnostics": [
    {
      "severity": "note",
      "code": "plain",
      "summary": "100% <ok>"
    },
    {
      "severity": "error",
      "code": "duplicate-key",
      "summary": "s: 1, 2",
      "detail": "first\nsecond",
      "subject": {
        "file": "my app.yaml",
        "start": {
          "line": 1,
          "column": 4
        },
        "end": {
          "line": 1,
          "column": 5
        }
      },
      "path": "w.a",
      "target": "compose",
      "related": [
        {
          "range": {
            "file": "my app.yaml",
            "start": {
              "line": 2,
              "column": 1
            },
            "end": {
              "line": 2,
              "column": 2
            }
          },
          "message": "here"
        }
      ],
      "fix": {
        "message": "quote",
        "edits": [
          {
            "range": {
              "file": "my app.yaml",
              "start": {
                "line": 1,
                "column": 4
              },
              "end": {
                "line": 1,
                "column": 5
              }
            },
            "newText": "\"1\""
          }
        ]
      },
      "redact": true
    }
  ]
}
`
	if diff := cmp.Diff(want, print(t, sample(), JSON, PrintOptions{WorkingDir: "/w/"})); diff != "" {
		t.Error(diff)
	}
	if got, want := print(t, nil, JSON, PrintOptions{}), "{\n  \"version\": 1,\n  \"diagnostics\": []\n}\n"; got != want {
		t.Errorf("an empty list prints %q", got)
	}
}

func TestPrintGitHub(t *testing.T) {
	want := lines(
		"::notice title=plain::100%25 <ok>",
		"::error file=my app.yaml,line=1,col=4,endLine=1,endColumn=5,title=duplicate-key (compose)::s: 1, 2 (w.a)%0Afirst%0Asecond%0Ahelp: quote",
	)
	if diff := cmp.Diff(want, print(t, sample(), GitHub, PrintOptions{WorkingDir: "/w"})); diff != "" {
		t.Error(diff)
	}
	hostile := List{{Severity: Warning, Code: "c", Summary: "a\n::error::b\x1b", Subject: place(source.NewFile("a:b,c%", nil), 1, 1, 1)}}
	want = lines(`::warning file=a%3Ab%2Cc%25,line=1,col=1,endLine=1,title=c::a%0A::error::b\x1b`)
	if diff := cmp.Diff(want, print(t, hostile, GitHub, PrintOptions{})); diff != "" {
		t.Error(diff)
	}
}

// failingWriter refuses everything.
type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }

func TestPrintErrors(t *testing.T) {
	if err := Print(&bytes.Buffer{}, nil, "xml", PrintOptions{}); err == nil {
		t.Error("an unknown format is accepted")
	}
	broken := errors.New("disk full")
	for _, format := range Formats() {
		if err := Print(failingWriter{broken}, sample(), format, PrintOptions{}); !errors.Is(err, broken) {
			t.Errorf("%s: the writer's error became %v", format, err)
		}
	}
}

func FuzzPrintText(f *testing.F) {
	f.Add("a: \x1b[0m\t日本\r\n", int32(1), int32(4), int32(9), "summary", 40)
	f.Add(strings.Repeat("é\u0301", 900), int32(1), int32(700), int32(2000), "s", 0)
	f.Fuzz(func(t *testing.T, text string, line, column, end int32, words string, width int) {
		file := source.NewFile(words, []byte(text))
		list := List{{Severity: Error, Code: Code(words), Summary: words, Detail: words, Path: words, Subject: place(file, line, column, end)}}
		got := print(t, list, Text, PrintOptions{Width: width % 200})
		for _, r := range got {
			if r != '\n' && isHidden(r) {
				t.Fatalf("%q reaches the terminal in %q", r, got)
			}
		}
		if again := print(t, list, Text, PrintOptions{Width: width % 200}); again != got {
			t.Error("not the same text twice")
		}
	})
}

func TestLongPathsAreShortened(t *testing.T) {
	long := strings.Repeat("labels[0]", 400)
	var b strings.Builder
	if err := Print(&b, List{{Severity: Error, Code: "x", Summary: "s", Path: long}}, Text, PrintOptions{}); err != nil {
		t.Fatal(err)
	}
	if have := b.String(); len(have) > 300 || !strings.Contains(have, "…") {
		t.Errorf("a path of %d characters is shown as\n%s", len(long), have)
	}
}

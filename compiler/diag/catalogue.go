package diag

// ExampleKind says how the test of the catalogue runs an example.
type ExampleKind string

// The kinds of examples. Each kind has one test, in the package that reads it.
const (
	ExampleNone ExampleKind = ""     // cannot be shown by an input alone
	ExampleYAML ExampleKind = "yaml" // a text for tree.Parse
	ExampleSpec ExampleKind = "spec" // a spec, compiled
)

// Entry describes a code.
type Entry struct {
	Code        Code
	Title       string // one line
	Doc         string // what it means and what to do
	ExampleKind ExampleKind
	Example     string // the shortest input that raises the code
}

// The codes of the tree package.
const (
	CodeSyntax            Code = "syntax"
	CodeEncoding          Code = "encoding"
	CodeDuplicateKey      Code = "duplicate-key"
	CodeInvalidKey        Code = "invalid-key"
	CodeInvalidTag        Code = "invalid-tag"
	CodeInvalidMerge      Code = "invalid-merge"
	CodeUnknownAnchor     Code = "unknown-anchor"
	CodeAliasCycle        Code = "alias-cycle"
	CodeAliasBomb         Code = "alias-bomb"
	CodeTooLarge          Code = "too-large"
	CodeTooDeep           Code = "too-deep"
	CodeMultipleDocuments Code = "multiple-documents"
	CodeTooManyFindings   Code = "too-many-findings"
)

// Catalogue returns the entries of all codes, sorted by code.
func Catalogue() []Entry { return nil }

// Explain returns the entry of a code, and whether there is one.
func Explain(code Code) (Entry, bool) { return Entry{}, false }

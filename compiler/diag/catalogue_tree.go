package diag

// The codes that reading YAML and JSON raises.
const (
	CodeAliasBomb         Code = "alias-bomb"
	CodeAliasCycle        Code = "alias-cycle"
	CodeDuplicateKey      Code = "duplicate-key"
	CodeEncoding          Code = "encoding"
	CodeInvalidKey        Code = "invalid-key"
	CodeInvalidMerge      Code = "invalid-merge"
	CodeInvalidTag        Code = "invalid-tag"
	CodeMultipleDocuments Code = "multiple-documents"
	CodeSyntax            Code = "syntax"
	CodeTooDeep           Code = "too-deep"
	CodeTooLarge          Code = "too-large"
	CodeTooManyFindings   Code = "too-many-findings"
	CodeUnknownAnchor     Code = "unknown-anchor"
)

// treeEntries describes them. The examples of too-deep, too-large and
// alias-bomb raise their codes under the lower limits of their test.
func treeEntries() []Entry {
	return []Entry{
		{
			Code:        CodeAliasBomb,
			Title:       "Aliases multiply a file beyond all bounds",
			Doc:         "An alias stands for the whole value of its anchor. Aliases of values that hold aliases multiply, so that a few lines can stand for billions of values. A file whose aliases stand for more than 250,000 values, and one more for each of its bytes, is refused before memory grows. Write out the values, or use fewer levels of aliases.",
			ExampleKind: ExampleYAML,
			Example:     "a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: [*b, *b, *b, *b]\n",
		},
		{
			Code:        CodeAliasCycle,
			Title:       "A value contains itself",
			Doc:         "An alias stands inside of the value that carries its anchor. The value would have no end. Write out what is meant at the place of the alias.",
			ExampleKind: ExampleYAML,
			Example:     "web: &web\n  depends: *web\n",
		},
		{
			Code:        CodeDuplicateKey,
			Title:       "A key stands twice in one mapping",
			Doc:         "Only one of the two values could take effect, and programs disagree which. Delete one of the keys, or merge their values. Keys are compared by their text: 80 and \"80\" are the same key.",
			ExampleKind: ExampleYAML,
			Example:     "image: nginx\nimage: caddy\n",
		},
		{
			Code:        CodeEncoding,
			Title:       "A file is not clean UTF-8 text",
			Doc:         "The file holds bytes that are not UTF-8, a NUL byte, or a control character. Save it as UTF-8; write control characters as escapes in double quotes.",
			ExampleKind: ExampleYAML,
			Example:     "name: caf\xe9\n",
		},
		{
			Code:        CodeInvalidKey,
			Title:       "A key is not a name",
			Doc:         "The key of a mapping is a text, a number or a boolean. A mapping, a list or an empty key is mostly a text without its quotes, such as {{ name }}.",
			ExampleKind: ExampleYAML,
			Example:     "image: {{ image }}\n",
		},
		{
			Code:        CodeInvalidMerge,
			Title:       "A merge key has nothing to merge",
			Doc:         "The value of the key << is a mapping or a list of mappings, mostly given by aliases. Their members are added to the mapping unless it has members of the same name.",
			ExampleKind: ExampleYAML,
			Example:     "<<: nothing\n",
		},
		{
			Code:        CodeInvalidTag,
			Title:       "A value does not have the form that its tag demands",
			Doc:         "A tag such as !!int demands a kind of value. Delete the tag, or write the value in the form that YAML 1.2 has for this kind.",
			ExampleKind: ExampleYAML,
			Example:     "replicas: !!int many\n",
		},
		{
			Code:        CodeMultipleDocuments,
			Title:       "A file holds several documents where one is expected",
			Doc:         "A line \"---\" begins another document. Put each document into a file of its own.",
			ExampleKind: ExampleYAML,
			Example:     "name: a\n---\nname: b\n",
		},
		{
			Code:        CodeSyntax,
			Title:       "A file is not valid YAML or JSON",
			Doc:         "The text breaks the rules of its format, so that nothing in it can be relied upon. Common causes: a tab in the indentation, a quote or bracket that is not closed, a text with \": \" in it and no quotes, lines whose indentation does not match.",
			ExampleKind: ExampleYAML,
			Example:     "command: echo: done\n",
		},
		{
			Code:        CodeTooDeep,
			Title:       "Values are nested too deep",
			Doc:         "Values may be nested 200 levels deep. No configuration that people write comes near; look for brackets that are opened and never closed.",
			ExampleKind: ExampleYAML,
			Example:     "[[[[[[[[[[]]]]]]]]]]\n",
		},
		{
			Code:        CodeTooLarge,
			Title:       "A file is too large",
			Doc:         "A spec may have 64 MiB and 5,000,000 values, and the files of another platform that are read together 16 MiB. What is larger is mostly not the file that was meant, or several apps: split it if it is.",
			ExampleKind: ExampleYAML,
			Example:     "name: a-text-longer-than-the-limit\n",
		},
		{
			Code:        CodeTooManyFindings,
			Title:       "A file has more mistakes than are shown",
			Doc:         "After 100 mistakes in one file, reading it ends. Correct those that are shown, then run again.",
			ExampleKind: ExampleNone,
		},
		{
			Code:        CodeUnknownAnchor,
			Title:       "An alias refers to an anchor that is not defined",
			Doc:         "An alias such as *name stands for the value that &name marks earlier in the same document. Mark the value, or put the text in quotes if it is meant literally, such as \"*.example.com\".",
			ExampleKind: ExampleYAML,
			Example:     "web: *defaults\n",
		},
	}
}

// Package layering holds the test that enforces the import law: which part of the
// module may import which, and what only the program itself may do. It has no code.
package layering

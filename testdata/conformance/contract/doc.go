// Package contract says what an application can observe of each concept of the spec, once and in the words of no
// platform, and has that observed on each platform. A row is one promise; docs/contract.md lists them, docs/conformance.md
// what came of them.
package contract

// Package conformance asks the real platforms whether they take what decamp emits. Its tests need the build tag
// `conformance` and platforms that are up: `make conformance` sees to both.
package conformance

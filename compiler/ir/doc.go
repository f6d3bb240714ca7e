// Package ir holds the neutral description of one application at one stage: the
// only thing that parsers and readers produce and that backends, diff and audit
// consume.
//
// # Ideas
//
// The types say what an application needs, never how a platform says it. A field
// is a fact; the path of its type ("container.health.ready.http.path") is the
// fact's kind, and each backend's capability table has a row for every kind. The
// path of its place ("workloads.web.health.ready.http.path") names one fact in
// one app: diagnostics, stages, patches and diffs all use it.
//
// The struct tags are the single description of the spec's long form: `spec` is
// the key, `enum` lists the allowed words, `example` a typical value. The
// decoder, the printer, the walker and the JSON Schema are all driven by them.
//
// The zero value of a field means "not said". Where zero is something a person
// can say (no replicas, no grace), the field is a pointer.
//
// Collections with names are ordered maps ([Map]): order is the author's, and the
// same input gives the same bytes. Strings that may hold references are [Text]:
// a list of literal and reference parts, never text to be searched again.
//
// No secret's value is ever here: a [Secret] says where it comes from.
package ir

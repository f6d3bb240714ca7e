// Package backendtest is the suite that every backend passes: it proves the
// capability table instead of believing it.
//
// [Run] takes an app that says every kind of fact, changes one fact after the
// other, and compares what the backend emits with what its table says:
//
//	native, emulated   the files change
//	approximated       the files change, and a warning names the path
//	dropped            the files stay the same, and a diagnostic names the path
//
// Comments do not count, since no platform obeys them: a fact that stands in one is
// lost, unless people are the only ones who read it (where a secret comes from).
//
// Where a change moves other facts to another level (a row has cases), all facts
// that differ between the two apps are looked at, not only the one that was
// changed. A change that makes the app meaningless ([ir.Verify]) is not made; one
// that the backend answers with an error counts as reported.
//
// Everything is computed as a list of [Violation], so that the suite itself is
// tested: [Memory] is a backend without a platform, and each [Lie] makes it break
// one promise that the suite has to notice.
package backendtest

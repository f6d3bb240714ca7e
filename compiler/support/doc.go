// Package support says what becomes of each kind of fact on a platform, and
// computes from it what one app would lose there.
//
// A [Table] is data: a backend lists it, `decamp targets` prints it, the docs are
// generated from it, and the suite in compiler/backend/backendtest proves it by
// changing every fact and looking at the output. [Assess] walks an app and finds
// the row of each fact; one function words all that comes out, so that a backend
// cannot forget a loss and no two platforms say the same loss in different words.
package support

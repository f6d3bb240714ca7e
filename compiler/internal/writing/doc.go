// Package writing puts a set of generated files on a disk, all of it or nothing.
//
// A [Plan] compares the files that are wanted with those that are there, and says
// what would change; nothing is written until [Plan.Apply]. Applying has three
// parts. First everything new is written beside its place under temporary names,
// and everything old gets a second name: this is where a full disk shows, and
// nothing has changed yet. Then names are exchanged; a fault here is undone from
// the second names. Last the second names and empty folders go away.
//
// Only files that decamp wrote are replaced or removed. Such a file says so in its
// first lines; one whose bytes are the app's own cannot, and is listed with its
// checksum in a file [ManifestName] beside it.
package writing

package spec

// Sayable is the part of an app that a spec can say.
var Sayable = sayable

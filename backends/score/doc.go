// Package score reads Score workloads (score.dev/v1b1): one or many files become one
// app. Nothing is emitted.
//
// Each file is a workload. Of its containers, those that only run before others
// (before: {x: {ready: complete}}) become init containers; the one that is called as
// the workload, else main, else the first is the main container; the others are
// sidecars. Score's command replaces the image's ENTRYPOINT and its args the CMD, as
// entrypoint and args do here.
//
// Score leaves to the platform what stands behind a resource; here it is said:
//
//	volume         a volume; shared where several workloads use the same id
//	route          a route
//	dns            a var for the host name
//	service        the workload of that name; what is not among the files stands as a name
//	service-port   a port of another workload
//	environment    vars
//	postgres, …    an endpoint; all but host and port are keys of one secret
//	others         keys of one secret, and the resource as it stands in the ledger
//
// What no field of the neutral spec can say is kept as it stands in platform.score:
// the entries are patches of the Score file of their workload.
//
// Sources: the Score specification (score-v1b1.json), score-go for placeholders,
// escapes, the identity of resources and before, and the provisioners that
// score-compose has by default for the outputs of resources.
package score

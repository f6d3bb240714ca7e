// Package swarm writes an app as stack files of Docker Swarm, for docker stack deploy,
// and as a crontab for what the clock starts.
//
// # What is emitted for what
//
//	app                 the stack; its name, with the stage where there is one, is given when it is deployed
//	workload            a service; init containers and sidecars are services of their own
//	job                 a service of mode replicated-job
//	daemon              a service of mode global
//	cron                a service of no replicas, and a line of the crontab
//	needs, init         several files, each deployed when what is in the one before is up
//	route               a site of Caddy, in a service of its own
//	egress, ingress     networks of their own, and relays to what lies outside
//	volume              the same, on a node that has the volume's label
//	config              a config called after its content, with a file beside the stack file
//	secret              an external secret, or a required variable of the deployer
//	endpoint            an alias of the stub, or an entry of the hosts file
//	probes              one check: live, else ready, else startup
//
// # Sources
//
// A stack file is not the Compose Specification. It is schema 3.13 as docker/cli reads
// it (cli/compose): much that Compose takes is refused (depends_on as a map, content of
// configs, numbers for cpus, profiles), or read over without a word (tmpfs, fixed
// addresses, depends_on) or with one (privileged, security_opt, devices, network_mode,
// pid, shm_size). What the schema does not say was tried on an engine in swarm mode.
//
// # The library
//
// docker/cli's loader is the library made for these files. Its packages take 5 ms to
// initialise (go-digest, reference, gojsonschema, otel), which is more than the start of
// the whole program, so that the types are written here, and Check holds what is
// emitted against rules of its own. That docker/cli takes it is for the judge to say: the
// conformance tests run docker stack config, which is that loader.
//
// # What is read
//
// The reader of Compose files reads stack files too, by what docker stack deploy makes of
// the same words: deploy counts, all of it; what ends is started again unless it is said
// otherwise; a check keeps traffic away and has what fails replaced, which is readiness and
// liveness. What is read over gets a finding, what is refused is refused. Of the files that
// this backend has written, it takes back what it has made: constraints that keep volumes on
// nodes, names of configs, labels of the app, the order of several files. Relays and the
// proxy of routes are services like any other.
//
// # Escaping
//
// docker stack deploy expands $NAME and ${NAME} in every value of the file, and in no
// key. Each node then runs variables of the environment, the host name, and sources and
// targets of mounts through Go templates. Values are carried literally; what opens a
// template is escaped where such a value is written, dollars at the very end. An empty
// variable would be replaced by the deployer's own of that name, and is written as an
// empty template.
package swarm

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
// the whole program, so that the types are written here, and tests prove them against
// docker/cli's: each file that is emitted is loaded by its loader, and each field that
// is written is one of its fields.
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

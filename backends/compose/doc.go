// Package compose writes an app as a Compose file, and as a crontab for what the
// clock starts.
//
// # What is emitted for what
//
//	app                 the project; its name, with the stage where there is one
//	workload            a service; several, numbered, where replicas must be told apart
//	sidecar             a service in the network namespace of the main one
//	init container      a service that ends, for which the main one waits
//	job, daemon         a service: without restart; on the one host that there is
//	cron                a service in the profile "cron", and a line of the crontab
//	route               a site of Caddy, in a service of its own
//	egress, ingress     networks of their own, and relays to what lies outside
//	volume, network     the same
//	config              a config with its content; a file where the root is read-only
//	secret              a secret taken from a variable or a file, or a required variable
//	endpoint            an alias of the stub, or an entry of the hosts file
//
// # Sources
//
// The Compose Specification and its Go library (compose-go v2) for the form; the
// source of Docker Compose v5 for what is honoured and what is read over; runs on a
// Docker Engine for what neither says: that a config with content cannot be put
// into a read-only root, that published ports of an internal network are dead, that
// `network_mode: service:x` joins one replica only.
//
// # Escaping
//
// Compose expands $NAME and ${NAME} in every value of the file, and in no key.
// Values are carried literally to the last step, where one function doubles every
// dollar and writes the variables that secrets are taken from.
package compose

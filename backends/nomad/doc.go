// Package nomad writes an app as Nomad jobs, one job for each workload, and for
// each volume the specification that `nomad volume create` takes.
//
// A workload is a job with one group: its containers are tasks of the docker driver
// that share the group's bridge network, init containers are prestart tasks,
// sidecars are prestart tasks that stay. Kinds become job types: service → service,
// job → batch, cron → batch with a periodic block, daemon → system.
//
// Ports are registered as services with Nomad's own provider, so that nothing
// besides Nomad is needed. Other workloads find them through templates, because
// native services have no DNS; a reference such as ${workloads.db.host} becomes a
// lookup in a template, and the task is restarted when the answer changes.
//
// Secrets are Nomad variables at nomad/jobs/<job>, which the job's own identity may
// read; their values never pass through here. What has to be put there stands in a
// comment above the job and in a note for each secret.
//
// Jobs are made as values of github.com/hashicorp/nomad/api and printed as HCL2, or
// as the JSON of the API for `nomad job run -json`.
//
// Reading is the inverse: each group whose main task is a container is a workload,
// with its tasks as containers by their lifecycle. What a job says and emitting its
// workload would not give back is found by comparing the two, and kept in the ledger:
// nothing is forgotten, and a job that was read and is written again is the same job,
// under its own id, with its own names of groups, tasks and services. Groups of one
// job stay one job by an entry on job/<id> that names them. Files are HCL2, evaluated
// with their variables, locals, functions and dynamic blocks by hashicorp/hcl, and
// JSON of the API. What only a client knows (${attr.…}, ${NOMAD_…}) stays as it is.
//
// Sources: Nomad's documentation of the job specification and of the docker driver,
// and the source of Nomad 1.11 (jobspec2, nomad/structs, drivers/docker,
// client/taskenv), go-envparse for the quoting of environment templates and
// consul-template for the functions of templates.
package nomad

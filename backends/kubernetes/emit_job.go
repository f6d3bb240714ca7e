package kubernetes

import (
	"bytes"
	"fmt"

	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// job returns the Job of a workload. A Job cannot be changed, so its name carries a
// hash of what it does; what waits for it has to know the name.
func (e *emitter) job(w *workload) *object {
	if o := e.jobs[w.name]; o != nil {
		return o
	}
	if w.hashed {
		e.limitName(w.path, "Job", w.name, maxJob)
	}
	o := e.read(w.path, "Job", w.id.object, &batchv1.Job{
		TypeMeta:   metav1.TypeMeta{APIVersion: "batch/v1", Kind: "Job"},
		ObjectMeta: w.meta.object(w.id.object),
		Spec:       e.jobSpec(w),
	})
	if e.jobs[w.name] = o; !w.hashed {
		return o
	}
	var content bytes.Buffer
	if err := document.PrintYAML(&content, o.value, document.YAMLOptions{}); err != nil {
		e.fail(codeInvalid, w.path, fmt.Sprintf("Job %q cannot be written", w.name), err.Error())
	}
	o.name = w.name + "-" + hash(content.String(), 8)
	if meta := o.value.Get("metadata"); meta != nil {
		meta.Set("name", document.String(o.name))
	}
	return o
}

func (e *emitter) jobSpec(w *workload) batchv1.JobSpec {
	spec := batchv1.JobSpec{Template: e.template(w)}
	if j := w.Job; j != nil {
		spec.Completions = optionalCount(j.Completions)
		spec.Parallelism = optionalCount(j.Parallel)
		if j.Retries != nil {
			spec.BackoffLimit = pointer(int32(*j.Retries))
		}
		if j.Timeout > 0 {
			spec.ActiveDeadlineSeconds = pointer(e.seconds(j.Timeout, w.path+".job.timeout"))
		}
		if j.Keep != nil && !awaited(e.app, w.name) {
			spec.TTLSecondsAfterFinished = pointer(int32(e.seconds(*j.Keep, w.path+".job.keep")))
		}
	}
	if spec.BackoffLimit == nil && w.Restart != nil && w.Restart.Policy == "never" {
		spec.BackoffLimit = pointer(int32(0))
	}
	return spec
}

func (e *emitter) emitCronJob(f *file, w *workload) {
	e.limitName(w.path, "CronJob", w.id.object, maxCronJob)
	s := w.Schedule
	if s == nil {
		s = &ir.Schedule{}
	}
	zone := s.Timezone
	if zone == "" {
		zone = "Etc/UTC" // Kubernetes would take the zone of its controller
	}
	spec := batchv1.CronJobSpec{
		Schedule: s.Cron, TimeZone: &zone,
		JobTemplate: batchv1.JobTemplateSpec{Spec: e.jobSpec(w)},
	}
	switch s.Overlap {
	case "allow":
		spec.ConcurrencyPolicy = batchv1.AllowConcurrent
	case "forbid":
		spec.ConcurrencyPolicy = batchv1.ForbidConcurrent
	case "replace":
		spec.ConcurrencyPolicy = batchv1.ReplaceConcurrent
	}
	if s.Deadline > 0 {
		spec.StartingDeadlineSeconds = pointer(e.seconds(s.Deadline, w.path+".schedule.deadline"))
	}
	if s.Suspend {
		spec.Suspend = pointer(true)
	}
	if s.Keep != nil {
		spec.SuccessfulJobsHistoryLimit = pointer(int32(*s.Keep))
		spec.FailedJobsHistoryLimit = pointer(int32(*s.Keep))
	}
	e.add(f, w.path, "CronJob", w.id.object, &batchv1.CronJob{
		TypeMeta:   metav1.TypeMeta{APIVersion: "batch/v1", Kind: "CronJob"},
		ObjectMeta: w.meta.object(w.id.object),
		Spec:       spec,
	})
}

// awaited reports whether a workload waits for the end of the job.
func awaited(app *ir.App, job string) bool {
	for i := range app.Workloads {
		if condition, _ := app.Workloads[i].Value.Needs.Get(job); condition == ir.Completed {
			return true
		}
	}
	return false
}

func (e *emitter) awaitedJobs(w *workload) []*workload {
	var jobs []*workload
	for _, need := range w.Needs {
		if other := e.byName[need.Key]; other != nil && need.Value == ir.Completed {
			jobs = append(jobs, other)
		}
	}
	return jobs
}

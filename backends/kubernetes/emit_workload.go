package kubernetes

import (
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// workload is a workload of the app with what several of its objects need.
type workload struct {
	*ir.Workload
	name, path string
	meta       metadata
	selector   map[string]string
	ports      []port
	networks   []string // that it is in
	named      bool     // something calls it by its name
	id         identity // with all names that objects have
	hashed     bool     // the name of a Job may carry a hash
	own        bool     // the selector is the app's own
}

// port is one port of a workload, whichever of its containers listens on it.
type port struct {
	ir.Port
	name string // as the spec says it
	path string
}

func (e *emitter) newWorkload(name string, source *ir.Workload) *workload {
	w := &workload{
		Workload: source, name: name, path: ir.JoinPath("workloads", name),
		selector: map[string]string{labelName: name, labelPartOf: e.app.Name},
		id:       e.given.workloads[name],
	}
	if w.id.selector != nil {
		w.selector, w.own = w.id.selector, true
	}
	w.hashed = w.id.object == ""
	w.id.object, w.id.container = or(w.id.object, name), or(w.id.container, name)
	w.id.service, w.id.public = or(w.id.service, name), or(w.id.public, publicName(name))
	w.own = w.own || e.selectsNothing(source)
	w.meta = e.metadataOf(name, w.path, source.Labels, source.Annotations)
	if w.own && w.id.selector == nil {
		delete(w.meta.labels, labelName)
		delete(w.meta.labels, labelPartOf)
	}
	ir.EachContainer(source, w.path, func(at, _ string, role ir.Role, c *ir.Container) {
		for _, p := range c.Ports {
			if role != ir.Init {
				w.ports = append(w.ports, port{p.Value, p.Key, ir.JoinPath(at+".ports", p.Key)})
			}
		}
	})
	w.networks = networksOf(source)
	return w
}

// selectsNothing reports a job that nothing has to find by its labels, in an app that
// has selectors of its own.
func (e *emitter) selectsNothing(source *ir.Workload) bool {
	return !e.recommends() && source.RunsToCompletion() && !hasPorts(source, "") && len(source.Aliases) == 0 &&
		source.Ingress == nil && source.Egress == nil && !e.segmented && (source.Placement == nil || len(source.Placement.Spread) == 0)
}

// workload writes the file of one workload.
func (e *emitter) workload(w *workload) {
	f := e.file(w.name + ".yaml")
	e.emitIdentity(f, w)
	e.emitServices(f, w)
	e.emitPolicy(f, w)
	switch w.KindOrDefault() {
	case ir.Job:
		e.put(f, e.job(w))
	case ir.Cron:
		e.emitCronJob(f, w)
	case ir.Daemon:
		e.emitDaemonSet(f, w)
	default:
		if w.Stateful {
			e.emitStatefulSet(f, w)
		} else {
			e.emitDeployment(f, w)
		}
	}
	e.emitScaler(f, w)
	e.emitBudget(f, w)
	e.finishEarly(f)
}

func (e *emitter) template(w *workload) corev1.PodTemplateSpec {
	p := e.pod(w)
	meta := w.meta.with(e.networkLabels(w))
	if w.id.selector != nil {
		meta = meta.with(w.selector)
	}
	object := meta.object("")
	for key, value := range p.annotations {
		m := metadata{annotations: object.Annotations}
		if m.annotations != nil {
			m.annotations = cloned(m.annotations)
		}
		m.annotate(key, value)
		object.Annotations = m.annotations
	}
	return corev1.PodTemplateSpec{ObjectMeta: object, Spec: p.spec}
}

func (e *emitter) emitDeployment(f *file, w *workload) {
	d := &appsv1.Deployment{
		TypeMeta:   metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"},
		ObjectMeta: w.meta.object(w.id.object),
		Spec: appsv1.DeploymentSpec{
			Replicas: replicas(w),
			Selector: &metav1.LabelSelector{MatchLabels: w.selector},
			Strategy: e.strategy(w),
			Template: e.template(w),
		},
	}
	if u := w.Update; u != nil {
		d.Spec.MinReadySeconds = int32(e.seconds(u.Healthy, w.path+".update.healthy"))
		d.Spec.ProgressDeadlineSeconds = e.optionalSeconds(u.Deadline, w.path+".update.deadline")
		if d.Spec.ProgressDeadlineSeconds == nil && d.Spec.MinReadySeconds >= 600 {
			// the default of 600 has to be more than what a replica has to be healthy for
			d.Spec.ProgressDeadlineSeconds = pointer(d.Spec.MinReadySeconds + 600)
		}
		if deadline := d.Spec.ProgressDeadlineSeconds; deadline != nil && *deadline <= d.Spec.MinReadySeconds {
			e.fail(codeInvalid, w.path+".update.deadline", "the deadline of a release is not later than the time for which a replica has to be healthy",
				"Kubernetes refuses it: no replica could prove itself in time. Make the deadline longer than healthy.")
		}
	}
	e.add(f, w.path, "Deployment", w.id.object, d)
}

// strategy is how a Deployment replaces its pods. One whose volume only one node can
// have must never run two of them.
func (e *emitter) strategy(w *workload) appsv1.DeploymentStrategy {
	u, unshared := w.Update, e.holdsUnshared(w.Workload)
	switch {
	case unshared && e.pass(passRecreate), allAtOnce(u):
		return appsv1.DeploymentStrategy{Type: appsv1.RecreateDeploymentStrategyType}
	case unshared:
		return rolling(0, intstr.FromInt32(1))
	}
	if u == nil || u.Order == "" && u.Parallel.IsZero() {
		return appsv1.DeploymentStrategy{}
	}
	batch := amount(u.Parallel, 1)
	if u.Order == "start-first" {
		return appsv1.DeploymentStrategy{RollingUpdate: &appsv1.RollingUpdateDeployment{
			MaxSurge: &batch, MaxUnavailable: pointer(intstr.FromInt32(0)),
		}, Type: appsv1.RollingUpdateDeploymentStrategyType}
	}
	return rolling(0, batch)
}

// allAtOnce reports an update that ends all old replicas before the first new one.
func allAtOnce(u *ir.Update) bool {
	return u != nil && u.Order == "stop-first" && u.Parallel == ir.Amount{Value: 100, Percent: true}
}

func rolling(surge int32, unavailable intstr.IntOrString) appsv1.DeploymentStrategy {
	return appsv1.DeploymentStrategy{Type: appsv1.RollingUpdateDeploymentStrategyType, RollingUpdate: &appsv1.RollingUpdateDeployment{
		MaxSurge: pointer(intstr.FromInt32(surge)), MaxUnavailable: &unavailable,
	}}
}

func (e *emitter) emitStatefulSet(f *file, w *workload) {
	e.limitName(w.path, "StatefulSet", w.id.object, maxStatefulSet)
	s := &appsv1.StatefulSet{
		TypeMeta:   metav1.TypeMeta{APIVersion: "apps/v1", Kind: "StatefulSet"},
		ObjectMeta: w.meta.object(w.id.object),
		Spec: appsv1.StatefulSetSpec{
			Replicas:             replicas(w),
			Selector:             &metav1.LabelSelector{MatchLabels: w.selector},
			ServiceName:          w.id.service,
			Template:             e.template(w),
			VolumeClaimTemplates: e.claimTemplates(w),
		},
	}
	if u := w.Update; u != nil {
		if u.Order == "stop-first" {
			s.Spec.UpdateStrategy.Type = appsv1.RollingUpdateStatefulSetStrategyType
		}
		s.Spec.MinReadySeconds = int32(e.seconds(u.Healthy, w.path+".update.healthy"))
	}
	e.add(f, w.path, "StatefulSet", w.id.object, s)
}

func (e *emitter) emitDaemonSet(f *file, w *workload) {
	d := &appsv1.DaemonSet{
		TypeMeta:   metav1.TypeMeta{APIVersion: "apps/v1", Kind: "DaemonSet"},
		ObjectMeta: w.meta.object(w.id.object),
		Spec: appsv1.DaemonSetSpec{
			Selector: &metav1.LabelSelector{MatchLabels: w.selector},
			Template: e.template(w),
		},
	}
	if u := w.Update; u != nil {
		if u.Order != "" || !u.Parallel.IsZero() {
			batch, none := amount(u.Parallel, 1), intstr.FromInt32(0)
			d.Spec.UpdateStrategy = appsv1.DaemonSetUpdateStrategy{
				Type:          appsv1.RollingUpdateDaemonSetStrategyType,
				RollingUpdate: &appsv1.RollingUpdateDaemonSet{MaxUnavailable: &batch, MaxSurge: &none},
			}
			if u.Order == "start-first" {
				d.Spec.UpdateStrategy.RollingUpdate = &appsv1.RollingUpdateDaemonSet{MaxUnavailable: &none, MaxSurge: &batch}
			}
		}
		d.Spec.MinReadySeconds = int32(e.seconds(u.Healthy, w.path+".update.healthy"))
	}
	e.add(f, w.path, "DaemonSet", w.id.object, d)
}

// emitIdentity writes the account under which the pods speak to the API server, and
// what it may do there.
func (e *emitter) emitIdentity(f *file, w *workload) {
	jobs := e.awaitedJobs(w)
	account := e.accountOf(w)
	if account == "" || account == "default" && len(jobs) == 0 {
		return
	}
	if account != "default" && !e.accounts[account] {
		e.accounts[account] = true
		e.add(f, "", "ServiceAccount", account, &corev1.ServiceAccount{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ServiceAccount"},
			ObjectMeta: w.plain(account),
		})
	}
	if len(jobs) > 0 {
		e.emitWaitRights(f, w, account, jobs)
	}
}

// accountOf returns the ServiceAccount of a workload, "" for the namespace's own.
func (e *emitter) accountOf(w *workload) string {
	if w.ServiceAccount == "" && len(e.awaitedJobs(w)) > 0 {
		return w.name
	}
	return w.ServiceAccount
}

// replicas is nil where a scaler or nobody chooses.
func replicas(w *workload) *int32 {
	if w.Scale != nil || w.Replicas == nil {
		return nil
	}
	return pointer(int32(*w.Replicas))
}

// holdsUnshared reports whether the workload mounts a volume that one node at a time
// can have.
func (e *emitter) holdsUnshared(w *ir.Workload) bool { return holdsUnshared(e.app, w) }

func holdsUnshared(app *ir.App, w *ir.Workload) bool {
	found := false
	ir.EachContainer(w, "", func(_, _ string, _ ir.Role, c *ir.Container) {
		for i := range c.Mounts {
			if v := app.Volumes.Ref(c.Mounts[i].Value.Volume); v != nil && !v.Shared && !v.Each {
				found = true
			}
		}
	})
	return found
}

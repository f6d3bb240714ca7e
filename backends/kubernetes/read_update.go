package kubernetes

import (
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/decamp-dev/decamp/compiler/ir"
)

func (w *sourceWorkload) update() *ir.Update {
	if w.result.Update == nil {
		w.result.Update = &ir.Update{}
	}
	return w.result.Update
}

func (r *sourceReader) rollout(w *sourceWorkload, s *appsv1.DeploymentSpec) {
	r.place(w.path+".update", dig(w.node, "spec", "strategy"))
	r.place(w.path+".update.healthy", dig(w.node, "spec", "minReadySeconds"))
	r.place(w.path+".update.deadline", dig(w.node, "spec", "progressDeadlineSeconds"))
	if s.MinReadySeconds > 0 {
		w.update().Healthy = secondsOf(int64(s.MinReadySeconds))
	}
	if d := s.ProgressDeadlineSeconds; d != nil && *d > s.MinReadySeconds {
		w.update().Deadline = secondsOf(int64(*d))
	}
	if s.Strategy.Type == appsv1.RecreateDeploymentStrategyType {
		w.update().Order, w.update().Parallel = "stop-first", ir.Amount{Value: 100, Percent: true}
		return
	}
	if rolling := s.Strategy.RollingUpdate; rolling != nil {
		r.batches(w, rolling.MaxSurge, rolling.MaxUnavailable)
	}
}

// batches reads the two shapes of a rollout that a spec knows: new replicas first, or
// old ones away first. What is between them stays with Kubernetes.
func (r *sourceReader) batches(w *sourceWorkload, surge, unavailable *intstr.IntOrString) {
	none := func(v *intstr.IntOrString) bool { return v != nil && (v.String() == "0" || v.String() == "0%") }
	switch {
	case none(unavailable) && surge != nil && !none(surge):
		w.update().Order, w.update().Parallel = "start-first", amountOf(*surge)
	case none(surge) && unavailable != nil && !none(unavailable):
		w.update().Order, w.update().Parallel = "stop-first", amountOf(*unavailable)
	}
}

func amountOf(v intstr.IntOrString) ir.Amount {
	a, err := ir.ParseAmount(v.String())
	if err != nil {
		return ir.Amount{}
	}
	return a
}

func (r *sourceReader) rolloutInOrder(w *sourceWorkload, s *appsv1.StatefulSetSpec) {
	r.place(w.path+".update.healthy", dig(w.node, "spec", "minReadySeconds"))
	if s.UpdateStrategy.Type == appsv1.RollingUpdateStatefulSetStrategyType {
		w.update().Order = "stop-first"
		r.place(w.path+".update.order", dig(w.node, "spec", "updateStrategy"))
	}
	if s.MinReadySeconds > 0 {
		w.update().Healthy = secondsOf(int64(s.MinReadySeconds))
	}
}

func (r *sourceReader) rolloutOnNodes(w *sourceWorkload, s *appsv1.DaemonSetSpec) {
	r.place(w.path+".update", dig(w.node, "spec", "updateStrategy"))
	if s.MinReadySeconds > 0 {
		w.update().Healthy = secondsOf(int64(s.MinReadySeconds))
	}
	if rolling := s.UpdateStrategy.RollingUpdate; rolling != nil {
		zero := intstr.FromInt32(0)
		surge := rolling.MaxSurge
		if surge == nil {
			surge = &zero
		}
		r.batches(w, surge, rolling.MaxUnavailable)
	}
}

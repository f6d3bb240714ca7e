package compose

import (
	"time"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/decamp-dev/decamp/backends/internal/composeread"
	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/backend"
)

// Names of the passes.
const (
	passStartInterval = "probe-start-interval"
	passFoldAnchors   = "fold-anchors"
	passLogRotation   = "log-rotation"
	passWatch         = "watch"
	passPatientNeeds  = "patient-needs"
)

func passes() []backend.Pass {
	return []backend.Pass{
		{Name: passStartInterval, Default: true,
			Doc:  "asks at the pace of the startup probe while the start period lasts, so that what waits goes on sooner (Engine 25 and newer; older ones ignore it)",
			Debt: "none outside: other platforms have a startup probe of its own"},
		{Name: passPatientNeeds, Default: true,
			Doc:  "gives a check that others wait for, and that no startup probe bounds, a start period of five minutes: what has not been ready yet has not failed, where Compose would give up on all that waits",
			Debt: "none outside: other platforms go on asking until a container is ready"},
		{Name: passFoldAnchors, Default: true,
			Doc:  "folds blocks that several services repeat into x- anchors at the head of the file",
			Debt: "anchors are a habit of this file; who takes a service out of it has to write the block out"},
		{Name: passLogRotation,
			Doc:  "gives services that name no log driver json-file with rotation, which Docker leaves unbounded",
			Debt: "the size of logs is then set here and nowhere else; other platforms rotate by themselves"},
		{Name: passWatch,
			Doc:  "rebuilds what the app builds itself as soon as its folder changes, under `docker compose watch`",
			Debt: "only Compose watches folders; elsewhere a pipeline builds"},
	}
}

// optimizeService applies the passes that concern one service.
func (e *emitter) optimizeService(s *service) {
	if e.options.Passes[passLogRotation] && s.Logging == nil && s.Extends == nil {
		s.Logging = &types.LoggingConfig{Driver: "json-file", Options: types.Options{"max-size": "10m", "max-file": "3"}}
	}
	if e.options.Passes[passWatch] && s.Build != nil {
		s.Develop = &types.DevelopConfig{Watch: []types.Trigger{{Path: s.Build.Context, Action: types.WatchActionRebuild}}}
	}
}

// patience is how long a check may fail before its container has been ready for the first time.
const patience = types.Duration(5 * time.Minute)

// patientNeeds gives the checks that others wait for a start period. A check that succeeds ends it.
func (e *emitter) patientNeeds() {
	if !e.options.Passes[passPatientNeeds] {
		return
	}
	awaited := map[string]bool{}
	for _, s := range e.services {
		for name, d := range s.DependsOn {
			awaited[name] = awaited[name] || d.Condition == types.ServiceConditionHealthy
		}
	}
	for _, s := range e.services {
		if check := s.HealthCheck; awaited[s.Name] && check != nil && check.StartPeriod == nil {
			period := patience
			check.StartPeriod = &period
			if *check.Interval < types.Duration(composeread.StartInterval) { // the pace of a start period for which none is said
				check.StartInterval = check.Interval
			}
		}
	}
}

// optimize applies the passes that concern the file.
func (e *emitter) optimize(root *document.Value) {
	if e.options.Passes[passFoldAnchors] {
		document.Hoist(root, document.FoldOptions{
			Paths:      []string{"services.*.logging", "services.*.deploy", "services.*.healthcheck", "services.*.environment", "services.*.labels"},
			MinScalars: 3,
			Prefix:     "x-",
		})
	}
}

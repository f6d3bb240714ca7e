package swarm

import "github.com/decamp-dev/decamp/compiler/ir"

// Swarm starts all services of a file at once. Order is kept by several files, each of
// which is deployed when what is in those before it is up: `docker stack deploy
// --detach=false` ends when services run, and are healthy, and jobs have completed; it
// takes nothing away that is not in its file.

// wavesOf returns for each workload the file, from 1, that its first service stands
// in: init containers come one file before what they are for.
func wavesOf(app *ir.App) map[string]int {
	waves := map[string]int{}
	var wave func(name string) int
	wave = func(name string) int {
		if n, known := waves[name]; known {
			return n
		}
		w := app.Workloads.Ref(name)
		if w == nil {
			return 1
		}
		waves[name] = 1 // of a cycle, which ir.Verify refuses
		n := 1
		for _, need := range w.Needs {
			n = max(n, wave(need.Key)+len(initOf(app, need.Key))+1)
		}
		waves[name] = n
		return n
	}
	for i := range app.Workloads {
		wave(app.Workloads[i].Key)
	}
	return waves
}

func initOf(app *ir.App, name string) ir.Map[ir.Container] {
	if w := app.Workloads.Ref(name); w != nil {
		return w.Init
	}
	return nil
}

// waveOfMain is the file of the main container's service.
func (e *emitter) waveOfMain(name string) int { return e.waves[name] + len(initOf(e.app, name)) }

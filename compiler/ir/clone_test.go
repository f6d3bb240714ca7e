package ir

import (
	"reflect"
	"testing"
)

func sample() *App {
	replicas, grace := 3, Duration(5e9)
	return &App{
		Name: "shop",
		Workloads: Map[Workload]{{"web", Workload{
			Container: Container{
				Image: "web:1",
				Env:   Map[Text]{{"A", Text{{Literal: "x"}, {Ref: Ref{Kind: RefSecret, Name: "s"}}}}},
				Args:  &Command{Words: []Text{Literal("serve")}},
				Stop:  &Stop{Grace: &grace},
			},
			Sidecars: Map[Container]{{"proxy", Container{Image: "proxy:1"}}},
			Replicas: &replicas,
			Egress:   &PeerList{Peers: []Peer{{Workload: "db"}}},
		}}},
		Platform: []PlatformEntry{{Platform: "p", Patch: &Value{Kind: MapValue, Members: Map[*Value]{{"a", &Value{Kind: NumberValue, Text: "1"}}}}}},
	}
}

func TestCloneSharesNothing(t *testing.T) {
	a := sample()
	b := Clone(a)
	if !reflect.DeepEqual(a, b) || !Equal(a, b) {
		t.Fatal("the clone differs")
	}
	for name, change := range map[string]func(*App){
		"env":      func(a *App) { a.Workloads[0].Value.Env[0].Value[0].Literal = "y" },
		"args":     func(a *App) { a.Workloads[0].Value.Args.Words[0][0].Literal = "y" },
		"grace":    func(a *App) { *a.Workloads[0].Value.Stop.Grace = 1 },
		"replicas": func(a *App) { *a.Workloads[0].Value.Replicas = 9 },
		"sidecar":  func(a *App) { a.Workloads[0].Value.Sidecars[0].Value.Image = "other" },
		"egress":   func(a *App) { a.Workloads[0].Value.Egress.Peers[0].Workload = "other" },
		"patch":    func(a *App) { a.Platform[0].Patch.Members[0].Value.Text = "2" },
	} {
		c := Clone(a)
		change(c)
		if Equal(a, c) || !Equal(a, b) {
			t.Errorf("%s: a change of the clone is not seen, or changed the original", name)
		}
	}
}

func TestEqualKnowsWhatIsSaid(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b App
		want bool
	}{
		{"an empty map says nothing", App{Labels: Map[string]{}}, App{}, true},
		{"an empty list of peers refuses all", withMain(Workload{Egress: &PeerList{}}), withMain(Workload{}), false},
		{"an empty command clears", withMain(Workload{Container: Container{Args: &Command{}}}), withMain(Workload{}), false},
		{"an empty text is said", withMain(Workload{Container: Container{Env: Map[Text]{{"A", Text{}}}}}), withMain(Workload{Container: Container{Env: Map[Text]{{"A", nil}}}}), false},
		{"order counts", App{Labels: Map[string]{{"a", "1"}, {"b", "2"}}}, App{Labels: Map[string]{{"b", "2"}, {"a", "1"}}}, false},
	} {
		if got := Equal(&c.a, &c.b); got != c.want {
			t.Errorf("%s: got %v", c.name, got)
		}
	}
}

func withMain(w Workload) App { return App{Workloads: Map[Workload]{{"w", w}}} }

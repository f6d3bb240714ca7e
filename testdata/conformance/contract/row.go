package contract

import "maps"

// Row is one promise about what an application observes.
type Row struct {
	Name string // unique, such as "env-dollar"
	Says string // what is observed, in one sentence without a platform
	// Facts are paths in the chapter's app of the facts that the promise is about. What a platform's table says of them
	// is what must be observed there.
	Facts []string
	Atlas []int // numbers of the silent mistranslations that the row would notice
	// Check asks the running app. It holds when it comes to its end.
	Check func(*Observer)
	// Otherwise says, by platform, how to see what that platform's table states.
	Otherwise map[string]Otherwise
	// Unasked says, by platform, why the test's own platform cannot be asked: no outcome is noted.
	Unasked map[string]string
}

// Otherwise is the look at a platform whose table does not call a row's facts native or emulated.
type Otherwise struct {
	Because string // what differs, or why the difference is not seen by this row
	Check   func(*Observer)
	// Code is the code of the finding by which the backend states the difference, where its table has no row for it.
	Code string
}

// warned is the Otherwise of a difference that a finding of its own states.
func warned(code, because string, check func(*Observer)) Otherwise {
	return Otherwise{because, check, code}
}

// unseen is the Otherwise of a difference that this row does not look at: its own Check has to hold all the same.
func unseen(because string) Otherwise { return Otherwise{Because: because} }

// differs is the Otherwise of a difference that can be seen.
func differs(because string, check func(*Observer)) Otherwise {
	return Otherwise{Because: because, Check: check}
}

// Scene is a piece of an app, and the rows that look at it.
type Scene struct {
	Concept string // of the matrix in the README
	Spec    string // a part of a spec, with top-level keys
	Files   map[string]string
	Secrets map[string]string // NAME or NAME.KEY → value
	Rows    []Row
}

// Chapter is one app: scenes that are deployed together.
type Chapter struct {
	Name   string // of the app
	Title  string
	Scenes []Scene
	// Source makes the spec where it is not put together from the scenes; it is given the folder of the module.
	Source func(root string) ([]byte, error)
	// Stage is what is deployed; empty where the app has none.
	Stage string
	// Vars are given to the first deployment.
	Vars map[string]string
	// Waits is false where something is meant not to come up: then only the applying line is run.
	Loose bool
	// Serial rows are observed one after the other, in order.
	Serial bool
	// Prunes is true where a workload goes: the lines that remove what the app no longer has are run too.
	Prunes bool
	// Alone is true where other apps would notice: it is deployed when no other is up, on any platform.
	Alone bool
}

// Chapters returns all of the contract.
func Chapters() []*Chapter {
	chapters := []*Chapter{process(), configuration(), network(), lifecycle(), asking(), storage(), limits(), node(), jobs(), reach(), operating(), update(), sockShop(), faults()}
	chapters = append(append(chapters, stages()...), apart()...)
	swarm := onSwarm()
	for _, c := range chapters {
		for _, s := range c.Scenes {
			for i := range s.Rows {
				row := &s.Rows[i]
				if other, stated := swarm[row.Name]; stated {
					row.Otherwise = maps.Clone(row.Otherwise)
					if row.Otherwise == nil {
						row.Otherwise = map[string]Otherwise{}
					}
					row.Otherwise["swarm"] = other
				}
			}
		}
	}
	return chapters
}

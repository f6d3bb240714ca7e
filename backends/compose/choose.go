package compose

import (
	"path"
	"strings"
)

// The names under which Compose looks for its file in a folder, and for one that is laid over it, in its order: the first that
// is there is taken. Source: DefaultFileNames and DefaultOverrideFileNames of compose-go's cli package.
var (
	fileNames     = []string{"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"}
	overrideNames = []string{"compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"}
)

// choose picks the files that `docker compose` takes when it is run in the outermost folder that has one of its names. All paths
// come back where no folder has, or several do that stand beside each other.
func choose(paths []string) []string {
	there := map[string]bool{}
	outermost := map[string]bool{}
	least := -1
	for _, p := range paths {
		there[p] = true
		for _, name := range fileNames {
			if path.Base(p) != name {
				continue
			}
			switch depth := strings.Count(p, "/"); {
			case least < 0 || depth < least:
				least, outermost = depth, map[string]bool{path.Dir(p): true}
			case depth == least:
				outermost[path.Dir(p)] = true
			}
		}
	}
	if len(outermost) != 1 {
		return paths
	}
	var chosen []string
	for folder := range outermost {
		for _, names := range [][]string{fileNames, overrideNames} {
			for _, name := range names {
				if p := path.Join(folder, name); there[p] {
					chosen = append(chosen, p)
					break
				}
			}
		}
	}
	return chosen
}

package platform

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// provision stands in for the cluster's provisioner of volumes: it gives each claim of a namespace a folder of the node,
// until it is told to stop.
func provision(namespace string, stop chan bool) {
	given := map[string]bool{}
	for {
		select {
		case <-stop:
			return
		case <-time.After(2 * time.Second):
		}
		var claims struct {
			Items []struct {
				Metadata struct{ Name string }
				Spec     struct {
					AccessModes      []string
					StorageClassName string
					VolumeName       string
					Resources        struct{ Requests struct{ Storage string } }
				}
			}
		}
		if clusterGet("/api/v1/namespaces/"+namespace+"/persistentvolumeclaims", &claims) != nil {
			continue
		}
		for _, c := range claims.Items {
			if c.Spec.VolumeName != "" || given[c.Metadata.Name] {
				continue
			}
			given[c.Metadata.Name] = true
			folder := filepath.Join(os.Getenv("PLATFORMS_KUBE_PV"), namespace+"-"+c.Metadata.Name)
			_ = os.RemoveAll(folder) // what another run has left
			_ = os.MkdirAll(folder, 0o755)
			modes, _ := json.Marshal(c.Spec.AccessModes)
			process := exec.Command("kubectl", "apply", "-f", "-")
			process.Stdin = strings.NewReader(fmt.Sprintf(`{apiVersion: v1, kind: PersistentVolume, metadata: {name: %[1]s-%[2]s, labels: {contract: %[1]s}},
 spec: {capacity: {storage: %[3]s}, accessModes: %[4]s, storageClassName: "%[5]s", claimRef: {namespace: %[1]s, name: %[2]s},
 local: {path: %[6]s}, nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: Exists}]}]}}}}`,
				namespace, c.Metadata.Name, c.Spec.Resources.Requests.Storage, modes, c.Spec.StorageClassName, folder))
			_ = process.Run()
		}
	}
}

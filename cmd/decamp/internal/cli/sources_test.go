package cli

import "testing"

// An app is called after the folder that somebody named for it, and not after what is in one.
func TestAppFolder(t *testing.T) {
	for folder, want := range map[string]string{
		"/srv/shop":                   "shop",
		"/srv/shop/kubernetes":        "shop",
		"/srv/shop/deploy/K8s":        "shop",
		"/srv/shop/kustomize/base":    "shop",
		"/srv/shop/overlays/prod":     "prod",
		"/deploy":                     "deploy",
		"/":                           "/",
		"/srv/manifests-of-the-shop":  "manifests-of-the-shop",
		"/srv/deploy/shop/deployment": "shop",
	} {
		if got := appFolder(folder, []string{"kubernetes"}); got != want {
			t.Errorf("the app in %s is called %s, not %s", folder, got, want)
		}
	}
}

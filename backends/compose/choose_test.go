package compose

import (
	"slices"
	"testing"
)

func TestChoose(t *testing.T) {
	for _, test := range []struct{ paths, want []string }{
		{[]string{"docker-compose.yaml"}, []string{"docker-compose.yaml"}},
		{[]string{"docker-compose-load.yaml", "docker-compose.yaml", "payment/docker-compose.yaml"}, []string{"docker-compose.yaml"}},
		{[]string{"compose.override.yaml", "compose.yaml", "compose.yml", "docker-compose.yml"}, []string{"compose.yaml", "compose.override.yaml"}},
		{[]string{"shop/compose.prod.yaml", "shop/docker-compose.override.yml", "shop/docker-compose.yml"}, []string{"shop/docker-compose.yml", "shop/docker-compose.override.yml"}},
		// several apps beside each other, and names of one's own
		{[]string{"a/compose.yaml", "b/compose.yaml"}, []string{"a/compose.yaml", "b/compose.yaml"}},
		{[]string{"base.yaml", "prod.yaml"}, []string{"base.yaml", "prod.yaml"}},
	} {
		if have := choose(test.paths); !slices.Equal(have, test.want) {
			t.Errorf("of %v: %v, want %v", test.paths, have, test.want)
		}
	}
}

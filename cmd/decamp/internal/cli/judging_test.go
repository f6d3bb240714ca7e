package cli_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/cmd/decamp/internal/cli"
	"github.com/decamp-dev/decamp/testdata/corpus"
)

var update = flag.Bool("update", false, "write the goldens of judging anew; then read them")

// TestJudging compares what is said of real apps with what was read line by line and
// found true: testdata/judging tells what, and why.
func TestJudging(t *testing.T) {
	goldens, err := filepath.Abs("../../../../testdata/judging")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(corpus.Root(t))
	const sockCompose, sockKubernetes = "compose/sock-shop/deploy/docker-compose/docker-compose.yml", "k8s/sock-shop/deploy/kubernetes/manifests"
	const voteCompose, voteKubernetes = "compose/example-voting-app/docker-compose.yml", "k8s/example-voting-app/k8s-specifications"
	for _, test := range []struct {
		name string
		args []string
	}{
		{"sock-shop.diff.txt", []string{"diff", sockCompose, sockKubernetes}},
		{"voting-app.diff.txt", []string{"diff", voteCompose, voteKubernetes}},
		{"voting-app.parity.txt", []string{"parity", "dev=" + voteCompose, "prod=" + voteKubernetes}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out, problems bytes.Buffer
			program := cli.Program{Backends: backends.All, In: strings.NewReader(""), Out: &out, Err: &problems}
			if code := program.Run(context.Background(), test.args); code != 1 {
				t.Fatalf("exit code %d\n%s", code, &problems)
			}
			golden := filepath.Join(goldens, test.name)
			if *update {
				if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil || !bytes.Equal(want, out.Bytes()) {
				t.Errorf("%s is another one now (%v): go test ./cmd/decamp/internal/cli -run TestJudging -update, and read it:\n%s", golden, err, out.Bytes())
			}
		})
	}
}

package ir

import (
	"testing"
	"time"
)

func TestBytes(t *testing.T) {
	for text, want := range map[string]Bytes{"64Mi": 64 << 20, "1.5Gi": 3 << 29, "512M": 512e6, "128K": 128e3, "128k": 128e3, "42": 42, "0": 0, "2Ti": 2 << 40} {
		have, err := ParseBytes(text)
		if err != nil || have != want {
			t.Errorf("%s: %d, %v; want %d", text, have, err, want)
		}
		if again, err := ParseBytes(have.String()); err != nil || again != have {
			t.Errorf("%s is written as %s, which is %d, %v", text, have, again, err)
		}
	}
	for _, text := range []string{"", "-1", "64MB", "64mi", "0.5", "1e3", "512m", "Mi", "9999999999Ti", "0x10"} {
		if have, err := ParseBytes(text); err == nil {
			t.Errorf("%q is taken as %d", text, have)
		}
	}
}

func TestCPU(t *testing.T) {
	for text, want := range map[string]CPU{"250m": 250, "0.25": 250, "2": 2000, "1.5": 1500, "0": 0} {
		have, err := ParseCPU(text)
		if err != nil || have != want {
			t.Errorf("%s: %d, %v; want %d", text, have, err, want)
		}
	}
	for _, text := range []string{"", "-1", "1.0001", "0.5m", "1e3", "many"} {
		if have, err := ParseCPU(text); err == nil {
			t.Errorf("%q is taken as %d", text, have)
		}
	}
	if have := CPU(250).Cores(); have != "0.25" {
		t.Errorf("250m is %s cores", have)
	}
}

func TestDuration(t *testing.T) {
	for text, want := range map[string]string{"500ms": "500ms", "90s": "1m30s", "1h": "1h", "1h30m": "1h30m", "7d": "168h", "0s": "0s"} {
		have, err := ParseDuration(text)
		if err != nil || have.String() != want {
			t.Errorf("%s: %s, %v; want %s", text, have, err, want)
		}
	}
	for _, text := range []string{"", "30", "-1s", "1.5d", "soon"} {
		if have, err := ParseDuration(text); err == nil {
			t.Errorf("%q is taken as %s", text, have)
		}
	}
	if have := Duration(1500 * time.Millisecond).Seconds(); have != 2 {
		t.Errorf("1.5 s is rounded to %d s", have)
	}
}

func TestFileMode(t *testing.T) {
	for text, want := range map[string]FileMode{"0440": 0o440, "440": 0o440, "0o440": 0o440, "4755": 0o4755} {
		if have, err := ParseFileMode(text); err != nil || have != want {
			t.Errorf("%s: %o, %v", text, have, err)
		}
	}
	for _, text := range []string{"", "999", "77777", "rw"} {
		if have, err := ParseFileMode(text); err == nil {
			t.Errorf("%q is taken as %o", text, have)
		}
	}
}

func TestAmount(t *testing.T) {
	percent, _ := ParseAmount("25%")
	for replicas, want := range map[int]int{1: 1, 3: 1, 4: 1, 5: 2, 8: 2} {
		if have := percent.Of(replicas); have != want {
			t.Errorf("25%% of %d is %d, want %d", replicas, have, want)
		}
	}
	for _, text := range []string{"", "-1", "101%", "half"} {
		if have, err := ParseAmount(text); err == nil {
			t.Errorf("%q is taken as %s", text, have)
		}
	}
}

func TestPaths(t *testing.T) {
	for _, segments := range [][]string{{"workloads", "web", "env", "A.B"}, {"a", "[", `q"uote`, ""}, {"x"}} {
		path := ""
		for _, s := range segments {
			path = JoinPath(path, s)
		}
		back := SplitPath(path)
		if len(back) != len(segments) {
			t.Fatalf("%q splits into %q", path, back)
		}
		for i := range back {
			if back[i] != segments[i] {
				t.Errorf("%q splits into %q, want %q", path, back, segments)
			}
		}
	}
	if !HasPathPrefix("a.b[0].c", "a.b") || HasPathPrefix("a.bc", "a.b") || !HasPathPrefix("a", "a") {
		t.Error("prefixes of paths end where segments end")
	}
}

package ir

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Bytes is a size of memory or storage in bytes. In a spec
// Ki, Mi, Gi, Ti are powers of 1024; K, M, G, T of 1000; a bare
// number is bytes.
type Bytes int64

// CPU is an amount of processor time in thousandths of a core.
type CPU int64

// Duration is a span of time in nanoseconds; in a spec "500ms", "10s", "1h30m".
type Duration int64

// FileMode is the permission bits of a file, written in octal ("0440").
type FileMode uint32

// Amount is a count, or a share of the replicas in percent.
type Amount struct {
	Value   int
	Percent bool
}

var byteUnits = []struct {
	suffix string
	factor int64
}{
	{"Ki", 1 << 10}, {"Mi", 1 << 20}, {"Gi", 1 << 30}, {"Ti", 1 << 40}, {"Pi", 1 << 50},
	{"k", 1e3}, {"K", 1e3}, {"M", 1e6}, {"G", 1e9}, {"T", 1e12}, {"P", 1e15},
}

// ParseBytes reads "64Mi", "1.5Gi", "512M" or "1048576". Errors: no number, an
// unknown unit, a negative, fractional or too large number of bytes.
func ParseBytes(s string) (Bytes, error) {
	number, factor := s, int64(1)
	for _, u := range byteUnits {
		if strings.HasSuffix(s, u.suffix) {
			number, factor = strings.TrimSuffix(s, u.suffix), u.factor
			break
		}
	}
	if n, err := strconv.ParseInt(number, 10, 64); err == nil {
		if n < 0 || n > math.MaxInt64/factor {
			return 0, fmt.Errorf("%q is out of range for a size", s)
		}
		return Bytes(n * factor), nil
	}
	f, err := strconv.ParseFloat(number, 64)
	if err != nil || math.IsNaN(f) || strings.ContainsAny(number, "eExXpP_") {
		return 0, fmt.Errorf("%q is not a size such as 64Mi, 2Gi, 512M or a number of bytes", s)
	}
	b := f * float64(factor)
	if b < 0 || b >= math.MaxInt64 {
		return 0, fmt.Errorf("%q is out of range for a size", s)
	}
	if b != math.Trunc(b) {
		return 0, fmt.Errorf("%q is not a whole number of bytes", s)
	}
	return Bytes(b), nil
}

// String writes the size with the largest unit that loses nothing: "256Mi".
func (b Bytes) String() string {
	for i := 4; i >= 0; i-- {
		if u := byteUnits[i]; b != 0 && int64(b)%u.factor == 0 {
			return strconv.FormatInt(int64(b)/u.factor, 10) + u.suffix
		}
	}
	for i := len(byteUnits) - 1; i >= 6; i-- {
		if u := byteUnits[i]; b != 0 && int64(b)%u.factor == 0 {
			return strconv.FormatInt(int64(b)/u.factor, 10) + u.suffix
		}
	}
	return strconv.FormatInt(int64(b), 10)
}

// ParseCPU reads cores ("0.25", "2") or thousandths ("250m"). Errors: no number,
// negative, or finer than a thousandth.
func ParseCPU(s string) (CPU, error) {
	if digits, ok := strings.CutSuffix(s, "m"); ok {
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || n < 0 {
			return 0, fmt.Errorf("%q is not an amount of CPU such as 250m or 0.25", s)
		}
		return CPU(n), nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || f < 0 || f > 1e6 || strings.ContainsAny(s, "eExXpP_") {
		return 0, fmt.Errorf("%q is not an amount of CPU such as 250m or 0.25", s)
	}
	milli := math.Round(f * 1000)
	if math.Abs(f*1000-milli) > 1e-6 {
		return 0, fmt.Errorf("%q is finer than a thousandth of a core", s)
	}
	return CPU(milli), nil
}

// String writes whole cores as "2", everything else in thousandths: "250m".
func (c CPU) String() string {
	if c%1000 == 0 {
		return strconv.FormatInt(int64(c/1000), 10)
	}
	return strconv.FormatInt(int64(c), 10) + "m"
}

// Cores writes the amount as a decimal number of cores: "0.25".
func (c CPU) Cores() string { return strconv.FormatFloat(float64(c)/1000, 'f', -1, 64) }

// ParseDuration reads "500ms", "10s", "1h30m", also with days ("7d"). A bare
// number is refused, since no two platforms agree on its unit.
func ParseDuration(s string) (Duration, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.ParseInt(days, 10, 32)
		if err != nil || n < 0 {
			return 0, fmt.Errorf("%q is not a duration such as 500ms, 10s, 1h30m or 7d", s)
		}
		return Duration(time.Duration(n) * 24 * time.Hour), nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is not a duration such as 500ms, 10s, 1h30m or 7d", s)
	}
	return Duration(d), nil
}

// Std returns the duration as the standard library's type.
func (d Duration) Std() time.Duration { return time.Duration(d) }

// Seconds returns whole seconds, rounded up: a platform that counts in seconds
// then waits long enough.
func (d Duration) Seconds() int64 {
	return int64((time.Duration(d) + time.Second - 1) / time.Second)
}

// String writes the duration without zero parts: "1h30m", "90s" as "1m30s".
func (d Duration) String() string {
	if d == 0 {
		return "0s"
	}
	s := time.Duration(d).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// ParseFileMode reads octal digits: "0440", "440", "0o440". Errors: no octal
// number, or bits beyond 07777.
func ParseFileMode(s string) (FileMode, error) {
	digits := strings.TrimPrefix(strings.TrimPrefix(s, "0o"), "0O")
	n, err := strconv.ParseUint(digits, 8, 32)
	if err != nil || n > 0o7777 {
		return 0, fmt.Errorf("%q is not a file mode in octal such as 0440", s)
	}
	return FileMode(n), nil
}

// String writes four octal digits: "0440".
func (m FileMode) String() string { return fmt.Sprintf("%04o", uint32(m)) }

// ParseAmount reads a whole number or a percentage: "2", "25%".
func ParseAmount(s string) (Amount, error) {
	digits, percent := strings.CutSuffix(s, "%")
	n, err := strconv.Atoi(digits)
	if err != nil || n < 0 || (percent && n > 100) {
		return Amount{}, fmt.Errorf("%q is not a count or a percentage such as 2 or 25%%", s)
	}
	return Amount{n, percent}, nil
}

// IsZero reports whether nothing was said.
func (a Amount) IsZero() bool { return a == Amount{} }

// Of returns the count for a number of replicas; a percentage is rounded up and
// is at least 1.
func (a Amount) Of(replicas int) int {
	if !a.Percent {
		return a.Value
	}
	return max(1, (a.Value*replicas+99)/100)
}

// String writes "2" or "25%".
func (a Amount) String() string {
	if a.Percent {
		return strconv.Itoa(a.Value) + "%"
	}
	return strconv.Itoa(a.Value)
}

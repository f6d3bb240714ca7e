package kubernetes

import (
	"fmt"
	"maps"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/decamp-dev/decamp/compiler/ir"
)

func pointer[T any](v T) *T { return &v }

func cloned(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return maps.Clone(m)
}

// optionalCount is nil for a number that was not said.
func optionalCount(n int) *int32 {
	if n == 0 {
		return nil
	}
	return pointer(int32(n))
}

// amount is a count or a percentage, or the default when nothing is said.
func amount(a ir.Amount, otherwise int32) intstr.IntOrString {
	switch {
	case a.IsZero():
		return intstr.FromInt32(otherwise)
	case a.Percent:
		return intstr.FromString(a.String())
	}
	return intstr.FromInt32(int32(a.Value))
}

// seconds returns whole seconds, rounded up, and says so where that changes something.
func (e *emitter) seconds(d ir.Duration, path string) int64 {
	if d.Std()%time.Second != 0 {
		e.note(codeRounded, path, fmt.Sprintf("%s is rounded up to %ds", d, d.Seconds()), "Kubernetes counts here in whole seconds.")
	}
	return d.Seconds()
}

func (e *emitter) optionalSeconds(d ir.Duration, path string) *int32 {
	if d == 0 {
		return nil
	}
	return pointer(int32(e.seconds(d, path)))
}

// size writes bytes as people do: the shorter of the binary and the decimal form,
// which are both exact.
func size(b ir.Bytes) resource.Quantity {
	binary := resource.NewQuantity(int64(b), resource.BinarySI)
	decimal := resource.NewQuantity(int64(b), resource.DecimalSI)
	if len(decimal.String()) < len(binary.String()) {
		return *decimal
	}
	return *binary
}

func cpu(c ir.CPU) resource.Quantity {
	return *resource.NewMilliQuantity(int64(c), resource.DecimalSI)
}

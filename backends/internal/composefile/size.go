package composefile

import (
	"strconv"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// Size writes a number of bytes as Docker reads it, where every unit is a power of
// 1024.
func Size(b ir.Bytes) string {
	for _, unit := range []struct {
		suffix string
		factor ir.Bytes
	}{{"G", 1 << 30}, {"M", 1 << 20}, {"K", 1 << 10}} {
		if b%unit.factor == 0 {
			return strconv.FormatInt(int64(b/unit.factor), 10) + unit.suffix
		}
	}
	return strconv.FormatInt(int64(b), 10)
}

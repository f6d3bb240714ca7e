package nomad

import "github.com/decamp-dev/decamp/compiler/ir"

func maximal() *ir.App { return shop() }

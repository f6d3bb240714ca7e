package nomad

import "github.com/decamp-dev/decamp/compiler/support"

func table() support.Table { return support.Table{} }

package compose

import "github.com/decamp-dev/decamp/compiler/backend"

func fieldRows() []backend.FieldRow { return nil }

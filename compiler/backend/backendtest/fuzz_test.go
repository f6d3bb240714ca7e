package backendtest

import "testing"

func FuzzMemory(f *testing.F) { FuzzEmit(f, Memory(Honest), Maximal(f)) }

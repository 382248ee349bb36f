package soak_test

import (
	"slices"
	"sync/atomic"
)

// catalogue has the operators that pipelines are made of. Each is one from
// values to values: what it makes of them otherwise is taken apart again, or
// replaced by fresh values.
var catalogue = slices.Concat(passing, cutting, folding, flattening, cuttingUp, joining, recovering, sharing, timing, pressing)

// turns counts calls, from any goroutine.
type turns struct{ n atomic.Int64 }

func (t *turns) next() int64 { return t.n.Add(1) - 1 }

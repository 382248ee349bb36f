package operators

import (
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// forward is embedded by operators that leave demand alone: the downstream
// talks to the upstream subscription directly, one hop less and nothing to get
// wrong. An operator that touches demand does not embed it, and the compiler
// then asks for every method.
type forward[R any] struct {
	link.Inside
	down observable.Subscriber[R]
}

func (f *forward[R]) OnSubscribe(up observable.Subscription) { f.down.OnSubscribe(up) }
func (f *forward[R]) OnError(err error)                      { f.down.OnError(err) }
func (f *forward[R]) OnComplete()                            { f.down.OnComplete() }

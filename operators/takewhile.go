package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/option"
	"github.com/sluicego/sluice/observable"
)

// A TakeWhileOption is an option of [TakeWhile]: [Inclusive].
type TakeWhileOption interface{ option.TakeWhile }

// Inclusive makes [TakeWhile] emit the value that ends it, too.
const Inclusive inclusion = true

type inclusion bool

func (inclusion) OptionTakeWhile(option.Seal) {}

// TakeWhile emits the values of the source for as long as p is true. At the
// first value that p refuses it cancels the source and completes.
//
//	source              -a-b-C-d-|
//	TakeWhile(isLower)  -a-b-|
//	…Inclusive          -a-b-(C|)
//
// Demand: one for one; requests reach the source unchanged.
//
// Errors: the source's, if it fails before p is false.
//
// Discards: a value that the source emits after the refused one, as late. The
// refused one has been dealt with.
//
// Scheduler: none; p runs where the source emits.
//
// TakeWhile panics if p or an option is nil.
func TakeWhile[T any](p func(T) bool, opts ...TakeWhileOption) observable.Operator[T, T] {
	if p == nil {
		panic("operators: TakeWhile with a nil predicate")
	}
	inclusive := false
	for _, opt := range opts {
		if opt == nil {
			panic("operators: TakeWhile with a nil option")
		}
		inclusive = true // there is no other option
	}
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		return &whileTaker[T]{cut: newCut(ctx, down), p: p, inclusive: inclusive}
	})
}

type whileTaker[T any] struct {
	cut[T]
	p         func(T) bool
	inclusive bool
}

func (t *whileTaker[T]) OnNext(v T) {
	if t.takes(v) {
		t.down.OnNext(v)
	}
}

// NextFunc is OnNext linked to the downstream's.
func (t *whileTaker[T]) NextFunc() func(T) bool {
	next := link.Next[T](t.down)
	return func(v T) bool { return !t.takes(v) || next(v) }
}

// takes reports whether v is passed on; if not, the stream has ended.
func (t *whileTaker[T]) takes(v T) bool {
	switch {
	case t.ended:
		t.late(v)
	case t.p(v):
		return true
	case t.inclusive:
		t.last(v)
	default:
		t.end(nil)
	}
	return false
}

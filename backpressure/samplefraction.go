package backpressure

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/option"
	"github.com/sluicego/sluice/observable"
)

// A FractionOption is an option of [SampleFraction]. [Seed] is the one there is.
type FractionOption = option.Fraction

// Seed makes [SampleFraction] choose the same values in every subscription, and
// in every run of the program.
type Seed uint64

// OptionFraction makes it an option of [SampleFraction].
func (Seed) OptionFraction(option.Seal) {}

// SampleFraction emits a share of the values of the source: each of them with
// probability p, whatever becomes of the others.
//
//	source                        -a-b-c-d-e-f-|
//	SampleFraction(0.5, Seed(1))  -a---c-d-----|
//
// Each subscription draws for itself, unless there is a [Seed].
//
// Demand: one for one; for every value it drops it requests another.
//
// Errors: the source's, unchanged.
//
// Discards: what is not in the share, as filtered.
//
// Scheduler: none.
//
// SampleFraction panics if p is not between 0 and 1, or an option is nil. With 0
// it drops every value, with 1 none.
func SampleFraction[T any](p float64, opts ...FractionOption) observable.Operator[T, T] {
	if p < 0 || p > 1 || math.IsNaN(p) {
		panic(fmt.Sprintf("backpressure: SampleFraction of a share that is not between 0 and 1 (%v)", p))
	}
	seed := rand.Uint64
	for _, opt := range opts {
		switch opt := opt.(type) {
		case Seed:
			seed = func() uint64 { return uint64(opt) }
		case nil:
			panic(nilOption("SampleFraction"))
		}
	}
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		return &fraction[T]{down: down, p: p, draw: rand.New(rand.NewPCG(seed(), 0)), discard: observable.DiscardFrom(ctx)}
	})
}

type fraction[T any] struct {
	link.Inside
	down    observable.Subscriber[T]
	up      observable.Subscription
	p       float64
	draw    *rand.Rand // the source only
	discard func(any, observable.DiscardReason)
}

func (f *fraction[T]) OnSubscribe(up observable.Subscription) {
	f.up = up
	f.down.OnSubscribe(up)
}

func (f *fraction[T]) OnNext(v T) {
	if f.keeps(v) {
		f.down.OnNext(v)
	} else {
		f.up.Request(1)
	}
}

// NextFunc is OnNext linked to the downstream's; it answers false where OnNext
// requests another value.
func (f *fraction[T]) NextFunc() func(T) bool {
	next := link.Next[T](f.down)
	return func(v T) bool { return f.keeps(v) && next(v) }
}

// keeps draws for v, and discards it if it is not in the share.
func (f *fraction[T]) keeps(v T) bool {
	if f.draw.Float64() < f.p { // which is less than 1
		return true
	}
	if f.discard != nil {
		f.discard(v, observable.DiscardFiltered)
	}
	return false
}

func (f *fraction[T]) OnError(err error) { f.down.OnError(err) }
func (f *fraction[T]) OnComplete()       { f.down.OnComplete() }

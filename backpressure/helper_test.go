package backpressure_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// A bench is one operator between a source and a subscriber that are both
// driven by hand, in virtual time. It books what is discarded.
type bench[T any] struct {
	*marbles.TestSubscriber[T]
	t         *testing.T
	src       *marbles.TestSource[T]
	clock     *scheduler.Virtual
	discarded []discarded
	dropped   []error
}

type discarded struct {
	V   any
	Why observable.DiscardReason
}

// newBench subscribes to op, requesting start at once. There is no gate between
// the two, so that nobody hides what op does wrong. The hooks are for tests on
// one goroutine.
func newBench[T any](t *testing.T, start int64, op observable.Operator[T, T], how ...marbles.Misbehaviour) *bench[T] {
	t.Helper()
	b, ctx := idleBench[T](t, start, how)
	op(b.src.Observable).Subscribe(ctx, b.TestSubscriber)
	return b
}

// newGatedBench subscribes to op as an outside subscriber, whose bad requests
// are noticed.
func newGatedBench[T any](t *testing.T, start int64, op observable.Operator[T, T]) *bench[T] {
	t.Helper()
	b, ctx := idleBench[T](t, start, nil)
	op(b.src.Observable).Subscribe(ctx, b.Outside())
	return b
}

func idleBench[T any](t *testing.T, start int64, how []marbles.Misbehaviour) (*bench[T], context.Context) {
	t.Helper()
	b := &bench[T]{
		TestSubscriber: marbles.NewTestSubscriber[T](t, start),
		t:              t,
		src:            marbles.NewTestSource[T](how...),
		clock:          scheduler.NewVirtual(),
	}
	ctx := scheduler.With(context.Background(), b.clock)
	ctx = observable.WithDiscard(ctx, func(v any, why observable.DiscardReason) {
		b.discarded = append(b.discarded, discarded{v, why})
	})
	ctx = observable.WithDroppedError(ctx, func(err error) { b.dropped = append(b.dropped, err) })
	return b, ctx
}

// next emits values in one instant.
func (b *bench[T]) next(values ...T) {
	for _, v := range values {
		b.src.Next(v)
	}
}

// pass lets n milliseconds pass.
func (b *bench[T]) pass(n int) { b.clock.AdvanceBy(time.Duration(n) * time.Millisecond) }

// got compares what was delivered so far.
func (b *bench[T]) got(want ...T) {
	b.t.Helper()
	if got := b.Values(); !slices.EqualFunc(got, want, func(a, b T) bool { return cmp.Equal(a, b) }) {
		b.t.Errorf("delivered %v, want %v", got, want)
	}
}

// lost compares what was discarded so far, all for one reason.
func (b *bench[T]) lost(why observable.DiscardReason, want ...T) {
	b.t.Helper()
	var all []discarded
	for _, v := range want {
		all = append(all, discarded{v, why})
	}
	if d := cmp.Diff(all, b.discarded); d != "" {
		b.t.Errorf("discarded (-want +got):\n%s", d)
	}
}

// reported checks that err, and nothing else, went to the hook for errors that
// nobody can receive.
func (b *bench[T]) reported(err error) {
	b.t.Helper()
	if len(b.dropped) != 1 || !errors.Is(b.dropped[0], err) {
		b.t.Errorf("the hook for dropped errors got %v, want %v", b.dropped, err)
	}
}

// live checks that no terminal has come.
func (b *bench[T]) live() {
	b.t.Helper()
	if ended, err := b.Ended(); ended {
		b.t.Errorf("ended with %v, want it to go on", err)
	}
}

// completed checks that the stream has completed, and left no timer behind.
func (b *bench[T]) completed() {
	b.t.Helper()
	if ended, err := b.Ended(); !ended || err != nil {
		b.t.Errorf("ended %t with error %v, want completion", ended, err)
	}
	b.still()
}

// still checks that no timer runs.
func (b *bench[T]) still() {
	b.t.Helper()
	if n := b.clock.Pending(); n != 0 {
		b.t.Errorf("%d timers are left", n)
	}
}

// failed checks that the stream has failed.
func (b *bench[T]) failed() {
	b.t.Helper()
	_ = b.failure()
}

// failure returns the error that ended the stream.
func (b *bench[T]) failure() error {
	b.t.Helper()
	ended, err := b.Ended()
	if !ended || err == nil {
		b.t.Fatalf("ended %t with error %v, want an error", ended, err)
	}
	b.still()
	return err
}

const ms = time.Millisecond

// A named is an operator in a table.
type named[T any] struct {
	name string
	op   observable.Operator[T, T]
}

// dropping returns the operators of the package that a source can overrun.
func dropping[T any]() []named[T] {
	return []named[T]{
		{"Buffer", backpressure.OnBackpressureBuffer[T](3)},
		{"Buffer/DropOldest", backpressure.OnBackpressureBuffer[T](3, backpressure.DropOldest)},
		{"Buffer/DropNewest", backpressure.OnBackpressureBuffer[T](2, backpressure.DropNewest)},
		{"Buffer/ReplaceNewest", backpressure.OnBackpressureBuffer[T](1, backpressure.ReplaceNewest)},
		{"Buffer/Unlimited", backpressure.OnBackpressureBuffer[T](0, backpressure.Unlimited)},
		{"Buffer/FailFast", backpressure.OnBackpressureBuffer[T](3, backpressure.FailFast)},
		{"Buffer/TTL", backpressure.OnBackpressureBuffer[T](3, backpressure.TTL(3*ms))},
		{"Drop", backpressure.OnBackpressureDrop[T]()},
		{"Latest", backpressure.OnBackpressureLatest[T]()},
		{"Error", backpressure.OnBackpressureError[T]},
		{"Block", backpressure.OnBackpressureBlock[T](64)}, // never full: most tests have one goroutine
		{"Debounce", backpressure.Debounce[T](2 * ms)},
		{"Debounce(0)", backpressure.Debounce[T](0)},
		{"Sample", backpressure.Sample[T](2 * ms)},
		{"Throttle/Leading", backpressure.Throttle[T](2 * ms)},
		{"Throttle/Trailing", backpressure.Throttle[T](2*ms, backpressure.Trailing)},
		{"Throttle/both", backpressure.Throttle[T](2*ms, backpressure.Leading, backpressure.Trailing)},
		{"Audit", backpressure.Audit[T](2 * ms)},
		{"Audit(0)", backpressure.Audit[T](0)},
		{"AuditWhen", backpressure.AuditWhen(after2[T])},
		{"DebounceWhen", backpressure.DebounceWhen(after2[T])},
		{"ThrottleWhen/Leading", backpressure.ThrottleWhen(after2[T])},
		{"ThrottleWhen/Trailing", backpressure.ThrottleWhen(after2[T], backpressure.Trailing)},
		{"ThrottleWhen/both", backpressure.ThrottleWhen(after2[T], backpressure.Leading, backpressure.Trailing)},
		{"SampleWhen", backpressure.SampleWhen[T](observable.Interval(2 * ms))},
	}
}

// after2 is the cue of every value.
func after2[T any](T) observable.Observable[int] { return observable.Timer(2 * ms) }

// all adds the one that makes a value of two.
func all() []named[int] {
	newer := func(_, v int) int { return v }
	return append(dropping[int](), named[int]{"Reduce", backpressure.OnBackpressureReduce(newer)})
}

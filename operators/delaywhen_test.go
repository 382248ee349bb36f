package operators_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"
	"weak"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// The first value of f(v) is the moment; without one v is dropped.
func TestDelayWhen(t *testing.T) {
	for _, tt := range []struct{ source, a, b, lane, want, subs string }{
		{"-a-b-----|", "---x|", "x|", "^", "---ba----|", "^--------!"},
		{"-a-b|", "-----x|", "-x|", "^", "----b-(a|)", "^---!"},
		{"-a-b|", "--x-y-|", "--x#", "^", "---a-(b|)", "^---!"},
		{"-a-b|", "-----|", "-x|", "^", "----b-|", "^---!"}, // a is dropped
		{"-a-b-", "--------", "-#", "^", "----#", "^---!"},
		{"-a-#", "--------", "-#", "^", "---#", "^--!"},
		{"-a-b-", "--------", "-x", "^----!", "----b-", "^----!"},
		{"|", "x|", "x|", "^", "|", "(^!)"},
		{"-a-|", "(x|)", "x|", "^", "-a-|", "^--!"},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			src := marbles.Hot[string](m, tt.source)
			rows := map[string]stream{"a": marbles.Cold[string](m, tt.a).Observable, "b": marbles.Cold[string](m, tt.b).Observable}
			out := operators.DelayWhen(func(name string) stream { return rows[name] })(src.Observable)
			marbles.Expect(m, out).Named(fmt.Sprint(tt.source, " ", tt.a, " ", tt.b)).Demand(tt.lane).ToBe(tt.want)
			src.ExpectSubscriptions(tt.subs)
		})
	}
}

// A notifier is cancelled at its first value, and with the stream.
func TestDelayWhenCancelsNotifiers(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src, o := marbles.Hot[string](m, "-a-b-"), marbles.Cold[string](m, "--x--y-")
		out := operators.DelayWhen(func(string) stream { return o.Observable })(src.Observable)
		marbles.Expect(m, out).Demand("^---!").ToBe("---a-")
		o.ExpectSubscriptions("-^-!", "---^!")
	})
}

// A value whose time has come waits for demand, and keeps its place in the
// window; the end waits for it.
func TestDelayWhenDemand(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Pull[string](m, "abc|")
		rows := map[string]stream{
			"a": marbles.Cold[string](m, "---x").Observable,
			"b": marbles.Cold[string](m, "-x").Observable,
			"c": marbles.Cold[string](m, "-x").Observable,
		}
		out := operators.DelayWhen(func(name string) stream { return rows[name] }, operators.Concurrency(2))(src.Observable)
		marbles.Expect(m, out).Demand("--^--1-1-1").ToBe("-----b-a-(c|)")
		src.ExpectDemand("--[^2]--(1!)")
	})
}

// L9: a value that is held is discarded with the reason; one that has no moment
// is filtered.
func TestDelayWhenDiscards(t *testing.T) {
	for why, finish := range map[observable.DiscardReason]func(src *marbles.TestSource[*marbles.Tracked], o *marbles.TestSource[int], sub *marbles.TestSubscriber[*marbles.Tracked]){
		observable.DiscardCancel: func(_ *marbles.TestSource[*marbles.Tracked], _ *marbles.TestSource[int], sub *marbles.TestSubscriber[*marbles.Tracked]) {
			sub.CancelInside()
		},
		observable.DiscardError: func(src *marbles.TestSource[*marbles.Tracked], _ *marbles.TestSource[int], _ *marbles.TestSubscriber[*marbles.Tracked]) {
			src.Error(errTest)
		},
		observable.DiscardFiltered: func(_ *marbles.TestSource[*marbles.Tracked], o *marbles.TestSource[int], _ *marbles.TestSubscriber[*marbles.Tracked]) {
			o.Complete()
		},
	} {
		ledger, src, o := marbles.NewLedger(t), marbles.NewTestSource[*marbles.Tracked](), marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[*marbles.Tracked](t, observable.Unbounded)
		hold := operators.DelayWhen(func(*marbles.Tracked) observable.Observable[int] { return o.Observable })
		hold(src.Observable).Subscribe(ledger.Context(t.Context()), sub)
		for range 3 {
			src.Next(ledger.Produce())
		}
		finish(src, o, sub)
		if n := ledger.Discarded(why); n != 3 || o.Active() != 0 {
			t.Errorf("%v: %d discarded, %d notifiers left; want 3 and none", why, n, o.Active())
		}
		sub.Cancel()
	}
}

// Behaviour 15: a cancel inside a value is the end, whatever is held.
func TestBehaviour15_DelayWhenCancelInsideOnNext(t *testing.T) {
	ledger, src, o := marbles.NewLedger(t), marbles.NewTestSource[*marbles.Tracked](), marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[*marbles.Tracked](t, observable.Unbounded)
	sub.Each = func(v *marbles.Tracked) {
		ledger.Deliver(v)
		sub.CancelInside()
	}
	hold := operators.DelayWhen(func(*marbles.Tracked) observable.Observable[int] { return o.Observable })
	hold(src.Observable).Subscribe(ledger.Context(t.Context()), sub)
	for range 3 {
		src.Next(ledger.Produce())
	}
	o.Next(1)
	if n := ledger.Discarded(observable.DiscardCancel); n != 2 || src.Cancels() != 1 || o.Active() != 0 {
		t.Errorf("%d discarded, %d cancels, %d notifiers left; want 2, 1 and none", n, src.Cancels(), o.Active())
	}
}

// Behaviour 29: f panics, subscribing to f(v) does, or what is below, where
// the notifier emits. The values held are discarded, once.
func TestBehaviour29_DelayWhenPanics(t *testing.T) {
	bothWays(t, func() {
		for name, tt := range map[string]struct {
			f         func(o stream, id int) stream
			delivered int
		}{
			"f": {func(o stream, id int) stream {
				explode(id)
				return o
			}, 0},
			"subscribing": {func(o stream, id int) stream {
				if id == 2 {
					return operators.Map(func(int) string { return "" })(panicsInSubscribe())
				}
				return o
			}, 0},
			"below": {func(o stream, id int) stream {
				if id == 2 {
					return observable.Of("now")
				}
				return o
			}, 1},
		} {
			ledger, o := marbles.NewLedger(t), marbles.NewTestSource[string]()
			sub := marbles.NewTestSubscriber[*marbles.Tracked](t, observable.Unbounded)
			sub.Each = func(v *marbles.Tracked) {
				ledger.Deliver(v)
				panic("boom")
			}
			src := operators.Map(func(int) *marbles.Tracked { return ledger.Produce() })(observable.Range(0, 9))
			hold := operators.DelayWhen(func(v *marbles.Tracked) stream { return tt.f(o.Observable, v.ID) })
			hold(src).Subscribe(ledger.Context(t.Context()), sub)
			_, err := sub.Ended()
			if _, ok := errors.AsType[*observable.PanicError](err); !ok || len(sub.Values()) != tt.delivered || o.Active() != 0 {
				t.Errorf("%s: ended with %v after %d values, %d notifiers left", name, err, len(sub.Values()), o.Active())
			}
		}
		src, o := marbles.NewTestSource[int](), marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
		sub.Each = func(int) { panic("boom") }
		operators.DelayWhen(func(int) observable.Observable[int] { return o.Observable })(src.Observable).Subscribe(t.Context(), sub)
		src.Next(1)
		o.Next(1)
		wantPanic(t, "below, later", sub, 1)
		if src.Cancels() != 1 {
			t.Errorf("%d cancels, want 1", src.Cancels())
		}
	})
}

// Behaviour 19, L9: the moment, its end and a cancel at once.
func TestDelayWhenRace(t *testing.T) {
	ledger := marbles.NewLedger(t)
	ctx := observable.WithDroppedError(ledger.Context(t.Context()), func(error) {}) // of the loser
	marbles.Race(600, func(round int) ([]func(), func()) {
		src, a, b := marbles.NewTestSource[*marbles.Tracked](), marbles.NewTestSource[int](), marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[*marbles.Tracked](t, 1)
		sub.Each = ledger.Deliver
		notifiers := []observable.Observable[int]{a.Observable, b.Observable}
		hold := operators.DelayWhen(func(*marbles.Tracked) observable.Observable[int] {
			next := notifiers[0]
			notifiers = notifiers[1:]
			return next
		})
		hold(src.Observable).Subscribe(ctx, sub.Outside())
		src.Next(ledger.Produce())
		src.Next(ledger.Produce())
		last := []func(){sub.Cancel, b.Complete, func() { b.Error(errTest) }}[round%3]
		return []func(){func() { a.Next(1) }, last}, func() {
			sub.Cancel()
			if src.Cancels() != 1 || a.Active()+b.Active() != 0 {
				t.Errorf("%d cancels, %d notifiers left; want 1 and none", src.Cancels(), a.Active()+b.Active())
			}
		}
	})
}

// Behaviour 30: nothing is kept of a value that was delivered.
func TestBehaviour30_DelayWhenForgets(t *testing.T) {
	src := marbles.NewTestSource[*[64]byte]()
	var refs []weak.Pointer[[64]byte]
	up := &forgetful{refs: &refs}
	operators.DelayWhen(func(*[64]byte) observable.Observable[int] { return observable.Of(1) })(src.Observable).Subscribe(t.Context(), up)
	up.sub.Request(2)
	src.Next(new([64]byte))
	src.Next(new([64]byte))
	runtime.GC()
	if alive := slices.IndexFunc(refs, func(ref weak.Pointer[[64]byte]) bool { return ref.Value() != nil }); alive >= 0 || len(refs) != 2 {
		t.Errorf("value %d of %d is still reachable after its delivery", alive, len(refs))
	}
	up.sub.Cancel()
	runtime.KeepAlive(src)
}

func ExampleDelayWhen() {
	later := func(n int) observable.Observable[int] { return observable.Timer(time.Duration(n) * time.Millisecond) }
	o := operators.DelayWhen(later)(observable.Of(100, 0, 200))
	fmt.Println(o.Collect(context.Background()))
	// Output: [0 100 200] <nil>
}

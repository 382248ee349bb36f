package operators_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

func TestBackoff(t *testing.T) {
	const ms = time.Millisecond
	fails := func(err error) bool { return errors.Is(err, marbles.ErrMarble) }
	for _, tt := range []struct {
		name, source, want string
		tries              int
		opts               []operators.RetryOption
		subs               []string
	}{
		{
			name: "doubling, up to the max", tries: 4, opts: []operators.RetryOption{operators.Backoff(ms, 3*ms)},
			source: "a#", want: "a-a--a---a---a#",
			subs: []string{"^!", "--^!", "-----^!", "---------^!", "-------------^!"},
		},
		{
			name: "constant", tries: 2, opts: []operators.RetryOption{operators.Backoff(2*ms, 2*ms)},
			source: "-a#", want: "-a---a---a#",
			subs: []string{"^-!", "----^-!", "--------^-!"},
		},
		{
			name: "zero", tries: 1, opts: []operators.RetryOption{operators.Backoff(0, 0)},
			source: "-a#", want: "-a-a#",
			subs: []string{"^-!", "--^-!"},
		},
		{
			name: "a completion", tries: 1, opts: []operators.RetryOption{operators.Backoff(ms, ms)},
			source: "-a|", want: "-a|",
			subs: []string{"^-!"},
		},
		{
			name: "a predicate", tries: 1, opts: []operators.RetryOption{operators.Backoff(ms, ms), operators.RetryIf(fails)},
			source: "-a#", want: "-a--a#",
			subs: []string{"^-!", "---^-!"},
		},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			src := marbles.Cold[string](m, tt.source)
			marbles.Expect(m, operators.Retry[string](tt.tries, tt.opts...)(src.Observable)).Named(tt.name).ToBe(tt.want)
			src.ExpectSubscriptions(tt.subs...)
		})
	}
}

// A hurry is a scheduler that notes delays and does not wait for them.
type hurry struct {
	*scheduler.Virtual
	delays []time.Duration
}

func (h *hurry) After(d time.Duration, f func()) (stop func() bool) {
	h.delays = append(h.delays, d)
	return h.Virtual.After(0, f)
}

// delays returns how long Retry waits before each of n tries.
func delays(n int, opts ...operators.RetryOption) []time.Duration {
	h := &hurry{Virtual: clock()}
	o := operators.Retry[int](n, append(opts, scheduler.On(h))...)(observable.Throw[int](errTest))
	o.Subscribe(context.Background(), &sink{got: new(outcome)})
	for h.Next() {
	}
	return h.delays
}

// Doubling does not overflow, and what would is the max.
func TestBackoffOverflow(t *testing.T) {
	const top = math.MaxInt64
	for _, tt := range []struct{ min, max, last time.Duration }{
		{1, top, 1 << 62}, // the 63rd delay
		{3, top, top},
		{1 << 61, 1 << 61, 1 << 61},
		{1 << 62, top, top},
		{top, top, top},
	} {
		got := delays(63, operators.Backoff(tt.min, tt.max))
		if len(got) != 63 || got[0] != tt.min || got[62] != tt.last || !slices.IsSorted(got) {
			t.Errorf("Backoff(%d, %d): %d delays, from %d to %d; want 63, rising from %d to %d", tt.min, tt.max, len(got), got[0], got[62], tt.min, tt.last)
		}
	}
	if got := delays(70, operators.Backoff(1, top)); got[63] != top || got[69] != top {
		t.Errorf("after more than 63 failures: %v, want the max", got[63:])
	}
}

// The delay is in [min, max], and within the fraction of what it would be
// without jitter, to the nanosecond.
func TestJitter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var (
			min      = time.Duration(rapid.Int64Range(1, math.MaxInt64).Draw(t, "min"))
			max      = time.Duration(rapid.Int64Range(int64(min), math.MaxInt64).Draw(t, "max"))
			fraction = rapid.Float64Range(0, 1).Draw(t, "fraction")
			random   = rapid.Float64Range(0, 1-1e-16).Draw(t, "random")
		)
		plain := delays(8, operators.Backoff(min, max))
		for _, opt := range []operators.BackoffOption{
			operators.Jitter(fraction),
			operators.JitterFrom(fraction, func() float64 { return random }),
		} {
			for i, d := range delays(8, operators.Backoff(min, max, opt)) {
				off := (d - plain[i]).Abs() // exact; as a float64 it need not be
				if d < min || d > max || float64(off) > fraction*float64(plain[i])+1 {
					t.Errorf("delay %d is %d, of %d without jitter; want it in [%d, %d] and no further than %v of itself", i, d, plain[i], min, max, fraction)
				}
			}
		}
	})
}

// Jitter of a short delay is not rounded away, and is spread over both sides.
func TestJitterIsUniform(t *testing.T) {
	const n = 4000
	seeded := rand.New(rand.NewPCG(1, 2))
	got := delays(n, operators.Backoff(500, 1000, operators.JitterFrom(0.2, seeded.Float64)))[1:] // at 1000, the max
	below := 0
	for _, d := range got {
		if d < 900 {
			below++
		}
	}
	// Of ±200 around 1000, the upper half becomes 1000; a quarter is below 900.
	if share := float64(below) / n; share < 0.22 || share > 0.28 {
		t.Errorf("%.3f of the delays are below 900ns, want a quarter", share)
	}
	again := rand.New(rand.NewPCG(1, 2))
	if second := delays(n, operators.Backoff(500, 1000, operators.JitterFrom(0.2, again.Float64)))[1:]; !slices.Equal(got, second) {
		t.Error("the same seed gave other delays")
	}
}

func TestRetryIf(t *testing.T) {
	other := errors.New("other")
	bothWays(t, func() {
		onlyTest := operators.RetryIf(func(err error) bool { return errors.Is(err, errTest) })
		check(t, "RetryIf, true", end(operators.Retry[int](2, onlyTest)(failsBefore(2))), nil, 1, 2, 1, 2)
		check(t, "RetryIf, false", end(operators.Retry[int](2, onlyTest)(observable.Throw[int](other))), other)
		calls := 0
		counting := operators.RetryIf(func(error) bool { calls++; return true })
		check(t, "RetryIf, exhausted", end(operators.Retry[int](1, counting)(failsBefore(9))), errTest, 1, 2, 1, 2)
		if calls != 1 {
			t.Errorf("the predicate was asked %d times for one retry, want once", calls)
		}
		last := operators.Retry[int](2, counting, onlyTest)
		check(t, "RetryIf twice: the last one counts", end(last(observable.Throw[int](other))), other)
	})
}

func TestResetOnValue(t *testing.T) {
	// Two failures in a row, then a value and a failure, four times over.
	newSource := func() observable.Observable[int] {
		tries := 0
		return observable.Defer(func(context.Context) observable.Observable[int] {
			if tries++; tries%3 != 0 {
				return observable.Throw[int](errTest)
			}
			if tries == 12 {
				return observable.Of(12)
			}
			return operators.Concat(observable.Of(tries), observable.Throw[int](errTest))
		})
	}
	bothWays(t, func() {
		check(t, "without ResetOnValue", end(operators.Retry[int](3)(newSource())), errTest, 3)
		check(t, "with ResetOnValue", end(operators.Retry[int](3, operators.ResetOnValue)(newSource())), nil, 3, 6, 9, 12)
		check(t, "with ResetOnValue, too few", end(operators.Retry[int](1, operators.ResetOnValue)(newSource())), errTest)
		// A value that the downstream does not count is one all the same.
		none := operators.Filter(func(v int) bool { return v == 12 })
		check(t, "below a Filter", end(none(operators.Retry[int](3, operators.ResetOnValue)(newSource()))), nil, 12)
	})
	got := delays(3, operators.Backoff(time.Second, time.Hour), operators.ResetOnValue)
	if want := []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}; !slices.Equal(got, want) {
		t.Errorf("delays without a value %v, want %v", got, want)
	}
}

// The delay starts again, too.
func TestResetOnValueResetsBackoff(t *testing.T) {
	h, src := &hurry{Virtual: clock()}, marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[int](t, 9)
	op := operators.Retry[int](operators.Forever, operators.Backoff(1, 100), operators.ResetOnValue, scheduler.On(h))
	op(src.Observable).Subscribe(t.Context(), sub)
	for _, value := range []bool{false, false, false, true, false} {
		if value {
			src.Next(1)
		}
		src.Error(errTest)
		h.AdvanceBy(0)
	}
	if want := []time.Duration{1, 2, 4, 1, 2}; !slices.Equal(h.delays, want) {
		t.Errorf("delays %v, want %v", h.delays, want)
	}
	sub.Cancel()
}

// Behaviour 29: what panics in an option ends the stream, whatever Panics says.
func TestBehaviour29_RetryOptionsPanic(t *testing.T) {
	for name, opt := range map[string]operators.RetryOption{
		"RetryIf":    operators.RetryIf(func(error) bool { panic("boom") }),
		"JitterFrom": operators.Backoff(1, 1, operators.JitterFrom(1, func() float64 { panic("boom") })),
	} {
		var dropped []error
		ctx := observable.WithDroppedError(t.Context(), func(err error) { dropped = append(dropped, err) })
		sub := marbles.NewTestSubscriber[int](t, 1)
		operators.Retry[int](5, opt, operators.Panics())(observable.Throw[int](errTest)).Subscribe(ctx, sub)
		_, err := sub.Ended()
		if _, ok := errors.AsType[*observable.PanicError](err); !ok {
			t.Errorf("%s: ended with %v, want a PanicError", name, err)
		}
		if name == "RetryIf" && (len(dropped) != 1 || !errors.Is(dropped[0], errTest)) {
			t.Errorf("%s: dropped %v, want the error that it was asked about", name, dropped)
		}
	}
}

func ExampleBackoff() {
	tries := 0
	connect := observable.Defer(func(context.Context) observable.Observable[string] {
		if tries++; tries < 4 {
			return observable.Throw[string](errors.New("no connection"))
		}
		return observable.Of("hello")
	})
	o := operators.Retry[string](10, operators.Backoff(time.Millisecond, time.Minute, operators.Jitter(0.5)))(connect)
	fmt.Println(o.Collect(context.Background()))
	// Output: [hello] <nil>
}

func ExampleJitterFrom() {
	seeded := rand.New(rand.NewPCG(1, 2)) // the same delays in each run
	o := operators.Retry[int](2, operators.Backoff(time.Millisecond, time.Second, operators.JitterFrom(0.5, seeded.Float64)))
	_, err := o(observable.Throw[int](errors.New("no connection"))).Collect(context.Background())
	fmt.Println(err)
	// Output: no connection
}

func ExampleRetryIf() {
	errBusy, errGone := errors.New("busy"), errors.New("gone")
	tries := 0
	ask := observable.Defer(func(context.Context) observable.Observable[int] {
		if tries++; tries < 3 {
			return observable.Throw[int](errBusy)
		}
		return observable.Throw[int](errGone)
	})
	busy := operators.RetryIf(func(err error) bool { return errors.Is(err, errBusy) })
	_, err := operators.Retry[int](operators.Forever, busy)(ask).Collect(context.Background())
	fmt.Println(tries, err)
	// Output: 3 gone
}

func ExampleRetryMode() {
	tries := 0
	flaky := observable.Defer(func(context.Context) observable.Observable[int] {
		tries++
		return operators.StartWith(tries)(observable.Throw[int](errors.New("connection lost")))
	})
	o := observable.Pipe2(flaky, operators.Retry[int](1, operators.ResetOnValue), operators.Take[int](4))
	fmt.Println(o.Collect(context.Background())) // no failure comes right after another
	// Output: [1 2 3 4] <nil>
}

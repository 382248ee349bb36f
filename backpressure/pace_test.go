package backpressure_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

func ExamplePace() {
	clock := scheduler.NewVirtual()
	ctx := scheduler.With(context.Background(), clock)
	pages := observable.Of("/", "/about", "/blog", "/contact")
	observable.Pipe1(pages, backpressure.Pace[string](10, 2)).Subscribe(ctx, printer{clock})
	clock.AdvanceBy(time.Second)
	// Output:
	// 0s /
	// 0s /about
	// 100ms /blog
	// 200ms /contact
	// done
}

// A till is a source that never emits, and writes down what is requested of it
// and when: "0s:2 1ms:1".
type till struct {
	clock *scheduler.Virtual
	notes []string
	sum   int64
}

func (s *till) observable() observable.Observable[int] {
	return observable.New(func(_ context.Context, down observable.Subscriber[int]) { down.OnSubscribe(s) })
}

func (s *till) Request(n int64) {
	s.notes = append(s.notes, fmt.Sprintf("%v:%d", s.clock.Elapsed(), n))
	s.sum += n
}

func (*till) Cancel() {}

// newTill subscribes to a till by way of pace.
func newTill(t *testing.T, pace observable.Operator[int, int]) (*till, *marbles.TestSubscriber[int]) {
	t.Helper()
	s, sub := &till{clock: scheduler.NewVirtual()}, marbles.NewTestSubscriber[int](t, 0)
	pace(s.observable()).Subscribe(scheduler.With(t.Context(), s.clock), sub)
	return s, sub
}

func (s *till) expect(t *testing.T, want string) {
	t.Helper()
	if got := strings.Join(s.notes, " "); got != want {
		t.Errorf("requested %s, want %s", got, want)
	}
	s.notes = nil
}

// Behaviour 38: a token comes at its very instant.
func TestBehaviour38_PaceOfTokens(t *testing.T) {
	const all = observable.Unbounded
	for _, test := range []struct {
		name      string
		perSecond float64
		burst     int
		requests  map[int]int64 // by the millisecond
		want      string        // within 5 ms
	}{
		{"one each millisecond", 1000, 1, map[int]int64{0: all}, "0s:1 1ms:1 2ms:1 3ms:1 4ms:1 5ms:1"},
		{"a burst", 1000, 3, map[int]int64{0: all}, "0s:3 1ms:1 2ms:1 3ms:1 4ms:1 5ms:1"},
		{"no more than is requested", 1000, 3, map[int]int64{0: 2, 1: 1, 2: 9}, "0s:2 1ms:1 2ms:2 3ms:1 4ms:1 5ms:1"},
		{"demand for which there is no token adds up", 500, 1, map[int]int64{0: 1, 1: 2, 3: 1}, "0s:1 2ms:1 4ms:1"},
		{"the bucket is full before the first request", 1000, 2, map[int]int64{2: all}, "2ms:2 3ms:1 4ms:1 5ms:1"},
		{"what exceeds the bucket is lost", 400, 1, map[int]int64{0: 1, 3: 2}, "0s:1 3ms:1"}, // not 5ms:1, the next but one
		{"a token takes its time from when it is missing", 500, 2, map[int]int64{0: 1, 1: 2}, "0s:1 1ms:1 2ms:1"},
		{"a fraction of a token is kept", 500, 2, map[int]int64{0: 2, 3: 1, 4: 1}, "0s:2 3ms:1 4ms:1"},
		{"a thousandth of a token a second", 0.001, 1, map[int]int64{0: 1, 1: 1}, "0s:1"},
		{"two in a millisecond", 2000, 1, map[int]int64{0: all}, "0s:1 1ms:2 2ms:2 3ms:2 4ms:2 5ms:2"},
		{"two in a millisecond, one at a time", 2000, 1, map[int]int64{0: 2}, "0s:1 500µs:1"},
		{"a billion a second", 1e9, 1, map[int]int64{0: 2_000_000}, "0s:1 1ms:1000000 1.999999ms:999999"},
		{"a billion at once", 1e9, 2_000_000_000, map[int]int64{0: 3_000_000, 2: 1}, "0s:3000000 2ms:1"},
		{"more than the clock can tell apart", 1e12, 1, map[int]int64{0: 1_500_000_000}, "0s:1 1ms:1000000001 1.5ms:499999998"},
		{"as fast as can be written", math.MaxFloat64, 1, map[int]int64{0: 10, 1: 10}, "0s:1 1ns:9 1ms:1 1.000001ms:9"},
		{"as slowly as can be written", math.SmallestNonzeroFloat64, 1, map[int]int64{0: 10}, "0s:1"},
		{"a bucket without end", 1, math.MaxInt, map[int]int64{0: 10, 1: all}, "0s:10 1ms:1152921504606846966"},
	} {
		t.Run(test.name, func(t *testing.T) {
			src, sub := newTill(t, backpressure.Pace[int](test.perSecond, test.burst))
			for at := range 6 {
				if n := test.requests[at]; n > 0 {
					sub.Request(n)
				}
				if at < 5 {
					src.clock.AdvanceBy(ms)
				}
			}
			src.expect(t, test.want)
			sub.Cancel()
			if n := src.clock.Pending(); n != 0 {
				t.Errorf("%d timers are left", n)
			}
		})
	}
}

// The instants do not drift: each is the nearest nanosecond to where it belongs.
func TestPaceDoesNotDrift(t *testing.T) {
	for _, perSecond := range []int{3, 7, 75, 999, 1001, 12_345, 999_999_937} {
		src, sub := newTill(t, backpressure.Pace[int](float64(perSecond), 1))
		sub.Request(observable.Unbounded)
		for second := range 5 {
			src.clock.AdvanceBy(time.Second - 1)
			src.clock.AdvanceBy(1)
			if want := int64(1 + (second+1)*perSecond); src.sum > want || src.sum < want-int64(perSecond/1000) {
				t.Errorf("%d a second: %d were requested within %d s, want %d", perSecond, src.sum, second+1, want)
			}
		}
		sub.Cancel()
	}
	src, sub := newTill(t, backpressure.Pace[int](75, 1))
	sub.Request(observable.Unbounded)
	src.clock.AdvanceBy(10*time.Minute - 1)
	src.notes = nil
	src.clock.AdvanceBy(time.Second / 75)
	src.expect(t, "10m0s:1")
	sub.Cancel()
}

// A tardy scheduler rings late, or early.
type tardy struct {
	*scheduler.Virtual
	rings func(time.Duration) time.Duration
}

func (s tardy) After(d time.Duration, f func()) (stop func() bool) {
	return s.Virtual.After(s.rings(d), f)
}

// What came while the timer was late counts, and the next one is not late for it.
func TestPaceOfALateTimer(t *testing.T) {
	late := func(by time.Duration) func(time.Duration) time.Duration {
		return func(d time.Duration) time.Duration { return d + by }
	}
	for _, test := range []struct {
		name  string
		rings func(time.Duration) time.Duration
		want  string
	}{
		{"a little", late(200 * time.Microsecond), "0s:1 1.2ms:1 2.2ms:1 3.2ms:1"},
		{"by more than a token", late(1500 * time.Microsecond), "0s:1 2.5ms:2 4.5ms:2"},
		{"by several", late(7 * ms), "0s:1 8ms:8 16ms:8"},
		{"by so much that the program stood still", late(100 * ms), "0s:1 101ms:10 202ms:10"},
		{"early", func(d time.Duration) time.Duration { return (d + 1) / 2 }, "0s:1 1ms:1 2ms:1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			src, sub := &till{clock: scheduler.NewVirtual()}, marbles.NewTestSubscriber[int](t, observable.Unbounded)
			pace := backpressure.Pace[int](1000, 1, scheduler.On(tardy{src.clock, test.rings}))
			pace(src.observable()).Subscribe(t.Context(), sub)
			for len(src.notes) < strings.Count(test.want, ":") {
				src.clock.Next()
			}
			src.expect(t, test.want)
			sub.Cancel()
		})
	}
}

// There is one timer, and only while demand waits for a token.
func TestPaceHasOneTimer(t *testing.T) {
	timers := func(b *bench[int], want int) {
		t.Helper()
		if n := b.clock.Pending(); n != want {
			t.Errorf("%d timers, want %d", n, want)
		}
	}
	start := func() *bench[int] {
		b := newBench(t, 0, backpressure.Pace[int](1000, 2))
		timers(b, 0)
		b.Request(2)
		timers(b, 0) // nothing waits
		b.Request(1)
		b.Request(1)
		timers(b, 1)
		return b
	}
	b := start()
	b.pass(2)
	timers(b, 0)

	b = start()
	b.src.Complete()
	b.completed()

	b = start()
	b.src.Error(errSource)
	b.failed()

	b = start()
	b.Cancel()
	b.still()
	b.Request(9)
	b.still()

	b = newGatedBench(t, 0, backpressure.Pace[int](1000, 1))
	b.Request(2)
	b.Request(-1)
	b.failed()
}

// Unbounded demand does not reach the source, however large the burst.
func TestPaceKeepsUnboundedDemand(t *testing.T) {
	b := newBench(t, observable.Unbounded, backpressure.Pace[int](1e9, math.MaxInt))
	b.pass(1000)
	if got := b.src.Requests(); slices.Contains(got, observable.Unbounded) {
		t.Errorf("requested %v", got)
	}
	b.Cancel()
}

// What the subscriber requests inside OnNext is paced too, and nothing nests.
func TestBehaviour1_PaceRequestInsideOnNext(t *testing.T) {
	const burst, n = 10_000, 10_100
	sub := marbles.NewTestSubscriber[int](t, 1)
	sub.Each = func(int) { sub.Request(1) }
	clock := scheduler.NewVirtual()
	backpressure.Pace[int](1000, burst)(observable.Range(0, n)).Subscribe(scheduler.With(t.Context(), clock), sub)
	if got := len(sub.Values()); got != burst {
		t.Errorf("%d values at once, want %d", got, burst)
	}
	clock.AdvanceBy(99 * ms)
	if got := len(sub.Values()); got != n-1 {
		t.Errorf("%d values by then, want %d", got, n-1)
	}
	clock.AdvanceBy(ms)
	if ended, err := sub.Ended(); !ended || err != nil {
		t.Errorf("ended %t with %v, want completion", ended, err)
	}
}

// L11: a panic in a value that the timer asked for ends the stream.
func TestPaceContainsAPanic(t *testing.T) {
	clock, sub := scheduler.NewVirtual(), marbles.NewTestSubscriber[int](t, observable.Unbounded)
	sub.Each = func(v int) {
		if v == 1 {
			panic("boom")
		}
	}
	backpressure.Pace[int](1000, 1)(observable.Range(0, 9)).Subscribe(scheduler.With(t.Context(), clock), sub)
	clock.AdvanceBy(5 * ms)
	var err *observable.PanicError
	if _, ended := sub.Ended(); !errors.As(ended, &err) || err.Value != "boom" {
		t.Errorf("ended with %v, want the panic", ended)
	}
	if n := clock.Pending(); n != 0 {
		t.Errorf("%d timers are left", n)
	}
}

// Behaviour 39: a scheduler that is closed, before or after, is an error.
func TestBehaviour39_PaceOnAClosedScheduler(t *testing.T) {
	for when, closesFirst := range map[string]bool{"before": true, "after": false} {
		t.Run(when, func(t *testing.T) {
			pool := scheduler.Pool(1)
			if closesFirst {
				pool.Close()
			}
			src, sub := marbles.NewTestSource[int](), marbles.NewTestSubscriber[int](t, 0)
			backpressure.Pace[int](0.001, 1, scheduler.On(pool))(src.Observable).Subscribe(t.Context(), sub)
			sub.Request(2)
			pool.Close()
			<-sub.Done()
			if _, err := sub.Ended(); !errors.Is(err, scheduler.ErrClosed) {
				t.Errorf("ended with %v, want ErrClosed", err)
			}
			if src.Cancels() != 1 {
				t.Errorf("upstream was cancelled %d times", src.Cancels())
			}
		})
	}
}

// A stream that has ended does not hear of its scheduler any more.
func TestPaceForgetsItsScheduler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pool := scheduler.Pool(1)
		ctx := observable.WithDroppedError(t.Context(), func(err error) { t.Errorf("dropped %v", err) })
		got, err := backpressure.Pace[int](1000, 1, scheduler.On(pool))(observable.Range(0, 3)).Collect(ctx)
		if len(got) != 3 || err != nil {
			t.Errorf("collected %v, %v", got, err)
		}
		pool.Close()
		synctest.Wait()
	})
}

func TestPaceArguments(t *testing.T) {
	for _, perSecond := range []float64{0, -1.5, math.Inf(1), math.Inf(-1), math.NaN()} {
		refuses(t, fmt.Sprintf("backpressure: Pace at a rate that is not positive and finite (%v)", perSecond), func() {
			backpressure.Pace[int](perSecond, 1)
		})
	}
	refuses(t, "backpressure: Pace with a burst that is not positive (0)", func() { backpressure.Pace[int](1, 0) })
}

// refuses checks that f panics with want.
func refuses(t *testing.T, want string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if got := recover(); got != want {
			t.Errorf("panicked with %v, want %s", got, want)
		}
	}()
	f()
}

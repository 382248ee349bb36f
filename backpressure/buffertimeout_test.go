package backpressure_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

func ExampleBufferTimeout() {
	clock := scheduler.NewVirtual()
	ctx := scheduler.With(context.Background(), clock)
	rows := typing(clock, map[int]string{10: "ab", 20: "c", 30: "d"})
	inserts := observable.Pipe1(rows.Observable, backpressure.BufferTimeout[string](3, 100*ms))
	marbles.Text(inserts).Subscribe(ctx, printer{clock})
	clock.AdvanceBy(time.Second)
	// Output:
	// 20ms [a b c]
	// 130ms [d]
}

// Behaviour 38: a slice ends when it is full, or when its time is over and it is
// requested. The source comes first in an instant.
func TestBehaviour38_BufferTimeout(t *testing.T) {
	for _, tt := range []struct {
		name, source, demand, want string
		n                          int
		d                          time.Duration
		where                      marbles.Values
	}{
		{"full", " abcd-|", "", "-x-y-|", 2, 9 * ms, marbles.Values{"x": "[a b]", "y": "[c d]"}},
		{"of one", "abc-|", " ", "abc-|", 1, 9 * ms, marbles.Values{"a": "[a]", "b": "[b]", "c": "[c]"}},
		{"time", " ab-----c----|", "", "---x------y-|", 9, 3 * ms, marbles.Values{"x": "[a b]", "y": "[c]"}},
		{"both at the same instant", "a--b----|", "", "---x----|", 2, 3 * ms, marbles.Values{"x": "[a b]"}},
		{"a value when time is over", "a--bc-----|", "", "---x---y--|", 3, 3 * ms, marbles.Values{"x": "[a b]", "y": "[c]"}},
		{"the time begins anew with each slice", "a-bc------|", "", "--x---y---|", 2, 3 * ms, marbles.Values{"x": "[a b]", "y": "[c]"}},
		{"a group", "[abcde]-------|", "", "[xy]-----z-|", 2, 6 * ms, marbles.Values{"x": "[a b]", "y": "[c d]", "z": "[e]"}},
		{"never empty", "a---------|", "", "--x-------|", 2, 2 * ms, marbles.Values{"x": "[a]"}},
		{"nothing", "--|", "", "--|", 2, 2 * ms, nil},
		{"nothing, failed", "--#", "", "--#", 2, 2 * ms, nil},
		{"never", "a-----", "^*---!", "--x--", 2, 2 * ms, marbles.Values{"x": "[a]"}},
		{"completion", "abc|", "", "-x-(y|)", 2, 9 * ms, marbles.Values{"x": "[a b]", "y": "[c]"}},
		{"completion when time is over", "a--|", "", "---(x|)", 2, 3 * ms, marbles.Values{"x": "[a]"}},
		{"error", "abc#", "", "-x-(y#)", 2, 9 * ms, marbles.Values{"x": "[a b]", "y": "[c]"}},
		{"no demand when time is over", "a------|", "^---1---", "----x--|", 2, 2 * ms, marbles.Values{"x": "[a]"}},
		{"no demand: it grows", "a--b---|", "^----1--", "-----x-|", 3, 2 * ms, marbles.Values{"x": "[a b]"}},
		{"no demand: it grows full", "abc-d--|", "^----1-2", "-----x-(y|)", 3, 2 * ms, marbles.Values{"x": "[a b c]", "y": "[d]"}},
		{"a request before time is over", "a------|", "^-1-----", "---x---|", 2, 3 * ms, marbles.Values{"x": "[a]"}},
		{"a request when time is over", "a------|", "^--1----", "---x---|", 2, 3 * ms, marbles.Values{"x": "[a]"}},
		{"a request for one of two that are due", "abc----|", "^----1-1", "-----x-(y|)", 2, 2 * ms, marbles.Values{"x": "[a b]", "y": "[c]"}},
		{"no demand: completion waits", "abc|", "^----1-1", "-----x-(y|)", 2, 9 * ms, marbles.Values{"x": "[a b]", "y": "[c]"}},
		{"no demand: the error waits", "abc#", "^----1-1", "-----x-(y#)", 2, 9 * ms, marbles.Values{"x": "[a b]", "y": "[c]"}},
		{"no demand: the source waits", "[abcdefghijk]-|", "^----1-1---*", "-----x-y---[zuvw|]", 2, 9 * ms, marbles.Values{
			"x": "[a b]", "y": "[c d]", "z": "[e f]", "u": "[g h]", "v": "[i j]", "w": "[k]",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				src := marbles.Hot[string](m, tt.source, marbles.Buffer)
				e := marbles.Expect(m, marbles.Text(backpressure.BufferTimeout[string](tt.n, tt.d)(src.Observable)))
				if tt.demand != "" {
					e.Demand(tt.demand)
				}
				e.ToBe(tt.want, tt.where)
			})
		})
	}
}

// A batching is a BufferTimeout between a source and a subscriber that are both
// driven by hand.
type batching struct {
	*bench[int]
	sub *marbles.TestSubscriber[[]int]
}

func newBatching(t *testing.T, start int64, op observable.Operator[int, []int]) *batching {
	t.Helper()
	b, ctx := idleBench[int](t, 0, nil)
	x := &batching{bench: b, sub: marbles.NewTestSubscriber[[]int](t, start)}
	op(b.src.Observable).Subscribe(ctx, x.sub.Outside())
	return x
}

func (x *batching) emitted(want ...[]int) {
	x.t.Helper()
	if d := cmp.Diff(want, x.sub.Values()); d != "" {
		x.t.Errorf("emitted (-want +got):\n%s", d)
	}
}

func (x *batching) asked(want ...int64) {
	x.t.Helper()
	if got := x.src.Requests(); !slices.Equal(got, want) {
		x.t.Errorf("requested %v, want %v", got, want)
	}
}

// ended checks that the stream has ended, with err, and left no timer behind.
func (x *batching) ended(err error) {
	x.t.Helper()
	if ended, got := x.sub.Ended(); !ended || !errors.Is(got, err) {
		x.t.Errorf("ended %t with %v, want %v", ended, got, err)
	}
	x.still()
}

// What is requested of the source and not emitted is 4n at most, and made so
// again when it is less than 2n.
func TestBufferTimeoutRequests(t *testing.T) {
	for _, tt := range []struct {
		n      int
		values int // in slices that are full
		want   []int64
	}{
		{1, 9, []int64{4, 3, 3, 3}},
		{2, 6, []int64{8, 6}},
		{2, 18, []int64{8, 6, 6, 6}},
		{10, 60, []int64{40, 30, 30}},
	} {
		x := newBatching(t, observable.Unbounded, backpressure.BufferTimeout[int](tt.n, ms))
		for v := range tt.values {
			x.next(v)
		}
		x.asked(tt.want...)
		x.sub.Cancel()
	}

	x := newBatching(t, 0, backpressure.BufferTimeout[int](2, ms))
	x.asked(8)
	x.next(1, 2, 3, 4, 5, 6, 7, 8)
	x.pass(9)
	x.asked(8) // nothing was emitted
	x.sub.Request(2)
	x.asked(8)
	x.sub.Request(1)
	x.asked(8, 6)
	x.sub.Request(9)
	x.emitted([]int{1, 2}, []int{3, 4}, []int{5, 6}, []int{7, 8})
	for v := 9; v < 12; v++ { // now one at a time
		x.next(v)
		x.pass(1)
	}
	x.asked(8, 6, 5)
	x.src.Complete()
	x.ended(nil)
}

// Behaviour 3: 4n saturates, which Reactor's bufferTimeout does not (#4185).
func TestBehaviour3_BufferTimeoutOfManyValues(t *testing.T) {
	for n, want := range map[int]int64{
		math.MaxInt:       observable.Unbounded,
		math.MaxInt/4 + 1: observable.Unbounded,
		math.MaxInt / 4:   math.MaxInt64 - 3,
	} {
		x := newBatching(t, observable.Unbounded, backpressure.BufferTimeout[int](n, 5*ms))
		x.next(1, 2)
		x.pass(5)
		x.next(3)
		x.src.Complete()
		x.emitted([]int{1, 2}, []int{3})
		x.asked(want)
		x.ended(nil)
	}
}

// Behaviours 24 and 25: what is held is emitted before the end, which needs no
// demand of its own.
func TestBehaviour25_BufferTimeoutCompletesWithTheLastSlice(t *testing.T) {
	for _, err := range []error{nil, errSource} {
		x := newBatching(t, 0, backpressure.BufferTimeout[int](2, 5*ms))
		x.next(1, 2, 3)
		if err == nil {
			x.src.Complete()
		} else {
			x.src.Error(err)
		}
		x.still() // it waits for demand now, not for time
		x.sub.Request(1)
		x.emitted([]int{1, 2})
		if ended, _ := x.sub.Ended(); ended {
			t.Error("ended before the last slice")
		}
		x.sub.Request(1)
		x.emitted([]int{1, 2}, []int{3})
		x.ended(err)
	}
}

// Behaviour 15: a cancel inside OnNext is the end, whatever is held.
func TestBehaviour15_BufferTimeoutCancelledInOnNext(t *testing.T) {
	x := newBatching(t, 0, backpressure.BufferTimeout[int](2, 5*ms))
	x.sub.Each = func([]int) { x.sub.CancelInside() }
	x.next(1, 2, 3, 4, 5)
	x.sub.Request(9)
	x.src.Complete()
	x.emitted([]int{1, 2})
	x.lost(observable.DiscardCancel, 3, 4, 5)
	x.still()
	if c := x.src.Cancels(); c != 1 {
		t.Errorf("upstream was cancelled %d times", c)
	}
}

// There is one timer, which is set anew only when it rings too early, and while
// values are held.
func TestBufferTimeoutHasOneTimer(t *testing.T) {
	x := newBatching(t, observable.Unbounded, backpressure.BufferTimeout[int](3, 5*ms))
	x.still()
	for v := range 30 {
		x.next(v)
		if n := x.clock.Pending(); n != 1 {
			t.Fatalf("%d timers run, want one", n)
		}
		x.pass(1)
	}
	x.pass(5)
	x.still()
	x.next(30)
	x.pass(5)
	x.still()

	x = newBatching(t, 0, backpressure.BufferTimeout[int](3, 5*ms))
	x.next(1)
	x.pass(5)
	x.still() // it waits for demand now, not for time
	x.sub.Request(1)
	x.emitted([]int{1})
	x.next(2)
	x.sub.Cancel()
	x.still()
}

// A slice is the subscriber's: it may write to it, and append.
func TestBufferTimeoutSharesNothing(t *testing.T) {
	x := newBatching(t, observable.Unbounded, backpressure.BufferTimeout[int](4, 5*ms))
	x.sub.Each = func(slice []int) {
		_ = append(slice, -1, -2, -3)
		slice = slice[:cap(slice)]
		for i := range slice {
			slice[i] = -slice[i]
		}
	}
	x.next(1, 2, 3, 4, 5)
	x.pass(5)
	x.next(6, 7)
	x.pass(5)
	x.emitted([]int{-1, -2, -3, -4}, []int{-5}, []int{-6, -7})
	x.sub.Cancel()
}

// A slice is one allocation once the size of the last one is known.
func TestBufferTimeoutAllocatesItsSlices(t *testing.T) {
	subscribe := func(slices int) func() {
		src := backpressure.BufferTimeout[int](100, time.Hour)(observable.Range(0, 100*slices))
		return func() {
			src.Subscribe(scheduler.With(t.Context(), scheduler.NewVirtual()), sink[[]int]{})
		}
	}
	few, many := testing.AllocsPerRun(10, subscribe(10)), testing.AllocsPerRun(10, subscribe(110))
	if many-few > 100 {
		t.Errorf("%v allocations for 100 slices", many-few)
	}
}

// Whatever happens in whatever order, the slices are those of a model, and the
// source is asked for no more than 4n values ahead.
func TestBufferTimeoutIsItsModel(t *testing.T) {
	type arrival struct{ v, at int }
	rapid.Check(t, func(r *rapid.T) {
		var (
			n, d  = rapid.IntRange(1, 4).Draw(r, "n"), rapid.IntRange(1, 6).Draw(r, "d")
			x     = newBatching(t, 0, backpressure.BufferTimeout[int](n, time.Duration(d)*ms))
			now   int
			asked int
			sent  int
			held  []arrival
			want  [][]int
		)
		settle := func() {
			for asked > 0 && len(held) > 0 && (len(held) >= n || now >= held[0].at+d) {
				var slice []int
				for _, a := range held[:min(n, len(held))] {
					slice = append(slice, a.v)
				}
				held, want, asked = held[len(slice):], append(want, slice), asked-1
			}
			delivered := sent - len(held)
			if ahead := int(x.src.Requested()) - delivered; ahead > 4*n || ahead < 2*n {
				r.Fatalf("%d values are ahead, want 2n to 4n, n = %d", ahead, n)
			}
			if diff := cmp.Diff(want, x.sub.Values()); diff != "" {
				r.Fatalf("at %d ms (-want +got):\n%s", now, diff)
			}
		}
		r.Repeat(map[string]func(*rapid.T){
			"value": func(*rapid.T) {
				if sent < int(x.src.Requested()) {
					held = append(held, arrival{sent, now})
					sent++
					x.next(sent - 1)
				}
			},
			"request": func(r *rapid.T) {
				k := rapid.IntRange(1, 3).Draw(r, "k")
				asked += k
				x.sub.Request(int64(k))
			},
			"millisecond": func(*rapid.T) {
				now++
				x.pass(1)
			},
			"": func(*rapid.T) { settle() },
		})
		x.sub.Cancel()
	})
}

func TestBufferTimeoutArguments(t *testing.T) {
	for _, n := range []int{0, -1} {
		refuses(t, fmt.Sprintf("backpressure: BufferTimeout of a count that is not positive (%d)", n), func() {
			backpressure.BufferTimeout[int](n, ms)
		})
	}
	refuses(t, "backpressure: BufferTimeout of a duration that is not positive (0s)", func() { backpressure.BufferTimeout[int](1, 0) })
}

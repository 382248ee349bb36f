package operators_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

func ExampleBufferTime() {
	lines := operators.BufferTime[string](time.Hour, operators.AtMost(2))(observable.Of("a", "b", "c"))
	fmt.Println(lines.Collect(context.Background()))
	// Output: [[a b] [c]] <nil>
}

func ExampleAtMost() {
	batches := operators.BufferTime[int](time.Minute, operators.AtMost(3))(observable.Range(0, 7))
	fmt.Println(batches.Collect(context.Background()))
	// Output: [[0 1 2] [3 4 5] [6]] <nil>
}

func ExamplePeriod() {
	clock := scheduler.NewVirtual()
	ctx := scheduler.With(context.Background(), clock)
	newest := operators.BufferTime[int](3*time.Second, operators.Period(time.Second))
	observable.Pipe2(observable.Interval(time.Second), newest, operators.Take[[]int](3)).Subscribe(ctx, slicePrinter[int]{})
	clock.AdvanceBy(time.Minute)
	// Output:
	// [0 1]
	// [0 1 2]
	// [1 2 3]
	// done
}

// Behaviour 38: what happens at the same instant, and the end.
func TestBehaviour38_BufferTime(t *testing.T) {
	const ms = time.Millisecond
	type span = []operators.SpanOption
	for _, tt := range []struct {
		name, source, demand, want string
		span                       time.Duration
		opts                       span
		where                      map[string]string
	}{
		{"empty ones", "-a-------|", "", "---x--y--(y|)", 3 * ms, nil, map[string]string{"x": "a", "y": ""}},
		{"empty source", " -|", "     ", "-(x|)", 3 * ms, nil, map[string]string{"x": ""}},
		{"on the boundary", "---a--b-|", "", "---x--y-(z|)", 3 * ms, nil, map[string]string{"x": "a", "y": "b", "z": ""}},
		{"error", "  -a--b-#", "", "---x--#", 3 * ms, nil, map[string]string{"x": "a"}},
		{"never", "  -a---", "^*--!", "---x-", 3 * ms, nil, map[string]string{"x": "a"}},
		{"full", "   -ab-c-----d|", "", "--x----y---(z|)", 5 * ms, span{operators.AtMost(2)}, map[string]string{"x": "ab", "y": "c", "z": "d"}},
		{"group", "  (abcde)-|", "", "[xy]-----z-(w|)", 6 * ms, span{operators.AtMost(2)}, map[string]string{"x": "ab", "y": "cd", "z": "e", "w": ""}},
		{"overlap", "-a-b-c-d-|", "", "----x-y-z(vw|)", 4 * ms, span{operators.Period(2 * ms)}, map[string]string{"x": "ab", "y": "bc", "z": "cd", "v": "d", "w": ""}},
		{"gaps", "   -a-b-c-d-|", "", "--x---y--(z|)", 2 * ms, span{operators.Period(4 * ms)}, map[string]string{"x": "a", "y": "c", "z": ""}},
		{"overlap, full", "-a-b-c-d-|", "", "---x-y-z-(vw|)", 9 * ms, span{operators.Period(2 * ms), operators.AtMost(2)}, map[string]string{"x": "ab", "y": "bc", "z": "cd", "v": "d", "w": ""}},
		{"no demand: it grows", "-a-b-c-d---|", "^-----1--2", "------x--y-(z|)", 2 * ms, nil, map[string]string{"x": "abc", "y": "d", "z": ""}},
		{"no demand: one holds all", "-a-b-c-d---|", "^--------1---3", "---------x---[yzw|]", 4 * ms, span{operators.Period(2 * ms)}, map[string]string{"x": "abcd", "y": "d", "z": "", "w": ""}},
		{"no demand: cut later", "abcde--|", "^-----2--9", "------[xy]--[z|]", 4 * ms, span{operators.AtMost(2)}, map[string]string{"x": "ab", "y": "cd", "z": "e"}},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			e := marbles.Expect(m, letters(m, tt.source, operators.BufferTime[rune](tt.span, tt.opts...))).Named(tt.name)
			if tt.demand != "" {
				e = e.Demand(tt.demand)
			}
			e.ToBe(tt.want, slicesOf(tt.where))
		})
	}
}

// While nobody asks, there is no timer but that of Period, and however long that
// goes on, no more slices are begun than fit into the span, and one.
func TestBufferTimeTimers(t *testing.T) {
	for _, tt := range []struct {
		opts []operators.SpanOption
		want int
	}{
		{nil, 0},
		{[]operators.SpanOption{operators.Period(time.Second)}, 4},
	} {
		clock, src := clock(), marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[[]int](t, 0)
		opts := append(tt.opts, scheduler.On(clock))
		operators.BufferTime[int](3*time.Second, opts...)(src.Observable).Subscribe(t.Context(), sub)
		for v := range 100 {
			src.Next(v)
			clock.AdvanceBy(time.Second)
		}
		diff(t, "timers", clock.Pending(), tt.want)
		sub.Request(1)
		if got := sub.Values(); len(got) != 1 || len(got[0]) != 100 {
			t.Errorf("slices %v, want one of 100", got)
		}
		sub.Cancel()
		diff(t, "timers after the end", clock.Pending(), 0)
	}
}

// Behaviour 39: a scheduler that is closed ends what waits for it.
func TestBehaviour39_BufferTime(t *testing.T) {
	pool, src := scheduler.Pool(1), marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[[]int](t, 1)
	operators.BufferTime[int](time.Hour, scheduler.On(pool))(src.Observable).Subscribe(t.Context(), sub)
	src.Next(1)
	pool.Close()
	<-sub.Done()
	if _, err := sub.Ended(); !errors.Is(err, scheduler.ErrClosed) || src.Cancels() != 1 {
		t.Errorf("ended with %v after %d cancels, want ErrClosed and 1", err, src.Cancels())
	}
}

// L9, also where slices overlap: a value is in a slice, or discarded once, or
// left out because no slice is open.
func TestBuffersAccount(t *testing.T) {
	const ms = time.Millisecond
	timer := func(n int) observable.Observable[int] { return observable.Timer(time.Duration(n%4) * 3 * ms) }
	for _, tt := range []struct {
		name string
		gaps bool // values may be left out
		op   observable.Operator[int, []int]
	}{
		{"Buffer", false, operators.Buffer[int](3, operators.Step(2))},
		{"BufferWhen", false, operators.BufferWhen[int](observable.Interval(4 * ms))},
		{"BufferToggle", true, operators.BufferToggle[int](observable.Interval(3*ms), timer)},
		{"BufferTime", false, operators.BufferTime[int](6*ms, operators.Period(2*ms))},
		{"BufferTime of a few", false, operators.BufferTime[int](6*ms, operators.AtMost(2))},
		{"BufferTime of a few that overlap", true, operators.BufferTime[int](6*ms, operators.Period(2*ms), operators.AtMost(4))},
		{"BufferTime with gaps", true, operators.BufferTime[int](2*ms, operators.Period(3*ms))},
	} {
		t.Run(tt.name, func(tb *testing.T) {
			rapid.Check(tb, func(t *rapid.T) {
				clock, produced := scheduler.NewVirtual(), 0
				delivered, discarded := map[int]bool{}, map[int]int{}
				ctx := observable.WithDiscard(scheduler.With(context.Background(), clock), func(v any, _ observable.DiscardReason) { discarded[v.(int)]++ })
				src, sub := marbles.NewTestSource[int](), marbles.NewTestSubscriber[[]int](tb, 0)
				sub.Each = func(s []int) {
					for _, v := range s {
						delivered[v] = true
					}
				}
				tt.op(src.Observable).Subscribe(ctx, sub)
				sub.Request(1)
				for _, what := range rapid.SliceOf(rapid.SampledFrom([]string{"next", "next", "next", "tick", "tick", "request"})).Draw(t, "signals") {
					switch what {
					case "next":
						if int64(produced) < src.Requested() {
							produced++
							src.Next(produced)
						}
					case "tick":
						clock.AdvanceBy(ms)
					case "request":
						sub.Request(rapid.Int64Range(1, 2).Draw(t, "n"))
					}
				}
				switch rapid.SampledFrom([]string{"cancel", "error", "complete"}).Draw(t, "end") {
				case "error":
					src.Error(errInner)
				case "complete":
					src.Complete()
				}
				sub.Cancel()
				for v := 1; v <= produced; v++ {
					if n := discarded[v]; n > 1 || n == 1 && delivered[v] || n == 0 && !delivered[v] && !tt.gaps {
						t.Fatalf("value %d of %d was delivered: %t, and discarded %d times", v, produced, delivered[v], n)
					}
				}
			})
		})
	}
}

func TestBufferTimeArguments(t *testing.T) {
	for want, assemble := range map[string]func(){
		"operators: BufferTime of a non-positive duration (0s)":                      func() { operators.BufferTime[int](0) },
		"operators: BufferTime with a non-positive Period (-1s)":                     func() { operators.BufferTime[int](1, operators.Period(-time.Second)) },
		"operators: BufferTime with a non-positive AtMost (0)":                       func() { operators.BufferTime[int](1, operators.AtMost(0)) },
		"operators: BufferTime with a nil option":                                    func() { operators.BufferTime[int](1, nil) },
		"operators: BufferTime with a Prefetch; it asks for all values as they come": func() { operators.BufferTime[int](1, operators.Prefetch(1)) },
	} {
		func() {
			defer func() { diff(t, "panic", recover(), any(want)) }()
			assemble()
		}()
	}
}

// BenchmarkBacklog empties a buffer of BufferTime slice by slice. What a slice
// costs does not depend on how many values wait behind it.
func BenchmarkBacklog(b *testing.B) {
	for _, n := range []int{1000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			op := operators.BufferTime[int](time.Hour, operators.AtMost(1), scheduler.On(scheduler.NewVirtual()))
			for b.Loop() {
				sub := marbles.NewTestSubscriber[[]int](b, 0)
				op(observable.Range(0, n)).Subscribe(b.Context(), sub)
				for range n {
					sub.Request(1)
				}
				sub.Cancel()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/value")
		})
	}
}

package operators_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func ExampleBuffer() {
	pages := operators.Buffer[int](3)(observable.Range(1, 7))
	fmt.Println(pages.Collect(context.Background()))
	// Output: [[1 2 3] [4 5 6] [7]] <nil>
}

func ExampleStep() {
	sliding := operators.Buffer[int](3, operators.Step(1))(observable.Range(1, 5))
	fmt.Println(operators.Take[[]int](3)(sliding).Collect(context.Background()))
	// Output: [[1 2 3] [2 3 4] [3 4 5]] <nil>
}

// slicesOf says that letters stand for slices of other letters.
func slicesOf(letters map[string]string) marbles.Values {
	values := marbles.Values{}
	for letter, slice := range letters {
		values[letter] = fmt.Sprint([]rune(slice))
	}
	return values
}

// letters plays an operator that makes slices on a hot source of letters.
func letters(m *marbles.Test, source string, op observable.Operator[rune, []rune]) observable.Observable[string] {
	return marbles.Text(op(marbles.Hot[rune](m, source).Observable))
}

func TestBuffer(t *testing.T) {
	for _, tt := range []struct {
		name, source, demand, want string
		step                       operators.Step
		where                      map[string]string
	}{
		{"full", "    -a-b-c-d-|", "   ^*", "---x---y-|", 2, map[string]string{"x": "ab", "y": "cd"}},
		{"left over", "-a-b-c-|", "     ^*", "---x---(y|)", 2, map[string]string{"x": "ab", "y": "c"}},
		{"group", "   (abcde)-|", "(^*)", "[xy]-------(z|)", 2, map[string]string{"x": "ab", "y": "cd", "z": "e"}},
		{"empty", "   --|", "         ^*", "--|", 2, nil},
		{"empty, no demand", "--|", "  ^", " --|", 2, nil},
		{"never", "   -a-", "        ^*--!", "----", 2, nil},
		{"error", "   -a-b-c-#", "   ^*", "---x---#", 2, map[string]string{"x": "ab"}},
		{"cancel", "  -a-b-c-d-|", " ^*---!", "---x---", 2, map[string]string{"x": "ab"}},
		{"overlap", " -a-b-c-|", "     ^*", "---x-y-(z|)", 1, map[string]string{"x": "ab", "y": "bc", "z": "c"}},
		{"gaps", "    -a-b-c-d-e-f|", "^*", "---x-----y--|", 3, map[string]string{"x": "ab", "y": "de"}},
		{"in a gap", "-a-b-c|", "      ^*", "---x--|", 3, map[string]string{"x": "ab"}},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			marbles.Expect(m, letters(m, tt.source, operators.Buffer[rune](2, tt.step))).
				Named(tt.name).Demand(tt.demand).ToBe(tt.want, slicesOf(tt.where))
		})
	}
}

// Behaviours 3 and 21: demand is in slices, whatever the step, and saturates.
func TestBehaviour3_BufferRequests(t *testing.T) {
	for _, tt := range []struct {
		n        int
		opts     []operators.CountOption
		requests []int64
		want     []int64
	}{
		{3, nil, []int64{2}, []int64{6}},
		{3, nil, []int64{1, 2}, []int64{3, 6}},
		{1, nil, []int64{5}, []int64{5}},
		{3, []operators.CountOption{operators.Step(1)}, []int64{2, 1, 4}, []int64{4, 1, 4}},
		{2, []operators.CountOption{operators.Step(5)}, []int64{2, 1, 2}, []int64{7, 5, 10}},
		{3, nil, []int64{math.MaxInt64}, []int64{math.MaxInt64}},
		{3, nil, []int64{math.MaxInt64 / 2}, []int64{math.MaxInt64}},
		{math.MaxInt, nil, []int64{1}, []int64{math.MaxInt64}},
		{operators.Unlimited, []operators.CountOption{operators.Step(1)}, []int64{2}, []int64{math.MaxInt64}},
	} {
		src := marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[[]int](t, 0)
		operators.Buffer[int](tt.n, tt.opts...)(src.Observable).Subscribe(t.Context(), sub)
		for _, n := range tt.requests {
			sub.Request(n)
		}
		diff(t, fmt.Sprintf("Buffer(%d, %v) when %v are requested", tt.n, tt.opts, tt.requests), src.Requests(), tt.want)
		sub.Cancel()
	}
}

// What overlapping slices leave over waits for demand, one by one, and with it
// the end.
func TestBufferHoldsTheRest(t *testing.T) {
	src := marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[[]int](t, 1)
	operators.Buffer[int](3, operators.Step(1))(src.Observable).Subscribe(t.Context(), sub)
	for v := range 3 {
		src.Next(v)
	}
	src.Complete()
	running(t, sub)
	sub.Request(1)
	running(t, sub)
	diff(t, "slices", sub.Values(), [][]int{{0, 1, 2}, {1, 2}})
	sub.Request(1)
	ended(t, sub, nil)
	diff(t, "slices", sub.Values(), [][]int{{0, 1, 2}, {1, 2}, {2}})
	diff(t, "cancels", src.Cancels(), 0)
}

// A slice belongs to its subscriber, also where the next one has the same
// values.
func TestBufferSlicesAreFresh(t *testing.T) {
	for _, step := range []operators.Step{1, 2, 3, 4} {
		var all [][]int
		err := operators.Buffer[int](3, step)(observable.Range(0, 9)).ForEach(t.Context(), func(s []int) error {
			all = append(all, append([]int(nil), s...))
			s = s[:cap(s)]
			for i := range s {
				s[i] = -1
			}
			return nil
		})
		diff(t, fmt.Sprintf("with a step of %d: error %v", step, err), all, windows(9, 3, int(step)))
	}
}

// windows is what Buffer(n, Step(k)) makes of the integers below total.
func windows(total, n, k int) (all [][]int) {
	for from := 0; from < total; from += k {
		var w []int
		for v := from; v < min(from+n, total); v++ {
			w = append(w, v)
		}
		all = append(all, w)
	}
	return all
}

// Whatever is requested, and when, the slices are those of the definition, and
// never more than were requested (L2).
func TestBufferIsWhatItIs(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			n, k := rapid.IntRange(1, 6).Draw(t, "n"), rapid.IntRange(1, 8).Draw(t, "step")
			total := rapid.IntRange(0, 30).Draw(t, "total")
			want := windows(total, n, k)
			sub := &slowly{ask: rapid.Int64Range(1, 3).Draw(t, "ask")}
			operators.Buffer[int](n, operators.Step(k))(observable.Range(0, total)).Subscribe(t.Context(), sub)
			for !sub.complete && len(sub.all) <= len(want) {
				had, ask := len(sub.all), rapid.Int64Range(1, 3).Draw(t, "more")
				sub.up.Request(ask)
				if got := len(sub.all) - had; got > int(ask) {
					t.Fatalf("%d slices for a request of %d", got, ask)
				}
			}
			if d := cmp.Diff(want, sub.all); d != "" {
				t.Fatalf("-want +got:\n%s", d)
			}
		})
	})
}

// slowly asks for a few slices at the start.
type slowly struct {
	link.Inside
	ask      int64
	up       observable.Subscription
	all      [][]int
	complete bool
}

func (s *slowly) OnSubscribe(up observable.Subscription) { s.up = up; up.Request(s.ask) }
func (s *slowly) OnNext(v []int)                         { s.all = append(s.all, v) }
func (s *slowly) OnError(err error)                      { panic(err) }
func (s *slowly) OnComplete()                            { s.complete = true }

// A slice that is filtered out is replaced.
func TestBufferUnderFilter(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		long := operators.Filter(func(s []int) bool { return s[0] >= 6 })
		sub := marbles.NewTestSubscriber[[]int](t, 2)
		observable.Pipe2(observable.Range(0, 11), operators.Buffer[int](3, operators.Step(2)), long).Subscribe(t.Context(), sub)
		diff(t, "slices", sub.Values(), [][]int{{6, 7, 8}, {8, 9, 10}})
		sub.Request(1)
		diff(t, "slices", sub.Values(), [][]int{{6, 7, 8}, {8, 9, 10}, {10}})
		ended(t, sub, nil)
	})
}

// Whatever was emitted in one slice is not discarded with another (L9).
func TestBufferDiscards(t *testing.T) {
	for _, tt := range []struct {
		name string
		step operators.Step
		end  func(*marbles.TestSource[int], *marbles.TestSubscriber[[]int])
		want []string
	}{
		{"cancel", 3, func(_ *marbles.TestSource[int], sub *marbles.TestSubscriber[[]int]) { sub.Cancel() }, []string{"3 cancel"}},
		{"error", 3, func(src *marbles.TestSource[int], _ *marbles.TestSubscriber[[]int]) { src.Error(errInner) }, []string{"3 error"}},
		{"overlap", 2, func(src *marbles.TestSource[int], _ *marbles.TestSubscriber[[]int]) { src.Error(errInner) }, []string{"3 error"}},
		{"gap", 4, func(_ *marbles.TestSource[int], sub *marbles.TestSubscriber[[]int]) { sub.Cancel() }, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var lost discards
			src := marbles.NewTestSource[int]()
			sub := marbles.NewTestSubscriber[[]int](t, 9)
			operators.Buffer[int](3, tt.step)(src.Observable).Subscribe(lost.context(), sub)
			for v := range 4 {
				src.Next(v)
			}
			tt.end(src, sub)
			diff(t, "discarded", lost.got, tt.want)
			diff(t, "slices", sub.Values(), [][]int{{0, 1, 2}})
			diff(t, "active", src.Active(), 0)
		})
	}
}

// What is left over is given up when nobody wants it, or cannot have it.
func TestBufferDiscardsTheRest(t *testing.T) {
	for name, stop := range map[string]func(*marbles.TestSubscriber[[]int]){
		"cancel": (*marbles.TestSubscriber[[]int]).Cancel,
		"error":  func(sub *marbles.TestSubscriber[[]int]) { sub.Request(-1) },
	} {
		t.Run(name, func(t *testing.T) {
			var lost discards
			src := marbles.NewTestSource[int]()
			sub := marbles.NewTestSubscriber[[]int](t, 1)
			operators.Buffer[int](2, operators.Step(1))(src.Observable).Subscribe(lost.context(), sub.Outside())
			src.Next(1)
			src.Next(2)
			src.Complete()
			running(t, sub)
			stop(sub)
			diff(t, "discarded", lost.got, []string(nil)) // 2 was emitted with 1
			diff(t, "cancels", src.Cancels(), 0)
		})
	}
}

// Behaviour 29: a panic below, in a slice that is left over.
func TestBehaviour29_PanicBelowBuffer(t *testing.T) {
	sub := marbles.NewTestSubscriber[[]int](t, 9)
	sub.Each = func(s []int) {
		if len(s) == 1 {
			panic("boom")
		}
	}
	operators.Buffer[int](2)(observable.Range(0, 3)).Subscribe(t.Context(), sub)
	_, err := sub.Ended()
	if p, ok := errors.AsType[*observable.PanicError](err); !ok || p.Value != "boom" {
		t.Errorf("ended with %v, want a PanicError", err)
	}
}

func TestBufferArguments(t *testing.T) {
	for want, assemble := range map[string]func(){
		"operators: Buffer of a non-positive count (0)":   func() { operators.Buffer[int](0) },
		"operators: Buffer with a non-positive Step (-1)": func() { operators.Buffer[int](2, operators.Step(-1)) },
		"operators: Buffer with a nil option":             func() { operators.Buffer[int](2, nil) },
		"operators: Buffer with a Prefetch; it asks for the values of the slices that are requested, and for no others": func() { operators.Buffer[int](2, operators.Prefetch(1)) },
	} {
		func() {
			defer func() { diff(t, "panic", recover(), any(want)) }()
			assemble()
		}()
	}
}

// Steady state: a slice is one allocation.
func TestBufferAllocates(t *testing.T) {
	if raceEnabled {
		t.Skip("-race allocates")
	}
	const n = 100
	for _, step := range []operators.Step{n, 10} {
		run := func(values int) float64 {
			return testing.AllocsPerRun(10, func() {
				_ = operators.Buffer[int](n, step)(observable.Range(0, values)).ForEach(t.Context(), func([]int) error { return nil })
			})
		}
		few, many := run(10*n), run(30*n)
		if slices := float64(20*n) / float64(step); many-few > slices+1 {
			t.Errorf("with a step of %d, %v allocations for %v slices", step, many-few, slices)
		}
	}
}

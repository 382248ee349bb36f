package operators_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func TestDistinct(t *testing.T) {
	plays(t, operators.Distinct[string], []played{
		{source: "-a-b-a-c-b-|", want: "-a-b---c---|", subs: "^----------!"},
		{source: "-a-a-a-----#", want: "-a---------#", subs: "^----------!"},
		{source: "-a-a--------", want: "-a----------", subs: "^----------!", cancel: "^----------!"},
		{source: "|           ", want: "|", subs: "(^!)"},
	})
}

func TestDistinctBy(t *testing.T) {
	plays(t, operators.DistinctBy(strings.ToUpper), []played{
		{source: "-a-A-b-B-a-|", want: "-a---b-----|", subs: "^----------!"},
	})
}

// What flushes is subscribed to after the source, and listened to until that
// ends; of two values in an instant the one of the source, played second, finds
// the memory empty.
func TestDistinctByFlushWhen(t *testing.T) {
	for _, tt := range []struct{ o, source, want, subs, subsO string }{
		{"-----x---- ", "-a-a-a-a---|", "-a---a-----|", "^----------!", "^----------!"},
		{"----x--x-x ", "-a-a-a-a---|", "-a---a-a---|", "^----------!", "^----------!"},
		{"--|        ", "-a-a-a-a---|", "-a---------|", "^----------!", "^-!         "},
		{"----#      ", "-a-a-a-a---|", "-a--#       ", "^---!       ", "^---!       "},
		{"---------- ", "-a-a-#      ", "-a---#      ", "^----!      ", "^----!      "},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			o, src := marbles.Hot[string](m, tt.o), marbles.Hot[string](m, tt.source)
			op := operators.DistinctBy(strings.ToUpper, operators.FlushWhen(o.Observable))
			marbles.Expect(m, op(src.Observable)).Named(tt.o).ToBe(tt.want)
			src.ExpectSubscriptions(tt.subs)
			o.ExpectSubscriptions(tt.subsO)
		})
	}
}

// A source that ends while it is subscribed to leaves nothing to flush.
func TestDistinctByFlushWhenOfAnEndedSource(t *testing.T) {
	o := marbles.NewTestSource[string]()
	op := operators.DistinctBy(func(v int) int { return v }, operators.FlushWhen(o.Observable))
	check(t, "DistinctBy", end(op(observable.Of(1, 2, 1))), nil, 1, 2)
	diff(t, "subscriptions", o.Subscriptions(), 0)
}

// Behaviour 7, linked or not.
func TestBehaviour7_DistinctReplenishes(t *testing.T) {
	half := func(v int) int { return v / 2 }
	bothWays(t, func() {
		for name, op := range map[string]intOp{
			"Distinct":               observable.Compose2(operators.Map(half), operators.Distinct[int]),
			"DistinctBy":             operators.DistinctBy(half),
			"DistinctBy, flushed":    operators.DistinctBy(half, operators.FlushWhen(observable.Never[int]())),
			"DistinctUntilChangedBy": operators.DistinctUntilChangedBy(half),
		} {
			sub := marbles.NewTestSubscriber[int](t, 5)
			op(observable.Range(0, 20)).Subscribe(t.Context(), sub)
			if n := len(sub.Values()); n != 5 {
				t.Errorf("%s: %d values for 5 requested", name, n)
			}
		}
	})
}

// Distinct emits the first one of each, in order.
func TestDistinctLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.IntRange(0, 5), 0, 20).Draw(t, "values")
		var want []int
		seen := map[int]bool{}
		for _, v := range all {
			if !seen[v] {
				want = append(want, v)
			}
			seen[v] = true
		}
		got := end(operators.Distinct(observable.FromSlice(all)))
		if fmt.Sprint(got.values) != fmt.Sprint(want) {
			t.Fatalf("Distinct of %v gave %v, want %v", all, got.values, want)
		}
	})
}

// L11: a value of an interface type that cannot be compared.
func TestDistinctPanics(t *testing.T) {
	o := operators.Distinct(observable.Of[any](1, []int{1}))
	if got := end(operators.Map(func(any) int { return 0 })(o)); !got.panics {
		t.Errorf("got error %v, want a PanicError", got.err)
	}
}

// The key is that of the value emitted last, and is asked for once.
func TestDistinctUntilChangedBy(t *testing.T) {
	plays(t, operators.DistinctUntilChangedBy(strings.ToUpper), []played{
		{source: "-a-A-b-B-a-|", want: "-a---b---a-|", subs: "^----------!"},
		{source: "-a-A-------#", want: "-a---------#", subs: "^----------!"},
	})
	bothWays(t, func() {
		calls := 0
		key := func(v int) int { calls++; return v }
		check(t, "DistinctUntilChangedBy", end(operators.DistinctUntilChangedBy(key)(observable.Of(0, 0, 1, 0))), nil, 0, 1, 0)
		diff(t, "calls of key", calls, 4)
	})
}

func ExampleDistinct() {
	words := observable.Of("to", "be", "or", "not", "to", "be")
	fmt.Println(observable.Pipe1(words, operators.Distinct).Collect(context.Background()))
	// Output: [to be or not] <nil>
}

func ExampleDistinctBy() {
	byLength := operators.DistinctBy(func(s string) int { return len(s) })
	fmt.Println(byLength(observable.Of("to", "be", "or", "not", "to")).Collect(context.Background()))
	// Output: [to not] <nil>
}

func ExampleFlushWhen() {
	visitors, newDay := observable.NewSubject[int](), observable.NewSubject[struct{}]()
	same := func(id int) int { return id }
	var daily outcome
	operators.DistinctBy(same, operators.FlushWhen(newDay.Observable))(visitors.Observable).
		Subscribe(context.Background(), &sink{&daily})
	visitors.Next(7)
	visitors.Next(7)
	newDay.Next(struct{}{})
	visitors.Next(7)
	fmt.Println(daily.values)
	// Output: [7 7]
}

func ExampleDistinctUntilChangedBy() {
	byFirst := operators.DistinctUntilChangedBy(func(s string) byte { return s[0] })
	fmt.Println(byFirst(observable.Of("ann", "abe", "bob", "al")).Collect(context.Background()))
	// Output: [ann bob al] <nil>
}

package backpressure_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/observable"
)

func ExampleLimitRate() {
	rows := observable.New(func(_ context.Context, s observable.Subscriber[int]) { s.OnSubscribe(&table{down: s, rows: 15}) })
	limited := observable.Pipe1(rows, backpressure.LimitRate[int](8, 4))
	_ = limited.ForEach(context.Background(), func(int) error { return nil })
	// Output:
	// asked for 8 rows
	// asked for 4 rows
	// asked for 4 rows
	// asked for 4 rows
}

// A table has rows, and says what it is asked for.
type table struct {
	down    observable.Subscriber[int]
	rows    int
	asked   int64
	sending bool
}

func (t *table) Request(n int64) {
	fmt.Println("asked for", n, "rows")
	if t.asked += n; t.sending {
		return
	}
	t.sending = true
	for ; t.asked > 0 && t.rows > 0; t.asked-- {
		t.rows--
		t.down.OnNext(t.rows)
	}
	if t.sending = false; t.rows == 0 {
		t.down.OnComplete()
	}
}

func (t *table) Cancel() { t.rows = 0 }

// Behaviour 8: the requests that reach the source.
func TestBehaviour8_LimitRate(t *testing.T) {
	for _, test := range []struct {
		high, low int
		want      []int64
	}{
		{8, 6, []int64{8, 6, 6, 6}},
		{8, 2, []int64{8, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}},
		{8, 0, []int64{8, 8, 8}},
		{1, 0, slices.Repeat([]int64{1}, 23)},
	} {
		t.Run(fmt.Sprint(test.high, test.low), func(t *testing.T) {
			b := newBench(t, observable.Unbounded, backpressure.LimitRate[int](test.high, test.low))
			for i := range 22 {
				b.next(i)
			}
			if got := b.src.Requests(); !slices.Equal(got, test.want) {
				t.Errorf("requested %v, want %v", got, test.want)
			}
			b.src.Complete()
			b.completed()
		})
	}
}

// Only what has been delivered is asked for again.
func TestLimitRateFollowsTheDemand(t *testing.T) {
	b := newBench(t, 5, backpressure.LimitRate[int](8, 6))
	b.next(0, 1, 2, 3, 4, 5, 6, 7)
	b.got(0, 1, 2, 3, 4)
	if got := b.src.Requests(); !slices.Equal(got, []int64{8}) {
		t.Errorf("requested %v, want only the first 8", got)
	}
	b.Request(1)
	if got := b.src.Requests(); !slices.Equal(got, []int64{8, 6}) {
		t.Errorf("requested %v, want 6 more after the sixth", got)
	}
	b.Cancel()
	b.lost(observable.DiscardCancel, 6, 7)
}

func TestLimitRateDeliversBeforeTheError(t *testing.T) {
	b := newBench(t, 0, backpressure.LimitRate[int](8, 6))
	b.next(1, 2)
	b.src.Error(errSource)
	b.live()
	b.Request(2)
	b.got(1, 2)
	if err := b.failure(); !errors.Is(err, errSource) {
		t.Errorf("failed with %v", err)
	}
}

func TestLimitRateOverASynchronousSource(t *testing.T) {
	got, err := observable.Pipe1(observable.Range(0, 1000), backpressure.LimitRate[int](16, 12)).Collect(t.Context())
	if err != nil || len(got) != 1000 || !slices.IsSorted(got) {
		t.Errorf("%d values, %v", len(got), err)
	}
}

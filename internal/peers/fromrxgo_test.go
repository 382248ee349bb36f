package peers_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/internal/rxgo"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// What docs/from-rxgo.md shows is here, word for word.

// fromRxGo is an RxGo pipeline as a source: observed anew by each subscriber,
// left alone when that one has enough.
func fromRxGo[T any](legacy rxgo.Observable) observable.Observable[T] {
	return observable.FromItemsFunc[T](func(ctx context.Context) <-chan rxgo.Item {
		return legacy.Observe(rxgo.WithContext(ctx))
	})
}

// toRxGo is the way back: observed by anybody, any number of times.
func toRxGo[T any](o observable.Observable[T]) rxgo.Observable {
	return rxgo.Defer([]rxgo.Producer{func(ctx context.Context, next chan<- rxgo.Item) {
		for item := range observable.ToItems[rxgo.Item](ctx, o) {
			item.SendContext(ctx, next)
		}
	}})
}

func Example_fromRxGo() {
	increment := func(_ context.Context, v any) (any, error) { return v.(int) + 1, nil }
	isOdd := func(v int) bool { return v%2 == 1 }

	head := rxgo.Just(1, 2, 3, 4)().Map(increment) // still RxGo
	middle := observable.Pipe2(fromRxGo[int](head),
		operators.Filter(isOdd),
		operators.Map(strconv.Itoa),
	)
	tail := toRxGo(middle).Map(func(_ context.Context, v any) (any, error) { // still RxGo
		return "n=" + v.(string), nil
	})
	for item := range tail.Observe() {
		fmt.Println(item.V, item.E)
	}
	// Output:
	// n=3 <nil>
	// n=5 <nil>
}

func TestFromRxGoAndBack(t *testing.T) {
	there := fromRxGo[int](toRxGo(observable.Range(0, 1000)))
	for range 2 {
		first, err := operators.Take[int](3)(there).Collect(t.Context())
		same(t, "the first values", first, []int{0, 1, 2})
		same(t, "error", err, nil)
	}
	all, err := operators.Concat(there, fromRxGo[int](toRxGo(observable.Throw[int](errBoom)))).Collect(t.Context())
	same(t, "all values", len(all), 1000)
	same(t, "error", err, errBoom)
}

// WithPool: n calls at a time, results as they come. ConcatMapEager in the place
// of MergeMap keeps them in the order of the source, as Serialize does.
func mapInPool[T, R any](n int, f func(context.Context, T) (R, error)) observable.Operator[T, R] {
	pool := scheduler.Pool(n)
	return operators.MergeMap(func(v T) observable.Observable[R] {
		call := observable.FromFunc(func(ctx context.Context) (R, error) { return f(ctx, v) })
		return operators.SubscribeOn[R](pool)(call)
	}, operators.Concurrency(n))
}

func TestMapInPool(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running atomic.Int64
		release := make(chan struct{})
		slow := func(_ context.Context, v int) (string, error) {
			running.Add(1)
			<-release
			return strconv.Itoa(v), nil
		}
		sub := everything[string](t)
		mapInPool(4, slow)(observable.Range(0, 8)).Subscribe(t.Context(), sub)
		synctest.Wait()
		same(t, "calls at a time", running.Load(), 4)
		close(release)
		synctest.Wait()
		got := sub.Values()
		slices.Sort(got)
		same(t, "values", got, []string{"0", "1", "2", "3", "4", "5", "6", "7"})
		ended(t, sub, nil)
	})
}

// ContinueOnError: the errors leave the stream, and it goes on.
func continueOnError[T, R any](f func(T) (R, error), report func(error)) observable.Operator[T, R] {
	return operators.FilterMap(func(v T) (R, bool) {
		r, err := f(v)
		if err != nil {
			report(err)
		}
		return r, err == nil
	})
}

func TestContinueOnError(t *testing.T) {
	var errs []error
	report := func(err error) { errs = append(errs, err) }
	got, err := continueOnError(strconv.Atoi, report)(observable.Of("1", "two", "3")).Collect(t.Context())
	same(t, "values", got, []int{1, 3})
	same(t, "error", err, nil)
	same(t, "errors reported", len(errs), 1)
}

// Repeat(n, d): n times more, d between them.
func repeatEvery[T any](n int, d time.Duration) observable.Operator[T, T] {
	return operators.RepeatAfter[T](func(times int) observable.Observable[int] {
		if times > n {
			return observable.Empty[int]()
		}
		return observable.Timer(d)
	})
}

func TestRepeatEvery(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Cold[string](m, "-a|")
		marbles.Expect(m, repeatEvery[string](2, m.Time("--|"))(src.Observable)).ToBe("-a---a---a|")
	})
}

// Serialize(from, id): values with consecutive numbers, put in their order.
func inOrder[T any](from int, id func(T) int) observable.Operator[T, T] {
	return func(src observable.Observable[T]) observable.Observable[T] {
		return observable.Defer(func(context.Context) observable.Observable[T] {
			next, early := from, map[int]T{}
			return observable.Pipe2(src, operators.Map(func(v T) (due []T) {
				early[id(v)] = v
				for v, ok := early[next]; ok; v, ok = early[next] {
					due = append(due, v)
					delete(early, next)
					next++
				}
				return due
			}), operators.Flatten)
		})
	}
}

func TestInOrder(t *testing.T) {
	o := inOrder(1, func(v int) int { return v })(observable.Of(3, 1, 2, 5, 4))
	for range 2 {
		got, err := o.Collect(t.Context())
		same(t, "values", got, []int{1, 2, 3, 4, 5})
		same(t, "error", err, nil)
	}
}

// Join: pairs whose times are no further apart than window; both sides are in
// the order of time. The last n values of the right side are kept.
func joinWithin[A, B, R any](right observable.Observable[B], n int, window time.Duration,
	before func(A, B) time.Duration, f func(A, B) R,
) observable.Operator[A, R] {
	right = operators.ShareReplay[B](n)(right)
	return operators.MergeMap(func(a A) observable.Observable[R] {
		return observable.Pipe3(right,
			operators.TakeWhile(func(b B) bool { return before(a, b) <= window }),
			operators.Filter(func(b B) bool { return before(a, b) >= -window }),
			operators.Map(func(b B) R { return f(a, b) }),
		)
	})
}

func TestJoinWithin(t *testing.T) {
	before := func(a, b int) time.Duration { return time.Duration(b - a) }
	pair := func(a, b int) [2]int { return [2]int{a, b} }
	right := operators.Concat(observable.Of(2, 5, 9), observable.Never[int]())
	got, err := operators.Take[[2]int](3)(joinWithin(right, 16, 1, before, pair)(observable.Of(1, 4, 6))).Collect(t.Context())
	same(t, "pairs", got, [][2]int{{1, 2}, {4, 5}, {6, 5}})
	same(t, "error", err, nil)
}

// FromEventSource: a channel that somebody fills, whether or not anybody
// listens. Who is slow loses what comes meanwhile (Drop); without
// OnBackpressureDrop he fails.
func eventSource[T any](ctx context.Context, ch <-chan T) observable.Observable[T] {
	events := observable.NewSubject[T]()
	observable.FromChan(ch).Run(ctx, observable.Observer[T]{
		Next: events.Next, Error: events.Error, Complete: events.Complete,
	})
	return backpressure.OnBackpressureDrop[T]()(events.Observable)
}

func TestEventSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ch := make(chan int)
		hot := eventSource(t.Context(), ch)
		ch <- 1 // nobody listens yet
		synctest.Wait()
		fast, slow := everything[int](t), marbles.NewTestSubscriber[int](t, 1)
		hot.Subscribe(t.Context(), fast)
		hot.Subscribe(t.Context(), slow)
		ch <- 2
		ch <- 3
		close(ch)
		synctest.Wait()
		same(t, "who is fast", fast.Values(), []int{2, 3})
		same(t, "who is slow", slow.Values(), []int{2})
		ended(t, fast, nil)
		ended(t, slow, nil)
	})
}

// Send: into a channel that is there already.
func sendTo[T any](ctx context.Context, o observable.Observable[T], ch chan<- T) error {
	return o.ForEach(ctx, func(v T) error {
		select {
		case ch <- v:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
}

func TestSendTo(t *testing.T) {
	ch := make(chan int, 2)
	same(t, "error", sendTo(t.Context(), observable.Of(1, 2), ch), nil)
	same(t, "sent", len(ch), 2)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errBoom)
	if err := sendTo(ctx, observable.Of(3), ch); !errors.Is(err, errBoom) {
		t.Errorf("error %v", err)
	}
}

// WithObservationStrategy(Eager): the source runs now, and its last n values
// wait for who comes later.
func eager[T any](ctx context.Context, o observable.Observable[T], n int) observable.Observable[T] {
	running := operators.Replay(o, n)
	running.Connect(ctx)
	return running.Observable
}

func TestEager(t *testing.T) {
	ran := 0
	o := eager(t.Context(), operators.Tap(func(int) { ran++ })(observable.Range(0, 5)), 3)
	same(t, "values before anybody has subscribed", ran, 5)
	got, err := o.Collect(t.Context())
	same(t, "values", got, []int{2, 3, 4})
	same(t, "error", err, nil)
}

// A row is a line of the page's tables with code in it, and what that makes of
// the source of 1, 2, 3.
func row[R any](code observable.Operator[int, R], want ...R) func(*testing.T, string) {
	return func(t *testing.T, name string) {
		ctx := scheduler.With(t.Context(), scheduler.NewVirtual())
		got, err := code(observable.Of(1, 2, 3)).Collect(ctx)
		same(t, name, got, want)
		same(t, name+": error", err, nil)
	}
}

func TestFromRxGoRows(t *testing.T) {
	type ints = observable.Observable[int]
	big := func(v int) bool { return v >= 2 }
	failing := func(src ints) ints { return operators.ConcatWith(observable.Throw[int](errBoom))(src) }
	slice := func(vs []int) bool { return len(vs) > 0 }
	call := func(v int) func(context.Context) (int, error) {
		return func(context.Context) (int, error) { return v, nil }
	}
	for name, check := range map[string]func(*testing.T, string){
		"TakeUntil": row(operators.TakeWhile(func(v int) bool { return !big(v) }, operators.Inclusive), 1, 2),
		"AverageInt": row(func(src ints) ints {
			return observable.Pipe3(src, operators.Average, operators.Map(func(mean float64) int { return int(mean) }), operators.DefaultIfEmpty(0))
		}, 2),
		"BufferWithTime":        row(observable.Compose2(operators.BufferTime[int](time.Second), operators.Filter(slice)), []int{1, 2, 3}),
		"BufferWithTimeOrCount": row(observable.Compose2(operators.BufferTime[int](time.Second, operators.AtMost(2)), operators.Filter(slice)), []int{1, 2}, []int{3}),
		"Marshal":               row(operators.MapErr(func(v int) ([]byte, error) { return json.Marshal(v) }), []byte("1"), []byte("2"), []byte("3")),
		"Unmarshal": row(observable.Compose2(operators.MapTo[int]([]byte("4")), operators.MapErr(func(b []byte) (v int, err error) {
			err = json.Unmarshal(b, &v)
			return v, err
		})), 4, 4, 4),
		"OnErrorReturn":     row(observable.Compose2(failing, operators.Catch(func(err error) ints { return observable.Of(len(err.Error())) })), 1, 2, 3, 4),
		"OnErrorReturnItem": row(observable.Compose2(failing, operators.CatchValue(9)), 1, 2, 3, 9),
		"Start": row(func(ints) ints {
			return operators.Concat(observable.FromFunc(call(1)), observable.FromFunc(call(2)))
		}, 1, 2),
		"Just of slices": row(observable.Compose2(operators.MapTo[int]([]int{7, 8}), operators.Flatten), 7, 8, 7, 8, 7, 8),
		"StartWith":      row(func(src ints) ints { return operators.Concat(observable.Of(0), src) }, 0, 1, 2, 3),
		"ToMap":          row(operators.ToMap(func(v int) (int, string) { return v, strconv.Itoa(v) }), map[int]string{1: "1", 2: "2", 3: "3"}),
		"Reduce":         row(operators.Reduce(0, sum), 6),
		"Sum":            row(observable.Compose2(operators.IgnoreElements[int], operators.Sum), 0),
		"Retry":          row(operators.Retry[int](2, operators.RetryIf(func(err error) bool { return errors.Is(err, errBoom) })), 1, 2, 3),
		"BackOffRetry":   row(operators.Retry[int](operators.Forever, operators.Backoff(time.Second, time.Minute, operators.Jitter(0.5))), 1, 2, 3),
	} {
		check(t, name)
	}
	marbles.Run(t, func(m *marbles.Test) {
		marbles.Expect(m, marbles.Text(operators.IgnoreElements(observable.Timer(m.Time("---|"))))).ToBe("---|")
	})
}

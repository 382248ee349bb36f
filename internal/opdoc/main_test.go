package opdoc_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// show prints all values, or the error.
func show[T any](src observable.Observable[T]) {
	values, err := src.Collect(context.Background())
	if err != nil {
		fmt.Println(values, err)
		return
	}
	fmt.Println(values)
}

// play prints each value with its time, which is virtual.
func play[T any](src observable.Observable[T]) {
	clock := scheduler.NewVirtual()
	src.Subscribe(scheduler.With(context.Background(), clock), player[T]{clock})
	clock.AdvanceBy(time.Hour)
}

type player[T any] struct{ clock *scheduler.Virtual }

func (player[T]) OnSubscribe(s observable.Subscription) { s.Request(observable.Unbounded) }
func (p player[T]) OnNext(v T)                          { fmt.Println(p.clock.Elapsed(), v) }
func (p player[T]) OnError(err error)                   { fmt.Println(p.clock.Elapsed(), err) }
func (p player[T]) OnComplete()                         { fmt.Println(p.clock.Elapsed(), "done") }

// at emits each number when so many milliseconds have passed.
func at(numbers ...int) observable.Observable[int] {
	return operators.DelayWhen(func(n int) observable.Observable[int] {
		return observable.Timer(time.Duration(n) * time.Millisecond)
	})(observable.Of(numbers...))
}

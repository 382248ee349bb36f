package operators_test

import (
	"errors"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// Of a failure and a panic of the subscriber's at the same time, one ends the
// stream, and the other goes to the hook (L16).
func TestFailureThatWaitsForAPanicIsReported(t *testing.T) {
	late := errors.New("late")
	for name, play := range undeliveredPlays {
		for how, fail := range map[string]func(*marbles.TestSource[int], *marbles.TestSubscriber[int]){
			"the source fails": func(src *marbles.TestSource[int], _ *marbles.TestSubscriber[int]) { src.Error(late) },
			"a bad request":    func(_ *marbles.TestSource[int], sub *marbles.TestSubscriber[int]) { sub.Request(0) },
		} {
			t.Run(name+", "+how, func(t *testing.T) {
				var (
					dropped []error
					src     = marbles.NewTestSource[int]()
					clock   = scheduler.NewVirtual()
					sub     = marbles.NewTestSubscriber[int](t, 1)
				)
				sub.Each = func(int) {
					fail(src, sub)
					panic("boom")
				}
				ctx := observable.WithDroppedError(t.Context(), func(err error) { dropped = append(dropped, err) })
				op, drive := play(clock)
				op(src.Observable).Subscribe(scheduler.With(ctx, clock), sub.Outside())
				drive(src)
				_, err := sub.Ended()
				var panics, failures int
				for _, err := range append(dropped, err) {
					if _, ok := errors.AsType[*observable.PanicError](err); ok {
						panics++
					} else if _, bad := errors.AsType[*observable.BadRequestError](err); bad || errors.Is(err, late) {
						failures++
					}
				}
				if panics != 1 || failures != 1 || len(dropped) != 1 {
					t.Errorf("ended with %v, dropped %v; want the panic and the failure, one of them dropped", err, dropped)
				}
			})
		}
	}
}

// undeliveredPlays have operators deliver a value apart from their source.
var undeliveredPlays = map[string]func(*scheduler.Virtual) (op observable.Operator[int, int], drive func(*marbles.TestSource[int])){
	"BufferWhen": func(*scheduler.Virtual) (observable.Operator[int, int], func(*marbles.TestSource[int])) {
		o := marbles.NewTestSource[int]()
		return counted(operators.BufferWhen[int](o.Observable)), func(*marbles.TestSource[int]) { o.Next(0) }
	},
	"Delay": func(clock *scheduler.Virtual) (observable.Operator[int, int], func(*marbles.TestSource[int])) {
		return operators.Delay[int](ms), func(src *marbles.TestSource[int]) {
			src.Next(0)
			clock.AdvanceBy(ms)
		}
	},
	"ObserveOn": func(clock *scheduler.Virtual) (observable.Operator[int, int], func(*marbles.TestSource[int])) {
		return operators.ObserveOn[int](clock), func(src *marbles.TestSource[int]) {
			src.Next(0)
			clock.AdvanceBy(0)
		}
	},
	"Share": func(*scheduler.Virtual) (observable.Operator[int, int], func(*marbles.TestSource[int])) {
		return operators.Share[int], func(src *marbles.TestSource[int]) { src.Next(0) }
	},
}

// counted makes the length of each slice of it.
func counted(slices observable.Operator[int, []int]) observable.Operator[int, int] {
	return func(src observable.Observable[int]) observable.Observable[int] {
		return operators.Map(func(s []int) int { return len(s) })(slices(src))
	}
}

package operators_test

import (
	"testing"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// L7: a source is cancelled once, however often the subscriber cancels, and not
// at all when it has ended. No gate stands behind these operators.
func TestSourceIsCancelledOnce(t *testing.T) {
	never := observable.Never[int]()
	for name, op := range map[string]observable.Operator[int, int]{
		"Catch":         operators.Catch(func(error) observable.Observable[int] { return never }),
		"Finally":       operators.Finally[int](func() {}),
		"MapError":      operators.MapError[int](sameError),
		"RaceWith":      operators.RaceWith(never),
		"SwitchIfEmpty": operators.SwitchIfEmpty(never),
	} {
		for how, end := range map[string]func(*marbles.TestSource[int]){
			"while it runs":      func(*marbles.TestSource[int]) {},
			"when it has ended":  (*marbles.TestSource[int]).Complete,
			"when it has failed": func(src *marbles.TestSource[int]) { src.Error(observable.ErrEmpty) },
		} {
			t.Run(name+" "+how, func(t *testing.T) {
				src := marbles.NewTestSource[int]()
				sub := &restless[int]{}
				op(src.Observable).Subscribe(t.Context(), sub)
				src.Next(1)
				running := src.Active()
				end(src)
				running = min(running, src.Active())
				sub.up.Cancel()
				sub.up.Cancel()
				if got := src.Cancels(); got != running {
					t.Errorf("cancelled %d times, want %d", got, running)
				}
			})
		}
	}
}

// The same goes for the observable that TimeoutWith goes on with.
func TestTimeoutWithIsCancelledOnce(t *testing.T) {
	clock, o := scheduler.NewVirtual(), marbles.NewTestSource[int]()
	sub := &restless[int]{}
	operators.TimeoutWith(ms, o.Observable, scheduler.On(clock))(observable.Never[int]()).Subscribe(t.Context(), sub)
	clock.AdvanceBy(ms)
	o.Complete()
	sub.up.Cancel()
	if got := o.Cancels(); got != 0 {
		t.Errorf("cancelled %d times when it has ended, want 0", got)
	}
}

// A restless subscriber may cancel as it likes: no gate stands in front of it.
type restless[T any] struct {
	link.Inside
	up observable.Subscription
}

func (r *restless[T]) OnSubscribe(up observable.Subscription) {
	r.up = up
	up.Request(observable.Unbounded)
}
func (r *restless[T]) OnNext(T)      {}
func (r *restless[T]) OnError(error) {}
func (r *restless[T]) OnComplete()   {}

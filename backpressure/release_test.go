package backpressure_test

import (
	"runtime"
	"testing"
	"weak"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

type big struct{ _ [1 << 10]byte }

// A forgetful is a subscriber that keeps no values.
type forgetful struct{ observable.Subscription }

func (f *forgetful) OnSubscribe(up observable.Subscription) { f.Subscription = up }
func (*forgetful) OnNext(*big)                              {}
func (*forgetful) OnError(error)                            {}
func (*forgetful) OnComplete()                              {}

// Behaviour 30: nothing is kept alive once it was delivered, or discarded.
func TestBehaviour30_SlotsAreReleased(t *testing.T) {
	for name, release := range map[string]func(observable.Subscription){
		"delivery": func(up observable.Subscription) { up.Request(9) },
		"cancel":   func(up observable.Subscription) { up.Cancel() },
		"failure":  func(up observable.Subscription) { up.Request(-1) },
	} {
		for _, n := range dropping[*big]() {
			t.Run(name+"/"+n.name, func(t *testing.T) {
				clock := scheduler.NewVirtual()
				src := marbles.NewTestSource[*big]()
				sub := &forgetful{}
				ctx := observable.WithDroppedError(scheduler.With(t.Context(), clock), func(error) {})
				n.op(src.Observable).Subscribe(ctx, sub)
				var kept []weak.Pointer[big]
				for range 2 {
					v := new(big)
					kept = append(kept, weak.Make(v))
					src.Next(v)
					clock.AdvanceBy(ms)
				}
				clock.AdvanceBy(ms)
				release(sub)
				clock.AdvanceBy(5 * ms)
				runtime.GC()
				for i, p := range kept {
					if p.Value() != nil {
						t.Errorf("value %d is still held", i)
					}
				}
				runtime.KeepAlive(src)
				runtime.KeepAlive(sub)
			})
		}
	}
}

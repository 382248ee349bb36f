package operators_test

import (
	"runtime"
	"testing"
	"time"
	"weak"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// Behaviour 30: a value that was delivered, or given up at a cancel, is not
// kept by an operator that held it.
func TestBehaviour30_OperatorsForget(t *testing.T) {
	type value = *[64]byte
	first := func(a, _ value) value { return a }
	clock := scheduler.NewVirtual()
	for name, build := range map[string]func(src observable.Observable[value]) observable.Observable[value]{
		"MergeMap": operators.MergeMap(func(v value) observable.Observable[value] { return observable.Of(v, v) }),
		"Merge":    func(src observable.Observable[value]) observable.Observable[value] { return operators.Merge(src) },
		"Zip2": func(src observable.Observable[value]) observable.Observable[value] {
			return operators.Zip2(src, src, first)
		},
		"Share": operators.Share[value],
		"Delay": operators.Delay[value](time.Millisecond, scheduler.On(clock)),
	} {
		t.Run(name, func(t *testing.T) {
			var refs []weak.Pointer[[64]byte]
			src := marbles.NewTestSource[value](marbles.Overruns)
			sub := &forgetful{refs: new([]weak.Pointer[[64]byte])}
			build(src.Observable).Subscribe(t.Context(), sub)
			emit := func() {
				v := new([64]byte)
				refs = append(refs, weak.Make(v))
				src.Next(v)
			}
			sub.sub.Request(3)
			for range 8 {
				emit() // some are delivered, and some wait
			}
			clock.AdvanceBy(time.Millisecond)
			sub.sub.Cancel()
			runtime.GC()
			for i, ref := range refs {
				if ref.Value() != nil {
					t.Errorf("value %d of %d is still reachable after the cancel", i+1, len(refs))
				}
			}
			runtime.KeepAlive(sub)
			runtime.KeepAlive(src)
		})
	}
}

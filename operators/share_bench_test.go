package operators_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// One value to so many subscribers that share a source.
func BenchmarkShare(b *testing.B) {
	for _, kind := range sharings {
		for _, n := range []int{1, 10, 100} {
			b.Run(fmt.Sprintf("%s/%d", kind.name, n), func(b *testing.B) {
				subject := observable.NewSubject[int]()
				shared := kind.op(subject.Observable)
				tallies := make([]*tally, n)
				for i := range tallies {
					tallies[i] = newTally()
					shared.Subscribe(context.Background(), tallies[i])
				}
				b.ReportAllocs()
				v := 0
				for b.Loop() {
					subject.Next(v)
					v++
				}
				subject.Complete()
				for _, s := range tallies {
					if s.n != v {
						b.Fatalf("%d of %d values", s.n, v)
					}
				}
			})
		}
	}
}

type sharing struct {
	name string
	op   intOp
}

var sharings = []sharing{
	{"Share", operators.Share[int]},
	{"ShareReplay", operators.ShareReplay[int](8)},
	{"Publish", func(src ints) ints { return operators.Publish(src).RefCount() }},
	{"Replay", func(src ints) ints { return operators.Replay(src, 8).RefCount() }},
	{"Multicast", operators.Multicast(func() operators.Hub[int] { return observable.NewSubject[int]() })},
}

// In the steady state a value costs no allocation, however many there are to
// get it.
func TestSharingDoesNotAllocatePerValue(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	alone := sharing{"Connect", operators.Connect(func(shared ints) ints { return shared })}
	for _, kind := range append(sharings, alone) {
		for _, step := range []int64{1, 10, observable.Unbounded} {
			if kind.name == "Multicast" && step != observable.Unbounded {
				step = 1 << 40 // a subject does not wait
			}
			subject := observable.NewSubject[int]()
			shared := kind.op(subject.Observable)
			subs := []*stepper{{n: step}, {n: step}, {n: step}}
			for _, s := range subs {
				shared.Subscribe(context.Background(), s)
			}
			round := func() {
				for i := range 100 {
					subject.Next(i)
				}
			}
			round()
			if n := testing.AllocsPerRun(100, round); n != 0 {
				t.Errorf("%s in steps of %d: %v allocations for 100 values, want 0", kind.name, step, n)
			}
			for _, s := range subs {
				if s.got < 10_000 {
					t.Errorf("%s in steps of %d: %d values", kind.name, step, s.got)
				}
			}
			subject.Complete()
		}
	}
}

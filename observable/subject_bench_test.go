package observable_test

import (
	"fmt"
	"testing"

	"github.com/sluicego/sluice/observable"
)

// sum is an outside subscriber with unbounded demand.
type sum struct{ n int }

func (s *sum) OnSubscribe(up observable.Subscription) { up.Request(observable.Unbounded) }
func (s *sum) OnNext(v int)                           { s.n += v }
func (s *sum) OnError(error)                          {}
func (s *sum) OnComplete()                            {}

// BenchmarkSubject is W5: one call of Next, to so many subscribers.
func BenchmarkSubject(b *testing.B) {
	for _, n := range []int{1, 10, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := observable.NewSubject[int]()
			subs := make([]sum, n)
			for i := range subs {
				s.Subscribe(b.Context(), &subs[i])
			}
			b.ReportAllocs()
			for b.Loop() {
				s.Next(1)
			}
		})
	}
}

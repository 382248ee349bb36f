package operators_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// A tally is a subscriber of the library that requests everything.
type tally struct {
	link.Inside
	n    int
	sum  int
	done chan struct{}
}

func newTally() *tally { return &tally{done: make(chan struct{})} }

func (s *tally) OnSubscribe(up observable.Subscription) { up.Request(observable.Unbounded) }
func (s *tally) OnNext(v int)                           { s.n++; s.sum += v }
func (s *tally) OnError(err error)                      { panic(err) }
func (s *tally) OnComplete()                            { close(s.done) }

func (s *tally) NextFunc() func(int) bool {
	return func(v int) bool { s.n++; s.sum += v; return true }
}

// W3 of docs/benchmarks: inner observables that are synchronous, and the same
// ones serialised like any other.
func BenchmarkFlatten(b *testing.B) {
	for _, shape := range [][2]int{{1000, 1000}, {100_000, 10}} {
		inner := observable.Range(0, shape[1])
		f := func(int) observable.Observable[int] { return inner }
		ops := []struct {
			name string
			op   intOp
		}{{"MergeMap", operators.MergeMap(f)}, {"ConcatMap", operators.ConcatMap(f)}, {"SwitchMap", operators.SwitchMap(f)}}
		for _, o := range ops {
			for _, mode := range []string{"synchronous", "serialised"} {
				b.Run(fmt.Sprintf("%s/%dx%d/%s", o.name, shape[0], shape[1], mode), func(b *testing.B) {
					if mode == "serialised" {
						defer link.Disable()()
					}
					b.ReportAllocs()
					for b.Loop() {
						s := newTally()
						o.op(observable.Range(0, shape[0])).Subscribe(context.Background(), s)
						if s.n != shape[0]*shape[1] {
							b.Fatalf("%d values", s.n)
						}
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(shape[0]*shape[1]), "ns/value")
				})
			}
		}
	}
}

// W6: producers on goroutines of their own, merged into one consumer.
func BenchmarkMergeProducers(b *testing.B) {
	const each = 100_000
	for _, producers := range []int{2, 8} {
		b.Run(fmt.Sprint(producers), func(b *testing.B) {
			var os []observable.Observable[int]
			for range producers {
				os = append(os, observable.Lift(func(_ context.Context, down observable.Subscriber[int]) observable.Subscriber[int] {
					return &hopper{down: down}
				})(observable.Range(0, each)))
			}
			b.ReportAllocs()
			for b.Loop() {
				s := newTally()
				operators.Merge(os...).Subscribe(context.Background(), s)
				<-s.done
				if s.n != producers*each {
					b.Fatalf("%d values", s.n)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(producers*each), "ns/value")
		})
	}
}

// A hopper requests of its source on a goroutine of its own.
type hopper struct {
	link.Inside
	link.Failing
	down observable.Subscriber[int]
	up   observable.Subscription
}

func (h *hopper) OnSubscribe(up observable.Subscription) { h.up = up; h.down.OnSubscribe(h) }
func (h *hopper) OnNext(v int)                           { h.down.OnNext(v) }
func (h *hopper) OnError(err error)                      { h.down.OnError(err) }
func (h *hopper) OnComplete()                            { h.down.OnComplete() }
func (h *hopper) NextFunc() func(int) bool               { return link.Next[int](h.down) }
func (h *hopper) Request(n int64)                        { go h.up.Request(n) }
func (h *hopper) Cancel()                                { h.up.Cancel() }
func (h *hopper) Fail(err error)                         { h.up.(link.Failer).Fail(err) }

func BenchmarkJoin(b *testing.B) {
	const n = 100_000
	plus := func(a, b int) int { return a + b }
	for name, o := range map[string]observable.Observable[int]{
		"Zip2":           operators.Zip2(observable.Range(0, n), observable.Range(0, n), plus),
		"CombineLatest2": operators.CombineLatest2(observable.Of(1), observable.Range(0, n), plus),
		"Share":          operators.Share(observable.Range(0, n)),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s := newTally()
				o.Subscribe(context.Background(), s)
				if s.n != n {
					b.Fatalf("%d values", s.n)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/value")
		})
	}
}

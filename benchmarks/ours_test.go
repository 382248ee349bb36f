package benchmarks_test

import (
	"context"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/ungated"
	"github.com/sluicego/sluice/observable"
)

// forEachSum ends a pipeline with the blocking terminal, one of the library's
// own subscribers.
func forEachSum(o observable.Observable[int]) int {
	sum := 0
	if err := o.ForEach(context.Background(), func(v int) error {
		sum = add(sum, v)
		return nil
	}); err != nil {
		panic(err)
	}
	return sum
}

// subscriberSum ends a synchronous pipeline with a subscriber as users write
// them. It knows nothing of the library's private agreements, and Subscribe
// puts a gate in front of it.
func subscriberSum(o observable.Observable[int]) int {
	s := &summing{}
	o.Subscribe(context.Background(), s)
	return s.sum
}

type summing struct{ sum int }

func (*summing) OnSubscribe(up observable.Subscription) { up.Request(observable.Unbounded) }
func (s *summing) OnNext(v int)                         { s.sum = add(s.sum, v) }
func (*summing) OnError(err error)                      { panic(err) }
func (*summing) OnComplete()                            {}

// hidden passes everything on but keeps to itself that the source emits only
// when it is asked to, as RxJava's hide does.
var hidden = observable.Lift(func(_ context.Context, down observable.Subscriber[int]) observable.Subscriber[int] {
	return &hider{down: down}
})

type hider struct {
	link.Inside
	down observable.Subscriber[int]
	up   observable.Subscription
}

func (h *hider) OnSubscribe(up observable.Subscription) { h.up = up; h.down.OnSubscribe(h) }
func (h *hider) OnNext(v int)                           { h.down.OnNext(v) }
func (h *hider) NextFunc() func(int) bool               { return link.Next[int](h.down) }
func (h *hider) OnError(err error)                      { h.down.OnError(err) }
func (h *hider) OnComplete()                            { h.down.OnComplete() }
func (h *hider) Request(n int64)                        { h.up.Request(n) }
func (h *hider) Cancel()                                { h.up.Cancel() }

// produced emits 0 to n-1 on a goroutine of its own, as far as there is
// demand. A range would not do for the benchmarks of several goroutines: it
// emits where Request is called, and so moves to the consumer's goroutine with
// the second request.
func produced(n int) observable.Observable[int] {
	return ungated.New(func(_ context.Context, down observable.Subscriber[int]) {
		p := &producer{down: down, n: n, wake: make(chan struct{}, 1)}
		down.OnSubscribe(p)
		go p.run()
	})
}

type producer struct {
	down  observable.Subscriber[int]
	n     int
	asked demand.Counter
	wake  chan struct{} // holds one token when asked has risen from zero
}

func (p *producer) Request(n int64) {
	if p.asked.Add(n) == 0 {
		p.wake <- struct{}{}
	}
}

// Cancel is not needed: the streams of the benchmarks run to their end.
func (p *producer) Cancel() {}

func (p *producer) run() {
	next := link.Next[int](p.down)
	for v := 0; v < p.n; {
		<-p.wake
		for limit := p.asked.Load(); limit > 0 && v < p.n; {
			used := int64(0)
			for ; used < limit && v < p.n; v++ {
				if next(v) {
					used++
				}
			}
			limit = p.asked.Spend(used)
		}
	}
	p.down.OnComplete()
}

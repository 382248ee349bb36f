package soak_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// broken lists operators that each break a law, and what a run says of it. A
// test that finds nothing in them would find nothing anywhere.
var broken = map[string]struct {
	breakIt func(p *pass)
	want    string
}{
	"loses a value": {func(p *pass) {
		p.onNext = func(v *value) {
			if p.calls.next() == 2 {
				p.up.Request(1)
				return
			}
			p.down.OnNext(v)
		}
	}, "was delivered 0 times, discarded 0 times [] and consumed 0 times"},
	"doubles a value": {func(p *pass) {
		p.onNext = func(v *value) {
			p.down.OnNext(v)
			if p.calls.next() == 2 {
				p.down.OnNext(v)
			}
		}
	}, "L9: value "},
	"emits more than is requested": {func(p *pass) {
		p.request = func(int64) { p.up.Request(observable.Unbounded) }
	}, "L2: value "},
	"forgets a request": {func(p *pass) {
		p.request = func(n int64) {
			if p.calls.next() == 0 {
				p.up.Request(n)
			}
		}
	}, "no end comes (forgetsRequests: sluice: nothing has moved"},
	"swallows the end":  {func(p *pass) { p.onEnd = func() {} }, "no end comes"},
	"ends twice":        {func(p *pass) { p.onEnd = func() { p.down.OnComplete(); p.down.OnComplete() } }, "L4: "},
	"swallows an error": {func(p *pass) { p.onError = func(error) { p.down.OnComplete() } }, "L16: nobody has heard that"},
	"emits after a cancel": {func(p *pass) {
		var cancelled atomic.Bool
		p.cancel = func() {
			cancelled.Store(true)
			p.up.Cancel()
		}
		p.onNext = func(v *value) {
			p.down.OnNext(v)
			if cancelled.Load() {
				p.down.OnComplete()
			}
		}
	}, "L7: "},
	"leaks a goroutine": {func(p *pass) {
		p.onEnd = func() {
			go func() { <-p.judged }()
			p.down.OnComplete()
		}
	}, "L12: goroutines are left"},
	"leaks a timer":    {func(p *pass) { p.clock.After(24*time.Hour, func() {}) }, "L12: 1 timers are armed after the end: a task of internal/soak"},
	"cancels twice":    {func(p *pass) { p.cancel = func() { p.up.Cancel(); p.up.Cancel() } }, "was cancelled twice"},
	"keeps its source": {func(p *pass) { p.cancel = func() {} }, "was neither cancelled nor has it ended"},
	"requests nothing": {func(p *pass) { p.request = func(n int64) { p.up.Request(n); p.up.Request(0) } }, "L6: 0 were requested of source"},
}

// enough is in how many pipelines a broken operator has to be found. Most are
// found in the first ten.
const enough = 400

func TestBrokenOperatorsAreFound(t *testing.T) {
	for name, b := range broken {
		t.Run(name, func(t *testing.T) {
			extra := &entry{name: "broken", make: func(d *builder) operator { return breaking(b.breakIt, d.w.judged) }}
			for seed := range uint64(enough) {
				o := play(t, seed, wish{extra: extra, inspected: true})
				if strings.Contains(strings.Join(o.problems, "\n"), b.want) {
					return
				}
			}
			t.Errorf("in %d pipelines nothing says %q", enough, b.want)
		})
	}
}

// pass is an operator that passes everything on, but for what a test breaks.
type pass struct {
	link.Inside
	down    observable.Subscriber[*value]
	up      observable.Subscription
	clock   scheduler.Scheduler
	judged  <-chan struct{} // closed when the run has been judged
	calls   turns
	onNext  func(*value)
	onError func(error)
	onEnd   func()
	request func(int64)
	cancel  func()
}

func breaking(breakIt func(*pass), judged <-chan struct{}) operator {
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[*value]) observable.Subscriber[*value] {
		link.Call(ctx, "forgetsRequests")
		p := &pass{down: down, clock: scheduler.From(ctx), judged: judged}
		p.onNext, p.onError, p.onEnd = down.OnNext, down.OnError, down.OnComplete
		p.request = func(n int64) { p.up.Request(n) }
		p.cancel = func() { p.up.Cancel() }
		breakIt(p)
		return p
	})
}

func (p *pass) OnSubscribe(up observable.Subscription) {
	p.up = up
	p.down.OnSubscribe(p)
}
func (p *pass) OnNext(v *value)   { p.onNext(v) }
func (p *pass) OnError(err error) { p.onError(err) }
func (p *pass) OnComplete()       { p.onEnd() }
func (p *pass) Request(n int64)   { p.request(n) }
func (p *pass) Cancel()           { p.cancel() }

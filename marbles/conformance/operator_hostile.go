package conformance

import (
	"context"
	"runtime"
	"sync"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

// hostileChecks feed an operator from sources that break a rule. It need not
// put that right, but its subscriber has to see a stream in order, nothing may
// panic or wait for ever, and no goroutine may be left behind.
var hostileChecks = []check[*operator]{
	{rule{
		"1.01_SourceOverruns", "L2",
		"a source that emits without demand harms nobody below the operator",
		"what becomes of a value that nobody has asked for",
	}, suffers(marbles.Overruns)},
	{rule{
		"1.03_SourceOverlaps", "L3",
		"a source that emits from several goroutines at once is stopped, and harms nobody below the operator",
		"a subscriber that is not the one New was given; its gate stops such sources",
	}, opSourceOverlaps},
	{rule{
		"1.07_SourceEndsTwice", "L4",
		"a source that goes on after its end harms nobody below the operator",
		"signals that come when the operator has ended",
	}, suffers(marbles.EndsTwice)},
	{rule{
		"1.09_SourceEmitsFirst", "L1",
		"a source that completes before OnSubscribe harms nobody below the operator",
		"fields that OnSubscribe sets and OnComplete needs",
	}, suffers(marbles.EmitsBeforeStart)},
	{rule{
		"2.05_SourceSubscribesTwice", "L1",
		"a source that calls OnSubscribe twice harms nobody below the operator",
		"an OnSubscribe that starts everything again",
	}, suffers(marbles.SubscribesTwice)},
	{rule{
		"2.08_SourceIgnoresCancel", "L7",
		"a source that goes on after Cancel harms nobody below the operator",
		"signals that come when the operator was cancelled",
	}, suffers(marbles.IgnoresCancel)},
}

// suffers drives a source that misbehaves through its life.
func suffers(how marbles.Misbehaviour) func(e *env, o *operator) {
	return func(e *env, o *operator) {
		e.hostile = true
		// On a virtual clock, whose timers do not add to the confusion: operators
		// trust their source not to signal while they signal themselves.
		e.virtually()
		for _, start := range []int64{0, 1, observable.Unbounded} {
			src := marbles.NewTestSource[any](how)
			st := o.apply(func(ctx context.Context, down observable.Subscriber[any]) { src.Subscribe(ctx, down) }, false)
			w := e.subscribe(st, start)
			drive := func(i int) { e.do("OnNext of the source", func() { src.Next(o.element(i)) }) }
			for i := range 3 {
				drive(i)
				e.quiet()
			}
			end := func() {
				e.do("OnComplete of the source", src.Complete)
				e.do("OnError of the source", func() { src.Error(errDeliberate) })
				drive(3)
			}
			if how != marbles.IgnoresCancel {
				end()
				e.quiet()
			}
			w.cancel()
			w.quietly("after Cancel", func() {
				drive(4)
				end()
			})
		}
	}
}

func opSourceOverlaps(e *env, o *operator) {
	e.hostile = true
	e.raceFor(rounds()/opRounds, func() (racers []func(), check func()) {
		sub := e.plain(observable.Unbounded)
		crowd := &overlapping{}
		st := o.apply(crowd.subscribe, true)
		e.do("Subscribe", func() { st(e.ctx, sub.Outside()) })
		emit := func(from int) func() {
			return func() {
				for i := range 3 {
					crowd.next(o.element(from + i))
				}
			}
		}
		return []func(){emit(0), emit(3)}, func() {
			e.quiet()
			e.do("Cancel", sub.Cancel)
		}
	})
}

// overlapping is a source for everybody to emit from.
type overlapping struct {
	mu   sync.Mutex
	subs []observable.Subscriber[any] // guarded by mu
}

func (c *overlapping) subscribe(_ context.Context, down observable.Subscriber[any]) {
	down.OnSubscribe(deaf{})
	c.mu.Lock()
	defer c.mu.Unlock()
	c.subs = append(c.subs, down)
}

func (c *overlapping) next(v any) {
	c.mu.Lock()
	subs := c.subs
	c.mu.Unlock()
	for _, down := range subs {
		runtime.Gosched()
		down.OnNext(v)
	}
}

// deaf is a subscription that does nothing.
type deaf struct{}

func (deaf) Request(int64) {}
func (deaf) Cancel()       {}

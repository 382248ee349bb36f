package backpressure

import (
	"context"
	"fmt"
	"slices"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/option"
	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/internal/site"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// A Compartment is one of the sources of [FairMerge], with a queue of its own.
// [Bulkhead] makes one.
type Compartment[T any] struct {
	source   observable.Observable[T]
	capacity int
	weight   int
	isolate  func(error) // may be nil
}

// Bulkhead puts src into a compartment for [FairMerge], with a queue of exactly
// capacity places: however fast src is, it takes no room from other sources, and
// with [Isolate] its failure is none of theirs. With [Weight] it gets a larger
// share.
//
// Bulkhead panics if capacity is not positive.
func Bulkhead[T any](src observable.Observable[T], capacity int, opts ...BulkheadOption) Compartment[T] {
	if capacity <= 0 {
		panic(fmt.Sprintf("backpressure: Bulkhead of a capacity that is not positive (%d)", capacity))
	}
	c := Compartment[T]{source: src, capacity: capacity, weight: 1}
	for _, opt := range opts {
		switch opt := opt.(type) {
		case weight:
			c.weight = int(opt)
		case isolate:
			c.isolate = opt
		case nil:
			panic(nilOption("Bulkhead"))
		}
	}
	return c
}

// A BulkheadOption is an option of [Bulkhead]: [Weight] or [Isolate].
type BulkheadOption = option.Bulkhead

// Weight gives a compartment n values in its turn, where others have one: its
// share is n out of the sum of all weights, if its capacity is not less than n.
// It panics if n is not positive.
func Weight(n int) BulkheadOption {
	if n <= 0 {
		panic(fmt.Sprintf("backpressure: Weight that is not positive (%d)", n))
	}
	return weight(n)
}

type weight int

func (weight) OptionBulkhead(option.Seal) {}

// Isolate makes an error of the source the end of its compartment alone. What is
// queued there is still delivered, and the error is given to f, at once and
// where the source reports it. A panic in f ends the stream with an
// [observable.PanicError]. Isolate panics if f is nil.
func Isolate(f func(error)) BulkheadOption {
	if f == nil {
		panic("backpressure: Isolate with a nil function")
	}
	return isolate(f)
}

type isolate func(error)

func (isolate) OptionBulkhead(option.Seal) {}

// FairMerge emits the values of several sources, each of them behind a
// [Bulkhead], and gives each its share: those that have values waiting take
// turns. It completes when all of them have.
//
//	a                                          [abcd]---|
//	b                                          --x-y-----|
//	FairMerge(Bulkhead(a, 4), Bulkhead(b, 4))  -a-xbyc-d-|
//	request                                    -1-1111-1
//
// A turn is one value, or as many as the [Weight] of the compartment. One that
// has nothing waiting when its turn comes leaves it to the others, and gets
// nothing in return later. So while a consumer cannot take all that is offered,
// none gets less than its share, whatever the others do, and a value that finds
// its compartment empty waits for one turn of each of the others at most. Values
// of one source stay in order.
//
// Demand: each source is asked for the capacity of its compartment, all of them
// as soon as they are subscribed to, then for three quarters of it each time that
// as many of its values have been delivered. Unbounded demand reaches none. So
// each source is slowed down by itself, to its share, while others go on. One
// that cannot wait (a subject) overflows when it is ahead by more than the
// capacity: put an operator that can drop, such as [OnBackpressureLatest], behind
// it, in front of the Bulkhead. A value that finds demand and nothing waiting
// passes without being queued. Completion waits until all queues are empty, and
// then needs no demand.
//
// Errors: the first one, at once; the other sources are cancelled. That of a
// source with [Isolate] goes to the function given there, and completes its
// compartment. That of a scheduler which is closed, at once.
//
// Discards: what is queued when the stream fails or is cancelled; what comes
// after that, as late; the value that overflows a compartment.
//
// Scheduler: the context's. Values are delivered by the goroutines that bring
// them or request them. One that brings a value is kept for no more than a round
// of those of others, since its own source would lose its share meanwhile; nor is
// the one that subscribes, unless all sources emit only when they are asked. What
// is queued then is delivered by a task of the scheduler.
//
// FairMerge panics if one of the compartments was not made by [Bulkhead].
func FairMerge[T any](compartments ...Compartment[T]) observable.Observable[T] {
	capacity := int64(0)
	for i, c := range compartments {
		if c.capacity == 0 {
			panic(fmt.Sprintf("backpressure: FairMerge of a compartment without a capacity (at index %d); make it with Bulkhead", i))
		}
		capacity = demand.Add(capacity, int64(c.capacity))
	}
	if len(compartments) == 0 {
		return observable.Empty[T]()
	}
	compartments = slices.Clone(compartments)
	c := newConfig[T]("FairMerge", int(capacity))
	c.site = site.Caller()
	c.refill = 1 // the rota is told of every value
	return side.Serve(func(ctx context.Context, down observable.Subscriber[T]) {
		m := &fairMerger[T]{}
		m.begin(ctx, down, &m.rota, c)
		m.sched, m.ring = scheduler.From(ctx), m.relieve
		m.rota.open(m, compartments)
		m.start(ctx)
	})
}

// A fairMerger is a relay whose store is a queue for each of its sources. What
// the relay takes for its source is the rota too, which stands for all of them.
type fairMerger[T any] struct {
	relay[T]
	rota rota[T] // the store
}

// start subscribes to the sources in order, then asks them for values in order.
// It counts as emitting, so that what a source brings at once waits for the
// others, and a synchronous source never has the field to itself: it is only
// asked by the emitter.
func (m *fairMerger[T]) start(ctx context.Context) {
	m.busy, m.up = true, &m.rota
	m.down.OnSubscribe(m)
	m.heed()
	if !m.subscribe(ctx) {
		return
	}
	m.mu.Lock()
	m.rota.admit()
	m.busy = false
	v, what := m.wake()
	m.mu.Unlock()
	m.run(v, what)
}

// subscribe reports false if a source panicked, which is the end.
func (m *fairMerger[T]) subscribe(ctx context.Context) (done bool) {
	defer fault.Catch(&done, m.panicked)
	for _, l := range m.rota.inlets {
		if m.wanted() {
			l.source.Subscribe(ctx, l)
		}
	}
	for _, l := range m.rota.inlets {
		l.begin()
	}
	return true
}

func (m *fairMerger[T]) wanted() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return !m.sourced
}

// Request delivers what is queued, as far as n goes.
func (m *fairMerger[T]) Request(n int64) {
	m.mu.Lock()
	m.asked = demand.Add(m.asked, n)
	v, what := m.proceed()
	m.mu.Unlock()
	m.run(v, what)
}

// proceed is wake for a goroutine that has no source to go back to. Called with
// mu.
func (m *fairMerger[T]) proceed() (v T, what signal) {
	if !m.busy {
		m.rota.shift = endless
	}
	return m.wake()
}

// handOver lets a task go on with what is queued. Called with mu.
func (m *fairMerger[T]) handOver() {
	if m.stop == nil {
		m.stop = m.sched.Schedule(m.ring)
	}
}

// relieve is that task.
func (m *fairMerger[T]) relieve() {
	m.mu.Lock()
	m.stop = nil
	v, what := m.proceed()
	m.mu.Unlock()
	m.run(v, what)
}

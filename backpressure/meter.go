package backpressure

import (
	"context"
	"maps"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// Meter counts what passes it and what is lost above it, and passes everything
// on. [Meters] returns the counts of all names, at any time and from anywhere.
//
//	source         -a-b-c-|
//	Meter(orders)  -a-b-c-|
//
// Put it right behind the operator of this package whose queue it is to watch:
// what is buffered is what that one holds.
//
//	clicks, OnBackpressureBuffer[Click](1000, DropOldest), Meter[Click]("clicks")
//
// All subscriptions of all Meters with one name are counted together. A name and
// its counts stay for as long as the program runs, so names are not to be made
// up as it goes. In an expvar page they are one line:
//
//	expvar.Publish("sluice", expvar.Func(func() any { return backpressure.Meters() }))
//
// Demand: one for one; requests reach the source unchanged.
//
// Errors: the source's, unchanged.
//
// Discards: nothing. What operators above it discard is counted, and goes to the
// hook of the ctx as it would without a Meter.
//
// Scheduler: none.
//
// Meter panics if name is empty.
func Meter[T any](name string) observable.Operator[T, T] {
	if name == "" {
		panic("backpressure: Meter without a name; by its name the counts are found")
	}
	tally := tallyOf(name)
	return func(src observable.Observable[T]) observable.Observable[T] {
		return side.Serve(func(ctx context.Context, down observable.Subscriber[T]) {
			m := &meter[T]{down: down, gauge: gauge{tally: tally}}
			src.Subscribe(observable.WithDiscard(ctx, tally.counting(observable.DiscardFrom(ctx))), m)
		})
	}
}

// A MeterReading is what the [Meter]s of one name have counted. Received is
// Delivered + Discarded + Buffered, of what is above the Meter and delivers every
// value or discards it.
type MeterReading struct {
	Received      int64            // values that have come out of the source
	Delivered     int64            // values that have passed the Meter
	Discarded     int64            // values that were lost above it
	Reasons       map[string]int64 // what of Discarded had which reason, by its String
	Buffered      int64            // values that the operator above the Meter holds now
	MaxBuffered   int64            // the most that it has held; of several subscriptions, the most of one
	Demand        int64            // values requested and not delivered yet; Unbounded
	Subscriptions int64            // those that are live
}

// Meters returns what all [Meter]s have counted, by name.
func Meters() map[string]MeterReading {
	tallies.mu.Lock()
	named := maps.Clone(tallies.byName)
	tallies.mu.Unlock()
	readings := make(map[string]MeterReading, len(named))
	for name, t := range named {
		readings[name] = t.read()
	}
	return readings
}

// tallies are the counts of all names. They are the one thing of the package
// that all of a program shares, as expvar is.
var tallies = struct {
	mu     sync.Mutex
	byName map[string]*tally // guarded by mu
}{byName: map[string]*tally{}}

func tallyOf(name string) *tally {
	tallies.mu.Lock()
	defer tallies.mu.Unlock()
	t := tallies.byName[name]
	if t == nil {
		t = &tally{live: map[*gauge]struct{}{}}
		tallies.byName[name] = t
	}
	return t
}

// A tally is what one name has counted.
type tally struct {
	discarded [observable.DiscardLate + 1]atomic.Int64

	mu        sync.Mutex
	live      map[*gauge]struct{} // guarded by mu
	delivered int64               // guarded by mu: by subscriptions that are over
	peak      int64               // guarded by mu
}

// counting returns a discard hook that counts and goes on to next.
func (t *tally) counting(next func(any, observable.DiscardReason)) func(any, observable.DiscardReason) {
	return func(v any, why observable.DiscardReason) {
		t.discarded[why].Add(1)
		if next != nil {
			next(v, why)
		}
	}
}

func (t *tally) read() MeterReading {
	r := MeterReading{Reasons: map[string]int64{}}
	for _, g := range t.gauges() {
		r.Buffered += t.look(g)
	}
	for why := range t.discarded {
		if n := t.discarded[why].Load(); n > 0 {
			r.Discarded += n
			r.Reasons[observable.DiscardReason(why).String()] = n
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	r.Delivered, r.MaxBuffered, r.Subscriptions = t.delivered, t.peak, int64(len(t.live))
	for g := range t.live {
		r.Delivered += g.delivered.Load()
		r.Demand = demand.Add(r.Demand, g.outstanding())
	}
	r.Received = r.Delivered + r.Discarded + r.Buffered
	return r
}

func (t *tally) gauges() []*gauge {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Collect(maps.Keys(t.live))
}

// look returns what the operator above the Meter holds, and minds the most. It
// must not hold mu: that operator has a lock of its own.
func (t *tally) look(g *gauge) (queued int64) {
	if g.holder == nil {
		return 0
	}
	h := g.holder.Held(link.Seal{})
	t.mu.Lock()
	t.peak = max(t.peak, h.Queued, h.Peak)
	t.mu.Unlock()
	return h.Queued
}

// A gauge is what one subscription has counted.
type gauge struct {
	tally     *tally
	holder    link.Holder // what is above; nil if it holds nothing
	asked     demand.Counter
	delivered atomic.Int64 // far below zero once the tally has it
}

// taken is what is left in a gauge that the tally has taken over. What comes
// even later counts up from there, and is known by it.
const taken = math.MinInt64 / 2

func (g *gauge) open(holder link.Holder) {
	g.holder = holder
	g.tally.mu.Lock()
	g.tally.live[g] = struct{}{}
	g.tally.mu.Unlock()
}

func (g *gauge) request(n int64) {
	if n > 0 {
		g.asked.Add(n)
	}
}

func (g *gauge) pass() {
	if g.delivered.Add(1) < 0 { // a value that met a cancel
		g.tally.mu.Lock()
		g.tally.delivered++
		g.tally.mu.Unlock()
	}
}

func (g *gauge) outstanding() int64 {
	asked := g.asked.Load()
	if asked == observable.Unbounded {
		return asked
	}
	return max(asked-g.delivered.Load(), 0)
}

// close lets the tally take over what was counted, once.
func (g *gauge) close() {
	t := g.tally
	t.look(g)
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, live := t.live[g]; live {
		delete(t.live, g)
		t.delivered += g.delivered.Swap(taken)
	}
}

type meter[T any] struct {
	link.Inside
	gauge
	down observable.Subscriber[T]
	up   observable.Subscription
}

func (m *meter[T]) OnSubscribe(up observable.Subscription) {
	m.up = up
	m.open(link.HolderOf(up))
	m.down.OnSubscribe(link.Marked(m, up))
}

func (m *meter[T]) OnNext(v T) {
	m.pass()
	m.down.OnNext(v)
}

// NextFunc is OnNext linked to the downstream's. A value that the downstream has
// no use for has passed all the same, and another one is requested.
func (m *meter[T]) NextFunc() func(T) bool {
	next := link.Next[T](m.down)
	return func(v T) bool {
		m.pass()
		if next(v) {
			return true
		}
		m.request(1)
		return false
	}
}

func (m *meter[T]) OnError(err error) {
	m.close()
	m.down.OnError(err)
}

func (m *meter[T]) OnComplete() {
	m.close()
	m.down.OnComplete()
}

func (m *meter[T]) Request(n int64) {
	m.request(n)
	m.up.Request(n)
}

// Cancel closes the gauge last: what is held becomes what is discarded.
func (m *meter[T]) Cancel() {
	m.up.Cancel()
	m.close()
}

package backpressure_test

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/ungated"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// A stamped value says whose it is, which one, and when it was there.
type stamped struct {
	of   string
	n    int
	born time.Duration
}

// A machine makes a value every so often, if it has been asked for one; while it
// has not, it stands still with the one that it has made.
type machine struct {
	of    string
	every time.Duration
	clock *scheduler.Virtual
	down  observable.Subscriber[stamped]
	ready *stamped // nobody has asked for it
	made  int
	asked int64
	stop  func() bool
}

func (m *machine) observable() observable.Observable[stamped] {
	return ungated.New(func(_ context.Context, s observable.Subscriber[stamped]) {
		m.down = s
		s.OnSubscribe(m)
		m.stop = m.clock.After(m.every, m.work)
	})
}

func (m *machine) work() {
	m.made++
	m.ready = &stamped{m.of, m.made, m.clock.Elapsed()}
	m.deliver()
}

func (m *machine) deliver() {
	if m.ready == nil || m.asked == 0 {
		return
	}
	v := *m.ready
	m.ready = nil
	m.asked = demand.Add(m.asked, -1)
	m.stop = m.clock.After(m.every, m.work)
	m.down.OnNext(v)
}

func (m *machine) Request(n int64) {
	m.asked = demand.Add(m.asked, n)
	m.deliver()
}

func (m *machine) Cancel() { m.stop() }

// A offers more than is left by B and C, who are held up by nothing.
func TestFairMergeSharesAConsumer(t *testing.T) {
	clock := scheduler.NewVirtual()
	sources := []*machine{
		{of: "A", every: time.Second / 100, clock: clock},
		{of: "B", every: time.Second / 10, clock: clock},
		{of: "C", every: time.Second / 10, clock: clock},
	}
	var compartments []backpressure.Compartment[stamped]
	for _, src := range sources {
		compartments = append(compartments, backpressure.Bulkhead(src.observable(), 8))
	}
	const perSecond, seconds = 75, 60
	sub := marbles.NewTestSubscriber[stamped](t, 0)
	got, worst := map[string]int{}, map[string]time.Duration{}
	sub.Each = func(v stamped) {
		if got[v.of]++; got[v.of] != v.n {
			t.Errorf("%s: value %d is %d", v.of, got[v.of], v.n)
		}
		worst[v.of] = max(worst[v.of], clock.Elapsed()-v.born)
	}
	backpressure.FairMerge(compartments...).Subscribe(scheduler.With(t.Context(), clock), sub)
	for range perSecond * seconds {
		clock.AdvanceBy(time.Second / perSecond)
		sub.Request(1)
	}
	sub.Cancel()
	for _, name := range []string{"B", "C"} {
		if n := got[name]; n < 10*seconds-1 {
			t.Errorf("%s got through %d times, want every time of %d", name, n, 10*seconds)
		}
		if w, round := worst[name], 3*time.Second/perSecond; w > round {
			t.Errorf("a value of %s waited for %v, want no more than a round of %v", name, w, round)
		}
	}
	if n := got["A"]; n < 54*seconds || n > 56*seconds {
		t.Errorf("A got through %d times in %d seconds, want what the others leave, 55 a second", n, seconds)
	}
	if n := sources[0].made - got["A"]; n > 9 {
		t.Errorf("A made %d values that nobody took, want no more than its capacity, and the one at hand", n)
	}
}

// A flood leaves a value that comes into an empty compartment a round to wait.
func TestFairMergeAgainstAFlood(t *testing.T) {
	for _, others := range []int{1, 4} {
		drops := marbles.NewTestSource[int]()
		compartments := []backpressure.Compartment[int]{backpressure.Bulkhead(drops.Observable, 2)}
		for range others {
			compartments = append(compartments, backpressure.Bulkhead(observable.Range(1, 1000), 16))
		}
		sub := marbles.NewTestSubscriber[int](t, 0)
		delivered, since := 0, 0
		sub.Each = func(v int) {
			if delivered++; v < 0 && delivered-since > others+1 {
				t.Errorf("%d: %d values went before it, want no more than %d", v, delivered-since-1, others)
			}
		}
		backpressure.FairMerge(compartments...).Subscribe(t.Context(), sub)
		for i := range 10 {
			sub.Request(7)
			since = delivered
			drops.Next(-i - 1)
		}
		drops.Complete()
		sub.Request(observable.Unbounded)
		if ended, err := sub.Ended(); !ended || err != nil || delivered != 1000*others+10 {
			t.Errorf("%d values, ended %t, %v", delivered, ended, err)
		}
	}
}

// A consumer that takes its time, under unbounded demand: a producer that comes
// in while it is idle must not be made to work for the others.
func TestFairMergeOfGoroutines(t *testing.T) {
	pause := func(d time.Duration) {
		done := make(chan struct{})
		scheduler.Default.After(d, func() { close(done) })
		<-done
	}
	for _, test := range []struct {
		name    string
		weights []int
		pauses  []time.Duration
		want    []int // of 600 values
	}{
		{"all flood", []int{1, 1, 1}, make([]time.Duration, 3), []int{200, 200, 200}},
		{"weights", []int{3, 2, 1}, make([]time.Duration, 3), []int{300, 200, 100}},
		{"one has little", []int{1, 1, 1}, []time.Duration{0, 0, 10 * ms}, []int{270, 270, 60}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var compartments []backpressure.Compartment[int]
				var producers sync.WaitGroup
				producers.Add(len(test.weights))
				for i, w := range test.weights {
					src := observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
						defer producers.Done()
						for emit.Next(i) {
							if d := test.pauses[i]; d > 0 {
								pause(d)
							}
						}
						return nil
					})
					compartments = append(compartments, backpressure.Bulkhead(src, 4, backpressure.Weight(w)))
				}
				got := make([]int, len(compartments))
				n := 0
				enough := make(chan struct{})
				sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
				sub.Each = func(i int) {
					pause(ms)
					got[i]++
					if n++; n == 600 {
						sub.CancelInside()
						close(enough)
					}
				}
				begun := scheduler.Default.Now()
				backpressure.FairMerge(compartments...).Subscribe(t.Context(), sub)
				if took := scheduler.Default.Now().Sub(begun); took > 10*ms {
					t.Errorf("to subscribe took %v", took)
				}
				<-enough
				producers.Wait()
				for i, want := range test.want {
					if d := got[i] - want; d < -6 || d > 6 {
						t.Errorf("the sources got %v, want about %v", got, test.want)
						break
					}
				}
			})
		})
	}
}

// Sources on goroutines of their own, requests, and in every other round a
// cancel: every value has one fate, those of a source come in order, and each is
// cancelled once at most.
func TestFairMergeRaces(t *testing.T) {
	const sources, values = 4, 30
	marbles.Race(200, func(round int) ([]func(), func()) {
		ledger := marbles.NewLedger(t)
		sub := marbles.NewTestSubscriber[*marbles.Tracked](t, 0)
		ctx := observable.WithDroppedError(t.Context(), func(error) {})
		var (
			srcs         []*marbles.TestSource[*marbles.Tracked]
			compartments []backpressure.Compartment[*marbles.Tracked]
			racers       []func()
			of           sync.Map // the source of a value, by its ID
		)
		last := make([]int, sources)
		sub.Each = func(v *marbles.Tracked) {
			ledger.Deliver(v)
			i, _ := of.Load(v.ID)
			if last[i.(int)] >= v.ID {
				t.Errorf("source %d: %d after %d", i, v.ID, last[i.(int)])
			}
			last[i.(int)] = v.ID
		}
		for i := range sources {
			src := marbles.NewTestSource[*marbles.Tracked](marbles.IgnoresCancel)
			srcs = append(srcs, src)
			compartments = append(compartments, backpressure.Bulkhead(src.Observable, values, backpressure.Weight(i+1)))
			racers = append(racers, func() {
				for range values {
					v := ledger.Produce()
					of.Store(v.ID, i)
					src.Next(v)
				}
				src.Complete()
			})
		}
		backpressure.FairMerge(compartments...).Subscribe(ledger.Context(ctx), sub.Outside())
		ask := func() {
			for range sources * values {
				sub.Request(1)
			}
		}
		racers = append(racers, ask)
		if round%2 == 1 {
			racers = append(racers, sub.Cancel)
		}
		return racers, func() {
			if round%2 == 0 {
				<-sub.Done()
				if n := len(sub.Values()); n != sources*values {
					t.Errorf("%d values, want %d", n, sources*values)
				}
			}
			for i, src := range srcs {
				if c := src.Cancels(); c > 1 {
					t.Errorf("source %d was cancelled %d times", i, c)
				}
			}
		}
	})
}

// Producers that wait for demand, each on a goroutine of its own, and queues so
// short that every request counts: all values come, each source's in order.
func TestFairMergeOfWaitingGoroutines(t *testing.T) {
	const sources, values = 5, 200
	for round := range 20 {
		var compartments []backpressure.Compartment[[2]int]
		for i := range sources {
			src := observable.Create(func(_ context.Context, emit observable.Emitter[[2]int]) error {
				for n := range values {
					emit.Next([2]int{i, n})
				}
				return nil
			})
			compartments = append(compartments, backpressure.Bulkhead(src, 1+i, backpressure.Weight(1+round%3)))
		}
		all := backpressure.FairMerge(compartments...)
		if round%2 == 1 {
			all = observable.Pipe1(all, backpressure.LimitRate[[2]int](3, 0))
		}
		next := make([]int, sources)
		err := all.ForEach(t.Context(), func(v [2]int) error {
			if next[v[0]] != v[1] {
				t.Errorf("source %d: %d came, want %d", v[0], v[1], next[v[0]])
			}
			next[v[0]] = v[1] + 1
			return nil
		})
		if err != nil || slices.Min(next) != values {
			t.Fatalf("round %d: %v values came, and %v", round, next, err)
		}
	}
}

// Behaviour 30, of its own: nothing is kept alive once it was delivered, or
// discarded.
func TestBehaviour30_FairMerge(t *testing.T) {
	for name, release := range map[string]func(observable.Subscription){
		"delivery": func(up observable.Subscription) { up.Request(9) },
		"cancel":   func(up observable.Subscription) { up.Cancel() },
		"failure":  func(up observable.Subscription) { up.Request(-1) },
	} {
		t.Run(name, func(t *testing.T) {
			src, other := marbles.NewTestSource[*big](), marbles.NewTestSource[*big]()
			sub := &forgetful{}
			ctx := observable.WithDroppedError(t.Context(), func(error) {})
			backpressure.FairMerge(backpressure.Bulkhead(src.Observable, 4), backpressure.Bulkhead(other.Observable, 4)).Subscribe(ctx, sub)
			var kept []weak.Pointer[big]
			for i := range 4 {
				v := new(big)
				kept = append(kept, weak.Make(v))
				[]*marbles.TestSource[*big]{src, other}[i%2].Next(v)
			}
			release(sub)
			runtime.GC()
			for i, p := range kept {
				if p.Value() != nil {
					t.Errorf("value %d is still held", i)
				}
			}
			runtime.KeepAlive(src)
			runtime.KeepAlive(other)
			runtime.KeepAlive(sub)
		})
	}
}

// A value costs no allocation, whether it passes or waits for its turn.
func TestFairMergeAllocatesNothingPerValue(t *testing.T) {
	for _, first := range []int64{0, observable.Unbounded} {
		down := &taker{first: first}
		src := make([]observable.Subscriber[int], 3)
		var compartments []backpressure.Compartment[int]
		for i := range src {
			o := ungated.New(func(_ context.Context, s observable.Subscriber[int]) {
				src[i] = s
				s.OnSubscribe(idle{})
			})
			compartments = append(compartments, backpressure.Bulkhead(o, 8))
		}
		backpressure.FairMerge(compartments...).Subscribe(t.Context(), down)
		bring := func() {
			for _, s := range src {
				s.OnNext(1)
				s.OnNext(2)
			}
			if first == 0 {
				down.up.Request(6)
			}
		}
		bring()
		if n := testing.AllocsPerRun(100, bring); n > 0 {
			t.Errorf("%d requested at first: %v allocations for six values", first, n)
		}
		down.up.Cancel()
	}
}

// BenchmarkFairMerge is two synchronous sources that take turns.
func BenchmarkFairMerge(b *testing.B) {
	const n = 100_000
	b.ReportAllocs()
	for b.Loop() {
		down := &taker{first: observable.Unbounded}
		half := observable.Range(0, n/2)
		backpressure.FairMerge(backpressure.Bulkhead(half, 256), backpressure.Bulkhead(half, 256)).Subscribe(b.Context(), down)
		if down.n != n {
			b.Fatal(down.n)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/value")
}

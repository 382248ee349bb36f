package contract

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fates"
	"github.com/sluicego/sluice/internal/ungated"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// races lets everything that may happen to a subscription happen at once, on
// goroutines of their own: values and an end from the source, requests, a
// cancel, and the clock.
func (o subject) races(t *testing.T) {
	rounds := howOften(t)
	kinds := []rivalry{
		{name: "request", asks: true},
		{name: "cancel", cancels: true},
		{name: "complete", end: "complete"},
		{name: "error", end: "error"},
		{name: "cancel and complete", cancels: true, end: "complete"},
		{name: "cancel and error", cancels: true, end: "error"},
	}
	for _, procs := range []int{1, 2, 8} {
		t.Run(fmt.Sprintf("GOMAXPROCS=%d", procs), func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			for _, how := range kinds {
				marbles.Race(rounds, func(round int) ([]func(), func()) { return o.race(t, how, round) })
			}
		})
	}
}

// A rivalry is what takes part in a race besides values, requests and the clock.
type rivalry struct {
	name    string
	end     string // of the source: "complete", "error", or none
	cancels bool
	asks    bool // twice as much is requested, from two goroutines
}

// howOften is how often each race is run: what SLUICE_RACE_ROUNDS says, as make
// leaks does, or what there is time for in each build.
func howOften(t *testing.T) int {
	t.Helper()
	if more := os.Getenv("SLUICE_RACE_ROUNDS"); more != "" {
		n, err := strconv.Atoi(more)
		if err != nil || n < 1 {
			t.Fatalf("contract: SLUICE_RACE_ROUNDS is %q; it is how many rounds each race is to have", more)
		}
		return n
	}
	if testing.Short() {
		return min(rounds, 10)
	}
	return rounds
}

func (o subject) race(t *testing.T, how rivalry, round int) (racers []func(), check func()) {
	var (
		clock = scheduler.NewVirtual()
		mu    sync.Mutex // guards book
		book  = fates.New()
		src   = &pusher{produced: func(id int) {
			mu.Lock()
			book.Produced = append(book.Produced, id)
			mu.Unlock()
		}}
		sub = marbles.NewTestSubscriber[any](t, 0)
		ctx = scheduler.With(context.Background(), clock)
	)
	sub.Each = func(v any) {
		mu.Lock()
		defer mu.Unlock()
		for _, id := range o.ids(v) {
			book.Delivered[id]++
		}
	}
	ctx = observable.WithDiscard(ctx, func(v any, why observable.DiscardReason) {
		mu.Lock()
		defer mu.Unlock()
		for _, id := range o.ids(v) {
			book.Discarded[id] = append(book.Discarded[id], why)
		}
	})
	ctx = observable.WithDroppedError(ctx, func(error) {})
	o.subscribe(ctx, ungated.New(src.subscribe), sub.Outside(), false)

	emit := func() { src.emit(8, how.end) }
	ask := func() {
		for range 4 {
			sub.Request(2)
		}
	}
	tick := func() {
		for range 10 {
			clock.AdvanceBy(time.Millisecond)
		}
	}
	racers = []func(){emit, ask, tick}
	if how.asks {
		racers = append(racers, ask)
	}
	if how.cancels {
		racers = append(racers, sub.Cancel)
	}
	return racers, func() {
		sub.Cancel()
		clock.AdvanceBy(time.Minute)
		mu.Lock()
		defer mu.Unlock()
		if n := src.mostCancels(); n > 1 {
			t.Errorf("L7: upstream was cancelled %d times", n)
		}
		if n := clock.Pending(); n > 0 {
			t.Errorf("L12: %d timers are armed after the end", n)
		}
		for _, p := range book.Problems(o.consumes) {
			t.Errorf("%s race, round %d: %s", how.name, round, p)
		}
	}
}

// A pusher emits from a goroutine of its own, as requests allow.
type pusher struct {
	produced func(id int)

	mu   sync.Mutex
	subs []*pusherSub // guarded by mu
	id   int          // guarded by mu; the last one given out
}

type pusherSub struct {
	src     *pusher
	down    observable.Subscriber[int]
	asked   int64 // guarded by src.mu
	cancels int   // guarded by src.mu
	over    bool  // guarded by src.mu
}

func (p *pusher) subscribe(_ context.Context, down observable.Subscriber[int]) {
	s := &pusherSub{src: p, down: down}
	p.mu.Lock()
	p.subs = append(p.subs, s)
	p.mu.Unlock()
	down.OnSubscribe(s)
}

func (s *pusherSub) Request(n int64) {
	s.src.mu.Lock()
	s.asked = demand.Add(s.asked, n)
	s.src.mu.Unlock()
}

func (s *pusherSub) Cancel() {
	s.src.mu.Lock()
	s.cancels++
	s.src.mu.Unlock()
}

// emit serves the newest subscription with up to n values and ends it as said. It
// does not wait for demand: a source need not emit, and a race wants haste.
func (p *pusher) emit(n int, end string) {
	for range n {
		if s, id, ok := p.next(); ok {
			p.produced(id)
			s.down.OnNext(id)
		}
		runtime.Gosched()
	}
	if end == "" {
		return
	}
	if s, ok := p.last(); ok && end == "complete" {
		s.down.OnComplete()
	} else if ok {
		s.down.OnError(errSource)
	}
}

// next returns a value for the newest subscription, if that has asked for one.
func (p *pusher) next() (s *pusherSub, id int, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s = p.newest()
	if s == nil || s.asked == 0 {
		return nil, 0, false
	}
	if s.asked != observable.Unbounded {
		s.asked--
	}
	p.id++
	return s, p.id, true
}

// last ends the newest subscription, if there is one that is live.
func (p *pusher) last() (s *pusherSub, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s = p.newest()
	if s == nil {
		return nil, false
	}
	s.over = true
	return s, true
}

// newest returns the newest subscription if it is live; mu is held.
func (p *pusher) newest() *pusherSub {
	if len(p.subs) == 0 {
		return nil
	}
	s := p.subs[len(p.subs)-1]
	if s.cancels > 0 || s.over {
		return nil
	}
	return s
}

func (p *pusher) mostCancels() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, s := range p.subs {
		n = max(n, s.cancels)
	}
	return n
}

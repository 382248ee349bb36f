package backpressure_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/internal/ungated"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// A server answers the requests of its clients in their order, one at a time.
type server struct {
	clock  *scheduler.Virtual
	each   time.Duration // what an answer takes
	queue  []request
	next   func() bool   // stops the answer under way; nil if there is none
	worst  time.Duration // the longest time from a request to its answer
	served int
}

type request struct {
	by *client
	at time.Duration
}

// A client is a subscription to the server.
type client struct {
	server *server
	down   observable.Subscriber[int]
	got    int
}

func (s *server) client() observable.Observable[int] {
	return ungated.New(func(_ context.Context, down observable.Subscriber[int]) {
		down.OnSubscribe(&client{server: s, down: down})
	})
}

func (c *client) Request(n int64) {
	s := c.server
	for range n {
		s.queue = append(s.queue, request{c, s.clock.Elapsed()})
	}
	if s.next == nil {
		s.next = s.clock.After(s.each, s.answer)
	}
}

func (c *client) Cancel() {
	s := c.server
	if s.next != nil {
		s.next()
	}
	s.queue, s.next = nil, nil
}

func (s *server) answer() {
	r := s.queue[0]
	s.queue = s.queue[1:]
	if s.next = nil; len(s.queue) > 0 {
		s.next = s.clock.After(s.each, s.answer)
	}
	s.served++
	s.worst = max(s.worst, s.clock.Elapsed()-r.at)
	r.by.got++
	r.by.down.OnNext(r.by.got)
}

// A trajectory is how the window of an AdaptiveLimit went.
type trajectory struct {
	clock  *scheduler.Virtual
	window int // as it is now
	points []point
}

type point struct {
	at      time.Duration
	window  int
	latency time.Duration
}

func newTrajectory(clock *scheduler.Virtual) *trajectory { return &trajectory{clock: clock, window: 1} }

func (tr *trajectory) watch(window int, latency time.Duration) {
	tr.window = window
	tr.points = append(tr.points, point{tr.clock.Elapsed(), window, latency})
}

// String returns forty of the points or so.
func (tr *trajectory) String() string {
	var b strings.Builder
	for i := 0; i < len(tr.points); i += max(len(tr.points)/40, 1) {
		p := tr.points[i]
		fmt.Fprintf(&b, "\n\t%8v  window %3d  latency %v", p.at.Round(ms), p.window, p.latency.Round(ms/10))
	}
	return b.String()
}

// inBand checks that the window moved between low and high since an instant.
func (tr *trajectory) inBand(t *testing.T, since time.Duration, low, high int) {
	t.Helper()
	if tr.window < low || tr.window > high {
		t.Errorf("the window is %d at last, want %d to %d. It went%v", tr.window, low, high, tr)
	}
	for _, p := range tr.points {
		if p.at >= since && (p.window < low || p.window > high) {
			t.Errorf("after %v: window %d for a latency of %v, want %d to %d. It went%v", p.at, p.window, p.latency, low, high, tr)
			return
		}
	}
}

// A server of a capacity that nobody knows: the window finds it, the queue there
// stays short, and when the server becomes slower or faster it is found again.
func TestAdaptiveLimitSettles(t *testing.T) {
	const target = 100 * ms
	for _, perSecond := range []int{100, 400} {
		t.Run(fmt.Sprint(perSecond), func(t *testing.T) {
			clock := scheduler.NewVirtual()
			srv := &server{clock: clock}
			tr := newTrajectory(clock)
			sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
			limit := backpressure.AdaptiveLimit[int](target, backpressure.OnWindow(tr.watch), scheduler.On(clock))
			for i, perSecond := range []int{perSecond, perSecond / 2, 2 * perSecond} {
				srv.each = time.Second / time.Duration(perSecond)
				if i == 0 {
					limit(srv.client()).Subscribe(t.Context(), sub)
				}
				clock.AdvanceBy(10 * time.Second)
				from := clock.Elapsed()
				srv.served, srv.worst = 0, 0
				clock.AdvanceBy(10 * time.Second)

				fits := perSecond / 10 // values that come within the target
				tr.inBand(t, from, fits*8/10, fits+2)
				if want := perSecond * 10 * 9 / 10; srv.served < want {
					t.Errorf("%d a second: %d values in 10s, want %d at least. The window went%v", perSecond, srv.served, want, tr)
				}
				if srv.worst > target*3/2 {
					t.Errorf("%d a second: a value took %v. The window went%v", perSecond, srv.worst, tr)
				}
			}
			sub.Cancel()
		})
	}
}

// Clients that know nothing of each other share a server equally, whoever was
// there first.
func TestAdaptiveLimitsConverge(t *testing.T) {
	clock := scheduler.NewVirtual()
	srv := &server{clock: clock, each: time.Second / 400}
	var subs []*marbles.TestSubscriber[int]
	var went []*trajectory
	got := make([]int, 2)
	for i := range got {
		tr := newTrajectory(clock)
		sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
		sub.Each = func(int) { got[i]++ }
		limit := backpressure.AdaptiveLimit[int](100*ms, backpressure.OnWindow(tr.watch), scheduler.On(clock))
		limit(srv.client()).Subscribe(t.Context(), sub)
		subs, went = append(subs, sub), append(went, tr)
		clock.AdvanceBy(20 * time.Second)
	}
	clock.AdvanceBy(40 * time.Second)
	clear(got)
	srv.served, srv.worst = 0, 0
	clock.AdvanceBy(20 * time.Second)
	if fewest, most := slices.Min(got), slices.Max(got); fewest*10 < most*9 || srv.served < 8000*9/10 || srv.worst > 150*ms {
		t.Errorf("they got %v of 8000, and waited up to %v; want about equal shares. The windows went%v\nand%v", got, srv.worst, went[0], went[1])
	}
	for _, sub := range subs {
		sub.Cancel()
	}
}

// BenchmarkAdaptiveLimit is a synchronous source, which is asked for each value.
func BenchmarkAdaptiveLimit(b *testing.B) {
	const n = 100_000
	b.ReportAllocs()
	for b.Loop() {
		down := &taker{first: observable.Unbounded}
		observable.Pipe1(observable.Range(0, n), backpressure.AdaptiveLimit[int](time.Second)).Subscribe(b.Context(), down)
		if down.n != n {
			b.Fatal(down.n)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/value")
}

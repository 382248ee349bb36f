package backpressure_test

import (
	"context"
	"testing"
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// A sender has a request ready every 10 ms, 100 a second, and sends it when it
// is asked for.
type sender struct {
	clock *scheduler.Virtual
	down  observable.Subscriber[time.Duration]
	asked int64
	over  bool
}

func (c *sender) Request(n int64) { c.asked += n }
func (c *sender) Cancel()         { c.over = true }

func (c *sender) subscribe(_ context.Context, down observable.Subscriber[time.Duration]) {
	c.down = down
	down.OnSubscribe(c)
	c.send()
}

func (c *sender) send() {
	if c.over {
		return
	}
	if c.asked > 0 {
		c.asked--
		c.down.OnNext(c.clock.Elapsed())
	}
	c.clock.After(10*ms, c.send)
}

// A slowServer takes whatever comes, and needs a 75th of a second for each.
type slowServer struct {
	observable.Subscription
	clock   *scheduler.Virtual
	idle    time.Duration // when it will have served what has come
	longest time.Duration // that a request had to wait
	got     int
}

func (s *slowServer) OnSubscribe(up observable.Subscription) {
	s.Subscription = up
	up.Request(observable.Unbounded)
}

func (s *slowServer) OnNext(now time.Duration) {
	s.got++
	s.longest = max(s.longest, s.idle-now)
	s.idle = max(s.idle, now) + time.Second/75
}
func (*slowServer) OnError(error) {}
func (*slowServer) OnComplete()   {}

// A server of 75 requests a second cannot keep up with a sender of 100: what
// waits grows by 25 each second. Paced, it is sent 75.
func TestPaceSlowsAClientDownToItsServer(t *testing.T) {
	play := func(pace observable.Operator[time.Duration, time.Duration]) *slowServer {
		clock := scheduler.NewVirtual()
		s := &slowServer{clock: clock}
		sends := observable.New((&sender{clock: clock}).subscribe)
		pace(sends).Subscribe(scheduler.With(t.Context(), clock), s)
		clock.AdvanceBy(time.Minute)
		s.Cancel()
		return s
	}
	unpaced := play(func(src observable.Observable[time.Duration]) observable.Observable[time.Duration] { return src })
	if waits := 15 * time.Second; unpaced.got != 6001 || unpaced.longest < waits-time.Second/10 {
		t.Errorf("unpaced, %d requests came, and one waited for %v; want 6001 and some %v", unpaced.got, unpaced.longest, waits)
	}
	paced := play(backpressure.Pace[time.Duration](75, 1))
	if most := 10 * ms; paced.got < 4500 || paced.got > 4501 || paced.longest > most {
		t.Errorf("paced, %d requests came, and one waited for %v; want 4500 and no more than %v", paced.got, paced.longest, most)
	}
}

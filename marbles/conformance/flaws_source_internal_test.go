package conformance

import (
	"context"
	"runtime"
	"sync/atomic"

	"github.com/sluicego/sluice/observable"
)

// late tampers with a request that comes after the end.
func late(request func(c *contact)) tamper {
	return tamper{request: func(c *contact, n int64) {
		if c.over() {
			request(c)
		} else {
			c.up.Request(n)
		}
	}}
}

// adding fails when the sum of the requests is a bad one.
func adding(bad func(c *contact, sum int64) bool) tamper {
	return tamper{request: func(c *contact, n int64) {
		if c.is(func() bool { c.sum += n; return n > 0 && bad(c, c.sum) }) {
			c.down.OnError(errFlaw)
			return
		}
		c.up.Request(n)
	}}
}

func onlyOnce(c *contact) {
	if c.is(func() bool { return c.cancels > 1 }) {
		panic(errFlaw)
	}
	c.up.Cancel()
}

// untilIdle waits as a lock would, but in a way that a bubble understands.
func (c *contact) untilIdle() {
	for c.busy() && c.ctx.Err() == nil {
		<-c.ctx.Done()
	}
}

func refuseAfter(n int) func(c *contact, ctx context.Context, st stream) {
	var subscribed atomic.Int64
	return func(c *contact, ctx context.Context, st stream) {
		if subscribed.Add(1) > int64(n) {
			st = sound().failed()
		}
		st(ctx, c)
	}
}

// eager emits three values whether they were requested or not.
func eager(int64) stream {
	return func(_ context.Context, down observable.Subscriber[any]) {
		down.OnSubscribe(quietly{})
		for i := range 3 {
			down.OnNext(i)
		}
	}
}

// quietly is a subscription that does nothing.
type quietly struct{}

func (quietly) Request(int64) {}
func (quietly) Cancel()       {}

// crowd emits what is requested on the goroutine that requests it, whoever else
// is emitting.
func crowd(n int64) stream {
	return func(_ context.Context, down observable.Subscriber[any]) { down.OnSubscribe(&crowded{n: n, down: down}) }
}

type crowded struct {
	n    int64
	at   atomic.Int64
	over atomic.Bool
	down observable.Subscriber[any]
}

func (c *crowded) Request(n int64) {
	for range min(n, c.n) {
		i := c.at.Add(1)
		if i > c.n || c.over.Load() {
			break
		}
		runtime.Gosched()
		c.down.OnNext(int(i))
		if i == c.n && c.over.CompareAndSwap(false, true) {
			c.down.OnComplete()
		}
	}
}

func (c *crowded) Cancel() { c.over.Store(true) }

// recursive emits inside Request, also if that is called inside OnNext.
func recursive(n int64) stream { return crowd(n) }

// forgetful keeps the last request that was made before it began to emit.
func forgetful(n int64) stream {
	return tamper{
		onSubscribe: func(c *contact) {
			c.down.OnSubscribe(c)
			c.set(func() { c.inside = true })
			if c.sum > 0 {
				c.up.Request(c.sum)
			}
		},
		request: func(c *contact, n int64) {
			if c.is(func() bool { c.sum = n; return c.inside }) {
				c.up.Request(n)
			}
		},
	}.with(sound().open(n))
}

// oneStream serves all of its subscribers from one stream.
func oneStream(n int64) stream {
	rest := make([]int, min(n, 100))
	for i := range rest {
		rest[i] = i
	}
	return erase(observable.Generate(0, func(int) (int, int, bool) {
		if len(rest) == 0 {
			return 0, 0, false
		}
		v := rest[0]
		rest = rest[1:]
		return v, 0, true
	}))
}

// differing is shared, as it says, but each subscriber sees something else.
func differing() *source {
	s := sound()
	s.shared = true
	s.open = func(n int64) stream {
		var next atomic.Int64
		return tamper{onNext: func(c *contact, _ any) { c.down.OnNext(int(next.Add(1))) }}.with(sound().open(n))
	}
	return s
}

// fragile emits inside Request and knows nothing of panics.
func fragile(n int64) stream { return crowd(n) }

package marbles

import (
	"context"
	"errors"
	"sync"

	"github.com/sluicego/sluice/observable"
)

// ExpectStage begins an expectation about a stage of a pipeline of channels:
// what stage sends for what it receives from src. It is for [Live] tests only.
//
//	src := marbles.Hot[string](m, "-a--bc---d--|")
//	marbles.ExpectStage(m, src.Observable, quiet).ToBe("---a---c---d|")
//
// The demand lane says when the test receives, and how many, as for
// [ExpectChan]. Its "!" ends the ctx of the stage, and so does the end of the
// test. The channel that the stage receives from is closed when src completes
// or the ctx ends. A goroutine of the stage that goes on nevertheless fails the
// test, as do all that a [Live] test leaves behind.
//
// One value at most is requested from src before the stage has received it; a
// Hot or Cold source for a stage that lets it wait needs [Buffer]. An error of
// src fails the test, as a channel carries none.
func ExpectStage[A, B any](m *Test, src observable.Observable[A], stage func(context.Context, <-chan A) <-chan B, opts ...Option) *Expectation[B] {
	m.t.Helper()
	m.needsLive("ExpectStage")
	c := &stageCheck{}
	e := Expect(m, observable.Using(
		func(ctx context.Context) (running[B], error) {
			r := running[B]{}
			ctx, r.cancel = context.WithCancel(ctx)
			in, errs := src.Chan(ctx, 1)
			r.errs, r.out = errs, stage(ctx, in)
			m.releases = append(m.releases, func() { drain(r.out) })
			return r, nil
		},
		func(r running[B]) observable.Observable[B] { return observable.FromChan(r.out) },
		func(r running[B]) error {
			c.see(r.errs)
			r.cancel()
			return nil
		},
	), opts...)
	c.site, c.name = e.site, func() string { return e.name }
	m.lasts = append(m.lasts, c)
	return e
}

// running is a stage at work.
type running[B any] struct {
	out    <-chan B
	errs   <-chan error // of the source; its error comes before the close of the channel
	cancel context.CancelFunc
}

// A stageCheck reports an error of the source.
type stageCheck struct {
	site string
	name func() string

	mu  sync.Mutex
	err error // guarded by mu
}

// see takes the error, if there has been one by now.
func (c *stageCheck) see(errs <-chan error) {
	select {
	case err := <-errs:
		c.mu.Lock()
		c.err = err
		c.mu.Unlock()
	default:
	}
}

func (c *stageCheck) verify(m *Test) {
	m.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		hint := ""
		if overflow := (*observable.OverflowError)(nil); errors.As(c.err, &overflow) {
			hint = "; the stage lets its source wait, so give that the option marbles.Buffer"
		}
		m.t.Errorf("%s: %s: the source failed with %q, which a channel cannot tell the stage; let the source complete, or send values that hold an error%s", c.site, c.name(), c.err, hint)
	}
}

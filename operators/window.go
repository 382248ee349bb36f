package operators

import (
	"context"
	"fmt"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/option"
	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// OptionCountWindow marks Prefetch as an option of [Window].
func (Prefetch) OptionCountWindow(option.Seal) {}

// Window emits windows, which are observables of n values of the source each.
// The first one opens at once, the next when the one before is full; with
// [Step], every so many values, so that windows overlap or leave values out.
// The diagram shows what each window had, when it ends.
//
//	source     -a-b-c-d-e-|
//	Window(2)  ---x---y---(z|)
//	where      x=[a b], y=[c d], z=[e]
//
// Demand: a window is emitted when it is requested, and has a demand of its
// own. What is not demanded yet waits in the queue of its window, also before
// that is emitted. The source is asked for 128 values ahead, then for 96
// whenever as many are used ([Prefetch]: p, then three quarters of p), so a
// slow window slows the source down. Completion waits for the demand for the
// last window.
//
// A window has one subscriber; another one gets [ErrOneSubscriber]. It should
// be subscribed to where it is received, as MergeMap does. If all 128 values
// are held by windows to which nobody has subscribed, while somebody waits for
// more, these windows are given up: their values are discarded, and who
// subscribes yet gets [ErrAbandoned]. Windows that are open at a cancel live on
// until they end, if somebody has subscribed to them; the source is cancelled
// with the last one.
//
// Errors: the source's, at once, and in each open window behind the values it
// holds. A [*StallError] if all 128 values are held by windows that were not
// requested, while the subscriber of another one waits: overlapping windows
// behind ConcatMap may come to that.
//
// Discards: what a window holds when it is given up, as overflow, or when its
// subscriber cancels; what comes for it after that, likewise or as late; what
// is held by windows that nobody has subscribed to, when the stream of them is
// cancelled. A window that an operator below discards takes its values with it,
// for the same reason. What a source emits beyond its demand, as overflow, for
// which the stream fails. A value that belongs to no window has been dealt with;
// one that is held by a window when the source ends has been delivered with that,
// if whoever has the window never subscribes.
//
// Scheduler: none; values are passed on by the goroutines that bring them or
// request them, one at a time.
//
// Window panics if n or an option is not positive, or an option nil.
func Window[T any](n int, opts ...CountOption) observable.Operator[T, observable.Observable[T]] {
	if n < 1 {
		panic(fmt.Sprintf("operators: Window of a non-positive count (%d)", n))
	}
	step, prefetch := n, int64(defaultPrefetch)
	for _, opt := range opts {
		switch o := opt.(type) {
		case Step:
			bound("Window", "Step", int(o))
			step = int(o)
		case Prefetch:
			prefetch = bound("Window", "Prefetch", int(o))
		case nil:
			panic("operators: Window with a nil option")
		}
	}
	return windows(func(ctx context.Context, src observable.Observable[T], down observable.Subscriber[observable.Observable[T]]) {
		c := &counting[T]{windower: newWindower(ctx, "Window", down, prefetch), size: n, step: step}
		c.rule = c
		c.run(func() { src.Subscribe(ctx, c) })
	})
}

// windows makes an operator whose first window is there before the source is.
func windows[T, W any](subscribe func(ctx context.Context, src observable.Observable[T], down observable.Subscriber[W])) observable.Operator[T, W] {
	return func(src observable.Observable[T]) observable.Observable[W] {
		return side.Serve(func(ctx context.Context, down observable.Subscriber[W]) {
			link.Call(ctx, subscribe)
			subscribe(ctx, src, down)
		})
	}
}

// A windower is a fanOut that emits its panes as they are.
type windower[T any] struct {
	fanOut[T]
	windows observable.Subscriber[observable.Observable[T]]
	next    func(observable.Observable[T]) bool // links on the first window
}

func newWindower[T any](ctx context.Context, name string, down observable.Subscriber[observable.Observable[T]], prefetch int64) windower[T] {
	return windower[T]{fanOut: newFanOut[T](ctx, name, down, prefetch), windows: down}
}

// window opens a window, or returns nil if nobody wants any more. The caller
// announces it.
func (w *windower[T]) window() *pane[T] {
	p := w.begins()
	if p != nil {
		p.offer = func() bool {
			if w.next == nil {
				w.next = link.Next[observable.Observable[T]](w.windows)
			}
			return w.next(p.observable())
		}
	}
	return p
}

// counting is the rule of Window.
type counting[T any] struct {
	windower[T]
	size, step int
	count      int // of the values that came
}

func (c *counting[T]) begin() { c.openNext() }

func (c *counting[T]) value(v T) {
	defer c.counted() // deferred, because a subscriber may leave its goroutine
	c.spread(v, nothing)
}

// counted closes and opens what is due after a value.
func (c *counting[T]) counted() {
	if begun := c.count + 1 - c.size; begun >= 0 && begun%c.step == 0 {
		c.close(c.open.first, nil)
	}
	if c.count++; c.count%c.step == 0 {
		c.openNext()
	}
}

func (c *counting[T]) stop() {}

func (c *counting[T]) openNext() {
	c.window()
	c.announce()
}

func nothing[T any](*pane[T]) {}

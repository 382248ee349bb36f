package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// WindowWhen emits windows, which are observables of the values of the source.
// The first one opens at once; each value of o closes it and opens the next. The
// diagram shows what each window had, when it ends.
//
//	source         -a-b--c-d-|
//	o              ----1----1|
//	WindowWhen(o)  ----x----y(z|)
//	where          x=[a b], y=[c d], z=[]
//
// Demand: a window is emitted when it is requested. One that is not requested
// yet takes the values that come, and o does not close it. Else as [Window]: the
// source is asked for 128 values ahead; one that cannot wait overflows if the
// windows hold more. Unbounded from o.
//
// Errors: the first one of the source or of o, at once, and in the open window
// behind the values it holds; the other is cancelled. When o completes, the
// window stays open until the source completes.
//
// Discards: as Window.
//
// Scheduler: none; windows and values are passed on by the goroutines that bring
// them or request them, one at a time.
func WindowWhen[T, N any](o observable.Observable[N]) observable.Operator[T, observable.Observable[T]] {
	return windows(func(ctx context.Context, src observable.Observable[T], down observable.Subscriber[observable.Observable[T]]) {
		w := newSplitting(ctx, "WindowWhen", down)
		l := side.New(func(N) { w.signal(w.turnOver) }, w.failed)
		w.beside = l.Cancel
		w.run(func() {
			src.Subscribe(ctx, w)
			if !w.stopped.Done() {
				l.Listen(ctx, o)
			}
		})
	})
}

// WindowUntil emits windows, which are observables of the values of the source.
// The first one opens at once; when the observable that f returns for it emits
// or completes, it closes and the next one opens. The diagram shows what each
// window had, when it ends.
//
//	source          -a-b-c-d-e-|
//	f()             ----1
//	WindowUntil(f)  ----x---y--(z|)
//	where           x=[a b], y=[c d], z=[e]
//
// Demand: a window is emitted when it is requested, and f is called after that.
// Until then it takes the values that come. Else as [Window]: the source is
// asked for 128 values ahead; one that cannot wait overflows if the windows
// hold more. Unbounded from what f returns. If that is over at once each time,
// windows come without end, as many as are requested.
//
// Errors: the first one of the source or of what f returned, at once, and in
// the open window behind the values it holds; the other is cancelled.
//
// Discards: as Window.
//
// Scheduler: none; f, windows and values run on the goroutines that bring or
// request something, one at a time.
//
// WindowUntil panics if f is nil.
func WindowUntil[T, N any](f func() observable.Observable[N]) observable.Operator[T, observable.Observable[T]] {
	if f == nil {
		panic("operators: WindowUntil with a nil function")
	}
	return windows(func(ctx context.Context, src observable.Observable[T], down observable.Subscriber[observable.Observable[T]]) {
		w := newSplitting(ctx, "WindowUntil", down)
		w.watch = func(p *pane[T]) {
			over := func() { w.signal(func() { w.replace(p) }) }
			l := side.New(func(N) { over() }, func(err error) {
				if w.failed(err); err == nil {
					over()
				}
			})
			p.retire = l.Cancel
			l.Listen(ctx, f())
		}
		w.run(func() { src.Subscribe(ctx, w) })
	})
}

// splitting is the rule of WindowWhen and WindowUntil: one window after the
// other.
type splitting[T any] struct {
	windower[T]
	beside func()           // stops the notifier; nil: there is none for all windows
	watch  func(p *pane[T]) // listens to the notifier of p; nil: it has none
}

func newSplitting[T any](ctx context.Context, name string, down observable.Subscriber[observable.Observable[T]]) *splitting[T] {
	w := &splitting[T]{windower: newWindower(ctx, name, down, defaultPrefetch)}
	w.rule, w.endures = w, true
	return w
}

func (w *splitting[T]) begin()    { w.openNext() }
func (w *splitting[T]) value(v T) { w.spread(v, nothing) }

func (w *splitting[T]) stop() {
	if w.beside != nil {
		w.beside()
	}
}

// turnOver ends the window, unless it was not requested yet: then it has not
// begun.
func (w *splitting[T]) turnOver() {
	if p := w.open.last; p != nil && p.announced {
		w.replace(p)
	}
}

// replace closes p and opens the next window.
func (w *splitting[T]) replace(p *pane[T]) {
	if p.open {
		w.close(p, nil)
		w.openNext()
	}
}

func (w *splitting[T]) openNext() {
	p := w.window()
	if p != nil && w.watch != nil {
		p.born = func() { w.watch(p) }
	}
	w.announce()
}

package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// WindowToggle emits windows, which are observables of the values of the source.
// Each value of openings opens one, which closes when the observable that
// closing returns for that value emits. Windows may overlap; values that come
// while none is open are left out. The diagram shows what each window had, when
// it ends.
//
//	source           -a-b-c-d-e-f-|
//	openings         --1-----1
//	closing          ----2
//	WindowToggle(…)  ------x-----y|
//	where            x=[b c], y=[e f]
//
// Demand: a window is emitted when it is requested. One that is not requested
// yet takes the values that come, and stands for those that were to open
// meanwhile; what closing returned for it is subscribed to when it is emitted.
// Else as [Window]: the source is asked for 128 values ahead; one that cannot
// wait overflows if the windows hold more. Unbounded from openings and from what
// closing returns.
//
// Errors: the first one of the source, of openings, or of what closing
// returned, at once, and in each open window behind the values it holds; the
// others are cancelled. When openings completes, no more windows open; when
// what closing returned completes without a value, its window stays open until
// the source completes.
//
// Discards: as Window.
//
// Scheduler: none; closing, windows and values run on the goroutines that bring
// or request something, one at a time.
//
// WindowToggle panics if closing is nil.
func WindowToggle[T, O, N any](openings observable.Observable[O], closing func(O) observable.Observable[N]) observable.Operator[T, observable.Observable[T]] {
	if closing == nil {
		panic("operators: WindowToggle with a nil function")
	}
	return windows(func(ctx context.Context, src observable.Observable[T], down observable.Subscriber[observable.Observable[T]]) {
		w := &toggling[T]{windower: newWindower(ctx, "WindowToggle", down, defaultPrefetch)}
		w.rule, w.endures = w, true
		l := side.New(func(v O) {
			w.signal(func() {
				if !w.admits() || w.postpones() {
					return
				}
				o := closing(v)
				w.openUntil(func(p *pane[T]) {
					l := side.New(func(N) { w.signal(func() { w.close(p, nil) }) }, w.failed)
					p.retire = l.Cancel
					l.Listen(ctx, o)
				})
			})
		}, w.failed)
		w.beside = l.Cancel
		w.run(func() {
			l.Listen(ctx, openings)
			if !w.stopped.Done() {
				src.Subscribe(ctx, w)
			}
		})
	})
}

// toggling is the rule of WindowToggle.
type toggling[T any] struct {
	windower[T]
	beside func() // stops openings
}

func (w *toggling[T]) begin()    {}
func (w *toggling[T]) value(v T) { w.spread(v, nothing) }
func (w *toggling[T]) stop()     { w.beside() }

// openUntil opens a window; watch listens for its end once it is emitted.
func (w *toggling[T]) openUntil(watch func(p *pane[T])) {
	if p := w.window(); p != nil {
		p.born = func() { watch(p) }
		w.announce()
	}
}

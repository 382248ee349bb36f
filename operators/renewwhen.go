package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// accompanied is embedded by renewers that have one notifier for all times. It
// lives beside the source and may end the stream while that emits, so every
// value takes the turn.
type accompanied[T, S any] struct {
	renewer[T]
	listen  func(signals observable.Observable[S]) // makes the notifier and listens to it
	signals *observable.Subject[S]                 // what the notifier is told; nil before there is one; the drain only
	discard func(any, observable.DiscardReason)
}

// accompany prepares a: f makes the notifier, ended takes its end.
func accompany[T, S, N any](ctx context.Context, a *accompanied[T, S], f func(observable.Observable[S]) observable.Observable[N], ended func(error)) {
	a.discard = observable.DiscardFrom(ctx)
	a.listen = func(signals observable.Observable[S]) {
		l := side.New(func(N) { a.due() }, ended)
		if a.listensTo(l) {
			l.Listen(ctx, f(signals))
		}
	}
}

// signal tells the notifier, which is made when there is something to tell.
// Whoever listens to the signals without demand gets the newest one: those
// before it have been answered, or the source would not have ended again.
func (a *accompanied[T, S]) signal(s S) {
	if a.signals == nil {
		a.signals = observable.NewSubject[S]()
		newest := SwitchMap(func(s S) observable.Observable[S] { return observable.Of(s) })
		a.listen(newest(a.signals.Observable))
	}
	a.signals.Next(s)
}

func (a *accompanied[T, S]) OnNext(v T) {
	if !a.turn.Enter() {
		a.late(v)
		return
	}
	defer a.exit()
	a.renewer.OnNext(v)
}

// NextFunc is OnNext linked to the downstream's.
func (a *accompanied[T, S]) NextFunc() func(T) bool {
	next := a.renewer.NextFunc()
	return func(v T) bool {
		if !a.turn.Enter() {
			a.late(v)
			return true
		}
		defer a.exit()
		return next(v)
	}
}

// exit gives the turn up, also if the downstream panics: a source that the
// notifier has cancelled need not pass that on, and then nobody would.
func (a *accompanied[T, S]) exit() {
	if a.turn.Exit() {
		a.tell()
	}
}

func (a *accompanied[T, S]) late(v T) {
	if a.discard != nil {
		a.discard(v, observable.DiscardLate)
	}
}

package operators

import (
	"context"
	"errors"

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
	if !a.enter() {
		a.late(v)
		return
	}
	a.renewer.OnNext(v)
	a.exit()
}

// NextFunc is OnNext linked to the downstream's.
func (a *accompanied[T, S]) NextFunc() func(T) bool {
	next := a.renewer.NextFunc()
	return func(v T) bool {
		if !a.enter() {
			a.late(v)
			return true
		}
		used := next(v)
		a.exit()
		return used
	}
}

// enter takes the turn. If below is set, a panic has left the downstream's last
// call and somebody between the source and us has swallowed it: we have the
// turn still.
func (a *accompanied[T, S]) enter() bool { return a.below || a.turn.Enter() }

func (a *accompanied[T, S]) exit() {
	if a.turn.Exit() {
		a.tell()
	}
}

// escape ends the stream with a panic of the downstream's, which has left the
// turn to us.
func (a *accompanied[T, S]) escape(err error) {
	a.mu.Lock()
	over := a.at == renewalOver
	if over { // and not told, for that takes the turn
		a.verdict = errors.Join(a.verdict, err)
	}
	a.mu.Unlock()
	if !over {
		a.leave(err)
	}
	a.below = false
	a.exit()
}

func (a *accompanied[T, S]) late(v T) {
	if a.discard != nil {
		a.discard(v, observable.DiscardLate)
	}
}

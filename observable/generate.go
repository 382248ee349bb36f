package observable

import "context"

// Generate emits what a state machine makes: step is called with the state and
// returns a value and the next state, or false when there is no value any more.
//
//	Generate(1, double)  (1248|)
//
// where double returns the state and twice the state, up to 8.
//
// Demand: calls step once for each value requested. It does not look ahead: the
// end shows when one value more is requested.
//
// Errors: a [*PanicError] if step panics.
//
// Discards: a value that step makes while the stream is being cancelled, as
// late.
//
// Scheduler: none; step runs on the goroutine that requests.
//
// Every subscription begins with state; if that is a pointer or a map, they
// share what it refers to. Generate panics if step is nil.
func Generate[S, T any](state S, step func(S) (value T, next S, ok bool)) Observable[T] {
	if step == nil {
		panic("observable: Generate with a nil function")
	}
	return Observable[T]{subscribe: func(ctx context.Context, down Subscriber[T]) {
		g := &generator[S, T]{state: state, step: step, discard: DiscardFrom(ctx)}
		g.down, g.src = down, g
		down.OnSubscribe(g)
	}}
}

type generator[S, T any] struct {
	loop[T]
	state   S // the emitting goroutine only
	step    func(S) (T, S, bool)
	discard func(any, DiscardReason)
}

func (g *generator[S, T]) burst(next func(T) bool, limit int64) (used int64, more bool) {
	for used < limit && !g.stopped.Load() {
		v, state, ok := g.step(g.state)
		g.state = state
		switch {
		case !ok:
			return used, false
		case g.stopped.Load():
			if g.discard != nil {
				g.discard(v, DiscardLate)
			}
		case next(v) && limit != Unbounded:
			used++
		}
	}
	return used, true
}

func (g *generator[S, T]) release() {
	var zero S
	g.state = zero
}

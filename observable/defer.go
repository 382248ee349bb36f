package observable

import "context"

// Defer calls f for each subscription and subscribes to what it returns, with
// the same ctx.
//
//	Defer(f)  (abc|)
//
// where f returns Of(a, b, c).
//
// Demand: that of the observable.
//
// Errors: those of the observable; a [*PanicError] if f panics.
//
// Discards: nothing.
//
// Scheduler: none; f runs on the goroutine that subscribes.
//
// Defer panics if f is nil.
func Defer[T any](f func(context.Context) Observable[T]) Observable[T] {
	if f == nil {
		panic("observable: Defer with a nil function")
	}
	return Observable[T]{subscribe: func(ctx context.Context, down Subscriber[T]) {
		build(func() Observable[T] { return f(ctx) }).start(ctx, down)
	}}
}

// build returns what f does, or an observable that fails if f panics.
func build[T any](f func() Observable[T]) (o Observable[T]) {
	attempt(func() { o = f() }, func(err error) { o = Throw[T](err) })
	return o
}

// Package observable defines the reactive stream that everything else in this
// module is made of: an [Observable] pushes values to a [Subscriber], which
// pulls demand through a [Subscription].
//
// The package holds the types, the sources (Of, Range, FromSeq, Create, …), the
// subjects, and the terminals by which a stream leaves the reactive world
// (Collect, ForEach, All, …). What turns one observable into another lives in
// package operators; what happens when demand and supply differ, in package
// backpressure. docs/protocol.md numbers the laws that all of them keep; the
// comments cite them as L1, L2, ….
//
//	squares := observable.Pipe2(
//		observable.Range(1, 10),
//		operators.Filter(func(n int) bool { return n%2 == 1 }),
//		operators.Map(func(n int) int { return n * n }),
//	)
//	got, err := squares.Collect(ctx) // [1 9 25 49 81]
package observable

//go:generate go run ../internal/gen -out .

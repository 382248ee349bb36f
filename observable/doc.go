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
//
// # Sources
//
//   - [Of], [FromSlice], [Range]: values that are there
//   - [FromSeq], [FromSeq2], [Generate]: values that are made when they are requested
//   - [FromFunc], [Defer], [Using]: the result of a call, and what takes a call to have
//   - [FromChan], [FromReader], [Lines]: values from elsewhere, which can wait
//   - [FromItems], [FromItemsFunc]: those of RxGo
//   - [Create]: what a goroutine of its own emits, which can wait
//   - [FromCallback]: what a listener is told, which cannot
//   - [Timer], [Interval]: the time
//   - [Empty], [Never], [Throw]: no values
//
// A source of one's own that heeds demand is made with [New].
//
// # Subjects
//
//   - [Subject]: what it is given, to those who are there
//   - [Behavior], [Replay]: and before that the newest value, or the newest ones
//   - [Async]: the last value, at the end
//   - [Unicast]: to one subscriber, who may come later
//
// # Terminals
//
//   - [Observable.Collect], [Observable.FirstValue], [Observable.LastValue]: all values, or one
//   - [Observable.ForEach], [Observable.All], [Observable.Chan]: each value, in a function, a loop or a channel
//   - [ToItems], [ToIterable]: for RxGo
//   - [Observable.Run]: each value, while the caller goes on
//
// [Observable.Subscribe] is what all of them stand on.
//
// # What a ctx carries
//
//   - [WithDiscard]: who is told of values that are not delivered
//   - [WithDroppedError]: who is told of errors that nobody can receive any more
//   - [WithInspection]: who looks into the chain while it runs
//   - [WithStallDetector]: who is told when it stands still, and at which operator
//   - [scheduler.With]: the scheduler of timed operators
package observable

//go:generate go run ../internal/gen -out .

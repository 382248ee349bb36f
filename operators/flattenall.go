package operators

import "github.com/sluicego/sluice/observable"

// MergeAll subscribes to every observable that the source emits and emits what
// these inner observables emit, as it comes. It completes when the source and
// all of them have.
//
//	source    -a--b-----|
//	a         x-x-x|
//	b         y-y|
//	MergeAll  -x-xyxy---|
//
// Demand: as [MergeMap] without options: the source is asked for 256
// observables, and for one more each time that one of them is done; each of
// these is asked for 128 values, then for 96 whenever as many have been passed
// on.
//
// Errors: the first one, of the source or of an inner observable, at once; all
// others are cancelled.
//
// Discards: what is queued when the stream fails or is cancelled; what comes
// after that, as late.
//
// Scheduler: none; values are passed on by the goroutines that bring them or
// request them, one at a time.
func MergeAll[T any](src observable.Observable[observable.Observable[T]]) observable.Observable[T] {
	return MergeMap(same[T])(src)
}

// ConcatAll subscribes to every observable that the source emits, one after the
// other, and emits what these inner observables emit. It completes when the
// source and the last of them have.
//
//	source     -a--b-----|
//	a          x-x-x|
//	b          y-y|
//	ConcatAll  -x-x-xy-y-|
//
// Demand: the source is asked for one observable, and for the next one when
// an inner observable has completed; each of these is asked for what is
// demanded and not met yet.
//
// Errors: the first one, of the source or of an inner observable, at once; the
// other is cancelled.
//
// Discards: what arrives after the stream has failed or was cancelled, as late;
// what a source emits beyond its demand, as overflow, for which the stream
// fails.
//
// Scheduler: none.
func ConcatAll[T any](src observable.Observable[observable.Observable[T]]) observable.Observable[T] {
	return concatMap("ConcatAll", same[T])(src)
}

// SwitchAll subscribes to every observable that the source emits and emits what
// this inner observable emits, until the next one comes: then it is cancelled
// for the next one. SwitchAll completes when the source and the last inner
// observable have.
//
//	source     -a--b-----|
//	a          x-x-x|
//	b          y-y|
//	SwitchAll  -x-xy-y---|
//
// Demand: unbounded from the source. Each inner observable is asked for what
// is demanded and not met yet.
//
// Errors: the first one, of the source or of an inner observable, at once; the
// other is cancelled.
//
// Discards: what a cancelled inner observable still emits, as late. An
// observable that is overtaken by a newer one while the downstream is still
// busy with the one before, as filtered. What an inner observable emits beyond
// its demand, as overflow, for which the stream fails.
//
// Scheduler: none; an inner observable is subscribed to where the source emits,
// or, if the downstream is busy just then, on the goroutine that keeps it busy.
func SwitchAll[T any](src observable.Observable[observable.Observable[T]]) observable.Observable[T] {
	return SwitchMap(same[T])(src)
}

// ExhaustAll subscribes to an observable that the source emits and emits what
// this inner observable emits; observables that come before it has ended are
// discarded. ExhaustAll completes when the source and the last inner observable
// have.
//
//	source      -a--b-----|
//	a           x-x-x|
//	b           y-y|
//	ExhaustAll  -x-x-x----|
//
// Demand: unbounded from the source. Each inner observable is asked for what
// is demanded and not met yet.
//
// Errors: the first one, of the source or of an inner observable, at once; the
// other is cancelled.
//
// Discards: an observable that comes while another one runs, as overflow. What
// arrives after the stream has failed or was cancelled, as late. What an inner
// observable emits beyond its demand, as overflow, for which the stream fails.
//
// Scheduler: none.
func ExhaustAll[T any](src observable.Observable[observable.Observable[T]]) observable.Observable[T] {
	return ExhaustMap(same[T])(src)
}

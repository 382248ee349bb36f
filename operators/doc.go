// Package operators turns observables into observables. An operator is a value:
// pass it to observable.Pipe2 and its kin, compose it, or call it.
//
//	top := observable.Pipe3(prices,
//		operators.Filter(func(p Price) bool { return p.Cents > 0 }),
//		operators.DistinctUntilChanged,
//		operators.Take[Price](10),
//	)
//
// Operators without arguments, as DistinctUntilChanged, are written without
// parentheses, and find their types by themselves.
//
// Every operator obeys demand; its comment says what it requests, what becomes
// of errors and of values that are not delivered, and on which scheduler it
// works. Its diagram shows one character per millisecond, and is run as a test.
//
// # Transform
//
//   - [Map], [MapErr]: a function of each value
//   - [Scan]: the values so far, folded
//   - [Pairwise]: each value with the one before
//   - [StartWith]: some values first
//
// # Choose
//
//   - [Filter]: the values for which a predicate is true
//   - [Take], [TakeWhile]: the first values
//   - [Skip]: all but the first values
//   - [DistinctUntilChanged], [DistinctUntilChangedFunc]: no repetitions in a row
//
// # Flatten
//
//   - [MergeMap]: an observable for each value, several at a time
//   - [ConcatMap]: an observable for each value, one after the other
//   - [SwitchMap]: an observable for the newest value
//
// # Combine
//
//   - [Merge]: the values of several sources, as they come
//   - [Concat]: several sources, one after the other
//   - [CombineLatest2]: the newest values of several sources, at each change
//   - [Zip2]: the nth values of several sources
//
// # Share
//
//   - [Share]: one subscription to the source for many subscribers
//
// # Errors
//
//   - [Catch]: go on with another source
//   - [Retry]: subscribe to the source again
//   - [Checkpoint]: mark an error with the place that it passed
//
// # Time and place
//
//   - [Delay]: everything later
//   - [Timeout]: fail if nothing comes
//   - [ObserveOn]: receive on a scheduler
//   - [SubscribeOn]: subscribe on a scheduler
//
// # Watch
//
//   - [Tap], [TapError], [TapComplete]: call a function with each signal
//   - [Finally]: call a function when the subscription is over
//
// What happens when a source is faster than its subscriber (buffering, dropping,
// throttling, pacing) is in package backpressure. Operators of your own are made
// with observable.Lift, as these are.
package operators

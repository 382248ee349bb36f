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
//   - [Map], [MapErr], [MapTo]: a function of each value, or always the same
//   - [FilterMap], [OfType], [Cast]: what a function makes of some values
//   - [Scan], [ScanErr]: the values so far, folded
//   - [Pairwise], [Enumerate]: each value with the one before, or with its index
//   - [StartWith], [EndWith]: some values first, or last
//   - [Materialize], [Dematerialize]: signals as values, and back
//   - [Timestamp], [TimeInterval]: values with their time
//
// # Choose
//
//   - [Filter], [Find], [FindIndex]: the values for which a predicate is true
//   - [Take], [TakeWhile], [TakeUntil], [TakeLast]: the first values, or the last
//   - [Skip], [SkipWhile], [SkipUntil], [SkipLast]: all but these
//   - [First], [FirstOr], [Last], [LastOr], [Single], [ElementAt], [ElementAtOr]: one value
//   - [Distinct], [DistinctBy]: no repetitions
//   - [DistinctUntilChanged], [DistinctUntilChangedFunc], [DistinctUntilChangedBy]: none in a row
//   - [IgnoreElements]: the end only
//
// # Make one of all
//
//   - [Reduce], [ReduceErr], [ToSlice], [ToMap]: all values, folded
//   - [Count], [Sum], [Average], [Min], [Max], [MinFunc], [MaxFunc]: numbers
//   - [Every], [Some], [Contains], [IsEmpty], [SequenceEqual], [SequenceEqualFunc]: yes or no
//   - [Sort], [SortFunc], [Reverse]: all values, in another order
//   - [DefaultIfEmpty], [SwitchIfEmpty], [ThrowIfEmpty]: what to do without any
//
// # Cut into pieces
//
//   - [Buffer], [BufferTime], [BufferWhen], [BufferUntil], [BufferToggle]: slices of values
//   - [Window], [WindowTime], [WindowWhen], [WindowUntil], [WindowToggle]: observables of values
//   - [GroupBy]: a [Group], which is an observable, for each key
//   - [Partition]: two, by a predicate
//
// # Flatten
//
//   - [MergeMap], [MergeAll]: an observable for each value, several at a time
//   - [ConcatMap], [ConcatAll]: one after the other
//   - [ConcatMapEager]: several at a time, in the order of the source
//   - [SwitchMap], [SwitchAll]: the newest one
//   - [ExhaustMap], [ExhaustAll]: no other while one runs
//   - [MergeScan], [SwitchScan]: with an accumulator
//   - [Expand]: recursively
//   - [Flatten]: slices
//
// # Combine
//
//   - [Merge], [MergeWith]: the values of several sources, as they come
//   - [Concat], [ConcatWith]: several sources, one after the other
//   - [CombineLatest], [CombineLatest2] to 9, [CombineLatestWith], [CombineLatestAll]: the newest values, at each change
//   - [Zip], [Zip2] to 9, [ZipWith], [ZipAll]: the nth values
//   - [WithLatestFrom]: each value with the newest of another source
//   - [ForkJoin], [ForkJoin2] to 9: the last values
//   - [Race], [RaceWith]: the source that is first
//   - [Iif], [Case]: one source, chosen when it is subscribed to
//
// # Share
//
//   - [Share]: one subscription to the source for many subscribers
//   - [ShareReplay]: with a memory for those who come later
//   - [Multicast]: by way of a subject
//   - [Publish], [Replay]: a [Connectable], which starts when you say so
//   - [Connect]: within a function
//
// # Errors and repetition
//
//   - [Catch], [CatchValue], [OnErrorResumeNext], [OnErrorResumeNextWith], [OnErrorComplete]: go on with something else
//   - [MapError], [Checkpoint]: another error, or one that says where it passed
//   - [Retry], [RetryAfter], [RetryWhen]: subscribe to the source again when it has failed
//   - [Repeat], [RepeatAfter], [RepeatWhen], [While], [DoWhile]: when it has completed
//
// # Time and place
//
//   - [Delay], [DelayWhen], [DelaySubscription], [DelaySubscriptionWhen]: later
//   - [Timeout], [TimeoutWith]: if nothing comes
//   - [ObserveOn], [SubscribeOn], [UnsubscribeOn]: on a scheduler
//
// # Watch
//
//   - [Tap], [TapError], [TapComplete]: call a function with each signal
//   - [TapSubscribe], [TapRequest], [TapCancel]: and with what goes the other way
//   - [Finally]: call a function when the subscription is over
//
// What happens when a source is faster than its subscriber (buffering, dropping,
// throttling, pacing) is in package backpressure. Operators of your own are made
// with observable.Lift, as these are.
package operators

// Package backpressure says what happens when a source is faster than its
// consumer. There are four things one can do; everything here is one of them.
//
// # Control the producer
//
// If it can wait. Demand does that by itself: a source that obeys Request is
// never too fast, and nothing of this package is needed.
//
//   - [LimitRate] cuts demand into small requests, so that a source far away
//     sends a screenful at a time and not a million rows.
//   - [AdaptiveLimit] finds out how many values the source can bring in time, and
//     asks for no more.
//   - [Pace] requests no more than so many values a second, so that a source
//     which could send more slows down to that.
//   - [OnBackpressureBlock] makes the producing goroutine wait for room in a
//     queue.
//   - [FairMerge] slows each of several sources down to its share of one consumer,
//     and keeps them apart by a [Bulkhead] each.
//
// # Buffer, with a bound
//
// If bursts are short and no value may be lost.
//
//   - [OnBackpressureBuffer] queues up to a capacity. What happens beyond it is
//     an option: [Fail], the default, [DropOldest], [DropNewest] or
//     [ReplaceNewest]. [TTL] drops what has waited too long. [Unlimited] has to
//     be spelled, since only memory bounds it then.
//   - [BufferTimeout] makes slices of n values, or of those that come within some
//     time, and has the source wait when nobody takes them.
//
// # Drop
//
// If a newer value makes an older one worthless.
//
//   - [OnBackpressureLatest] keeps the newest value only, [OnBackpressureReduce]
//     folds what cannot be delivered into one value, [OnBackpressureDrop] keeps
//     nothing.
//   - [Throttle], [Sample], [Debounce] and [Audit] thin a stream out by time, also
//     when the consumer could take more, and [ThrottleWhen], [SampleWhen],
//     [DebounceWhen] and [AuditWhen] by the signals of another observable. With
//     nothing requested they hold the newest value of those they would emit.
//   - [SampleFraction] keeps a share of the values, drawn at random.
//
// # Ignore it, knowingly
//
// A consumer that requests [observable.Unbounded] says that it keeps up.
// [OnBackpressureError] holds it to its word: a value that nobody requested ends
// the stream.
//
// # Where to put them
//
// LimitRate, AdaptiveLimit, Pace, FairMerge, BufferTimeout and SampleFraction ask
// the source for so many values and no more; they stand where the source can
// wait. All others ask for everything at once (OnBackpressureBlock not if the
// source emits only when it is asked); that is why a value can find no demand.
// Put them directly behind the source that cannot wait: a subject, a callback, a
// ticker. What they give up is never lost in silence: it goes to the hook of
// [observable.WithDiscard] with the reason, and what overflows also goes to the
// function given with [OnOverflow].
//
// Mind what stands between one of these and the consumer: an ObserveOn asks for
// 128 values ahead unless it is told otherwise, and 128 old values then wait in
// front of the newest one. Behind Drop, Latest, Sample and the like it wants
// operators.Prefetch(1).
//
// [Requester] is a subscriber driven by hand, for a consumer that knows best
// when to ask for more.
//
// # What happens in a program that runs
//
// [Meter] counts, and [Meters] tells what came, what was delivered and lost, how
// much is held now and was held at most. [observable.WithInspection] shows a
// chain stage by stage, and [observable.WithStallDetector] names the operator at
// which it stands still.
package backpressure

// Package conformance checks that sources, operators, subjects and subscribers
// keep the rules of Reactive Streams, which are the laws of this module. It is
// for your own: what the module ships, its tests hold to the same checks.
//
//	func TestTicks(t *testing.T) {
//		conformance.Source(t, conformance.SourceConfig[int]{
//			New: func(n int64) observable.Observable[int] { return ticks(n) },
//		})
//	}
//
// Each check is a subtest named after its rule, so that one can be run alone:
//
//	go test -run 'TestTicks/1.01'
//
// A failure gives the rule and what it says, what was seen instead, the signals
// up to then, and where the mistake usually is. A check that does not apply is
// skipped and says why. What a check finds is collected, and reported when it
// is over.
//
// Each check runs in a testing/synctest bubble: timers and goroutines are real,
// the clock is not, so that silence can be waited for without waiting. A source
// with goroutines that it has not started by itself (a network, a pool) needs
// real time: set Settle. Run the tests with -race, which sees what no check
// does, and perhaps with -cpu 1,2,8.
//
// Checks that depend on luck run a few rounds; the environment variable
// CONFORMANCE_ROUNDS multiplies them, for a night. Under -short and -race there
// are fewer.
//
// # The checks
//
// The number is that of the rule in the Reactive Streams specification, behind
// it stands the law of docs/protocol.md. What has a law only is named after
// that.
//
// Source:
//
//   - 1.01_NeverMoreThanRequested (L2)
//   - 1.02_MayEndWithLess (L2)
//   - 1.03_OneSignalAtATime (L3)
//   - 1.04_FailureIsOnError (L4)
//   - 1.05_CompletesAfterTheLastValue (L4)
//   - 1.05_EmptyCompletes (L4)
//   - 1.06_EndReleases (L12)
//   - 1.07_NothingAfterComplete (L4)
//   - 1.07_NothingAfterError (L4)
//   - 1.08_CancelInsideOnNextIsStrict (L7)
//   - 1.08_CancelInsideOnSubscribeIsStrict (L7)
//   - 1.09_OnSubscribeComesFirstAndOnce (L1)
//   - 1.09_SubscribeReturns (L1)
//   - 1.09_NilSubscriberPanics (L1)
//   - 1.10_SubscribesAgain (L10)
//   - 1.11_SubscribersShareNothing (L10)
//   - 1.11_CancelOfOneLeavesTheOthers (L10)
//   - 1.11_AllSeeTheSameOneByOne (L10)
//   - 1.11_AllSeeTheSameUpfront (L10)
//   - 1.11_RefusesTheNextSubscriber (L10)
//   - 2.13_PanicInOnNextIsContained (L11)
//   - 3.02_RequestInsideCallbacks (L5)
//   - 3.03_RecursionIsBounded (L3)
//   - 3.04_RequestWaitsForNobody (L5)
//   - 3.08_RequestsAddUp (L8)
//   - 3.09_BadRequestIsAnError (L6)
//   - 3.17_UnboundedDemand (L8)
//   - 3.17_DemandAddsUpToUnbounded (L8)
//   - 3.17_DemandBeyondUnbounded (L8)
//   - 2.07_RequestAndCancelAtOnce (L5)
//   - 3.05_CancelWaitsForNobody (L5)
//   - 3.05_CancelsAtOnce (L7)
//   - 3.06_RequestAfterCancelIsNothing (L7)
//   - 3.07_CancelAfterCancelIsNothing (L7)
//   - 3.12_CancelStops (L7)
//   - 3.13_CancelForgetsTheSubscriber (L12)
//   - 3.13_CompleteForgetsTheSubscriber (L12)
//   - 3.13_ErrorForgetsTheSubscriber (L12)
//   - 3.15_CleanupPanicIsContained (L11)
//   - L14_DoneCtxIsASilentCancel (L14)
//
// Operator, below it:
//
//   - 1.01_NeverMoreThanRequested (L2)
//   - 1.03_OneSignalAtATime (L3)
//   - 1.04_FailureIsOnError (L4)
//   - 1.05_EndFollowsTheSource (L4)
//   - 1.06_EndReleases (L12)
//   - 1.07_NothingAfterTheEnd (L4)
//   - 1.08_CancelInsideOnNextIsStrict (L7)
//   - 1.08_CancelInsideOnSubscribeIsStrict (L7)
//   - 1.09_OnSubscribeComesFirstAndOnce (L1)
//   - 1.10_SubscribesAgain (L10)
//   - 2.13_PanicInOnNextIsContained (L11)
//   - 3.03_RecursionIsBounded (L3)
//   - 3.05_RequestAndCancelWaitForNobody (L5)
//   - 3.06_NothingAfterCancel (L7)
//   - 3.09_BadRequestIsAnError (L6)
//   - 3.13_ForgetsTheSubscriber (L12)
//   - 3.17_DemandSaturates (L8)
//   - L14_DoneCtxIsASilentCancel (L14)
//
// Operator, above it:
//
//   - 2.01_AsksItsSource (L2)
//   - 2.03_CallsNothingInsideTerminals (L7)
//   - 2.04_TerminalEndsTheSubscription (L7)
//   - 2.06_CancelReachesTheSourceOnce (L7)
//   - 2.07_RequestAndCancelAtOnce (L5)
//   - 2.09_CompletionWithoutRequests (L4)
//   - 4.02_ErrorPassesAtOnce (L4)
//   - 3.15_CleanupPanicIsContained (L11)
//   - L9_EachValueHasOneFate (L9)
//   - 1.01_SourceOverruns (L2)
//   - 1.03_SourceOverlaps (L3)
//   - 1.07_SourceEndsTwice (L4)
//   - 1.09_SourceEmitsFirst (L1)
//   - 2.05_SourceSubscribesTwice (L1)
//   - 2.08_SourceIgnoresCancel (L7)
//
// An operator that says that it is an Identity is checked as a source, too.
//
// Subject:
//
//   - 1.01_NeverMoreThanRequested (L2)
//   - 1.03_OneSignalAtATime (L3)
//   - 1.04_ErrorReachesAll (L4)
//   - 1.05_CompleteReachesAll (L4)
//   - 1.07_NothingAfterTheEnd (L4)
//   - 1.11_AllSeeTheSame (L10)
//   - 1.11_LateSubscriber (L1)
//   - 1.11_RefusesTheNextSubscriber (L10)
//   - 2.02_NextWaitsForNobody (L5)
//   - 3.03_NextInsideOnNext (L3)
//   - 4.01_DemandOfLongAgo (L8)
//   - 4.02_ErrorPassesAtOnce (L4)
//   - 1.08_CancelInsideOnNextIsStrict (L7)
//   - 1.09_OnSubscribeComesFirstAndOnce (L1)
//   - 2.07_RequestAndCancelAtOnce (L5)
//   - 2.13_PanicHarmsOneSubscriber (L11)
//   - 3.05_CancelWaitsForNobody (L5)
//   - 3.06_NothingAfterCancel (L7)
//   - 3.09_BadRequestIsAnError (L6)
//   - 3.13_ForgetsTheSubscriber (L12)
//   - 3.17_DemandSaturates (L8)
//   - L9_EachValueHasOneFate (L9)
//   - L14_DoneCtxIsASilentCancel (L14)
//
// Subscriber:
//
//   - 2.01_AsksForValues (L2)
//   - 2.03_CallsNothingInOnComplete (L7)
//   - 2.03_CallsNothingInOnError (L7)
//   - 2.04_TerminalEndsTheSubscription (L7)
//   - 2.05_RefusesASecondSubscription (L1)
//   - 2.06_CancelsWhenNotInterested (L7)
//   - 2.08_ValueAfterCancel (L7)
//   - 2.09_CompletionAfterRequest (L4)
//   - 2.09_CompletionWithoutRequest (L4)
//   - 2.10_ErrorAfterRequest (L4)
//   - 2.10_ErrorWithoutRequest (L4)
//   - 2.12_ServesOneSubscription (L10)
//   - 2.13_PanicIsContained (L11)
//   - 2.13_SignalsReturn (L5)
//   - 3.08_RequestsWhatItIsToldTo (L8)
//   - L14_DoneCtxEndsTheTerminal (L14)
//
// # What is not as in the TCK
//
// The Technology Compatibility Kit for the JVM is where the checks come from.
// docs/decisions/0024-the-kit-is-stricter-than-the-tck.md has the reasons for
// what is different:
//
//   - nil is a value: nothing checks that OnNext refuses it. A nil error and a
//     nil Subscription are refused by the gates of New and Subscribe
//   - rule 1.3 is about overlap, not about goroutines, which have no identity;
//     OnNext inside OnNext is an overlap
//   - rule 1.8 is strict for a Cancel on the goroutine that emits
//   - rules 1.10 and 2.12: a subscriber refuses a second source; an observable
//     does not know its subscribers apart
//   - rule 2.2 is for a subscriber to judge; Next of a subject is checked
//   - rule 2.4: what a subscriber calls after the end has no effect
//   - rules 2.7 and 3.1: Request and Cancel are for everybody, at any time
//   - rule 2.13: a panic of a subscriber reaches it as a PanicError
//   - rules 3.10, 3.11 and 3.14 allow something, and take no check
//   - there are no optional checks: what does not apply is said in the config
package conformance

// Package marbles tests observables against diagrams: time, demand and
// cancellation, in virtual time and on real goroutines.
//
//	marbles.Run(t, func(m *marbles.Test) {
//		src := marbles.Hot[string](m, "-a--bc---d--|")
//		out := backpressure.Debounce[string](m.Time("--|"))(src.Observable)
//
//		marbles.Expect(m, out).ToBe("  ---a---c---d|")
//		src.ExpectSubscriptions("      ^-----------!")
//	})
//
// One character is one frame, by default a millisecond of time that takes no
// time. A diagram is read from left to right:
//
//	a {name}   a value, under a name of one character or more; one frame
//	-          a frame in which nothing happens
//	|  #       complete, error: any but a panic, unless [Err] names it
//	(ab|)      several signals at one instant; takes as many frames as it has characters
//	[ab|]      several signals at one instant; takes one frame
//	10ms 5s    time passes; set it off with blanks
//	^          in a hot source: the instant that counts as zero
//
// Blanks take no time, so that rows can be aligned. What a subscriber asks for
// is a diagram too, the demand lane, read from the consumer to the producer:
//
//	^          subscribe             1…9 {64}   request as many
//	!          cancel                *          request without bound
//
// A demand lane without a number requests everything at once, so it is also a
// subscription lane; one without "^" subscribes at 0. It serves as a script,
// [Expectation.Demand], and as an assertion, [Source.ExpectDemand].
//
// Every test runs twice: on [Virtual] time, and [Live] on real goroutines and
// timers in a testing/synctest bubble, where -race takes part. A third driver,
// [Shuffle], looks for results that depend on the order of what happens at one
// instant. The laws of the protocol are checked without being asked for. For
// tests without diagrams there are [TestSource], [TestSubscriber], [Ledger] and
// [Race].
//
// A value that is a stream itself, a window or a group, is compared with an
// [Inner]. A test that fails can be brought up to date with the flag
// -marbles.update, and leaves pictures with -artifacts.
//
// Code need not know of observables to be tested with diagrams. [Chan], [Seq]
// and [Call] play them to it; [ExpectChan], [ExpectSeq], [ExpectCalls] and
// [ExpectStage] say what comes out. Such tests are live only.
package marbles

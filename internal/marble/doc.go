// Package marble is the text half of package marbles: it reads marble
// diagrams, prints them, says how two of them differ, and finds them in doc
// comments. It knows nothing of observables.
//
// # Value lanes
//
// A diagram is read from left to right; one character is one frame, by
// default one millisecond.
//
//	a          a value; any visible character that is not listed here
//	-          a frame in which nothing happens
//	{name}     a value with a longer name; it takes one frame, like any value
//	|  #       complete and error
//	(ab|)      several signals in one instant; takes as many frames as it has
//	           marbles, and two for the brackets
//	[ab|]      the same, but takes one frame
//	10ms       time passes; ns, us, ms, s, m or h, with a blank or a bracket
//	           (or nothing) on either side
//	^          the subscription point of a hot source: instants are counted
//	           from it, and what stands to the left has a negative time
//
// White space takes no time and may be used to line diagrams up. Because it
// takes no time it also settles the one ambiguity there is: "5ms" is a
// duration, "5 ms" are the three values 5, m and s.
//
// # Subscription and demand lanes
//
// These are read from the consumer to the producer. Time is counted from the
// start of the diagram.
//
//	^          subscribe
//	!          cancel; unlike every other marble it takes no time
//
// A demand lane may hold, in addition:
//
//	1 … 9      Request(n)
//	{64}       Request(64)
//	*          Request(Unbounded)
//	0  {-1}    a request that is against the rules, for tests of the rules
//
// A demand lane without any request stands for unbounded demand, so every
// subscription lane is also a demand lane.
package marble

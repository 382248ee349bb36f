package marble

import (
	"math"
	"time"
)

// DefaultFrame is the time one character of a diagram takes.
const DefaultFrame = time.Millisecond

// Unbounded is the demand that never runs out.
const Unbounded = math.MaxInt64

// A Kind says what happens in an [Event].
type Kind uint8

// The events of value lanes, then those of subscription and demand lanes.
const (
	Next      Kind = iota // a value
	Complete              // |
	Error                 // #
	Subscribe             // ^
	Cancel                // !
	Request               // 1, {64}, *
)

// ends reports whether nothing may follow an event of kind k in its lane.
func (k Kind) ends() bool { return k == Complete || k == Error }

// An Event is one marble.
type Event struct {
	// At is the instant: in a value lane counted from the subscription, in
	// subscription and demand lanes from the start of the test.
	At   time.Duration
	Kind Kind

	// Key names a value: one character, or what stands between { and }.
	Key string
	// Value is what Key stands for. It is nil until [Resolve] sets it; events
	// that were recorded have a Value first and get their Key from a [Legend].
	Value any
	// Err is what an Error event carries. An expected event without one
	// matches every error.
	Err error
	// N is the amount of a Request.
	N int64

	// Pos is where the marble stands in the diagram, counted in runes.
	Pos int
}

// token is the event as it stands in a diagram.
func (e Event) token() string {
	switch e.Kind {
	case Next:
		return keyToken(e.Key)
	case Complete:
		return "|"
	case Error:
		return "#"
	case Subscribe:
		return "^"
	case Cancel:
		return "!"
	case Request:
		return requestToken(e.N)
	}
	return "?"
}

// frames is the time the event takes in a diagram.
func (e Event) frames() int64 {
	if e.Kind == Cancel {
		return 0
	}
	return 1
}

// A Grammar says which marbles a diagram may hold.
type Grammar uint8

// The grammars.
const (
	Cold   Grammar = iota // a source whose time starts at the subscription
	Hot                   // a source with a time of its own; may hold ^
	Pull                  // a source without time: values in order, and an end
	Expect                // what an observable is expected to do
	Subs                  // one subscription: ^ and !
	Demand                // one subscription with its requests
	timing                // a duration, drawn: "---|"
)

var grammars = [...]string{
	"a cold source", "a hot source", "a pull source", "an expectation",
	"a subscription lane", "a demand lane", "a time diagram",
}

// String names what is drawn, with its article: "a cold source".
func (g Grammar) String() string { return grammars[g] }

// A Lane is a diagram that has been read.
type Lane struct {
	Text    string // the diagram as written
	Grammar Grammar
	Frame   time.Duration
	Events  []Event       // in the order of time; within an instant as written
	End     time.Duration // the instant after the last character
}

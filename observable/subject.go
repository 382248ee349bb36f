package observable

import "github.com/sluicego/sluice/internal/site"

// A Subject emits what its methods Next and Emit are given to the subscribers
// of that moment.
//
//	source      -a-b-c-|
//	NewSubject  -a-b-c-|
//
// where source is what calls Next and Complete.
//
// Its methods may be called from any goroutine, also from inside a subscriber:
// values keep their order and signals do not overlap. A subscriber that joins
// later gets what comes from then on; after the end, the end.
//
// Demand: a value cannot wait. A subscriber that has no demand at a call of
// Next fails, the others go on. Emit waits for all of them.
//
// Errors: the one given to Error; an [*OverflowError] without demand; a
// [*PanicError] for the subscriber that panics.
//
// Discards: the value for which there was no demand, as overflow, to the hook
// of that subscriber.
//
// Scheduler: none; it emits on the goroutine that calls Next.
//
// A subscription costs no goroutine and about 100 bytes. What waits in line has
// no bound; but a goroutine that calls Next faster than another one delivers
// soon finds itself delivering.
type Subject[T any] struct {
	Observable[T]
	hub[T]
}

// NewSubject returns a [Subject].
func NewSubject[T any]() *Subject[T] {
	s := new(Subject[T])
	s.Observable = s.init(s, "NewSubject", site.Caller(), false)
	return s
}

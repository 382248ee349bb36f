package operators

import (
	"fmt"
	"time"

	"github.com/sluicego/sluice/internal/option"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// ShareReplay makes one subscription to the source serve all its subscribers,
// and gives those that come later the newest n values first. The first
// subscriber starts the source, which goes on when all have left. When it has
// completed, a subscriber gets the newest n values and the end; when it has
// failed, the next one starts it afresh.
//
//	source          -a-b-c-d-|
//	ShareReplay(2)  -a-b-c-d-|
//	…after 6ms      ------[bc]d-|
//
// Demand: what is replayed waits until it is requested. New values are paced as
// by [Share]: the source is asked for what all subscribers have requested, at
// most 128 ahead, so a subscriber that does not request stalls the others, also
// one that has not yet taken what is replayed. While there is no subscriber the
// source is asked for 128 values at a time, without end if it has none; with
// [RefCounted] it is cancelled instead, and the next subscriber starts afresh.
//
// Errors: the source's, to all subscribers, behind what is replayed to them. A
// panic of one subscriber ends that one alone.
//
// Discards: values that wait for a slower subscriber when the source fails, or
// is cancelled; what comes after that, as late; what the source emits beyond its
// demand, as overflow, for which the stream fails. What is remembered has been
// dealt with.
//
// Scheduler: none without [MaxAge]; with one, [scheduler.On], else that of the
// first subscriber's ctx. It reads the clock and needs no timer. The source runs
// with the values of that ctx, but not with its cancellation.
//
// To remember everything, n is [Unlimited]. ShareReplay panics if n is less
// than 1.
func ShareReplay[T any](n int, opts ...ShareReplayOption) observable.Operator[T, T] {
	if n < 1 {
		panic(fmt.Sprintf("operators: ShareReplay of %d values; it is at least 1, or Unlimited", n))
	}
	how := sharing{recall: recall{limit: n}, draws: true, keepIdle: true, keepCompleted: true}
	how.apply(opts)
	return func(src observable.Observable[T]) observable.Observable[T] {
		return newSharer("ShareReplay", src, how).observable(counts)
	}
}

// A ShareReplayOption is an option of [ShareReplay]: [MaxAge], [RefCounted] or
// [scheduler.On].
type ShareReplayOption interface{ option.ShareReplay }

// A Lifetime says how long [ShareReplay] keeps its source. [RefCounted] is the
// only one that is not the default.
type Lifetime int

// RefCounted makes [ShareReplay] cancel its source when the last subscriber
// leaves, and forget the values. Without it the source goes on.
const RefCounted Lifetime = 1

// OptionShareReplay makes it an option of [ShareReplay].
func (Lifetime) OptionShareReplay(option.Seal) {}

// MaxAge makes [ShareReplay] replay no value that came d ago or earlier. It
// panics if d is not positive.
func MaxAge(d time.Duration) ShareReplayOption {
	if d <= 0 {
		panic(fmt.Sprintf("operators: MaxAge of a non-positive duration (%v)", d))
	}
	return maxAge(d)
}

type maxAge time.Duration

func (maxAge) OptionShareReplay(option.Seal) {}

// apply takes the options of ShareReplay.
func (s *sharing) apply(opts []ShareReplayOption) {
	for _, opt := range opts {
		switch opt := opt.(type) {
		case Lifetime:
			if opt != 0 && opt != RefCounted {
				panic(fmt.Sprintf("operators: ShareReplay with the unknown Lifetime(%d); there is RefCounted", opt))
			}
			s.keepIdle = opt != RefCounted
		case maxAge:
			s.recall.maxAge = time.Duration(opt)
		case scheduler.OnOption:
			s.recall.on = append(s.recall.on, opt)
		case nil:
			panic("operators: ShareReplay with a nil option; leave it out")
		}
	}
}

package operators

import (
	"fmt"
	"time"

	"github.com/sluicego/sluice/internal/option"
	"github.com/sluicego/sluice/scheduler"
)

// A RetryOption is taken by [Retry]: [Backoff], [RetryIf], [ResetOnValue],
// [Panics] or [scheduler.On].
type RetryOption interface{ option.Retry }

// A RetryAfterOption is taken by [RetryAfter]: [ResetOnValue] or [Panics].
type RetryAfterOption interface{ option.RetryAfter }

// RetryIf makes [Retry] try again only after an error for which p is true; any
// other is passed on at once. p is not asked when no try is left. Of several,
// the last one counts. RetryIf panics if p is nil.
func RetryIf(p func(error) bool) RetryOption {
	if p == nil {
		panic("operators: RetryIf with a nil predicate")
	}
	return retryIf(p)
}

type retryIf func(error) bool

func (retryIf) OptionRetry(option.Seal) {}

// A RetryMode says what [Retry] and [RetryAfter] count. [ResetOnValue] is the
// only one that is not the default.
type RetryMode int

// ResetOnValue makes [Retry] and [RetryAfter] count the failures since the last
// value. Without it they count those since the subscription.
const ResetOnValue RetryMode = 1

// OptionRetry makes it an option of [Retry].
func (RetryMode) OptionRetry(option.Seal) {}

// OptionRetryAfter makes it an option of [RetryAfter].
func (RetryMode) OptionRetryAfter(option.Seal) {}

// A retryPolicy is what the options of an operator say.
type retryPolicy struct {
	panics  bool
	resets  bool
	wants   func(error) bool
	backoff *backoff
	time    []scheduler.TimeOption
}

func newRetryPolicy[O any](op string, opts []O) (p retryPolicy) {
	for _, opt := range opts {
		switch opt := any(opt).(type) {
		case panics:
			p.panics = true
		case retryIf:
			p.wants = opt
		case RetryMode:
			if opt != ResetOnValue {
				panic(fmt.Sprintf("operators: %s with the unknown RetryMode(%d); there is ResetOnValue", op, opt))
			}
			p.resets = true
		case *backoff:
			p.backoff = opt
		case scheduler.OnOption:
			p.time = append(p.time, opt)
		default: // the interfaces are sealed
			panic("operators: " + op + " with a nil option")
		}
	}
	return p
}

// Backoff makes [Retry] wait before it subscribes again: for min after the first
// failure and twice as long after each further one, until it is max. Backoff(d,
// d) is a constant delay; Backoff(0, 0) leaves the next try to the scheduler.
// An option can be [Jitter].
//
// Backoff panics if min is negative or more than max, and if doubling would not
// get it from zero to max.
func Backoff(min, max time.Duration, opts ...BackoffOption) RetryOption {
	switch {
	case min < 0:
		panic(fmt.Sprintf("operators: Backoff with a negative min (%v)", min))
	case min > max:
		panic(fmt.Sprintf("operators: Backoff with a min (%v) that is more than the max (%v)", min, max))
	case min == 0 && max > 0:
		panic(fmt.Sprintf("operators: Backoff from 0s does not get to the max (%v); begin with more", max))
	}
	b := &backoff{min: min, max: max}
	for _, opt := range opts {
		j, ok := opt.(jitter)
		if !ok {
			panic("operators: Backoff with a nil option")
		}
		b.jitter = j
	}
	return b
}

package operators

import (
	"slices"

	"github.com/sluicego/sluice/internal/option"
)

// A CatchOption is taken by [Catch], [CatchValue], [MapError] and [RetryWhen].
// [Panics] is one.
type CatchOption interface{ option.Catch }

// A RecoveryOption is taken by the operators that go on after an error: those
// that take a [CatchOption], a [RetryOption] or a [RetryAfterOption].
type RecoveryOption interface {
	CatchOption
	RetryOption
	RetryAfterOption
}

// Panics makes an operator that goes on after an error treat a panic in a
// callback above it as the error it is reported as, an
// [*observable.PanicError]. Without it panics pass, since these are bugs and
// trying again does not remove them. A panic below the operator is never
// caught: what happens there is not the source's failure.
func Panics() RecoveryOption { return panics{} }

type panics struct{}

func (panics) OptionCatch(option.Seal)      {}
func (panics) OptionRetry(option.Seal)      {}
func (panics) OptionRetryAfter(option.Seal) {}

// catchesPanics reports whether [Panics], the one CatchOption there is, was
// given to op.
func catchesPanics(op string, opts []CatchOption) bool {
	if slices.Contains(opts, nil) {
		panic("operators: " + op + " with a nil option")
	}
	return len(opts) > 0
}

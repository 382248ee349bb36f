package scheduler

import (
	"context"
	"slices"

	"github.com/sluicego/sluice/internal/option"
)

type contextKey struct{}

// With returns a ctx whose subscriptions keep time and run work with s: a
// pipeline that names no scheduler then takes this one, which is how it runs in
// virtual time in a test. With panics if s is nil.
func With(ctx context.Context, s Scheduler) context.Context {
	if s == nil {
		panic("scheduler: With a nil scheduler; use scheduler.Default")
	}
	return context.WithValue(ctx, contextKey{}, s)
}

// From returns the scheduler that ctx carries, or [Default].
func From(ctx context.Context) Scheduler {
	if s, ok := ctx.Value(contextKey{}).(Scheduler); ok {
		return s
	}
	return Default
}

// A TimeOption is an option of all sources and operators that keep time. [On]
// is one.
type TimeOption = option.Time

// On makes a source or an operator use s, whatever the ctx says. It is an
// option of everything that keeps time. On panics if s is nil.
func On(s Scheduler) OnOption {
	if s == nil {
		panic("scheduler: On a nil scheduler; leave the option out to take the context's")
	}
	return OnOption{scheduler: s}
}

// An OnOption is the option that [On] returns.
type OnOption struct{ scheduler Scheduler }

// Scheduler returns the scheduler that the option names.
func (o OnOption) Scheduler() Scheduler { return o.scheduler }

// OptionTime makes it an option of the timed sources and operators.
func (OnOption) OptionTime(option.Seal) {}

// OptionInterval makes it an option of the source that ticks.
func (OnOption) OptionInterval(option.Seal) {}

// OptionRetry makes it an option of Retry, for its Backoff.
func (OnOption) OptionRetry(option.Seal) {}

// OptionTimeout makes it an option of the operators with a deadline.
func (OnOption) OptionTimeout(option.Seal) {}

// OptionThrottle makes it an option of the throttling operators.
func (OnOption) OptionThrottle(option.Seal) {}

// OptionBuffer makes it an option of the overflow buffers.
func (OnOption) OptionBuffer(option.Seal) {}

// OptionTimeWindow makes it an option of the operators that cut by time.
func (OnOption) OptionTimeWindow(option.Seal) {}

// OptionShareReplay makes it an option of what replays values of a certain age.
func (OnOption) OptionShareReplay(option.Seal) {}

// OptionAdaptive makes it an option of what adapts its demand.
func (OnOption) OptionAdaptive(option.Seal) {}

// Pick returns the scheduler to use in a subscription: the one of the last
// [On] among opts, else the one that ctx carries, else [Default]. It is for
// authors of operators; call it when the subscription begins.
func Pick(ctx context.Context, opts ...TimeOption) Scheduler {
	for _, opt := range slices.Backward(opts) {
		if on, ok := opt.(OnOption); ok && on.scheduler != nil {
			return on.scheduler
		}
	}
	return From(ctx)
}

// Package option seals the option interfaces of the public packages: an option
// says which groups of operators take it by implementing their marker methods,
// and because the markers mention [Seal], nobody outside this module can add
// options that an operator would not understand.
package option

// Seal appears in every marker method; only this module can name it.
type Seal struct{}

// Time is taken by every source and operator that keeps time.
type Time interface{ OptionTime(Seal) }

// Interval is taken by the source that ticks.
type Interval interface{ OptionInterval(Seal) }

// Throttle is taken by the throttling operators.
type Throttle interface{ OptionThrottle(Seal) }

// ThrottleWhen is taken by the throttling operators that need no clock.
type ThrottleWhen interface{ OptionThrottleWhen(Seal) }

// Buffer is taken by the overflow buffers.
type Buffer interface{ OptionBuffer(Seal) }

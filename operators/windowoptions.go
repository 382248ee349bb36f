package operators

import (
	"time"

	"github.com/sluicego/sluice/internal/option"
)

// A CountOption is taken by the operators that cut by count, [Buffer] and
// [Window]. [Prefetch] is one for Window only.
type CountOption interface{ option.CountWindow }

// A SpanOption is taken by the operators that cut by time, [BufferTime] and
// [WindowTime]. [Prefetch] is one for WindowTime only.
type SpanOption interface{ option.TimeWindow }

// Step is an option of [Buffer] and [Window]: a new one opens every so many
// values; by default, when the one before is full.
type Step int

// OptionCountWindow marks Step as an option of [Buffer] and [Window].
func (Step) OptionCountWindow(option.Seal) {}

// Period is an option of [BufferTime] and [WindowTime]: a new one opens every so
// often; by default, when the one before closes.
type Period time.Duration

// OptionTimeWindow marks Period as an option of [BufferTime] and [WindowTime].
func (Period) OptionTimeWindow(option.Seal) {}

// AtMost is an option of [BufferTime] and [WindowTime]: one that has so many
// values closes at once.
type AtMost int

// OptionTimeWindow marks AtMost as an option of [BufferTime] and [WindowTime].
func (AtMost) OptionTimeWindow(option.Seal) {}

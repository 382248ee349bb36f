package main

import (
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/observable"
)

// A strategy is one way to deal with a producer that is faster than its
// consumer.
type strategy struct {
	name   string
	why    string
	source source
	code   string // policy as it is written here; a test compares the two
	policy observable.Operator[item, item]
}

// strategies returns all of them, in the order of the tour: those that control
// the producer, those that buffer, those that drop, and the one that ignores
// the difference.
func strategies() []strategy {
	return []strategy{
		{
			name:   "request",
			why:    "control the producer; it reads a line when one is asked for",
			source: pulledLines,
			code:   `backpressure.LimitRate[item](8, 6)`,
			policy: backpressure.LimitRate[item](8, 6),
		},
		{
			name:   "block",
			why:    "control the producer; it pushes, and its goroutine waits for room",
			source: pushedLines,
			code:   `backpressure.OnBackpressureBlock[item](16)`,
			policy: backpressure.OnBackpressureBlock[item](16),
		},
		{
			name:   "buffer",
			why:    "keep what fits in a bound; the oldest makes room for the newest",
			source: ticks,
			code:   `backpressure.OnBackpressureBuffer[item](256, backpressure.DropOldest)`,
			policy: backpressure.OnBackpressureBuffer[item](256, backpressure.DropOldest),
		},
		{
			name:   "fail",
			why:    "keep what fits in a bound; beyond it, which is the default, fail and say so",
			source: ticks,
			code:   `backpressure.OnBackpressureBuffer[item](24)`,
			policy: backpressure.OnBackpressureBuffer[item](24),
		},
		{
			name:   "drop",
			why:    "drop what comes while the consumer is busy",
			source: ticks,
			code:   `backpressure.OnBackpressureDrop[item]()`,
			policy: backpressure.OnBackpressureDrop[item](),
		},
		{
			name:   "latest",
			why:    "keep only the newest for when the consumer is ready",
			source: ticks,
			code:   `backpressure.OnBackpressureLatest[item]()`,
			policy: backpressure.OnBackpressureLatest[item](),
		},
		{
			name:   "sample",
			why:    "take the newest at fixed times, however fast the consumer is",
			source: ticks,
			code:   `backpressure.Sample[item](10 * time.Millisecond)`,
			policy: backpressure.Sample[item](10 * time.Millisecond),
		},
		{
			name:   "ignore",
			why:    "ignore the difference, knowingly: keep everything and hope that it ends",
			source: ticks,
			code:   `backpressure.OnBackpressureBuffer[item](0, backpressure.Unlimited)`,
			policy: backpressure.OnBackpressureBuffer[item](0, backpressure.Unlimited),
		},
	}
}

package operators

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/sluicego/sluice/internal/option"
)

// A BackoffOption is taken by [Backoff]: [Jitter] or [JitterFrom].
type BackoffOption interface{ option.Backoff }

// Jitter makes each delay of a [Backoff] longer or shorter by a random part of
// itself, fraction at most, so that those who have failed together do not come
// back together. The result stays between the min and the max of the Backoff.
//
// Jitter panics if fraction is not between 0 and 1.
func Jitter(fraction float64) BackoffOption { return newJitter("Jitter", fraction, rand.Float64) }

// JitterFrom is [Jitter] with random numbers of your own: random returns one in
// [0, 1), as the Float64 method of a seeded [rand.Rand] does. It is called where
// the source fails, and has to be safe for concurrent use if several
// subscriptions are. A panic in it ends the stream.
//
// JitterFrom panics if fraction is not between 0 and 1, or random is nil.
func JitterFrom(fraction float64, random func() float64) BackoffOption {
	if random == nil {
		panic("operators: JitterFrom with a nil function")
	}
	return newJitter("JitterFrom", fraction, random)
}

func newJitter(op string, fraction float64, random func() float64) jitter {
	if !(fraction >= 0 && fraction <= 1) { // a NaN is neither
		panic(fmt.Sprintf("operators: %s with a fraction of %v; it is at least 0 and at most 1", op, fraction))
	}
	return jitter{fraction, random}
}

type jitter struct {
	fraction float64
	random   func() float64 // nil: none
}

func (jitter) OptionBackoff(option.Seal) {}

type backoff struct {
	min, max time.Duration
	jitter   jitter
}

func (*backoff) OptionRetry(option.Seal) {}

// delay returns how long to wait after the nth failure, from 1.
func (b *backoff) delay(n int) time.Duration {
	d := b.max
	if k := n - 1; k < 63 && b.min <= b.max>>k {
		d = b.min << k
	}
	if b.jitter.random == nil {
		return d
	}
	by := time.Duration((2*b.jitter.random() - 1) * b.jitter.fraction * float64(d))
	return d + min(max(by, b.min-d), b.max-d) // and not d+by, which may overflow
}

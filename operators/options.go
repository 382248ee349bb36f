package operators

import (
	"fmt"
	"math"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/option"
)

// A FlattenOption is taken by [MergeMap], [ConcatMapEager], [MergeScan] and
// [Expand].
type FlattenOption interface{ option.Flatten }

// An ObserveOnOption is taken by [ObserveOn].
type ObserveOnOption interface{ option.ObserveOn }

// Unlimited spells out that there is to be no bound: Concurrency(Unlimited),
// Prefetch(Unlimited). Whatever comes is then held in memory.
const Unlimited = math.MaxInt

// Concurrency is the number of inner observables that [MergeMap] and its kin,
// and [DelayWhen], are subscribed to at a time. The source is asked for that
// many values, and for one more each time that an inner observable completes.
type Concurrency int

// OptionFlatten marks Concurrency as an option of [MergeMap].
func (Concurrency) OptionFlatten(option.Seal) {}

// Prefetch is the number of values that an operator requests ahead of its
// subscriber's demand, and so the number that it can hold: of every inner
// observable for [MergeMap] and its kin, of the source for [ObserveOn],
// [GroupBy] and the windows. It asks for more when three quarters of them have
// been passed on.
type Prefetch int

// OptionFlatten marks Prefetch as an option of [MergeMap].
func (Prefetch) OptionFlatten(option.Seal) {}

// OptionObserveOn marks Prefetch as an option of [ObserveOn].
func (Prefetch) OptionObserveOn(option.Seal) {}

// The bounds of operators that are not given any; each operator's doc states
// its own.
const (
	defaultConcurrency = 256
	defaultPrefetch    = 128
)

// bound turns the number in an option into a demand. It panics if the number
// is not positive; what names the option in the message.
func bound(op, what string, n int) int64 {
	switch {
	case n < 1:
		panic(fmt.Sprintf("operators: %s with a non-positive %s (%d)", op, what, n))
	case n == Unlimited:
		return demand.Unbounded
	}
	return int64(n)
}

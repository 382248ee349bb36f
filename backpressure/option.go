package backpressure

import (
	"fmt"
	"reflect"
	"time"

	"github.com/sluicego/sluice/internal/option"
	"github.com/sluicego/sluice/internal/site"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// A BufferOption is an option of [OnBackpressureBuffer]: an [Overflow] policy,
// [TTL], [OnOverflow], [FailFast] or [scheduler.On].
type BufferOption = option.Buffer

// A DropOption is an option of [OnBackpressureDrop], [OnBackpressureLatest] and
// [OnBackpressureBuffer]. [OnOverflow] is one.
type DropOption interface {
	BufferOption
	overflowFunc() any
}

// An Overflow says what [OnBackpressureBuffer] does with a value that finds the
// queue full.
type Overflow int

// The policies, and what the subscriber gets if the capacity is 2, and the
// values a, b and c come while nothing is requested.
const (
	Fail          Overflow = iota + 1 // a, b are delivered, then an OverflowError; c is discarded
	DropOldest                        // b, c: the head of the queue makes room
	DropNewest                        // a, b: the value that comes in is refused
	ReplaceNewest                     // a, c: the last one queued makes room
	Unlimited                         // a, b, c: the queue is never full; its capacity has to be 0
)

var overflows = [...]string{"", "Fail", "DropOldest", "DropNewest", "ReplaceNewest", "Unlimited"}

// String returns the name of the policy.
func (o Overflow) String() string {
	if o < Fail || o > Unlimited {
		return fmt.Sprintf("Overflow(%d)", int(o))
	}
	return overflows[o]
}

// OptionBuffer makes it an option of [OnBackpressureBuffer].
func (Overflow) OptionBuffer(option.Seal) {}

// An ErrorMode says when an error overtakes queued values. [FailFast] is the
// only one that is not the default.
type ErrorMode int

// FailFast makes [OnBackpressureBuffer] deliver an error at once and discard
// what is queued. Without it the queued values are delivered first.
const FailFast ErrorMode = 1

// OptionBuffer makes it an option of [OnBackpressureBuffer].
func (ErrorMode) OptionBuffer(option.Seal) {}

// TTL makes [OnBackpressureBuffer] discard a value that has waited for d. It
// panics if d is not positive.
func TTL(d time.Duration) BufferOption {
	if d <= 0 {
		panic(fmt.Sprintf("backpressure: TTL of a duration that is not positive (%v)", d))
	}
	return ttl(d)
}

type ttl time.Duration

func (ttl) OptionBuffer(option.Seal) {}

// OnOverflow has f called with every value that is lost to an overflow, on the
// goroutine that brought the value that was too many. It is an option of
// [OnBackpressureBuffer], [OnBackpressureDrop] and [OnBackpressureLatest]. The
// discard hook of the ctx is called after it. A panic in f ends the stream with
// an [observable.PanicError].
//
// The type of f has to be that of the operator's values, or any; another one
// panics when the pipeline is assembled. OnOverflow panics if f is nil.
func OnOverflow[T any](f func(T)) DropOption {
	if f == nil {
		panic("backpressure: OnOverflow with a nil function")
	}
	return onOverflow[T]{f}
}

type onOverflow[T any] struct{ f func(T) }

func (onOverflow[T]) OptionBuffer(option.Seal) {}
func (o onOverflow[T]) overflowFunc() any      { return o.f }

// A config is what one operator of the package differs in from another, as far
// as it is known at assembly. All subscriptions share it.
type config[T any] struct {
	op       string    // for errors, with site and capacity
	site     site.Site // where it was assembled
	capacity int
	policy   Overflow
	span     time.Duration // a time to live, to be quiet, or between two values; 0 without
	failFast bool          // errors overtake what is queued
	lost     func(T)       // the user's OnOverflow; may be nil
	spill    observable.DiscardReason
	first    int64         // requested from upstream at the start
	refill   int64         // what was delivered is requested again when it is so many values; 0: never
	weigh    func(T) int64 // how many values of the source one is; nil: one
	on       []scheduler.TimeOption
}

// newConfig is for an operator that asks its source for everything, once.
func newConfig[T any](op string, capacity int) *config[T] {
	return &config[T]{op: op, capacity: capacity, spill: observable.DiscardOverflow, first: observable.Unbounded}
}

// apply takes the options of OnBackpressureBuffer.
func (c *config[T]) apply(opts []BufferOption) {
	for _, opt := range opts {
		switch opt := opt.(type) {
		case Overflow:
			c.choose(opt)
		case ErrorMode:
			if opt != 0 && opt != FailFast {
				panic(fmt.Sprintf("backpressure: %s with the unknown ErrorMode(%d); there is FailFast", c.op, opt))
			}
			c.failFast = opt == FailFast
		case ttl:
			c.span = time.Duration(opt)
		case DropOption:
			c.lost = overflowFunc[T](c.op, opt)
		case scheduler.OnOption:
			c.on = append(c.on, opt)
		case nil:
			panic(nilOption(c.op))
		}
	}
	if c.policy == 0 {
		c.policy = Fail
	}
}

func (c *config[T]) choose(policy Overflow) {
	switch {
	case policy < Fail || policy > Unlimited:
		panic(fmt.Sprintf("backpressure: %s with the unknown policy %v", c.op, policy))
	case c.policy != 0:
		panic(fmt.Sprintf("backpressure: %s with two policies, %v and %v; name the one you want", c.op, c.policy, policy))
	}
	c.policy = policy
}

func nilOption(op string) string {
	return fmt.Sprintf("backpressure: %s with a nil option; leave it out", op)
}

// overflowFunc returns the function of an [OnOverflow] option as one for T.
func overflowFunc[T any](op string, opt DropOption) func(T) {
	switch f := opt.overflowFunc().(type) {
	case func(T):
		return f
	case func(any):
		return func(v T) { f(v) }
	default:
		value := reflect.TypeFor[T]()
		panic(fmt.Sprintf("backpressure: OnOverflow has a %T, but the values of %s are %v; give it a func(%v) or a func(any)", f, op, value, value))
	}
}

// Package link holds the private agreements between the library's sources,
// operators and terminals. Foreign subscribers know nothing of them, and
// everything works without them; they make the common case fast.
package link

import "sync/atomic"

// Seal appears in the methods of this package's agreements, so that only this
// module can enter into them.
type Seal struct{}

// Inside is embedded by subscribers that keep the protocol by themselves.
// Subscribing one needs no gate in front of it.
type Inside struct{}

// KeepsProtocol is the mark of a subscriber of the library.
func (Inside) KeepsProtocol(Seal) {}

// IsInside reports whether s is one of the library's own subscribers.
func IsInside(s any) bool {
	_, ok := s.(interface{ KeepsProtocol(Seal) })
	return ok
}

// A Failer is a Subscription that can end its stream with an error of the
// downstream's making, serialized with the values it is emitting: upstream is
// cancelled and OnError(err) is the last signal.
type Failer interface {
	Fail(err error)
	FailsOnDemand(Seal)
}

// Failing is embedded by the Subscriptions that are Failers, all of this
// library's making: a Fail method of a user's may mean anything.
type Failing struct{}

// FailsOnDemand is the mark of a Failer.
func (Failing) FailsOnDemand(Seal) {}

// A Synchronous Subscription emits only inside Request, on the goroutine that
// calls it, and to the end of the demand before Request returns. Flattening
// operators need no lock around such an inner source.
type Synchronous interface{ EmitsInRequest(Seal) }

// IsSynchronous reports whether sub emits only inside Request.
func IsSynchronous(sub any) bool {
	_, ok := sub.(Synchronous)
	return ok && !disabled.Load()
}

// Patient is embedded by Subscriptions that emit nothing before OnSubscribe has
// returned, whatever is requested inside.
type Patient struct{}

// EmitsAfterOnSubscribe is the mark of a patient Subscription.
func (Patient) EmitsAfterOnSubscribe(Seal) {}

// MayInterrupt reports whether sub may emit on another goroutine while the
// subscriber is inside OnSubscribe.
func MayInterrupt(sub any) bool {
	switch sub.(type) {
	case Synchronous, interface{ EmitsAfterOnSubscribe(Seal) }:
		return false
	}
	return true
}

// Receiver is the part of a Subscriber that takes values.
type Receiver[T any] interface{ OnNext(T) }

// A Linker answers with a function that does what its OnNext does, bound to
// the function of its own downstream. The function reports whether the value
// used up one of the demand; false means "send another one instead" and stands
// for the Request(1) that OnNext would make.
type Linker[T any] interface{ NextFunc() func(T) bool }

// Next returns the function through which a looping source feeds down: the
// linked one of a library subscriber, else a call of its OnNext.
//
// Linking is lazy, at the first emission of a loop, because it costs an
// allocation for each operator; a source of one value does not link.
func Next[T any](down Receiver[T]) func(T) bool {
	if l, ok := down.(Linker[T]); ok && !disabled.Load() {
		return l.NextFunc()
	}
	return func(v T) bool {
		down.OnNext(v)
		return true
	}
}

// A Feeder is a looping source that lets its subscriber say, before it requests
// anything, which function the values go through: it need not look for one.
// Operators hand the Subscription of their source on, so it does so only for
// the subscriber that is its own.
type Feeder interface{ FeedTo(down, next any, _ Seal) }

// Feed links up to next if it is a Feeder whose subscriber is down. That spares a
// short inner source the search for the generic method (W3, 100 000 x 10: 5 to
// 10 %).
func Feed[T any](up any, down Receiver[T], next func(T) bool) {
	if f, ok := up.(Feeder); ok && !disabled.Load() {
		f.FeedTo(down, next, Seal{})
	}
}

var disabled atomic.Bool

// Disable switches linking and the synchronous fast path off until restore is
// called. Tests run the contract and the diagrams in both ways, so that the
// fast path cannot drift from the plain one.
func Disable() (restore func()) {
	disabled.Store(true)
	return func() { disabled.Store(false) }
}

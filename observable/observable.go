package observable

import (
	"context"
	"reflect"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
)

// Unbounded is the demand that never runs out: a subscriber that requests it
// takes whatever comes, as fast as it comes.
const Unbounded = demand.Unbounded

// An Observable describes a stream of T. Nothing happens until it is
// subscribed to; each subscription starts afresh, unless the observable says
// that it is shared. The zero Observable completes at once.
//
// Observable is a struct, not an interface, so that it can be given generic
// methods once the language has them.
type Observable[T any] struct {
	subscribe func(ctx context.Context, s Subscriber[T])
	unwanted  func(why DiscardReason) // for a stream that holds values for its subscriber: there will be none
}

// dispose gives up what o holds, since o itself was discarded.
func (o Observable[T]) dispose(why DiscardReason) {
	if o.unwanted != nil {
		o.unwanted(why)
	}
}

// onDispose has f called if o is discarded (link.Unwanted).
func (o *Observable[T]) onDispose(f func(why DiscardReason)) { o.unwanted = f }

func init() {
	link.Unwanted = func(o any, f func(why int)) {
		o.(interface{ onDispose(func(DiscardReason)) }).onDispose(func(why DiscardReason) { f(int(why)) })
	}
	link.Streams = func(v any) (any, reflect.Type, bool) {
		o, ok := v.(interface {
			boxed() (Observable[any], reflect.Type)
		})
		if !ok {
			return nil, nil, false
		}
		boxed, elem := o.boxed()
		return boxed, elem, true
	}
}

// A Subscriber receives the signals of one subscription: OnSubscribe once,
// then OnNext at most as often as was requested, then at most one of OnError
// and OnComplete. Calls never overlap (L1–L4). A Subscriber instance serves one
// subscription.
type Subscriber[T any] interface {
	OnSubscribe(Subscription)
	OnNext(T)
	OnError(error)
	OnComplete()
}

// A Subscription is the subscriber's handle on its source. Both methods may be
// called from any goroutine at any time, any number of times, also inside
// OnSubscribe and OnNext; neither waits for anything (L5).
type Subscription interface {
	// Request adds n to the demand. [Unbounded] never runs out and is never
	// counted down. n <= 0 ends the subscription with a [*BadRequestError].
	Request(n int64)
	// Cancel stops the stream. Called on the goroutine that emits, no further
	// signal follows; called elsewhere, the one in flight may still arrive.
	Cancel()
}

// An Operator turns one Observable into another. It is a value: it can be
// named, stored, composed and passed to [Pipe2] and its kin.
type Operator[A, B any] func(Observable[A]) Observable[B]

// New makes an Observable from the function that serves its subscribers. For
// every subscription, subscribe is called with the subscriber's ctx; it must
// call s.OnSubscribe once, then emit no more than is requested. It is the tool
// for adapting a source that already knows about demand; [Create] is the
// easier one for everything else.
//
// A gate watches over the source and turns its mistakes into errors that say
// what is wrong: a value beyond the demand is an [*OverflowError], overlapping
// or disordered signals are a [*ProtocolError], a panic is a [*PanicError].
// Signals after the end are dropped and counted as discarded.
//
// OnSubscribe(nil) and OnError(nil) panic, inside of subscribe as a
// [*PanicError] of the stream. New panics if subscribe is nil.
func New[T any](subscribe func(ctx context.Context, s Subscriber[T])) Observable[T] {
	if subscribe == nil {
		panic("observable: New with a nil function")
	}
	return Observable[T]{subscribe: func(ctx context.Context, down Subscriber[T]) {
		g := newGate(ctx, down, atNew)
		g.open(ctx, subscribe)
	}}
}

// Subscribe starts the stream for s. It returns when the source has returned
// from subscribing, which for a synchronous source with demand is after the
// last value; see each source and operator for what it starts elsewhere.
//
// When ctx is done the subscription is cancelled, silently. The ctx also
// carries the scheduler and the hooks (see [WithDiscard]).
//
// Subscribe panics if s is nil; every other failure reaches s.OnError.
func (o Observable[T]) Subscribe(ctx context.Context, s Subscriber[T]) {
	if s == nil {
		panic("observable: Subscribe with a nil Subscriber")
	}
	if link.IsInside(s) {
		o.start(ctx, s)
		return
	}
	g := newGate(ctx, s, atSubscribe)
	switch {
	case !g.watch(ctx):
	case link.Inspecting.Load():
		g.open(ctx, o.start)
	default:
		g.open(ctx, o.server()) // a method value would be allocated
	}
}

// start subscribes a subscriber that keeps the protocol by itself.
func (o Observable[T]) start(ctx context.Context, s Subscriber[T]) {
	if link.Inspecting.Load() {
		inspected(ctx, o.server(), s, false)
		return
	}
	o.server()(ctx, s)
}

// server returns the function that serves the subscribers. It is never nil.
func (o Observable[T]) server() func(context.Context, Subscriber[T]) {
	if o.subscribe == nil {
		return serveEmpty[T]
	}
	return o.subscribe
}

func serveEmpty[T any](_ context.Context, s Subscriber[T]) { complete(s) }

// Lift makes an Operator out of a function that wraps the downstream
// subscriber. It is the only door into a chain: the operators of this module
// and those of its users are made the same way.
//
// wrap runs once per subscription, so whatever it allocates is the state of
// that subscription alone. The ctx is the subscriber's: take the scheduler and
// the hooks out of it, do not keep it. The Subscriber that wrap returns may
// trust the protocol: what reaches it is in order, one at a time, and ends once.
//
// An operator that is not the library's may emit from any goroutine; a
// flattening operator and the gate below it therefore serialize its signals.
//
// Lift panics if wrap is nil.
func Lift[A, B any](wrap func(ctx context.Context, down Subscriber[B]) Subscriber[A]) Operator[A, B] {
	if wrap == nil {
		panic("observable: Lift with a nil function")
	}
	return func(src Observable[A]) Observable[B] {
		subscribe := src.server()
		return Observable[B]{subscribe: func(ctx context.Context, down Subscriber[B]) {
			s := wrap(ctx, down)
			if s == nil {
				panic("observable: the function given to Lift returned a nil Subscriber")
			}
			inspect := link.Inspecting.Load() && lifted(ctx, wrap, s)
			if !link.IsInside(s) {
				s = &outsider[A]{s, down.OnError}
			}
			if inspect {
				inspected(ctx, subscribe, s, true)
			} else {
				subscribe(ctx, s)
			}
		}}
	}
}

// An outsider stands in front of an operator that is not the library's. That
// one may hand its source's subscription down and yet emit from wherever it
// likes, so what the source has agreed to with the library does not hold below
// it: the subscription is passed on without its marks.
type outsider[T any] struct {
	Subscriber[T]
	fail func(error) // ends what is below the operator
}

func (o *outsider[T]) OnSubscribe(up Subscription) { o.Subscriber.OnSubscribe(plain{up}) }

// OnError contains a panic of the operator's: there is nobody above who could
// tell it of that, and those below it wait for an end.
func (o *outsider[T]) OnError(err error) {
	attempt(func() { o.Subscriber.OnError(err) }, o.fail)
}

// NextFunc is OnNext without a detour.
func (o *outsider[T]) NextFunc() func(T) bool { return link.Next[T](o.Subscriber) }

// plain is a subscription and nothing else.
type plain struct{ Subscription }

// nothing is the subscription of a stream that has ended already.
type nothing struct{}

func (nothing) Request(int64)            {}
func (nothing) Cancel()                  {}
func (nothing) EmitsInRequest(link.Seal) {}

func complete[T any](s Subscriber[T]) {
	s.OnSubscribe(nothing{})
	s.OnComplete()
}

func fail[T any](s Subscriber[T], err error) {
	s.OnSubscribe(nothing{})
	s.OnError(err)
}

package operators

import (
	"context"
	"fmt"

	"github.com/sluicego/sluice/observable"
)

// A NotificationKind says which signal a [Notification] is.
type NotificationKind int

// The kinds of notifications.
const (
	KindNext NotificationKind = iota + 1
	KindError
	KindComplete
)

// String returns the signal's name.
func (k NotificationKind) String() string {
	switch k {
	case KindNext:
		return "next"
	case KindError:
		return "error"
	case KindComplete:
		return "complete"
	}
	return fmt.Sprintf("NotificationKind(%d)", int(k))
}

// A Notification is a signal as a value.
type Notification[T any] struct {
	Kind  NotificationKind
	Value T     // of KindNext
	Err   error // of KindError
}

// String returns the notification as a diagram would show it.
func (n Notification[T]) String() string {
	switch n.Kind {
	case KindNext:
		return fmt.Sprint(n.Value)
	case KindError:
		return fmt.Sprintf("#(%v)", n.Err)
	case KindComplete:
		return "|"
	}
	return n.Kind.String()
}

// Materialize emits every signal of the source as a value, its end as well, and
// then completes. It takes no arguments: pass it to a pipe as it is.
//
//	source       -a-b-|
//	Materialize  -a-b-(x|)
//	where        x=|
//
// Demand: one for one; the end of the source waits until something is requested.
//
// Errors: none but a panic in a callback, which passes through.
//
// Discards: nothing.
//
// Scheduler: none.
func Materialize[T any](src observable.Observable[T]) observable.Observable[Notification[T]] {
	return observable.Pipe3(src,
		Map(func(v T) Notification[T] { return Notification[T]{Kind: KindNext, Value: v} }),
		EndWith(Notification[T]{Kind: KindComplete}),
		Catch(func(err error) observable.Observable[Notification[T]] {
			return observable.Of(Notification[T]{Kind: KindError, Err: err})
		}),
	)
}

// Dematerialize turns notifications back into signals. It ends with the first
// one that is an end. It takes no arguments: pass it to a pipe as it is.
//
//	source         -a-b-x-c-|
//	where          x=|
//	Dematerialize  -a-b-|
//
// Demand: one for one; requests reach the source unchanged.
//
// Errors: that of a notification, upon which the source is cancelled; the
// source's, unchanged; an error for a notification that is of no kind, or has no
// error where it should.
//
// Discards: a notification that comes after the end, as late.
//
// Scheduler: none.
func Dematerialize[T any](src observable.Observable[Notification[T]]) observable.Observable[T] {
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[Notification[T]] {
		return &dematerializer[T]{newCut(ctx, down)}
	})(src)
}

type dematerializer[T any] struct{ cut[T] }

func (d *dematerializer[T]) OnNext(n Notification[T]) {
	switch {
	case d.ended:
		d.late(n)
	case n.Kind == KindNext:
		d.down.OnNext(n.Value)
	case n.Kind == KindComplete:
		d.end(nil)
	case n.Kind == KindError && n.Err != nil:
		d.end(n.Err)
	default:
		d.end(fmt.Errorf("operators: Dematerialize of a notification of kind %v that has no signal in it; make it with Materialize", n.Kind))
	}
}

package observable

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
)

// Using opens a resource for each subscription, emits what use makes of it, and
// closes it once, however the stream ends.
//
//	Using(open, use, close)  (abc|)
//
// where use returns Of(a, b, c).
//
// The resource is closed before the end is passed on. After a cancel it is
// closed at once, which may be while a value made from it is still under way
// on another goroutine.
//
// Demand: that of the observable that use returns.
//
// Errors: that of open; those of the observable; that of close, joined to the
// one before it; a [*PanicError] if one of the three functions panics. After a
// cancel the error of close goes to the hook of [WithDroppedError].
//
// Discards: nothing.
//
// Scheduler: none; open and use run on the goroutine that subscribes.
//
// Using panics if one of the functions is nil.
func Using[R, T any](open func(context.Context) (R, error), use func(R) Observable[T], close func(R) error) Observable[T] {
	if open == nil || use == nil || close == nil {
		panic("observable: Using with a nil function")
	}
	return Observable[T]{subscribe: func(ctx context.Context, down Subscriber[T]) {
		u := &user[T]{down: down, hooks: hooksFrom(ctx)}
		done := false
		defer fault.Catch(&done, u.panicked)
		build(func() Observable[T] {
			r, err := open(ctx)
			if err != nil {
				return Throw[T](err)
			}
			u.close = func() error { return close(r) }
			return use(r)
		}).start(ctx, u)
		done = true
	}}
}

type user[T any] struct {
	link.Inside
	down  Subscriber[T]
	up    Subscription
	hooks *hooks
	close func() error // nil if open failed
	ended atomic.Bool  // any goroutine
}

func (u *user[T]) OnSubscribe(up Subscription) {
	u.up = up
	u.down.OnSubscribe(u)
}

func (u *user[T]) OnNext(v T) { u.down.OnNext(v) }

// NextFunc is that of the downstream.
func (u *user[T]) NextFunc() func(T) bool { return link.Next[T](u.down) }

func (u *user[T]) OnError(err error) {
	if u.end() {
		u.down.OnError(join(err, u.shut()))
	} else {
		u.hooks.dropped(err)
	}
}

func (u *user[T]) OnComplete() {
	if !u.end() {
		return
	}
	if err := u.shut(); err != nil {
		u.down.OnError(err)
	} else {
		u.down.OnComplete()
	}
}

func (u *user[T]) Request(n int64) { u.up.Request(n) }

func (u *user[T]) Cancel() {
	if !u.end() {
		return
	}
	u.up.Cancel()
	if err := u.shut(); err != nil {
		u.hooks.dropped(err)
	}
}

// panicked reports a panic of subscribing.
func (u *user[T]) panicked(value any, stack []byte) {
	err := &PanicError{Value: value, Stack: stack}
	if !u.end() {
		u.hooks.dropped(err)
		return
	}
	if u.up == nil {
		u.down.OnSubscribe(nothing{})
	} else {
		u.up.Cancel()
	}
	u.down.OnError(join(err, u.shut()))
}

// end reports whether the caller is the one that ends the stream.
func (u *user[T]) end() bool { return !u.ended.Swap(true) }

// shut closes the resource, if there is one.
func (u *user[T]) shut() (err error) {
	if u.close == nil {
		return nil
	}
	attempt(func() { err = u.close() }, func(p error) { err = p })
	return err
}

// join adds the error of close to the one that ended the stream.
func join(err, failed error) error {
	if failed == nil {
		return err
	}
	return errors.Join(err, failed)
}

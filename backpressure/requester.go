package backpressure

import (
	"context"
	"errors"
	"io"
	"math"
	"sync"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/queue"
	"github.com/sluicego/sluice/observable"
)

// ErrCancelled is returned by [Requester.Take] after [Requester.Cancel].
var ErrCancelled = errors.New("backpressure: the Requester was cancelled")

// A Requester is a subscriber driven by hand, for a consumer that knows best
// when it wants more: it requests with Request and takes with Take.
//
//	r := backpressure.NewRequester[Job]()
//	jobs.Subscribe(ctx, r)
//	r.Request(2)
//	job, err := r.Take(ctx)
//
// Values that have come and were not taken wait in an inbox, which holds no more
// than was requested. All methods may be called from any goroutine.
//
// The end of the ctx given to Subscribe is a silent cancel, of which a Requester
// does not hear: give Take that ctx too.
type Requester[T any] struct {
	mu        sync.Mutex
	change    sync.Cond               // of the fields below; its L is mu
	up        observable.Subscription // nil before OnSubscribe
	early     int64                   // requested before OnSubscribe
	bad       bool                    // early is a request that was not positive
	inbox     queue.Ring[T]
	err       error // io.EOF after completion
	cancelled bool
}

// NewRequester returns a Requester that is ready to be subscribed, once. It
// requests nothing by itself.
func NewRequester[T any]() *Requester[T] {
	r := &Requester[T]{inbox: *queue.NewRing[T](math.MaxInt)}
	r.change.L = &r.mu
	return r
}

// OnSubscribe requests what Request was called with until now.
func (r *Requester[T]) OnSubscribe(up observable.Subscription) {
	r.mu.Lock()
	refuse := r.up != nil || r.cancelled
	if r.up == nil {
		r.up = up
	}
	n, bad := r.early, r.bad
	r.mu.Unlock()
	switch {
	case refuse:
		up.Cancel()
	case n != 0 || bad:
		up.Request(n)
	}
}

// OnNext puts v into the inbox.
func (r *Requester[T]) OnNext(v T) {
	r.mu.Lock()
	if !r.cancelled {
		r.inbox.Push(v)
	}
	r.mu.Unlock()
	r.change.Signal()
}

// OnError lets Take return err when the inbox is empty.
func (r *Requester[T]) OnError(err error) { r.end(err) }

// OnComplete lets Take return io.EOF when the inbox is empty.
func (r *Requester[T]) OnComplete() { r.end(io.EOF) }

func (r *Requester[T]) end(err error) {
	r.mu.Lock()
	r.err = err
	r.mu.Unlock()
	r.change.Broadcast()
}

// Request asks for n more values; what is requested before the Requester is
// subscribed is remembered. If n is not positive the stream ends with an
// [*observable.BadRequestError], which Take returns.
func (r *Requester[T]) Request(n int64) {
	r.mu.Lock()
	up := r.up
	if up == nil {
		r.remember(n)
	}
	r.mu.Unlock()
	if up != nil {
		up.Request(n)
	}
}

// remember is called with mu.
func (r *Requester[T]) remember(n int64) {
	switch {
	case r.bad:
	case n <= 0:
		r.early, r.bad = n, true
	default:
		r.early = demand.Add(r.early, n)
	}
}

// Take returns the next value, and waits for it if need be; it does not request
// anything. When no value is left it returns io.EOF if the stream has completed,
// the stream's error if it has failed, and [ErrCancelled] after Cancel. When ctx
// is done and no value is there it returns context.Cause(ctx).
func (r *Requester[T]) Take(ctx context.Context) (T, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if v, ok, err := r.poll(ctx); ok {
		return v, err
	}
	stop := context.AfterFunc(ctx, func() {
		r.mu.Lock() // or it might come between poll's look at ctx and Wait
		defer r.mu.Unlock()
		r.change.Broadcast()
	})
	defer stop()
	for {
		r.change.Wait()
		if v, ok, err := r.poll(ctx); ok {
			return v, err
		}
	}
}

// poll reports whether Take can return, and what. Called with mu.
func (r *Requester[T]) poll(ctx context.Context) (v T, ok bool, err error) {
	v, ok = r.inbox.Pop()
	switch {
	case ok:
	case r.cancelled:
		err = ErrCancelled
	case r.err != nil:
		err = r.err
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	}
	return v, ok || err != nil, err
}

// Cancel stops the stream and empties the inbox. It may come before the
// Requester is subscribed.
func (r *Requester[T]) Cancel() {
	r.mu.Lock()
	up := r.up
	r.cancelled = true
	r.inbox = *queue.NewRing[T](math.MaxInt)
	r.mu.Unlock()
	r.change.Broadcast()
	if up != nil {
		up.Cancel()
	}
}

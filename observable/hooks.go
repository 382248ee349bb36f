package observable

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/sluicego/sluice/internal/fault"
)

// A DiscardReason says why a value that was produced was not delivered.
type DiscardReason int

// The reasons for which a value is discarded.
const (
	DiscardOverflow DiscardReason = iota + 1 // a bound was reached and the policy gave this value up
	DiscardExpired                           // it was held longer than its time to live
	DiscardFiltered                          // a timed operator (debounce, sample, throttle) let a newer one pass, or SampleFraction left it out
	DiscardError                             // the stream failed while the value was held
	DiscardCancel                            // the stream was cancelled while the value was held
	DiscardLate                              // it arrived after the end or after a cancel
)

var reasons = [...]string{"", "overflow", "expired", "filtered", "error", "cancel", "late"}

// String returns the reason as one lower-case word.
func (r DiscardReason) String() string {
	if r < DiscardOverflow || r > DiscardLate {
		return fmt.Sprintf("DiscardReason(%d)", int(r))
	}
	return reasons[r]
}

// hooks are what a ctx carries for the subscriptions made with it.
type hooks struct {
	discard   func(v any, why DiscardReason) // nil: nobody asked
	onDiscard func(v any, why DiscardReason) // what discard guards
	dropped   func(error)
}

type hooksKey struct{}

var defaultHooks = &hooks{dropped: logDropped}

func hooksFrom(ctx context.Context) *hooks {
	mustCtx(ctx)
	if h, ok := ctx.Value(hooksKey{}).(*hooks); ok {
		return h
	}
	return defaultHooks
}

// mustCtx panics if ctx is nil, in words that say whose mistake that is.
func mustCtx(ctx context.Context) {
	if ctx == nil {
		panic("observable: a nil ctx; use context.Background()")
	}
}

// WithDiscard returns a ctx whose subscriptions report every value that was
// produced and not delivered, exactly once, with the reason. Delivered plus
// discarded is produced (L9). f may be called from several goroutines at once
// and should be quick; a panic in it goes to the hook of [WithDroppedError].
// It may still be called after a blocking terminal has returned, by goroutines
// that were holding values for it.
// Without a hook the accounting costs nothing.
//
// WithDiscard panics if f is nil.
func WithDiscard(ctx context.Context, f func(v any, why DiscardReason)) context.Context {
	if f == nil {
		panic("observable: WithDiscard with a nil function")
	}
	h := *hooksFrom(ctx)
	h.onDiscard = f
	h.guardDiscard()
	return context.WithValue(ctx, hooksKey{}, &h)
}

// guardDiscard makes discard report the panics of onDiscard to dropped.
func (h *hooks) guardDiscard() {
	f, dropped := h.onDiscard, h.dropped
	if f == nil {
		return
	}
	h.discard = func(v any, why DiscardReason) {
		if o, ok := v.(interface{ dispose(DiscardReason) }); ok {
			defer o.dispose(why) // a window, or a group: what it holds goes with it
		}
		defer containPanic(dropped)
		f(v, why)
	}
}

// WithDroppedError returns a ctx whose subscriptions give f the errors that
// nobody can receive any more: those that come after a terminal signal or a
// cancel, and the panics of cleanup code. Without it they are logged with slog
// at level Error. f may be called from several goroutines at once.
//
// WithDroppedError panics if f is nil.
func WithDroppedError(ctx context.Context, f func(error)) context.Context {
	if f == nil {
		panic("observable: WithDroppedError with a nil function")
	}
	h := *hooksFrom(ctx)
	h.dropped = func(err error) {
		if isGoexit(err) {
			return
		}
		defer containPanic(logDropped)
		f(err)
	}
	h.guardDiscard()
	return context.WithValue(ctx, hooksKey{}, &h)
}

// DiscardFrom returns the discard hook that ctx carries, or nil. Operators that
// hold values take it once per subscription and call it once for each value
// that they give up, never with a lock held.
func DiscardFrom(ctx context.Context) func(v any, why DiscardReason) { return hooksFrom(ctx).discard }

// DroppedErrorFrom returns the function to which errors go that nobody can
// receive any more. It is never nil.
func DroppedErrorFrom(ctx context.Context) func(error) { return hooksFrom(ctx).dropped }

func logDropped(err error) {
	if isGoexit(err) {
		return
	}
	slog.Error("sluice: an error that nobody could receive any more", "error", err)
}

// isGoexit reports whether err is a goroutine that is leaving, as all guards on
// its way out notice. The first one has told the stream; the others have
// nothing to report.
func isGoexit(err error) bool { return errors.Is(err, fault.ErrGoexit) }

// containPanic is deferred around hooks, whose panics must not reach a drain.
func containPanic(report func(error)) {
	if v := recover(); v != nil {
		report(fmt.Errorf("sluice: a hook panicked: %v", v))
	}
}

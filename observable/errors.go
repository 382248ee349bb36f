package observable

import (
	"errors"
	"fmt"
	"strings"
)

// ErrEmpty is returned by [Observable.FirstValue] and [Observable.LastValue]
// of a stream that completed without a value.
var ErrEmpty = errors.New("observable: the stream completed without a value")

// A BadRequestError ends a subscription whose subscriber requested less than
// one value (L6; rule 3.9 of Reactive Streams).
type BadRequestError struct {
	N int64 // what was requested
}

// Error says what was requested and what to request instead.
func (e *BadRequestError) Error() string {
	return fmt.Sprintf("sluice: Request(%d): a non-positive subscription request (rule 3.9); request at least 1, or call Cancel to stop", e.N)
}

// An OverflowError ends a subscription to which a value came that nobody had
// requested, at a place that may neither wait nor drop it. The text names the
// place and the operator that would have helped.
type OverflowError struct {
	Op       string // the source or operator that could not deliver, as "NewSubject"
	Site     string // "folder/file.go:line" where Op was assembled; "" if that was not recorded
	Capacity int64  // how many values Op could hold
	Demand   int64  // the demand outstanding at that moment
}

// Error names the place, and what to do there.
func (e *OverflowError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "sluice: %s", e.Op)
	if e.Site != "" {
		fmt.Fprintf(&b, " (%s)", e.Site)
	}
	b.WriteString(" overflowed: ")
	if e.Capacity > 0 {
		fmt.Fprintf(&b, "its buffer of %d is full and the demand is %d", e.Capacity, e.Demand)
	} else {
		fmt.Fprintf(&b, "a value came while the demand was %d", e.Demand)
	}
	switch {
	case e.Op == "Expand": // whose values multiply by themselves
		b.WriteString("; let it hold more: its buffer is Concurrency times Prefetch")
	case !strings.HasPrefix(e.Op, "OnBackpressure"):
		b.WriteString("; put OnBackpressureBuffer, OnBackpressureDrop or OnBackpressureLatest behind it, or request more")
	case e.Capacity > 0:
		b.WriteString("; give it a larger capacity or a policy such as DropOldest, or request more")
	default:
		b.WriteString("; put OnBackpressureBuffer, OnBackpressureDrop or OnBackpressureLatest in its place, or request more")
	}
	return b.String()
}

// A ProtocolError ends a subscription whose source broke a law of the
// protocol.
type ProtocolError struct {
	Op  string // where it was noticed: "New" or "Subscribe"
	Law string // the law, as "L3"; see docs/protocol.md
	Msg string // what the source did, and what to do instead
}

// Error says which law was broken and how to keep it.
func (e *ProtocolError) Error() string {
	return fmt.Sprintf("sluice: %s: %s (%s)", e.Op, e.Msg, e.Law)
}

// A PanicError is a panic in user code that ran inside a subscription: that
// subscription ends, others go on. Blocking terminals panic with it on the
// caller's goroutine; other subscribers get it in OnError. If the panic value
// is an error, errors.Is and errors.As see through to it.
type PanicError struct {
	Value any    // what was passed to panic
	Stack []byte // the stack of the panic; its frames name the callback and the operator
}

// Error gives the panic value and the stack.
func (e *PanicError) Error() string {
	return fmt.Sprintf("sluice: panic in a callback: %v\n\n%s", e.Value, e.Stack)
}

// Unwrap returns the panic value if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

package observable

import (
	"bufio"
	"context"
	"fmt"
	"io"
)

// FromReader emits what r reads, in slices of at most size bytes, and completes
// at its end. The slices are new ones and the subscriber's to keep.
//
//	FromReader(r, 1)  (abc|)
//
// where r holds the bytes abc.
//
// Demand: one call of Read for each value requested. A Read that blocks makes
// Request block; put SubscribeOn behind it to read elsewhere.
//
// Errors: that of r, after the bytes that came with it; [io.ErrNoProgress] if
// it keeps reading nothing. An error or an end that came with the last bytes
// shows when one value more is requested.
//
// Discards: a slice that was read while the stream was being cancelled, as
// late.
//
// Scheduler: none; it reads on the goroutine that requests.
//
// A reader can be read once: a later subscription goes on where the last one
// stopped, and two at a time need a reader that can stand it. FromReader panics
// if r is nil or size is less than 1.
func FromReader(r io.Reader, size int) Observable[[]byte] {
	if r == nil {
		panic("observable: FromReader of a nil reader")
	}
	if size < 1 {
		panic(fmt.Sprintf("observable: FromReader with a size of %d; it is at least 1", size))
	}
	return Observable[[]byte]{subscribe: func(ctx context.Context, down Subscriber[[]byte]) {
		readFrom(ctx, down, chunks(r, size))
	}}
}

// Lines emits the lines of r, without their ends, and completes at its end. A
// last line without an end counts, unless it is empty.
//
//	Lines(r)  (abc|)
//
// where r holds three lines, a, b and c.
//
// Demand: reads as far as the lines requested, and what is left of a buffer of
// 4096 bytes. A Read that blocks makes Request block; put SubscribeOn behind it
// to read elsewhere.
//
// Errors: that of r, after the lines before it; [bufio.ErrTooLong] for a line
// longer than [bufio.MaxScanTokenSize], 64 KiB.
//
// Discards: a line that was read while the stream was being cancelled, as late.
//
// Scheduler: none; it reads on the goroutine that requests.
//
// A reader can be read once: a later subscription goes on where the last one
// stopped; there must not be two at a time. Lines panics if r is nil.
func Lines(r io.Reader) Observable[string] {
	if r == nil {
		panic("observable: Lines of a nil reader")
	}
	lines := bufio.NewScanner(r) // shared, as what it has read ahead cannot be put back
	return Observable[string]{subscribe: func(ctx context.Context, down Subscriber[string]) {
		readFrom(ctx, down, func() (string, error) { return line(lines) })
	}}
}

// chunks returns a function that reads a new slice.
func chunks(r io.Reader, size int) func() ([]byte, error) {
	var end error // came with the bytes that were returned last
	return func() ([]byte, error) {
		if end != nil {
			return nil, end
		}
		buf := make([]byte, size)
		for range 100 {
			var n int
			if n, end = r.Read(buf); n > 0 {
				return buf[:n:n], nil
			}
			if end != nil {
				return nil, end
			}
		}
		return nil, io.ErrNoProgress
	}
}

func line(lines *bufio.Scanner) (string, error) {
	if lines.Scan() {
		return lines.Text(), nil
	}
	if err := lines.Err(); err != nil {
		return "", err
	}
	return "", io.EOF
}

// readFrom subscribes down to what read returns until it returns an error.
// With [io.EOF] the stream completes.
func readFrom[T any](ctx context.Context, down Subscriber[T], read func() (T, error)) {
	r := &reader[T]{read: read, hooks: hooksFrom(ctx)}
	r.down, r.src = down, r
	down.OnSubscribe(r)
}

type reader[T any] struct {
	loop[T]
	hooks *hooks
	read  func() (T, error)
}

func (r *reader[T]) burst(next func(T) bool, limit int64) (used int64, more bool) {
	for used < limit && !r.stopped.Load() {
		v, err := r.read()
		switch {
		case err == io.EOF: //nolint:errorlint // readers return it as it is; a wrapped one is a failure
			return used, false
		case err != nil:
			if !r.end(err) {
				r.hooks.dropped(err)
			}
		case r.stopped.Load():
			if r.hooks.discard != nil {
				r.hooks.discard(v, DiscardLate)
			}
		case next(v) && limit != Unbounded:
			used++
		}
	}
	return used, true
}

func (*reader[T]) release() {}

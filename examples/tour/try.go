package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// work is what the consumer does with each value; it makes it slow.
func work() { time.Sleep(time.Millisecond) }

// errTimeUp is why a run is stopped.
var errTimeUp = errors.New("the time is up")

// A result is what is left of a run.
type result struct {
	totals
	strategy strategy
	mostHeld int64
	age      time.Duration // of a value at its delivery, on average
	memory   int64         // in bytes
	took     time.Duration
	err      error // what the stream ended with, if it did not last
	tape     *tape
}

// try runs one strategy: source, meter, strategy, and the consumer behind
// ObserveOn, which takes one value at a time to a goroutine of its own.
func try(ctx context.Context, s strategy, in *file, d time.Duration, out *screen) (result, error) {
	progress := watch(out)
	b := openBooks()
	progress.start(b)
	running, stop := context.WithTimeoutCause(ctx, d, errTimeUp)
	defer stop()

	err := observable.Pipe3(s.source.open(in),
		meter(b),
		s.policy,
		operators.ObserveOn[item](scheduler.Default, operators.Prefetch(1)),
	).ForEach(observable.WithDiscard(running, b.discard), func(it item) error {
		b.deliver(it)
		work()
		return nil
	})
	took := b.now()

	memory := progress.stop()
	var overflow *observable.OverflowError
	switch {
	case ctx.Err() != nil:
		return result{}, context.Cause(ctx)
	case errors.Is(err, errTimeUp):
		err = nil
	case errors.As(err, &overflow):
		b.tape.fail(took)
	case err != nil:
		return result{}, err
	}
	sum, unbalanced := b.settle()
	raise(&b.mostHeld, sum.unread-b.late.Load()) // they were held at the end
	return result{
		totals: sum, strategy: s, tape: &b.tape, err: err, took: took, memory: memory,
		mostHeld: b.mostHeld.Load(), age: time.Duration(b.ages.Load() / max(1, sum.delivered)),
	}, unbalanced
}

// ending is the error that ended the run, if one did, on short lines.
func (r result) ending() string {
	if r.err == nil {
		return ""
	}
	var b strings.Builder
	line := "        ended with:"
	for word := range strings.FieldsSeq(r.err.Error()) {
		if len(line)+1+len(word) > 90 {
			fmt.Fprintln(&b, line)
			line = "       "
		}
		line += " " + word
	}
	fmt.Fprintln(&b, line)
	return b.String()
}

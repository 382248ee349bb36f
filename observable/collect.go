package observable

import (
	"context"

	"github.com/sluicego/sluice/internal/link"
)

// Collect subscribes, waits for the end and returns all values. With an error
// it returns the values that came before it. If the ctx ends first, the stream
// is cancelled and the error is [context.Cause] of the ctx.
//
//	(abc|)  Collect = [a b c], nil
//
// Demand: unbounded.
//
// Errors: returned; a [*PanicError] is not, Collect panics with it.
//
// Discards: a value that arrives after the ctx has ended, as late.
//
// Scheduler: none; Collect starts no goroutine.
func (o Observable[T]) Collect(ctx context.Context) ([]T, error) {
	c := &collector[T]{}
	c.t.ask = Unbounded
	err := block(ctx, o, c, &c.t)
	return c.values, err
}

type collector[T any] struct {
	link.Inside
	blocker
	values []T // between enter and leave; after done the caller's
}

func (c *collector[T]) OnNext(v T) {
	if !c.t.enter() {
		c.t.late(v)
		return
	}
	c.values = append(c.values, v)
	c.t.leave()
}

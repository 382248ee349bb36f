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
	c.ask = Unbounded
	err := block(ctx, o, c, &c.terminal)
	return c.values, err
}

type collector[T any] struct {
	link.Inside
	terminal
	values []T // between enter and leave; after done the caller's
}

func (c *collector[T]) OnNext(v T) {
	if !c.enter() {
		c.late(v)
		return
	}
	c.values = append(c.values, v)
	c.leave()
}

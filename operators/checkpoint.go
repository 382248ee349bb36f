package operators

import (
	"context"
	"errors"
	"fmt"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/site"
	"github.com/sluicego/sluice/observable"
)

// Checkpoint emits the values of the source unchanged, and marks an error that
// passes with a name and with the line that calls Checkpoint. In a log, the
// marks say which of many pipelines failed, and which way the error came.
//
//	source              -a-b-#
//	Checkpoint(orders)  -a-b-#
//
// Demand: one for one; requests reach the source unchanged.
//
// Errors: the source's, in a [*CheckpointError], through which errors.Is and
// errors.As see. What the subscriber does wrong is not the source's: a panic
// further down and an [*observable.BadRequestError] pass unmarked.
//
// Discards: nothing.
//
// Scheduler: none.
//
// Checkpoint panics if name is empty.
func Checkpoint[T any](name string) observable.Operator[T, T] {
	if name == "" {
		panic("operators: Checkpoint without a name")
	}
	at := site.Caller()
	return observable.Lift(func(_ context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		return &checkpointer[T]{forward: forward[T]{down: down}, name: name, at: at}
	})
}

// A CheckpointError is an error that has passed a [Checkpoint].
type CheckpointError struct {
	Name string // what the checkpoint is called
	Site string // "folder/file.go:line" where it was assembled
	Err  error  // the error as it came
}

// Error says where Err passed, then what it is.
func (e *CheckpointError) Error() string {
	return fmt.Sprintf("checkpoint %s (%s): %v", e.Name, e.Site, e.Err)
}

// Unwrap returns the error as it came.
func (e *CheckpointError) Unwrap() error { return e.Err }

type checkpointer[T any] struct {
	forward[T]
	name  string
	at    site.Site
	below bool // a call of the downstream's is under way, or panicked; the source only
}

func (c *checkpointer[T]) OnNext(v T) {
	c.below = true
	c.down.OnNext(v)
	c.below = false
}

// NextFunc is OnNext linked to the downstream's.
func (c *checkpointer[T]) NextFunc() func(T) bool {
	next := link.Next[T](c.down)
	return func(v T) bool {
		c.below = true
		used := next(v)
		c.below = false
		return used
	}
}

func (c *checkpointer[T]) OnError(err error) {
	_, bad := errors.AsType[*observable.BadRequestError](err)
	if !bad && !c.below {
		err = &CheckpointError{Name: c.name, Site: c.at.String(), Err: err}
	}
	c.below = true
	c.down.OnError(err)
}

func (c *checkpointer[T]) OnComplete() {
	c.below = true
	c.down.OnComplete()
}

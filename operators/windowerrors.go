package operators

import (
	"errors"
	"fmt"
)

// ErrOneSubscriber is the error of the second subscriber of a window or a group.
var ErrOneSubscriber = errors.New("operators: a window or group has one subscriber; share it to have several")

// ErrAbandoned is the error of one who subscribes to a window or a group after
// it was given up because nobody had: the stream of them was cancelled, or
// values in it kept others from going on.
var ErrAbandoned = errors.New("operators: a window or group was given up before anybody subscribed to it; subscribe to it where it is received, as MergeMap does, or raise Prefetch")

// A StallError ends a stream of windows or groups that cannot go on: all values
// that may be held are in windows or groups for which there is no demand, while
// the subscribers of others wait.
type StallError struct {
	Op      string // the operator
	Held    int64  // how many values are held
	Waiting int    // how many windows or groups wait for demand
}

// Error says what waits, and what to change.
func (e *StallError) Error() string {
	return fmt.Sprintf("operators: %s cannot go on: all %d values that it may hold wait in %d windows or groups that were not requested, while those that were want more; take more of them at a time (Concurrency of MergeMap; ConcatMap takes one), or raise Prefetch", e.Op, e.Held, e.Waiting)
}

// Package contract holds the laws that every operator keeps, as one battery of
// checks. A test lists the operators in a table and runs each of them through
// it; docs/protocol.md numbers the laws.
//
// It is a package of its own because operators and backpressure both use it;
// only tests import it.
package contract

import (
	"context"
	"fmt"
	"testing"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// A Backpressure says what an operator requests from its source. It is
// declared in the table and checked while the laws are.
type Backpressure int

// The kinds of backpressure.
const (
	// OneForOne requests what is requested of it, and one more for each value
	// that it does not pass on.
	OneForOne Backpressure = iota + 1
	// Everything requests Unbounded once, whatever is requested of it.
	Everything
	// Window requests a bounded number ahead; see Case.Ahead.
	Window
)

// A Case is one operator under contract, over a source of the integers from 1.
type Case[R any] struct {
	Name string
	// Op is the operator, assembled once and subscribed many times.
	Op observable.Operator[int, R]
	// Backpressure is what it requests; Ahead, for Window, how many values it
	// may have requested beyond those that it has received.
	Backpressure Backpressure
	Ahead        int64
	// IDs says which values of the source an output stands for; nil means that
	// the output is the value. Values that come from elsewhere, which the table
	// makes negative, have no IDs.
	IDs func(R) []int
	// Consumes marks an operator whose meaning it is to take values in (Filter,
	// Pairwise): they need not come out, but none may have two fates.
	Consumes bool
	// Ties marks an operator whose result may differ between two runs of the
	// same script, because it is shared.
	Ties bool
}

// Check runs the battery: random scripts in virtual time, with linking and
// without; four-way races; sources that misbehave.
func (c Case[R]) Check(t *testing.T) {
	t.Helper()
	if c.IDs == nil {
		c.IDs = func(v R) []int {
			id, ok := any(v).(int)
			if !ok {
				panic(fmt.Sprintf("contract: %s puts out %T; say in IDs which values it stands for", c.Name, v))
			}
			return own(id)
		}
	}
	s := subject{
		name: c.Name, backpressure: c.Backpressure, ahead: c.Ahead, consumes: c.Consumes, ties: c.Ties,
		ids: c.idsOf, subscribe: c.subscribe,
	}
	t.Run(c.Name, func(t *testing.T) {
		t.Run("linked", s.scripts)
		t.Run("unlinked", func(t *testing.T) {
			defer link.Disable()()
			s.scripts(t)
		})
		t.Run("races", s.races)
		t.Run("hostile", s.hostile)
	})
}

// idsOf returns the source values that v stands for, an output of the operator
// or a value that was discarded, which may be an input as well.
func (c Case[R]) idsOf(v any) []int {
	switch v := v.(type) {
	case R:
		return c.IDs(v)
	case int:
		return own(v)
	}
	return nil
}

// subscribe subscribes down to the operator's output over src. If inside, down
// passes for one of the library's own subscribers, and no gate guards it.
func (c Case[R]) subscribe(ctx context.Context, src observable.Observable[int], down observable.Subscriber[any], inside bool) {
	to := boxer[R]{down}
	if inside {
		c.Op(src).Subscribe(ctx, &insider[R]{boxer: to})
	} else {
		c.Op(src).Subscribe(ctx, &to)
	}
}

// A subject is a Case without its type. The checks are written for subjects:
// compiled anew for every R they would be half of what the tests of the
// operators take to compile.
type subject struct {
	name         string
	backpressure Backpressure
	ahead        int64
	consumes     bool
	ties         bool
	ids          func(any) []int
	subscribe    func(ctx context.Context, src observable.Observable[int], down observable.Subscriber[any], inside bool)
}

// A boxer passes an operator's output on.
type boxer[R any] struct{ observable.Subscriber[any] }

func (b *boxer[R]) OnNext(v R) { b.Subscriber.OnNext(v) }

// An insider passes for one of the library's own subscribers.
type insider[R any] struct {
	link.Inside
	boxer[R]
}

// own tells the source's values, which are positive, from those that an
// operator adds.
func own(v int) []int {
	if v <= 0 {
		return nil
	}
	return []int{v}
}

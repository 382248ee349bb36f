// Package fault turns a panic in user code into a value, at the place where
// emission starts.
package fault

import (
	"errors"
	"runtime/debug"
)

// ErrGoexit stands for a panic value when user code left its goroutine by
// runtime.Goexit, as testing.T.FailNow does.
var ErrGoexit = errors.New("runtime.Goexit called in a callback")

// Catch is deferred around code that calls user code. Unless *done was set, it
// recovers and hands the panic value and the stack of the panic to handle:
//
//	done := false
//	defer fault.Catch(&done, s.panicked)
//	…
//	done = true
//
// The flag makes the common path cheaper than an unconditional recover, and it
// tells runtime.Goexit, which recover cannot see, from a normal return.
func Catch(done *bool, handle func(value any, stack []byte)) {
	if !*done {
		handle(Value(recover()))
	}
}

// Value completes what recover returned in a deferred function that knows that
// the code it guards did not finish.
func Value(recovered any) (value any, stack []byte) {
	if recovered == nil {
		recovered = ErrGoexit
	}
	return recovered, debug.Stack()
}

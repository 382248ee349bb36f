package fault_test

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/sluicego/sluice/internal/fault"
)

func guarded(f func(), handle func(any, []byte)) {
	done := false
	defer fault.Catch(&done, handle)
	f()
	done = true
}

func TestCatch(t *testing.T) {
	t.Run("a panic is handed over with the stack of its origin", func(t *testing.T) {
		var value any
		var stack string
		guarded(func() { explode() }, func(v any, s []byte) { value, stack = v, string(s) })
		if value != "boom" || !strings.Contains(stack, "fault_test.explode") {
			t.Errorf("value %v, stack:\n%s", value, stack)
		}
	})
	t.Run("a normal return is left alone", func(t *testing.T) {
		guarded(func() {}, func(any, []byte) { t.Error("the handler was called") })
	})
	t.Run("Goexit is noticed", func(t *testing.T) {
		noticed := make(chan any, 1)
		go guarded(runtime.Goexit, func(v any, _ []byte) { noticed <- v })
		if err, _ := (<-noticed).(error); !errors.Is(err, fault.ErrGoexit) {
			t.Errorf("got %v, want ErrGoexit", err)
		}
	})
}

func explode() { panic("boom") }

package observable

import "github.com/sluicego/sluice/internal/fault"

// attempt calls f, which calls user code, and gives a panic in it to failed.
func attempt(f func(), failed func(error)) {
	done := false
	defer fault.Catch(&done, func(value any, stack []byte) {
		failed(&PanicError{Value: value, Stack: stack})
	})
	f()
	done = true
}

// signalEnd gives s its terminal signal, from a place where nobody else
// recovers: OnError if there is an err, else OnComplete. A panic in OnComplete
// becomes an error; nobody can be told of one in OnError.
func signalEnd[T any](s Subscriber[T], h *hooks, err error) {
	if err != nil {
		attempt(func() { s.OnError(err) }, h.dropped)
		return
	}
	attempt(s.OnComplete, func(err error) { signalEnd(s, h, err) })
}

package observable

import "github.com/sluicego/sluice/internal/fault"

// signalEnd gives s its terminal signal, from a place where nobody else
// recovers: OnError if there is an err, else OnComplete. A panic in OnComplete
// becomes an error; nobody can be told of one in OnError.
func signalEnd[T any](s Subscriber[T], h *hooks, err error) {
	done := false
	defer fault.Catch(&done, func(value any, stack []byte) {
		p := &PanicError{Value: value, Stack: stack}
		if err == nil {
			signalEnd(s, h, p)
		} else {
			h.dropped(p)
		}
	})
	if err == nil {
		s.OnComplete()
	} else {
		s.OnError(err)
	}
	done = true
}

package marbles

import (
	"fmt"
	"sync"
	"time"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/observable"
)

// A timedSub is the subscription of a [Source]. Its signals come from timers
// and from Request, so they are recorded and drained.
type timedSub[T any] struct {
	down     observable.Subscriber[T]
	journal  *journal
	now      func() time.Duration
	overflow Overflow
	name     string
	discard  func(any, observable.DiscardReason)
	drain    serial.Drain

	mu     sync.Mutex
	queue  []marble.Event // guarded by mu, like the rest
	asked  int64
	closed bool
	err    error // ends the stream before what is queued
	ended  func()

	cancelled bool // by the subscriber
}

// signal is called by the timer of an event.
func (s *timedSub[T]) signal(e marble.Event) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	var dropped []marble.Event
	if e.Kind == marble.Next && s.waiting() >= s.asked {
		switch s.overflow {
		case Fail:
			dropped = append(dropped, e)
			s.err = &observable.OverflowError{Op: fmt.Sprintf("the marbles source %s", s.name)}
		case Drop:
			dropped = append(dropped, e)
		case Latest:
			s.queue, dropped = append(s.queue[:s.asked:s.asked], e), s.queue[s.asked:]
		case Buffer:
			s.queue = append(s.queue, e)
		}
	} else {
		s.queue = append(s.queue, e)
	}
	s.mu.Unlock()
	s.give(dropped, observable.DiscardOverflow)
	s.wake()
}

// waiting is the number of queued values; mu is held.
func (s *timedSub[T]) waiting() (n int64) {
	for _, e := range s.queue {
		if e.Kind == marble.Next {
			n++
		}
	}
	return n
}

// Request adds demand.
func (s *timedSub[T]) Request(n int64) {
	s.journal.note(s.now(), marble.Request, n)
	if n <= 0 {
		s.journal.fault(s.now(), "L6: Request(%d) reached the source; the gate answers it, an operator must not pass it on or make it", n)
		return
	}
	s.mu.Lock()
	s.asked = demand.Add(s.asked, n)
	s.mu.Unlock()
	s.wake()
}

// Cancel stops the source for this subscriber.
func (s *timedSub[T]) Cancel() {
	s.mu.Lock()
	again := s.cancelled
	s.cancelled = true
	s.mu.Unlock()
	if _, free := s.down.(interface{ cancelsFreely() }); again && !free {
		s.journal.fault(s.now(), "L7: the source was cancelled a second time")
	}
	s.journal.note(s.now(), marble.Cancel, 0)
	s.close(observable.DiscardCancel)
}

func (s *timedSub[T]) wake() { s.drain.Wake(s.deliver) }

// deliver sends what there is demand for.
func (s *timedSub[T]) deliver() {
	done := false
	defer fault.Catch(&done, s.panicked)
	for {
		e, ok := s.take()
		if !ok {
			break
		}
		s.journal.deliver(s.now(), e)
		switch e.Kind {
		case marble.Next:
			s.down.OnNext(valueOf[T](e))
		case marble.Complete:
			s.end()
			s.down.OnComplete()
		default:
			s.end()
			s.down.OnError(e.Err)
		}
	}
	done = true
}

// take returns the next event that may be delivered.
func (s *timedSub[T]) take() (e marble.Event, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return e, false
	case s.err != nil:
		return marble.Event{Kind: marble.Error, Err: s.err}, true
	case len(s.queue) == 0, s.queue[0].Kind == marble.Next && s.asked == 0:
		return e, false
	}
	e, s.queue = s.queue[0], s.queue[1:]
	if e.Kind == marble.Next && s.asked != observable.Unbounded {
		s.asked--
	}
	return e, true
}

func (s *timedSub[T]) panicked(value any, stack []byte) {
	s.end()
	s.down.OnError(&observable.PanicError{Value: value, Stack: stack})
}

// end closes the subscription because a terminal is about to be delivered.
func (s *timedSub[T]) end() {
	s.journal.note(s.now(), marble.Cancel, 0) // the end of the lane, as in RxJS
	s.close(observable.DiscardError)
}

func (s *timedSub[T]) close(why observable.DiscardReason) {
	s.mu.Lock()
	left, ended := s.queue, s.ended
	s.queue, s.ended, s.closed = nil, nil, true
	s.mu.Unlock()
	s.give(left, why)
	if ended != nil {
		ended()
	}
}

func (s *timedSub[T]) over() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// onEnd calls f when the subscription is over, at once if it is.
func (s *timedSub[T]) onEnd(f func()) {
	s.mu.Lock()
	closed := s.closed
	if !closed {
		s.ended = f
	}
	s.mu.Unlock()
	if closed {
		f()
	}
}

// give hands values that will not be delivered to the discard hook.
func (s *timedSub[T]) give(events []marble.Event, why observable.DiscardReason) {
	for _, e := range events {
		if e.Kind == marble.Next && s.discard != nil {
			s.discard(e.Value, why)
		}
	}
}

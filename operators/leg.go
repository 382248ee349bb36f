package operators

import (
	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/observable"
)

// A leg is one of the inner subscriptions of a relay.
//
// If its source is synchronous, it emits only inside pull, which takes the
// turn for all that the source emits then; and when that source has completed,
// it serves the next one. Any other source takes the turn for each value.
type leg[T, R any] struct {
	link.Inside
	relay    *relay[T, R]
	up       observable.Subscription // guarded by relay.mu until OnSubscribe returns
	turn     serial.Turn
	granted  demand.Counter // requested of the source in total; any goroutine
	produced int64          // what the downstream has counted; who has the turn
	pulled   int            // guarded by relay.mu: calls of pull by the downstream that are under way
	sync     bool           // the source is synchronous; written before it is asked for values
	free     bool           // demand was unbounded from the start, nothing is counted; as sync
}

func (l *leg[T, R]) OnSubscribe(up observable.Subscription) {
	r := l.relay
	r.mu.Lock()
	if r.leg != l || l.turn.Closed() || l.up != nil {
		r.mu.Unlock()
		up.Cancel()
		return
	}
	l.up, l.sync = up, link.IsSynchronous(up)
	n := r.unmet
	l.free = n == demand.Unbounded
	if n > 0 {
		l.turn.Enter()
	}
	r.mu.Unlock()
	if n > 0 {
		if l.sync && l.free {
			link.Feed(up, l, r.linked())
		}
		l.pull(n)
	}
}

// pull requests n values. The caller has entered the turn.
func (l *leg[T, R]) pull(n int64) {
	done := false
	defer fault.Catch(&done, l.panicked)
	if !l.sync {
		l.granted.Add(n)
	}
	l.up.Request(n)
	done = true
	l.exit()
}

func (l *leg[T, R]) panicked(value any, stack []byte) {
	l.relay.panicked(value, stack)
	l.exit()
}

// close ends the turn, and returns what to cancel. Called with relay.mu held.
func (l *leg[T, R]) close() observable.Subscription {
	if l.turn.Closed() {
		return nil
	}
	l.turn.Close()
	return l.up
}

// exit gives the turn up.
func (l *leg[T, R]) exit() {
	if l.turn.Exit() {
		l.relay.advance()
	}
}

func (l *leg[T, R]) OnNext(v R) {
	if l.sync {
		l.pass(v)
		return
	}
	if !l.turn.Enter() {
		l.relay.drop(v, observable.DiscardLate)
		return
	}
	done := false
	defer l.leave(&done)
	if l.produced < l.granted.Load() {
		l.pass(v)
	} else {
		l.relay.drop(v, observable.DiscardOverflow)
		l.relay.Fail(&observable.OverflowError{Op: l.relay.name})
	}
	done = true
}

// leave gives the turn up after a value. A panic of the downstream is the end:
// a source that was cancelled meanwhile need not pass it on.
func (l *leg[T, R]) leave(done *bool) {
	if !*done {
		l.relay.panicked(fault.Value(recover()))
	}
	l.exit()
}

// NextFunc is OnNext for a synchronous source: the downstream's own function,
// with a count of the values where demand has an end.
func (l *leg[T, R]) NextFunc() func(R) bool {
	if !l.sync {
		return func(v R) bool { l.OnNext(v); return true }
	}
	next := l.relay.linked()
	if l.free {
		return next
	}
	return func(v R) bool {
		used := next(v)
		if used {
			l.produced++
		}
		return used
	}
}

// pass delivers v; one that the downstream does not count is replaced.
func (l *leg[T, R]) pass(v R) {
	if l.relay.linked()(v) {
		l.produced++
	} else {
		l.up.Request(1)
	}
}

func (l *leg[T, R]) OnError(err error) { l.relay.failed(err, l.end) }

func (l *leg[T, R]) OnComplete() {
	r := l.relay
	r.mu.Lock()
	if !l.end() {
		r.mu.Unlock()
		return
	}
	if l.sync && l.pulled == 0 {
		l.up, l.produced = nil, 0
		r.spare = l
	}
	more := r.more && !r.sourceDone && !r.halted
	r.mu.Unlock()
	if more {
		r.up.Request(1)
	} else {
		r.advance()
	}
}

// end makes way for the next leg and lets no signal of this one in any more.
// It reports false if that was wanted before: the turn is closed, and who
// leaves it last goes on. Called with relay.mu held.
func (l *leg[T, R]) end() bool {
	r := l.relay
	if r.leg != l || l.turn.Closed() {
		return false
	}
	if !l.sync { // a synchronous source has nothing more to say
		l.turn.Close()
	}
	r.retire(l)
	return true
}

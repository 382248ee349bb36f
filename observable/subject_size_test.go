package observable_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// inUse returns how many bytes of the heap are in use.
func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// W11: what a live subscription costs, from a subject through two operators to
// an outside subscriber, when it has seen a value and waits for the next.
func TestIdleSubscriptionIsSmall(t *testing.T) {
	const n, limit = 20_000, 400
	s := observable.NewSubject[int]()
	pipe := observable.Pipe2(s.Observable,
		operators.Map(func(v int) int { return v + 1 }),
		operators.Filter(func(v int) bool { return v > 0 }))
	subs := make([]sum, n)
	goroutines, before := runtime.NumGoroutine(), inUse()
	for i := range subs {
		pipe.Subscribe(context.Background(), &subs[i])
	}
	s.Next(1)
	if b := (inUse() - before) / n; b > limit {
		t.Errorf("%d bytes for each subscription; the limit is %d", b, limit)
	}
	if g := runtime.NumGoroutine(); g > goroutines {
		t.Errorf("%d goroutines, %d before", g, goroutines)
	}
	runtime.KeepAlive(s)
}

// A brief subscriber requests so much, and panics at a value.
type brief struct{ ask int64 }

func (b brief) OnSubscribe(up observable.Subscription) {
	if b.ask != 0 {
		up.Request(b.ask)
	}
}
func (brief) OnNext(int)    { panic(errTest) }
func (brief) OnError(error) {}
func (brief) OnComplete()   {}

// Bug class 21: no place in the list is kept for a subscriber that has ended,
// whatever ended it.
func TestSubjectsForgetPlaces(t *testing.T) {
	const n, limit = 2000, 40_000 // bytes; a place takes 32
	subject := observable.NewSubject[int]()
	over, behavior := observable.NewSubject[int](), observable.NewBehavior(1)
	replay, async := observable.NewReplay[int](1, 0), observable.NewAsync[int]()
	replay.Next(1)
	async.Next(1)
	over.Complete()
	behavior.Complete()
	replay.Complete()
	async.Complete()
	for name, subscribeAndEnd := range map[string]func(){
		"the end of a Subject":  func() { over.Subscribe(t.Context(), brief{}) },
		"the end of a Behavior": func() { behavior.Subscribe(t.Context(), brief{}) },
		"a panic in a Replay":   func() { replay.Subscribe(t.Context(), brief{1}) },
		"a panic in an Async":   func() { async.Subscribe(t.Context(), brief{1}) },
		"a bad request":         func() { subject.Subscribe(t.Context(), brief{-1}) },
		"an overflow":           func() { subject.Subscribe(t.Context(), brief{}); subject.Next(1) },
		"a panic in a Subject":  func() { subject.Subscribe(t.Context(), brief{1}); subject.Next(1) },
	} {
		t.Run(name, func(t *testing.T) {
			before := inUse()
			for range n {
				subscribeAndEnd()
			}
			if kept := inUse() - before; kept > limit {
				t.Errorf("%d bytes are kept for %d subscribers that have ended", kept, n)
			}
		})
	}
	runtime.KeepAlive([]any{subject, over, behavior, replay, async})
}

// An eager subscriber requests one value after another.
type eager struct {
	up observable.Subscription
	n  int
}

func (e *eager) OnSubscribe(up observable.Subscription) {
	e.up = up
	up.Request(1)
}
func (e *eager) OnNext(int)  { e.n++; e.up.Request(1) }
func (*eager) OnError(error) {}
func (*eager) OnComplete()   {}

// L13: requests from inside OnNext do not wait in line, one for each value.
func TestRequestsTakeNoMemory(t *testing.T) {
	const n, limit = 100_000, 100_000 // bytes; an event takes 48
	replay, unicast := observable.NewReplay[int](observable.Unlimited, 0), observable.NewUnicast[int](observable.Unlimited)
	for i := range n {
		replay.Next(i)
		unicast.Next(i)
	}
	for name, o := range map[string]observable.Observable[int]{"Replay": replay.Observable, "Unicast": unicast.Observable} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			e := new(eager)
			runtime.ReadMemStats(&before)
			o.Subscribe(t.Context(), e)
			runtime.ReadMemStats(&after)
			if e.n != n {
				t.Errorf("%d values of %d", e.n, n)
			}
			if b := after.TotalAlloc - before.TotalAlloc; b > limit {
				t.Errorf("%d bytes were allocated for the requests", b)
			}
		})
	}
}

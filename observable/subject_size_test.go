package observable_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// W11: what a live subscription costs, from a subject through two operators to
// an outside subscriber, when it has seen a value and waits for the next.
func TestIdleSubscriptionIsSmall(t *testing.T) {
	const n, limit = 100_000, 400
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	s := observable.NewSubject[int]()
	pipe := observable.Pipe2(s.Observable,
		operators.Map(func(v int) int { return v + 1 }),
		operators.Filter(func(v int) bool { return v > 0 }))
	subs := make([]sum, n)
	goroutines, before := runtime.NumGoroutine(), heap()
	for i := range subs {
		pipe.Subscribe(context.Background(), &subs[i])
	}
	s.Next(1)
	if b := (heap() - before) / n; b > limit {
		t.Errorf("%d bytes for each subscription; the limit is %d", b, limit)
	}
	if g := runtime.NumGoroutine(); g > goroutines {
		t.Errorf("%d goroutines, %d before", g, goroutines)
	}
	runtime.KeepAlive(s)
}

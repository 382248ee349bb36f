package conformance_test

import (
	"context"
	"errors"
	"iter"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/sluicego/sluice/internal/rxgo"
	"github.com/sluicego/sluice/marbles/conformance"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

type ints = observable.Observable[int]

var errTest = errors.New("conformance: a deliberate error")

// many is how many values a slow source is asked for at most.
const many = 2000

// sources are all of package observable, by the name of the function.
var sources = map[string]conformance.SourceConfig[int]{
	"Of":        {MaxElements: 20, New: func(n int64) ints { return observable.Of(numbers(n)...) }},
	"Range":     {New: func(n int64) ints { return observable.Range(0, int(min(n, math.MaxInt))) }},
	"FromSlice": {MaxElements: 1_000_000, New: func(n int64) ints { return observable.FromSlice(numbers(n)) }},
	"FromSeq":   {New: func(n int64) ints { return observable.FromSeq(upTo(n)) }},
	"FromSeq2": {
		New:       func(n int64) ints { return observable.FromSeq2(withError(n, nil)) },
		NewFailed: nil,
	},
	"Generate": {New: func(n int64) ints {
		return observable.Generate(0, func(i int) (int, int, bool) { return i, i + 1, int64(i) < n })
	}},
	"FromFunc": {
		MaxElements: 1,
		New: func(n int64) ints {
			if n == 0 {
				return observable.Empty[int]()
			}
			return observable.FromFunc(func(context.Context) (int, error) { return 0, nil })
		},
	},
	"Create": {
		MaxElements: many,
		New:         created,
		NewFailed: func() ints {
			return observable.Create(func(context.Context, observable.Emitter[int]) error { return errTest })
		},
	},
	"Defer": {
		New: func(n int64) ints {
			return observable.Defer(func(context.Context) ints { return observable.Range(0, int(n)) })
		},
		NewFailed: func() ints {
			return observable.Defer(func(context.Context) ints { return observable.Throw[int](errTest) })
		},
		NewPanicking: func() ints { return observable.Defer(func(context.Context) ints { return panicking() }) },
	},
	"Using": {
		New: func(n int64) ints { return using(n, func(int) error { return nil }) },
		NewFailed: func() ints {
			return observable.Using(func(context.Context) (int, error) { return 0, errTest },
				func(int) ints { return observable.Never[int]() }, func(int) error { return nil })
		},
		NewPanicking: func() ints { return using(3, func(int) error { panic(errTest) }) },
	},
	"Empty": {MaxElements: -1, New: func(int64) ints { return observable.Empty[int]() }},
	"Throw": {MaxElements: -1, New: func(int64) ints { return observable.Empty[int]() }, NewFailed: func() ints { return observable.Throw[int](errTest) }},
	"Timer": {
		MaxElements: 1,
		New: func(n int64) ints {
			if n == 0 {
				return observable.Empty[int]()
			}
			return observable.Timer(time.Minute)
		},
	},
	"Interval": {NeverCompletes: true, New: func(int64) ints { return observable.Interval(20 * time.Millisecond) }},
	"FromChan": {
		MaxElements: many, Once: true,
		New: func(n int64) ints { return observable.FromChan(channel(numbers(n))) },
	},
	"FromItems": {
		MaxElements: many, Once: true,
		New: func(n int64) ints { return observable.FromItems[int](channel(items(n))) },
	},
	"FromItemsFunc": {
		MaxElements: many,
		New: func(n int64) ints {
			return observable.FromItemsFunc[int](func(context.Context) <-chan rxgo.Item { return channel(items(n)) })
		},
	},
	"New": {
		New: func(n int64) ints {
			return observable.New(func(ctx context.Context, s observable.Subscriber[int]) { observable.Range(0, int(n)).Subscribe(ctx, s) })
		},
		NewFailed: func() ints {
			return observable.New(func(context.Context, observable.Subscriber[int]) { panic(errTest) })
		},
		NewPanicking: panicking,
	},
	"Lines": {
		MaxElements: many, Once: true,
		New: func(n int64) ints {
			return operators.MapTo[string](0)(observable.Lines(strings.NewReader(strings.Repeat("line\n", int(n)))))
		},
	},
	"FromReader": {
		MaxElements: many, Once: true,
		New: func(n int64) ints {
			return operators.MapTo[[]byte](0)(observable.FromReader(strings.NewReader(strings.Repeat("line\n", int(n))), 5))
		},
	},
}

func TestSources(t *testing.T) {
	for name, c := range sources {
		t.Run(name, func(t *testing.T) { conformance.Source(t, c) })
	}
}

// What several subscribers see of one observable has rules of its own.
func TestSourcesOfSeveral(t *testing.T) {
	for name, c := range map[string]conformance.SourceConfig[int]{
		"Share":   {Multicast: true, New: func(n int64) ints { return operators.Share(observable.Range(0, int(n))) }},
		"Publish": {Multicast: true, New: func(n int64) ints { return operators.Publish(observable.Range(0, int(n))).RefCount() }},
		"Replay": {MaxElements: 100, New: func(n int64) ints {
			r := observable.NewReplay[int](100, 0)
			fill(r, n)
			return r.Observable
		}},
		"Unicast": {MaxElements: 100, MaxSubscribers: 1, New: func(n int64) ints {
			u := observable.NewUnicast[int](100)
			fill(u, n)
			return u.Observable
		}},
	} {
		t.Run(name, func(t *testing.T) { conformance.Source(t, c) })
	}
}

func fill(p conformance.Pusher[int], n int64) {
	for i := range int(n) {
		p.Next(i)
	}
	p.Complete()
}

// A scheduler from outside of the bubbles has goroutines that do not belong to
// them, so the checks settle in real time.
func TestSourceInRealTime(t *testing.T) {
	loop := scheduler.NewEventLoop()
	go loop.Run()
	defer loop.Close()
	conformance.Source(t, conformance.SourceConfig[int]{
		New:         func(n int64) ints { return operators.ObserveOn[int](loop)(observable.Range(0, int(n))) },
		NewFailed:   func() ints { return operators.ObserveOn[int](loop)(observable.Throw[int](errTest)) },
		MaxElements: 100,
		Settle:      2 * time.Millisecond,
	})
}

func numbers(n int64) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func upTo(n int64) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range int(n) {
			if !yield(i) {
				return
			}
		}
	}
}

func withError(n int64, err error) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := range upTo(n) {
			if !yield(i, nil) {
				return
			}
		}
		if err != nil {
			yield(0, err)
		}
	}
}

func created(n int64) ints {
	return observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
		for i := range upTo(n) {
			if !emit.Next(i) {
				break
			}
		}
		return nil
	})
}

func using(n int64, release func(int) error) ints {
	return observable.Using(
		func(context.Context) (int, error) { return int(n), nil },
		func(n int) ints { return observable.Range(0, n) },
		release,
	)
}

// panicking is a source of one's own whose Cancel panics.
func panicking() ints {
	return observable.New(func(_ context.Context, s observable.Subscriber[int]) { s.OnSubscribe(rude{}) })
}

type rude struct{}

func (rude) Request(int64) {}
func (rude) Cancel()       { panic(errTest) }

func channel[T any](values []T) <-chan T {
	ch := make(chan T, len(values))
	for _, v := range values {
		ch <- v
	}
	close(ch)
	return ch
}

func items(n int64) []rxgo.Item {
	s := make([]rxgo.Item, n)
	for i := range s {
		s[i] = rxgo.Item{V: i}
	}
	return s
}

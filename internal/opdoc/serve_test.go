package opdoc_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// A value that is made of the error.
func Example_valueFromError() {
	show(observable.Pipe1(observable.Throw[string](errors.New("no host")), operators.Catch(func(err error) observable.Observable[string] {
		return observable.Of("offline: " + err.Error())
	})))
	// Output: [offline: no host]
}

// No stream goes on after its error. What may fail and be left out is a stream
// of its own for each value, or a function that says so.
func Example_continueOnError() {
	show(observable.Pipe1(observable.Of("1", "two", "3"), operators.FilterMap(func(s string) (int, bool) {
		n, err := strconv.Atoi(s)
		if err != nil {
			fmt.Println("left out:", s)
		}
		return n, err == nil
	})))
	// Output:
	// left out: two
	// [1 3]
}

// Work on n values at a time, on goroutines of their own, in the order of the
// source. For CPU work the [scheduler.Pool] has as many workers as there are
// CPUs. Where the order does not matter, [MergeMap] is cheaper.
func Example_parallelMap() {
	pool := scheduler.Pool(4)
	defer pool.Close()
	work := func(n int) observable.Observable[int] {
		return observable.Pipe1(
			observable.FromFunc(func(context.Context) (int, error) { return n * n, nil }),
			operators.SubscribeOn[int](pool),
		)
	}
	show(observable.Pipe1(observable.Range(1, 5), operators.ConcatMapEager(work, operators.Concurrency(4))))
	// Output: [1 4 9 16 25]
}

// Values that come out of order wait until it is their turn.
func Example_reorder() {
	type line struct {
		next    int
		waiting map[int]string
		ready   []string
	}
	type part struct {
		id   int
		text string
	}
	parts := observable.Of(part{1, "b"}, part{0, "a"}, part{2, "c"})
	show(observable.Defer(func(context.Context) observable.Observable[string] {
		return observable.Pipe3(
			parts,
			operators.Scan(line{waiting: map[int]string{}}, func(l line, p part) line {
				l.waiting[p.id] = p.text
				l.ready = nil
				for text, ok := l.waiting[l.next]; ok; text, ok = l.waiting[l.next] {
					l.ready = append(l.ready, text)
					delete(l.waiting, l.next)
					l.next++
				}
				return l
			}),
			operators.Map(func(l line) []string { return l.ready }),
			operators.Flatten,
		)
	}))
	// Output: [a b c]
}

// An operator is a function of an observable, so it may subscribe with another
// ctx: what is above sees the value.
func Example_contextWithValue() {
	type user struct{}
	as := func(name string) observable.Operator[string, string] {
		return func(src observable.Observable[string]) observable.Observable[string] {
			return observable.New(func(ctx context.Context, s observable.Subscriber[string]) {
				src.Subscribe(context.WithValue(ctx, user{}, name), s)
			})
		}
	}
	whoami := observable.Defer(func(ctx context.Context) observable.Observable[string] {
		return observable.Of(ctx.Value(user{}).(string))
	})
	show(observable.Pipe1(whoami, as("ada")))
	// Output: [ada]
}

// A step that is written with channels.
func Example_stepWithChannels() {
	src := observable.Range(1, 4)
	show(observable.Create(func(ctx context.Context, emit observable.Emitter[string]) error {
		values, failed := src.Chan(ctx, 0)
		for a := range values {
			b := <-values
			if !emit.Next(fmt.Sprint(a, "+", b)) {
				break // cancelled, and so is the ctx
			}
		}
		return <-failed
	}))
	// Output: [1+2 3+4]
}

// How many subscribers there are.
func Example_countSubscribers() {
	var here atomic.Int64
	counted := observable.Pipe2(
		observable.Of("news"),
		operators.TapSubscribe[string](func() { here.Add(1) }),
		operators.Finally[string](func() { here.Add(-1) }),
	)
	show(observable.Pipe1(counted, operators.Map(func(string) int64 { return here.Load() })))
	fmt.Println(here.Load())
	// Output:
	// [1]
	// 0
}

// One tap for each kind of signal.
func Example_logSignals() {
	log := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	show(observable.Pipe3(
		observable.Of(7),
		operators.Tap(func(n int) { log.Info("next", "value", n) }),
		operators.TapError[int](func(err error) { log.Error("failed", "err", err) }),
		operators.TapComplete[int](func() { log.Info("complete") }),
	))
	// Output:
	// level=INFO msg=next value=7
	// level=INFO msg=complete
	// [7]
}

// Into a channel of one's own. What comes from [Observable.Chan] needs no such
// loop.
func Example_sendToChannel() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	jobs := make(chan int, 3)
	err := observable.Of(1, 2, 3).ForEach(ctx, func(n int) error {
		select {
		case jobs <- n:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
	fmt.Println(len(jobs), err)
	// Output: 3 <nil>
}

// Whatever has a method that takes a value and may fail is a sink: an
// [io.Writer](https://pkg.go.dev/io#Writer), a producer of messages, a database.
func Example_sink() {
	lines := observable.Of("a\n", "b\n")
	err := lines.ForEach(context.Background(), func(line string) error {
		_, err := os.Stdout.WriteString(line)
		return err
	})
	fmt.Println(err)
	// Output:
	// a
	// b
	// <nil>
}

// The only value, of which it is an error that there is none, or another.
func Example_onlyValue() {
	v, err := operators.Single(observable.Of(1)).LastValue(context.Background())
	fmt.Println(v, err)
	// Output: 1 <nil>
}

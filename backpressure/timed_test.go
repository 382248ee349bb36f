package backpressure_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// typing emits letters at the given milliseconds of virtual time.
func typing(clock *scheduler.Virtual, keys map[int]string) *marbles.TestSource[string] {
	src := marbles.NewTestSource[string]()
	for at, letters := range keys {
		clock.After(time.Duration(at)*ms, func() {
			for _, letter := range letters {
				src.Next(string(letter))
			}
		})
	}
	return src
}

func ExampleDebounce() {
	clock := scheduler.NewVirtual()
	ctx := scheduler.With(context.Background(), clock)
	keys := typing(clock, map[int]string{0: "s", 80: "l", 150: "u", 900: "i"})
	observable.Pipe1(keys.Observable, backpressure.Debounce[string](300*ms)).Subscribe(ctx, printer{clock})
	clock.AdvanceBy(5 * time.Second)
	// Output:
	// 450ms u
	// 1.2s i
}

func ExampleThrottle() {
	clock := scheduler.NewVirtual()
	ctx := scheduler.With(context.Background(), clock)
	clicks := typing(clock, map[int]string{0: "a", 10: "b", 20: "c", 150: "d"})
	observable.Pipe1(clicks.Observable, backpressure.Throttle[string](100*ms, backpressure.Leading, backpressure.Trailing)).Subscribe(ctx, printer{clock})
	clock.AdvanceBy(5 * time.Second)
	// Output:
	// 0s a
	// 100ms c
	// 200ms d
}

func ExampleSample() {
	clock := scheduler.NewVirtual()
	ctx := scheduler.With(context.Background(), clock)
	readings := typing(clock, map[int]string{10: "a", 20: "b", 250: "c"})
	observable.Pipe1(readings.Observable, backpressure.Sample[string](100*ms)).Subscribe(ctx, printer{clock})
	clock.AdvanceBy(5 * time.Second)
	// Output:
	// 100ms b
	// 300ms c
}

// A printer takes everything and prints it with the time.
type printer struct{ clock *scheduler.Virtual }

func (printer) OnSubscribe(up observable.Subscription) { up.Request(observable.Unbounded) }
func (p printer) OnNext(v string)                      { fmt.Println(p.clock.Elapsed(), v) }
func (printer) OnError(err error)                      { fmt.Println(err) }
func (printer) OnComplete()                            { fmt.Println("done") }

// Behaviour 38: what happens at the very instant, where RxJS is the model.
func TestBehaviour38_AtTheInstant(t *testing.T) {
	throttle := func(edges ...backpressure.ThrottleOption) observable.Operator[string, string] {
		return backpressure.Throttle[string](3*ms, edges...)
	}
	abcde := map[int]string{1: "a", 2: "b", 3: "c", 5: "d", 6: "e"}
	for _, test := range []struct {
		name     string
		op       observable.Operator[string, string]
		source   map[int]string
		complete int
		want     string
	}{
		{"Debounce, a newer value when one is due", backpressure.Debounce[string](3 * ms), map[int]string{1: "a", 4: "b"}, 20, "7b 20|"},
		{"Debounce, completion when one is due", backpressure.Debounce[string](3 * ms), map[int]string{1: "a"}, 4, "4a 4|"},
		{"Debounce, completion before", backpressure.Debounce[string](3 * ms), map[int]string{1: "a"}, 2, "2a 2|"},
		{"Debounce of no time", backpressure.Debounce[string](0), map[int]string{1: "abc", 2: "d"}, 9, "1c 2d 9|"},
		{"Sample, a value at the instant", backpressure.Sample[string](3 * ms), map[int]string{2: "a", 3: "b", 6: "c"}, 20, "3b 6c 20|"},
		{"Sample, the first value at the instant", backpressure.Sample[string](3 * ms), map[int]string{6: "a"}, 20, "6a 20|"},
		{"Sample, a value at the subscription", backpressure.Sample[string](3 * ms), map[int]string{0: "a"}, 20, "3a 20|"},
		{"Sample, completion at the instant", backpressure.Sample[string](3 * ms), map[int]string{2: "a"}, 3, "3|"},
		{"Throttle, a value when the window closes", throttle(), map[int]string{1: "a", 4: "b"}, 20, "1a 20|"},
		{"Throttle Trailing, a value when the window closes", throttle(backpressure.Trailing), map[int]string{1: "a", 4: "b"}, 20, "4b 20|"},
		{"Throttle Trailing, completion in the window", throttle(backpressure.Trailing), map[int]string{1: "a"}, 2, "4a 4|"},
		{"Throttle both, completion in an empty window", throttle(backpressure.Leading, backpressure.Trailing), map[int]string{1: "a"}, 2, "1a 2|"},
		{"Throttle both, the trailing value opens a window", throttle(backpressure.Leading, backpressure.Trailing), map[int]string{1: "a", 2: "b", 6: "c"}, 20, "1a 4b 7c 20|"},
		{"Throttle, as its comment draws it", throttle(), abcde, 10, "1a 5d 10|"},
		{"Throttle Trailing, as drawn", throttle(backpressure.Trailing), abcde, 10, "4c 7e 10|"},
		{"Throttle both, as drawn", throttle(backpressure.Leading, backpressure.Trailing), abcde, 10, "1a 4c 7e 10|"},
		{"Throttle of no time", backpressure.Throttle[string](0), map[int]string{1: "abc", 2: "d"}, 9, "1a 2d 9|"},
		{"Throttle of no time, Trailing", backpressure.Throttle[string](0, backpressure.Trailing), map[int]string{1: "abc", 2: "d"}, 9, "1c 2d 9|"},
	} {
		t.Run(test.name, func(t *testing.T) {
			clock := scheduler.NewVirtual()
			src := typing(clock, test.source)
			clock.After(time.Duration(test.complete)*ms, src.Complete)
			log := &logger{clock: clock}
			test.op(src.Observable).Subscribe(scheduler.With(t.Context(), clock), log)
			clock.AdvanceBy(time.Second)
			if log.text != test.want {
				t.Errorf("got %q, want %q", log.text, test.want)
			}
			if n := clock.Pending(); n != 0 {
				t.Errorf("%d timers are left", n)
			}
		})
	}
}

// A logger takes everything and writes it down: "3a 20|".
type logger struct {
	clock *scheduler.Virtual
	text  string
}

func (l *logger) OnSubscribe(up observable.Subscription) { up.Request(observable.Unbounded) }
func (l *logger) OnNext(v string)                        { l.log(v) }
func (l *logger) OnError(err error)                      { l.log(err.Error()) }
func (l *logger) OnComplete()                            { l.log("|") }
func (l *logger) log(s string) {
	if l.text != "" {
		l.text += " "
	}
	l.text += fmt.Sprint(l.clock.Elapsed().Milliseconds()) + s
}

// With nothing requested a timed operator keeps the newest of what it would
// emit (L17), and delivers it at the next request.
func TestTimedOperatorsHoldTheNewest(t *testing.T) {
	for _, op := range []named[string]{
		{"Debounce", backpressure.Debounce[string](2 * ms)},
		{"Sample", backpressure.Sample[string](2 * ms)},
		{"Throttle", backpressure.Throttle[string](2 * ms)},
		{"Throttle Trailing", backpressure.Throttle[string](2*ms, backpressure.Trailing)},
	} {
		t.Run(op.name, func(t *testing.T) {
			b := newBench(t, 0, op.op)
			for _, v := range []string{"a", "b", "c"} {
				b.next(v)
				b.pass(4)
			}
			b.got()
			b.lost(observable.DiscardFiltered, "a", "b")
			b.Request(2)
			b.got("c")
			b.next("d")
			b.pass(4)
			b.got("c", "d")
			b.next("e")
			b.pass(4)
			b.src.Complete()
			b.live()
			b.Request(1)
			b.got("c", "d", "e")
			b.completed()
		})
	}
}

// A value that waits for its time leaves the one that waits for demand alone.
func TestDebounceKeepsWhatIsDue(t *testing.T) {
	b := newBench(t, 0, backpressure.Debounce[string](5*ms))
	b.next("a")
	b.pass(5) // a is due
	b.next("b")
	b.pass(1)
	b.Request(2)
	b.got("a")
	b.pass(4)
	b.got("a", "b")
	b.Cancel()
	b.still()
}

func TestTimedOperatorsAccountForWhatTheyLetGo(t *testing.T) {
	b := newBench(t, 9, backpressure.Debounce[string](5*ms))
	b.next("a", "b")
	b.src.Error(errSource)
	b.failed()
	if want := []discarded{{"a", observable.DiscardFiltered}, {"b", observable.DiscardError}}; !slices.Equal(b.discarded, want) {
		t.Errorf("Debounce discarded %v, want %v", b.discarded, want)
	}

	b = newBench(t, 0, backpressure.Sample[string](5*ms))
	b.next("a")
	b.pass(5)
	b.next("b")
	b.Cancel() // one waits for demand, one for its time
	b.lost(observable.DiscardCancel, "a", "b")
	b.still()

	b = newBench(t, 9, backpressure.Sample[string](5*ms))
	b.next("a")
	b.src.Complete()
	b.lost(observable.DiscardFiltered, "a")
	b.completed()

	b = newBench(t, 9, backpressure.Throttle[string](5*ms))
	b.next("a", "b", "c")
	b.lost(observable.DiscardFiltered, "b", "c")
	b.src.Complete()
	b.completed()
}

// A debounce that is kept busy sets its timer once in its time, not once for
// each value.
func TestDebounceHasOneTimer(t *testing.T) {
	b := newBench(t, 9, backpressure.Debounce[string](5*ms))
	for range 20 {
		b.next("a")
		b.pass(1)
		if n := b.clock.Pending(); n != 1 {
			t.Fatalf("%d timers run, want one", n)
		}
	}
	b.got()
	b.pass(4)
	b.got("a")
	b.still()
}

// A sample has no timer while there is nothing to sample.
func TestSampleIsIdleWithoutValues(t *testing.T) {
	b := newBench(t, 9, backpressure.Sample[string](5*ms))
	b.still()
	b.pass(7)
	b.next("a")
	b.pass(2)
	b.got()
	b.pass(1) // the instants are counted from the subscription
	b.got("a")
	b.still()
	b.src.Complete()
}

func TestSampleTakesOneAtAnInstant(t *testing.T) {
	b := newBench(t, 9, backpressure.Sample[string](3*ms))
	b.next("a")
	b.pass(3)
	b.next("b") // the sample of this instant has been taken
	b.pass(2)
	b.got("a")
	b.pass(1)
	b.got("a", "b")
	b.src.Complete()
}

func TestDebounceCompletesWithoutDemand(t *testing.T) {
	b := newBench(t, 0, backpressure.Debounce[string](5*ms))
	b.next("a")
	b.src.Complete()
	b.still() // it waits for demand now, not for time
	b.Request(1)
	b.got("a")
	b.completed()
}

// Cancelled while the value is delivered that the completion has released, a
// debounce does not cancel its source, which has ended (L7).
func TestDebounceCancelledInTheLastValue(t *testing.T) {
	b := newBench(t, 9, backpressure.Debounce[string](5*ms))
	b.Each = func(string) { b.CancelInside() }
	b.next("a")
	b.src.Complete()
	b.got("a")
	b.live()
	b.still()
	if n := b.src.Cancels(); n > 0 {
		t.Errorf("the source was cancelled %d times, although it had completed", n)
	}
}

// The last trailing value closes the last window, even if it has to wait.
func TestThrottleOpensNoWindowAfterTheLastValue(t *testing.T) {
	b := newBench(t, 0, backpressure.Throttle[string](5*ms, backpressure.Trailing))
	b.next("a")
	b.src.Complete()
	b.pass(5)
	b.live()
	b.still()
	b.Request(1)
	b.got("a")
	b.completed()
}

// Cancelled while the last, trailing value is delivered, a throttle does not
// complete.
func TestThrottleCancelledInTheLastValue(t *testing.T) {
	b := newBench(t, 9, backpressure.Throttle[string](5*ms, backpressure.Trailing))
	b.Each = func(string) { b.CancelInside() }
	b.next("a")
	b.src.Complete()
	b.pass(5)
	b.got("a")
	b.live()
	b.still()
}

func TestTimedOperatorsTakeTheGivenScheduler(t *testing.T) {
	own := scheduler.NewVirtual()
	for _, op := range []observable.Operator[string, string]{
		backpressure.Debounce[string](ms, scheduler.On(own)),
		backpressure.Sample[string](ms, scheduler.On(own)),
		backpressure.Throttle[string](ms, backpressure.Trailing, scheduler.On(own)),
	} {
		b := newBench(t, 1, op)
		b.next("a")
		b.pass(9)
		b.got()
		own.AdvanceBy(ms)
		b.got("a")
		b.Cancel()
	}
}

// Behaviour 39: a scheduler that is closed, before or after, is an error: the
// timer that the stream waits for will not ring.
func TestBehaviour39_ClosedScheduler(t *testing.T) {
	type op = observable.Operator[*marbles.Tracked, *marbles.Tracked]
	for name, op := range map[string]op{
		"Debounce":          backpressure.Debounce[*marbles.Tracked](time.Minute),
		"Sample":            backpressure.Sample[*marbles.Tracked](time.Minute),
		"Throttle":          backpressure.Throttle[*marbles.Tracked](time.Minute),
		"Throttle/Trailing": backpressure.Throttle[*marbles.Tracked](time.Minute, backpressure.Trailing),
		"Buffer/TTL":        backpressure.OnBackpressureBuffer[*marbles.Tracked](3, backpressure.TTL(time.Minute)),
	} {
		for when, closesFirst := range map[string]bool{"before": true, "after": false} {
			t.Run(name+"/"+when, func(t *testing.T) {
				pool, ledger := scheduler.Pool(1), marbles.NewLedger(t)
				src := marbles.NewTestSource[*marbles.Tracked]()
				sub := marbles.NewTestSubscriber[*marbles.Tracked](t, 0)
				if closesFirst {
					pool.Close()
				}
				op(src.Observable).Subscribe(ledger.Context(scheduler.With(t.Context(), pool)), sub)
				if !closesFirst {
					src.Next(ledger.Produce())
					src.Next(ledger.Produce())
					pool.Close()
				}
				<-sub.Done()
				if _, err := sub.Ended(); !errors.Is(err, scheduler.ErrClosed) {
					t.Errorf("ended with %v, want ErrClosed", err)
				}
				if src.Active() > 0 {
					t.Error("upstream is still subscribed")
				}
			})
		}
	}
}

// An inspection sees what waits for its time, too.
func TestTimedOperatorsInspected(t *testing.T) {
	ctx, in := observable.WithInspection(scheduler.With(t.Context(), scheduler.NewVirtual()))
	src, sub := marbles.NewTestSource[string](), marbles.NewTestSubscriber[string](t, 0)
	backpressure.Sample[string](ms)(src.Observable).Subscribe(ctx, sub)
	src.Next("a")
	if s := in.Inspect()[0]; s.Operator != "Sample" || s.Queued != 1 || s.Capacity != 2 {
		t.Errorf("found\n%v", in.Inspect())
	}
	sub.Cancel()
}

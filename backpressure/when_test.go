package backpressure_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

func ExampleAudit() {
	clock := scheduler.NewVirtual()
	ctx := scheduler.With(context.Background(), clock)
	moves := typing(clock, map[int]string{0: "a", 10: "b", 20: "c", 150: "d"})
	observable.Pipe1(moves.Observable, backpressure.Audit[string](100*ms)).Subscribe(ctx, printer{clock})
	clock.AdvanceBy(5 * time.Second)
	// Output:
	// 100ms c
	// 250ms d
}

// timer waits a millisecond for an a, two for a b, and so on.
func timer(letter string) observable.Observable[int] {
	return observable.Timer(time.Duration(letter[0]-'a'+1) * ms)
}

func ExampleAuditWhen() {
	clock := scheduler.NewVirtual()
	ctx := scheduler.With(context.Background(), clock)
	moves := typing(clock, map[int]string{0: "c", 1: "x", 2: "y"})
	observable.Pipe1(moves.Observable, backpressure.AuditWhen(timer)).Subscribe(ctx, printer{clock})
	clock.AdvanceBy(5 * time.Second)
	// Output:
	// 3ms y
}

func ExampleDebounceWhen() {
	clock := scheduler.NewVirtual()
	ctx := scheduler.With(context.Background(), clock)
	keys := typing(clock, map[int]string{0: "c", 2: "a", 5: "b"})
	observable.Pipe1(keys.Observable, backpressure.DebounceWhen(timer)).Subscribe(ctx, printer{clock})
	clock.AdvanceBy(5 * time.Second)
	// Output:
	// 3ms a
	// 7ms b
}

func ExampleThrottleWhen() {
	clock := scheduler.NewVirtual()
	ctx := scheduler.With(context.Background(), clock)
	clicks := typing(clock, map[int]string{0: "c", 2: "x", 4: "a", 7: "b"})
	observable.Pipe1(clicks.Observable, backpressure.ThrottleWhen(timer)).Subscribe(ctx, printer{clock})
	clock.AdvanceBy(5 * time.Second)
	// Output:
	// 0s c
	// 4ms a
	// 7ms b
}

func ExampleSampleWhen() {
	clock := scheduler.NewVirtual()
	ctx := scheduler.With(context.Background(), clock)
	readings := typing(clock, map[int]string{1: "a", 2: "b", 6: "c"})
	frames := observable.Interval(5 * ms)
	sampled := observable.Pipe2(readings.Observable, backpressure.SampleWhen[string](frames), takeTwo)
	sampled.Subscribe(ctx, printer{clock})
	clock.AdvanceBy(5 * time.Second)
	// Output:
	// 5ms b
	// 10ms c
}

// takeTwo cancels after two values.
var takeTwo = observable.Lift(func(_ context.Context, down observable.Subscriber[string]) observable.Subscriber[string] {
	return &twoTaker{Subscriber: down, left: 2}
})

type twoTaker struct {
	observable.Subscriber[string]
	up   observable.Subscription
	left int
}

func (t *twoTaker) OnSubscribe(up observable.Subscription) {
	t.up = up
	t.Subscriber.OnSubscribe(up)
}

func (t *twoTaker) OnNext(v string) {
	t.Subscriber.OnNext(v)
	if t.left--; t.left == 0 {
		t.up.Cancel()
	}
}

// What the operators with a cue do when it rings, lapses and fails, where RxJS
// is the model.
func TestCues(t *testing.T) {
	type op = func(f func(string) observable.Observable[string]) observable.Operator[string, string]
	throttle := func(edges ...backpressure.ThrottleWhenOption) op {
		return func(f func(string) observable.Observable[string]) observable.Operator[string, string] {
			return backpressure.ThrottleWhen(f, edges...)
		}
	}
	for _, test := range []struct {
		name              string
		op                op
		source, cue, want string
	}{
		{"Audit rings", backpressure.AuditWhen[string, string], "ab--c-----|", "--x", "--b---c---|"},
		{"Audit lapses", backpressure.AuditWhen[string, string], "a---b--c--|", "--|", "----------|"},
		{"Audit fails", backpressure.AuditWhen[string, string], "a---b--c--|", "-#", "-#"},
		{"Audit: completion waits", backpressure.AuditWhen[string, string], "-a|", "---x", "----(a|)"},
		{"Audit: completion waits in vain", backpressure.AuditWhen[string, string], "-a|", "---|", "----|"},
		{"Audit: the source fails", backpressure.AuditWhen[string, string], "-a#", "---x", "--#"},
		{"Debounce rings", backpressure.DebounceWhen[string, string], "ab--c-----|", "--x", "---b--c---|"},
		{"Debounce lapses", backpressure.DebounceWhen[string, string], "a---b-----|", "--|", "----------(b|)"},
		{"Debounce fails", backpressure.DebounceWhen[string, string], "a---b-----|", "-#", "-#"},
		{"Debounce: completion", backpressure.DebounceWhen[string, string], "-a|", "---x", "--(a|)"},
		{"Throttle rings", throttle(), "abc-d-----|", "---x", "a---d-----|"},
		{"Throttle lapses", throttle(), "abc-d-----|", "---|", "a---d-----|"},
		{"Throttle fails", throttle(), "abc-d-----|", "---#", "a--#"},
		{"Throttle Trailing rings", throttle(backpressure.Trailing), "abc-d-----|", "---x", "---c--d---|"},
		{"Throttle Trailing lapses", throttle(backpressure.Trailing), "abc-d-----|", "---|", "----------|"},
		{"Throttle both", throttle(backpressure.Leading, backpressure.Trailing), "abc-d-----|", "---x", "a--c--d---|"},
		{"Throttle both, completion waits", throttle(backpressure.Leading, backpressure.Trailing), "ab|", "---x", "a--(b|)"},
		{"Throttle both, completion waits in vain", throttle(backpressure.Leading, backpressure.Trailing), "ab|", "---|", "a--|"},
		{"Throttle both, a lapsed value is replaced", throttle(backpressure.Leading, backpressure.Trailing), "ab---c----|", "---|", "a----c----|"},
	} {
		t.Run(test.name, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				cue := marbles.Cold[string](m, test.cue)
				src := marbles.Hot[string](m, test.source)
				f := func(string) observable.Observable[string] { return cue.Observable }
				marbles.Expect(m, test.op(f)(src.Observable)).ToBe(test.want)
			})
		})
	}
}

// The source is subscribed to before o, and what o says is heard in the same
// frame.
func TestSampleWhen(t *testing.T) {
	for _, test := range []struct{ name, source, o, want, watched string }{
		{"samples", "ab--c---d-|", "--x-x-x-x--", "--b---c---|", "^---------!"},
		{"completion of o", "ab--c---d-|", "--(x|)", "--b-------|", "^-!"},
		{"failure of o", "ab--c---d-|", "--x-#", "--b-#", "^---!"},
		{"failure of the source", "ab--#", "---x---x", "---b#", "^---!"},
	} {
		t.Run(test.name, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				o := marbles.Hot[string](m, test.o)
				src := marbles.Hot[string](m, test.source)
				marbles.Expect(m, backpressure.SampleWhen[string](o.Observable)(src.Observable)).ToBe(test.want)
				o.ExpectSubscriptions(test.watched)
			})
		})
	}
}

// A cue that is not needed any more is cancelled, and upstream as well.
func TestCuesAreCancelled(t *testing.T) {
	for name, op := range map[string]func(f func(string) observable.Observable[string]) observable.Operator[string, string]{
		"AuditWhen":    backpressure.AuditWhen[string, string],
		"DebounceWhen": backpressure.DebounceWhen[string, string],
		"ThrottleWhen": func(f func(string) observable.Observable[string]) observable.Operator[string, string] {
			return backpressure.ThrottleWhen(f)
		},
		"SampleWhen": func(f func(string) observable.Observable[string]) observable.Operator[string, string] {
			return backpressure.SampleWhen[string](f(""))
		},
	} {
		t.Run(name, func(t *testing.T) {
			cue := marbles.NewTestSource[string]()
			b := newBench(t, 9, op(func(string) observable.Observable[string] { return cue.Observable }))
			b.next("a")
			b.Cancel()
			if cue.Cancels() != 1 {
				t.Errorf("the cue was cancelled %d times, want once", cue.Cancels())
			}
		})
	}
}

// A panic of the user's function ends the stream, and leaves nothing locked.
func TestCuePanics(t *testing.T) {
	boom := func(string) observable.Observable[string] { panic("boom") }
	for name, op := range map[string]observable.Operator[string, string]{
		"AuditWhen":    backpressure.AuditWhen(boom),
		"DebounceWhen": backpressure.DebounceWhen(boom),
		"ThrottleWhen": backpressure.ThrottleWhen(boom),
	} {
		t.Run(name, func(t *testing.T) {
			sub := marbles.NewTestSubscriber[string](t, 9)
			op(observable.Of("a", "b")).Subscribe(t.Context(), sub.Outside())
			_, err := sub.Ended()
			if p, ok := errors.AsType[*observable.PanicError](err); !ok || p.Value != "boom" {
				t.Errorf("ended with %v, want the panic", err)
			}
		})
	}
}

// So does one in the call that a cue leads to (L11): nobody listens to the cue any
// more, who could pass it on.
func TestBehaviour29_ThrottleWhenPanicsAtACue(t *testing.T) {
	src, cue := marbles.NewTestSource[int](), observable.NewSubject[int]()
	f := func(v int) observable.Observable[int] {
		if v == 2 {
			panic("boom")
		}
		return cue.Observable
	}
	sub := marbles.NewTestSubscriber[int](t, 9)
	backpressure.ThrottleWhen(f, backpressure.Leading, backpressure.Trailing)(src.Observable).Subscribe(t.Context(), sub)
	src.Next(1)
	src.Next(2)
	cue.Next(0)
	_, err := sub.Ended()
	if p, ok := errors.AsType[*observable.PanicError](err); !ok || p.Value != "boom" {
		t.Errorf("ended with %v, want the panic", err)
	}
	if n := src.Cancels(); n != 1 {
		t.Errorf("the source was cancelled %d times, want 1", n)
	}
}

// With nothing requested, the newest of what is due is kept (L17).
func TestCuedOperatorsHoldTheNewest(t *testing.T) {
	for name, op := range map[string]observable.Operator[string, string]{
		"AuditWhen":             backpressure.AuditWhen(after2[string]),
		"DebounceWhen":          backpressure.DebounceWhen(after2[string]),
		"ThrottleWhen":          backpressure.ThrottleWhen(after2[string]),
		"ThrottleWhen Trailing": backpressure.ThrottleWhen(after2[string], backpressure.Trailing),
		"SampleWhen":            backpressure.SampleWhen[string](observable.Interval(2 * ms)),
		"Audit":                 backpressure.Audit[string](2 * ms),
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, 0, op)
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
			b.Cancel()
			b.still()
		})
	}
}

// A value that comes from another goroutine while a trailing one is delivered
// is in the window that the trailing one opens: it does not open another.
func TestThrottleWhenOpensOneWindow(t *testing.T) {
	open := 0
	window := func(int) observable.Observable[int] {
		open++
		return observable.Timer(ms)
	}
	b := newBench(t, 9, backpressure.ThrottleWhen(window, backpressure.Trailing))
	b.Each = func(v int) {
		if v == 1 {
			sent := make(chan struct{})
			go func() { b.next(2); close(sent) }()
			<-sent
		}
	}
	b.next(1)
	b.pass(1)
	if open != 2 {
		t.Errorf("%d windows were opened by 1 and its successor, want 2", open)
	}
	b.pass(1)
	b.got(1, 2)
	b.Cancel()
	b.still()
}

package backpressure_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/observable"
)

func ExampleOnOverflow() {
	bytes := 0
	slow := backpressure.NewRequester[string]()
	observable.Pipe1(
		observable.Of("to be", "or not", "to be"),
		backpressure.OnBackpressureBuffer[string](
			1,
			backpressure.DropOldest,
			backpressure.OnOverflow(func(line string) { bytes += len(line) }),
		),
	).Subscribe(context.Background(), slow)
	fmt.Println(bytes, "bytes lost")
	// Output:
	// 11 bytes lost
}

func TestPanicsAtAssembly(t *testing.T) {
	nothing := func(int) {}
	for _, test := range []struct {
		name string
		f    func()
		want string
	}{
		{"no capacity", func() { backpressure.OnBackpressureBuffer[int](0) }, "capacity that is not positive (0); use OnBackpressureDrop"},
		{"negative capacity", func() { backpressure.OnBackpressureBuffer[int](-1, backpressure.DropOldest) }, "(-1)"},
		{"Unlimited with a capacity", func() { backpressure.OnBackpressureBuffer[int](5, backpressure.Unlimited) }, "of 5 and Unlimited; leave the option out"},
		{"two policies", func() {
			backpressure.OnBackpressureBuffer[int](5, backpressure.DropOldest, backpressure.Fail)
		}, "two policies, DropOldest and Fail"},
		{"unknown policy", func() { backpressure.OnBackpressureBuffer[int](5, backpressure.Overflow(9)) }, "unknown policy Overflow(9)"},
		{"OnOverflow of another type", func() {
			backpressure.OnBackpressureBuffer[string](5, backpressure.OnOverflow(nothing))
		}, "OnOverflow has a func(int), but the values of OnBackpressureBuffer are string; give it a func(string) or a func(any)"},
		{"OnOverflow of another type for Latest", func() {
			backpressure.OnBackpressureLatest[error](backpressure.OnOverflow(nothing))
		}, "the values of OnBackpressureLatest are error"},
		{"nil OnOverflow", func() { backpressure.OnOverflow[int](nil) }, "nil function"},
		{"TTL of nothing", func() { backpressure.TTL(0) }, "TTL of a duration that is not positive (0s)"},
		{"nil Reduce", func() { backpressure.OnBackpressureReduce[int](nil) }, "nil function"},
		{"Block of nothing", func() { backpressure.OnBackpressureBlock[int](0) }, "not positive (0)"},
		{"LimitRate of nothing", func() { backpressure.LimitRate[int](0, 0) }, "not positive (0)"},
		{"LimitRate, low too high", func() { backpressure.LimitRate[int](8, 8) }, "(8, 8); use 6, or 0 to request 8 each time"},
		{"LimitRate, negative low", func() { backpressure.LimitRate[int](8, -1) }, "(8, -1); use 6"},
		{"negative Debounce", func() { backpressure.Debounce[int](-1) }, "negative duration (-1ns)"},
		{"negative Throttle", func() { backpressure.Throttle[int](-1) }, "negative duration (-1ns)"},
		{"LimitRate, the largest", func() { backpressure.LimitRate[int](math.MaxInt, math.MaxInt) }, "use 6917529027641081856,"},
		{"unknown edge", func() { backpressure.Throttle[int](ms, backpressure.Edge(4)) }, "unknown Edge(4); there are Leading and Trailing"},
		{"unknown edge of ThrottleWhen", func() { backpressure.ThrottleWhen(after2[int], backpressure.Edge(4)) }, "unknown Edge(4); there are Leading and Trailing"},
		{"nil option of ThrottleWhen", func() { backpressure.ThrottleWhen(after2[int], nil) }, "nil option"},
		{"nil ThrottleWhen", func() { backpressure.ThrottleWhen[int, int](nil) }, "nil function"},
		{"nil AuditWhen", func() { backpressure.AuditWhen[int, int](nil) }, "nil function"},
		{"nil DebounceWhen", func() { backpressure.DebounceWhen[int, int](nil) }, "nil function"},
		{"negative Audit", func() { backpressure.Audit[int](-1) }, "negative duration (-1ns)"},
		{"unknown mode", func() { backpressure.OnBackpressureBuffer[int](2, backpressure.ErrorMode(7)) }, "unknown ErrorMode(7); there is FailFast"},
		{"nil BufferOption", func() { backpressure.OnBackpressureBuffer[int](2, nil) }, "OnBackpressureBuffer with a nil option"},
		{"nil DropOption", func() { backpressure.OnBackpressureDrop[int](nil) }, "OnBackpressureDrop with a nil option"},
		{"nil ThrottleOption", func() { backpressure.Throttle[int](ms, nil) }, "Throttle with a nil option"},
		{"Sample of nothing", func() { backpressure.Sample[int](0) }, "not positive (0s)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			defer func() {
				got := fmt.Sprint(recover())
				if !strings.HasPrefix(got, "backpressure: ") || !strings.Contains(got, test.want) {
					t.Errorf("panicked with %q, want %q in it", got, test.want)
				}
			}()
			test.f()
		})
	}
}

// Options of one operator can be collected before they are given to it.
func TestOptionsAreValues(t *testing.T) {
	lost := 0
	count := backpressure.OnOverflow(func(any) { lost++ })
	var mode backpressure.ErrorMode // the default: errors wait
	buffer := []backpressure.BufferOption{backpressure.DropNewest, backpressure.TTL(ms), mode, count}
	drop := []backpressure.DropOption{count}
	const both backpressure.Edge = backpressure.Leading | backpressure.Trailing
	throttle := []backpressure.ThrottleOption{both}

	newBench(t, 0, backpressure.OnBackpressureBuffer[int](1, buffer...)).next(1, 2)
	newBench(t, 0, backpressure.OnBackpressureDrop[int](drop...)).next(1, 2)
	if lost != 3 {
		t.Errorf("%d values lost, want 3", lost)
	}
	b := newBench(t, 5, backpressure.Throttle[int](ms, throttle...))
	b.next(1, 2)
	b.pass(1)
	b.got(1, 2)
	b.Cancel()

	for _, policy := range []backpressure.Overflow{backpressure.Fail, backpressure.ReplaceNewest, backpressure.Unlimited} {
		if s := policy.String(); strings.Contains(s, "(") {
			t.Errorf("a policy prints as %s", s)
		}
	}
}

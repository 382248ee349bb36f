package scheduler_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/sluicego/sluice/internal/option"
	"github.com/sluicego/sluice/scheduler"
)

func ExampleWith() {
	v := scheduler.NewVirtual()
	ctx := scheduler.With(context.Background(), v)
	fmt.Println(scheduler.From(ctx) == v)
	fmt.Println(scheduler.From(context.Background()) == scheduler.Default)
	// Output:
	// true
	// true
}

func ExampleFrom() {
	v := scheduler.NewVirtual()
	v.AdvanceBy(time.Hour)
	ctx := scheduler.With(context.Background(), v)
	fmt.Println(scheduler.From(ctx).Now().Format(time.DateTime))
	// Output: 2000-01-01 01:00:00
}

func ExamplePick() {
	inContext, explicit := scheduler.NewVirtual(), scheduler.NewVirtual()
	ctx := scheduler.With(context.Background(), inContext)
	fmt.Println(scheduler.Pick(context.Background()) == scheduler.Default)
	fmt.Println(scheduler.Pick(ctx) == inContext)
	fmt.Println(scheduler.Pick(ctx, scheduler.On(explicit)) == explicit)
	// Output:
	// true
	// true
	// true
}

func ExampleOn() {
	v := scheduler.NewVirtual()
	var opt scheduler.TimeOption = scheduler.On(v) // for Debounce, Interval, …
	fmt.Println(opt.(scheduler.OnOption).Scheduler() == v)
	// Output: true
}

// On is an option of all groups of operators that keep time. The marks do
// nothing; they are called because only this module can.
func TestOnIsTakenByAllTimedOperators(*testing.T) {
	on := scheduler.On(scheduler.Default)
	var (
		_ option.Time       = on
		_ option.Interval   = on
		_ option.Retry      = on
		_ option.Timeout    = on
		_ option.Throttle   = on
		_ option.Buffer     = on
		_ option.TimeWindow = on
	)
	for _, mark := range []func(option.Seal){
		on.OptionTime, on.OptionInterval, on.OptionRetry, on.OptionTimeout, on.OptionThrottle, on.OptionBuffer, on.OptionTimeWindow,
	} {
		mark(option.Seal{})
	}
}

func TestPickTakesTheLast(t *testing.T) {
	a, b := scheduler.NewVirtual(), scheduler.NewVirtual()
	if scheduler.Pick(t.Context(), scheduler.On(a), scheduler.On(b), scheduler.OnOption{}) != b {
		t.Error("Pick did not take the last scheduler that is named")
	}
}

func TestNilSchedulerPanics(t *testing.T) {
	expectPanic(t, "scheduler: With a nil scheduler; use scheduler.Default",
		func() { scheduler.With(t.Context(), nil) })
	expectPanic(t, "scheduler: On a nil scheduler; leave the option out to take the context's",
		func() { scheduler.On(nil) })
}

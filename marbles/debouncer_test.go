package marbles_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/sluicego/sluice/marbles"
)

// debounce sends a value once quiet has passed without a newer one, or at once
// if in is closed. A value that nobody has received gives way to a newer one.
func debounce[T any](ctx context.Context, in <-chan T, quiet time.Duration) <-chan T {
	out := make(chan T)
	go func() {
		defer close(out)
		var (
			latest T
			due    <-chan time.Time // nil, unless latest waits for quiet
			ready  chan<- T         // nil, unless latest waits for its receiver
		)
		for in != nil || ready != nil {
			select {
			case v, ok := <-in:
				if ok {
					latest, due, ready = v, time.After(quiet), nil
					continue
				}
				in = nil
				if due != nil {
					due, ready = nil, out
				}
			case <-due:
				due, ready = nil, out
			case ready <- latest:
				ready = nil
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func TestDebounce(t *testing.T) {
	for name, tt := range map[string]struct{ in, demand, want string }{
		"a value passes when it has been quiet": {"-a--------|", "^        ", "----a-----|"},
		"a newer value restarts the timer":      {"-a-b-c----|", "^        ", "--------c-|"},
		"quiet is over before the next frame":   {"-a--b-----|", "^        ", "----a--b--|"},
		"what is left goes out at the end":      {"-a-b|      ", "^        ", "----(b|)   "},
		"nothing may be left at the end":        {"-a-----|   ", "^        ", "----a--|   "},
		"a cancel ends it":                      {"-a---------", "^-----!  ", "----a      "},
		"a cancel ends it while it waits":       {"-a---------", "^--!     ", "-          "},
		"a receiver may be slow":                {"-a--------|", "^-----2  ", "------a---|"},
		"and then gets the newest":              {"-a---b----|", "^--------2", "---------b|"},
	} {
		t.Run(name, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				src, quiet := marbles.Hot[string](m, tt.in), m.Time("---|")
				marbles.ExpectStage(m, src.Observable, func(ctx context.Context, in <-chan string) <-chan string {
					return debounce(ctx, in, quiet)
				}).Demand(tt.demand).ToBe(tt.want)
			}, marbles.Live)
		})
	}
}

// forgetful is a debounce with two faults.
func forgetful[T any](_ context.Context, in <-chan T, quiet time.Duration) <-chan T {
	out := make(chan T)
	go func() {
		defer close(out)
		var latest T
		var due <-chan time.Time
		for {
			select {
			case v, ok := <-in:
				if !ok {
					return // and the latest?
				}
				latest, due = v, time.After(quiet)
			case <-due:
				out <- latest // and if nobody receives any more?
			}
		}
	}()
	return out
}

func TestDiagramsFindTheFaultsOfADebouncer(t *testing.T) {
	for name, tt := range map[string]struct{ in, demand, want, report string }{
		"the value that is left": {
			"-a-b|", "^", "----(b|)",
			"out1: b is missing (want it at 4ms)",
		},
		"the goroutine that is left": {
			"-a---b--------", "^----1-------!", "-----a",
			"goroutines that it started would wait for ever, 1 in number:\n    " +
				"marbles_test.forgetful[...].func1, chan send at debouncer_test.go:",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.Join(marbles.LiveOutcome(t, func(m *marbles.Test) {
				src, quiet := marbles.Hot[string](m, tt.in), m.Time("---|")
				marbles.ExpectStage(m, src.Observable, func(ctx context.Context, in <-chan string) <-chan string {
					return forgetful(ctx, in, quiet)
				}).Demand(tt.demand).ToBe(tt.want)
			}), "\n")
			if !strings.Contains(got, tt.report) {
				t.Errorf("the report lacks %q:\n%s", tt.report, got)
			}
		})
	}
}

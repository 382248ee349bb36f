package observable_test

import (
	"context"
	"errors"
	"testing"

	"github.com/sluicego/sluice/internal/rxgo"
	"github.com/sluicego/sluice/observable"
)

// The panic of a discard hook goes to the hook for errors, in whatever order
// the two were set.
func TestHooksInAnyOrder(t *testing.T) {
	for name, with := range map[string]func(discard func(any, observable.DiscardReason), dropped func(error)) context.Context{
		"discard first": func(discard func(any, observable.DiscardReason), dropped func(error)) context.Context {
			return observable.WithDroppedError(observable.WithDiscard(t.Context(), discard), dropped)
		},
		"dropped first": func(discard func(any, observable.DiscardReason), dropped func(error)) context.Context {
			return observable.WithDiscard(observable.WithDroppedError(t.Context(), dropped), discard)
		},
	} {
		t.Run(name, func(t *testing.T) {
			var dropped []error
			boom := errors.New("boom")
			ctx := with(
				func(any, observable.DiscardReason) { panic(boom) },
				func(err error) { dropped = append(dropped, err) })
			s := observable.NewSubject[int]()
			subscribe(ctx, s.Observable, 0)
			s.Next(1)
			if len(dropped) != 1 {
				t.Errorf("reported %v, want the panic of the discard hook", dropped)
			}
		})
	}
}

// Whoever gets a nil ctx says so.
func TestNilContext(t *testing.T) {
	o := observable.Of(1)
	var none context.Context
	for name, f := range map[string]func(){
		"Subscribe":      func() { o.Subscribe(none, newProbe[int](1)) },
		"Collect":        func() { _, _ = o.Collect(none) },
		"ForEach":        func() { _ = o.ForEach(none, func(int) error { return nil }) },
		"FirstValue":     func() { _, _ = o.FirstValue(none) },
		"LastValue":      func() { _, _ = o.LastValue(none) },
		"Chan":           func() { o.Chan(none, 1) },
		"ToItems":        func() { observable.ToItems[rxgo.Item](none, o) },
		"ToIterable":     func() { observable.ToIterable[rxgo.Option, rxgo.Item](none, o) },
		"WithInspection": func() { observable.WithInspection(none) },
		"Run":            func() { o.Run(none, observable.Observer[int]{}) },
		"All": func() {
			for range o.All(none) {
				t.Error("a value")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			mustPanicWith(t, "observable: a nil ctx; use context.Background()", f)
		})
	}
}

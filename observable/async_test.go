package observable_test

import (
	"context"
	"testing"

	"github.com/sluicego/sluice/observable"
)

func ExampleAsync() {
	result := observable.NewAsync[string]()
	result.Subscribe(context.Background(), printer[string]{"early"})
	result.Next("draft")
	result.Next("final")
	result.Complete()
	result.Subscribe(context.Background(), printer[string]{"late"})
	// Output:
	// early: final
	// early: done
	// late: final
	// late: done
}

func TestAsync(t *testing.T) {
	s := observable.NewAsync[int]()
	a := subscribe(t.Context(), s.Observable, 1)
	b := subscribe(t.Context(), s.Observable, 0)
	s.Next(1)
	s.Next(2)
	a.expectLive(t)
	s.Complete()
	a.expectComplete(t, 2)
	b.expectLive(t)
	b.up.Request(1)
	b.expectComplete(t, 2)
	late := subscribe(t.Context(), s.Observable, 1)
	late.expectComplete(t, 2)

	empty := observable.NewAsync[int]()
	c := subscribe(t.Context(), empty.Observable, 0)
	empty.Complete()
	c.expectComplete(t)

	failed := observable.NewAsync[int]()
	failed.Next(1)
	d := subscribe(t.Context(), failed.Observable, 1)
	failed.Error(errTest)
	d.expect(t)
	if d.err() == nil {
		t.Error("no error")
	}
}

// Emit waits for nobody's demand: the value is not for anybody yet.
func TestAsyncEmitDoesNotWait(t *testing.T) {
	s := observable.NewAsync[int]()
	p := subscribe(t.Context(), s.Observable, 0)
	for v := range 2 {
		if err := s.Emit(t.Context(), v); err != nil {
			t.Error(err)
		}
	}
	s.Complete()
	p.up.Request(1)
	p.expectComplete(t, 1)
}

func TestAsyncDiscards(t *testing.T) {
	var l ledger
	s := observable.NewAsync[int]()
	early := subscribe(l.context(t.Context()), s.Observable, 0)
	early.up.Cancel() // it has not been owed anything yet
	waits := subscribe(l.context(t.Context()), s.Observable, 0)
	s.Next(1)
	s.Complete()
	waits.up.Cancel()
	l.expect(t, entry{1, observable.DiscardCancel})
	bad := subscribe(l.context(t.Context()), s.Observable, 0)
	bad.up.Request(0)
	expectError[*observable.BadRequestError](t, bad)
	l.expect(t, entry{1, observable.DiscardCancel}, entry{1, observable.DiscardError})
}

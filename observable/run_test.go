package observable_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/google/go-cmp/cmp"

	"github.com/sluicego/sluice/observable"
)

func ExampleObservable_Run() {
	r := observable.Of("a", "b").Run(context.Background(), observable.Observer[string]{
		Next:     func(v string) { fmt.Println(v) },
		Complete: func() { fmt.Println("done") },
	})
	<-r.Done()
	fmt.Println(r.Err())
	// Output:
	// a
	// b
	// done
	// <nil>
}

func ExampleRunning_Request() {
	var r *observable.Running
	started := make(chan struct{})
	r = observable.Range(1, 3).Run(context.Background(), observable.Observer[int]{
		Next: func(v int) {
			<-started
			fmt.Println(v)
			r.Request(1)
		},
		Demand: observable.Manual,
	})
	close(started)
	r.Request(1)
	<-r.Done()
	// Output:
	// 1
	// 2
	// 3
}

func TestRunError(t *testing.T) {
	ctx, errs := dropped(t.Context())
	var got error
	r := failing().Run(ctx, observable.Observer[int]{Error: func(err error) { got = err }})
	<-r.Done()
	if !errors.Is(got, errTest) || !errors.Is(r.Err(), errTest) || len(errs()) != 0 {
		t.Errorf("given %v, Err %v, dropped %v", got, r.Err(), errs())
	}
	r = failing().Run(ctx, observable.Observer[int]{})
	<-r.Done()
	if d := errs(); !errors.Is(r.Err(), errTest) || len(d) != 1 || !errors.Is(d[0], errTest) {
		t.Errorf("Err %v, dropped %v", r.Err(), d)
	}
}

func TestRunDemand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []int
		next := func(v int) { got = append(got, v) }
		r := observable.Range(0, 9).Run(t.Context(), observable.Observer[int]{Next: next, Demand: 2})
		r.Request(1)
		synctest.Wait()
		if diff := cmp.Diff([]int{0, 1, 2}, got); diff != "" || r.Err() != nil {
			t.Errorf("Err %v, values (-want +got):\n%s", r.Err(), diff)
		}
		r.Cancel()
		<-r.Done()
		if !errors.Is(r.Err(), observable.ErrCancelled) {
			t.Errorf("Err %v", r.Err())
		}
		r.Request(1)
		r.Cancel()
		got = nil
		r = observable.Range(0, 9).Run(t.Context(), observable.Observer[int]{Next: next, Error: func(error) {}, Demand: observable.Manual})
		r.Request(0) // perhaps before it is subscribed
		<-r.Done()
		var bad *observable.BadRequestError
		if !errors.As(r.Err(), &bad) || got != nil {
			t.Errorf("Err %v, values %v", r.Err(), got)
		}
	})
	mustPanicWith(t, "observable: Run with a negative Demand (-2); use Manual", func() {
		observable.Never[int]().Run(t.Context(), observable.Observer[int]{Demand: -2})
	})
}

// Done waits for the callback that runs, and Cancel does not.
func TestRunCancelWhileBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := make(chan struct{})
		finished := false
		r := observable.Range(0, 9).Run(t.Context(), observable.Observer[int]{Next: func(int) {
			close(begun)
			<-time.After(time.Second)
			finished = true
		}})
		<-begun
		r.Cancel()
		<-r.Done()
		if !finished || !errors.Is(r.Err(), observable.ErrCancelled) {
			t.Errorf("finished %v, Err %v", finished, r.Err())
		}
	})
}

func TestRunCancelInside(t *testing.T) {
	n := 0
	var r *observable.Running
	started := make(chan struct{})
	r = observable.Range(0, 9).Run(t.Context(), observable.Observer[int]{
		Next: func(int) {
			<-started
			n++
			r.Cancel()
		},
		Complete: func() { t.Error("completed") },
	})
	close(started)
	<-r.Done()
	if n != 1 || !errors.Is(r.Err(), observable.ErrCancelled) {
		t.Errorf("%d values, Err %v", n, r.Err())
	}
}

func TestBehaviour40_Run(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	s := observable.NewSubject[int]()
	r := s.Run(ctx, observable.Observer[int]{})
	cancel(errTest)
	<-r.Done()
	if !errors.Is(r.Err(), errTest) {
		t.Errorf("Err %v", r.Err())
	}
	r = s.Run(ctx, observable.Observer[int]{})
	<-r.Done()
	if !errors.Is(r.Err(), errTest) {
		t.Errorf("Err %v", r.Err())
	}
}

func TestBehaviour29_RunPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, errs := dropped(t.Context())
		boom := func() { panic(errTest) }
		var got error
		for name, observer := range map[string]observable.Observer[int]{
			"Next":     {Next: func(int) { boom() }, Error: func(err error) { got = err }},
			"Complete": {Complete: boom},
			"Error":    {Next: func(int) { boom() }, Error: func(error) { boom() }},
		} {
			r := observable.Range(0, 3).Run(ctx, observer)
			<-r.Done()
			var p *observable.PanicError
			switch {
			case name == "Complete":
				if r.Err() != nil {
					t.Errorf("%s: Err %v", name, r.Err())
				}
			case !errors.As(r.Err(), &p):
				t.Errorf("%s: Err %v", name, r.Err())
			}
		}
		synctest.Wait() // Done comes before the panic of a last callback is reported
		if !errors.Is(got, errTest) || len(errs()) != 2 {
			t.Errorf("given %v, dropped %v", got, errs())
		}
	})
}

// L12: a subscription that was cancelled is not kept alive by its ctx.
func TestRunIsForgottenByTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	kept := func() weak.Pointer[[64]byte] {
		p := new([64]byte)
		r := observable.Never[int]().Run(ctx, observable.Observer[int]{Next: func(int) { _ = p[0] }})
		r.Cancel()
		<-r.Done()
		return weak.Make(p)
	}()
	for range 100 { // the goroutine that subscribes may take a moment to end
		runtime.GC()
		if kept.Value() == nil {
			return
		}
		runtime.Gosched()
	}
	t.Error("the ctx keeps the observer after Cancel")
}

// Behaviour 2: the error says what was requested, also before there is a source.
func TestBehaviour2_RunRequestsTooEarly(t *testing.T) {
	for _, n := range []int64{0, -3} {
		subscribing := make(chan struct{})
		o := observable.Defer(func(context.Context) observable.Observable[int] {
			<-subscribing
			return observable.Never[int]()
		})
		r := o.Run(t.Context(), observable.Observer[int]{Demand: observable.Manual, Error: func(error) {}})
		r.Request(n)
		close(subscribing)
		<-r.Done()
		if bad, ok := errors.AsType[*observable.BadRequestError](r.Err()); !ok || bad.N != n {
			t.Errorf("Request(%d) ended with %v", n, r.Err())
		}
	}
}

package observable_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func ExampleUsing() {
	show(observable.Using(
		func(context.Context) (string, error) {
			fmt.Println("open")
			return "a b c", nil
		},
		func(text string) observable.Observable[string] { return observable.Of(text) },
		func(string) error {
			fmt.Println("close")
			return nil
		},
	))
	// Output:
	// open
	// close
	// [a b c] <nil>
}

// resource makes a Using of o whose close counts and returns err.
func resource(o observable.Observable[int], closed *int, err error) observable.Observable[int] {
	return observable.Using(
		func(context.Context) (int, error) { return 0, nil },
		func(int) observable.Observable[int] { return o },
		func(int) error {
			*closed++
			return err
		},
	)
}

func TestUsing(t *testing.T) {
	errClose := errors.New("close failed")
	ends := map[string]struct {
		src   observable.Observable[int]
		close error
		want  []error
	}{
		"complete":             {observable.Of(1, 2), nil, nil},
		"complete, close":      {observable.Of(1, 2), errClose, []error{errClose}},
		"error":                {failing(), nil, []error{errTest}},
		"error, close":         {failing(), errClose, []error{errTest, errClose}},
		"a source that is new": {observable.Defer(func(context.Context) observable.Observable[int] { return observable.Throw[int](errTest) }), nil, []error{errTest}},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			closed := 0
			_, err := resource(end.src, &closed, end.close).Collect(t.Context())
			if closed != 1 || (err != nil) != (len(end.want) > 0) {
				t.Errorf("closed %d times, error %v", closed, err)
			}
			for _, want := range end.want {
				if !errors.Is(err, want) {
					t.Errorf("error %v, want %v in it", err, want)
				}
			}
		})
	}
}

func TestUsingCancel(t *testing.T) {
	ctx, errs := dropped(t.Context())
	closed := 0
	p := subscribe(ctx, resource(observable.Never[int](), &closed, errTest), 1)
	p.up.Cancel()
	p.up.Cancel()
	if closed != 1 || len(errs()) != 1 || !errors.Is(errs()[0], errTest) {
		t.Errorf("closed %d times, dropped %v", closed, errs())
	}
	closed = 0
	if v, err := resource(observable.Of(1, 2), &closed, nil).FirstValue(t.Context()); v != 1 || err != nil || closed != 1 {
		t.Errorf("%d, %v, closed %d times", v, err, closed)
	}
}

func TestUsingOpenFails(t *testing.T) {
	o := observable.Using(
		func(context.Context) (int, error) { return 0, errTest },
		func(int) observable.Observable[int] { panic("used") },
		func(int) error { panic("closed") },
	)
	if _, err := o.Collect(t.Context()); !errors.Is(err, errTest) {
		t.Errorf("error %v", err)
	}
}

// Behaviour 29: of each of the functions, and of the subscriber.
func TestBehaviour29_UsingPanics(t *testing.T) {
	closed := 0
	uses := func(int) observable.Observable[int] { panic(errTest) }
	p := subscribe(t.Context(), observable.Using(
		func(context.Context) (int, error) { return 0, nil }, uses,
		func(int) error { closed++; return nil }), 1)
	expectError[*observable.PanicError](t, p)

	q := newProbe[int](1)
	q.onNext = func(int) { panic(errTest) }
	resource(observable.Range(0, 3), &closed, nil).Subscribe(t.Context(), q)
	expectError[*observable.PanicError](t, q, 0)
	if closed != 2 {
		t.Errorf("closed %d times", closed)
	}

	r := subscribe(t.Context(), observable.Using(
		func(context.Context) (int, error) { return 0, nil },
		func(int) observable.Observable[int] { return observable.Of(1) },
		func(int) error { panic(errTest) }), 1)
	expectError[*observable.PanicError](t, r, 1)
}

func TestUsingRace(t *testing.T) {
	for range 300 {
		var mu sync.Mutex
		closed := 0
		s := observable.NewSubject[int]()
		p := subscribe(t.Context(), observable.Using(
			func(context.Context) (int, error) { return 0, nil },
			func(int) observable.Observable[int] { return s.Observable },
			func(int) error {
				mu.Lock()
				defer mu.Unlock()
				closed++
				return nil
			}), 1)
		var wg sync.WaitGroup
		wg.Go(p.up.Cancel)
		wg.Go(s.Complete)
		wg.Wait()
		if closed != 1 {
			t.Fatalf("closed %d times", closed)
		}
	}
}

// L11: a panic of subscribing to what use returns closes the resource, whoever
// the subscriber is and however far the subscribing has come.
func TestUsingClosesWhenSubscribingPanics(t *testing.T) {
	wraps := observable.Lift(func(context.Context, observable.Subscriber[int]) observable.Subscriber[int] { panic("boom") })
	hands := observable.Lift(func(_ context.Context, down observable.Subscriber[int]) observable.Subscriber[int] {
		return panicsAfterOnSubscribe{down}
	})
	terminals := map[string]func(observable.Observable[int]){
		"Subscribe": func(o observable.Observable[int]) { subscribe(t.Context(), o, 1) },
		"Collect":   func(o observable.Observable[int]) { _, _ = o.Collect(t.Context()) },
		"All": func(o observable.Observable[int]) {
			for range o.All(t.Context()) {
			}
		},
		"Chan": func(o observable.Observable[int]) {
			values, errs := o.Chan(t.Context(), 1)
			for range values {
			}
			<-errs
		},
	}
	for how, op := range map[string]observable.Operator[int, int]{"before OnSubscribe": wraps, "after OnSubscribe": hands} {
		for name, run := range terminals {
			t.Run(name+"/"+how, func(t *testing.T) {
				closed := 0
				o := observable.Using(
					func(context.Context) (int, error) { return 1, nil },
					func(int) observable.Observable[int] { return op(observable.Never[int]()) },
					func(int) error { closed++; return nil })
				func() {
					defer func() { _ = recover() }()
					run(o)
				}()
				if closed != 1 {
					t.Errorf("closed %d times, want once", closed)
				}
			})
		}
	}
}

type panicsAfterOnSubscribe struct{ observable.Subscriber[int] }

func (p panicsAfterOnSubscribe) OnSubscribe(up observable.Subscription) {
	p.Subscriber.OnSubscribe(up)
	panic("boom")
}

// L16: an error that comes after a cancel goes to the hook.
func TestUsingReportsALateError(t *testing.T) {
	var dropped dropLog
	p := newProbe[int](0)
	panics := operators.Tap(func(int) { p.up.Cancel(); panic("boom") })
	observable.Using(
		func(context.Context) (int, error) { return 1, nil },
		func(int) observable.Observable[int] { return panics(observable.Of(1, 2)) },
		func(int) error { return nil }).Subscribe(dropped.context(), p)
	p.up.Request(1)
	if dropped.len() != 1 {
		t.Errorf("%d errors reported, want 1", dropped.len())
	}
}

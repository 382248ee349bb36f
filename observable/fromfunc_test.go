package observable_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/sluicego/sluice/observable"
)

func ExampleFromFunc() {
	show(observable.FromFunc(func(context.Context) (string, error) { return "answer", nil }))
	show(observable.FromFunc(func(context.Context) (string, error) { return "", errors.New("no answer") }))
	// Output:
	// [answer] <nil>
	// [] no answer
}

func TestFromFunc(t *testing.T) {
	calls := 0
	o := observable.FromFunc(func(context.Context) (int, error) {
		calls++
		return calls, nil
	})
	p := subscribe(t.Context(), o, 0)
	if calls != 0 {
		t.Error("called before the request")
	}
	p.up.Request(1)
	p.expectComplete(t, 1)
	p = subscribe(t.Context(), o, observable.Unbounded)
	p.expectComplete(t, 2)
}

// The ctx of f is done when the subscription is cancelled, and what f returns
// then is accounted for.
func TestFromFuncCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, result := range []error{nil, context.Canceled, errTest} {
			var l ledger
			ctx, errs := dropped(l.context(t.Context()))
			p := newProbe[int](0)
			observable.FromFunc(func(ctx context.Context) (int, error) {
				<-ctx.Done()
				return 1, result
			}).Subscribe(ctx, p)
			go p.up.Request(1)
			synctest.Wait()
			p.up.Cancel()
			synctest.Wait()
			p.expectLive(t)
			if result == nil {
				l.expect(t, entry{1, observable.DiscardLate})
			} else {
				l.expect(t)
			}
			if got := errs(); len(got) != 0 != errors.Is(result, errTest) {
				t.Errorf("returned %v, dropped %v", result, got)
			}
		}
	})
}

func TestFromFuncFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProbe[int](0)
		observable.FromFunc(func(ctx context.Context) (int, error) {
			<-ctx.Done()
			return 1, nil
		}).Subscribe(t.Context(), p)
		go p.up.Request(1)
		synctest.Wait()
		p.up.Request(0)
		<-p.done
		expectError[*observable.BadRequestError](t, p)
	})
}

func TestBehaviour29_FromFuncPanics(t *testing.T) {
	p := subscribe(t.Context(), observable.FromFunc(func(context.Context) (int, error) { panic(errTest) }), 1)
	expectError[*observable.PanicError](t, p)
}

func TestBehaviour2_FromFunc(t *testing.T) {
	p := newProbe[int](1)
	p.onNext = func(int) { p.up.Request(-1) }
	observable.FromFunc(func(context.Context) (int, error) { return 1, nil }).Subscribe(t.Context(), p)
	expectError[*observable.BadRequestError](t, p, 1)
}

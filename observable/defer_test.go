package observable_test

import (
	"context"
	"testing"

	"github.com/sluicego/sluice/observable"
)

func ExampleDefer() {
	calls := 0
	o := observable.Defer(func(context.Context) observable.Observable[int] {
		calls++
		return observable.Of(calls)
	})
	show(o)
	show(o)
	// Output:
	// [1] <nil>
	// [2] <nil>
}

type ctxKey struct{}

func TestDeferContext(t *testing.T) {
	ctx := context.WithValue(t.Context(), ctxKey{}, 7)
	o := observable.Defer(func(ctx context.Context) observable.Observable[any] { return observable.Of(ctx.Value(ctxKey{})) })
	if v, err := o.FirstValue(ctx); v != 7 || err != nil {
		t.Errorf("%v, %v", v, err)
	}
}

func TestBehaviour29_DeferPanics(t *testing.T) {
	p := subscribe(t.Context(), observable.Defer(func(context.Context) observable.Observable[int] { panic(errTest) }), 1)
	expectError[*observable.PanicError](t, p)
}

package marbles_test

import (
	"context"
	"strings"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// careless asks its source for one value, whatever is requested.
type careless struct {
	observable.Subscriber[int]
	up    observable.Subscription
	asked bool
}

func (f *careless) OnSubscribe(up observable.Subscription) {
	f.up = up
	f.Subscriber.OnSubscribe(f)
}

func (f *careless) Request(int64) {
	if !f.asked {
		f.asked = true
		f.up.Request(1)
	}
}

func (f *careless) Cancel() { f.up.Cancel() }

func Careless(src observable.Observable[int]) observable.Observable[int] {
	return observable.Lift(func(_ context.Context, down observable.Subscriber[int]) observable.Subscriber[int] {
		return &careless{Subscriber: down}
	})(src)
}

func TestNoStall(t *testing.T) {
	for name, tt := range map[string]struct {
		op   observable.Operator[int, int]
		want string
	}{
		"all is well":       {operators.Take[int](100), ""},
		"a request is lost": {Careless, "marbles: NoStall: sluice: nothing has moved: Careless has been asked for values (2), but it asks its sources for nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, in := observable.WithInspection(context.Background())
			sub := marbles.NewTestSubscriber[int](t, 3)
			src := marbles.NewTestSource[int]() // silent after its first value
			observable.Pipe2(src.Observable, operators.Map(func(v int) int { return v }), tt.op).Subscribe(ctx, sub.Outside())
			src.Next(1)
			tb := &recordedTB{TB: t}
			marbles.NoStall(tb, in)
			if got := tb.finish(); tt.want == "" && got != "" || !strings.HasPrefix(got, tt.want) {
				t.Errorf("NoStall says %q, want %q", got, tt.want)
			}
		})
	}
}

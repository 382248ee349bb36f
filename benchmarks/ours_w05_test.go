package benchmarks_test

import (
	"context"
	"testing"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// oursW5 has subscribers such as the operators are, and such as users write,
// which are behind a gate.
func oursW5(b *testing.B, subscribers int) {
	b.Helper()
	ctx := context.Background()
	subject := observable.NewSubject[int]()
	fanOut(b, "ours", subscribers, func(sum *int) {
		subject.Subscribe(ctx, &linkedAdder{adder: adder{sum}})
	}, subject.Next)

	subject = observable.NewSubject[int]()
	fanOut(b, "ours-subscriber", subscribers, func(sum *int) {
		subject.Subscribe(ctx, &adder{sum})
	}, subject.Next)
}

// An adder is a subscriber that takes everything and adds it to a sum.
type adder struct{ sum *int }

func (*adder) OnSubscribe(up observable.Subscription) { up.Request(observable.Unbounded) }
func (a *adder) OnNext(v int)                         { *a.sum += v }
func (*adder) OnError(err error)                      { panic(err) }
func (*adder) OnComplete()                            {}

// A linkedAdder has the private agreements of the library.
type linkedAdder struct {
	link.Inside
	adder
}

func (l *linkedAdder) NextFunc() func(int) bool {
	sum := l.sum
	return func(v int) bool {
		*sum += v
		return true
	}
}

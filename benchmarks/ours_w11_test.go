package benchmarks_test

import (
	"context"
	"testing"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func oursW11(b *testing.B) {
	b.Helper()
	retained(b, "ours", func(live int, seen *int) (emit func(int), end func()) {
		subject := observable.NewSubject[int]()
		pipe := observable.Pipe2(subject.Observable, operators.Map(inc), operators.Filter(positive))
		for range live {
			pipe.Subscribe(context.Background(), &adder{seen})
		}
		return subject.Next, subject.Complete
	})
}

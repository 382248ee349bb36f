package conformance_test

import (
	"context"
	"testing"

	"github.com/sluicego/sluice/marbles/conformance"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func ExampleSource() { //nolint:testableexamples // it takes a *testing.T
	test := func(t *testing.T) {
		conformance.Source(t, conformance.SourceConfig[int]{
			New: func(n int64) observable.Observable[int] { return observable.Range(0, int(n)) },
		})
	}
	_ = test // is a Test function
}

func ExampleOperator() { //nolint:testableexamples // it takes a *testing.T
	test := func(t *testing.T) {
		conformance.Operator(t, conformance.OperatorConfig[int, int]{
			Op:       operators.Map(func(n int) int { return n }),
			Element:  func(i int) int { return i },
			Identity: true,
		})
	}
	_ = test
}

func ExampleSubject() { //nolint:testableexamples // it takes a *testing.T
	test := func(t *testing.T) {
		conformance.Subject(t, conformance.SubjectConfig[int]{
			New:     func() conformance.Pusher[int] { return observable.NewSubject[int]() },
			Element: func(i int) int { return i },
		})
	}
	_ = test
}

func ExampleSubscriber() { //nolint:testableexamples // it takes a *testing.T
	test := func(t *testing.T) {
		conformance.Subscriber(t, conformance.SubscriberConfig[int]{
			Attach: func(ctx context.Context, src observable.Observable[int], p *conformance.Probe[int]) {
				if err := src.ForEach(ctx, func(n int) error { p.Next(n); return nil }); err != nil {
					p.Error(err)
				} else {
					p.Complete()
				}
			},
			Element: func(i int) int { return i },
		})
	}
	_ = test
}

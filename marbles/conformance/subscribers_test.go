package conformance_test

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/internal/rxgo"
	"github.com/sluicego/sluice/marbles/conformance"
	"github.com/sluicego/sluice/observable"
)

type probe = conformance.Probe[int]

// over tells the probe how a terminal has ended.
func over(ctx context.Context, p *probe, err error) {
	switch {
	case ctx.Err() != nil:
	case err != nil:
		p.Error(err)
	default:
		p.Complete()
	}
}

// terminals are all of package observable, and the Requester.
var terminals = map[string]conformance.SubscriberConfig[int]{
	"ForEach": {Attach: func(ctx context.Context, src ints, p *probe) {
		over(ctx, p, src.ForEach(ctx, func(v int) error { p.Next(v); return nil }))
	}},
	"Collect": {Attach: func(ctx context.Context, src ints, p *probe) {
		values, err := src.Collect(ctx)
		for _, v := range values {
			p.Next(v)
		}
		over(ctx, p, err)
	}},
	"LastValue": {Attach: func(ctx context.Context, src ints, p *probe) {
		_, err := src.LastValue(ctx)
		if errors.Is(err, observable.ErrEmpty) {
			err = nil
		}
		over(ctx, p, err)
	}, Skip: because("it gives the last value only", "2.01_AsksForValues", "2.05_RefusesASecondSubscription")},
	"FirstValue": {Attach: func(ctx context.Context, src ints, p *probe) {
		v, err := src.FirstValue(ctx)
		if err == nil {
			p.Next(v)
		}
		if errors.Is(err, observable.ErrEmpty) {
			err = nil
		}
		over(ctx, p, err)
	}, Skip: because("it cancels when it has its value", "2.05_RefusesASecondSubscription")},
	"All": {Attach: func(ctx context.Context, src ints, p *probe) {
		for v, err := range src.All(ctx) {
			if err != nil {
				over(ctx, p, err)
				return
			}
			p.Next(v)
		}
		over(ctx, p, nil)
	}},
	"Chan": {Attach: func(ctx context.Context, src ints, p *probe) {
		values, errs := src.Chan(ctx, 2)
		for v := range values {
			p.Next(v)
		}
		over(ctx, p, <-errs)
	}, Skip: because("the one who receives is not called by it", "2.13_PanicIsContained")},
	"Run": {Attach: func(ctx context.Context, src ints, p *probe) {
		r := src.Run(ctx, observable.Observer[int]{Next: p.Next, Demand: observable.Manual})
		p.Control(r.Request, r.Cancel)
		r.Request(3)
		<-r.Done()
		if err := r.Err(); !errors.Is(err, observable.ErrCancelled) {
			over(ctx, p, err)
		}
	}},
	"ToItems": {Attach: func(ctx context.Context, src ints, p *probe) {
		for item := range observable.ToItems[rxgo.Item](ctx, src) {
			if item.E != nil {
				over(ctx, p, item.E)
				return
			}
			p.Next(item.V.(int))
		}
		over(ctx, p, nil)
	}, Skip: because("the one who receives is not called by it", "2.13_PanicIsContained")},
	"ToIterable": {Attach: func(ctx context.Context, src ints, p *probe) {
		for item := range observable.ToIterable[any, rxgo.Item](ctx, src).Observe() {
			if item.E != nil {
				over(ctx, p, item.E)
				return
			}
			p.Next(item.V.(int))
		}
		over(ctx, p, nil)
	}, Skip: because("the one who receives is not called by it", "2.13_PanicIsContained")},
	"Requester": {
		New: func(p *probe) observable.Subscriber[int] {
			r := backpressure.NewRequester[int]()
			p.Control(r.Request, r.Cancel)
			go take(r, p)
			return r
		},
		TriggerRequest: func(s observable.Subscriber[int]) { s.(*backpressure.Requester[int]).Request(1) },
	},
}

// take takes everything out of a Requester.
func take(r *backpressure.Requester[int], p *probe) {
	for {
		switch v, err := r.Take(p.Context()); {
		case err == nil:
			p.Next(v)
		case errors.Is(err, io.EOF):
			p.Complete()
			return
		case errors.Is(err, backpressure.ErrCancelled):
			return
		default:
			over(p.Context(), p, err)
			return
		}
	}
}

func TestTerminals(t *testing.T) {
	for name, c := range terminals {
		c.Element = func(i int) int { return i + 1 }
		t.Run(name, func(t *testing.T) { conformance.Subscriber(t, c) })
	}
}

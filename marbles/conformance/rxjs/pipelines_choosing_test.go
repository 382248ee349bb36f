package rxjs_test

import (
	"errors"
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

type intOp = observable.Operator[int, int]

// matching is first and last with a predicate.
func (b *bench) matching() numbers {
	if b.Pred == nil {
		return b.source()
	}
	return operators.Filter(b.Pred.pred())(operators.Tap(func(int) { b.produced = true })(b.source()))
}

var errNotFound = failure("NotFoundError")

// orNull emits null, RxJS's undefined, in the place of no value.
func orNull[T any](o observable.Observable[T]) observable.Observable[*T] {
	return operators.DefaultIfEmpty[*T](nil)(operators.Map(func(v T) *T { return &v })(o))
}

var choosing = map[string]pipeline{
	"filter":   on(func(b *bench) intOp { return operators.Filter(b.Pred.pred()) }),
	"take":     on(func(b *bench) intOp { return operators.Take[int](b.N) }),
	"takeLast": on(func(b *bench) intOp { return operators.TakeLast[int](b.N) }),
	"takeWhile": on(func(b *bench) intOp {
		if b.Inclusive {
			return operators.TakeWhile(b.Pred.pred(), operators.Inclusive)
		}
		return operators.TakeWhile(b.Pred.pred())
	}),
	"takeUntil": on(func(b *bench) intOp { return operators.TakeUntil[int](b.other()) }),
	"skip":      on(func(b *bench) intOp { return operators.Skip[int](b.N) }),
	"skipLast":  on(func(b *bench) intOp { return operators.SkipLast[int](b.N) }),
	"skipWhile": on(func(b *bench) intOp { return operators.SkipWhile(b.Pred.pred()) }),
	"skipUntil": on(func(b *bench) intOp { return operators.SkipUntil[int](b.other()) }),
	"first": ints(func(b *bench) numbers {
		if b.Default != nil {
			return operators.FirstOr(*b.Default)(b.matching())
		}
		return operators.First(b.matching())
	}),
	"last": ints(func(b *bench) numbers {
		if b.Default != nil {
			return operators.LastOr(*b.Default)(b.matching())
		}
		return operators.Last(b.matching())
	}),
	"single": ints(func(b *bench) numbers {
		// RxJS tells a source without values from one without the value.
		found := operators.Single(b.matching())
		return operators.Catch(func(err error) numbers {
			if errors.Is(err, observable.ErrEmpty) && b.produced {
				err = errNotFound
			}
			return observable.Throw[int](err)
		})(found)
	}),
	"elementAt": ints(func(b *bench) numbers {
		if b.Default != nil {
			return operators.ElementAtOr(b.I, *b.Default)(b.source())
		}
		return operators.ElementAt[int](b.I)(b.source())
	}),
	"find": of(func(b *bench) observable.Observable[*int] {
		return orNull(operators.Find(b.Pred.pred())(b.source()))
	}),
	"findIndex":      on(func(b *bench) intOp { return operators.FindIndex(b.Pred.pred()) }),
	"ignoreElements": on(func(*bench) intOp { return operators.IgnoreElements[int] }),
	"distinct":       on(func(b *bench) intOp { return operators.DistinctBy(b.Key.unary()) }),
	"distinctFlush": on(func(b *bench) intOp {
		return operators.DistinctBy(b.Key.unary(), operators.FlushWhen(b.other()))
	}),
	"distinctUntilChanged":    on(func(b *bench) intOp { return operators.DistinctUntilChangedFunc(b.Eq.eq()) }),
	"distinctUntilKeyChanged": on(func(b *bench) intOp { return operators.DistinctUntilChangedBy(b.Key.unary()) }),
}

// edges are the options of throttle, of the type that is wanted. With neither
// edge RxJS's emits nothing, which ours does not offer.
func edges[O any](b *bench) (opts []O) {
	if b.Leading {
		opts = append(opts, any(backpressure.Leading).(O))
	}
	if b.Trailing {
		opts = append(opts, any(backpressure.Trailing).(O))
	}
	return opts
}

// muted is op without its values if it has no edges.
func (b *bench) muted(op intOp) intOp {
	if b.Leading || b.Trailing {
		return op
	}
	return observable.Compose2(op, operators.IgnoreElements[int])
}

var timing = map[string]pipeline{
	"debounceTime": on(func(b *bench) intOp { return backpressure.Debounce[int](ms(b.Due)) }),
	"debounce":     on(func(b *bench) intOp { return backpressure.DebounceWhen(b.inners(b.Inner)) }),
	"throttleTime": on(func(b *bench) intOp {
		return b.muted(backpressure.Throttle[int](ms(b.Due), edges[backpressure.ThrottleOption](b)...))
	}),
	"throttle": on(func(b *bench) intOp {
		return b.muted(backpressure.ThrottleWhen(b.inners(b.Inner), edges[backpressure.ThrottleWhenOption](b)...))
	}),
	"auditTime":  on(func(b *bench) intOp { return backpressure.Audit[int](ms(b.Due)) }),
	"audit":      on(func(b *bench) intOp { return backpressure.AuditWhen(b.inners(b.Inner)) }),
	"sampleTime": on(func(b *bench) intOp { return backpressure.Sample[int](ms(*b.Period)) }),
	"sample":     on(func(b *bench) intOp { return backpressure.SampleWhen[int](b.other()) }),

	"delay":     on(func(b *bench) intOp { return operators.Delay[int](ms(b.Due)) }),
	"delayWhen": on(func(b *bench) intOp { return operators.DelayWhen(b.inners(b.Inner)) }),
	"delayWhenSub": on(func(b *bench) intOp {
		return func(src numbers) numbers {
			return operators.DelayWhen(b.inners(b.Inner))(operators.DelaySubscriptionWhen[int](b.other())(src))
		}
	}),
	"timeout": on(func(b *bench) intOp {
		d, opts := b.deadlines()
		return operators.Timeout[int](d, opts...)
	}),
	"timeoutWith": on(func(b *bench) intOp {
		d, opts := b.deadlines()
		return operators.TimeoutWith(d, b.other(), opts...)
	}),
	// RxJS's observeOn delays errors, too.
	"observeOn": on(func(b *bench) intOp {
		return func(src numbers) numbers {
			signals := operators.Materialize(src)
			return operators.Dematerialize(operators.Delay[operators.Notification[int]](ms(b.args.Delay))(signals))
		}
	}),
	"subscribeOn": on(func(b *bench) intOp { return operators.DelaySubscription[int](ms(b.args.Delay)) }),
}

// deadlines are the arguments of timeout.
func (b *bench) deadlines() (time.Duration, []operators.TimeoutOption) {
	switch {
	case b.Each == nil:
		return ms(*b.First), []operators.TimeoutOption{operators.FirstOnly}
	case b.First == nil:
		return ms(*b.Each), nil
	}
	return ms(*b.Each), []operators.TimeoutOption{operators.FirstWithin(ms(*b.First))}
}

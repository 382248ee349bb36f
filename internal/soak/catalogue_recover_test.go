package soak_test

import (
	"time"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// recovering are the operators that go on with another observable, or with the
// same one again.
var recovering = []entry{
	{"Catch", func(b *builder) operator {
		o := b.other()
		return recovery(b, operators.Catch(func(error) stream { return o }, b.panicsToo()...))
	}},
	{"CatchValue", func(b *builder) operator {
		return recovery(b, operators.CatchValue(b.spare(1)[0], b.panicsToo()...))
	}},
	{"OnErrorResumeNextWith", func(b *builder) operator { return recovery(b, operators.OnErrorResumeNextWith(b.other())) }},
	{"Retry", func(b *builder) operator {
		var opts []operators.RetryOption
		switch b.choose("", "Backoff", "Backoff of nothing", "RetryIf") {
		case "Backoff":
			min := b.span()
			opts = append(opts, operators.Backoff(min, min+time.Duration(b.between(0, 8))*ms, operators.Jitter(0.5)))
		case "Backoff of nothing":
			opts = append(opts, operators.Backoff(0, 0))
		case "RetryIf":
			opts = append(opts, operators.RetryIf(func(error) bool { return true }))
		}
		return recovery(b, operators.Retry[*value](b.between(0, 3), opts...))
	}},
	{"RetryAfter", func(b *builder) operator {
		soon := b.timers()
		return recovery(b, operators.RetryAfter[*value](func(_ error, n int) observable.Observable[int] {
			if n > 2 {
				return observable.Empty[int]()
			}
			return soon()
		}))
	}},
	{"RetryWhen", func(b *builder) operator {
		n, d := b.between(0, 2), b.span()
		return recovery(b, operators.RetryWhen[*value](func(errs observable.Observable[error]) observable.Observable[error] {
			return operators.Delay[error](d)(operators.Take[error](n)(errs))
		}, b.panicsToo()...))
	}},
	{"Repeat", func(b *builder) operator { return operators.Repeat[*value](b.between(0, 3)) }},
	{"RepeatAfter", func(b *builder) operator {
		soon := b.timers()
		return operators.RepeatAfter[*value](func(n int) observable.Observable[int] {
			if n > 2 {
				return observable.Empty[int]()
			}
			return soon()
		})
	}},
	{"RepeatWhen", func(b *builder) operator {
		n := b.between(0, 2)
		return operators.RepeatWhen[*value](func(ends observable.Observable[struct{}]) observable.Observable[struct{}] {
			return operators.Take[struct{}](n)(ends)
		})
	}},
	{"While", func(b *builder) operator {
		var turn turns
		return operators.While[*value](func() bool { return turn.next()%3 < 2 })
	}},
	{"DoWhile", func(b *builder) operator {
		var turn turns
		return operators.DoWhile[*value](func() bool { return turn.next()%3 < 2 })
	}},
	{"Timeout", func(b *builder) operator { return operators.Timeout[*value](4*b.span(), b.deadlines()...) }},
	{"TimeoutWith", func(b *builder) operator {
		return operators.TimeoutWith(3*b.span(), b.other(), b.deadlines()...)
	}},
}

// recovery is for an operator that takes errors in.
func recovery(b *builder, op operator) operator {
	b.w.recovers = true
	return op
}

// deadlines draws which values have to come in time.
func (b *builder) deadlines() []operators.TimeoutOption {
	switch b.choose("", "", "FirstOnly", "FirstWithin") {
	case "FirstOnly":
		return []operators.TimeoutOption{operators.FirstOnly}
	case "FirstWithin":
		return []operators.TimeoutOption{operators.FirstWithin(b.span())}
	}
	return nil
}

package soak_test

import (
	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// timing are the operators that let time pass, or change where work is done.
var timing = []entry{
	{"Delay", func(b *builder) operator { return operators.Delay[*value](b.span(), b.on()...) }},
	{"DelayWhen", func(b *builder) operator {
		return operators.DelayWhen(b.signals(), operators.Concurrency(b.between(1, 5)))
	}},
	{"DelaySubscription", func(b *builder) operator { return operators.DelaySubscription[*value](b.span(), b.on()...) }},
	{"DelaySubscriptionWhen", func(b *builder) operator { return operators.DelaySubscriptionWhen[*value](b.timers()()) }},
	{"ObserveOn", func(b *builder) operator {
		if b.rarely(2, "Prefetch") {
			return operators.ObserveOn[*value](b.w.clock, operators.Prefetch(b.between(1, 6)))
		}
		return operators.ObserveOn[*value](b.w.clock)
	}},
	{"SubscribeOn", func(b *builder) operator { return operators.SubscribeOn[*value](b.w.clock) }},
	{"UnsubscribeOn", func(b *builder) operator { return operators.UnsubscribeOn[*value](b.w.clock) }},
	{"Debounce", func(b *builder) operator { return backpressure.Debounce[*value](b.span(), b.on()...) }},
	{"DebounceWhen", func(b *builder) operator { return backpressure.DebounceWhen(b.signals()) }},
	{"Throttle", func(b *builder) operator {
		d, edges := b.span(), b.edges()
		return backpressure.Throttle[*value](d, edges)
	}},
	{"ThrottleWhen", func(b *builder) operator {
		f, edges := b.signals(), b.edges()
		return backpressure.ThrottleWhen(f, edges)
	}},
	{"Audit", func(b *builder) operator { return backpressure.Audit[*value](b.span(), b.on()...) }},
	{"AuditWhen", func(b *builder) operator { return backpressure.AuditWhen(b.signals()) }},
	{"Sample", func(b *builder) operator { return backpressure.Sample[*value](b.span(), b.on()...) }},
	{"SampleWhen", func(b *builder) operator { return backpressure.SampleWhen[*value](b.notifier()) }},
}

// edges draws which values a throttle lets pass.
func (b *builder) edges() backpressure.Edge {
	switch b.choose("Leading", "Trailing", "both") {
	case "Leading":
		return backpressure.Leading
	case "Trailing":
		return backpressure.Trailing
	}
	return backpressure.Leading | backpressure.Trailing
}

// pressing are the operators for a demand that is less than what comes.
var pressing = []entry{
	{"LimitRate", func(b *builder) operator {
		high := b.between(1, 10)
		return backpressure.LimitRate[*value](high, b.between(0, high-1))
	}},
	{"OnBackpressureBuffer", func(b *builder) operator {
		opts := []backpressure.BufferOption{b.overflow()}
		capacity := b.between(1, 20)
		if b.rarely(3, "TTL") {
			opts = append(opts, backpressure.TTL(b.span()))
		}
		if b.rarely(3, "FailFast") {
			opts = append(opts, backpressure.FailFast)
		}
		if b.rarely(3, "OnOverflow") {
			opts = append(opts, backpressure.OnOverflow(func(*value) {}))
		}
		return backpressure.OnBackpressureBuffer[*value](capacity, opts...)
	}},
	{"OnBackpressureBuffer, unlimited", func(*builder) operator {
		return backpressure.OnBackpressureBuffer[*value](0, backpressure.Unlimited)
	}},
	{"OnBackpressureDrop", func(*builder) operator { return backpressure.OnBackpressureDrop[*value]() }},
	{"OnBackpressureLatest", func(*builder) operator { return backpressure.OnBackpressureLatest[*value]() }},
	{"OnBackpressureError", func(*builder) operator { return backpressure.OnBackpressureError[*value] }},
	{"OnBackpressureReduce", func(*builder) operator {
		return backpressure.OnBackpressureReduce(func(acc, v *value) *value {
			acc.consume()
			return v
		})
	}},
	{"SubscribeOn, OnBackpressureBlock", func(b *builder) operator {
		// The goroutine that emits has to be one that may wait.
		n := b.between(1, 5)
		if b.w.clock.close != nil {
			b.note("left out")
			return itself
		}
		return func(src stream) stream {
			return backpressure.OnBackpressureBlock[*value](n)(operators.SubscribeOn[*value](scheduler.Default)(src))
		}
	}},
	{"Pace", func(b *builder) operator {
		return backpressure.Pace[*value](float64(100*b.between(1, 10)), b.between(1, 5), b.on()...)
	}},
	{"SampleFraction", func(b *builder) operator {
		return backpressure.SampleFraction[*value](float64(b.between(0, 4)) / 4)
	}},
	{"BufferTimeout", func(b *builder) operator {
		return spread(backpressure.BufferTimeout[*value](b.between(1, 5), b.span(), b.on()...))
	}},
	{"AdaptiveLimit", func(b *builder) operator {
		floor := b.between(1, 4)
		return backpressure.AdaptiveLimit[*value](b.span(), backpressure.Window(floor, floor+b.between(0, 20)))
	}},
	{"FairMerge", func(b *builder) operator {
		o, most, weight := b.other(), b.between(1, 20), b.between(1, 3)
		var opts []backpressure.BulkheadOption
		if b.rarely(3, "Isolate") {
			opts = append(opts, backpressure.Isolate(saw))
		}
		return func(src stream) stream {
			return backpressure.FairMerge(
				backpressure.Bulkhead(src, most, append(opts, backpressure.Weight(weight))...),
				backpressure.Bulkhead(o, most))
		}
	}},
	{"Meter", func(*builder) operator { return backpressure.Meter[*value]("soak, anywhere") }},
}

// overflow draws what becomes of a value that finds a buffer full.
func (b *builder) overflow() backpressure.Overflow {
	os := []backpressure.Overflow{backpressure.Fail, backpressure.DropOldest, backpressure.DropNewest, backpressure.ReplaceNewest}
	o := os[b.r.IntN(len(os))]
	b.note("%v", o)
	return o
}

package soak_test

import (
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// flattening are the operators that subscribe to what they make of values.
var flattening = []entry{
	{"ConcatMap", func(b *builder) operator { return operators.ConcatMap(b.inner()) }},
	{"MergeMap", func(b *builder) operator { return operators.MergeMap(b.inner(), b.concurrency()...) }},
	{"ConcatMapEager", func(b *builder) operator { return operators.ConcatMapEager(b.inner(), b.concurrency()...) }},
	{"SwitchMap", func(b *builder) operator { return operators.SwitchMap(b.inner()) }},
	{"ExhaustMap", func(b *builder) operator { return operators.ExhaustMap(b.inner()) }},
	{"MergeScan", func(b *builder) operator {
		f := b.inner()
		return operators.MergeScan(nil, func(_, v *value) stream { return f(v) }, b.concurrency()...)
	}},
	{"SwitchScan", func(b *builder) operator {
		f := b.inner()
		return operators.SwitchScan(nil, func(_, v *value) stream { return f(v) })
	}},
	{"Expand", func(b *builder) operator {
		spawns := b.rarely(2, "ObserveOn")
		return operators.Expand(func(v *value) stream {
			switch {
			case v.id%4 == 0: // its child may have children, but not for ever
				return operators.Filter(odd)(fresh[int](b.w)(observable.Of(0)))
			case spawns:
				return operators.ObserveOn[*value](b.w.clock)(observable.Empty[*value]())
			default:
				return observable.Empty[*value]()
			}
		}, b.concurrency()...)
	}},
	{"MergeAll", func(b *builder) operator { return flattened(b, operators.MergeAll[*value]) }},
	{"ConcatAll", func(b *builder) operator { return flattened(b, operators.ConcatAll[*value]) }},
	{"SwitchAll", func(b *builder) operator { return flattened(b, operators.SwitchAll[*value]) }},
	{"ExhaustAll", func(b *builder) operator { return flattened(b, operators.ExhaustAll[*value]) }},
	{"ZipAll", func(b *builder) operator { return gathered(b, operators.ZipAll[*value]) }},
	{"CombineLatestAll", func(b *builder) operator { return gathered(b, operators.CombineLatestAll[*value]) }},
	{"Flatten", func(b *builder) operator {
		k := b.between(0, 3)
		return func(src stream) stream {
			return operators.Flatten(operators.Map(func(v *value) []*value {
				v.consume()
				vs := make([]*value, k)
				for i := range vs {
					vs[i] = b.w.produce()
				}
				return vs
			})(src))
		}
	}},
}

// concurrency draws how many inner observables may run, and how far ahead.
func (b *builder) concurrency() (opts []operators.FlattenOption) {
	if b.r.IntN(2) == 0 {
		opts = append(opts, operators.Concurrency(b.between(1, 5)))
	}
	if b.r.IntN(3) == 0 {
		opts = append(opts, operators.Prefetch(b.between(1, 6)))
	}
	return opts
}

// flattened makes observables of the values, and flattens these.
func flattened(b *builder, op observable.Operator[stream, *value]) operator {
	f := b.inner()
	return func(src stream) stream { return op(operators.Map(f)(src)) }
}

// gathered does so for an operator that waits for all of them.
func gathered(b *builder, op observable.Operator[stream, []*value]) operator {
	f := b.inner()
	return func(src stream) stream {
		inners := operators.Map(func(v *value) stream { return b.multiplying(f(v)) })(operators.Take[*value](5)(src))
		return fresh[[]*value](b.w)(op(inners))
	}
}

// cuttingUp are the operators that cut the source into slices, windows and
// groups. These are put together again.
var cuttingUp = []entry{
	{"Buffer", func(b *builder) operator { return spread(operators.Buffer[*value](b.between(1, 5))) }},
	{"Buffer, with Step", func(b *builder) operator {
		return renewing(b, operators.Buffer[*value](b.between(1, 5), operators.Step(b.between(1, 5))))
	}},
	{"BufferTime", func(b *builder) operator { return spread(operators.BufferTime[*value](b.span(), b.most()...)) }},
	{"BufferTime, with Period", func(b *builder) operator {
		return renewing(b, operators.BufferTime[*value](b.span(), append(b.most(), operators.Period(b.span()))...))
	}},
	{"BufferWhen", func(b *builder) operator { return spread(operators.BufferWhen[*value](b.notifier())) }},
	{"BufferUntil", func(b *builder) operator { return spread(operators.BufferUntil[*value](b.timers())) }},
	{"BufferToggle", func(b *builder) operator {
		until := b.timers()
		return renewing(b, operators.BufferToggle[*value](b.notifier(), func(int) observable.Observable[int] { return until() }))
	}},
	{"Window", func(b *builder) operator {
		return merged(b, operators.Window[*value](b.between(1, 5), operators.Prefetch(b.between(1, 6))))
	}},
	{"Window, with Step", func(b *builder) operator {
		return overlapping(b, operators.Window[*value](b.between(1, 5), operators.Step(b.between(1, 5))))
	}},
	{"WindowTime", func(b *builder) operator { return merged(b, operators.WindowTime[*value](b.span(), b.most()...)) }},
	{"WindowTime, with Period", func(b *builder) operator {
		return overlapping(b, operators.WindowTime[*value](b.span(), append(b.most(), operators.Period(b.span()))...))
	}},
	{"WindowWhen", func(b *builder) operator { return merged(b, operators.WindowWhen[*value](b.notifier())) }},
	{"WindowUntil", func(b *builder) operator { return merged(b, operators.WindowUntil[*value](b.timers())) }},
	{"WindowToggle", func(b *builder) operator {
		until := b.timers()
		return overlapping(b, operators.WindowToggle[*value](b.notifier(), func(int) observable.Observable[int] { return until() }))
	}},
	{"GroupBy", func(b *builder) operator {
		keys := int64(b.between(1, 4))
		var opts []operators.GroupOption
		switch b.choose("", "EvictOldest", "DropNewGroups", "GroupUntil") {
		case "EvictOldest":
			opts = append(opts, operators.MaxGroups(b.between(1, 3)), operators.EvictOldest)
		case "DropNewGroups":
			opts = append(opts, operators.MaxGroups(b.between(1, 3)), operators.DropNewGroups)
		case "GroupUntil":
			until := b.timers()
			opts = append(opts, operators.GroupUntil(func(operators.Group[int, *value]) observable.Observable[int] { return until() }))
		}
		if b.rarely(2, "Prefetch") {
			opts = append(opts, operators.Prefetch(b.between(1, 6)))
		}
		groups := operators.GroupBy(func(v *value) int { return int(v.id % keys) }, opts...)
		return func(src stream) stream {
			return operators.MergeMap(func(g operators.Group[int, *value]) stream { return g.Observable })(groups(src))
		}
	}},
}

// spread puts slices together again.
func spread(op observable.Operator[*value, []*value]) operator {
	return func(src stream) stream { return operators.Flatten(op(src)) }
}

// merged puts windows together again, in some way.
func merged(b *builder, op observable.Operator[*value, stream]) operator {
	var flatten observable.Operator[stream, *value]
	switch b.choose("MergeMap", "ConcatMap", "MergeAll", "ConcatMapEager") {
	case "MergeMap":
		flatten = operators.MergeMap(itself, b.concurrency()...)
	case "ConcatMap":
		flatten = operators.ConcatMap(itself)
	case "MergeAll":
		flatten = operators.MergeAll[*value]
	default:
		flatten = operators.ConcatMapEager(itself, b.concurrency()...)
	}
	return func(src stream) stream { return flatten(op(src)) }
}

func itself(o stream) stream { return o }

// overlapping is for windows that may share values.
func overlapping(b *builder, op observable.Operator[*value, stream]) operator {
	return renewing(b, merged(b, op))
}

// most draws how many values a slice or a window of some time may have.
func (b *builder) most() (opts []operators.SpanOption) {
	if b.rarely(2, "AtMost") {
		opts = append(opts, operators.AtMost(b.between(1, 4)))
	}
	return opts
}

// timers draws a function that gives observables which soon emit or complete.
func (b *builder) timers() func() observable.Observable[int] {
	d, completes := b.span(), b.rarely(4, "completes")
	return func() observable.Observable[int] {
		if completes {
			return operators.IgnoreElements(observable.Timer(d))
		}
		return observable.Timer(d)
	}
}

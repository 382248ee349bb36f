package soak_test

import (
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// joining are the operators that bring the source and others together.
var joining = []entry{
	{"MergeWith", func(b *builder) operator { return operators.MergeWith(b.other()) }},
	{"ConcatWith", func(b *builder) operator { return operators.ConcatWith(b.other()) }},
	{"RaceWith", func(b *builder) operator { return operators.RaceWith(b.other()) }},
	{"Merge", func(b *builder) operator {
		o := b.other()
		return func(src stream) stream { return operators.Merge(o, src) }
	}},
	{"Concat", func(b *builder) operator {
		o := b.other()
		return func(src stream) stream { return operators.Concat(o, src) }
	}},
	{"Race", func(b *builder) operator {
		o := b.other()
		return func(src stream) stream { return operators.Race(o, src) }
	}},
	{"ZipWith", func(b *builder) operator { return operators.ZipWith(b.ticks(), left) }},
	{"Zip", func(b *builder) operator { return beside(b, operators.Zip[*value]) }},
	{"Zip2", func(b *builder) operator {
		o := b.ending()
		return func(src stream) stream { return operators.Zip2(src, o, left) }
	}},
	{"Zip3", func(b *builder) operator {
		n, o := b.ticks(), b.ending()
		return func(src stream) stream {
			return operators.Zip3(n, src, o, func(_ int, v *value, _ int) *value { return v })
		}
	}},
	{"CombineLatestWith", func(b *builder) operator {
		return renewing(b, operators.CombineLatestWith(b.ending(), func(*value, int) int { return 0 }))
	}},
	{"CombineLatest", func(b *builder) operator { return beside(b, operators.CombineLatest[*value]) }},
	{"CombineLatest2", func(b *builder) operator {
		o := b.multiplying(b.other())
		return renewing(b, func(src stream) observable.Observable[int] {
			return operators.CombineLatest2(src, o, func(*value, *value) int { return 0 })
		})
	}},
	{"CombineLatest3", func(b *builder) operator {
		n, o := b.ending(), b.multiplying(b.other())
		return renewing(b, func(src stream) observable.Observable[int] {
			return operators.CombineLatest3(n, src, o, func(int, *value, *value) int { return 0 })
		})
	}},
	{"WithLatestFrom", func(b *builder) operator {
		return operators.WithLatestFrom(operators.StartWith(0)(b.notifier()), left)
	}},
	{"WithLatestFrom, of late values", func(b *builder) operator {
		return vanishing(operators.WithLatestFrom(b.notifier(), left))
	}},
	{"ForkJoin", func(b *builder) operator { return beside(b, operators.ForkJoin[*value]) }},
	{"ForkJoin2", func(b *builder) operator {
		o := b.multiplying(b.other())
		return renewing(b, func(src stream) observable.Observable[int] {
			return operators.ForkJoin2(src, o, func(*value, *value) int { return 0 })
		})
	}},
	{"ForkJoin3", func(b *builder) operator {
		n, o := b.ticks(), b.multiplying(b.other())
		return renewing(b, func(src stream) observable.Observable[int] {
			return operators.ForkJoin3(operators.Take[int](3)(n), src, o, func(int, *value, *value) int { return 0 })
		})
	}},
}

// left keeps the value, of two that are joined.
func left(v *value, _ int) *value { return v }

// ticks draws an observable that goes on for ever.
func (b *builder) ticks() observable.Observable[int] { return observable.Interval(b.span()) }

// beside joins the source and another one.
func beside(b *builder, join func(os ...stream) observable.Observable[[]*value]) operator {
	o := b.multiplying(b.other())
	return renewing(b, func(src stream) observable.Observable[[]*value] { return join(src, o) })
}

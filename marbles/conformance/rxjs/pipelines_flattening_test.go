package rxjs_test

import (
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

var flattening = map[string]pipeline{
	"mergeMap": ints(func(b *bench) numbers {
		return operators.MergeMap(b.tagged(), b.concurrency())(patient(b.source()))
	}),
	"concatMap":  ints(func(b *bench) numbers { return operators.ConcatMap(b.tagged())(patient(b.source())) }),
	"switchMap":  on(func(b *bench) intOp { return operators.SwitchMap(b.tagged()) }),
	"exhaustMap": on(func(b *bench) intOp { return operators.ExhaustMap(b.tagged()) }),

	"mergeAll":         ints(func(b *bench) numbers { return operators.MergeAll(b.nested()) }),
	"concatAll":        ints(func(b *bench) numbers { return operators.ConcatAll(patient(b.nested())) }),
	"switchAll":        ints(func(b *bench) numbers { return operators.SwitchAll(b.nested()) }),
	"exhaustAll":       ints(func(b *bench) numbers { return operators.ExhaustAll(b.nested()) }),
	"combineLatestAll": of(func(b *bench) arrays { return operators.CombineLatestAll(b.nested()) }),
	"zipAll":           of(func(b *bench) arrays { return operators.ZipAll(b.nested()) }),

	"mergeScan": ints(func(b *bench) numbers {
		return operators.MergeScan(*b.Seed, b.added(), b.concurrency())(patient(b.source()))
	}),
	"switchScan": on(func(b *bench) intOp { return operators.SwitchScan(*b.Seed, b.added()) }),
	"expand": ints(func(b *bench) numbers {
		inner := b.inners(b.Inner)
		more := func(v int) numbers {
			if v >= b.Limit {
				return observable.Empty[int]()
			}
			return operators.MapTo[int](v + b.args.Step)(inner(v))
		}
		return take(operators.Expand(more, b.concurrency())(patient(b.source())), 40)
	}),
}

// nested is the source with each value replaced by its inner source.
func (b *bench) nested() windows { return operators.Map(b.inners(b.Inner))(b.source()) }

// added returns the inner source of v with acc added to its values.
func (b *bench) added() func(acc, v int) numbers {
	inner := b.inners(b.Inner)
	return func(acc, v int) numbers {
		return operators.Map(func(x int) int { return acc + x })(inner(v))
	}
}

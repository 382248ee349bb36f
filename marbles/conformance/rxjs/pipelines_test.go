package rxjs_test

import (
	"context"
	"encoding/json"
	"maps"
	"strconv"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// A pipeline builds what node/ops.mjs builds for the same name.
type pipeline func(b *bench) lines

// ints is a pipeline of numbers.
func ints(f func(b *bench) numbers) pipeline {
	return func(b *bench) lines { return operators.Map(strconv.Itoa)(f(b)) }
}

// of is a pipeline of values of any type.
func of[T any](f func(b *bench) observable.Observable[T]) pipeline {
	return func(b *bench) lines { return asJSON(f(b)) }
}

// on is a pipeline of one operator behind the first source.
func on[T any](f func(b *bench) observable.Operator[int, T]) pipeline {
	return func(b *bench) lines { return asJSON(f(b)(b.source())) }
}

// patient makes a source wait that RxJS's operators buffer: ours have a bound,
// and ask for no more than they have room for.
func patient[T any](o observable.Observable[T]) observable.Observable[T] {
	return backpressure.OnBackpressureBuffer[T](0, backpressure.Unlimited, backpressure.FailFast)(o)
}

// concurrency is an option of the flattening operators.
func (b *bench) concurrency() operators.Concurrency {
	return operators.Concurrency(or(b.Concurrent, operators.Unlimited))
}

// tagged returns the inner source of v, the values of which say whose they are
// if the case wants that.
func (b *bench) tagged() func(int) numbers {
	inner := b.inners(b.Inner)
	if !b.Tag {
		return inner
	}
	return func(v int) numbers {
		return operators.Map(func(x int) int { return 100*v + x })(inner(v))
	}
}

// take is RxJS's way to end what has no end.
func take(o numbers, n int) numbers { return operators.Take[int](n)(o) }

func pair(a, b int) []int { return []int{a, b} }

// pipelines has an entry for every operator of RxJS that node/ops.mjs calls.
var pipelines = collect(sources, combining, choosing, timing, transforming, windowing, flattening, aggregating, recovering, sharing)

func collect(tables ...map[string]pipeline) map[string]pipeline {
	all := make(map[string]pipeline)
	for _, t := range tables {
		maps.Copy(all, t)
	}
	return all
}

var sources = map[string]pipeline{
	"of":         ints(func(b *bench) numbers { return observable.Of(b.Values...) }),
	"range":      ints(func(b *bench) numbers { return observable.Range(b.Start, b.Count) }),
	"empty":      ints(func(*bench) numbers { return observable.Empty[int]() }),
	"never":      ints(func(*bench) numbers { return observable.Never[int]() }),
	"throwError": ints(func(*bench) numbers { return observable.Throw[int](failure("err")) }),
	"timer": ints(func(b *bench) numbers {
		if b.Period == nil {
			return observable.Timer(ms(b.Due))
		}
		return take(observable.Interval(ms(*b.Period), observable.InitialDelay(ms(b.Due))), b.args.Take)
	}),
	"interval": ints(func(b *bench) numbers { return take(observable.Interval(ms(*b.Period)), b.args.Take) }),
	"generate": ints(func(b *bench) numbers {
		var cond funcSpec
		if err := json.Unmarshal(b.Cond, &cond); err != nil {
			panic(err)
		}
		holds, next := cond.pred(), b.Iter.unary()
		return observable.Generate(b.Init, func(v int) (int, int, bool) { return v, next(v), holds(v) })
	}),
	"defer": ints(func(b *bench) numbers {
		return observable.Defer(func(context.Context) numbers { return b.source() })
	}),
	"iif": ints(func(b *bench) numbers {
		return operators.Iif(func() bool { return string(b.Cond) == "true" }, b.source(), b.other())
	}),
}

var combining = map[string]pipeline{
	"merge":  ints(func(b *bench) numbers { return operators.Merge(b.sources...) }),
	"concat": ints(func(b *bench) numbers { return operators.Concat(b.sources...) }),
	"race":   ints(func(b *bench) numbers { return operators.Race(b.sources...) }),
	"mergeConcurrent": ints(func(b *bench) numbers {
		same := func(o numbers) numbers { return o }
		return operators.MergeMap(same, b.concurrency())(observable.FromSlice(b.sources))
	}),
	"zip":               of(func(b *bench) observable.Observable[[]int] { return operators.Zip(b.sources...) }),
	"combineLatest":     of(func(b *bench) observable.Observable[[]int] { return operators.CombineLatest(b.sources...) }),
	"forkJoin":          of(func(b *bench) observable.Observable[[]int] { return operators.ForkJoin(b.sources...) }),
	"onErrorResumeNext": ints(func(b *bench) numbers { return operators.OnErrorResumeNext(b.sources...) }),

	"mergeWith":         on(func(b *bench) observable.Operator[int, int] { return operators.MergeWith(b.other()) }),
	"concatWith":        on(func(b *bench) observable.Operator[int, int] { return operators.ConcatWith(b.other()) }),
	"raceWith":          on(func(b *bench) observable.Operator[int, int] { return operators.RaceWith(b.other()) }),
	"zipWith":           on(func(b *bench) observable.Operator[int, []int] { return operators.ZipWith(b.other(), pair) }),
	"combineLatestWith": on(func(b *bench) observable.Operator[int, []int] { return operators.CombineLatestWith(b.other(), pair) }),
	"withLatestFrom": on(func(b *bench) observable.Operator[int, []int] {
		if len(b.sources) == 2 {
			return operators.WithLatestFrom(b.other(), pair)
		}
		others := operators.CombineLatest(b.sources[1:]...)
		return operators.WithLatestFrom(others, func(v int, os []int) []int { return append([]int{v}, os...) })
	}),
	"startWith": on(func(b *bench) observable.Operator[int, int] { return operators.StartWith(b.Values...) }),
	"endWith":   on(func(b *bench) observable.Operator[int, int] { return operators.EndWith(b.Values...) }),
	"sequenceEqual": on(func(b *bench) observable.Operator[int, bool] {
		return operators.SequenceEqualFunc(b.other(), b.Eq.eq())
	}),
}

package rxjs_test

import (
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

type windows = observable.Observable[numbers]

// A mark is what becomes of a window or a group, flattened.
type mark struct {
	W   int   `json:"w"`
	V   *int  `json:"v,omitempty"`
	End *bool `json:"end,omitempty"`
}

// marks flattens windows as the oracle does: a mark when one opens, its values,
// a mark when it completes.
func marks[W any](ws observable.Observable[W], key func(W) int, values func(W) numbers) observable.Observable[mark] {
	yes := true
	return operators.MergeMap(func(w W) observable.Observable[mark] {
		k := key(w)
		return operators.Concat(
			observable.Of(mark{W: k}),
			operators.Map(func(v int) mark { return mark{W: k, V: &v} })(values(w)),
			observable.Of(mark{W: k, End: &yes}),
		)
	}, operators.Concurrency(operators.Unlimited))(ws)
}

// windowed is a pipeline of windows, which are numbered as they open.
func windowed(f func(b *bench) observable.Operator[int, numbers]) pipeline {
	return of(func(b *bench) observable.Observable[mark] {
		n := -1
		count := func(numbers) int { n++; return n }
		return marks(f(b)(b.source()), count, func(w numbers) numbers { return w })
	})
}

var windowing = map[string]pipeline{
	"windowCount": windowed(func(b *bench) observable.Operator[int, numbers] {
		return operators.Window[int](*b.Size, b.counts()...)
	}),
	"windowTime": windowed(func(b *bench) observable.Operator[int, numbers] {
		return operators.WindowTime[int](ms(b.Span), b.spans()...)
	}),
	"window": windowed(func(b *bench) observable.Operator[int, numbers] { return operators.WindowWhen[int](b.other()) }),
	"windowToggle": windowed(func(b *bench) observable.Operator[int, numbers] {
		return operators.WindowToggle[int](b.other(), b.inners(b.Inner))
	}),
	"windowWhen": windowed(func(b *bench) observable.Operator[int, numbers] { return operators.WindowUntil[int](b.inTurn()) }),
	"groupBy":    of(func(b *bench) observable.Observable[mark] { return b.grouped() }),
	"groupByDuration": of(func(b *bench) observable.Observable[mark] {
		return b.grouped(operators.GroupUntil(func(g operators.Group[int, int]) numbers {
			return operators.Skip[int](b.args.Take - 1)(take(g.Observable, b.args.Take))
		}))
	}),
}

func (b *bench) grouped(opts ...operators.GroupOption) observable.Observable[mark] {
	key := func(g operators.Group[int, int]) int { return g.Key }
	return marks(operators.GroupBy(b.Key.unary(), opts...)(b.source()), key, func(g operators.Group[int, int]) numbers { return g.Observable })
}

package rxjs_test

import (
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

type arrays = observable.Observable[[]int]

func (b *bench) counts() []operators.CountOption {
	if b.Every == nil {
		return nil
	}
	return []operators.CountOption{operators.Step(*b.Every)}
}

func (b *bench) spans() (opts []operators.SpanOption) {
	if b.Every != nil {
		opts = append(opts, operators.Period(ms(*b.Every)))
	}
	if b.Max != nil {
		opts = append(opts, operators.AtMost(*b.Max))
	}
	return opts
}

// inTurn returns the inner sources one after the other, and from the start.
func (b *bench) inTurn() func() numbers {
	inner, n := b.inners(b.Inner), -1
	return func() numbers { n++; return inner(n) }
}

var transforming = map[string]pipeline{
	"map":   on(func(b *bench) intOp { return operators.Map(b.Fn.unary()) }),
	"mapTo": on(func(b *bench) intOp { return operators.MapTo[int](b.Value) }),
	"scan": on(func(b *bench) intOp {
		if b.Seed != nil {
			return operators.Scan(*b.Seed, b.Fn.binary())
		}
		return scanFirst(b.Fn.binary())
	}),
	"pairwise": of(func(b *bench) arrays {
		return operators.Map(func(p operators.Pair[int]) []int { return []int{p.Prev, p.Cur} })(operators.Pairwise(b.source()))
	}),
	"toArray":     of(func(b *bench) arrays { return operators.ToSlice(b.source()) }),
	"bufferCount": on(func(b *bench) observable.Operator[int, []int] { return operators.Buffer[int](*b.Size, b.counts()...) }),
	"bufferTime": on(func(b *bench) observable.Operator[int, []int] {
		return operators.BufferTime[int](ms(b.Span), b.spans()...)
	}),
	"buffer": on(func(b *bench) observable.Operator[int, []int] { return operators.BufferWhen[int](b.other()) }),
	"bufferToggle": on(func(b *bench) observable.Operator[int, []int] {
		return operators.BufferToggle[int](b.other(), b.inners(b.Inner))
	}),
	"bufferWhen": on(func(b *bench) observable.Operator[int, []int] { return operators.BufferUntil[int](b.inTurn()) }),

	"materialize": of(func(b *bench) observable.Observable[signal] {
		return operators.Map(signalOf)(operators.Materialize(b.source()))
	}),
	"dematerialize": ints(func(b *bench) numbers {
		return operators.Dematerialize(operators.Map(func(v int) operators.Notification[int] {
			switch v {
			case b.CompleteOn:
				return operators.Notification[int]{Kind: operators.KindComplete}
			case b.ErrorOn:
				return operators.Notification[int]{Kind: operators.KindError, Err: failure("dm")}
			}
			return operators.Notification[int]{Kind: operators.KindNext, Value: v + 1}
		})(b.source()))
	}),
	"timeInterval": of(func(b *bench) observable.Observable[spaced] {
		return operators.Map(func(s operators.Spaced[int]) spaced {
			return spaced{s.Value, int(s.After / millisecond)}
		})(operators.TimeInterval(b.source()))
	}),
	"timestamp": of(func(b *bench) observable.Observable[stamped] {
		start := b.clock.Now()
		return operators.Map(func(s operators.Stamped[int]) stamped {
			return stamped{s.Value, int(s.At.Sub(start) / millisecond)}
		})(operators.Timestamp(b.source()))
	}),
}

// scanFirst is RxJS's scan without a seed: the first value is it.
func scanFirst(f func(a, v int) int) intOp {
	type state struct {
		v   int
		any bool
	}
	step := func(s state, v int) state {
		if s.any {
			v = f(s.v, v)
		}
		return state{v, true}
	}
	return func(src numbers) numbers {
		return operators.Map(func(s state) int { return s.v })(operators.Scan(state{}, step)(src))
	}
}

type (
	spaced struct {
		V int `json:"v"`
		I int `json:"i"`
	}
	stamped struct {
		V int `json:"v"`
		T int `json:"t"`
	}
	signal struct {
		K string `json:"k"`
		V *int   `json:"v,omitempty"`
		E string `json:"e,omitempty"`
	}
)

// signalOf writes a notification as the oracle does.
func signalOf(n operators.Notification[int]) signal {
	switch n.Kind {
	case operators.KindNext:
	case operators.KindError:
		return signal{K: "E", E: errorName(n.Err)}
	case operators.KindComplete:
		return signal{K: "C"}
	}
	return signal{K: "N", V: &n.Value}
}

var aggregating = map[string]pipeline{
	"reduce": on(func(b *bench) intOp {
		if b.Seed != nil {
			return operators.Reduce(*b.Seed, b.Fn.binary())
		}
		return func(src numbers) numbers { return operators.TakeLast[int](1)(scanFirst(b.Fn.binary())(src)) }
	}),
	"count":          ints(func(b *bench) numbers { return operators.Count(b.matching()) }),
	"max":            on(func(b *bench) intOp { return operators.MaxFunc(b.Cmp.cmp()) }),
	"min":            on(func(b *bench) intOp { return operators.MinFunc(b.Cmp.cmp()) }),
	"every":          on(func(b *bench) observable.Operator[int, bool] { return operators.Every(b.Pred.pred()) }),
	"isEmpty":        on(func(*bench) observable.Operator[int, bool] { return operators.IsEmpty[int] }),
	"defaultIfEmpty": on(func(b *bench) intOp { return operators.DefaultIfEmpty(b.Value) }),
	"throwIfEmpty":   on(func(*bench) intOp { return operators.ThrowIfEmpty[int](observable.ErrEmpty) }),
}

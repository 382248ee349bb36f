package soak_test

import (
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// cutting are the operators that pass on a part of the source.
var cutting = []entry{
	{"Take", func(b *builder) operator { return operators.Take[*value](b.between(0, 20)) }},
	{"TakeWhile", func(b *builder) operator {
		k := int64(b.between(1, 40))
		if b.rarely(3, "Inclusive") {
			return operators.TakeWhile(func(v *value) bool { return v.id%50 < k }, operators.Inclusive)
		}
		return operators.TakeWhile(func(v *value) bool {
			if v.id%50 < k {
				return true
			}
			v.consume()
			return false
		})
	}},
	{"TakeUntil", func(b *builder) operator { return operators.TakeUntil[*value](b.notifier()) }},
	{"TakeLast", func(b *builder) operator { return vanishing(operators.TakeLast[*value](b.between(0, 20))) }},
	{"TakeLast, of all", func(*builder) operator { return operators.TakeLast[*value](1 << 20) }},
	{"Skip", func(b *builder) operator { return vanishing(operators.Skip[*value](b.between(0, 10))) }},
	{"SkipWhile", func(b *builder) operator {
		return operators.SkipWhile(func(v *value) bool {
			if v.id%10 == 0 {
				return false
			}
			v.consume()
			return true
		})
	}},
	{"SkipUntil", func(b *builder) operator { return vanishing(operators.SkipUntil[*value](b.notifier())) }},
	{"SkipLast", func(b *builder) operator { return vanishing(operators.SkipLast[*value](b.between(0, 10))) }},
	{"First", func(*builder) operator { return operators.First[*value] }},
	{"FirstOr", func(b *builder) operator { return operators.FirstOr(b.spare(1)[0]) }},
	{"Last", func(*builder) operator { return vanishing(operators.Last[*value]) }},
	{"LastOr", func(b *builder) operator { return vanishing(operators.LastOr(b.spare(1)[0])) }},
	{"Single", func(*builder) operator { return vanishing(operators.Single[*value]) }},
	{"ElementAt", func(b *builder) operator { return vanishing(operators.ElementAt[*value](b.between(0, 10))) }},
	{"ElementAtOr", func(b *builder) operator {
		return vanishing(operators.ElementAtOr(b.between(0, 10), b.spare(1)[0]))
	}},
	{"Find", func(*builder) operator { return vanishing(operators.Find(tenth)) }},
	{"IgnoreElements", func(*builder) operator { return vanishing(operators.IgnoreElements[*value]) }},
	{"OnErrorComplete", func(b *builder) operator {
		b.w.recovers = true
		return operators.OnErrorComplete[*value]
	}},
	{"MapError", func(b *builder) operator {
		return operators.MapError[*value](func(err error) error { return err }, b.panicsToo()...)
	}},
}

// panicsToo draws whether an operator that goes on after an error does so after
// a panic.
func (b *builder) panicsToo() []operators.CatchOption {
	if b.rarely(3, "Panics") {
		return []operators.CatchOption{operators.Panics()}
	}
	return nil
}

func tenth(v *value) bool { return v.id%10 == 0 }

// ids makes numbers of values, for the operators that want to compare.
func ids(src stream) observable.Observable[int64] {
	return operators.Map(func(v *value) int64 { return v.id })(src)
}

// numbers is an operator on the ids of values.
func numbers[R any](b *builder, op observable.Operator[int64, R]) operator {
	return renewing(b, func(src stream) observable.Observable[R] { return op(ids(src)) })
}

// folding are the operators that make one value of all.
var folding = []entry{
	{"Reduce", func(b *builder) operator {
		return renewing(b, operators.Reduce(0, func(n int, _ *value) int { return n + 1 }))
	}},
	{"ReduceErr", func(b *builder) operator {
		failAt := b.fault("fails")
		return renewing(b, operators.ReduceErr(0, func(n int, _ *value) (int, error) {
			if failAt.now() {
				return 0, b.w.raise("a callback of ReduceErr failed")
			}
			return n + 1, nil
		}))
	}},
	{"Count", func(b *builder) operator { return renewing(b, operators.Count[*value]) }},
	{"Sum", func(b *builder) operator { return numbers(b, operators.Sum[int64]) }},
	{"Average", func(b *builder) operator { return numbers(b, operators.Average[int64]) }},
	{"Min", func(b *builder) operator { return numbers(b, operators.Min[int64]) }},
	{"Max", func(b *builder) operator { return numbers(b, operators.Max[int64]) }},
	{"MinFunc", func(*builder) operator { return vanishing(operators.MinFunc(byID)) }},
	{"MaxFunc", func(*builder) operator { return vanishing(operators.MaxFunc(byID)) }},
	{"Sort", func(b *builder) operator { return numbers(b, operators.Sort[int64]) }},
	{"SortFunc", func(*builder) operator { return vanishing(operators.SortFunc(byID)) }},
	{"Reverse", func(*builder) operator { return vanishing(operators.Reverse[*value]) }},
	{"ToSlice", func(*builder) operator {
		return vanishing(func(src stream) stream { return operators.Flatten(operators.ToSlice(src)) })
	}},
	{"ToMap", func(b *builder) operator {
		return renewing(b, operators.ToMap(func(v *value) (int64, int) { return v.id % 7, 0 }))
	}},
	{"Contains", func(b *builder) operator { return numbers(b, operators.Contains(int64(b.between(1, 20)))) }},
	{"Every", func(b *builder) operator {
		return renewing(b, operators.Every(func(v *value) bool { return !tenth(v) }))
	}},
	{"Some", func(b *builder) operator { return renewing(b, operators.Some(tenth)) }},
	{"IsEmpty", func(b *builder) operator { return renewing(b, operators.IsEmpty[*value]) }},
	{"FindIndex", func(b *builder) operator { return renewing(b, operators.FindIndex(tenth)) }},
	{"SequenceEqual", func(b *builder) operator { return numbers(b, operators.SequenceEqual(upTo(b.between(0, 10)))) }},
	{"SequenceEqualFunc", func(b *builder) operator {
		same := func(*value, *value) bool { return true }
		return renewing(b, operators.SequenceEqualFunc(b.multiplying(b.other()), same))
	}},
}

func byID(a, b *value) int { return int(a.id - b.id) }

// multiplying lets the values of o multiply from then on.
func (b *builder) multiplying(o stream) stream {
	return operators.Tap(func(v *value) { v.licence.Or(mayMultiply) })(o)
}

func upTo(n int) observable.Observable[int64] {
	return operators.Map(func(i int) int64 { return int64(i) })(observable.Range(1, n))
}

package soak_test

import (
	"errors"
	"runtime"

	"github.com/sluicego/sluice/operators"
)

// passing are the operators that pass on what they get, one by one.
var passing = []entry{
	{"Map", func(b *builder) operator {
		panicAt := b.fault("panics")
		return operators.Map(func(v *value) *value {
			if panicAt.now() {
				v.consume()
				panic(b.w.raise("a callback of Map panicked"))
			}
			return v
		})
	}},
	{"MapErr", func(b *builder) operator {
		failAt := b.fault("fails")
		return operators.MapErr(func(v *value) (*value, error) {
			if failAt.now() {
				v.consume()
				return nil, b.w.raise("a callback of MapErr failed")
			}
			return v, nil
		})
	}},
	{"MapTo", func(b *builder) operator { return renewing(b, operators.MapTo[*value](0)) }},
	{"Filter", func(*builder) operator { return operators.Filter(odd) }},
	{"FilterMap", func(*builder) operator {
		return operators.FilterMap(func(v *value) (*value, bool) { return v, odd(v) })
	}},
	{"Partition", func(b *builder) operator {
		b.w.twofold = true
		return vanishing(func(src stream) stream {
			yes, no := operators.Partition(src, func(v *value) bool { return v.id%2 == 0 })
			return operators.Merge(yes, no)
		})
	}},
	{"Cast", func(*builder) operator { return operators.Cast[*value, *value]() }},
	{"OfType", func(*builder) operator { return operators.OfType[*value, *value]() }},
	{"Tap", func(*builder) operator { return operators.Tap(func(*value) { runtime.Gosched() }) }},
	{"TapRequest", func(b *builder) operator {
		return operators.TapRequest[*value](func(n int64) {
			if n <= 0 {
				b.w.complain("L6: %d were requested at a TapRequest", n)
			}
		})
	}},
	{"TapSubscribe", func(*builder) operator { return operators.TapSubscribe[*value](runtime.Gosched) }},
	{"TapCancel", func(*builder) operator { return operators.TapCancel[*value](runtime.Gosched) }},
	{"TapComplete", func(*builder) operator { return operators.TapComplete[*value](runtime.Gosched) }},
	{"TapError", func(*builder) operator { return operators.TapError[*value](saw) }},
	{"Finally", func(*builder) operator { return operators.Finally[*value](runtime.Gosched) }},
	{"Checkpoint", func(*builder) operator { return operators.Checkpoint[*value]("soak") }},
	{"Materialize, Dematerialize", func(b *builder) operator {
		b.w.recovers = true // the error is a value for a while, and may not be asked for
		return func(src stream) stream { return operators.Dematerialize(operators.Materialize(src)) }
	}},
	{"Enumerate", func(*builder) operator {
		return func(src stream) stream {
			return operators.Map(func(v operators.Indexed[*value]) *value { return v.Value })(operators.Enumerate(src))
		}
	}},
	{"Timestamp", func(*builder) operator {
		return func(src stream) stream {
			return operators.Map(func(v operators.Stamped[*value]) *value { return v.Value })(operators.Timestamp(src))
		}
	}},
	{"TimeInterval", func(*builder) operator {
		return func(src stream) stream {
			return operators.Map(func(v operators.Spaced[*value]) *value { return v.Value })(operators.TimeInterval(src))
		}
	}},
	{"StartWith", func(b *builder) operator { return operators.StartWith(b.spare(b.between(0, 3))...) }},
	{"EndWith", func(b *builder) operator { return operators.EndWith(b.spare(b.between(0, 3))...) }},
	{"DefaultIfEmpty", func(b *builder) operator { return operators.DefaultIfEmpty(b.spare(1)[0]) }},
	{"SwitchIfEmpty", func(b *builder) operator { return operators.SwitchIfEmpty(b.other()) }},
	{"ThrowIfEmpty", func(b *builder) operator { return operators.ThrowIfEmpty[*value](errNothing) }},
	{"Distinct", func(b *builder) operator { return vanishing(operators.Distinct[*value]) }},
	{"DistinctBy", func(b *builder) operator {
		k := int64(b.between(1, 20))
		var opts []operators.DistinctOption
		if b.rarely(2, "FlushWhen") {
			opts = append(opts, operators.FlushWhen(b.notifier()))
		}
		return vanishing(operators.DistinctBy(func(v *value) int64 { return v.id % k }, opts...))
	}},
	{"DistinctUntilChanged", func(*builder) operator { return vanishing(operators.DistinctUntilChanged[*value]) }},
	{"DistinctUntilChangedBy", func(*builder) operator {
		return vanishing(operators.DistinctUntilChangedBy(func(v *value) int64 { return v.id / 2 }))
	}},
	{"DistinctUntilChangedFunc", func(*builder) operator {
		return vanishing(operators.DistinctUntilChangedFunc(func(before, v *value) bool { return before.id/2 == v.id/2 }))
	}},
	{"Pairwise", func(b *builder) operator { return renewing(b, operators.Pairwise[*value]) }},
	{"Scan", func(b *builder) operator {
		return renewing(b, operators.Scan(0, func(n int, _ *value) int { return n + 1 }))
	}},
	{"ScanErr", func(b *builder) operator {
		failAt := b.fault("fails")
		return renewing(b, operators.ScanErr(0, func(n int, _ *value) (int, error) {
			if failAt.now() {
				return 0, b.w.raise("a callback of ScanErr failed")
			}
			return n + 1, nil
		}))
	}},
}

var errNothing = errors.New("soak: the stream was empty")

// odd is a predicate that uses up what it refuses.
func odd(v *value) bool {
	if v.id%3 == 0 {
		v.consume()
		return false
	}
	return true
}

// A faultAt is the call of a callback in which something goes wrong; 0 none.
type faultAt struct {
	n     int
	calls turns
}

// fault draws when something goes wrong, which is never in most pipelines.
func (b *builder) fault(how string) *faultAt {
	f := new(faultAt)
	if b.rarely(6, how) {
		f.n = b.between(1, 12)
		b.w.panics = b.w.panics || how == "panics"
	}
	return f
}

func (f *faultAt) now() bool { return f.n > 0 && f.calls.next() == int64(f.n-1) }

package operators_test

import (
	"testing"

	"github.com/sluicego/sluice/internal/contract"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// The operators that combine sources keep the laws of docs/protocol.md.
func TestContractOfCombining(t *testing.T) {
	type ints = observable.Observable[int]
	negative := observable.Range(-100, 100)
	one := observable.Of(-1)
	for _, c := range []contract.Case[[]int]{
		{Name: "Zip", Ahead: 32, Op: func(src ints) observable.Observable[[]int] { return operators.Zip(negative, src, negative) }},
		{Name: "CombineLatest", Ahead: 32, Consumes: true, Op: func(src ints) observable.Observable[[]int] { return operators.CombineLatest(src, one, one) }},
		{Name: "ForkJoin", Ahead: observable.Unbounded, Consumes: true, Op: func(src ints) observable.Observable[[]int] { return operators.ForkJoin(src, one) }},
		{Name: "ZipAll", Ahead: observable.Unbounded, Consumes: true, Op: observable.Compose2(operators.Map(func(n int) ints { return observable.Of(n) }), operators.ZipAll[int])},
		{Name: "CombineLatestAll", Ahead: observable.Unbounded, Consumes: true, Op: observable.Compose2(operators.Map(func(n int) ints { return observable.Of(n) }), operators.CombineLatestAll[int])},
	} {
		c.Backpressure = contract.Window
		c.IDs = positive
		c.Check(t)
	}
	first := func(a, _ int) int { return a }
	for _, c := range []contract.Case[int]{
		{Name: "ZipWith", Ahead: 32, Op: operators.ZipWith(negative, first)},
		{Name: "CombineLatestWith", Ahead: 32, Consumes: true, Op: operators.CombineLatestWith(one, first)},
	} {
		c.Backpressure = contract.Window
		c.Check(t)
	}
	odd := func(n int) bool { return n%2 == 1 }
	for _, c := range []contract.Case[int]{
		{Name: "ConcatWith", Op: operators.ConcatWith(observable.Of(-1, -2))},
		{Name: "EndWith", Op: operators.EndWith(-1, -2)},
		{Name: "Race", Op: func(src ints) ints { return operators.Race(observable.Never[int](), src) }},
		{Name: "Race with a rival", Op: func(src ints) ints { return operators.Race(src, observable.Of(-1, -2, -3)) }},
		{Name: "RaceWith", Op: operators.RaceWith(observable.Never[int]())},
		{Name: "WithLatestFrom", Op: operators.WithLatestFrom(one, first)},
		{Name: "WithLatestFrom nothing", Op: operators.WithLatestFrom(observable.Never[int](), first), Consumes: true},
		{Name: "Partition, yes", Op: func(src ints) ints { yes, _ := operators.Partition(src, odd); return yes }, Consumes: true},
		{Name: "Partition, no", Op: func(src ints) ints { _, no := operators.Partition(src, odd); return no }, Consumes: true},
		{Name: "Iif", Op: func(src ints) ints { return operators.Iif(func() bool { return false }, one, src) }},
		{Name: "Case", Op: func(src ints) ints {
			return operators.Case(func() string { return "src" }, map[string]ints{"src": src}, one)
		}},
	} {
		c.Backpressure = contract.OneForOne
		c.Check(t)
	}
	contract.Case[int]{Name: "MergeWith", Op: operators.MergeWith(observable.Of(-1, -2)), Backpressure: contract.Window, Ahead: 128}.Check(t)
	for _, family := range []struct {
		ops   map[string]func(src, o ints) ints
		other ints
		c     contract.Case[int]
	}{
		{zips, negative, contract.Case[int]{Ahead: 32}},
		{combines, one, contract.Case[int]{Ahead: 32, Consumes: true}},
		{forkJoins, one, contract.Case[int]{Ahead: observable.Unbounded, Consumes: true}},
	} {
		for name, op := range family.ops {
			c := family.c
			c.Name, c.Backpressure = name, contract.Window
			c.Op = func(src ints) ints { return op(src, family.other) }
			c.Check(t)
		}
	}
}

// positive returns the values that are the contract's source's.
func positive(row []int) (ids []int) {
	for _, v := range row {
		if v > 0 {
			ids = append(ids, v)
		}
	}
	return ids
}

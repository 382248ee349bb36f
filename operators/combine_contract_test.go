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

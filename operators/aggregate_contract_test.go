package operators_test

import (
	"cmp"
	"testing"

	"github.com/sluicego/sluice/internal/contract"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// none says that an output stands for no value of the source.
func none[R any](R) []int { return nil }

// total is what an aggregate is under contract: it asks for everything, and
// every value has been dealt with.
func total[R any](name string, op observable.Operator[int, R]) contract.Case[R] {
	return contract.Case[R]{Name: name, Op: op, Backpressure: contract.Everything, Consumes: true, IDs: none[R]}
}

// What makes one thing of a whole stream keeps the laws of docs/protocol.md.
func TestContractOfAggregates(t *testing.T) {
	odd := func(n int) bool { return n%2 == 1 }
	add := func(a, b int) int { return a + b }
	addErr := func(a, b int) (int, error) { return a + b, nil }
	for _, c := range []contract.Case[int]{
		total("Reduce", operators.Reduce(0, add)),
		total("ReduceErr", operators.ReduceErr(0, addErr)),
		total("Count", operators.Count[int]),
		total("Sum", operators.Sum[int]),
		total("Min", operators.Min[int]),
		total("Max", operators.Max[int]),
		total("MinFunc", operators.MinFunc(cmp.Compare[int])),
		total("MaxFunc", operators.MaxFunc(cmp.Compare[int])),
		total("Sort", operators.Sort[int]),
		total("SortFunc", operators.SortFunc(cmp.Compare[int])),
		total("Reverse", operators.Reverse[int]),
	} {
		c.Check(t)
	}
	for _, c := range []contract.Case[bool]{
		total("Every", operators.Every(odd)),
		total("Some", operators.Some(odd)),
		total("Contains", operators.Contains(4)),
		total("IsEmpty", operators.IsEmpty[int]),
	} {
		c.Check(t)
	}
	total("Average", operators.Average[int]).Check(t)
	total("ToSlice", operators.ToSlice[int]).Check(t)
	total("ToMap", operators.ToMap(func(n int) (int, int) { return n, n })).Check(t)

	whatever := func(int, int) bool { return true }
	for _, c := range []contract.Case[bool]{
		total("SequenceEqual", operators.SequenceEqual(observable.Range(-5, 5))),
		total("SequenceEqualFunc", operators.SequenceEqualFunc(observable.Range(-5, 5), whatever)),
	} {
		c.Backpressure, c.Ahead = contract.Window, 32
		c.Check(t)
	}
}

// The operators that make another value of each, or stand in for an empty
// source, keep the laws of docs/protocol.md.
func TestContractOfSubstitution(t *testing.T) {
	for _, c := range []contract.Case[int]{
		{Name: "FilterMap", Op: operators.FilterMap(func(n int) (int, bool) { return n, n%3 > 0 }), Consumes: true},
		{Name: "OfType", Op: operators.OfType[int, int]()},
		{Name: "Cast", Op: operators.Cast[int, int]()},
		{Name: "MapTo", Op: operators.MapTo[int](-1), Consumes: true},
		{Name: "ScanErr", Op: operators.ScanErr(0, func(_, n int) (int, error) { return n, nil })},
		{Name: "DefaultIfEmpty", Op: operators.DefaultIfEmpty(-1)},
		{Name: "SwitchIfEmpty", Op: operators.SwitchIfEmpty(observable.Of(-1, -2))},
		{Name: "ThrowIfEmpty", Op: operators.ThrowIfEmpty[int](errTest)},
		{Name: "Dematerialize", Op: func(src observable.Observable[int]) observable.Observable[int] {
			return operators.Dematerialize(operators.Map(func(n int) operators.Notification[int] {
				return operators.Notification[int]{Kind: operators.KindNext, Value: n}
			})(src))
		}},
	} {
		c.Backpressure = contract.OneForOne
		c.Check(t)
	}
	contract.Case[operators.Indexed[int]]{
		Name: "Enumerate", Op: operators.Enumerate[int], Backpressure: contract.OneForOne,
		IDs: func(x operators.Indexed[int]) []int { return []int{x.Value} },
	}.Check(t)
	contract.Case[operators.Notification[int]]{
		Name: "Materialize", Op: operators.Materialize[int], Backpressure: contract.OneForOne,
		IDs: func(n operators.Notification[int]) []int {
			if n.Kind == operators.KindNext {
				return []int{n.Value}
			}
			return nil
		},
	}.Check(t)
}

package operators_test

import (
	"testing"

	"github.com/sluicego/sluice/internal/contract"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// flatGroups subscribes to every group.
func flatGroups[K comparable](groups observable.Operator[int, operators.Group[K, int]], opts ...operators.FlattenOption) intOp {
	return func(src observable.Observable[int]) observable.Observable[int] {
		return operators.MergeMap(func(g operators.Group[K, int]) observable.Observable[int] { return g.Observable }, opts...)(groups(src))
	}
}

// The groups keep the laws of docs/protocol.md, seen through an operator that
// flattens them.
func TestContractOfGroups(t *testing.T) {
	mod := func(n int) func(int) int { return func(v int) int { return v % n } }
	two, four := operators.Prefetch(2), operators.Prefetch(4)
	for _, c := range []contract.Case[int]{
		{Name: "GroupBy", Op: flatGroups(operators.GroupBy(mod(3))), Ahead: 128},
		{Name: "GroupBy one ahead", Op: flatGroups(operators.GroupBy(mod(3), operators.Prefetch(1)), two), Ahead: 1},
		{Name: "GroupBy with too few at a time", Op: flatGroups(operators.GroupBy(mod(3), four), two, operators.Concurrency(2)), Ahead: 4},
		{Name: "GroupBy evicting", Op: flatGroups(operators.GroupBy(mod(3), four, operators.MaxGroups(2), operators.EvictOldest), two), Ahead: 4},
		{Name: "GroupBy dropping", Op: flatGroups(operators.GroupBy(mod(3), four, operators.MaxGroups(2), operators.DropNewGroups), two), Ahead: 4},
		{Name: "GroupBy until", Op: flatGroups(operators.GroupBy(mod(3), four, operators.GroupUntil(func(g operators.Group[int, int]) observable.Observable[int] {
			return operators.Skip[int](1)(g.Observable)
		})), two), Ahead: 4},
	} {
		c.Backpressure = contract.Window
		c.Check(t)
	}
}

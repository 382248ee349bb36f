package backpressure_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/internal/contract"
)

// The operators that shape a stream which heeds demand keep the laws of
// docs/protocol.md.
func TestContractOfShaping(t *testing.T) {
	for _, c := range []contract.Case[int]{
		{Name: "Pace", Op: backpressure.Pace[int](1000, 2)},
		{Name: "Pace, fast", Op: backpressure.Pace[int](1e6, 1)},
		{Name: "SampleFraction", Op: backpressure.SampleFraction[int](0.5, backpressure.Seed(1))},
		{Name: "SampleFraction(0)", Op: backpressure.SampleFraction[int](0)},
		{Name: "SampleFraction(1)", Op: backpressure.SampleFraction[int](1)},
	} {
		c.Backpressure = contract.OneForOne
		c.Check(t)
	}
	for _, n := range []int{1, 2, 3} {
		contract.Case[[]int]{
			Name: fmt.Sprintf("BufferTimeout of %d", n), Op: backpressure.BufferTimeout[int](n, 2*ms), IDs: values,
			Backpressure: contract.Window, Ahead: 4 * int64(n),
		}.Check(t)
	}
	contract.Case[[]int]{
		Name: "BufferTimeout of any number", Op: backpressure.BufferTimeout[int](math.MaxInt, 2*ms), IDs: values,
		Backpressure: contract.Everything,
	}.Check(t)
}

// values are those that a slice stands for.
func values(slice []int) []int { return slice }

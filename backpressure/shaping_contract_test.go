package backpressure_test

import (
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
}

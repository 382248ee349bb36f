package operators_test

import (
	"testing"

	"github.com/sluicego/sluice/internal/contract"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// The operators that emit slices keep the laws of docs/protocol.md.
func TestContractOfBuffers(t *testing.T) {
	own := func(values []int) []int { return values }
	for _, c := range []contract.Case[[]int]{
		{Name: "Buffer", Op: operators.Buffer[int](3), Backpressure: contract.Window, Ahead: observable.Unbounded},
		{Name: "Buffer of one", Op: operators.Buffer[int](1), Backpressure: contract.OneForOne},
		{Name: "Buffer with overlap", Op: operators.Buffer[int](3, operators.Step(1)), Backpressure: contract.Window, Ahead: observable.Unbounded, Consumes: true},
		{Name: "Buffer with gaps", Op: operators.Buffer[int](2, operators.Step(3)), Backpressure: contract.Window, Ahead: observable.Unbounded, Consumes: true},
	} {
		c.IDs = own
		c.Check(t)
	}
}

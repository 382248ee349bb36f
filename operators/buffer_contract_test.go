package operators_test

import (
	"testing"
	"time"

	"github.com/sluicego/sluice/internal/contract"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// The operators that emit slices keep the laws of docs/protocol.md.
func TestContractOfBuffers(t *testing.T) {
	own := func(values []int) []int { return values }
	// Slices that overlap stand for no value alone; see TestBuffersAccount.
	none := func([]int) []int { return nil }
	const ms = time.Millisecond
	ticks := operators.Take[int](5)(observable.Interval(2 * ms))
	later := func(int) observable.Observable[int] { return observable.Timer(3 * ms) }
	for _, c := range []contract.Case[[]int]{
		{Name: "Buffer", Op: operators.Buffer[int](3), Backpressure: contract.Window, Ahead: observable.Unbounded},
		{Name: "Buffer of one", Op: operators.Buffer[int](1), Backpressure: contract.OneForOne},
		{Name: "Buffer with overlap", Op: operators.Buffer[int](3, operators.Step(1)), Backpressure: contract.Window, Ahead: observable.Unbounded, Consumes: true, IDs: none},
		{Name: "Buffer with gaps", Op: operators.Buffer[int](2, operators.Step(3)), Backpressure: contract.Window, Ahead: observable.Unbounded, Consumes: true},
		{Name: "BufferWhen", Op: operators.BufferWhen[int](ticks), Backpressure: contract.Everything},
		{Name: "BufferWhen with an end", Op: operators.BufferWhen[int](observable.Of(1, 2)), Backpressure: contract.Everything},
		{Name: "BufferUntil", Op: operators.BufferUntil[int](func() observable.Observable[int] { return observable.Timer(5 * ms) }), Backpressure: contract.Everything},
		{Name: "BufferToggle", Op: operators.BufferToggle[int](ticks, later), Backpressure: contract.Everything, Consumes: true, IDs: none},
		{Name: "BufferToggle at once", Op: operators.BufferToggle[int](observable.Of(1, 2), later), Backpressure: contract.Everything, Consumes: true, IDs: none},
		{Name: "BufferTime", Op: operators.BufferTime[int](5 * ms), Backpressure: contract.Everything},
		{Name: "BufferTime of a few", Op: operators.BufferTime[int](5*ms, operators.AtMost(2)), Backpressure: contract.Everything},
		{Name: "BufferTime with overlap", Op: operators.BufferTime[int](5*ms, operators.Period(4*ms), operators.AtMost(3)), Backpressure: contract.Everything, Consumes: true, IDs: none},
		{Name: "BufferTime with gaps", Op: operators.BufferTime[int](3*ms, operators.Period(5*ms)), Backpressure: contract.Everything, Consumes: true},
	} {
		if c.IDs == nil {
			c.IDs = own
		}
		c.Check(t)
	}
}

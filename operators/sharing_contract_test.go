package operators_test

import (
	"testing"
	"time"

	"github.com/sluicego/sluice/internal/contract"
	"github.com/sluicego/sluice/operators"
)

// The sharing operators keep the laws of docs/protocol.md. Those that go on
// without a subscriber have tests of their own: to this one they would seem to
// leak. What ShareReplay and Replay remember has been dealt with.
func TestContractOfSharing(t *testing.T) {
	for _, c := range []contract.Case[int]{
		{Name: "ShareReplay", Consumes: true, Op: operators.ShareReplay[int](3, operators.RefCounted)},
		{Name: "ShareReplay with an age", Consumes: true, Op: operators.ShareReplay[int](3, operators.RefCounted, operators.MaxAge(time.Second))},
		{Name: "Publish", Op: func(src ints) ints { return operators.Publish(src).RefCount() }},
		{Name: "Replay", Consumes: true, Op: func(src ints) ints { return operators.Replay(src, operators.Unlimited).RefCount() }},
		{Name: "Connect", Op: operators.Connect(func(shared ints) ints { return shared })},
		{Name: "Connect twice", Consumes: true, Op: operators.Connect(func(shared ints) ints {
			return operators.Merge(shared, operators.Map(func(n int) int { return -n })(shared))
		})},
	} {
		c.Backpressure, c.Ahead = contract.Window, 128
		c.Check(t)
	}
}

package operators_test

import (
	"testing"
	"time"

	"github.com/sluicego/sluice/internal/contract"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// The sharing operators keep the laws of docs/protocol.md. Those that go on
// without a subscriber have tests of their own: to this one they would seem to
// leak. What ShareReplay and Replay remember has been dealt with.
func TestContractOfSharing(t *testing.T) {
	by := func(newSubject func() operators.Hub[int]) intOp { return operators.Multicast(newSubject) }
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
	for _, c := range []contract.Case[int]{
		{Name: "Multicast by a Subject", Op: by(func() operators.Hub[int] { return observable.NewSubject[int]() })},
		{Name: "Multicast by a Behavior", Op: by(func() operators.Hub[int] { return observable.NewBehavior(-1) })},
		{Name: "Multicast by a Replay", Op: by(func() operators.Hub[int] { return observable.NewReplay[int](2, 0) })},
		{Name: "Multicast by an Async", Op: by(func() operators.Hub[int] { return observable.NewAsync[int]() })},
		{Name: "Multicast by a Unicast", Op: by(func() operators.Hub[int] { return observable.NewUnicast[int](operators.Unlimited) })},
		{Name: "Multicast by a foreign one", Op: by(func() operators.Hub[int] { return foreign[int]{observable.NewSubject[int]()} })},
	} {
		c.Backpressure, c.Consumes = contract.Everything, true
		c.Check(t)
	}
}

// foreign is a Hub that is not the library's.
type foreign[T any] struct{ *observable.Subject[T] }

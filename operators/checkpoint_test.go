package operators_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// The marks are in the order of the way, the nearest first, and see-through.
func TestCheckpoint(t *testing.T) {
	bothWays(t, func() {
		_, err := observable.Pipe3(failing(),
			operators.Checkpoint[int]("read"),
			operators.Map(func(n int) int { return n + 1 }),
			operators.Checkpoint[int]("added")).Collect(t.Context())
		if !errors.Is(err, errTest) {
			t.Fatalf("%v hides the source's error", err)
		}
		var outer, inner *operators.CheckpointError
		if !errors.As(err, &outer) || outer.Name != "added" || !errors.As(outer.Err, &inner) || inner.Name != "read" {
			t.Fatalf("marked %v, want added, then read", err)
		}
		if !strings.Contains(inner.Site, "checkpoint_test.go:") {
			t.Errorf("assembled at %q, want a line of this file", inner.Site)
		}
	})
}

// What goes wrong below a checkpoint does not come from above it.
func TestCheckpointMarksNothingFromBelow(t *testing.T) {
	bothWays(t, func() {
		marked := func(op observable.Operator[int, int], n int64) bool {
			sub := marbles.NewTestSubscriber[int](t, 0)
			observable.Pipe2(failing(), operators.Checkpoint[int]("source"), op).Subscribe(t.Context(), sub.Outside())
			sub.Request(n)
			ended, err := sub.Ended()
			if !ended || err == nil {
				t.Fatalf("ended %t with %v, want an error", ended, err)
			}
			_, marked := errors.AsType[*operators.CheckpointError](err)
			return marked
		}
		nothing := operators.Tap(func(int) {})
		boom := operators.Tap(func(int) { panic("boom") })
		if !marked(nothing, 5) {
			t.Error("the source's error is not marked")
		}
		if marked(nothing, 0) {
			t.Error("a bad request is marked as if it came from the source")
		}
		if marked(boom, 5) {
			t.Error("a panic below is marked as if it came from the source")
		}
	})
}

// failing emits 1, 2 and fails.
func failing() observable.Observable[int] {
	return operators.Concat(observable.Of(1, 2), observable.Throw[int](errTest))
}

func ExampleCheckpoint() {
	orders := operators.Checkpoint[int]("orders")(observable.Throw[int](errors.New("no route")))
	_, err := orders.Collect(context.Background())
	at, _ := errors.AsType[*operators.CheckpointError](err)
	fmt.Println(at.Name+":", at.Err)
	// Output: orders: no route
}

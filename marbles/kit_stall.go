package marbles

import (
	"testing"

	"github.com/sluicego/sluice/observable"
)

// NoStall fails the test if a chain that in looks into stands still because of
// one of its operators: values were requested of it, and it holds some, or asks
// its sources for none, or does not end though they have. A source that is
// silent is no fault.
//
//	ctx, in := observable.WithInspection(ctx)
//	chain.Subscribe(ctx, sub)
//	sub.Request(3)
//	clock.AdvanceBy(time.Second)
//	marbles.NoStall(t, in)
//
// Call it when all that is to happen has happened: in virtual time when nothing
// is due any more, in a bubble after synctest.Wait.
func NoStall(tb testing.TB, in *observable.Inspection) {
	tb.Helper()
	if e := in.Inspect().Stall(); e != nil && e.Reason != observable.StallSource {
		tb.Errorf("marbles: NoStall: %v", e)
	}
}

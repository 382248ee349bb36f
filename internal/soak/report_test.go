package soak_test

import (
	"fmt"
	"strings"
	"testing"
)

// report says what was broken, and how to see it again.
func (o *outcome) report(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d breaks the protocol:\n\t%s\n", o.seed, strings.Join(o.problems, "\n\t"))
	fmt.Fprintf(&b, "pipeline: %s\nscript: %s\n", o.pipeline, o.script)
	chain := o.chain
	if chain == "" {
		again := o.again(t)
		fmt.Fprintf(&b, "it was not inspected; %s\n", again.comparison())
		chain = again.chain
	}
	fmt.Fprintf(&b, "the chain:\n%s", chain)
	fmt.Fprintf(&b, "again: make soak SEED=%d COUNT=1\n", o.seed)
	return b.String()
}

// tries is how often a pipeline that has failed is run once more, inspected.
const tries = 20

// again plays the pipeline until it fails as an inspected one.
func (o *outcome) again(t *testing.T) (last *outcome) {
	t.Helper()
	for range tries {
		last = play(t, o.seed, wish{inspected: true})
		if len(last.problems) > 0 {
			break
		}
	}
	return last
}

// comparison says what an inspected run has shown.
func (o *outcome) comparison() string {
	if len(o.problems) == 0 {
		return fmt.Sprintf("in %d more runs, inspected, it did not fail", tries)
	}
	return "in another run, inspected, it broke this:\n\t" + strings.Join(o.problems, "\n\t")
}

package marbles

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/sluicego/sluice/scheduler"
)

// maxActions is how many tasks a test may run before it counts as one that
// does not come to an end.
const maxActions = 100_000

// Virtual plays a test on a virtual clock, on one goroutine: every run is the
// same, and an hour takes no time. Events of one instant happen in this order:
// what the test does itself (At, subscribe, request, cancel), hot sources in
// the order in which they were made, then everything else in the order in
// which it was scheduled.
func Virtual(t *testing.T, body func(m *Test)) {
	t.Helper()
	newTest(t, newVirtualClock()).run(body)
}

type virtualClock struct {
	*scheduler.Virtual

	played bool // to the end; touched by the goroutine of the test

	mu      sync.Mutex
	playing bool    // guarded by mu
	early   []*held // guarded by mu; what the body scheduled
}

func newVirtualClock() *virtualClock {
	return &virtualClock{Virtual: scheduler.NewVirtual(scheduler.MaxActions(maxActions))}
}

func (c *virtualClock) elapsed() time.Duration { return c.Elapsed() }

func (c *virtualClock) play(m *Test, script []action) (err error) {
	defer func() {
		if v := recover(); v != nil {
			runaway, ok := v.(*scheduler.RunawayError)
			if !ok {
				panic(v)
			}
			err = endless(runaway.Actions, runaway.Elapsed, runaway.Tasks)
		}
	}()
	for _, a := range script {
		c.Virtual.After(a.at, a.do)
	}
	c.release()
	end := time.Duration(0) // of the script
	if len(script) > 0 {
		end = script[len(script)-1].at
	}
	for c.Next() {
		if err := m.overtime(c.Elapsed()); err != nil {
			return err
		}
		if c.Elapsed() >= end {
			c.AdvanceBy(0) // what follows in this instant may stop a timer still
			m.stopTimers()
		}
	}
	c.played = true
	return nil
}

// settle runs what a cancel has scheduled. After a FailNow or a runaway nothing
// may run any more; nor does anything wait for it.
func (c *virtualClock) settle() {
	if c.played {
		c.AdvanceBy(0)
	}
}

var errEndless = errors.New("end the source, or cancel the subscription with a demand lane such as .Demand(\"^---!\")")

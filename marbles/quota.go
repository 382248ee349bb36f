package marbles

import (
	"fmt"
	"strings"
	"time"

	"github.com/sluicego/sluice/internal/runaway"
)

// A quota is how many tasks a clock may run, and who ran near the end of it.
// The mutex of the clock guards it.
type quota struct {
	most  int // tasks; maxActions but in tests of this package
	tasks int // how many have come to their turn
	watch runaway.Watch
}

// see looks who schedules f if the cap is near.
func (q *quota) see(f func()) {
	if q.tasks >= q.most-runaway.Before {
		q.watch.Scheduled(f)
	}
}

// mayRun counts a task whose turn has come. Past the cap it reports false: what
// reschedules itself without letting time pass comes to its end only because
// one of its tasks is dropped.
func (q *quota) mayRun(f func()) bool {
	q.tasks++
	if q.tasks > q.most-runaway.Before && q.tasks <= q.most {
		q.watch.Ran(f)
	}
	return q.tasks <= q.most
}

// runaway returns an error if tasks were dropped by now.
func (q *quota) runaway(now time.Duration) error {
	if q.tasks <= q.most {
		return nil
	}
	return endless(q.most, now, q.watch.Suspects())
}

// endless is the error of a test that does not come to an end.
func endless(tasks int, after time.Duration, suspects []string) error {
	return fmt.Errorf("the test does not come to an end: %d tasks have run after %v; what kept rescheduling:\n\t%s\n%w",
		tasks, after, strings.Join(suspects, "\n\t"), errEndless)
}

package marbles

import (
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

// Outcome plays body on virtual time and returns what it would have reported.
func Outcome(body func(m *Test)) []string {
	return recorded(func(r *recording) { newTest(r, newVirtualClock()).run(body) })
}

// recorded calls f on a goroutine of its own, because Fatalf ends it.
func recorded(f func(r *recording)) []string {
	r := &recording{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(r)
	}()
	<-done
	return r.reports
}

// LookOften makes a live test that stands still tell so at once.
func LookOften() { stallEvery = 10 * time.Millisecond }

// LiveOutcome is Outcome for a test that is played live.
func LiveOutcome(t *testing.T, body func(m *Test)) []string {
	t.Helper()
	r := &recording{}
	synctest.Test(t, func(*testing.T) {
		done := make(chan struct{})
		clock := newLiveClock()
		clock.quota.most = maxActions / 20 // so that a runaway takes no seconds under -race
		m := newTest(r, clock)
		go func() {
			defer close(done)
			m.run(body)
		}()
		<-done
		m.leftBehind()
	})
	return r.reports
}

// PlannedDocs returns the names of the functions whose diagrams PlayDocs would
// play, and what else it would report.
func PlannedDocs(pattern string, table map[string]Played) (names, faults []string) {
	plays, faults := planDocs(pattern, table)
	for _, p := range plays {
		names = append(names, p.diagram.Func)
	}
	return names, faults
}

type recording struct{ reports []string }

func (r *recording) Helper()                   {}
func (r *recording) Logf(string, ...any)       {}
func (r *recording) Failed() bool              { return len(r.reports) > 0 }
func (r *recording) Errorf(f string, a ...any) { r.reports = append(r.reports, fmt.Sprintf(f, a...)) }

func (r *recording) Fatalf(f string, a ...any) {
	r.Errorf(f, a...)
	runtime.Goexit()
}

// ShuffleOutcome is Outcome for a test that is played in up to n orders.
func ShuffleOutcome(n int, body func(m *Test)) []string {
	return recorded(func(r *recording) { shuffle(r, n, body) })
}

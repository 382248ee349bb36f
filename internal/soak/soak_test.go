package soak_test

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"github.com/sluicego/sluice/scheduler"
)

var (
	soakTime  = flag.Duration("soak.time", 0, "how long to run random pipelines; 0 runs a fixed list of them")
	soakSeed  = flag.Uint64("soak.seed", 0, "the seed of the first pipeline, the next one's is one more; 0 draws one")
	soakCount = flag.Int("soak.count", 0, "how many pipelines to run, instead of for some time")
)

// smoke is how many pipelines run without flags, from seed 1.
const smoke = 200

// mostFailures is how many failures are worth reporting.
const mostFailures = 5

// TestSoak runs random pipelines and holds them to the laws.
func TestSoak(t *testing.T) {
	s := &tally{start: scheduler.Default.Now()}
	first, goesOn := s.plan()
	s.last = s.start
	for seed := first; goesOn() && s.failures < mostFailures; seed++ {
		s.add(t, play(t, seed, wish{}))
		if s.timed && since(s.last) > progress {
			s.last = scheduler.Default.Now()
			fmt.Println(s)
		}
	}
	fmt.Println(s)
}

func since(t time.Time) time.Duration { return scheduler.Default.Now().Sub(t) }

// progress is how often a line says how far it is.
const progress = 10 * time.Second

// A tally adds up what has been survived.
type tally struct {
	start, last                        time.Time
	timed                              bool
	pipelines, values, cancels, faults int
	failures                           int
}

// plan returns the first seed, and whether there is to be another pipeline.
func (s *tally) plan() (first uint64, goesOn func() bool) {
	switch {
	case *soakCount > 0:
		first, goesOn = *soakSeed, func() bool { return s.pipelines < *soakCount }
	case *soakTime > 0:
		s.timed = true
		first, goesOn = *soakSeed, func() bool { return since(s.start) < *soakTime }
	default:
		return 1, func() bool { return s.pipelines < smoke }
	}
	if first == 0 {
		first = uint64(s.start.UnixMicro())
	}
	fmt.Printf("soak: seed %d\n", first)
	return first, goesOn
}

// add counts a pipeline and reports it if it has failed.
func (s *tally) add(t *testing.T, o *outcome) {
	t.Helper()
	s.pipelines++
	s.values += o.values
	s.cancels += o.cancels
	s.faults += o.faults
	if len(o.problems) > 0 {
		s.failures++
		t.Error(o.report(t))
	}
}

// String is a line of progress.
func (s *tally) String() string {
	return fmt.Sprintf("soak: %d pipelines, %d values, %d cancels and %d faults in %v; %d failures",
		s.pipelines, s.values, s.cancels, s.faults, since(s.start).Round(time.Second), s.failures)
}

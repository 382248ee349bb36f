package marbles_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/scheduler"
)

// A program schedules at random, and notes what happens.
type program struct {
	*rand.Rand
	m     *marbles.Test
	lanes []scheduler.Worker
	stops []func() bool
	names int
	note  func(string)
}

// act does something with the scheduler. It goes on to do so when it is due,
// until the program has done enough.
func (p *program) act() {
	if p.names == 60 {
		return
	}
	p.names++
	name, d := fmt.Sprintf("%d ", p.names), time.Duration(p.IntN(3))*time.Millisecond
	task := func() {
		p.note(fmt.Sprintf("%s@%v ", name, p.m.Scheduler().Now().UnixMilli()%1000))
		p.act()
		p.act()
	}
	lane := p.lanes[p.IntN(len(p.lanes))]
	switch p.IntN(8) {
	case 0:
		p.stops = append(p.stops, p.m.Scheduler().Schedule(task))
	case 1, 2:
		p.stops = append(p.stops, p.m.Scheduler().After(d, task))
	case 3:
		p.stops = append(p.stops, lane.Schedule(task))
	case 4, 5:
		p.stops = append(p.stops, lane.After(d, task))
	case 6:
		if len(p.stops) > 0 {
			p.note(fmt.Sprintf("%v ", p.stops[p.IntN(len(p.stops))]()))
		}
		p.act()
	case 7:
		if p.IntN(4) == 0 {
			lane.Stop()
		}
		p.act()
	}
}

// The first order of Shuffle is that of Virtual, whatever a test does.
func TestShuffleBeginsWithTheOrderOfVirtual(t *testing.T) {
	for seed := range uint64(500) {
		trace := func(play func(body func(m *marbles.Test)) []string) (notes []string) {
			reports := play(func(m *marbles.Test) {
				p := &program{Rand: rand.New(rand.NewPCG(seed, 0)), m: m, note: func(s string) { notes = append(notes, s) }}
				p.lanes = []scheduler.Worker{m.Scheduler().Worker(), m.Scheduler().Worker()}
				for frame := range 4 {
					p.act()
					m.At(frame, func() { p.note("step "); p.act() })
				}
				hots(m, p.note, "-a-b", "-[cd]-^e")
			})
			return append(notes, reports...)
		}
		want := trace(marbles.Outcome)
		got := trace(func(body func(m *marbles.Test)) []string { return marbles.ShuffleOutcome(1, body) })
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: the first order is\n%q, that of Virtual\n%q", seed, got, want)
		}
	}
}

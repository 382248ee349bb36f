package picture

import (
	"slices"
	"time"

	"github.com/sluicego/sluice/internal/marble"
)

// The measures of a picture, in CSS pixels.
const (
	radius  = 10.0         // of a marble
	stacked = 2*radius + 2 // from one marble of an instant to the next
	room    = radius + 0.5 // what a marble of a lane needs on either side
	cutRoom = 5.5          // what a cut needs
	margin  = 10.0
	tail    = 20.0 // of a lane, behind the last instant
	breakAt = 12   // idle frames; more of them are not drawn
	gapWide = 62.0 // what is drawn instead

	leastWide = 160.0 // of a picture
	phone     = 340.0 // what text may widen a picture to
	plotWide  = 320.0 // what all instants should take; fits a telephone

	cutBehind = radius + 7.0 // from a value to a cut at the same instant

	tiny = 1e-6 // by which machines may differ
)

// A scale says where an instant is. Time is true to scale, but for long gaps,
// which are cut, and for marbles that would overlap, which are moved apart.
type scale struct {
	frame time.Duration
	at    []time.Duration // the instants at which something happens, sorted
	x     []float64
	gaps  []gap
}

// A gap is a long time without events.
type gap struct {
	from, to time.Duration
	x0, x1   float64
}

func newScale(p *Picture) *scale {
	s := &scale{frame: p.frame()}
	s.at = []time.Duration{0}
	for _, r := range p.Rows {
		s.at = append(s.at, r.extent())
		for _, e := range r.Events {
			s.at = append(s.at, e.At)
		}
	}
	s.at = append(s.at, p.Marks...)
	slices.Sort(s.at)
	s.at = slices.Compact(s.at)
	pitch := s.pitch()
	before := s.neighbours(p)
	s.x = make([]float64, len(s.at))
	for i := 1; i < len(s.at); i++ {
		wide := s.frames(i) * pitch
		if s.frames(i) > breakAt {
			wide = gapWide
		}
		s.x[i] = s.x[i-1] + wide
		for _, j := range before[i] {
			s.x[i] = max(s.x[i], s.x[j.index]+j.least)
		}
		if s.frames(i) > breakAt {
			mid, half := (s.x[i]+s.x[i-1])/2, gapWide/2-radius-6
			s.gaps = append(s.gaps, gap{s.at[i-1], s.at[i], mid - half, mid + half})
		}
	}
	return s
}

// frames is how long the instant i is after the one before.
func (s *scale) frames(i int) float64 { return float64(s.at[i]-s.at[i-1]) / float64(s.frame) }

// pitch is the width of a frame.
func (s *scale) pitch() float64 {
	wide, frames := plotWide, 0.0
	for i := 1; i < len(s.at); i++ {
		if f := s.frames(i); f <= breakAt {
			frames += f
		} else {
			wide -= gapWide
		}
	}
	return min(24, max(9, wide/max(1, frames)))
}

// A neighbour is an instant before another one in some lane, and what is the
// least between them.
type neighbour struct {
	index int
	least float64
}

// neighbours lists those of each instant.
func (s *scale) neighbours(p *Picture) [][]neighbour {
	before := make([][]neighbour, len(s.at))
	for i, r := range p.Rows {
		if !r.Kind.lane() {
			continue
		}
		cuts := p.cuts(i)
		events := slices.Clone(cuts)
		for _, e := range r.Events {
			events = append(events, e.At)
		}
		slices.Sort(events)
		events = slices.Compact(events)
		last := 0.0 // what the one before needs on its right
		for k, at := range events {
			left, right := room, room
			if slices.Contains(cuts, at) {
				if r.busy(at) {
					right = cutBehind + cutRoom
				} else {
					left, right = cutRoom, cutRoom
				}
			}
			if k > 0 {
				j := s.index(at)
				before[j] = append(before[j], neighbour{s.index(events[k-1]), last + left})
			}
			last = right
		}
	}
	return before
}

func (s *scale) index(t time.Duration) int {
	i, _ := slices.BinarySearch(s.at, t)
	return i
}

// of is where the instant t is.
func (s *scale) of(t time.Duration) float64 {
	i, found := slices.BinarySearch(s.at, t)
	switch {
	case found:
		return s.x[i]
	case i == 0:
		return 0
	case i == len(s.at):
		return s.x[i-1]
	}
	part := float64(t-s.at[i-1]) / float64(s.at[i]-s.at[i-1])
	return s.x[i-1] + part*(s.x[i]-s.x[i-1])
}

func (s *scale) end() float64 { return s.x[len(s.x)-1] }

// ticks are the frames that are drawn: all but those in gaps.
func (s *scale) ticks() (ticks []time.Duration) {
	const most = 2000
	for i := range s.at {
		if i == 0 || s.frames(i) > breakAt {
			if s.at[i]%s.frame == 0 {
				ticks = append(ticks, s.at[i])
			}
			continue
		}
		t := floor(s.at[i-1], s.frame) + s.frame
		for ; t <= s.at[i] && len(ticks) < most; t += s.frame {
			ticks = append(ticks, t)
		}
	}
	return ticks
}

// floor is the last multiple of frame that is not after t.
func floor(t, frame time.Duration) time.Duration {
	d := t % frame
	if d < 0 {
		d += frame
	}
	return t - d
}

// axis draws the time, at height y.
func (d *drawing) axis(y float64) {
	unit, per := marble.TimeUnit(d.x.frame)
	d.text(d.left-radius-9, y+3.5, "a e", unit)
	x0, x1 := d.left, d.left+d.x.end()
	path := newPath()
	at := x0
	for _, g := range d.x.gaps {
		path.move(at, y).line(d.left+g.x0, y)
		at = d.left + g.x1
		mid, w := (d.left+g.x0+at)/2, 3.0
		path.line(mid-2*w, y).line(mid-w, y-4).line(mid+w, y+4).line(mid+2*w, y).line(at, y)
		d.text(mid, y-6, "a m", roughly(g.to-g.from))
	}
	path.move(at, y).line(x1, y)
	free := x0 - 100
	for i, t := range d.x.ticks() {
		x := d.left + d.x.of(t)
		long := (t/d.x.frame)%5 == 0
		afterGap := slices.ContainsFunc(d.x.gaps, func(g gap) bool { return g.to == t })
		size := 2.5
		label := number(float64(t) / float64(per))
		half := float64(len(label)) * 3
		if (long || afterGap || i == 0) && x-half > free+tiny && !d.inGap(x, half) {
			size = 4
			d.text(x, y-6, "a m", label)
			free = x + half + 8
		}
		path.move(x, y).line(x, y+size)
	}
	d.path("x", path)
}

// inGap reports whether a text at x, and as wide as half on either side, would
// meet the label of a gap.
func (d *drawing) inGap(x, half float64) bool {
	return slices.ContainsFunc(d.x.gaps, func(g gap) bool {
		mid, own := d.left+(g.x0+g.x1)/2, float64(len(roughly(g.to-g.from)))*smallWide/2
		return x > mid-own-half-2 && x < mid+own+half+2
	})
}

// roughly is d in few characters, "1.5s".
func roughly(d time.Duration) string {
	for _, u := range []struct {
		per  time.Duration
		name string
	}{{time.Hour, "h"}, {time.Minute, "m"}, {time.Second, "s"}, {time.Millisecond, "ms"}, {time.Microsecond, "µs"}} {
		if d >= u.per {
			return number(float64(d)/float64(u.per)) + u.name
		}
	}
	return d.String()
}

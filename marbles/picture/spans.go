package picture

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// A span is a time in which somebody was subscribed to a lane: until it ended,
// or until the subscription was cancelled.
type span struct {
	from, to time.Duration
	cut      bool // cancelled before the lane ended
}

const forever = time.Duration(math.MaxInt64)

// spans are the subscriptions to the lane in row i in the order of time, as far
// as rows tell them. A row with a label of its own tells something else.
func (p *Picture) spans(i int) (spans []span, told bool) {
	r := p.Rows[i]
	if r.timeless || r.Kind != Input && r.Kind != Output {
		return nil, false
	}
	for _, kind := range []RowKind{Lifetime, Demand} {
		for _, about := range p.Rows {
			if about.Kind != kind || about.Label != "" || p.find(about.Of) != i {
				continue
			}
			s, subscribed, cancelled := about.span()
			if kind == Lifetime {
				told = true
			}
			if subscribed || kind == Demand && cancelled {
				spans, told = append(spans, s), true
			}
		}
		if told {
			break
		}
	}
	slices.SortStableFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	for k := range spans {
		s := &spans[k]
		end, ended := r.ended()
		if k > 0 && r.cold() && spans[0].from > -forever {
			end += s.from - spans[0].from
		}
		if ended && end <= s.to {
			s.to, s.cut = end, false
		}
	}
	return spans, told
}

// span is the subscription that a lifetime or demand row tells. Without its
// start it has begun before everything.
func (r Row) span() (s span, subscribed, cancelled bool) {
	s = span{from: -forever, to: forever}
	for _, e := range r.Events {
		switch e.Kind {
		case Subscribe:
			s.from, subscribed = e.At, true
		case Cancel:
			s.to, s.cut, cancelled = e.At, true, true
		case Value, Complete, Error, Request:
		}
	}
	return s, subscribed, cancelled
}

// cold reports whether the lane begins anew with each subscription.
func (r Row) cold() bool { return r.Note == "cold" }

// shows reports whether the lane that the lifetime in row i is of shows it itself.
// That of a hot source goes on without it, so it has a bar below.
func (p *Picture) shows(i int) bool {
	j := p.about(i)
	if j < 0 || p.Rows[i].Label != "" {
		return false
	}
	spans, _ := p.spansOf(j)
	switch r := p.Rows[j]; {
	case r.Kind == Inner:
		return true
	case r.Kind == Output:
		return len(spans) == 1
	case r.Kind != Input || r.Note == "hot":
		return false
	default:
		return len(spans) == 0 || len(spans) == 1 && (r.cold() || spans[0].from <= 0) || r.replays != nil
	}
}

// replayed is the picture with each cold source that was subscribed to several
// times, one after the other, going through its lane as often.
func (p *Picture) replayed() *Picture {
	q := *p
	q.Rows = slices.Clone(p.Rows)
	for i := range q.Rows {
		r := &q.Rows[i]
		spans, _ := p.spans(i)
		if r.Kind != Input || !r.cold() || len(spans) < 2 || spans[0].from == -forever {
			continue
		}
		one := slices.Clone(r.Events)
		var all []Event
		free := spans[0].from
		for k := range spans {
			s := &spans[k]
			shift := s.from - spans[0].from
			if s.to == forever && k+1 < len(spans) || s.from < free {
				all = nil // two at a time, which a lane cannot show
				break
			}
			free = s.to
			for _, e := range one {
				if e.At+shift <= s.to {
					e.At += shift
					all = append(all, e)
				}
			}
		}
		if len(all) > 0 {
			r.Events, r.replays = all, spans
			r.Until = min(r.Until+spans[len(spans)-1].from-spans[0].from, free)
		}
	}
	return &q
}

// covered reports whether one of the spans holds the instant.
func covered(spans []span, at time.Duration) bool {
	return slices.ContainsFunc(spans, func(s span) bool { return s.from <= at && at <= s.to })
}

// lane draws the line of row i with its signals. What nobody was subscribed to
// is faint, or if it is no hot source, not there.
func (d *drawing) lane(i int) {
	r, line := d.p.Rows[i], d.rows[i]
	x0, x1 := d.startOf(r), d.right()
	at, ended := r.ended()
	if ended {
		x1 = d.left + d.x.of(at)
	}
	spans, shown := d.p.inLane(i)
	if !shown {
		d.strokes("l", line, x0, x1)
		if !ended {
			d.arrow(line, x1)
		}
		d.signals(i, "", nil)
		return
	}
	faint := func(from, to float64) {
		if from < to && r.Kind == Input && r.replays == nil {
			d.strokes("l gh", line, from, to)
		}
	}
	x := x0
	for _, s := range spans {
		from, to := x0, x1
		if begin := d.left + d.x.of(s.from); s.from > 0 || s.from > -forever && begin > x0+radius {
			from = begin
			if r.cold() || r.Kind == Output {
				d.path("l", newPath().move(from, line.at(from)-4).line(from, line.at(from)+4))
			} else {
				faint(x, from)
			}
		}
		if s.to < forever {
			to = d.left + d.x.of(s.to)
		}
		if r.Kind == Output && r.after(s.to) { // it went on regardless
			to = x1
		}
		d.strokes("l", line, from, to)
		x = to
	}
	last := forever
	if n := len(spans); n > 0 {
		last = spans[n-1].to
	}
	switch {
	case len(spans) == 0:
		faint(x0, x1)
	case last < forever:
		if ended || r.after(last) { // else nothing is known of what would have been
			faint(x, x1)
		}
	case !ended:
		d.arrow(line, x1)
	}
	if r.Kind == Output {
		d.signals(i, "", nil)
	} else {
		d.signals(i, "", func(at time.Duration) bool { return !covered(spans, at) })
	}
	for _, s := range spans {
		if s.cut {
			d.cutLane(i, s.to)
		}
	}
}

// spansOf is spans for a picture that is replayed.
func (p *Picture) spansOf(i int) (spans []span, told bool) {
	if r := p.Rows[i]; r.replays != nil {
		return r.replays, true
	}
	return p.spans(i)
}

// inLane are the spans that the lane in row i can show: those that do not overlap.
func (p *Picture) inLane(i int) (spans []span, shown bool) {
	spans, shown = p.spansOf(i)
	for k := 1; k < len(spans); k++ {
		shown = shown && spans[k-1].to <= spans[k].from
	}
	if p.Rows[i].Kind == Output {
		shown = shown && len(spans) == 1
	}
	return spans, shown
}

// cutLane marks the cancellation of the lane in row i: behind the value, if
// there is one at that instant.
func (d *drawing) cutLane(i int, at time.Duration) {
	line, x := d.rows[i], d.left+d.x.of(at)
	if d.p.Rows[i].busy(at) {
		d.strokes("l", line, x, x+cutBehind)
		x += cutBehind
	}
	d.cut(x, line.at(x))
}

// busy reports whether something stands in the lane at the given instant.
func (r Row) busy(at time.Duration) bool {
	return slices.ContainsFunc(r.Events, func(e Event) bool {
		return e.At == at && (e.Kind == Value || e.Kind == Error)
	})
}

// cuts are the instants at which the lane in row i is cut.
func (p *Picture) cuts(i int) (at []time.Duration) {
	if p.Rows[i].Kind == Inner {
		if sub, ok := p.lifetime(i); ok {
			if s, _, cancelled := sub.span(); cancelled {
				at = append(at, s.to)
			}
		}
		return at
	}
	spans, shown := p.inLane(i)
	for _, s := range spans {
		if shown && s.cut {
			at = append(at, s.to)
		}
	}
	return at
}

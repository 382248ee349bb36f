package picture

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/sluicego/sluice/internal/marble"
)

// steep is how inner streams leave their row, if there are few of them.
const (
	steep    = 0.12
	mostDrop = 40.0
	fewInner = 4
)

// inner draws the streams in one row: all of them at once.
func (d *drawing) inner(i int) {
	parent, _ := d.p.parent(i)
	var family []int
	nested := false
	for j, r := range d.p.Rows {
		if r.Kind != Inner {
			continue
		}
		if p, _ := d.p.parent(j); p == parent {
			family = append(family, j)
		} else if slices.Contains(family, p) || p == i {
			nested = true
		}
	}
	if parent >= 0 && d.p.Rows[parent].Kind == Inner {
		nested = true
	}
	if parent < 0 || nested || len(family) > fewInner {
		d.innerLane(i)
		return
	}
	d.slanted(parent, family)
}

// start is where the inner stream in row i begins.
func (d *drawing) start(i int) float64 {
	_, at := d.p.parent(i)
	return d.left + d.x.of(at)
}

// innerEnd is how far the inner stream in row i is drawn.
func (d *drawing) innerEnd(i int) float64 {
	r := d.p.Rows[i]
	x := d.left + d.x.of(r.extent())
	if _, ended := r.ended(); !ended {
		x = max(x, d.start(i)+radius) + tail/2
	}
	return x
}

// slanted draws children below their row, the last one first, so that none
// crosses the stem of another. Where on a line something is still says when it
// happened.
func (d *drawing) slanted(parent int, family []int) {
	slices.SortStableFunc(family, func(a, b int) int {
		return cmp.Compare(d.start(b), d.start(a))
	})
	left, right := math.Inf(1), 0.0
	for _, i := range family {
		left, right = min(left, d.start(i)), max(right, d.innerEnd(i))
	}
	slope := min(steep, mostDrop/max(1, right-left))
	y, bottom := d.y+radius, 0.0
	for n, i := range family {
		x := d.start(i)
		if n > 0 {
			y += 2*radius + 10
		}
		d.rows[i] = placed{ok: true, x0: left, y0: y, slope: slope}
		if n == 0 { // may start higher by what the slope gives
			lift := min(slope*(x-left), 6)
			d.rows[i].y0 -= lift
			y -= lift
		}
		y += d.stack(d.p.Rows[i])
		bottom = max(bottom, d.rows[i].at(d.innerEnd(i))+radius+d.stack(d.p.Rows[i]))
	}
	for _, i := range family {
		x := d.start(i)
		d.pathIn(&d.back, "j", newPath().move(x, d.rows[parent].at(x)).line(x, d.rows[i].at(x)))
		d.stream(i)
	}
	d.y = bottom + 5
}

// innerLane draws the inner stream in row i as a lane of its own.
func (d *drawing) innerLane(i int) {
	y := d.place(i, 2*radius+8)
	r := d.p.Rows[i]
	value := Event{Label: r.Of}
	if p, _ := d.p.parent(i); p >= 0 {
		for _, e := range d.p.Rows[p].Events {
			if e.Kind == Value && e.Label == r.Of {
				value = e
				break
			}
		}
	}
	if d.l.mark(value) != "" {
		d.marble(value, d.left-radius-19, y, radius-1, "")
	} else {
		d.text(d.left-radius-9, y+4, "s e", oneLine(r.Of))
	}
	d.stream(i)
}

// stream draws an inner stream on its line: waiting until it is subscribed to,
// and faint once it is not any more.
func (d *drawing) stream(i int) {
	line, r := d.rows[i], d.p.Rows[i]
	from, to, end := d.start(i), math.Inf(1), d.innerEnd(i)
	_, ended := r.ended()
	subscribed, cut := true, false
	var at time.Duration // of the cut
	if sub, ok := d.p.lifetime(i); ok {
		subscribed = false
		for _, e := range sub.Events {
			switch e.Kind {
			case Subscribe:
				from, subscribed = d.left+d.x.of(e.At), true
			case Cancel:
				to, at, cut = d.left+d.x.of(e.At), e.At, true
			case Value, Complete, Error, Request:
			}
		}
	}
	if !subscribed {
		to = d.start(i)
	} else if cut && !ended && !r.after(at) {
		end = to // nothing is known of what would have been
	}
	if from > d.start(i) {
		d.path("j", d.stretch(line, d.start(i), from))
	}
	d.path("l", newPath().move(d.start(i), line.at(d.start(i))-4).line(d.start(i), line.at(d.start(i))+4))
	if subscribed {
		d.strokes("l", line, from, min(to, end))
	}
	gone := to < end || cut && !ended && to == end
	if gone {
		d.strokes("l gh", line, max(to, d.start(i)), end)
	}
	if !ended && !gone {
		d.arrow(line, end)
	}
	for _, group := range instants(r.Events) {
		x := d.left + d.x.of(group[0].At)
		class := ""
		if !subscribed || x > to || x < from {
			class = ghost
		}
		d.instant(group, x, line.at(x), class)
	}
	if cut && subscribed && gone {
		d.cutLane(i, at)
	}
}

// legend explains what stands in the marbles.
func (d *drawing) legend() {
	const r = 8.0
	x := margin
	first := true
	for _, entry := range d.l.entries {
		if entry.mark == "#" && d.named[entry.text] {
			continue
		}
		text := oneLine(entry.text)
		most := columns(d.width-2*margin-3*r, charWide)
		text = shorten(text, most)
		wide := 3*r + float64(marble.Width(text))*charWide
		if first || x+wide > d.width-margin+tiny {
			x = margin
			d.y += 2*r + 6
			first = false
		}
		y := d.y - r - 1
		if entry.mark == "#" {
			d.path("f", newPath().move(x+r-4, y-4).line(x+r+4, y+4).move(x+r-4, y+4).line(x+r+4, y-4))
		} else {
			d.marble(Event{Label: entry.mark, Text: entry.text}, x+r, y, r, "")
		}
		d.text(x+2*r+6, y+4, "s", text)
		x += wide + 14
	}
	if !first {
		d.y += 3
	}
}

// shorten cuts text to most columns.
func shorten(text string, most int) string {
	if marble.Width(text) <= most {
		return text
	}
	r := []rune(text)
	for len(r) > 0 && marble.Width(string(r)) >= most {
		r = r[:len(r)-1]
	}
	return string(r) + "…"
}

package picture

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/sluicego/sluice/internal/marble"
)

// label is what stands beside the lane of row i.
func (d *drawing) label(i int) string {
	r := d.p.Rows[i]
	switch r.Kind {
	case Demand, Lifetime, Dropped:
		if r.Label != "" {
			return oneLine(r.Label)
		}
	case Operator, Inner, Note:
		return ""
	case Input, Output:
		return oneLine(r.Label)
	}
	switch r.Kind {
	case Demand:
		if r.Of == "" {
			return "request"
		}
		return d.aside("demand", i)
	case Lifetime:
		return d.aside("subs", i)
	default:
		return d.aside("dropped", i)
	}
}

// aside names the row that row i is about, unless that is drawn right above.
func (d *drawing) aside(word string, i int) string {
	if j := d.p.about(i); j >= 0 && d.p.Rows[j].Kind != Inner {
		return word
	}
	return word + " " + oneLine(d.p.Rows[i].Of)
}

// row draws row i below what has been drawn.
func (d *drawing) row(i int) {
	if d.rows[i].ok {
		return
	}
	r := d.p.Rows[i]
	switch r.Kind {
	case Operator:
		d.box(r.Label)
	case Note:
	case Inner:
		d.inner(i)
	case Demand:
		d.demand(i)
	case Lifetime:
		if !d.p.shows(i) {
			d.lifetime(i)
		}
	case Dropped:
		y := d.place(i, 2*radius+4)
		d.path("j", newPath().move(d.left, y).line(d.right(), y))
		d.signals(i, struck, nil)
	case Input, Output:
		d.place(i, 2*radius+12)
		d.lane(i)
	}
	d.rows[i].ok = true
}

// right is the end of lanes that go on.
func (d *drawing) right() float64 { return d.left + d.x.end() + tail }

func (d *drawing) startOf(r Row) float64 {
	x := d.left + d.x.of(0)
	for _, e := range r.Events {
		x = min(x, d.left+d.x.of(e.At))
	}
	return x - radius*0.4
}

// place makes room for a lane and its stacks, and writes its label. It returns
// the height of the lane.
func (d *drawing) place(i int, high float64) float64 {
	r, label := d.p.Rows[i], d.label(i)
	if len(label) > longLabel {
		d.y += 15
		d.text(margin, d.y-2, "s", label)
		label = ""
	}
	y := d.y + high/2
	d.rows[i] = placed{ok: true, x0: d.left, y0: y}
	d.y += high + d.stack(r)
	end := d.left - radius - 9
	if r.Note != "" && label != "" {
		d.text(end, y+12, "n e", oneLine(r.Note))
		y -= 3
	} else if r.Note != "" {
		d.text(end, y+3.5, "n e", oneLine(r.Note))
	}
	d.text(end, y+4, "s e", label)
	return d.rows[i].y0
}

// stack is what the stacks of a lane need below the line.
func (d *drawing) stack(r Row) float64 {
	most := 0.0
	for _, group := range instants(r.Events) {
		n := 0.0
		for _, e := range group {
			if e.Kind == Value || e.Kind == Error {
				n++
			}
		}
		most = max(most, n)
	}
	return max(0, most-1) * stacked
}

// instants cuts events into runs of one instant, in the order of time.
func instants(events []Event) (groups [][]Event) {
	events = slices.Clone(events)
	slices.SortStableFunc(events, func(a, b Event) int { return int(max(-1, min(1, a.At-b.At))) })
	for i, e := range events {
		if i == 0 || events[i-1].At != e.At {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], e)
	}
	return groups
}

// signals draws the events of row i on its line, faint where they are.
func (d *drawing) signals(i int, class string, faint func(time.Duration) bool) {
	for _, group := range instants(d.p.Rows[i].Events) {
		x, class := d.left+d.x.of(group[0].At), class
		if faint != nil && faint(group[0].At) {
			class = ghost
		}
		d.instant(group, x, d.rows[i].at(x), class)
	}
}

// arrow says that a lane goes on.
func (d *drawing) arrow(line placed, x float64) {
	y := line.at(x)
	back := line.at(x - 7)
	d.path("r", newPath().move(x+1, y).line(x-7, back-4).line(x-7, back+4).close())
}

// strokes draws a line, dotted where the time is cut.
func (d *drawing) strokes(class string, line placed, x0, x1 float64) {
	d.path(class, d.stretch(line, x0, x1))
	dots := newPath()
	for _, g := range d.x.gaps {
		a, b := max(x0, d.left+g.x0), min(x1, d.left+g.x1)
		if a < b {
			dots.move(a+3, line.at(a+3)).line(b, line.at(b))
		}
	}
	d.path("j", dots)
}

// stretch is the line from x0 to x1 without the gaps.
func (d *drawing) stretch(line placed, x0, x1 float64) *path {
	p := newPath()
	at := x0
	for _, g := range d.x.gaps {
		a, b := d.left+g.x0, d.left+g.x1
		if b <= at || a >= x1 {
			continue
		}
		if a > at {
			p.move(at, line.at(at)).line(a, line.at(a))
		}
		at = b
	}
	if at < x1 {
		p.move(at, line.at(at)).line(x1, line.at(x1))
	}
	return p
}

// box draws an operator.
func (d *drawing) box(label string) {
	const high = 30
	wide := d.width - 2*margin
	label = oneLine(label)
	most := columns(wide-2*margin, boxWide)
	lines := wrap(label, most)
	h := high + 16*float64(len(lines)-1)
	d.y += 5
	fmt.Fprintf(&d.front, `<rect class="%s" x="%s" y="%s" width="%s" height="%s" rx="5"/>`+"\n",
		d.classes("ob"), number(margin), number(d.y), number(wide), number(h))
	for i, line := range lines {
		d.text(d.width/2, d.y+19.5+16*float64(i), "o m", line)
	}
	d.y += h + 5
}

// subscription is the interval of a lifetime or demand row, as heights go.
func (d *drawing) subscription(r Row) (x0, x1 float64, cancelled bool) {
	x0, x1 = d.left+d.x.of(0), d.right()
	s, subscribed, cancelled := r.span()
	if subscribed {
		x0 = d.left + d.x.of(s.from)
	}
	if cancelled {
		x1 = d.left + d.x.of(s.to)
	}
	if j := d.p.find(r.Of); j >= 0 && cancelled && !d.p.timeless(r.Of) {
		spans, _ := d.p.spansOf(j)
		for _, own := range spans { // the end of the lane is no cancellation
			cancelled = cancelled && (own.from != s.from || own.cut)
		}
	}
	return x0, x1, cancelled
}

// lifetime draws a bar from the subscription to its end.
func (d *drawing) lifetime(i int) {
	r := d.p.Rows[i]
	y := d.place(i, 22)
	if !slices.ContainsFunc(r.Events, func(e Event) bool { return e.Kind == Subscribe }) {
		d.text(d.left, y+3.5, "n", "never")
		return
	}
	x0, x1, cancelled := d.subscription(r)
	d.path("u", newPath().move(x0, y).line(x1, y))
	if cancelled {
		d.cut(x1, y)
	}
}

// demand draws requests as arrows up to whoever is asked, and what is owed.
func (d *drawing) demand(i int) {
	const up = 20.0
	r, high := d.p.Rows[i], 44.0
	if d.p.timeless(r.Of) { // without a balance
		high -= 10
	}
	y := d.place(i, high) + 6
	d.rows[i].y0 = y
	x0, x1, cancelled := d.subscription(r)
	d.strokes("d", d.rows[i], x0, x1)
	d.path("d", newPath().move(x0, y-4).line(x0, y+4))
	arrows := newPath()
	for _, group := range instants(r.Events) {
		var amounts []string
		for _, e := range group {
			if e.Kind == Request {
				amounts = append(amounts, amount(e.N))
			}
		}
		if len(amounts) == 0 {
			continue
		}
		x := d.left + d.x.of(group[0].At)
		arrows.move(x, y).line(x, y-up).move(x-3.5, y-up+5).line(x, y-up).line(x+3.5, y-up+5)
		d.text(x+5, y-up+9, "w", strings.Join(amounts, "+"))
	}
	d.path("d", arrows)
	if cancelled {
		d.cut(x1, y)
	}
	d.balance(i, y+14)
}

// balance writes what is owed after each change, where there is room.
func (d *drawing) balance(i int, y float64) {
	r := d.p.Rows[i]
	if d.p.timeless(r.Of) {
		return
	}
	end := forever // after it, nothing is owed
	if j := d.p.find(r.Of); j >= 0 {
		if at, ended := d.p.Rows[j].ended(); ended {
			end = at
		}
	}
	delivered := toMarbles(d.p.used(r), nil)
	owed, excess := marble.Balance(toMarbles(r.Events, nil), delivered)
	d.text(d.left-radius-9, y, "n e", "owed")
	free := math.Inf(-1)
	for _, o := range owed {
		x, text := d.left+d.x.of(o.At), amount(o.N)
		half := float64(marble.Width(text)) * smallWide / 2
		if x-half < free-tiny || o.At > end {
			continue
		}
		class := "n m"
		if slices.ContainsFunc(excess, func(e marble.Event) bool { return e.At == o.At }) {
			class, text = "y m", "×"
		}
		d.text(x, y, class, text)
		free = x + half + 2
	}
}

func amount(n int64) string {
	if n == marble.Unbounded {
		return "∞"
	}
	return fmt.Sprint(n)
}

// marks are bands behind the lanes.
func (d *drawing) marks(top, bottom float64) {
	var done []time.Duration
	for i, at := range d.p.Marks {
		if slices.Contains(done, at) {
			continue
		}
		done = append(done, at)
		class := "i1"
		if i > 0 {
			class = "i2"
		}
		fmt.Fprintf(&d.back, `<rect class="%s" x="%s" y="%s" width="%s" height="%s" rx="4"/>`+"\n", d.classes(class),
			number(d.left+d.x.of(at)-radius-4), number(top), number(2*radius+8), number(bottom-top))
	}
}

// guides join what comes out with what came in at the same instant.
func (d *drawing) guides() {
	lines := newPath()
	top := make(map[time.Duration]float64)
	for i, r := range d.p.Rows {
		if r.Kind != Input && r.Kind != Inner || r.timeless {
			continue
		}
		for _, e := range r.Events {
			y := d.rows[i].at(d.left + d.x.of(e.At))
			if old, ok := top[e.At]; d.rows[i].ok && d.p.live(i, e.At) && (e.Kind == Value || e.Kind.ends()) && (!ok || y < old) {
				top[e.At] = y
			}
		}
	}
	for i, r := range d.p.Rows {
		if r.Kind != Output {
			continue
		}
		for _, group := range instants(r.Events) {
			x := d.left + d.x.of(group[0].At)
			if y, ok := top[group[0].At]; ok && y < d.rows[i].y0 {
				lines.move(x, y).line(x, d.rows[i].y0)
				delete(top, group[0].At)
			}
		}
	}
	d.pathIn(&d.back, "g", lines)
}

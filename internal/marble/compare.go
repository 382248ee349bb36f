package marble

import (
	"cmp"
	"errors"
	"slices"
	"time"
)

// A Class says in which way a lane differs from what was expected.
type Class uint8

// The classes.
const (
	Same            Class = iota
	Late                  // the right event, too late
	Early                 // the right event, too early
	Shifted               // this event and all later ones, by the same time
	Missing               // an event that did not happen
	Extra                 // an event nobody expected
	WrongValue            // the right instant, another value or request
	WrongOrder            // the right events of one instant, in another order
	WrongEnd              // complete instead of error, or another error
	NeverEnded            // no complete, no error
	AfterEnd              // an event after complete or error
	NeverSubscribed       // no subscription
	NeverCancelled        // a subscription that was left open
	Exceeded              // a value that nobody requested
)

// An Edit is one place where two lanes differ. Want is nil for an extra event,
// Got for a missing one.
type Edit struct {
	Want, Got *Event
}

// At is the instant of the edit, the earlier one if there are two.
func (e Edit) At() time.Duration {
	switch {
	case e.Want == nil:
		return e.Got.At
	case e.Got == nil:
		return e.Want.At
	}
	return min(e.Want.At, e.Got.At)
}

// A Difference is what [Compare] found.
type Difference struct {
	Class Class
	Text  string // one sentence about the first edit
	Edits []Edit // the first is the one that Class and Text are about
}

// At is the instant of the first difference; there must be one.
func (d Difference) At() time.Duration { return d.Edits[0].At() }

// Compare says how got differs from want: values compare with equal, errors with
// [errors.Is]. If equal is nil, it is [Equal], and lanes that have no values
// compare by their keys. Of all ways to turn one lane into the
// other it takes the one with the fewest edits, which is nearly always the one
// a reader sees.
func Compare(want, got []Event, equal func(want, got any) bool) Difference {
	c := &comparison{want: sorted(want), got: sorted(got), equal: equal}
	if equal == nil {
		c.equal, c.byKey = Equal, true
	}
	for c.from < min(len(want), len(got)) && c.exact(c.want[c.from], c.got[c.from]) {
		c.from++
	}
	if c.from == len(want) && c.from == len(got) {
		return Difference{}
	}
	var d Difference
	switch {
	case c.shifted():
		d.Class, d.Edits = Shifted, c.pairs(c.from, len(c.want))
	case c.reordered():
		n := c.instantLen()
		d.Class, d.Edits = WrongOrder, c.pairs(c.from, c.from+1)
		c.from += n
		d.Edits = append(d.Edits, c.align()...)
	default:
		d.Edits = c.align()
		d.Class = c.classify(&d)
	}
	d.Text = c.sentence(d)
	return d
}

// A comparison looks at want[from:] and got[from:]; what comes before is equal.
type comparison struct {
	want, got []Event
	from      int
	equal     func(want, got any) bool
	byKey     bool // compare keys where there are no values
}

func (c *comparison) exact(w, g Event) bool { return w.At == g.At && c.sameEvent(w, g) }

// sameEvent compares everything but the instant.
func (c *comparison) sameEvent(w, g Event) bool {
	if w.Kind != g.Kind {
		return false
	}
	switch w.Kind {
	case Next:
		if c.byKey && w.Value == nil && g.Value == nil {
			return w.Key == g.Key
		}
		return c.equal(w.Value, g.Value)
	case Error:
		return w.Err == nil || errors.Is(g.Err, w.Err)
	case Request:
		return w.N == g.N
	case Complete, Subscribe, Cancel:
	}
	return true
}

// shifted reports whether all that is left, two events at least, has moved by
// the same time.
func (c *comparison) shifted() bool {
	w, g := c.want[c.from:], c.got[c.from:]
	if len(w) != len(g) || len(w) < 2 {
		return false
	}
	by := g[0].At - w[0].At
	for i := range w {
		if g[i].At-w[i].At != by || !c.sameEvent(w[i], g[i]) {
			return false
		}
	}
	return true
}

// reordered reports whether the first instant that differs has the right
// events in the wrong order.
func (c *comparison) reordered() bool {
	n := c.instantLen()
	if n < 2 || c.from+n > len(c.got) || c.from+n < len(c.got) && c.got[c.from+n].At == c.want[c.from].At {
		return false
	}
	rest := slices.Clone(c.got[c.from : c.from+n])
	for _, w := range c.want[c.from : c.from+n] {
		i := slices.IndexFunc(rest, func(g Event) bool { return c.exact(w, g) })
		if i < 0 {
			return false
		}
		rest = slices.Delete(rest, i, i+1)
	}
	return true
}

// instantLen is the number of wanted events that share the first instant left.
func (c *comparison) instantLen() (n int) {
	for c.from+n < len(c.want) && c.want[c.from+n].At == c.want[c.from].At {
		n++
	}
	return n
}

func (c *comparison) pairs(from, to int) (edits []Edit) {
	for i := from; i < to; i++ {
		edits = append(edits, Edit{&c.want[i], &c.got[i]})
	}
	return edits
}

// align finds the cheapest edits, in the order of time, by the usual dynamic
// programme over the two sequences.
func (c *comparison) align() (edits []Edit) {
	const most = 500 // events; the first difference is what counts
	w, g := c.want[c.from:], c.got[c.from:]
	w, g = w[:min(len(w), most)], g[:min(len(g), most)]

	span := c.span()
	cost := make([][]float64, len(w)+1) // cost[i][j]: to turn w[i:] into g[j:]
	for i := range cost {
		cost[i] = make([]float64, len(g)+1)
	}
	for i := len(w); i >= 0; i-- {
		for j := len(g); j >= 0; j-- {
			switch {
			case i == len(w):
				cost[i][j] = float64(len(g) - j)
			case j == len(g):
				cost[i][j] = float64(len(w) - i)
			default:
				cost[i][j] = min(c.price(w[i], g[j], span)+cost[i+1][j+1], 1+cost[i+1][j], 1+cost[i][j+1])
			}
		}
	}

	for i, j := 0, 0; i < len(w) || j < len(g); {
		switch {
		case i < len(w) && j < len(g) && cost[i][j] == c.price(w[i], g[j], span)+cost[i+1][j+1]:
			if !c.exact(w[i], g[j]) {
				edits = append(edits, Edit{&w[i], &g[j]})
			}
			i, j = i+1, j+1
		case i < len(w) && (j == len(g) || cost[i][j] == 1+cost[i+1][j]):
			edits = append(edits, Edit{Want: &w[i]})
			i++
		default:
			edits = append(edits, Edit{Got: &g[j]})
			j++
		}
	}
	slices.SortStableFunc(edits, func(a, b Edit) int { return cmp.Compare(a.At(), b.At()) })
	return edits
}

// span is the time that both lanes cover.
func (c *comparison) span() time.Duration {
	first, last := time.Duration(0), time.Duration(1)
	for _, events := range [][]Event{c.want, c.got} {
		if n := len(events); n > 0 {
			first, last = min(first, events[0].At), max(last, events[n-1].At)
		}
	}
	return last - first
}

// price is what it costs to take g for w, where a missing or an extra event
// costs 1. Moving an event is cheaper than losing one and finding another.
func (c *comparison) price(w, g Event, span time.Duration) float64 {
	const never = 3
	switch {
	case c.exact(w, g):
		return 0
	case c.sameEvent(w, g):
		return 1 + 0.4*float64((g.At-w.At).Abs())/float64(span)
	case w.Kind.ends() && g.Kind.ends():
		return 1.5
	case w.At == g.At && w.Kind == g.Kind:
		return 1.1
	}
	return never
}

// classify names the first edit. If an early end explains that values are
// missing, it puts that end first.
func (c *comparison) classify(d *Difference) Class {
	if first := d.Edits[0]; first.Got == nil {
		early := slices.IndexFunc(d.Edits, func(e Edit) bool {
			return e.Got != nil && e.Got.Kind.ends() && e.Got.At <= first.Want.At
		})
		if early > 0 {
			e := d.Edits[early]
			d.Edits = slices.Insert(slices.Delete(d.Edits, early, early+1), 0, e)
		}
	}
	w, g := d.Edits[0].Want, d.Edits[0].Got
	switch {
	case w == nil && c.ended(g) != nil:
		return AfterEnd
	case w == nil:
		return Extra
	case g == nil && w.Kind.ends():
		return NeverEnded
	case g == nil && w.Kind == Subscribe:
		return NeverSubscribed
	case g == nil && w.Kind == Cancel:
		return NeverCancelled
	case g == nil:
		return Missing
	case c.sameEvent(*w, *g) && w.At < g.At:
		return Late
	case c.sameEvent(*w, *g):
		return Early
	case w.Kind.ends():
		return WrongEnd
	}
	return WrongValue
}

// ended is the end that came before g in its lane, or nil.
func (c *comparison) ended(g *Event) *Event {
	for i := range c.got {
		switch e := &c.got[i]; {
		case e == g:
			return nil
		case e.Kind.ends():
			return e
		}
	}
	return nil
}

package picture

import (
	"slices"
	"time"
)

// A Picture is a marble diagram, ready to be drawn.
type Picture struct {
	Title string
	// Frame is the time that one character of the text form, and one step of
	// the time axis, takes. Zero is a millisecond.
	Frame time.Duration
	// Rows are drawn from top to bottom: inputs, operator, outputs. A row about
	// another one is drawn below that one, wherever it stands here.
	Rows []Row

	// Marks are instants to look at, and Caption says why. The first is the one
	// that counts; the others are drawn fainter.
	Marks   []time.Duration
	Caption string

	// Theme is for SVG.
	Theme Theme
}

// A Theme is a set of colours.
type Theme uint8

// The themes.
const (
	Auto  Theme = iota // light or dark, as the reader prefers
	Light              // always light
	Dark               // always dark
)

// A Row is one lane, or the box of an operator, or a line of text.
type Row struct {
	Kind  RowKind
	Label string // of a row that is about another one, it may be empty: the kind says it
	Note  string // a word about the row, in fainter type: "hot"

	// Of names what the row is about: the label of another row, or for Inner
	// that of the value which stands for the stream. An empty Of is the first
	// output.
	Of string

	Events []Event
	// Until is how far the lane goes at least, if nothing ends it earlier.
	Until time.Duration

	// Used are the values that used up what a Demand row requests, if they are
	// not those of the row Of: a source may keep values until they are requested.
	Used []Event

	// timeless says that only the order of the events is known.
	timeless bool
	// replays are the subscriptions that a cold lane goes through one after the
	// other; its events are those of all of them.
	replays []span
}

// A RowKind says what a row shows.
type RowKind uint8

// The kinds of rows.
const (
	Input    RowKind = iota // what an operator consumes
	Operator                // a box with the label in it; no events
	Output                  // what is emitted
	Inner                   // a stream that is a value of another row
	Demand                  // Subscribe, Request and Cancel, of the row Of
	Lifetime                // Subscribe and Cancel, of the row Of
	Dropped                 // values of the row Of that nobody got
	Note                    // the label as a line of text, below the lanes
)

// An Event is one thing that happens in a lane.
type Event struct {
	At   time.Duration // since the start; a hot source may have begun before
	Kind EventKind

	// Label names a value. If it is empty or too long to stand in a marble, the
	// value gets a letter, which the legend explains.
	Label string
	// Text is what a value or an error is in full, if Label does not say it all.
	// It is explained in the legend. Values that have the same text, or the same
	// label and no text, are the same and look the same everywhere.
	Text string
	// N is the amount of a Request; math.MaxInt64 is unbounded.
	N int64
}

// An EventKind says what happens.
type EventKind uint8

// The kinds of events.
const (
	Value EventKind = iota
	Complete
	Error
	Subscribe
	Cancel
	Request
)

// ends reports whether nothing comes after an event of kind k.
func (k EventKind) ends() bool { return k == Complete || k == Error }

// identity is what makes two values the same.
func (e Event) identity() string {
	if e.Text != "" {
		return e.Text
	}
	return e.Label
}

// ended returns the instant of the end of the lane.
func (r Row) ended() (at time.Duration, ok bool) {
	for i, e := range r.Events {
		if e.Kind.ends() && (r.replays == nil || i == len(r.Events)-1) {
			return e.At, true
		}
	}
	return 0, false
}

// after reports whether something happens in the lane after the given instant.
func (r Row) after(at time.Duration) bool {
	return slices.ContainsFunc(r.Events, func(e Event) bool { return e.At > at })
}

// extent is how far the lane goes: to its end, or as far as it is drawn.
func (r Row) extent() time.Duration {
	at, ok := r.ended()
	if ok {
		return at
	}
	at = r.Until
	for _, e := range r.Events {
		at = max(at, e.At)
	}
	return at
}

func (p *Picture) frame() time.Duration {
	if p.Frame <= 0 {
		return time.Millisecond
	}
	return p.Frame
}

// lane reports whether a row of kind k has a lane of values.
func (k RowKind) lane() bool { return k == Input || k == Output || k == Inner || k == Dropped }

// find returns the index of the lane with the given label, or -1. No label is
// that of the first output.
func (p *Picture) find(label string) int {
	for i, r := range p.Rows {
		if label == "" && r.Kind == Output || label != "" && r.Label == label && (r.Kind == Input || r.Kind == Output) {
			return i
		}
		if label != "" && r.Kind == Inner && r.Of == label {
			return i
		}
	}
	return -1
}

// used are the values that used up the demand of r.
func (p *Picture) used(r Row) []Event {
	if r.Used != nil {
		return r.Used
	}
	if j := p.find(r.Of); j >= 0 {
		return p.Rows[j].Events
	}
	return nil
}

// timeless reports whether the row with the given label has no time.
func (p *Picture) timeless(label string) bool {
	i := p.find(label)
	return i >= 0 && p.Rows[i].timeless
}

// parent returns the index of the row whose value stands for the inner stream
// in row i, and that value's instant: the first, or if it is told when the
// stream was subscribed to, the last one before. Without one the index is -1.
func (p *Picture) parent(i int) (row int, at time.Duration) {
	subscribed, told := p.subscribed(i)
	for j, r := range p.Rows {
		if j == i || r.Kind != Input && r.Kind != Output && r.Kind != Inner {
			continue
		}
		found := false
		for _, e := range r.Events {
			if e.Kind == Value && e.Label == p.Rows[i].Of && (!found || told && e.At <= subscribed) {
				at, found = e.At, true
			}
		}
		if found {
			return j, at
		}
	}
	return -1, 0
}

// subscribed is when the inner stream in row i was subscribed to, if it is told.
func (p *Picture) subscribed(i int) (at time.Duration, ok bool) {
	sub, _ := p.lifetime(i)
	for _, e := range sub.Events {
		if e.Kind == Subscribe {
			return e.At, true
		}
	}
	return 0, false
}

// lifetime returns the subscription to the inner stream in row i, if a row
// tells it.
func (p *Picture) lifetime(i int) (row Row, ok bool) {
	for _, r := range p.Rows {
		if r.Kind == Lifetime && r.Of != "" && r.Label == "" && p.find(r.Of) == i {
			return r, true
		}
	}
	return Row{}, false
}

// live reports whether somebody is subscribed to row i at the given instant,
// as far as it is told.
func (p *Picture) live(i int, at time.Duration) bool {
	if p.Rows[i].Kind != Inner {
		spans, told := p.spansOf(i)
		return !told || covered(spans, at)
	}
	sub, told := p.lifetime(i)
	if !told {
		return true
	}
	live := false
	for _, e := range sub.Events {
		switch {
		case e.Kind == Subscribe && e.At <= at:
			live = true
		case e.Kind == Cancel && e.At < at:
			return false
		}
	}
	return live
}

// order is the order in which rows are drawn: inputs, operator, outputs, each
// followed by the rows about it; what is about nothing comes where it stands.
func (p *Picture) order() (rows []int) {
	done := make([]bool, len(p.Rows))
	var place func(i int)
	place = func(i int) {
		if done[i] {
			return
		}
		done[i] = true
		rows = append(rows, i)
		for _, kind := range []RowKind{Inner, Dropped, Lifetime, Demand} {
			for j, r := range p.Rows {
				if r.Kind == kind && p.about(j) == i {
					place(j)
				}
			}
		}
	}
	for _, kind := range []RowKind{Input, Operator, Output} {
		for i, r := range p.Rows {
			if r.Kind == kind {
				place(i)
			}
		}
	}
	for i := range p.Rows {
		place(i)
	}
	return rows
}

// about returns the index of the row that row i is drawn below, or -1.
func (p *Picture) about(i int) int {
	switch r := p.Rows[i]; r.Kind {
	case Inner:
		j, _ := p.parent(i)
		return j
	case Demand, Lifetime, Dropped:
		return p.find(r.Of)
	case Input, Operator, Output, Note:
	}
	return -1
}

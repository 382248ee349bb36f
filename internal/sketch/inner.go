package sketch

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sluicego/sluice/internal/marble"
)

// An inner is a row of a doc comment that shows the stream a value of the row
// "source" stands for. The row's time counts from its subscription, of which the
// comment says nothing; but its values come out at the instants that tell.
type inner struct {
	first, emitted time.Duration // its value: when first, and when this one
	subscribed     time.Duration
	cancelled      time.Duration // zero: it was not
	never, known   bool
}

// innersOf finds the inner streams of a diagram, by the index of their row.
func innersOf(d marble.Diagram, run Run) map[int]inner {
	inners := make(map[int]inner)
	var source marble.DocRow
	for i, row := range d.Rows {
		if row.Role != marble.Source {
			continue
		}
		if row.Label == "source" {
			source = row
			continue
		}
		e, ok := find(source.Lane.Events, row.Label)
		hot := slices.ContainsFunc(row.Lane.Events, func(e marble.Event) bool { return e.Kind == marble.Subscribe })
		if ok && !hot {
			inners[i] = inner{first: e.At, emitted: e.At, subscribed: e.At}
		}
	}
	if run.Subs != nil {
		for i, in := range inners {
			inners[i] = in.played(source, d.Rows[i], run.Subs[d.Rows[i].Label])
			if inners[i].subscribed < inners[i].first { // the name is a coincidence
				delete(inners, i)
			}
		}
		return inners
	}
	told := false
	for i, in := range inners {
		in.trace(d.Rows[i], source, d.Result())
		told = told || in.known
		inners[i] = in
	}
	for i, in := range inners {
		in.never = told && !in.known && !appears(d.Rows[i], d.Result())
		for _, r := range d.RowsOf(marble.Lifetime) {
			if r.Of == d.Rows[i].Label { // the comment says it itself
				in = in.told(r.Lane.Events)
			}
		}
		inners[i] = in
	}
	return inners
}

// trace finds out when the stream in row was subscribed to: at the instant from
// which on all its values come out, or at once, if some do until the next one
// takes over.
func (in *inner) trace(row, source, result marble.DocRow) {
	values := valuesOf(row)
	if len(values) == 0 {
		return
	}
	for at := in.emitted; at <= result.Lane.End; at += marble.DefaultFrame {
		if emerged(values, at, result) == len(values) {
			in.subscribed, in.known = at, true
			in.find(source, row)
			return
		}
	}
	n := emerged(values, in.emitted, result)
	if n == 0 {
		return
	}
	last, next := in.emitted+values[n-1].At, in.emitted+values[n].At
	for _, e := range source.Lane.Events {
		if e.Kind == marble.Next && last < e.At && e.At <= next {
			in.cancelled, in.known = e.At, true
			return
		}
	}
}

// emerged counts the first values that come out, if the stream begins at start.
func emerged(values []marble.Event, start time.Duration, result marble.DocRow) int {
	for i, v := range values {
		if !slices.ContainsFunc(result.Lane.Events, func(e marble.Event) bool {
			return e.Kind == marble.Next && e.Key == v.Key && e.At == start+v.At
		}) {
			return i
		}
	}
	return len(values)
}

// appears reports whether any value of row comes out, whenever.
func appears(row, result marble.DocRow) bool {
	return slices.ContainsFunc(valuesOf(row), func(v marble.Event) bool {
		_, ok := find(result.Lane.Events, v.Key)
		return ok
	})
}

func valuesOf(row marble.DocRow) (values []marble.Event) {
	for _, e := range row.Lane.Events {
		if e.Kind == marble.Next {
			values = append(values, e)
		}
	}
	return values
}

// told takes the subscription from a row of the diagram, which is drawn itself.
func (in inner) told(subs []marble.Event) inner {
	in.known, in.never = false, false
	for _, e := range subs {
		if e.Kind == marble.Subscribe {
			in.subscribed = max(in.emitted, e.At)
		}
	}
	return in
}

// played takes the subscription from a run: the first, if there were several.
func (in inner) played(source, row marble.DocRow, subs [][]marble.Event) inner {
	in.known, in.never = true, len(subs) == 0
	if in.never {
		return in
	}
	for _, e := range subs[0] {
		switch e.Kind {
		case marble.Subscribe:
			in.subscribed = e.At
		case marble.Cancel: // also the end of the stream, which is drawn as such
			if n := len(row.Lane.Events); n == 0 || row.Lane.Events[n-1].Kind == marble.Next || e.At < in.subscribed+row.Lane.Events[n-1].At {
				in.cancelled = e.At
			}
		default:
		}
	}
	in.find(source, row)
	return in
}

// find finds the value that the subscription was for: the last one before it.
func (in *inner) find(source, row marble.DocRow) {
	for _, e := range source.Lane.Events {
		if e.Kind == marble.Next && e.Key == row.Label && e.At <= in.subscribed {
			in.emitted = e.At
		}
	}
}

// text is the inner stream in the text form of pictures.
func (in inner) text(row marble.DocRow) string {
	wait := strings.Repeat("-", int((in.subscribed-in.emitted)/marble.DefaultFrame))
	text := fmt.Sprintf("inner %s  %s %s\n", row.Label, wait, row.Text)
	switch {
	case in.never:
		return text + fmt.Sprintf("subs %s  -\n", row.Label)
	case in.known && (in.subscribed > in.first || in.cancelled > 0):
		events := []marble.Event{{At: in.subscribed, Kind: marble.Subscribe}}
		if in.cancelled > 0 {
			events = append(events, marble.Event{At: in.cancelled, Kind: marble.Cancel})
		}
		return text + fmt.Sprintf("subs %s  %s\n", row.Label, marble.Print(events, marble.DefaultFrame))
	}
	return text
}

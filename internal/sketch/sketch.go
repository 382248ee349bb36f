// Package sketch makes pictures of what package internal/marble holds:
// recordings, failure reports and the diagrams of doc comments. It stands
// between the two, so that package picture shows nobody an internal type.
package sketch

import (
	"fmt"
	"go/ast"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/marbles/picture"
)

// Events are recorded events as a picture has them. A value that a legend has
// named keeps its key, and is explained if it says more than the key; without a
// key it stands for itself.
func Events(recorded []marble.Event) []picture.Event {
	events := make([]picture.Event, len(recorded))
	for i, e := range recorded {
		events[i] = picture.Event{At: e.At, Kind: kinds[e.Kind], N: e.N}
		switch {
		case e.Kind == marble.Next:
			events[i].Label, events[i].Text = e.Name()
		case e.Kind == marble.Error && e.Err != nil:
			events[i].Text = e.Err.Error()
		}
	}
	return events
}

var kinds = [...]picture.EventKind{
	marble.Next: picture.Value, marble.Complete: picture.Complete, marble.Error: picture.Error,
	marble.Subscribe: picture.Subscribe, marble.Cancel: picture.Cancel, marble.Request: picture.Request,
}

// Report shows a failed expectation: what was wanted above what came, with
// bands where they differ and the report's sentence below.
func Report(r *marble.Report) *picture.Picture {
	first, marks := r.Difference()
	p := &picture.Picture{Title: r.Name, Frame: r.Frame, Caption: first, Marks: marks}
	for _, row := range r.Rows {
		shown := picture.Row{Label: row.Name, Note: row.Note, Events: Events(row.Events)}
		if row.Of != "" {
			shown.Kind, shown.Of = picture.Demand, row.Of
		}
		p.Rows = append(p.Rows, shown)
	}
	if !r.RowsOnly {
		p.Rows = append(p.Rows, compared(r, "want", r.Want), compared(r, "got", r.Got))
	}
	for _, s := range r.Streams() {
		p.Rows = append(p.Rows, picture.Row{Kind: picture.Output, Label: s.Label, Events: Events(s.Events)})
	}
	for _, c := range r.Checks {
		if d := marble.Compare(c.Want, c.Got, r.Equal); d.Class != marble.Same {
			p.Rows = append(p.Rows, picture.Row{Kind: picture.Note, Label: c.Name + ": " + d.Text})
		}
	}
	return p
}

// compared is the row of what was wanted, or of what came.
func compared(r *marble.Report, label string, events []marble.Event) picture.Row {
	row := picture.Row{Kind: picture.Output, Label: label, Events: Events(events)}
	if len(events) == 0 || slices.ContainsFunc(events, func(e marble.Event) bool { return e.Kind < marble.Subscribe }) {
		return row
	}
	row.Kind = picture.Lifetime // what was done to a source
	if len(r.Rows) > 0 {
		row.Of = r.Rows[0].Name
	}
	if slices.ContainsFunc(events, func(e marble.Event) bool { return e.Kind == marble.Request }) {
		row.Kind, row.Used = picture.Demand, Events(r.Owed)
	}
	return row
}

// A Run is what was recorded when the diagram of a doc comment was played. The
// zero Run is for one that was not.
type Run struct {
	Subs    map[string][][]marble.Event // by the label of a source, a demand lane for each subscription
	Sent    map[string][][]marble.Event // what each of them was given
	Cold    map[string]bool             // whether the time of that source begins with its subscription
	Outs    [][]marble.Event            // what came in the operator's row, and in those below it; the values are text
	Dropped []marble.Event              // the values that were dropped on the way to the operator's row
}

// Doc shows the diagram of a doc comment, as it was played. A source row that is
// named after a value of the row "source" is the stream which that value stands
// for; without a Run, when it was subscribed to is read off the operator's row.
func Doc(d marble.Diagram, run Run) (*picture.Picture, error) {
	run = run.left(d)
	inners := innersOf(d, run)
	var b strings.Builder
	for i, row := range d.Rows {
		if in, ok := inners[i]; ok {
			b.WriteString(in.text(row))
			continue
		}
		fmt.Fprintf(&b, "%s  %s\n", row.Label, row.Text)
	}
	p, err := picture.Parse(b.String())
	if err != nil {
		return nil, fmt.Errorf("%s: diagram of %s: %w", d.Pos, d.Func, err)
	}
	run.show(d, p)
	return p, nil
}

// show puts what was recorded in the place of what the comment says; it is the
// same, or the test would have failed.
func (run Run) show(d marble.Diagram, p *picture.Picture) {
	out := 0
	for i := range p.Rows {
		row := &p.Rows[i]
		switch subs := run.Subs[row.Of]; {
		case row.Kind == picture.Output && out < len(run.Outs):
			row.Events = run.named(d, run.Outs[out])
			out++
		case row.Kind == picture.Demand && len(subs) > 0:
			row.Events, row.Used = Events(subs[0]), Events(run.Sent[row.Of][0])
		}
	}
	run.subscriptions(p)
	for _, r := range d.RowsOf(marble.Source) {
		var of []marble.Event
		for _, e := range run.Dropped {
			if _, ok := find(r.Lane.Events, keyOf(d, e)); ok {
				of = append(of, e)
			}
		}
		if len(of) > 0 {
			p.Rows = append(p.Rows, picture.Row{Kind: picture.Dropped, Of: r.Label, Events: run.named(d, of)})
		}
	}
}

// named are recorded events under the names that the diagram has for them.
func (Run) named(d marble.Diagram, recorded []marble.Event) []picture.Event {
	events := Events(recorded)
	for i, e := range recorded {
		switch e.Kind {
		case marble.Next:
			events[i].Label = keyOf(d, e)
			events[i].Text = d.Where[events[i].Label]
		case marble.Error:
			events[i].Text = nameOf(e.Err)
		default:
		}
	}
	return events
}

// nameOf is what an error is called in a picture: its type, if that is exported.
// Its text may name lines, which change.
func nameOf(err error) string {
	typ := reflect.TypeOf(err)
	if typ != nil && typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	if typ == nil || !ast.IsExported(typ.Name()) {
		return ""
	}
	return typ.Name()
}

// keyOf is what the diagram calls a recorded value.
func keyOf(d marble.Diagram, e marble.Event) string {
	text := fmt.Sprint(e.Value)
	for _, key := range slices.Sorted(maps.Keys(d.Where)) {
		if d.Where[key] == text {
			return key
		}
	}
	return text
}

// find returns the event of a value in a lane.
func find(events []marble.Event, key string) (marble.Event, bool) {
	i := slices.IndexFunc(events, func(e marble.Event) bool { return e.Kind == marble.Next && e.Key == key })
	if i < 0 {
		return marble.Event{}, false
	}
	return events[i], true
}

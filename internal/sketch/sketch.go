// Package sketch makes pictures of what package internal/marble holds:
// recordings, failure reports and the diagrams of doc comments. It stands
// between the two, so that package picture shows nobody an internal type.
package sketch

import (
	"fmt"
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
	p.Rows = append(p.Rows,
		picture.Row{Kind: picture.Output, Label: "want", Events: Events(r.Want)},
		picture.Row{Kind: picture.Output, Label: "got", Events: Events(r.Got)})
	for _, c := range r.Checks {
		if d := marble.Compare(c.Want, c.Got, r.Equal); d.Class != marble.Same {
			p.Rows = append(p.Rows, picture.Row{Kind: picture.Note, Label: c.Name + ": " + d.Text})
		}
	}
	return p
}

// Doc shows the diagram of a doc comment. A source row that is named after a
// value of the row "source" is the stream which that value stands for; when it
// was subscribed to is read off the operator's row.
func Doc(d marble.Diagram) (*picture.Picture, error) {
	inners := innersOf(d)
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
	return p, nil
}

// find returns the event of a value in a lane.
func find(events []marble.Event, key string) (marble.Event, bool) {
	i := slices.IndexFunc(events, func(e marble.Event) bool { return e.Kind == marble.Next && e.Key == key })
	if i < 0 {
		return marble.Event{}, false
	}
	return events[i], true
}

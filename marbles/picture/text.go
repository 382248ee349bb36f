package picture

import (
	"slices"
	"strings"

	"github.com/sluicego/sluice/internal/marble"
)

// Text draws the picture for terminals and comments: all lanes on one time
// axis, what is owed under each demand lane, × behind values that were dropped.
func (p *Picture) Text() string {
	var b strings.Builder
	if p.Title != "" {
		b.WriteString(oneLine(p.Title) + "\n\n")
	}
	l := p.letters(1)
	var rows []marble.TableRow
	for _, i := range p.order() {
		rows = append(rows, p.tableRows(i, l)...)
	}
	lines := marble.Table(p.frame(), rows, p.Marks)
	pad := 0
	for _, r := range rows {
		pad = max(pad, marble.Width(r.Label))
	}
	if text := l.String(); text != "" {
		lines = append(lines, "where"+strings.Repeat(" ", max(0, pad-len("where"))+2)+text)
	}
	for _, r := range p.Rows {
		if r.Kind == Note {
			lines = append(lines, oneLine(r.Label))
		}
	}
	if p.Caption != "" {
		lines = append(lines, oneLine(p.Caption))
	}
	for _, line := range lines {
		b.WriteString(line + "\n")
	}
	return b.String()
}

func (p *Picture) tableRows(i int, l *legend) []marble.TableRow {
	r := p.Rows[i]
	row := marble.TableRow{Label: oneLine(p.textLabel(r)), Events: toMarbles(r.Events, l), Until: r.Until, Open: p.open(r)}
	switch r.Kind {
	case Operator:
		if j := p.find(""); j >= 0 && p.Rows[j].Label == "" {
			return nil // its output has the name
		}
		return []marble.TableRow{{Label: row.Label, Balance: true}}
	case Inner:
		_, row.Begin = p.parent(i)
	case Dropped:
		row.Struck = true
	case Demand:
		if p.timeless(r.Of) {
			break
		}
		owed := marble.TableRow{Label: "owed", Balance: true, Events: row.Events, Delivered: toMarbles(p.used(r), l)}
		return []marble.TableRow{row, owed}
	case Note:
		return nil
	case Input, Output, Lifetime:
	}
	return []marble.TableRow{row}
}

// textLabel is how the row is labelled in the text form.
func (p *Picture) textLabel(r Row) string {
	switch {
	case r.Label != "" && (r.Kind == Demand || r.Kind == Lifetime || r.Kind == Dropped):
		return r.Label
	case r.Kind == Inner:
		return "inner " + r.Of
	case r.Kind == Demand && r.Of == "":
		return "request"
	case r.Kind == Demand:
		return "demand " + r.Of
	case r.Kind == Lifetime:
		return strings.TrimSpace("subs " + r.Of)
	case r.Kind == Dropped:
		return strings.TrimSpace("dropped " + r.Of)
	case r.Kind == Output && r.Label == "":
		if i := p.operator(); i >= 0 {
			return p.Rows[i].Label
		}
	}
	return strings.TrimSpace(r.Note + " " + r.Label)
}

// operator returns the index of the first operator's box, or -1.
func (p *Picture) operator() int {
	return slices.IndexFunc(p.Rows, func(r Row) bool { return r.Kind == Operator })
}

// open reports whether the lane of r goes on to the end of the picture.
func (p *Picture) open(r Row) bool {
	_, ended := r.ended()
	return (r.Kind == Input || r.Kind == Output) && r.Until == 0 && !ended
}

var marbleKinds = [...]marble.Kind{
	Value: marble.Next, Complete: marble.Complete, Error: marble.Error,
	Subscribe: marble.Subscribe, Cancel: marble.Cancel, Request: marble.Request,
}

// toMarbles is how package marble has events. Their keys are the marks of the
// legend, if there is one.
func toMarbles(events []Event, l *legend) []marble.Event {
	out := make([]marble.Event, len(events))
	for i, e := range events {
		out[i] = marble.Event{At: e.At, Kind: marbleKinds[e.Kind], Key: e.Label, N: e.N}
		if l != nil && e.Kind == Value {
			out[i].Key = l.mark(e)
		}
	}
	return out
}

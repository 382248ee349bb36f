package marble

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// A Stream is a value that is itself a stream: what that did, in time counted
// from the instant of the value. Streams nest to any depth.
type Stream struct {
	Events []Event
	Value  any // the observable itself; nil in what is expected
}

// String is the stream as a diagram.
func (s *Stream) String() string { return "stream " + strconv.Quote(Print(s.Events, 0)) }

// equalStreams compares values of which one at least is expected to be a stream.
func equalStreams(want *Stream, got any) bool {
	g, ok := got.(*Stream)
	return ok && Compare(want.Events, g.Events, Equal).Class == Same
}

// A nested difference is the first one between two streams that stand for one
// marble.
type nested struct {
	want, got string        // the names of the marbles, "x"; "x.y" for one in a stream in x
	start     time.Duration // of the streams
	lanes     [2]*Stream    // what was wanted, what came
	diff      Difference
}

// nestedIn descends to the streams that make the difference, if it is one
// between streams.
func nestedIn(d Difference) (levels []nested) {
	at := nested{diff: d}
	for {
		w, g, ok := streamsOf(at.diff)
		if !ok {
			return levels
		}
		e := at.diff.Edits[0]
		at = nested{
			want: joinPath(at.want, e.Want.Key), got: joinPath(at.got, e.Got.Key), start: at.start + e.Got.At,
			lanes: [2]*Stream{w, g}, diff: Compare(w.Events, g.Events, Equal),
		}
		levels = append(levels, at)
	}
}

func joinPath(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// streamsOf returns the streams that the first edit of d is about.
func streamsOf(d Difference) (want, got *Stream, ok bool) {
	if d.Class != WrongValue {
		return nil, nil, false
	}
	want, ok = d.Edits[0].Want.Value.(*Stream)
	got, both := d.Edits[0].Got.Value.(*Stream)
	return want, got, ok && both
}

// sentenceOfStreams says in what two streams differ.
func sentenceOfStreams(w, g *Event, want, got *Stream) string {
	diff := Compare(want.Events, got.Events, Equal)
	return fmt.Sprintf("in the stream %s of %v: %s", w.token(), g.At, diff.Text)
}

// streamLines draws the streams that differ below the lanes they are in.
func streamLines(levels []nested, frame time.Duration) (lines []line) {
	for _, row := range streamRows(levels) {
		lines = append(lines, line{
			label: row.Label, cells: cellsOf(row.Events, frame), idle: "-", open: !closed(row.Events),
			from: int64(row.Begin / frame),
		})
	}
	return lines
}

// Streams are the rows of the streams that make the difference, in the order in
// which they are nested: what was wanted of each, and what came.
func (r *Report) Streams() []TableRow {
	d, _ := r.difference()
	return streamRows(nestedIn(d))
}

func streamRows(levels []nested) (rows []TableRow) {
	for _, level := range levels {
		for i, label := range []string{"want " + level.want, "got " + level.got} {
			rows = append(rows, TableRow{Label: label, Events: shifted(level.lanes[i].Events, level.start), Begin: level.start})
		}
	}
	return rows
}

// shifted is a copy of events that happens later.
func shifted(events []Event, by time.Duration) []Event {
	events = sorted(events)
	for i := range events {
		events[i].At += by
	}
	return events
}

// fitStreams is Fit for events and those of the streams in them.
func fitStreams(frame time.Duration, events []Event) time.Duration {
	frame = Fit(frame, events)
	for _, e := range events {
		if s, ok := e.Value.(*Stream); ok {
			frame = fitStreams(frame, s.Events)
		}
	}
	return frame
}

// valuesOfStreams are the events of the streams among the values of events.
func valuesOfStreams(events []Event) (all []Event) {
	for _, e := range events {
		if s, ok := e.Value.(*Stream); ok {
			all = slices.Concat(all, s.Events)
		}
	}
	return all
}

package marbles

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/internal/rewrite"
	"github.com/sluicego/sluice/observable"
)

// A Played builds what a doc comment's diagram shows, out of the rows of that
// diagram. Streams are of strings; [Text] turns others into one.
type Played func(d *Doc) observable.Observable[string]

// PlayDocs plays the marble diagrams in the doc comments of the Go files that
// match pattern, under the drivers, or without any under those of [Run]. table
// says, for each function, what its diagram stands for; a diagram without an
// entry and an entry without a diagram fail the test, so that table and comments
// cannot drift apart.
//
//	// Debounce emits a value once d has passed without a newer one.
//	//
//	//	source         -a--bc---d--|
//	//	Debounce(2ms)  ---a---c---d|
//
// Rows above that of the function are its sources; the table asks for them by
// label. A row "request" says what the subscriber requests; "demand source" and
// "subs source" say what is requested of that source and when it is subscribed
// to. In "where  x={a b}" the letter x stands for the value that prints as "a b".
// Rows below that of the function are further outputs of the same sources; their
// entries are named after the function and the label, "Throttle…Trailing".
//
// With [Pictures], each run leaves its picture in a folder. With a [Driver], such
// as [Shuffle], the diagrams are played under that one instead.
func PlayDocs(t *testing.T, pattern string, table map[string]Played, opts ...DocOption) {
	t.Helper()
	plays, faults := planDocs(pattern, table)
	for _, fault := range faults {
		t.Error(fault)
	}
	var o docOptions
	for _, opt := range opts {
		opt.applyDoc(&o)
	}
	for _, p := range plays {
		picture := o.frame(p.diagram.Func)
		t.Run(p.diagram.Func, func(t *testing.T) {
			t.Helper()
			var last *Doc // of the drivers' runs, which are all the same
			Run(t, func(m *Test) { last = playDoc(m, p.diagram, p.played, p.outputs) }, o.drivers...)
			if !t.Failed() {
				o.hang(t, picture, last)
			}
		})
	}
	o.close(t)
}

// A DocOption tunes [PlayDocs]: [Pictures], or a [Driver].
type DocOption interface{ applyDoc(o *docOptions) }

type docOptions struct {
	gallery
	drivers []Driver
}

func (d Driver) applyDoc(o *docOptions) { o.drivers = append(o.drivers, d) }

// A docPlay is a diagram and what the table says it shows.
type docPlay struct {
	diagram marble.Diagram
	played  Played
	outputs map[string]Played // by the label of their row
}

// planDocs finds what there is to play. A fault of one diagram, or of the
// table, keeps no other diagram from being played.
func planDocs(pattern string, table map[string]Played) (plays []docPlay, faults []string) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	files, err := filepath.Glob(pattern)
	switch {
	case err != nil:
		fault("marbles: PlayDocs(%q): %v", pattern, err)
	case len(files) == 0:
		fault("marbles: PlayDocs(%q): no file matches; the pattern is relative to the directory of the test", pattern)
	}
	unplayed := maps.Clone(table)
	for _, file := range files {
		diagrams, err := marble.Diagrams(file, nil)
		if err != nil {
			fault("%v", err)
		}
		for _, d := range diagrams {
			p := docPlay{diagram: d, played: table[d.Func], outputs: map[string]Played{}}
			if p.played == nil {
				fault("%s: the diagram of %s is not played; add it to the table", d.Pos, d.Func)
				continue
			}
			delete(unplayed, d.Func)
			complete := true
			for _, row := range d.RowsOf(marble.Output) {
				name := d.Func + row.Label
				delete(unplayed, name)
				if p.outputs[row.Label] = table[name]; table[name] == nil {
					fault("%s: the row %q of %s is not played; add %q to the table", row.Pos, row.Label, d.Func, name)
					complete = false
				}
			}
			if complete {
				plays = append(plays, p)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(unplayed)) {
		fault("the table has %s, but no doc comment in %s has its diagram", name, pattern)
	}
	return plays, faults
}

// playDoc puts a diagram into the script of m.
func playDoc(m *Test, diagram marble.Diagram, played Played, outputs map[string]Played) *Doc {
	m.t.Helper()
	d := &Doc{m: m, diagram: diagram, sources: map[string]*Source[string]{}}
	d.expect(diagram.Result(), played)
	for _, row := range diagram.RowsOf(marble.Output) {
		d.expect(row, outputs[row.Label])
	}
	for _, row := range diagram.Rows {
		switch {
		case row.Role == marble.Requests && row.Of == "":
			for _, e := range d.outs {
				e.Demand(row.Text)
			}
		case row.Role == marble.Requests:
			d.source(row.Of).ExpectDemand(row.Text)
		case row.Role == marble.Lifetime:
			d.source(row.Of).ExpectSubscriptions(row.Text)
		case row.Role == marble.Source && d.sources[row.Label] == nil:
			m.t.Errorf("%s: the row %q is not used by the table's entry for %s", row.Pos, row.Label, diagram.Func)
		}
	}
	for i, row := range append([]marble.DocRow{diagram.Result()}, diagram.RowsOf(marble.Output)...) {
		e := d.outs[i]
		if !ends(row.Lane.Events) { // then the picture ends here
			e.script = append(slices.Clone(e.script), marble.Event{At: row.Lane.End, Kind: marble.Cancel})
		}
		e.ToBe(row.Text, d.values(row.Lane))
		e.drawn.written = written{line: true, call: rewrite.Call{Path: row.Pos.Filename, Line: row.Pos.Line, Texts: []string{row.Text}}}
		e.drawn.reread = rereading[string](m, e.opts.err, d.values) // with other letters, perhaps
		e.rec.keepsDiscards = true
	}
	return d
}

// expect begins the expectation of a row.
func (d *Doc) expect(row marble.DocRow, played Played) {
	d.m.t.Helper()
	e := Expect(d.m, played(d)).Named(row.Label)
	e.site = fmt.Sprintf("%s:%d", filepath.Base(row.Pos.Filename), row.Pos.Line)
	d.outs = append(d.outs, e)
}

// A Doc hands the source rows of a diagram to a [Played].
type Doc struct {
	m       *Test
	diagram marble.Diagram
	sources map[string]*Source[string]
	outs    []*Expectation[string] // of the operator's row and of those below it
}

// Hot returns the source row with the given label as a hot source, which keeps
// what it emits until it is requested.
func (d *Doc) Hot(label string) observable.Observable[string] {
	d.m.t.Helper()
	return d.add(label, Hot[string]).Observable
}

// Cold returns the source row with the given label as a cold source.
func (d *Doc) Cold(label string) observable.Observable[string] {
	d.m.t.Helper()
	return d.add(label, Cold[string]).Observable
}

// LiveOnly says that what the diagram shows runs on goroutines of its own:
// virtual time would not wait for them, so that run is skipped.
func (d *Doc) LiveOnly() {
	if _, ok := d.m.clock.(*liveClock); !ok {
		d.m.T().Skipf("%s runs on goroutines of its own; it is played live", d.diagram.Func)
	}
}

// Test returns the run that the diagram is played in.
func (d *Doc) Test() *Test { return d.m }

func (d *Doc) add(label string, source func(*Test, string, ...SourceOption) *Source[string]) *Source[string] {
	d.m.t.Helper()
	if s, ok := d.sources[label]; ok {
		return s
	}
	for _, row := range d.diagram.RowsOf(marble.Source) {
		if row.Label == label {
			s := source(d.m, row.Text, Buffer, d.values(row.Lane)).Named(label)
			d.sources[label] = s
			return s
		}
	}
	d.m.t.Fatalf("%s: the diagram of %s has no source row %q", d.diagram.Pos, d.diagram.Func, label)
	return nil
}

func (d *Doc) source(label string) *Source[string] {
	d.m.t.Helper()
	s, ok := d.sources[label]
	if !ok {
		d.m.t.Fatalf("%s: the diagram of %s says something about %q, which the table's entry does not use", d.diagram.Pos, d.diagram.Func, label)
	}
	return s
}

// values says that a letter is what the where row says, or itself.
func (d *Doc) values(lane marble.Lane) Values {
	v := Values{}
	for _, e := range lane.Events {
		if e.Kind != marble.Next {
			continue
		}
		v[e.Key] = e.Key
		if text, ok := d.diagram.Where[e.Key]; ok {
			v[e.Key] = text
		}
	}
	return v
}

func ends(events []marble.Event) bool {
	return slices.ContainsFunc(events, func(e marble.Event) bool {
		return e.Kind == marble.Complete || e.Kind == marble.Error
	})
}

// Text emits what fmt.Sprint prints of every value, so that streams of any
// type can be compared with the letters of a diagram.
func Text[T any](src observable.Observable[T]) observable.Observable[string] {
	return observable.Lift(func(_ context.Context, down observable.Subscriber[string]) observable.Subscriber[T] {
		return &texter[T]{Subscriber: down}
	})(src)
}

type texter[T any] struct {
	link.Inside
	observable.Subscriber[string]
}

func (x *texter[T]) OnNext(v T) { x.Subscriber.OnNext(fmt.Sprint(v)) }

// NextFunc is OnNext linked to the downstream's.
func (x *texter[T]) NextFunc() func(T) bool {
	next := link.Next[string](x.Subscriber)
	return func(v T) bool { return next(fmt.Sprint(v)) }
}

package marbles

import (
	"context"
	"reflect"
	"time"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// An InnerLane says what a stream does that is a value of another stream: a
// window, a group, an observable that was mapped to. It is made by [Inner].
type InnerLane struct {
	m      *Test
	site   string
	stream *marble.Stream
	elem   reflect.Type
	end    time.Duration
	looks  watching
	script []marble.Event
	used   bool // an expectation has it
	drawing
}

// Inner stands in the [Values] of an expectation for a value that is an
// observable, or embeds one as a group does. The test subscribes to such a
// value as soon as it comes; the diagram's time begins at that instant.
//
//	marbles.Expect(m, out).ToBe("-x--y--|", marbles.Values{
//		"x": marbles.Inner[string](m, "a-b|"),
//		"y": marbles.Inner[string](m, "   c-d|"),
//	})
//
// Streams may hold streams, to any depth: an Inner takes Values of its own. The
// subscription to a value outlives that to the stream it came in, and must have
// ended when the test does.
func Inner[T any](m *Test, diagram string, opts ...Option) *InnerLane {
	m.t.Helper()
	m.inBody("Inner", "make it in the body")
	o := expectOptions(options{}, opts)
	lane, lanes := resolve[T](m, diagram, marble.Expect, o)
	l := &InnerLane{
		m: m, site: site(), script: takeAll(),
		stream: &marble.Stream{Events: lane.Events}, elem: reflect.TypeFor[T](), end: lane.End,
		looks:   watching{on: lanes != nil, lanes: lanes},
		drawing: draw[T](m, lane, o, writtenBy("Inner", 1, diagram)),
	}
	m.checks = append(m.checks, l)
	return l
}

// Demand says when, counted from the value, the test subscribes to the stream,
// what it requests, and when it cancels. The marbles of an expectation tell
// which lane is whose: that of the third value goes to the third value.
func (l *InnerLane) Demand(lane string) *InnerLane {
	l.m.t.Helper()
	l.script = l.m.parse(lane, marble.Demand).Events
	return l
}

// verify is part of the interface that Test evaluates.
func (l *InnerLane) verify(m *Test) {
	m.t.Helper()
	if !l.used {
		m.t.Errorf("%s: marbles: this Inner is in no expectation; put it into the Values of one, or remove it", l.site)
	}
}

// takeAll is the script of an expectation that has no demand lane.
func takeAll() []marble.Event {
	return []marble.Event{{Kind: marble.Subscribe}, {Kind: marble.Request, N: observable.Unbounded}}
}

// steps are what a demand lane does with a subscription of r.
func (r *recorder) steps(begins subscribe, lane []marble.Event) (script []action) {
	begin, requested := time.Duration(0), false // a lane without "^" begins at the start
	illegal := false
	for _, step := range lane {
		switch step.Kind {
		case marble.Subscribe:
			begin = step.At
		case marble.Request:
			requested = true
			illegal = illegal || step.N <= 0
		default: // a cancel
		}
	}
	if !requested {
		r.start = observable.Unbounded
	}
	script = append(script, action{at: begin, do: func() { begins(r.context(), illegal) }})
	for _, step := range lane {
		switch step.Kind {
		case marble.Request:
			script = append(script, action{at: step.At, do: func() { r.request(step.N) }})
		case marble.Cancel:
			script = append(script, action{at: step.At, do: r.cancel})
		default: // the subscription, which is in the script already
		}
	}
	return script
}

// context is what r subscribes with.
func (r *recorder) context() context.Context {
	ctx := observable.WithDroppedError(scheduler.With(context.Background(), r.m.timers), r.dropped)
	if r.keepsDiscards {
		ctx = observable.WithDiscard(ctx, r.discard)
	}
	return ctx
}

// inners takes the Inners out of the Values of lane: it returns a map in which
// their streams stand, and the Inner of each value, or nil where it has none.
func inners[T any](m *Test, v Values, lane marble.Lane) (plain Values, lanes []*InnerLane) {
	m.t.Helper()
	plain = make(Values, len(v))
	found := false
	for key, value := range v {
		l, ok := value.(*InnerLane)
		if !ok {
			if _, isSource := value.(sourceProbe); isSource && reflect.TypeOf(value) != reflect.TypeFor[T]() {
				m.t.Fatalf("%s: marbles: the key %q is a source; a source emits its Observable, and what is expected of one is an Inner[…](m, …)", site(), key)
			}
			plain[key] = value
			continue
		}
		diagram := marble.Print(l.stream.Events, m.frame)
		switch {
		case lane.Grammar != marble.Expect:
			m.t.Fatalf("%s: marbles: the key %q is an Inner, which says what is expected; what a source emits is a source, Cold[…](m, %q).Observable", site(), key, diagram)
		case !maybeStream[T]():
			m.t.Fatalf("%s: marbles: the key %q is an Inner, Inner(m, %q), but the lane holds values of type %v, which are no observables", site(), key, diagram, reflect.TypeFor[T]())
		}
		l.used, found = true, true
		plain[key] = l.stream
	}
	if !found {
		return v, nil
	}
	for _, e := range lane.Events {
		if e.Kind == marble.Next {
			l, _ := v[e.Key].(*InnerLane)
			lanes = append(lanes, l)
		}
	}
	return plain, lanes
}

// maybeStream reports whether a T can be an observable.
func maybeStream[T any]() bool {
	var zero T
	_, _, ok := link.Streams(zero)
	return ok || reflect.TypeFor[T]().Kind() == reflect.Interface
}

// watching says whether a recorder looks for streams among its values, and what
// becomes of them.
type watching struct {
	on    bool
	lanes []*InnerLane // of the first values; nil for one without
}

// of returns what the test says of the n-th value, or what there is to say of
// one that it does not speak of.
func (w watching) of(n int) *InnerLane {
	if n < len(w.lanes) && w.lanes[n] != nil {
		return w.lanes[n]
	}
	return &InnerLane{script: takeAll(), looks: watching{on: true}}
}

// look subscribes to v, which is value n, if that is a stream to be looked into.
func (r *recorder) look(v any, n int) {
	if !r.looks.on {
		return
	}
	boxed, elem, ok := link.Streams(v)
	if !ok {
		return
	}
	lane := r.looks.of(n)
	in := &recorder{m: r.m, begin: r.m.now(), last: lane.end, looks: lane.looks}
	if lane.elem != nil && lane.elem != elem {
		in.broke("it is a stream of %v, but the test says Inner[%v]", elem, lane.elem)
	}
	r.mu.Lock()
	if r.inners == nil {
		r.inners = make(map[int]*recorder)
	}
	r.inners[n] = in
	r.mu.Unlock()
	for _, step := range in.steps(subscribing(in, boxed.(observable.Observable[any])), lane.script) {
		if step.at > 0 {
			r.m.clock.After(step.at, step.do)
		} else {
			step.do()
		}
	}
}

package rxjs_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// lines is a stream of values as JSON.
type lines = observable.Observable[string]

// asJSON turns values into the JSON that RxJS writes for them.
func asJSON[T any](o observable.Observable[T]) lines {
	return operators.Map(func(v T) string {
		text, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		return string(text)
	})(o)
}

// An observer logs the signals of one subscription.
type observer struct {
	st  *stage
	up  observable.Subscription
	log []string
}

func (o *observer) OnSubscribe(up observable.Subscription) {
	o.up = up
	up.Request(observable.Unbounded)
}

func (o *observer) OnNext(v string) {
	o.log = append(o.log, fmt.Sprintf(`[%d,"N",%s]`, o.st.frame(), v))
}
func (o *observer) OnComplete() { o.log = append(o.log, fmt.Sprintf(`[%d,"C"]`, o.st.frame())) }

func (o *observer) OnError(err error) {
	o.log = append(o.log, fmt.Sprintf(`[%d,"E",%q]`, o.st.frame(), errorName(err)))
}

// errorName is what RxJS's oracle calls an error: a value that was thrown, or
// the name of a class.
func errorName(err error) string {
	if p, ok := errors.AsType[*observable.PanicError](err); ok {
		if t, ok := p.Value.(thrown); ok {
			return string(t)
		}
		return fmt.Sprintf("%v\n%s", p, p.Stack)
	}
	if f, ok := errors.AsType[failure](err); ok {
		return string(f)
	}
	if _, ok := errors.AsType[*operators.TimeoutError](err); ok {
		return "TimeoutError"
	}
	for name, known := range errorNames {
		if errors.Is(err, known) {
			return name
		}
	}
	return err.Error()
}

var errorNames = map[string]error{
	"EmptyError":              observable.ErrEmpty,
	"ArgumentOutOfRangeError": operators.ErrTooFew,
	"SequenceError":           operators.ErrTooMany,
}

// until is when RxJS's harness unsubscribes at the latest.
const until = 300

// A result is what a case came to here, as text.
type result struct {
	observers     [][]string
	subscriptions map[string]string
}

// play runs a case on virtual time. Inside a frame the harness comes first,
// then hot sources, then what was scheduled first.
func play(c *testCase) (r result, err error) {
	build, ok := pipelines[c.Op]
	if !ok {
		return r, fmt.Errorf("no pipeline for %q", c.Op)
	}
	st := newStage()
	b := &bench{stage: st, args: c.Args}
	for i, s := range c.Sources {
		name := strconv.Itoa(i)
		if s.Kind == "hot" {
			b.sources = append(b.sources, st.hot("s"+name, s.Marbles))
		} else {
			b.sources = append(b.sources, st.cold("s"+name, s.Marbles))
		}
	}
	pipeline := build(b)
	spans := c.Observers
	if len(spans) == 0 {
		spans = append(spans, struct{ Sub, Unsub *int }{nil, c.Unsub})
	}
	var observers []*observer
	for _, span := range spans {
		o := &observer{st: st}
		observers = append(observers, o)
		st.after(or(span.Sub, 0), func() { pipeline.Subscribe(st.ctx, o) })
		st.after(or(span.Unsub, until), func() {
			if o.up != nil {
				o.up.Cancel()
			}
		})
	}
	for _, set := range st.hots {
		set()
	}
	st.clock.AdvanceBy(time.Minute)
	for _, o := range observers {
		r.observers = append(r.observers, o.log)
	}
	r.subscriptions = make(map[string]string)
	for name, log := range st.logs {
		r.subscriptions[name] = logText(log)
	}
	return r, nil
}

func or(p *int, v int) int {
	if p == nil {
		return v
	}
	return *p
}

// logText writes a subscription log as RxJS does.
func logText(log [][2]int) string {
	text := "["
	for i, span := range log {
		if i > 0 {
			text += ","
		}
		end := "null"
		if span[1] >= 0 {
			end = strconv.Itoa(span[1])
		}
		text += fmt.Sprintf("[%d,%s]", span[0], end)
	}
	return text + "]"
}

// A bench is what a pipeline is built from: the sources and the arguments of
// the case.
type bench struct {
	*stage
	args
	sources  []numbers
	produced bool // a source that is searched has had a value
}

func (b *bench) source() numbers { return b.sources[0] }
func (b *bench) other() numbers  { return b.sources[1] }

// ms is a number of frames as time.
func ms(n int) time.Duration { return time.Duration(n) * millisecond }

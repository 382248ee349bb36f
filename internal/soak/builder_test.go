package soak_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// A builder draws a pipeline and writes down what it has drawn. Only it uses
// the random numbers: what a callback does depends on what was drawn before.
type builder struct {
	w     *world
	r     *rand.Rand
	words [][]string // the arguments of what is being drawn, the innermost last
	depth int        // how many pipelines are inside of each other
	ops   []entry    // what to draw operators from
	extra *entry     // an operator that has to be somewhere in the pipeline
}

// An entry is an operator, or a source, of a catalogue.
type entry struct {
	name string
	make func(b *builder) operator
}

// note writes down an argument.
func (b *builder) note(format string, args ...any) {
	last := len(b.words) - 1
	b.words[last] = append(b.words[last], fmt.Sprintf(format, args...))
}

// begin starts to write down a name with arguments, which end closes.
func (b *builder) begin() { b.words = append(b.words, nil) }

func (b *builder) end() (args []string) {
	last := len(b.words) - 1
	args = b.words[last]
	b.words = b.words[:last]
	return args
}

func called(name string, args []string) string {
	if len(args) == 0 {
		return name
	}
	return fmt.Sprintf("%s(%s)", name, strings.Join(args, ", "))
}

// pipeline draws a source and from 1 to most operators.
func (b *builder) pipeline(most int) (o stream, text string) {
	b.begin()
	o = b.source()
	source := strings.Join(b.end(), "")
	o, text = b.behind(o, most)
	return o, source + " → " + text
}

// behind draws operators to go behind a source.
func (b *builder) behind(o stream, most int) (_ stream, text string) {
	b.begin()
	length := 1 + b.r.IntN(most)
	extra := b.r.IntN(length)
	for i := range length {
		e := b.ops[b.r.IntN(len(b.ops))]
		if i == extra && b.extra != nil && b.depth == 0 {
			e = *b.extra
		}
		b.begin()
		op := e.make(b)
		b.note("%s", called(e.name, b.end()))
		o = op(o)
	}
	return o, strings.Join(b.end(), " → ")
}

// other draws an observable to go with the source: a simple one, or a whole
// pipeline.
func (b *builder) other() stream {
	if b.depth > 0 || b.r.IntN(3) > 0 {
		return b.source()
	}
	b.depth++
	o, text := b.pipeline(3)
	b.depth--
	b.note("[%s]", text)
	return o
}

// between draws an argument.
func (b *builder) between(low, high int) int {
	n := low + b.r.IntN(high-low+1)
	b.note("%d", n)
	return n
}

// span draws a duration. They are few, so that they often come at the same
// time.
func (b *builder) span() time.Duration {
	d := time.Duration(b.oneOf(1, 1, 2, 3, 5, 8)) * ms
	b.note("%v", d)
	return d
}

// choose draws one of some words.
func (b *builder) choose(words ...string) string {
	word := words[b.r.IntN(len(words))]
	b.note("%s", word)
	return word
}

// rarely is true for one in n, and then notes why that matters.
func (b *builder) rarely(n int, why string) bool {
	if b.r.IntN(n) > 0 {
		return false
	}
	b.note("%s", why)
	return true
}

// notifier draws an observable whose values mean only that something has
// happened. It need not end.
func (b *builder) notifier() observable.Observable[int] {
	if b.rarely(6, "Never") {
		return observable.Never[int]()
	}
	return b.ending()
}

// ending draws one that does end.
func (b *builder) ending() observable.Observable[int] {
	switch b.choose("Range", "Interval", "a source", "Timer", "Timer") {
	case "Range":
		return observable.Range(0, b.between(0, 5))
	case "Interval":
		return operators.Take[int](b.between(1, 5))(observable.Interval(b.span()))
	case "a source":
		return operators.Map(func(v *value) int {
			v.consume()
			return 0
		})(b.hand(5))
	default:
		return observable.Timer(b.span())
	}
}

// signals draws a function that gives a value an observable which soon emits or
// ends.
func (b *builder) signals() func(*value) observable.Observable[int] {
	var o observable.Observable[int]
	switch b.choose("Of", "Empty", "Timer", "ObserveOn") {
	case "Of":
		o = observable.Of(1)
	case "Empty":
		o = observable.Empty[int]()
	case "Timer":
		o = observable.Timer(b.span())
	default:
		o = operators.ObserveOn[int](b.w.clock)(observable.Of(1))
	}
	return func(*value) observable.Observable[int] { return o }
}

// inner draws a function that gives a value an observable of other values. That
// uses the value up.
func (b *builder) inner() func(*value) stream {
	o := b.hand(3)
	switch b.choose("as it is", "Delay", "ObserveOn", "SubscribeOn") {
	case "Delay":
		o = operators.Delay[*value](b.span())(o)
	case "ObserveOn":
		o = operators.ObserveOn[*value](b.w.clock)(o)
	case "SubscribeOn":
		o = operators.SubscribeOn[*value](b.w.clock)(o)
	}
	return func(v *value) stream {
		v.consume()
		return o
	}
}

// licensed lets values vanish inside op, or multiply.
func licensed(licence int32, op operator) operator {
	return func(src stream) stream {
		in := operators.Tap(func(v *value) { v.licence.Or(licence) })(src)
		return operators.Tap(func(v *value) { v.licence.And(^licence) })(op(in))
	}
}

// vanishing is for an operator whose meaning it is to take values in.
func vanishing(op operator) operator { return licensed(mayVanish, op) }

// renewing is for an operator that makes other things of values; they are
// replaced by values that are counted.
func renewing[R any](b *builder, op observable.Operator[*value, R]) operator {
	return func(src stream) stream {
		in := operators.Tap(func(v *value) { v.licence.Or(mayMultiply) })(src)
		return fresh[R](b.w)(op(in))
	}
}

// spare returns values that may come out any number of times.
func (b *builder) spare(n int) []*value {
	vs := make([]*value, n)
	for i := range vs {
		vs[i] = b.w.produce()
		vs[i].licence.Or(mayMultiply)
	}
	return vs
}

// on draws the option to use a scheduler other than that of the ctx.
func (b *builder) on() []scheduler.TimeOption {
	if b.rarely(4, "On") {
		return []scheduler.TimeOption{scheduler.On(b.w.clock)}
	}
	return nil
}

package conformance

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/ungated"
	"github.com/sluicego/sluice/observable"
)

// An OperatorConfig says what [Operator] needs to know of the operator under
// test.
type OperatorConfig[A, B any] struct {
	// Op is the operator, assembled once and subscribed many times.
	Op observable.Operator[A, B]
	// Element returns the ith element of the source, counted from 0. Elements
	// differ from each other.
	Element func(i int) A
	// Index returns which elements a value of the operator stands for; nil if
	// it stands for none. Without Index, a value stands for the element that it
	// equals.
	Index func(v B) []int
	// Consumes says that the operator takes values in by its meaning, as Filter
	// does: they need not come out, but none may come out and be discarded.
	Consumes bool
	// Identity says that the operator passes every value, and both ends, on: it
	// is checked as a source, too.
	Identity bool
	// Recovers says that an error of the source is not passed on at once: it is
	// replaced, repeated, or told as a value.
	Recovers bool
	// NeverCompletes says that the operator goes on when its source has
	// completed.
	NeverCompletes bool
	// Multicast says that several subscribers see one subscription to the source,
	// so that the second of two may see something else.
	Multicast bool

	// Settle and Skip are those of [SourceConfig].
	Settle time.Duration
	Skip   map[string]string
}

// Operator checks that an operator keeps the rules on both of its sides: as the
// subscriber of its source, and as the source of its subscriber. Each check is
// made with a source that emits inside Request and with one that emits on
// goroutines of its own; some with sources that break a rule themselves.
//
// Operator panics if Op or Element is nil.
func Operator[A, B any](t *testing.T, c OperatorConfig[A, B]) {
	t.Helper()
	o := c.erased()
	runAll(t, operatorChecks, o, c.Settle, c.Skip)
	if c.Identity {
		t.Run("as a source", func(t *testing.T) { runAll(t, sourceChecks, o.source(), c.Settle, nil) })
	}
}

func (c OperatorConfig[A, B]) erased() *operator {
	if c.Op == nil || c.Element == nil {
		panic("conformance: an OperatorConfig without Op or Element")
	}
	return &operator{
		apply: func(s stream, gated bool) stream {
			subscribe := func(ctx context.Context, down observable.Subscriber[A]) { s(ctx, unboxer[A]{down: down}) }
			if gated {
				return erase(c.Op(observable.New(subscribe)))
			}
			return erase(c.Op(ungated.New(subscribe)))
		},
		element:  func(i int) any { return c.Element(i) },
		index:    c.indexOf,
		consumes: c.Consumes,
		recovers: c.Recovers,
		endless:  c.NeverCompletes,
		shared:   c.Multicast,
	}
}

// indexOf returns the elements that v stands for, which is a value of the
// operator or one that was discarded, perhaps of the source.
func (c OperatorConfig[A, B]) indexOf(v any, known map[any]int) []int {
	if b, ok := v.(B); ok && c.Index != nil {
		return c.Index(b)
	}
	if v != nil && !reflect.TypeOf(v).Comparable() {
		return nil
	}
	if i, ok := known[v]; ok {
		return []int{i}
	}
	return nil
}

// operatorChecks are all that Operator runs.
var operatorChecks = slices.Concat(downstreamChecks, subscriptionChecks, upstreamChecks, hostileChecks)

// An operator is an OperatorConfig without its types.
type operator struct {
	apply    func(s stream, gated bool) stream
	element  func(i int) any
	index    func(v any, known map[any]int) []int
	consumes bool
	recovers bool
	endless  bool
	shared   bool
}

// source is the operator over a helper that has as many elements as one likes.
func (o *operator) source() *source {
	open := func(n int64, err error) stream {
		f := &feed{element: o.element, n: n, err: err}
		return o.apply(f.subscribe, false)
	}
	return &source{
		open:   func(n int64) stream { return open(n, nil) },
		failed: func() stream { return open(0, errDeliberate) },
		max:    feedMax,
		bound:  1,
		shared: o.shared,
	}
}

// feedMax is how many elements a helper source has at most: the depth of the
// recursion shows soon.
const feedMax = 500

// An unboxer passes elements to an operator. It is no outside subscriber: the
// operator sees what the source does.
type unboxer[T any] struct {
	link.Inside
	down observable.Subscriber[T]
}

func (u unboxer[T]) OnSubscribe(up observable.Subscription) { u.down.OnSubscribe(up) }
func (u unboxer[T]) OnError(err error)                      { u.down.OnError(err) }
func (u unboxer[T]) OnComplete()                            { u.down.OnComplete() }

func (u unboxer[T]) OnNext(v any) {
	t, ok := v.(T)
	if !ok && v != nil {
		panic(fmt.Sprintf("conformance: an element of type %T", v))
	}
	u.down.OnNext(t)
}

// A bench is an operator between a feed and the witnesses of a check.
type bench struct {
	*env
	o    *operator
	feed *feed
	st   stream
}

// helpers are the sources that checks are made with: asynchronous or not.
var helpers = []bool{false, true}

// both runs a check with a synchronous source and with an asynchronous one.
func both(run func(b *bench)) func(e *env, o *operator) {
	return func(e *env, o *operator) {
		for _, async := range helpers {
			if async {
				e.log("— a source that emits on goroutines of its own")
			}
			run(newBench(e, o, async))
			e.quiet()
		}
	}
}

func newBench(e *env, o *operator, async bool) *bench {
	return &bench{env: e, o: o, feed: &feed{e: e, element: o.element, async: async}}
}

// of puts a source of n elements before the operator, which ends with err.
func (b *bench) of(n int64, err error) *bench {
	b.feed = &feed{e: b.env, element: b.o.element, n: n, err: err, async: b.feed.async}
	b.st = b.o.apply(b.feed.subscribe, false)
	return b
}

// open puts a source of n elements before the operator, which does not end.
func (b *bench) open(n int64) *bench {
	b.of(n, nil)
	b.feed.endless = true
	return b
}

// ends skips the check if the operator does not end with its source.
func (b *bench) ends() {
	if b.o.endless {
		b.skip("the operator goes on when its source has completed (NeverCompletes)")
	}
}

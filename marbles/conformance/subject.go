package conformance

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/sluicego/sluice/observable"
)

// A Pusher is what a subject looks like: values are pushed into it, and its
// subscribers get them. Those of package observable are Pushers.
type Pusher[T any] interface {
	Next(v T)
	Error(err error)
	Complete()
	Subscribe(ctx context.Context, s observable.Subscriber[T])
}

// A SubjectConfig says what [Subject] needs to know of the subject under test.
type SubjectConfig[T any] struct {
	// New returns a new subject.
	New func() Pusher[T]
	// Element returns the ith value to push, counted from 0. Elements differ
	// from each other.
	Element func(i int) T
	// Delivers returns what a subscriber gets that requests everything, of what
	// was pushed before it subscribed and of what was pushed afterwards, when
	// the subject has completed. Without Delivers, it gets what came afterwards.
	Delivers func(before, after []T) []T
	// MaxSubscribers is how many a subject has, ever; the next one is refused with
	// an error. 0 is any number.
	MaxSubscribers int

	// Settle and Skip are those of [SourceConfig].
	Settle time.Duration
	Skip   map[string]string
}

// Subject checks that a subject keeps the rules towards its subscribers, and
// towards those who push.
//
// What it does with a value that a subscriber has not requested is not
// prescribed: it may hold it, give it up, or fail that subscriber.
//
// Subject panics if New or Element is nil.
func Subject[T any](t *testing.T, c SubjectConfig[T]) {
	t.Helper()
	runAll(t, subjectChecks, c.erased(), c.Settle, c.Skip)
}

func (c SubjectConfig[T]) erased() *subject {
	if c.New == nil || c.Element == nil {
		panic("conformance: a SubjectConfig without New or Element")
	}
	return &subject{
		open: func() pusher {
			p := c.New()
			return pusher{
				next:     func(i int) { p.Next(c.Element(i)) },
				fail:     p.Error,
				complete: p.Complete,
				st: func(ctx context.Context, down observable.Subscriber[any]) {
					p.Subscribe(ctx, boxer[T]{down})
				},
			}
		},
		delivers: func(before, after int) []any {
			got := c.elements(before, before+after)
			if c.Delivers != nil {
				got = c.Delivers(c.elements(0, before), got)
			}
			boxed := make([]any, len(got))
			for i, v := range got {
				boxed[i] = v
			}
			return boxed
		},
		element:     func(i int) any { return c.Element(i) },
		subscribers: c.MaxSubscribers,
	}
}

func (c SubjectConfig[T]) elements(from, to int) []T {
	s := make([]T, 0, to-from)
	for i := from; i < to; i++ {
		s = append(s, c.Element(i))
	}
	return s
}

// A subject is a SubjectConfig without its type.
type subject struct {
	open        func() pusher
	delivers    func(before, after int) []any
	element     func(i int) any
	subscribers int
}

// A pusher is a Pusher without its type. Values go by their number.
type pusher struct {
	next     func(i int)
	fail     func(err error)
	complete func()
	st       stream
}

// push calls Next with the elements from…to-1, Complete and Error, each on a
// goroutine of its own, and waits for that.
func (p pusher) push(e *env, from, to int) {
	for i := from; i < to; i++ {
		e.log("Next(%d)", i)
		e.do("Next", func() { p.next(i) })
	}
}

func (p pusher) end(e *env, err error) {
	if err != nil {
		e.log("Error(%v)", err)
		e.do("Error", func() { p.fail(err) })
		return
	}
	e.log("Complete")
	e.do("Complete", p.complete)
}

// room skips the check if the subject has not room for n subscribers.
func (s *subject) room(e *env, n int) {
	if s.subscribers > 0 && s.subscribers < n {
		e.skip("it takes %d subscribers (MaxSubscribers)", n)
	}
}

// subjectChecks are all that Subject runs.
var subjectChecks = slices.Concat(pushChecks, memberChecks)

package rxjs_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

type numbers = observable.Observable[int]

// An event is what a diagram has in one frame.
type event struct {
	frame int
	kind  byte // N, E or C
	value int
}

var duration = regexp.MustCompile(`^\d+(ms|s|m) `)

// parse reads a diagram as RxJS's run mode does, which differs from package
// marbles in the syntax of durations and in what a group is worth in time.
func parse(marbles string) []event {
	var events []event
	frame, group := -max(strings.IndexByte(marbles, '^'), 0), -1
	for i := 0; i < len(marbles); i++ {
		c, now := marbles[i], frame
		if group >= 0 {
			now = group
		}
		frame++
		switch {
		case c == ' ':
			frame--
		case c == '(':
			group = now
		case c == ')':
			group = -1
		case c == '|':
			events = append(events, event{now, 'C', 0})
		case c == '#':
			events = append(events, event{now, 'E', 0})
		case c == '-' || c == '^':
		default:
			if d := duration.FindString(marbles[i:]); d != "" && (i == 0 || marbles[i-1] == ' ') {
				span, err := time.ParseDuration(strings.TrimSpace(d))
				if err != nil {
					panic(err)
				}
				frame += int(span/millisecond) - 1
				i += len(d) - 1
				continue
			}
			v, err := strconv.ParseInt(string(c), 36, 64)
			if err != nil {
				panic(fmt.Sprintf("bad marble %q in %q", c, marbles))
			}
			events = append(events, event{now, 'N', int(v)})
		}
	}
	return events
}

// A stage is where one case is played: a clock, and the sources with their
// subscription logs.
type stage struct {
	clock *scheduler.Virtual
	ctx   context.Context //nolint:containedctx // a stage is made for one case, and lives as long
	logs  map[string][][2]int
	hots  []func()
	inner map[string]numbers
}

func newStage() *stage {
	clock := scheduler.NewVirtual()
	ctx := scheduler.With(context.Background(), clock)
	ctx = observable.WithDroppedError(ctx, func(error) {})
	return &stage{clock: clock, ctx: ctx, logs: map[string][][2]int{}, inner: map[string]numbers{}}
}

const millisecond = time.Millisecond

func (st *stage) frame() int { return int(st.clock.Elapsed() / millisecond) }

func (st *stage) after(frame int, f func()) { st.clock.After(time.Duration(frame)*millisecond, f) }

// open logs a subscription, and returns what logs its end.
func (st *stage) open(name string) (end func()) {
	i := len(st.logs[name])
	st.logs[name] = append(st.logs[name], [2]int{st.frame(), -1})
	return func() {
		if log := &st.logs[name][i]; log[1] < 0 {
			log[1] = st.frame()
		}
	}
}

// failure is the error of a source.
type failure string

func (f failure) Error() string { return string(f) }

// play signals e.
func (e event) play(s observable.Subscriber[int], name string) {
	switch e.kind {
	case 'N':
		s.OnNext(e.value)
	case 'E':
		s.OnError(failure("e" + strings.TrimPrefix(name, "s")))
	case 'C':
		s.OnComplete()
	}
}

// A subscription is one to a source. The sources emit when it is time, whatever
// is requested: an operator that asks for too little gets an OverflowError.
type subscription struct {
	cancel func()
	over   bool
}

func (*subscription) Request(int64) {}

func (s *subscription) Cancel() {
	if !s.over {
		s.over = true
		s.cancel()
	}
}

// cold makes a source whose frames count from each subscription.
func (st *stage) cold(name, marbles string) numbers {
	events := parse(marbles)
	return observable.New(func(_ context.Context, s observable.Subscriber[int]) {
		end := st.open(name)
		sub := &subscription{cancel: end}
		s.OnSubscribe(sub)
		for _, e := range events {
			if sub.over {
				return
			}
			st.after(e.frame, func() {
				if sub.over {
					return
				}
				if e.kind != 'N' {
					sub.Cancel()
				}
				e.play(s, name)
			})
		}
	})
}

// hot makes a source whose frames count from the start.
func (st *stage) hot(name, marbles string) numbers {
	type listener struct {
		*subscription
		s observable.Subscriber[int]
	}
	var listeners []listener
	var last *event // the terminal, once it has come
	events := parse(marbles)
	st.hots = append(st.hots, func() {
		for _, e := range events {
			if e.frame < 0 {
				continue // nobody is there yet
			}
			st.after(e.frame, func() {
				now := listeners
				if e.kind != 'N' {
					last, listeners = &e, nil
				}
				for _, l := range now {
					if l.over {
						continue
					}
					if e.kind != 'N' {
						l.Cancel()
					}
					e.play(l.s, name)
				}
			})
		}
	})
	return observable.New(func(_ context.Context, s observable.Subscriber[int]) {
		end := st.open(name)
		sub := &subscription{cancel: end}
		s.OnSubscribe(sub)
		switch {
		case sub.over:
		case last != nil:
			sub.Cancel()
			last.play(s, name)
		default:
			listeners = append(slices.Clip(listeners), listener{sub, s})
		}
	})
}

// inners returns, for a value, the inner source that the case gives it.
func (st *stage) inners(list []string) func(int) numbers {
	cs := make([]numbers, len(list))
	for i, m := range list {
		name := "i" + strconv.Itoa(i)
		cs[i] = st.cold(name, m)
	}
	return func(v int) numbers { return cs[mod(v, len(cs))] }
}

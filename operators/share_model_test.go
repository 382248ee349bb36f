package operators_test

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// A lockstep is a model of what is shared in lockstep. Its position is how many
// values have been given to everybody who was there; it cannot go beyond the
// until of anybody. The value at a position is the position.
type lockstep struct {
	remembers int64
	draws     bool // it goes on without subscribers
	emitted   int64
	position  int64
	requested int64
	subs      []*pacer
}

// A pacer is a subscriber that begins at start and has demand up to until.
type pacer struct {
	*marbles.TestSubscriber[int]
	start, until int64
}

// limit returns the position that must not be passed.
func (l *lockstep) limit() int64 {
	if len(l.subs) == 0 && !l.draws {
		return l.position
	}
	low := int64(observable.Unbounded)
	for _, s := range l.subs {
		low = min(low, s.until)
	}
	return low
}

// check takes up what has changed, and looks at what came of it.
func (l *lockstep) check(t *rapid.T, src *marbles.TestSource[int]) {
	l.position = max(l.position, min(l.emitted, l.limit()))
	for i, s := range l.subs {
		var want []int
		for v := s.start; v < min(s.until, l.position); v++ {
			want = append(want, int(v))
		}
		if !slices.Equal(s.Values(), want) {
			t.Fatalf("subscriber %d got %v, want %v; %+v", i, s.Values(), want, *l)
		}
	}
	before := l.requested
	l.requested = src.Requested()
	if ahead := l.limit() - l.position; ahead <= 128 && l.requested != max(before, l.limit()) || l.requested > max(before, l.position+128) {
		t.Fatalf("%d were requested, %d before; the limit is %d; %+v", l.requested, before, l.limit(), *l)
	}
}

// Laws L2 and L9, behaviour 36: whoever subscribes, requests and leaves, in
// whatever order, gets what the model says, and so does the source.
func TestLockstepAgainstModel(t *testing.T) {
	connected := func(c *operators.Connectable[int]) ints {
		c.Connect(context.Background())
		return c.Observable
	}
	for name, kind := range map[string]struct {
		model lockstep
		share func(src ints) ints
	}{
		"Publish":     {lockstep{}, func(src ints) ints { return connected(operators.Publish(src)) }},
		"Replay":      {lockstep{remembers: 2, draws: true}, func(src ints) ints { return connected(operators.Replay(src, 2)) }},
		"Replay all":  {lockstep{remembers: operators.Unlimited, draws: true}, func(src ints) ints { return connected(operators.Replay(src, operators.Unlimited)) }},
		"ShareReplay": {lockstep{remembers: 3, draws: true}, operators.ShareReplay[int](3)},
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				l := kind.model
				src := marbles.NewTestSource[int]()
				shared := kind.share(src.Observable)
				subscribe := func() {
					start := max(0, l.position-l.remembers)
					s := &pacer{marbles.NewTestSubscriber[int](t, 0), start, start}
					l.subs = append(l.subs, s)
					shared.Subscribe(context.Background(), s)
				}
				l.requested = src.Requested() // by a Replay that nobody has come to
				subscribe()                   // starts a ShareReplay
				some := func(rt *rapid.T) int {
					if len(l.subs) == 0 {
						rt.Skip("nobody is there")
					}
					return rapid.IntRange(0, len(l.subs)-1).Draw(rt, "who")
				}
				rt.Repeat(map[string]func(*rapid.T){
					"subscribe": func(*rapid.T) { subscribe() },
					"request": func(rt *rapid.T) {
						s, n := l.subs[some(rt)], rapid.SampledFrom([]int64{1, 1, 2, 5, 200, observable.Unbounded}).Draw(rt, "n")
						s.until = demand.Add(s.until, n)
						if n == observable.Unbounded {
							s.until = n
						}
						s.Request(n)
					},
					"cancel": func(rt *rapid.T) {
						i := some(rt)
						s := l.subs[i]
						l.subs = slices.Delete(l.subs, i, i+1)
						s.Cancel()
					},
					"emit": func(rt *rapid.T) {
						for range rapid.IntRange(1, 150).Draw(rt, "values") {
							if l.emitted < src.Requested() {
								l.emitted++
								src.Next(int(l.emitted - 1))
								l.position = max(l.position, min(l.emitted, l.limit()))
							}
						}
					},
					"": func(rt *rapid.T) { l.check(rt, src) },
				})
			})
		})
	}
}

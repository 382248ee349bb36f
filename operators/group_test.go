package operators_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func ExampleGroupBy() {
	words := observable.Of("ant", "bee", "asp", "bat", "ape")
	byLetter := operators.GroupBy(func(word string) byte { return word[0] })
	count := operators.MergeMap(func(g operators.Group[byte, string]) observable.Observable[string] {
		n := operators.Scan(0, func(n int, _ string) int { return n + 1 })(g.Observable)
		return operators.Map(func(n int) string { return fmt.Sprintf("%c%d", g.Key, n) })(n)
	})
	all, err := observable.Pipe2(words, byLetter, count).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [a1 b1 a2 b2 a3] <nil>
}

func ExampleGroup() {
	byParity := operators.GroupBy(func(n int) bool { return n%2 == 0 })
	even := operators.MergeMap(func(g operators.Group[bool, int]) observable.Observable[int] {
		if !g.Key {
			return observable.Empty[int]()
		}
		return g.Observable
	})
	all, err := observable.Pipe2(observable.Range(1, 6), byParity, even).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [2 4 6] <nil>
}

func ExampleGroupUntil() {
	pairs := operators.GroupUntil(func(g operators.Group[bool, int]) observable.Observable[int] {
		return operators.Skip[int](1)(g.Observable)
	})
	byParity := operators.GroupBy(func(n int) bool { return n%2 == 0 }, pairs)
	sums := operators.MergeMap(func(g operators.Group[bool, int]) observable.Observable[string] {
		sum := operators.Scan(0, func(sum, n int) int { return sum + n })(g.Observable)
		return operators.Map(func(n int) string { return fmt.Sprint(g.Key, n) })(sum)
	})
	all, err := observable.Pipe2(observable.Range(1, 6), byParity, sums).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [false 1 true 2 false 4 true 6 false 5 true 6] <nil>
}

// groupsOf emits a group as its key and a list, when it ends.
func groupsOf(src observable.Observable[operators.Group[string, string]]) stream {
	return operators.MergeMap(func(g operators.Group[string, string]) stream { return gathered(g.Key, g.Observable) })(src)
}

func TestGroupBy(t *testing.T) {
	two := operators.GroupUntil(func(g operators.Group[string, string]) stream { return operators.Skip[string](1)(g.Observable) })
	none := operators.GroupUntil(func(operators.Group[string, string]) observable.Observable[int] { return observable.Never[int]() })
	fails := operators.GroupUntil(func(g operators.Group[string, string]) stream {
		return operators.MapErr(func(v string) (string, error) { return v, errTest })(g.Observable)
	})
	for _, tt := range []struct {
		name, source, want string
		opts               []operators.GroupOption
		where              map[string]string
		err                error
	}{
		{"", "-a-B-b-A-|", "---------(xy|)", nil, map[string]string{"x": "a[a A]", "y": "b[B b]"}, nil},
		{"empty", "-|", "-|", nil, nil, nil},
		{"error", "-a-#", "---#", nil, nil, nil},
		{"until", "-a-b-A-a-|", "-----x---(yz|)", []operators.GroupOption{two}, map[string]string{"x": "a[a A]", "y": "b[b]", "z": "a[a]"}, nil},
		{"until never", "-a-A-|", "-----(x|)", []operators.GroupOption{none}, map[string]string{"x": "a[a A]"}, nil},
		{"until fails", "-a-", "-#", []operators.GroupOption{fails}, nil, errTest},
		{"evict", "-a-b-c-a-|", "-----x-y-(zw|)", []operators.GroupOption{operators.MaxGroups(2), operators.EvictOldest}, map[string]string{"x": "a[a]", "y": "b[b]", "z": "c[c]", "w": "a[a]"}, nil},
		{"drop", "-a-b-c-a-|", "---------(xy|)", []operators.GroupOption{operators.MaxGroups(2), operators.DropNewGroups}, map[string]string{"x": "a[a a]", "y": "b[b]"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				values := marbles.Values{}
				for k, v := range tt.where {
					values[k] = v
				}
				opts := []marbles.Option{values}
				src := marbles.Hot[string](m, tt.source)
				if tt.err != nil {
					opts = append(opts, marbles.Err(tt.err))
				}
				marbles.Expect(m, groupsOf(operators.GroupBy(strings.ToLower, tt.opts...)(src.Observable))).ToBe(tt.want, opts...)
			})
		})
	}
}

// Behaviour 34: with more groups than the consumer takes, the stream goes on or
// fails with an error that says why. It does not hang.
func TestBehaviour34_MoreGroupsThanConcurrency(t *testing.T) {
	open := func(g operators.Group[int, int]) observable.Observable[int] { return g.Observable }
	run := func(src observable.Observable[int], keys int, opts ...operators.GroupOption) *marbles.TestSubscriber[int] {
		sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
		grouped := operators.GroupBy(func(n int) int { return n % keys }, opts...)(src)
		operators.MergeMap(open, operators.Concurrency(2))(grouped).Subscribe(t.Context(), sub)
		return sub
	}
	t.Run("goes on", func(t *testing.T) {
		sub := run(observable.Range(0, 300), 3)
		ended(t, sub, nil)
		diff(t, "values", len(sub.Values()), 300)
	})
	t.Run("fails", func(t *testing.T) {
		sub := run(observable.Range(0, 2000), 4, operators.Prefetch(16))
		_, err := sub.Ended()
		stall, ok := errors.AsType[*operators.StallError](err)
		if want := (operators.StallError{Op: "GroupBy", Held: 16, Waiting: 2}); !ok || *stall != want {
			t.Fatalf("ended with %v, want %+v", err, want)
		}
		for _, word := range []string{"GroupBy", "16 values", "2 windows or groups", "Concurrency", "Prefetch"} {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%q is not in %q", word, err)
			}
		}
	})
	t.Run("fails before it has its groups", func(t *testing.T) {
		_, err := run(observable.Range(0, 2000), 300).Ended()
		if _, ok := errors.AsType[*operators.StallError](err); !ok {
			t.Errorf("ended with %v", err)
		}
	})
}

// Behaviour 34: the number of groups has a bound.
func TestBehaviour34_TooManyGroups(t *testing.T) {
	var d discards
	src := marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
	open := operators.MergeMap(func(g operators.Group[int, int]) observable.Observable[int] { return g.Observable })
	observable.Pipe2(src.Observable, operators.GroupBy(func(n int) int { return n % 3 }, operators.MaxGroups(2)), open).Subscribe(d.context(), sub)
	for v := range 3 {
		src.Next(v)
	}
	_, err := sub.Ended()
	limit, ok := errors.AsType[*operators.GroupLimitError](err)
	if !ok || limit.Limit != 2 || !strings.Contains(err.Error(), "raise MaxGroups") || src.Cancels() != 1 {
		t.Errorf("ended with %v after %d cancels, want a GroupLimitError of 2 and 1", err, src.Cancels())
	}
	diff(t, "discarded", d.got, []string{"2 overflow"})
}

// Nobody who waits: then a consumer that takes its time is no stall.
func TestBehaviour34_SlowIsNotStuck(t *testing.T) {
	src := marbles.NewTestSource[int]()
	groups := marbles.NewTestSubscriber[operators.Group[int, int]](t, 1)
	members := marbles.NewTestSubscriber[int](t, 1)
	groups.Each = func(g operators.Group[int, int]) { g.Subscribe(t.Context(), members) }
	operators.GroupBy(func(n int) int { return n % 2 }, operators.Prefetch(4))(src.Observable).Subscribe(t.Context(), groups)
	for _, v := range []int{0, 1, 1, 1} { // two groups; nobody has requested the second
		src.Next(v)
	}
	running(t, groups)
	groups.Each = func(g operators.Group[int, int]) { g.Subscribe(t.Context(), marbles.NewTestSubscriber[int](t, 3)) }
	groups.Request(1)
	diff(t, "requests", src.Requests(), []int64{4, 4})
	src.Complete()
	ended(t, groups, nil)
	ended(t, members, nil)
}

// Behaviour 34: groups that nobody subscribes to do not hold up the others.
func TestBehaviour34_AbandonedGroups(t *testing.T) {
	var d discards
	sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
	var ignored operators.Group[bool, int]
	odd := operators.Filter(func(g operators.Group[bool, int]) bool {
		if !g.Key {
			ignored = g
		}
		return g.Key
	})
	open := operators.MergeMap(func(g operators.Group[bool, int]) observable.Observable[int] { return g.Observable })
	byParity := operators.GroupBy(func(n int) bool { return n%2 == 1 }, operators.Prefetch(4))
	observable.Pipe3(observable.Range(0, 20), byParity, odd, open).Subscribe(d.context(), sub)
	ended(t, sub, nil)
	diff(t, "values", sub.Values(), []int{1, 3, 5, 7, 9, 11, 13, 15, 17, 19})
	var want []string
	for v := 0; v < 20; v += 2 {
		want = append(want, fmt.Sprint(v, " overflow"))
	}
	diff(t, "discarded", d.got, want)
	late := marbles.NewTestSubscriber[int](t, 1)
	ignored.Subscribe(t.Context(), late)
	ended(t, late, operators.ErrAbandoned)
}

// A group whose subscriber has cancelled keeps its key (as in RxJS).
func TestGroupByCancelledGroup(t *testing.T) {
	var d discards
	sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
	once := operators.MergeMap(func(g operators.Group[int, int]) observable.Observable[int] {
		return operators.Take[int](1)(g.Observable)
	})
	observable.Pipe2(observable.Range(0, 6), operators.GroupBy(func(n int) int { return n % 2 }), once).Subscribe(d.context(), sub)
	ended(t, sub, nil)
	diff(t, "values", sub.Values(), []int{0, 1})
	diff(t, "discarded", d.got, []string{"2 late", "3 late", "4 late", "5 late"})
}

// Behaviour 35: a group lives on when the stream of groups is cancelled; the
// source is cancelled with the last one.
func TestBehaviour35_GroupsOutliveTheStreamOfThem(t *testing.T) {
	src := marbles.NewTestSource[int]()
	groups := marbles.NewTestSubscriber[operators.Group[int, int]](t, 9)
	var members []*marbles.TestSubscriber[int]
	groups.Each = func(g operators.Group[int, int]) {
		m := marbles.NewTestSubscriber[int](t, 9)
		members = append(members, m)
		g.Subscribe(t.Context(), m)
	}
	operators.GroupBy(func(n int) int { return n % 3 })(src.Observable).Subscribe(t.Context(), groups)
	src.Next(0)
	src.Next(1)
	groups.Cancel()
	diff(t, "cancels", src.Cancels(), 0)
	for v := 2; v < 8; v++ { // no group for 2 and 5
		src.Next(v)
	}
	members[0].Cancel()
	diff(t, "cancels", src.Cancels(), 0)
	src.Next(10)
	members[1].Cancel()
	members[1].Cancel()
	diff(t, "cancels", src.Cancels(), 1)
	diff(t, "group 0", members[0].Values(), []int{0, 3, 6})
	diff(t, "group 1", members[1].Values(), []int{1, 4, 7, 10})
	diff(t, "groups", len(members), 2)
}

func TestGroupByPanics(t *testing.T) {
	t.Run("key", func(t *testing.T) {
		sub := marbles.NewTestSubscriber[string](t, 9)
		src := marbles.NewTestSource[string]()
		numbered(operators.GroupBy(func(string) string { panic("key") })(src.Observable)).Subscribe(t.Context(), sub)
		src.Next("a")
		_, err := sub.Ended()
		if p, ok := errors.AsType[*observable.PanicError](err); !ok || p.Value != "key" || src.Cancels() != 1 {
			t.Errorf("ended with %v after %d cancels", err, src.Cancels())
		}
	})
	t.Run("one group", func(t *testing.T) { // the other goes on
		subs := []*marbles.TestSubscriber[int]{marbles.NewTestSubscriber[int](t, 9), marbles.NewTestSubscriber[int](t, 9)}
		subs[0].Each = func(v int) {
			if v == 2 {
				panic("two")
			}
		}
		groups := marbles.NewTestSubscriber[operators.Group[int, int]](t, 9)
		groups.Each = func(g operators.Group[int, int]) { g.Subscribe(t.Context(), subs[g.Key].Outside()) }
		operators.GroupBy(func(n int) int { return n % 2 })(observable.Range(0, 6)).Subscribe(t.Context(), groups)
		ended(t, groups, nil)
		diff(t, "the other", subs[1].Values(), []int{1, 3, 5})
		if _, err := subs[0].Ended(); !strings.Contains(fmt.Sprint(err), "two") {
			t.Errorf("ended with %v", err)
		}
	})
}

func TestGroupByOneSubscriber(t *testing.T) {
	first, second := marbles.NewTestSubscriber[int](t, 9), marbles.NewTestSubscriber[int](t, 9)
	groups := marbles.NewTestSubscriber[operators.Group[int, int]](t, 9)
	groups.Each = func(g operators.Group[int, int]) {
		g.Subscribe(t.Context(), first)
		g.Subscribe(t.Context(), second)
	}
	operators.GroupBy(func(int) int { return 0 })(observable.Range(0, 3)).Subscribe(t.Context(), groups)
	diff(t, "values", first.Values(), []int{0, 1, 2})
	ended(t, first, nil)
	ended(t, second, operators.ErrOneSubscriber)
}

func TestGroupByOptions(t *testing.T) {
	key := func(n int) int { return n }
	until := operators.GroupUntil(func(operators.Group[string, int]) observable.Observable[int] { return observable.Never[int]() })
	for want, call := range map[string]func(){
		"operators: GroupBy with a nil function":                                                      func() { operators.GroupBy[int, int](nil) },
		"operators: GroupUntil with a nil function":                                                   func() { operators.GroupUntil[int, int, int](nil) },
		"operators: GroupBy with a non-positive MaxGroups (0)":                                        func() { operators.GroupBy(key, operators.MaxGroups(0)) },
		"operators: GroupBy with a non-positive Prefetch (-1)":                                        func() { operators.GroupBy(key, operators.Prefetch(-1)) },
		"operators: GroupBy with the unknown GroupPolicy(7); there are EvictOldest and DropNewGroups": func() { operators.GroupBy(key, operators.GroupPolicy(7)) },
		"operators: GroupBy of int by int with a GroupUntil of other types":                           func() { operators.GroupBy(key, until) },
		"operators: GroupBy with a nil option":                                                        func() { operators.GroupBy(key, nil) },
	} {
		func() {
			defer func() { diff(t, "panic", recover(), any(want)) }()
			call()
		}()
	}
	sub := marbles.NewTestSubscriber[operators.Group[int, int]](t, 0)
	operators.GroupBy(key, operators.MaxGroups(operators.Unlimited), operators.Prefetch(operators.Unlimited))(observable.Range(0, 1000)).Subscribe(t.Context(), sub)
	sub.Request(1000)
	diff(t, "groups", len(sub.Values()), 1000)
	ended(t, sub, nil)
}

// A keeper subscribes to every group, and requests everything.
type keeper[G any] struct {
	link.Inside
	open func(G) observable.Observable[int]
	n    *tally
	done bool
}

func (k *keeper[G]) OnSubscribe(up observable.Subscription) { up.Request(observable.Unbounded) }
func (k *keeper[G]) OnNext(g G)                             { k.open(g).Subscribe(context.Background(), &member{tally: k.n}) }
func (k *keeper[G]) OnError(err error)                      { panic(err) }
func (k *keeper[G]) OnComplete()                            { k.done = true }

// A member adds to a tally that it shares with others.
type member struct{ *tally }

func (member) OnComplete() {}

func BenchmarkGroupBy(b *testing.B) {
	const n = 100_000
	for _, keys := range []int{10, 1000} {
		b.Run(fmt.Sprint(keys, " keys"), func(b *testing.B) {
			o := operators.GroupBy(func(v int) int { return v % keys }, operators.MaxGroups(keys))(observable.Range(0, n))
			b.ReportAllocs()
			for b.Loop() {
				k := &keeper[operators.Group[int, int]]{n: newTally(), open: func(g operators.Group[int, int]) observable.Observable[int] { return g.Observable }}
				o.Subscribe(context.Background(), k)
				if k.n.n != n || !k.done {
					b.Fatalf("%d values, done %t", k.n.n, k.done)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/value")
		})
	}
}

// In the steady state nothing is allocated per value.
func TestGroupByDoesNotAllocatePerValue(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	open := operators.MergeMap(func(g operators.Group[int, int]) observable.Observable[int] { return g.Observable })
	group := operators.GroupBy(func(v int) int { return v % 10 })
	for _, step := range []int64{1, 10, observable.Unbounded} {
		allocations := func(n int) float64 {
			o := observable.Pipe2(observable.Range(0, n), group, open)
			return testing.AllocsPerRun(1, func() {
				s := &stepper{n: step}
				o.Subscribe(context.Background(), s)
				if !s.done || s.got != int64(n) {
					t.Errorf("in steps of %d: %d values, completed %t", step, s.got, s.done)
				}
			})
		}
		if once, twice := allocations(10_000), allocations(20_000); twice > once+50 {
			t.Errorf("in steps of %d: %v allocations for 10 000 values, %v for twice as many", step, once, twice)
		}
	}
}

// L9: the value that opens a group is accounted for if the group is never to have it.
func TestGroupByPanicsWhileAGroupOpens(t *testing.T) {
	boom := func(operators.Group[int, *marbles.Tracked]) observable.Observable[int] { panic("boom") }
	for name, opts := range map[string][]operators.GroupOption{
		"the subscriber": nil,
		"GroupUntil":     {operators.GroupUntil(boom)},
	} {
		t.Run(name, func(t *testing.T) {
			ledger, src := marbles.NewLedger(t), marbles.NewTestSource[*marbles.Tracked]()
			sub := marbles.NewTestSubscriber[operators.Group[int, *marbles.Tracked]](t, 1)
			if opts == nil {
				sub.Each = func(operators.Group[int, *marbles.Tracked]) { panic("boom") }
			}
			groups := operators.GroupBy(func(*marbles.Tracked) int { return 0 }, opts...)
			groups(src.Observable).Subscribe(ledger.Context(t.Context()), sub)
			src.Next(ledger.Produce())
			if ended, err := sub.Ended(); !ended || ledger.Discarded(observable.DiscardError) != 1 {
				t.Errorf("ended %t with %v, want an end and the value discarded", ended, err)
			}
		})
	}
}

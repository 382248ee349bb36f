package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// defaultMaxGroups is how many groups GroupBy has open at a time.
const defaultMaxGroups = 256

// A Group is a stream of the values that have the same key. [GroupBy] emits
// groups.
//
//	totals := operators.MergeMap(func(g operators.Group[string, int]) observable.Observable[Total] {
//		return totalOf(g.Key, g.Observable)
//	})
//
// Demand: its own; what is not demanded yet waits, as GroupBy says.
//
// Errors: the source's, behind the values that are held; [ErrOneSubscriber] for
// a second subscriber, [ErrAbandoned] for one that comes too late.
//
// Discards: what is held when the subscriber cancels, or when GroupBy gives the
// group up.
//
// Scheduler: none; it emits where the source does, or on the goroutine that
// requests.
type Group[K comparable, T any] struct {
	observable.Observable[T]
	Key K
}

// GroupBy emits a group for each key that the values of the source have, and
// each value in the group of its key. The groups complete when the source does,
// or by [GroupUntil]. The diagram shows each value with the number of the group
// it comes in.
//
//	source            -a-B-b-A-|
//	GroupBy(toLower)  -w-x-y-z-|
//	where             w=1a, x=2B, y=2b, z=1A
//
// Demand: a group is emitted when it is requested, and has a demand of its own.
// What is not demanded yet waits in the queue of its group, also before that is
// emitted. The source is asked for 128 values ahead, then for 96 whenever as
// many are used ([Prefetch]: p, then three quarters of p), so a slow group slows
// the source down. Completion waits for the demand for the last group.
//
// At most 256 groups are open at a time ([MaxGroups]). A group has one
// subscriber; another one gets [ErrOneSubscriber]. When he cancels, the key
// remains taken: what comes for it is discarded, until the group ends. A group
// should be subscribed to where it is received, as MergeMap does. If all 128
// values are held by groups to which nobody has subscribed, while somebody waits
// for more, these groups are given up: what they hold and what comes for them
// is discarded, and who subscribes yet gets [ErrAbandoned]. Groups that are
// open at a cancel live on until they end, if somebody has subscribed to them;
// the source is cancelled with the last one.
//
// Errors: the source's, at once, and in each group behind the values it holds.
// A [*GroupLimitError], likewise, unless a [GroupPolicy] is given. A
// [*StallError] if all 128 values are held by groups that were not requested,
// while the subscriber of another one waits: MergeMap with a [Concurrency] that
// is smaller than the number of groups may come to that.
//
// Discards: what a group holds when it is given up, as overflow, or when its
// subscriber cancels; what comes for it after that, likewise or as late; what
// is held by groups that nobody has subscribed to, when the stream of them is
// cancelled. A group that an operator below discards takes its values with it,
// for the same reason. The value that makes a group too many, as overflow, unless
// that is opened in the place of another; what a source emits beyond its demand,
// as overflow, for which the stream fails. A value that is held by a group when
// the source ends has been delivered with that, if whoever has the group never
// subscribes.
//
// Scheduler: none; key runs where the source emits, or on the goroutine that is
// delivering a value just then.
//
// GroupBy panics if key is nil, if a number is not positive, or if a GroupUntil
// is of other types.
func GroupBy[K comparable, T any](key func(T) K, opts ...GroupOption) observable.Operator[T, Group[K, T]] {
	if key == nil {
		panic("operators: GroupBy with a nil function")
	}
	c := newGroupConfig[K, T](opts)
	return windows(func(ctx context.Context, src observable.Observable[T], down observable.Subscriber[Group[K, T]]) {
		g := &grouper[K, T]{
			fanOut:      newFanOut[T](ctx, "GroupBy", down, c.prefetch),
			groupConfig: c,
			ctx:         ctx,
			groups:      down,
			key:         key,
			byKey:       make(map[K]group[T]),
		}
		g.rule = g
		g.run(func() { src.Subscribe(ctx, g) })
	})
}

// grouper is the rule of GroupBy.
type grouper[K comparable, T any] struct {
	fanOut[T]
	groupConfig[K, T]
	ctx    context.Context //nolint:containedctx // for the observables of GroupUntil, which come with the groups
	groups observable.Subscriber[Group[K, T]]
	next   func(Group[K, T]) bool // links on the first group
	key    func(T) K
	byKey  map[K]group[T] // the open ones
}

// A group is an open group.
type group[T any] struct {
	pane    *pane[T]
	watched *observable.Subject[T] // what GroupUntil watches, if it is used
}

func (g *grouper[K, T]) begin() {}
func (g *grouper[K, T]) stop()  {}

func (g *grouper[K, T]) value(v T) {
	k := g.key(v)
	to, ok := g.byKey[k]
	if !ok {
		if to = g.admit(k, v); to.pane == nil {
			return
		}
	}
	g.give(to.pane, v)
	if to.watched != nil {
		to.watched.Next(v)
	}
}

// admit opens the group of k for v, if there may be another one.
func (g *grouper[K, T]) admit(k K, v T) (to group[T]) {
	if g.admits() && int64(g.open.len) >= g.limit && !g.makeRoom() {
		g.drop(v, observable.DiscardOverflow)
		return to
	}
	if to.pane = g.begins(); to.pane == nil {
		g.drop(v, observable.DiscardLate)
		return to
	}
	to.pane.offer = func() bool {
		if g.next == nil {
			g.next = link.Next[Group[K, T]](g.groups)
		}
		return g.next(Group[K, T]{Observable: to.pane.observable(), Key: k})
	}
	if g.until.watch != nil {
		to.watched = observable.NewSubject[T]()
	}
	g.byKey[k] = to
	to.pane.retire = func() { delete(g.byKey, k) }
	done := false
	defer func() {
		if !done { // a callback has panicked, and the group does not get v
			g.drop(v, observable.DiscardError)
		}
	}()
	g.announce()
	if to.watched != nil {
		g.watch(k, to)
	}
	done = true
	return to
}

// makeRoom does what the policy says, and reports whether that makes room for
// another group.
func (g *grouper[K, T]) makeRoom() bool {
	switch g.policy {
	case EvictOldest:
		g.close(g.open.first, nil)
		return true
	case DropNewGroups:
		return false
	}
	g.fanOut.stop()
	g.end(&GroupLimitError{Limit: int(g.limit)})
	return false
}

// watch has GroupUntil's observable end the group.
func (g *grouper[K, T]) watch(k K, to group[T]) {
	p := to.pane
	cancel := g.until.watch(g.ctx, Group[K, T]{Observable: to.watched.Observable, Key: k}, func(err error) {
		g.signal(func() {
			v := newVerdict(err)
			g.close(p, v)
			v.settle(g.dropped)
		})
	})
	p.retire = func() {
		delete(g.byKey, k)
		cancel()
		to.watched.Complete()
	}
}

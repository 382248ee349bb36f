package operators

import (
	"context"
	"fmt"

	"github.com/sluicego/sluice/internal/option"
	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// A GroupOption is an option of [GroupBy]: [MaxGroups], a [GroupPolicy],
// [GroupUntil] or [Prefetch].
type GroupOption interface{ option.Group }

// OptionGroup marks Prefetch as an option of [GroupBy].
func (Prefetch) OptionGroup(option.Seal) {}

// MaxGroups is the number of groups that [GroupBy] has open at a time. Without
// a [GroupPolicy], one more is a [*GroupLimitError].
type MaxGroups int

// OptionGroup marks MaxGroups as an option of [GroupBy].
func (MaxGroups) OptionGroup(option.Seal) {}

// A GroupPolicy says what [GroupBy] does about a key that would make one group
// too many, instead of failing.
type GroupPolicy int

// The policies.
const (
	EvictOldest   GroupPolicy = iota + 1 // the group that has been open longest completes; its key opens another when it comes again
	DropNewGroups                        // the value is discarded, as overflow
)

// OptionGroup marks GroupPolicy as an option of [GroupBy].
func (GroupPolicy) OptionGroup(option.Seal) {}

// GroupUntil completes a group when the observable that f returns for it emits
// or completes; the next value of that key opens another group. If it fails,
// the group fails with that, alone. The group that f gets is one to watch: it
// has the values of the real one, hot, as they come, whether or not they are
// delivered yet.
//
// The types have to be those of the GroupBy that it is an option of; others
// panic when the pipeline is assembled. GroupUntil panics if f is nil.
func GroupUntil[K comparable, T, N any](f func(Group[K, T]) observable.Observable[N]) GroupOption {
	if f == nil {
		panic("operators: GroupUntil with a nil function")
	}
	return groupUntil[K, T]{func(ctx context.Context, g Group[K, T], end func(error)) (cancel func()) {
		l := side.New(func(N) { end(nil) }, end)
		l.Listen(ctx, f(g))
		return l.Cancel
	}}
}

type groupUntil[K comparable, T any] struct {
	watch func(ctx context.Context, g Group[K, T], end func(error)) (cancel func())
}

func (groupUntil[K, T]) OptionGroup(option.Seal) {}

// A groupConfig is what the options of a GroupBy say.
type groupConfig[K comparable, T any] struct {
	limit    int64
	policy   GroupPolicy
	prefetch int64
	until    groupUntil[K, T]
}

func newGroupConfig[K comparable, T any](opts []GroupOption) groupConfig[K, T] {
	c := groupConfig[K, T]{limit: defaultMaxGroups, prefetch: defaultPrefetch}
	for _, opt := range opts {
		switch o := opt.(type) {
		case MaxGroups:
			c.limit = bound("GroupBy", "MaxGroups", int(o))
		case Prefetch:
			c.prefetch = bound("GroupBy", "Prefetch", int(o))
		case GroupPolicy:
			if o != EvictOldest && o != DropNewGroups {
				panic(fmt.Sprintf("operators: GroupBy with the unknown GroupPolicy(%d); there are EvictOldest and DropNewGroups", int(o)))
			}
			c.policy = o
		case groupUntil[K, T]:
			c.until = o
		case nil:
			panic("operators: GroupBy with a nil option")
		default:
			var k K
			var v T
			panic(fmt.Sprintf("operators: GroupBy of %T by %T with a GroupUntil of other types", v, k))
		}
	}
	return c
}

// A GroupLimitError ends a [GroupBy] whose source has more groups than
// [MaxGroups] allows.
type GroupLimitError struct {
	Limit int // how many groups there may be at a time
}

// Error says what the limit is, and what to change.
func (e *GroupLimitError) Error() string {
	return fmt.Sprintf("operators: GroupBy has more than %d groups at a time; raise MaxGroups, let groups end (GroupUntil), or choose EvictOldest or DropNewGroups", e.Limit)
}

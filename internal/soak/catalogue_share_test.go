package soak_test

import (
	"context"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// sharing are the operators by which one subscription to the source serves
// several subscribers.
var sharing = []entry{
	{"Share", func(*builder) operator { return operators.Share[*value] }},
	{"Share, twice", func(b *builder) operator {
		return b.twice(operators.Share[*value])
	}},
	{"ShareReplay", func(b *builder) operator {
		return b.twice(operators.ShareReplay[*value](b.between(1, 5), operators.RefCounted))
	}},
	{"ShareReplay, going on", func(b *builder) operator {
		b.w.keeps = true
		var opts []operators.ShareReplayOption
		if b.rarely(2, "MaxAge") {
			opts = append(opts, operators.MaxAge(b.span()))
		}
		return b.twice(operators.ShareReplay[*value](b.between(1, 5), opts...))
	}},
	{"Publish", func(b *builder) operator {
		return b.twice(func(src stream) stream { return operators.Publish(src).RefCount() })
	}},
	{"Publish, connected", func(b *builder) operator {
		return renewing(b, func(src stream) stream {
			p := operators.Publish(src)
			return observable.Defer(func(ctx context.Context) stream {
				return operators.TakeUntil[*value](observable.Timer(40 * ms))(operators.TapSubscribe[*value](func() {
					p.Connect(ctx)
				})(p.Observable))
			})
		})
	}},
	{"Replay", func(b *builder) operator {
		n := b.between(1, 5)
		return b.twice(func(src stream) stream { return operators.Replay(src, n).RefCount() })
	}},
	{"Replay, AutoConnect", func(b *builder) operator {
		b.w.keeps = true
		n, after := b.between(1, 5), b.between(1, 2)
		return b.twice(func(src stream) stream { return operators.Replay(src, n).AutoConnect(after) })
	}},
	{"Connect", func(*builder) operator { return operators.Connect(itself) }},
	{"Connect, twice", func(b *builder) operator {
		two := b.twice(itself)
		return operators.Connect(func(shared stream) stream { return two(shared) })
	}},
	{"Multicast", func(*builder) operator {
		// Large enough: a subject that has overflowed drops what still comes.
		return operators.Multicast(func() operators.Hub[*value] { return observable.NewUnicast[*value](1 << 20) })
	}},
	{"Multicast, twice", func(b *builder) operator {
		var opts []operators.MulticastOption
		if b.rarely(2, "KeepOnComplete") {
			opts = append(opts, operators.KeepOnComplete)
		}
		return b.twice(operators.Multicast(func() operators.Hub[*value] { return observable.NewSubject[*value]() }, opts...))
	}},
}

// twice merges what two subscribers of a shared source get. One may come later
// than the other, and leave early.
func (b *builder) twice(op operator) operator {
	var late, early operator = itself, itself
	if b.rarely(2, "late") {
		late = operators.DelaySubscription[*value](b.span())
	}
	if b.rarely(2, "early") {
		early = operators.Take[*value](b.between(1, 8))
	}
	return renewing(b, func(src stream) stream {
		shared := op(src)
		return operators.Merge(early(shared), late(shared))
	})
}

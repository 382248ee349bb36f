package soak_test

import (
	"context"
	"fmt"

	"github.com/sluicego/sluice/internal/ungated"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

// besieged draws a pipeline whose source breaks the laws. What the subscriber
// sees has to be in order all the same, and nothing may be left behind; other
// laws do not apply.
func (b *builder) besieged() (stream, string) {
	b.w.hostile = true
	h := &hostile{w: b.w, n: b.r.IntN(20)}
	o, gate := observable.New(h.subscribe), "gated"
	could := []marbles.Misbehaviour{
		marbles.Overruns, marbles.SubscribesTwice, marbles.IgnoresCancel, marbles.EndsTwice, marbles.EmitsBeforeStart,
	}
	if b.r.IntN(2) == 0 {
		// What comes after the end would overlap what the source is asked for next; and
		// a second OnSubscribe may get the first one cancelled, so that a source that is
		// to end by itself, behind a ShareReplay that goes on, never does.
		o, gate, could = ungated.New(h.subscribe), "without a gate", could[:1]
	}
	for _, m := range could {
		if b.r.IntN(2) == 0 {
			h.how = append(h.how, m)
		}
	}
	o, text := b.behind(o, 4)
	return o, fmt.Sprintf("hostile(%d, %v, %s) → %s", h.n, h.how, gate, text)
}

// A hostile source is one for each subscription.
type hostile struct {
	w   *world
	n   int // values
	how []marbles.Misbehaviour
}

func (h *hostile) subscribe(ctx context.Context, down observable.Subscriber[*value]) {
	src := marbles.NewTestSource[*value](h.how...)
	src.Subscribe(ctx, down)
	go h.drive(src)
}

func (h *hostile) drive(src *marbles.TestSource[*value]) {
	defer func() {
		// Without a gate this is where the panics of callbacks arrive.
		if v := recover(); v != nil && !h.w.panics {
			h.w.complain("L11: a panic reached the hostile source: %v", v)
		}
	}()
	for i := range h.n {
		src.Next(h.w.produce())
		if i%3 == 0 && !h.w.pause(ms) {
			break
		}
	}
	src.Complete()
	src.Error(h.w.raise("the hostile source failed"))
	src.Next(h.w.produce())
}

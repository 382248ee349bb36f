package link

import (
	"context"
	"sync/atomic"
)

// Inspecting is true once somebody inspects live chains. Until then nobody need
// look for a [Stage] in a ctx.
var Inspecting atomic.Bool

// StageKey is the key under which a ctx carries the Stage that it goes to the
// sources of.
type StageKey struct{}

// A Stage is the place of an operator in a live chain that is inspected.
type Stage interface{ Call(what any) }

// Call says what the operator is called to which ctx was given: a string, or a
// function that was written inside the operator. It is for operators that are
// made by a helper, since the others are known by the function that made them.
func Call(ctx context.Context, what any) {
	if !Inspecting.Load() {
		return
	}
	if s, ok := ctx.Value(StageKey{}).(Stage); ok {
		s.Call(what)
	}
}

// Sourceless is embedded by the Subscriber that [side.Serve] lifts: what it
// is subscribed to is of no interest.
type Sourceless struct{}

// HasNoSource is the mark of a sourceless Subscriber.
func (Sourceless) HasNoSource(Seal) {}

// IsSourceless reports whether s is a subscriber of no source.
func IsSourceless(s any) bool {
	_, ok := s.(interface{ HasNoSource(Seal) })
	return ok
}

// A Holder is an operator that keeps values. Whoever inspects a live chain asks
// its Subscription for them.
type Holder interface{ Held(Seal) Holding }

// A Holding is what a Holder has.
type Holding struct {
	Queued   int64   // values
	Ready    int64   // those of them that wait for nothing but demand
	Capacity int64   // how many there may be; MaxInt64 if there is no bound
	Peak     int64   // the most that there have been, if it is counted
	Waiting  bool    // a timer runs, with which it will go on
	Between  Between // if set, it takes the place of Queued and Ready
}

// A Between says how to tell what a Holder has from what goes in and comes out,
// if it would have to count for that.
type Between int

// The ways to tell.
const (
	SourceAndDown Between = iota + 1 // what its source has emitted comes out
	InnersAndDown                    // what the others have emitted that it has subscribed to
)

// HolderOf returns sub as a Holder, or what is inside of it; nil if it is none.
func HolderOf(sub any) Holder {
	for {
		w, ok := sub.(interface{ Inside(Seal) any })
		if !ok {
			h, _ := sub.(Holder)
			return h
		}
		sub = w.Inside(Seal{})
	}
}
